"""The inbound messages of one cut, for shares of messages (metrics.md: needs_response_share)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from socialbench.measure.load import Rows
from socialbench.measure.survival import Bools, Ints


@dataclass(frozen=True)
class Heard:
    """One entry per inbound message of the period (under `--unit opener`: per opener).

    `author`: a code per author. `day`: calendar day in the report's zone. `needs`: needs a response.
    """

    author: Ints
    day: Ints
    needs: Bools

    def __len__(self) -> int:
        return len(self.author)


def heard_of(rows: Rows, day: Ints, mask: Bools) -> Heard:
    """The messages of these rows."""
    at = np.flatnonzero(mask)
    author = rows.author[at]
    return Heard(np.where(author >= 0, author, -2 - at), day[at], rows.needs[at])


def said_of(rows: Rows, day: Ints, mask: Bools) -> Heard:
    """The brand's own messages of these rows, each of an author of its own: they are nobody's cluster."""
    at = np.flatnonzero(mask)
    return Heard(-2 - at, day[at], rows.needs[at])
