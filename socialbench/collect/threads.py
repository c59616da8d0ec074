"""Talks that share messages are one thread: two integers per message, one id per talk."""

from __future__ import annotations

from array import array

import numpy as np

from socialbench.collect.attribution import short_hash
from socialbench.model import Message


class Threads:
    """Takes messages with the top of their own talk as `root_id`; afterwards tells the top of the whole thread.

    That is the smallest of the talks' tops by (length(id), id), the earliest where ids hold time, whatever the order
    in which talks came.
    """

    def __init__(self) -> None:
        self._hashes, self._talks = array("Q"), array("q")
        self._tops: list[str] = []
        self._merged: dict[str, str] = {}

    def add(self, message: Message) -> None:
        """First pass: a message of a talk; messages of one talk come together."""
        top = message.root_id or message.id
        if not self._tops or self._tops[-1] != top:
            self._tops.append(top)
        self._hashes.append(short_hash(message.id))
        self._talks.append(len(self._tops) - 1)

    def settle(self) -> None:
        """Between the passes: unite the talks in which a message stands twice."""
        hashes = np.frombuffer(self._hashes, dtype=np.uint64)
        talks = np.frombuffer(self._talks, dtype=np.int64)
        order = np.lexsort((talks, hashes))
        shared = (hashes[order[1:]] == hashes[order[:-1]]) & (talks[order[1:]] != talks[order[:-1]])
        above: dict[str, str] = {}
        for place in np.flatnonzero(shared).tolist():
            one, other = (_find(above, self._tops[talks[order[each]]]) for each in (place, place + 1))
            low, high = sorted((one, other), key=lambda top: (len(top), top))
            if low != high:
                above[high] = low
        self._merged = {top: _find(above, top) for top in list(above)}

    def root(self, message: Message) -> str:
        """The top of the thread in which a message stands."""
        top = message.root_id or message.id
        return self._merged.get(top, top)


def _find(above: dict[str, str], top: str) -> str:
    while (higher := above.get(top)) is not None:
        if higher in above:
            above[top] = above[higher]
        top = higher
    return top
