"""The kinds of what customers and brands write, by rules that can be named and extended."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from socialbench.classify import signs
from socialbench.classify.folding import MAX_RAW, fold, plain, tokens
from socialbench.classify.inbound import Inbound
from socialbench.classify.language import CLEAR, Detector, Vote, installed_detector, primary
from socialbench.classify.patterns import Patterns, bare
from socialbench.classify.reply import Reply, gives_address, leads_private, links
from socialbench.classify.words import languages, load_words
from socialbench.model import DISMISSED, KIND_BITS, REPLY_KIND_SHIFT, Kind, ReplyKind

RULE_VERSION = 2
"""Changes with every change of the rules or word lists that can change a label."""

DETECTED = 500
"""Added where the package of the extra `lang` tells languages: it may read a text in another one than the words alone."""

_OWN_VERSIONS = 1_000
_INT32 = 2**31


@dataclass(frozen=True, slots=True)
class Label:
    """`kind` is a Kind or ReplyKind; `rule` says what gave it; `lang` is the language the text was read in, None unknown.

    A rule has up to three parts: where it comes from (a language, `sign` for what needs none, `own` for a user's
    pattern), the kind, and the group of the word list, the sign or the pattern.
    """

    kind: int
    rule: str
    lang: str | None


@dataclass(frozen=True, slots=True)
class Extensions:
    """Patterns of users, kind or topic to patterns: `kinds`, `rules` (kinds of replies) and `topics` of the YAML."""

    kinds: Mapping[str, Sequence[str]] = field(default_factory=dict)
    replies: Mapping[str, Sequence[str]] = field(default_factory=dict)
    topics: Mapping[str, Sequence[str]] = field(default_factory=dict)


def version(extensions: Extensions | None = None, detected: bool = False) -> int:
    """The number of these rules: RULE_VERSION, or with patterns of users one of their own, from 1,000 to 2^31 - 1.

    The same patterns give the same number; topics give no kinds, so they leave it as it is.

    >>> version(), version(Extensions(topics={"billing": ["invoice"]}))
    (2, 2)
    """
    own = extensions or Extensions()
    patterns = [[[kind, sorted(listed)] for kind, listed in kinds.items() if listed] for kinds in (own.kinds, own.replies)]
    if not any(patterns):
        return RULE_VERSION + (DETECTED if detected else 0)
    text = json.dumps([RULE_VERSION, *(["detected"] if detected else []), patterns], ensure_ascii=True)
    return _OWN_VERSIONS + int(hashlib.sha256(text.encode()).hexdigest(), 16) % (_INT32 - _OWN_VERSIONS)


def check(extensions: Extensions) -> None:
    """Raise ValueError for a kind or pattern of users that cannot be used, without making the rules."""
    _compiled("kinds", extensions.kinds, _KINDS)
    _compiled("rules", extensions.replies, _REPLY_KINDS)
    _compiled("topics", extensions.topics, None)


_EMOJI_ONLY = Label(Kind.OTHER, "sign:other:emoji_only", None)
_EMPTY = Label(Kind.OTHER, "sign:other:empty", None)
_LINK_ONLY = Label(Kind.OTHER, "sign:other:link_only", None)
_KINDS = {kind.name.lower(): kind for kind in Kind}
_REPLY_KINDS = {kind.name.lower(): kind for kind in ReplyKind}
# Sections and signs of Kind.OTHER that leave nothing to answer; a picture without a word may well show the damage.
_NOTHING_ASKED = ("resolved", "closing", "emoji_only", "empty")
_QUIET = (Kind.PRAISE, Kind.THANKS, Kind.OTHER)


class Rules:
    """Word lists and users' patterns, compiled once.

    `detect` tells a text's language where the network does not; by default the package of the extra `lang`, if it
    is installed, and without it the words of the lists. Raises ValueError for a kind or pattern that cannot be used.
    """

    def __init__(self, extensions: Extensions | None = None, detect: Detector | None = None) -> None:
        self.extensions = extensions or Extensions()
        self._own_kinds = _compiled("kinds", self.extensions.kinds, _KINDS)
        self._own_replies = _compiled("rules", self.extensions.replies, _REPLY_KINDS)
        self._topics = _compiled("topics", self.extensions.topics, None)
        lists = [load_words(lang) for lang in languages()]
        self._inbound = {words.lang: Inbound(words) for words in lists if words.inbound}
        self._reply = {words.lang: Reply(words) for words in lists if words.reply}
        self._vote = Vote(lists)
        self._heard: tuple[str, str | None] | None = None
        self._detect = detect or installed_detector()

    @property
    def version(self) -> int:
        """The number under which their labels are stored."""
        return version(self.extensions, self._detect is not None)

    @property
    def languages(self) -> tuple[str, ...]:
        """Codes of the languages with rules for what customers write; others are read by signs alone."""
        return tuple(self._inbound)

    def inbound(self, text: str, lang: str | None = None, stars: int | None = None) -> Label:
        """The kind of a customer's message. `lang` is the network's language field, `stars` a review's, 1 to 5."""
        shown = plain(text)
        folded = fold(shown)
        words = tokens(folded)
        if self._own_kinds and (own := _first(self._own_kinds, shown, folded, words)):
            return Label(_KINDS[own[0]], f"own:{own[0]}:{own[1]}", primary(lang))
        label = self._said(text, shown, words, lang)
        return label if stars is None else _with_stars(label, stars)

    def _said(self, text: str, shown: str, words: Sequence[str], lang: str | None) -> Label:
        asked = signs.asks(shown)
        if not signs.has_letters(shown) and not asked:
            return _wordless(text, shown)
        spoken = self._language(shown, words, lang)
        angry = signs.angry(shown)
        rules = self._inbound.get(spoken or "")
        found = rules.read(words, asked, angry) if rules is not None else None
        if found is not None:
            return Label(_KINDS.get(found[0], Kind.OTHER), _rule(spoken, *found), spoken)
        if asked:
            return Label(Kind.QUESTION, "sign:question:question_mark", spoken)
        if angry:
            return Label(Kind.COMPLAINT, "sign:complaint:angry_face", spoken)
        if signs.happy(shown):
            return Label(Kind.PRAISE, "sign:praise:happy_face", spoken)
        return Label(Kind.OTHER, "sign:other:none", spoken)

    def reply(self, text: str, lang: str | None = None) -> Label:
        """The kind of a brand's reply. `lang` is the network's language field."""
        shown = plain(text)
        folded = fold(shown)
        words = tokens(folded)
        if self._own_replies and (own := _first(self._own_replies, shown, folded, words)):
            return Label(_REPLY_KINDS[own[0]], f"own:{own[0]}:{own[1]}", primary(lang))
        raw = text[:MAX_RAW]
        if leads_private(raw):
            return Label(ReplyKind.HANDOFF_PRIVATE, "sign:handoff_private:link", primary(lang))
        if not signs.has_letters(shown):
            only = links(raw) or signs.has_digits(shown)
            kind = ReplyKind.SUBSTANTIVE if only else ReplyKind.ACKNOWLEDGEMENT
            return Label(kind, "sign:substantive:link_only" if only else "sign:acknowledgement:emoji_only", None)
        spoken = self._language(shown, words, lang)
        rules = self._reply.get(spoken or "")
        found = None
        if rules is not None:
            found = rules.read(words, gives_address(raw), signs.asks(shown))
        if found is None:
            return Label(ReplyKind.SUBSTANTIVE, f"{spoken if rules else 'sign'}:substantive:none", spoken)
        return Label(_REPLY_KINDS[found[0]], _rule(spoken, *found), spoken)

    def code(self, text: str, lang: str | None = None, stars: int | None = None, replied: bool = True) -> int:
        """Both kinds of a text and whether it can be dismissed, as the store keeps them (`socialbench.model`).

        `replied`: whether a brand may have written it; else its kind as a reply is left open, which saves half the time.

        >>> Rules().code("When will my order arrive?"), Rules().code("Thank you so much!") & DISMISSED
        (0, 256)
        """
        label = self.inbound(text, lang, stars)
        dismissed = DISMISSED if self.dismisses(label) else 0
        reply = self.reply(text, lang).kind if replied else KIND_BITS
        return label.kind | reply << REPLY_KIND_SHIFT | dismissed

    def topics(self, text: str) -> tuple[str, ...]:
        """The user's topics that the text touches, in the order of the YAML."""
        if not self._topics:
            return ()
        shown = plain(text)
        folded = fold(shown)
        words = bare(tokens(folded))
        return tuple(topic for topic, patterns in self._topics.items() if patterns.first(shown, folded, words) is not None)

    def asks(self, label: Label) -> bool:
        """Whether a message so labelled is a question, request or complaint."""
        return label.kind <= Kind.COMPLAINT

    def dismisses(self, label: Label) -> bool:
        """Whether a message so labelled needs no response even where it is addressed to the brand.

        Thanks, praise, emoji alone, nothing at all, "ok, will do", and what a user's own pattern calls other.
        """
        if label.kind in {Kind.PRAISE, Kind.THANKS}:
            return True
        source, section, group = label.rule.split(":", 2)
        return label.kind == Kind.OTHER and (source == "own" or section in _NOTHING_ASKED or group in _NOTHING_ASKED)

    def _language(self, shown: str, words: Sequence[str], lang: str | None) -> str | None:
        named = primary(lang)
        if named is not None:
            return named
        if self._heard is None or self._heard[0] != shown:
            # Detectors take a few words in capitals or slang for a rare language; the words themselves know better.
            found = self._vote.of(words, CLEAR)
            if found is None and self._detect is not None:
                found = self._detect(shown)
            self._heard = (shown, found or self._vote.of(words))
        return self._heard[1]


