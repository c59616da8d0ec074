"""What the texts were labelled as, row by row of a brand, for metrics of kinds, hand-offs and thanks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from socialbench.measure.links import Links
from socialbench.measure.load import Rows, in_period
from socialbench.measure.observed import Horizon
from socialbench.measure.rules import Rules
from socialbench.measure.settled import talks
from socialbench.measure.survival import Bools, Floats, Ints
from socialbench.measure.units import Units
from socialbench.model import Kind

AUTOMATED = 4
"""The kind of a reply that is automatic, whatever it says; the others are `ReplyKind`."""


@dataclass(frozen=True)
class Labels:
    """One entry per row of the brand in each column.

    `kind`: of a customer's message, `reply_kind`: of a brand's reply (AUTOMATED outranks what it says), -1 where it was
    not labelled. `talk`: a number per author and thread. `watched_at`: until when what follows the row was watched (UTC
    ms). `complete`: all inbound messages of the period are labelled.
    """

    kind: Ints
    reply_kind: Ints
    talk: Ints
    sent_at: Ints
    watched_at: Ints
    inbound: Bools
    complete: bool

    def thanks(self, units: Units) -> tuple[Floats, Floats]:
        """(seconds from the answer to the author's thanks in the thread, inf without; seconds watched for them) per unit."""
        count = max(len(self.kind), 1)
        row = np.flatnonzero(self.inbound & (self.kind == Kind.THANKS))
        words = np.sort(self.talk[row] * count + row)
        talk = self.talk[units.first]
        place = np.searchsorted(words, talk * count + units.answer, side="right")
        found = np.append(words, -1)[place]
        same = (found >= 0) & (found // count == talk)
        thanks = np.where(same, found % count, 0)
        answered_at = self.sent_at[units.answer]
        wait = np.where(same, (self.sent_at[thanks] - answered_at) / 1000.0, np.inf)
        return wait, (self.watched_at[units.answer] - answered_at) / 1000.0


def labels_of(rows: Rows, links: Links, seen: Horizon, rules: Rules) -> Labels:
    """The labels of a brand's rows."""
    current = rows.inbound & in_period(rows.sent_at, rules)
    return Labels(
        kind=rows.kind,
        reply_kind=np.where((rows.reply_kind >= 0) & links.automated, AUTOMATED, rows.reply_kind),
        talk=talks(rows),
        sent_at=rows.sent_at,
        watched_at=seen.observed_until(rows.space, rows.sent_at),
        inbound=rows.inbound,
        complete=not bool((current & (rows.kind < 0)).any()),
    )
