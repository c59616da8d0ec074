"""In which language a text is written: the network's word, then a detector where one is installed, then stop words."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Sequence

from socialbench.classify.folding import BREAK, fold
from socialbench.classify.words import Words

Detector = Callable[[str], str | None]
"""A text to the code of its language, None where it cannot tell."""

# What networks say when they do not know, or when there are no words (X: q.., ISO 639: the others).
_UNKNOWN = {"", "und", "zxx", "mul", "mis", "art", "unknown", "none", "null"}
_MIN_LETTERS = 10
ENOUGH = 0.2
CLEAR = 0.4
"""Shares of a text's words that vote for its language: enough where nothing else tells, clear against a detector."""


def primary(lang: str | None) -> str | None:
    """The language in a network's language field, None where it names none.

    >>> primary("en-GB"), primary("pt_BR"), primary("und"), primary("qme")
    ('en', 'pt', None, None)
    """
    code = (lang or "").replace("_", "-").split("-")[0].strip().casefold()
    return None if code in _UNKNOWN or not code.isalpha() or (len(code) == 3 and code[0] == "q") else code


def is_detector_installed() -> bool:
    """Whether the extra `lang` is there."""
    return importlib.util.find_spec("py3langid") is not None


def installed_detector() -> Detector | None:
    """py3langid, if the extra `lang` is installed."""
    if not is_detector_installed():
        return None
    classify = importlib.import_module("py3langid").classify

    def detect(text: str) -> str | None:
        # Of fewer letters every detector makes a guess.
        return str(classify(text)[0]) if sum(letter.isalpha() for letter in text) >= _MIN_LETTERS else None

    return detect


class Vote:
    """Each word votes for the languages that use it: stop words, and the words of the lists."""

    def __init__(self, lists: Sequence[Words]) -> None:
        self._voices: dict[str, tuple[str, ...]] = {}
        for words in lists:
            for word in words.stopwords:
                self._add(fold(word), words.lang)
            for section in words.inbound.values():
                for phrase in (phrase for group in section.values() for phrase in group if phrase.isalpha()):
                    for spelling in words.spellings(phrase):
                        self._add(spelling, words.lang)

    def _add(self, word: str, lang: str) -> None:
        known = self._voices.get(word, ())
        if lang not in known:
            self._voices[word] = (*known, lang)

    def of(self, words: Sequence[str], least: float = ENOUGH) -> str | None:
        """The language with the most votes; None where fewer than the share `least` of the words vote for it.

        Between equals English wins, the language that others borrow from.
        """
        votes: dict[str, int] = {}
        count = 0
        for word in words:
            if word == BREAK:
                continue
            count += 1
            for lang in self._voices.get(word, ()):
                votes[lang] = votes.get(lang, 0) + 1
        if not votes:
            return None
        best = min(votes, key=lambda lang: (-votes[lang], lang != "en", lang))
        return best if votes[best] >= least * count else None