def _rule(lang: str | None, section: str, group: str) -> str:
    if group in {"question_mark", "angry_face"}:
        return f"sign:{section}:{group}"
    return f"{lang}:{section}:{group}"


def _wordless(text: str, shown: str) -> Label:
    if shown and any(letter > "\u2000" or letter in ":;=<^" for letter in shown):
        return _EMOJI_ONLY
    if not shown or not any(letter.isalnum() for letter in shown):
        return _LINK_ONLY if links(text[:MAX_RAW]) else _EMPTY
    return Label(Kind.OTHER, "sign:other:digits", None)


def _with_stars(label: Label, stars: int) -> Label:
    """Stars speak where the words do not, and few of them outweigh kind words."""
    if stars <= signs.FEW_STARS and label.kind in _QUIET:
        return Label(Kind.COMPLAINT, "sign:complaint:few_stars", label.lang)
    if stars >= signs.MANY_STARS and label.kind == Kind.OTHER:
        return Label(Kind.PRAISE, "sign:praise:many_stars", label.lang)
    return label


def _compiled(key: str, patterns: Mapping[str, Sequence[str]], known: Mapping[str, IntEnum] | None) -> dict[str, Patterns]:
    compiled: dict[str, Patterns] = {}
    for name, listed in patterns.items():
        if known is not None and name not in known:
            raise ValueError(f"{key}: {name!r} is no kind; there are: {', '.join(known)}")
        try:
            compiled[name] = Patterns(listed)
        except ValueError as error:
            raise ValueError(f"{key}: {name}: {error}") from None
    return compiled


def _first(own: Mapping[str, Patterns], shown: str, folded: str, words: Sequence[str]) -> tuple[str, str] | None:
    plain_words = bare(words)
    for name, patterns in own.items():
        found = patterns.first(shown, folded, plain_words)
        if found is not None:
            return name, found
    return None
