"""Which items of an import are copies of better ones, held in 24 bytes per item."""

from __future__ import annotations

import zlib
from array import array

import numpy as np

from socialbench.collect.attribution import short_hash
from socialbench.collect.shapes import Item


class Survey:
    """Takes every item of the first pass; afterwards tells which of them to leave out as repeated.

    Of differing copies the one with the later edit wins, then the longer text, then any one by its content,
    so that the order of rows decides nothing.
    """

    def __init__(self) -> None:
        self._keys, self._weights = array("Q"), array("Q")
        self._edited = array("q")

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, item: Item) -> None:
        """Take one item; its number is how many came before it."""
        texts = "\x1f".join(f"{message.text}\x1e{message.sent_at}\x1e{message.parent_id}" for message in item.messages)
        length = sum(len(message.text) for message in item.messages)
        digest = zlib.crc32(texts.encode("utf-8", "surrogatepass"))
        self._keys.append(short_hash(item.key))
        self._weights.append(min(length, 0xFFFFFFFF) << 32 | digest)
        self._edited.append(item.edited_at)

    def repeated(self) -> bytearray:
        """For each item, 1 where a better copy stays in its stead."""
        keys = np.frombuffer(self._keys, dtype=np.uint64)
        if not len(keys):
            return bytearray()
        weights = np.frombuffer(self._weights, dtype=np.uint64)
        order = np.lexsort((weights, np.frombuffer(self._edited, dtype=np.int64), keys))
        last_of_key = np.append(keys[order[1:]] != keys[order[:-1]], True)
        mask = np.ones(len(keys), dtype=np.uint8)
        mask[order[last_of_key]] = 0
        return bytearray(mask.tobytes())
