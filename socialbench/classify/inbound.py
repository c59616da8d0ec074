"""What a customer's words amount to in one language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from socialbench.classify.folding import BREAK
from socialbench.classify.phrases import Hit, Phrases
from socialbench.classify.words import Words

Meaning = tuple[str, str]
"""Section and group of the word list that a phrase stands in."""

# How many words may stand between a negation and what it turns.
_REACH = {"praise": 3, "resolved": 3, "trouble": 3, "thanks": 2, "complaint": 2, "request": 1, "wish": 2, "closing": 1}
_NAMES = {"trouble": "complaint", "wish": "request"}
_TURNED: dict[str, Meaning] = {"praise": ("complaint", "negated_praise"), "resolved": ("complaint", "unresolved")}
# Groups of trouble that name none: words that go with cases, and a bare "not".
_FAINT = ("mention", "negation")
_POLITE = "please"
_KIND, _HARD = ("thanks", "praise"), ("complaint", "trouble")
# By so many must kind words outnumber the hard ones to say that all is well in spite of them.
_PREVAILS = 2


@dataclass(slots=True)
class _Found:
    """The first group of each section, and how many kind and hard words there are; `gone` is what was resolved since."""

    groups: dict[str, str] = field(default_factory=dict)
    contrasted: bool = False
    gone: str | None = None
    kind_words: int = 0
    hard_words: int = 0
    kind_since: int = 0
    hard_since: int = 0

    def note(self, section: str, group: str) -> None:
        kind, hard = section in _KIND, section in _HARD and group not in _FAINT
        self.kind_words += kind
        self.hard_words += hard
        self.kind_since += kind
        self.hard_since += hard
        if section == "trouble" and self.contrasted and group != "mention":
            self.groups.setdefault("contrast", group)
        if section == "trouble" and group not in _FAINT and self.groups.get("trouble") in _FAINT:
            self.groups["trouble"] = group
        if section == "resolved":
            self.groups.pop("trouble", None)
            self.gone = self.groups.pop("complaint", self.gone)
        if section == "request" and group != _POLITE and self.groups.get("request") == _POLITE:
            self.groups["request"] = group
        self.groups.setdefault(section, group)

    def turn(self) -> None:
        """A "but": what follows weighs more than what was said."""
        if self.groups:
            self.contrasted = True
            self.kind_since = self.hard_since = 0

    def well(self) -> bool:
        """Whether kind words prevail over the hard ones: they follow a "but" alone, or are many more."""
        if self.contrasted:
            return self.kind_since > 0 and self.hard_since == 0
        return self.kind_words >= self.hard_words + _PREVAILS


class Inbound:
    """The inbound rules of one language."""

    def __init__(self, words: Words) -> None:
        self.lang = words.lang
        self._phrases: Phrases[Meaning] = Phrases(words.openers)
        self.clashes = [
            f"{words.lang}: {phrase!r} is {section}:{group} and {other[0]}:{other[1]}"
            for section, groups in (*words.inbound.items(), *_little(words))
            for group, phrases in groups.items()
            for phrase in phrases
            for spelling in words.spellings(phrase)
            if (other := self._phrases.add(spelling, (section, group)))[0] != section
        ]

    def read(self, words: Sequence[str], asked: bool, angry: bool) -> Meaning | None:
        """The section and group that decide, None where no phrase does.

        `asked`: a question mark stands in the text; `angry`: an angry face.
        """
        found = _Found()
        last_not, open_not = -1, False
        for hit in self._phrases.scan(words):
            section, group = hit.meaning
            if section == "negation":
                last_not, open_not = hit.end, True
                if hit.end < len(words) and words[hit.end] != BREAK:
                    found.note("trouble", "negation")
            elif section == "contrast":
                found.turn()
            elif _turned(hit, words, last_not):
                if section in _TURNED:
                    found.note(*_TURNED[section])
                elif section in {"complaint", "trouble"} and open_not and found.groups.get("trouble") == "negation":
                    del found.groups["trouble"]
                open_not = False
            else:
                found.note(section, group)
        return _decided(found, asked, angry)


def _little(words: Words) -> list[tuple[str, dict[str, tuple[str, ...]]]]:
    return [("negation", {"negation": words.negation}), ("contrast", {"contrast": words.contrast})]


def _turned(hit: Hit[Meaning], words: Sequence[str], last_not: int) -> bool:
    reach = _REACH.get(hit.meaning[0], -1)
    return last_not >= 0 and hit.start - last_not < reach and BREAK not in words[last_not : hit.start]


def _decided(found: _Found, asked: bool, angry: bool) -> Meaning | None:
    """The order in which kinds outrank each other: what must be answered before what need not be."""
    groups = found.groups
    _weigh(found, angry)
    if "complaint" in groups:
        return "complaint", groups["complaint"]
    if groups.get("request", _POLITE) != _POLITE:
        return "request", groups["request"]
    if asked or "question" in groups:
        return "question", groups.get("question", "question_mark")
    if groups.get("trouble") == "mention" and ("resolved" in groups or "closing" in groups):
        del groups["trouble"]
    for section in ("request", "thanks", "praise", "wish", "trouble", "resolved", "closing"):
        if section in groups:
            return _NAMES.get(section, section), groups[section]
    return None


def _weigh(found: _Found, angry: bool) -> None:
    """Settles whether there is a complaint, where hard words and kind ones stand side by side."""
    groups = found.groups
    courteous = "thanks" in groups or "praise" in groups
    if found.gone is not None and not courteous:
        groups.setdefault("complaint", found.gone)
    if angry and (courteous or "trouble" in groups):
        groups.setdefault("complaint", "angry_face")
    elif found.well():
        groups.pop("complaint", None)
    elif "contrast" in groups:
        groups.setdefault("complaint", "contrast")
