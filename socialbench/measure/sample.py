"""What a metric is given: the units of one cut of a brand, and everything the cut needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from socialbench.measure.intervals import Clusters, Watched, watch
from socialbench.measure.result import Figure
from socialbench.measure.units import Units, made_up

REFUSED_ANSWERED_ONLY = "answered-only sample: it holds no message that was not answered"


@dataclass(frozen=True)
class Sample:
    """One cut of a brand. `units`: those of the population. `openers`: opener episodes that need a response.

    `inbound`: messages addressed to the brand, `all_units`: units before the population is chosen, `outbound` and
    `replies`: the brand's own messages and those of them that answer somebody. `authors_known` is False where a
    source names no authors.
    """

    units: Units
    openers: Units
    inbound: int
    all_units: int
    outbound: int = 0
    replies: int = 0
    automated: int = 0
    answered_only: bool = False
    authors_known: bool = True
    clustered: bool = True
    follow_up_s: float = 604_800.0
    profiles: dict[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)

    @cached_property
    def timed(self) -> Units:
        """Units that enter the curve."""
        return self.units.where(self.units.timed)

    @cached_property
    def watched(self) -> Watched:
        """The pooled curve of the cut."""
        return watched_of(self.timed, self)

    def matured(self, horizon_s: float) -> int:
        """Units watched for `horizon_s` or longer, whether or not answered."""
        return int(np.count_nonzero(self.timed.watched_s >= horizon_s))

    def figure(self, value: float | None, **more: object) -> Figure:
        """A figure with this cut's n, authors and largest author's share."""
        return described(self.timed, value, **more)


def described(units: Units, value: float | None, **more: object) -> Figure:
    """A figure with the n, authors and largest author's share of `units`."""
    sizes = np.bincount(pd.factorize(units.author)[0], minlength=1)
    return Figure(
        value=value,
        n=len(units),
        authors=int(np.count_nonzero(sizes)),
        largest_author_share=float(sizes.max() / len(units)) if len(units) else None,
        **more,  # type: ignore[arg-type]
    )


def clusters_of(units: Units, enabled: bool) -> Clusters:
    """Author and day clusters, numbered by first appearance so that no key's value matters."""
    author, authors = pd.factorize(units.author)
    day, days = pd.factorize(units.day)
    return Clusters(author.astype(np.int64), day.astype(np.int64), len(authors), len(days), enabled)


def watched_of(units: Units, sample: Sample) -> Watched:
    """The curve of `units` under the sample's rules."""
    return watch(units.duration_s, units.answered, clusters_of(units, sample.clustered), sample.follow_up_s)


def example(
    pairs: Sequence[tuple[float | None, float]], *, answered_only: bool = False, clustered: bool = False, **more: object
) -> Sample:
    """A sample for worked examples: (seconds to the answer or None, seconds watched) per message of its own author."""
    units = made_up(pairs)
    return Sample(
        units=units,
        openers=units,
        inbound=len(units),
        all_units=len(units),
        answered_only=answered_only,
        clustered=clustered,
        **more,  # type: ignore[arg-type]
    )
