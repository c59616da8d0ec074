"""A text as the rules see it: bounded, repaired, without handles and links, folded, in words."""

from __future__ import annotations

import html
import re
import unicodedata

MAX_LETTERS = 2_000
"""Letters of a text that the rules read. Who has not said by then what he wants is not read to the end."""

BREAK = "."
"""The token that stands between two clauses."""

MAX_RAW = 4 * MAX_LETTERS
"""Letters of a text that are looked at: handles and links may fill far more than they say."""

_LINK = re.compile(r"(?:[hH][tT]{2}[pP][sS]?://|[wW]{3}\.)\S*")
_BARE_LINK = re.compile(r"(?<![\w@.-])[a-z0-9-]{1,63}\.(?:com|co|net|org|io|ly|gl|me|de|es|uk)/\S+", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_HANDLE = re.compile(r"[@＠]\w(?:[\w.\-]{0,100}\w)?(?:@[\w.\-:]{0,100}\w)?")
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ‛`´′＇", "'"))
_TOKEN = re.compile(r"#?[^\W_]+|[.!?;,:\n()\"…。！？、，¡¿؟–—]")
# The same for the many texts that are plain ASCII, six times as fast.
_ASCII_TOKENS = {
    code: f" {BREAK} " if chr(code) in '.!?;,:\n()"' else " "
    for code in range(128)
    if not (chr(code).isalnum() or chr(code) == "#")
}
_MAILED = re.compile(r"(?<=\w)@\w")
_MOJIBAKE = re.compile("[ÂÃâ][\u0080-\u00bf€™œžŸ\u2018-\u203a]|ðŸ")


def plain(text: str) -> str:
    """`text` as a person reads it, cut to MAX_LETTERS, without links, e-mail addresses and handles.

    >>> plain("@Acme @bob can’t log in &amp; no help http://x.example/1")
    "can't log in & no help"
    """
    text = text[:MAX_RAW]
    if "&" in text:
        text = html.unescape(text)
    if not text.isascii():
        text = _repaired(text).translate(_APOSTROPHES)
    if "://" in text or "w." in text or "W." in text:
        text = _LINK.sub(" ", text)
    if "/" in text:
        text = _BARE_LINK.sub(" ", text)
    if "@" in text or "＠" in text:
        text = _HANDLE.sub(" ", _EMAIL.sub(" ", text) if _MAILED.search(text) else text)
    return text[:MAX_LETTERS].strip()


def _repaired(text: str) -> str:
    """UTF-8 that somebody read as Windows-1252, read rightly; anything else as it is."""
    if not _MOJIBAKE.search(text):
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text.replace("â€™", "'").replace("â€˜", "'").replace("â€œ", '"').replace("â€", '"')


def fold(text: str) -> str:
    """Without case, accents and apostrophes, so that "Can’t", "CANT" and "cant" are one word.

    >>> fold("Can't"), fold("señal"), fold("Straße")
    ('cant', 'senal', 'strasse')
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).casefold())
        text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return text.casefold().replace("'", "")


def tokens(folded: str) -> list[str]:
    """The words of a folded text; BREAK stands for whatever ends a clause, `#word` for a hashtag.

    >>> tokens(fold("Still nothing! #fail"))
    ['still', 'nothing', '.', '#fail']
    """
    if folded.isascii():
        return folded.replace("#", " #").translate(_ASCII_TOKENS).split()
    return [word if word[0] == "#" or word[0].isalnum() else BREAK for word in _TOKEN.findall(folded)]
