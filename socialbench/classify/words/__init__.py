"""The word lists: one YAML file per language, `<ISO 639-1 code>.yaml`, found by its name. Adding a language is one file.

    name: English             what the report calls the language
    stopwords: [the, a, ...]  frequent little words; only they tell in which language a text is written
    variants: {ä: ae}         optional: letters that people also write otherwise (accents may always be left out)
    openers: [hi, so, ...]    words that may stand before the beginning of a sentence ("hi, so how do I ...")
    negation: [not, never]    words that turn what follows within the same clause
    contrast: [but, ...]      words after which trouble outweighs the thanks before them
    inbound:                  what customers write, section to group to phrases
      neutral:   ...          idioms that mean none of the kinds although their words might ("no matter", "why not")
      complaint: ...          strong: decides alone
      trouble:   ...          weak: a complaint unless the text thanks, praises or asks; group `mention`: weaker still
      request:   ...        (group `please` is weaker than a question)
      wish:      ...        weak: a request unless the text thanks or praises
      question:  ...          (a question mark is one in every language)
      thanks:    ...
      praise:    ...          turned into a complaint by a negation just before it
      resolved:  ...          "it works now": takes back the trouble named before it; negated, a complaint
      closing:   ...          "ok", "will do", "DM sent": answers nothing and asks nothing
    reply:                    what brands write
      handoff_private: ...    asks for, or announces, a private message
      handoff_link:    ...    asks to call, mail, chat, fill in; counts where a link, number or address stands with it
      acknowledgement: ...    clauses that settle nothing ("sorry to hear that", "we are looking into it")

A group's name becomes part of the rule that a label names (`en:complaint:broken_promise`). A section and all of
`inbound` and `reply` may be missing: a file with stop words alone keeps its language from being taken for another.

A phrase is one or more words as people write them, without regard to case, accents, apostrophes and hyphens:

    deliver*          any word that begins so          has|have been     either word
    so~ bad           the word may be missing          still .. broken   up to three words between
    ^how              only where a sentence begins     #fail*            a hashtag (hashtags are no words otherwise)

Where several phrases fit, the longest does, and its words are used up: "thanks for nothing" thanks nobody.
Quote phrases that begin with `#`. A phrase belongs into one section only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from socialbench.classify.folding import fold

FOLDER = Path(__file__).parent

Groups = Mapping[str, tuple[str, ...]]
"""Group to phrases."""


@dataclass(frozen=True, slots=True)
class Words:
    """One language's lists, as its file gives them."""

    lang: str
    name: str
    stopwords: tuple[str, ...] = ()
    variants: Mapping[str, str] = field(default_factory=dict)
    openers: tuple[str, ...] = ()
    negation: tuple[str, ...] = ()
    contrast: tuple[str, ...] = ()
    inbound: Mapping[str, Groups] = field(default_factory=dict)
    reply: Mapping[str, Groups] = field(default_factory=dict)

    def spellings(self, phrase: str) -> tuple[str, ...]:
        """The phrase, and how it looks with the language's other letters.

        >>> Words("de", "German", variants={"ä": "ae"}).spellings("Verspätung")
        ('verspatung', 'verspaetung')
        """
        other = phrase.casefold()
        for letter, instead in self.variants.items():
            other = other.replace(letter, instead)
        return tuple(dict.fromkeys((fold(phrase), fold(other))))


def languages() -> tuple[str, ...]:
    """Codes of the languages that have a file, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


@cache
def load_words(lang: str) -> Words:
    """The lists of `lang`, a code from `languages()`."""
    import yaml

    # Base: with the usual loader the words no, yes, on and off would come out as true and false.
    loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    # S506 warns of loaders that build objects; this one builds text alone.
    tree = yaml.load((FOLDER / f"{lang}.yaml").read_text("utf-8"), Loader=loader)  # noqa: S506
    return Words(
        lang=lang,
        name=tree["name"],
        stopwords=tuple(tree.get("stopwords", ())),
        variants=tree.get("variants", {}),
        openers=tuple(tree.get("openers", ())),
        negation=tuple(tree.get("negation", ())),
        contrast=tuple(tree.get("contrast", ())),
        inbound=_sections(tree.get("inbound", {})),
        reply=_sections(tree.get("reply", {})),
    )


def _sections(tree: Mapping[str, Mapping[str, list[str]]]) -> Mapping[str, Groups]:
    return {
        section: {group: tuple(phrase.strip() for phrase in phrases) for group, phrases in groups.items()}
        for section, groups in tree.items()
    }
