"""What a brand's words amount to in one language."""

from __future__ import annotations

import re
from collections.abc import Sequence

from socialbench.classify.folding import BREAK
from socialbench.classify.phrases import Hit, Phrases
from socialbench.classify.words import Words

Meaning = tuple[str, str]

_LINK = re.compile(r"https?://|www\.\w|(?<!\w)[a-z0-9-]{1,63}\.(?:com|co|net|org|io|ly|gl|me|de|es|uk)/\S", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,63}")
_PHONE = re.compile(r"(?<![\w/@#])\+?\(?\d{1,4}\)?(?:[\s().-]{0,2}\d{2,4}){2,5}(?!\w)")
_PRIVATE_LINK = re.compile(r"messages/compose|//m\.me/|direct_messages/create", re.IGNORECASE)
# A hand-off that is complete without an address; the other groups of its section need one beside them.
_COMPLETE = "elsewhere"
_SHORT_CLAUSE = 2


def leads_private(text: str) -> bool:
    """Whether a link in the raw text opens a private message."""
    return _PRIVATE_LINK.search(text) is not None


def links(text: str) -> bool:
    """Whether a link stands in the raw text."""
    return _LINK.search(text) is not None


def gives_address(text: str) -> bool:
    """Whether a link, an e-mail address or a telephone number stands in the raw text."""
    return links(text) or _EMAIL.search(text) is not None or _PHONE.search(text) is not None


class Reply:
    """The reply rules of one language. Each kind has its phrases of its own, for the same words serve several."""

    def __init__(self, words: Words) -> None:
        self.lang = words.lang
        self._sections: dict[str, Phrases[Meaning]] = {}
        for section, groups in words.reply.items():
            phrases = self._sections[section] = Phrases()
            for group, listed in groups.items():
                for phrase in listed:
                    for spelling in words.spellings(phrase):
                        phrases.add(spelling, (section, group))

    def read(self, words: Sequence[str], address: bool, asked: bool) -> Meaning | None:
        """The section and group that decide, None for a substantive reply.

        `address`: a link, number or e-mail address stands in the text; `asked`: a question mark does.
        """
        for hit in self._scan("handoff_private", words):
            return hit.meaning
        for hit in self._scan("handoff_link", words):
            if address or hit.meaning[1] == _COMPLETE:
                return hit.meaning
        return None if asked or address else self._acknowledges(words)

    def _scan(self, section: str, words: Sequence[str]) -> list[Hit[Meaning]]:
        phrases = self._sections.get(section)
        return [] if phrases is None else list(phrases.scan(words))

    def _acknowledges(self, words: Sequence[str]) -> Meaning | None:
        """Only where every clause of more than a few words settles nothing; "Sorry, it left on Monday" tells something."""
        hits = self._scan("acknowledgement", words)
        start = 0
        for end in (*(place for place, word in enumerate(words) if word == BREAK), len(words)):
            if end - start > _SHORT_CLAUSE and not any(start <= hit.start < end for hit in hits):
                return None
            start = end + 1
        return hits[0].meaning if hits else None
