"""Whether one answer was enough (metrics.md, turns)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from socialbench.measure.links import Links
from socialbench.measure.load import Rows
from socialbench.measure.survival import Bools, Ints


def settled(rows: Rows, links: Links, first: Ints, answer: Ints, until_at: Ints) -> Bools:
    """Units whose answer was the last word between author and brand in the thread, before `until_at` (UTC ms).

    `first`: row of each unit's first message, `answer`: of its answer, or -1. Further words are later messages of the
    same author in the same thread, thanks too, and later replies of the brand to any of that author's messages there.
    Further parts of an answer, which answer the answer, are none.
    """
    talk = talks(rows)
    spoken = np.flatnonzero(rows.inbound)
    words = np.concatenate((talk[spoken], talk[links.target]))
    said = np.concatenate((spoken, links.reply))
    order = np.lexsort((said, words))
    count = max(len(rows.row), 1)
    place = np.searchsorted(words[order] * count + said[order], talk[first] * count + answer, side="right")
    later = order[np.minimum(place, max(len(order) - 1, 0))] if len(order) else place
    again = place < len(order)
    again[again] = words[later[again]] == talk[first[again]]
    again[again] = rows.sent_at[said[later[again]]] < until_at[again]
    return np.asarray((answer >= 0) & ~again, dtype=np.bool_)


def talks(rows: Rows) -> Ints:
    """A number per author and thread; a message without an author's id is a talk of its own."""
    count = len(rows.row)
    itself = np.arange(count)
    thread = np.where(rows.top >= 0, rows.top, itself)
    author = np.where(rows.author >= 0, rows.author, -2 - itself)
    codes, _ = pd.factorize(thread * count + pd.factorize(author)[0])
    return np.asarray(codes, dtype=np.int64)
