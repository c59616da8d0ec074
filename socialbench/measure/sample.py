"""What a metric is given: the units of one cut of a brand, and everything the cut needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Protocol

import numpy as np
import pandas as pd

from socialbench.measure.audience import NOBODY, Audience
from socialbench.measure.heard import Heard
from socialbench.measure.hops import Written
from socialbench.measure.intervals import Clusters, Watched, watch
from socialbench.measure.labels import Labels
from socialbench.measure.result import Figure
from socialbench.measure.staffed import Desk
from socialbench.measure.survival import Bools, Ints
from socialbench.measure.units import Units, made_up
from socialbench.model import DAY_MS, Kind

REFUSED_ANSWERED_ONLY = "answered-only sample: it holds no message that was not answered"
REFUSED_UNLABELLED = "messages are not labelled: run socialbench reparse"


@dataclass(frozen=True)
class Sample:
    """One cut of a brand. `units`: those of the population. `openers`: opener episodes that need a response.

    `all_openers`: opener episodes whether or not they need one, by a clock that starts at their first message.
    `inbound`: messages addressed to the brand, `all_units`: units before the population is chosen, `outbound` and
    `replies`: the brand's own messages and those of them that answer somebody. `authors_known` is False where a
    source names no authors. `heard`: the inbound messages one by one, `written`: to which handles, `audience`: of the
    brand's own posts, `followers`: of the author of each of the brand's rows, -1 where unknown, `desk`: the stated
    hours, None where there are none. `said`: the brand's replies one by one, each of an author of its own. `unlabelled`:
    the population hangs on kinds that are not stored. `labels`: of the brand's rows; `substantive`: its openers where only
    substantive answers count, None where replies are not labelled; `whole`: inbound messages of the whole brand.
    `by_desk`: plain times over the answered run in the stated hours.
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
    all_openers: Units = field(default_factory=lambda: made_up([]))
    heard: Heard | None = None
    written: Written | None = None
    audience: Audience = NOBODY
    followers: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    desk: Desk | None = None
    said: Heard | None = None
    unlabelled: bool = False
    labels: Labels | None = None
    substantive: Units | None = None
    everyone: Heard | None = None
    inside: Bools | None = None
    by_desk: bool = False

    @cached_property
    def timed(self) -> Units:
        """Units that enter the curve."""
        return self.units.where(self.units.timed)

    @cached_property
    def answered(self) -> Units:
        """Units answered within the follow-up, their times by the run's clock: in staffed hours where it says so."""
        units = self.timed.where(self.timed.answered)
        return in_staffed_time(units, self.desk) if self.by_desk and self.desk is not None else units

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


def in_staffed_time(units: Units, desk: Desk) -> Units:
    """Answered units with the staffed part of their times alone."""
    end = units.start_at + np.round(units.latency_s * 1000).astype(np.int64)
    staffed = desk.staffed_s(units.start_at, end)
    return replace(units, latency_s=staffed, duration_s=staffed)


class Authored(Protocol):
    """Anything with a code per author and one entry each."""

    @property
    def author(self) -> Ints:
        """A code per author."""

    def __len__(self) -> int: ...


class Clustered(Authored, Protocol):
    """Anything with authors and calendar days."""

    @property
    def day(self) -> Ints:
        """Calendar days since 1970."""


def described(units: Authored, value: float | None, **more: object) -> Figure:
    """A figure with the n, authors and largest author's share of `units`."""
    sizes = np.bincount(pd.factorize(units.author)[0], minlength=1)
    return Figure(
        value=value,
        n=len(units),
        authors=int(np.count_nonzero(sizes)),
        largest_author_share=float(sizes.max() / len(units)) if len(units) else None,
        **more,  # type: ignore[arg-type]
    )


def clusters_of(units: Clustered, enabled: bool) -> Clusters:
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
    facts = {"heard": Heard(units.author, units.day, units.needs), "all_openers": units, **more}
    return Sample(
        units=units,
        openers=units,
        inbound=len(units),
        all_units=len(units),
        answered_only=answered_only,
        clustered=clustered,
        **facts,  # type: ignore[arg-type]
    )


def labelled_example(replies: Sequence[int], *, kinds: Sequence[int] | None = None, thanked: int = 0) -> Sample:
    """A sample for worked examples of labels: messages answered after a minute by replies of these kinds, watched for a week.

    `kinds`: of the messages, questions by default. The authors of the first `thanked` of them say thanks a minute later.
    """
    count = len(replies)
    asked = example([(60, 604_800)] * count)
    at = np.arange(count) * DAY_MS
    sent_at = np.concatenate((at, at + 60_000, at[:thanked] + 120_000))
    talk = np.concatenate((np.arange(count), np.arange(count), np.arange(thanked)))
    none, thanks = np.full(count, -1), np.full(thanked, int(Kind.THANKS))
    labels = Labels(
        kind=np.concatenate((np.zeros(count, dtype=np.int64) if kinds is None else np.array(kinds), none, thanks)),
        reply_kind=np.concatenate((none, np.array(replies), np.full(thanked, -1))),
        talk=talk,
        sent_at=sent_at,
        watched_at=sent_at + 7 * DAY_MS,
        inbound=np.concatenate((none < 0, none > 0, thanks > 0)),
        complete=True,
    )
    units = replace(asked.units, answer=np.arange(count, 2 * count))
    return replace(asked, units=units, openers=units, labels=labels)
