"""How a text speaks to a handle that stands in it (metrics.md, section 7, reading 1)."""

from __future__ import annotations

import re
from functools import lru_cache

from socialbench.model import How

_HANDLE = r"(?<![A-Za-z0-9_])@[\w](?:[\w.\-]*[\w])?(?:@[\w.\-:]*\w)?"
_BLOCK = re.compile(rf"\s*(?:\.\s*)?((?:{_HANDLE}[\s,:;]*)+)", re.UNICODE)
_ANY = re.compile(_HANDLE, re.UNICODE)
_RUN_ON = re.compile(r"(@\w+)[.\-](?=\w)")


def parted(text: str, network: str) -> str:
    """`text` with a blank behind each handle that `network` reads as shorter than others do.

    On X a handle has letters, digits and underscores alone.

    >>> parted("@Acme.why is it late?", "x"), parted("@acme.test why?", "bluesky")
    ('@Acme why is it late?', '@acme.test why?')
    """
    return _RUN_ON.sub(r"\1 ", text) if network == "x" else text


def handles_in(text: str) -> list[str]:
    """All handles named in a text, in order, case-folded, without the leading `@`.

    >>> handles_in("hello @Acme and @acme_help, thanks")
    ['acme', 'acme_help']
    >>> handles_in("mail joe@acme")
    []
    """
    return list(_named(text)[1])


def leading_block(text: str) -> list[str]:
    """The handles with which a text begins, case-folded.

    >>> leading_block("@Acme @bob where is my order?")
    ['acme', 'bob']
    >>> leading_block("where is my order, @Acme?")
    []
    """
    return list(_named(text)[0])


@lru_cache(maxsize=8)
def _named(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(handles of the leading block, all handles) of a text, which is asked for each of the handles in it."""
    if "@" not in text:
        return (), ()
    match = _BLOCK.match(text)
    return _handles(match.group(1)) if match else (), _handles(text)


def _handles(text: str) -> tuple[str, ...]:
    return tuple(match.group().lstrip("@").casefold() for match in _ANY.finditer(text))


def mention_how(text: str, name: str, is_reply: bool) -> How | None:
    """How `text` names the handle `name`, or None where it does not.

    `leading`: the handle stands in the block of handles with which the text begins, and the message is no reply
    or the handle is the first of the block; otherwise, in a reply, `carried`; else `in_text`.

    >>> mention_how("@Acme help", "acme", False).name
    'LEADING'
    >>> mention_how("@bob @Acme help", "Acme", True).name
    'CARRIED'
    >>> mention_how("I love @Acme", "acme", True).name
    'IN_TEXT'
    """
    folded = name.lstrip("@").casefold()
    block, named = _named(text)
    if folded in block:
        return How.LEADING if not is_reply or block[0] == folded else How.CARRIED
    return How.IN_TEXT if folded in named else None
