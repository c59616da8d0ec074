"""Strings as the store keeps them: storable, folded, and hashed so that templates and repeats show."""

from __future__ import annotations

import re
from hashlib import blake2b

_WORD = re.compile(r"\w+")
# Digits, handles and links. The set of first letters lets the search skip over all others, a third faster than without.
_VARIABLE = re.compile(
    r"[@hw\d](?:(?<=\d)\d*|(?<=@)\w[\w.\-]*(?:@[\w.\-]+)?|(?<=h)ttps?://\S+|(?<=w)ww\.\S+)",
)


def clean(text: str) -> str:
    """The text without what no database keeps: NUL and lone surrogates become the replacement character.

    >>> clean("a\\x00b\\ud800") == "a\\ufffdb\\ufffd"
    True
    """
    plain = text.isascii()
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    if plain:
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def fold_name(name: str) -> str:
    """A handle as names compare: without spaces around it, a leading `@` and capitals.

    >>> fold_name(" @Acme_Help")
    'acme_help'
    """
    return clean(name).strip().lstrip("@").casefold()


def text_hash(text: str) -> int:
    """Sixty-four signed bits of the text without handles, links, digits, capitals and runs of blanks.

    >>> text_hash("@bob Hi, case 123: https://x.example/1") == text_hash("@eve  hi, case 77: https://x.example/2")
    True
    """
    plain = " ".join(_VARIABLE.sub("", text.casefold()).split())
    return _signed(plain.encode("utf-8", "replace"))


def nameless_hash(text: str, name: str) -> int | None:
    """`text_hash` without each word of `name`; None where no word of it stands there.

    >>> nameless_hash("Hi Ann Smith, we look into it", "ann smith") == text_hash("Hi , we look into it")
    True
    >>> nameless_hash("Hi there", "Ann") is None
    True
    """
    words = frozenset(_WORD.findall(name.casefold()))
    folded = _VARIABLE.sub("", text.casefold())
    kept = _WORD.sub(lambda word: "" if word.group() in words else word.group(), folded)
    if kept == folded:
        return None
    return text_hash(kept)


def digest(*parts: str | bytes | int) -> int:
    """Sixty-four signed bits of the parts, for keys too long to index."""
    joined = b"\0".join(part if isinstance(part, bytes) else str(part).encode("utf-8", "replace") for part in parts)
    return _signed(joined)


def _signed(data: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big", signed=True)
