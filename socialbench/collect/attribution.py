"""Which brand a message speaks to where the row does not say: by who answered it, by its parent, by its words.

Held in a few integers per outbound row (ids as 8-byte hashes), so that millions of rows fit.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np

from socialbench.classify.addressing import handles_in, mention_how, parted
from socialbench.collect.brands import Brands
from socialbench.model import Address, How, Message

REPLIER, PARENT, NAMED = "replier", "parent", "named"
UNATTRIBUTED = "unattributed"


def short_hash(text: str) -> int:
    """Eight bytes that stand for a text. Two of three million texts meet with a chance of 1 in 4 million."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _rank(name: str) -> int:
    # Ids of numbers order as numbers, which is (length, text); others only need one order, whatever it is.
    return int(name) if name.isascii() and name.isdigit() and len(name) < 20 else short_hash(name)


class _Lookup:
    """Sorted hashes and, beside each, the number of a brand."""

    def __init__(self, keys: np.ndarray, values: np.ndarray) -> None:
        self._keys = array("Q", keys.astype(np.uint64).tobytes())
        self._values = array("q", values.astype(np.int64).tobytes())

    def find(self, message_id: str) -> int | None:
        wanted = short_hash(message_id)
        place = bisect_left(self._keys, wanted)
        return self._values[place] if place < len(self._keys) and self._keys[place] == wanted else None


class Attribution:
    """Attribution by the rules of architecture.md, section 4; `complete` turns the replier's rule off."""

    def __init__(self, brands: Brands, tally: Counter[str], *, complete: bool) -> None:
        self._brands = brands
        self._tally = tally
        self._complete = complete
        self._ids, self._parents, self._ranks = array("Q"), array("Q"), array("Q")
        self._sent, self._owners, self._rows = array("q"), array("q"), array("q")
        self._numbers: dict[str, int] = {}
        self._names: list[str] = []
        self._authors = self._repliers = _Lookup(np.empty(0), np.empty(0))

    def note_outbound(self, message: Message, brand: str, number: int) -> None:
        """First pass: a row by a brand."""
        folded = brand.casefold()
        owner = self._numbers.setdefault(folded, len(self._names))
        if owner == len(self._names):
            self._names.append(folded)
        self._ids.append(short_hash(message.id))
        self._parents.append(short_hash(message.parent_id) if message.parent_id else 0)
        self._ranks.append(_rank(message.id))
        self._sent.append(message.sent_at)
        self._owners.append(owner)
        self._rows.append(number)

    def settle(self, repeated: Sequence[int]) -> None:
        """Between the passes: who wrote what, and who answered what first. Copies that lost do not count."""
        kept = ~np.asarray(repeated, dtype=bool)[np.frombuffer(self._rows, dtype=np.int64)]
        ids, parents, ranks = (np.frombuffer(each, dtype=np.uint64)[kept] for each in (self._ids, self._parents, self._ranks))
        sent, owners = (np.frombuffer(each, dtype=np.int64)[kept] for each in (self._sent, self._owners))
        order = np.argsort(ids, kind="stable")
        self._authors = _Lookup(ids[order], owners[order])
        answers = np.flatnonzero(parents)
        order = answers[np.lexsort((ranks[answers], sent[answers], parents[answers]))]
        self._repliers = _Lookup(parents[order], owners[order])

    def addresses(self, message: Message, brand: str | None = None) -> tuple[Address, ...]:
        """To which brands an inbound message is addressed: at most one in an answered-only sample.

        `brand`: the one that the row itself names; then nothing is guessed, and a complete sample adds the others.
        """
        parent = self._brand_of(self._authors.find(message.parent_id) if message.parent_id else None)
        if self._complete:
            return self._all(message, brand, parent)
        if brand is not None:
            return (address_brand(message, brand, parent),)
        replier = self._brand_of(self._repliers.find(message.id))
        named = next(iter(self._named(message)), None)
        for rule, found in ((REPLIER, replier), (PARENT, parent), (NAMED, named)):
            if found is not None:
                self._tally[rule] += 1
                return (address_brand(message, found, parent),)
        self._tally[UNATTRIBUTED] += 1
        return ()

    def _all(self, message: Message, brand: str | None, parent: str | None) -> tuple[Address, ...]:
        named = self._named(message)
        if brand is None:
            self._tally[PARENT if parent else NAMED if named else UNATTRIBUTED] += 1
        first = [each for each in (brand, parent) if each is not None]
        return tuple(address_brand(message, each, parent) for each in dict.fromkeys(first + named))

    def _named(self, message: Message) -> list[str]:
        if "@" not in message.text:
            return []
        names = handles_in(parted(message.text, message.network))
        return [brand for name in names if (brand := self._brands.find(name)) is not None]

    def _brand_of(self, owner: int | None) -> str | None:
        return None if owner is None else self._brands.find(self._names[owner])


def address_brand(message: Message, brand: str, parent: str | None) -> Address:
    """How `message` speaks to `brand`, given whose message it answers; `post` where only something else tells."""
    if parent == brand:
        return Address(How.REPLY, brand)
    how = mention_how(parted(message.text, message.network), brand, message.parent_id is not None)
    return Address(How.POST if how is None else how, brand)
