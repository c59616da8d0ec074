"""Times counted in the brand's stated opening hours; a second figure beside calendar time, by which brands are ranked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from socialbench.measure.intervals import Watched, plain_ends, quantile_ends, share_ends, watch
from socialbench.measure.metrics import metric
from socialbench.measure.metrics.rates import MIN_MATURED
from socialbench.measure.metrics.times import MIN_SIDE
from socialbench.measure.result import Figure
from socialbench.measure.sample import Sample, clusters_of, described
from socialbench.measure.staffed import Desk
from socialbench.measure.survival import Floats

HORIZONS_H = (1, 4, 8, 16, 40)
NO_HOURS = "no opening hours stated"
_SAID = """Kaplan-Meier share of units answered within {hours} staffed hours; needs 20 units watched for so many.

    Sent at midnight, desk staffed from 0 to 12 every day, watched for a week: half of twenty are answered after {hours}
    staffed hours to the second, the others never.

    >>> from dataclasses import replace
    >>> from socialbench.measure.metrics import registry
    >>> from socialbench.measure.sample import example
    >>> from socialbench.measure.staffed import desk_of
    >>> from socialbench.measure.units import made_up
    >>> wait_s = 3_600 * ({hours} + 12 * (({hours} - 1) // 12))  # twelve closed hours behind each full day
    >>> units = made_up([(wait_s, 604_800)] * 10 + [(None, 604_800)] * 10)
    >>> units = replace(units, start_at=units.start_at % 1)
    >>> desk = desk_of("Mon-Sun 00:00-12:00", "UTC", (), (0, 30 * 86_400_000))
    >>> round(registry()["staffed_within_{hours}h"].of(replace(example([]), units=units, desk=desk)).value, 4)
    0.5

    Pitfall: waiting overnight is free here, for the desk and not for the customer.
    """


@dataclass(frozen=True)
class _Waits:
    """The units' curve in staffed time, and how long each was watched in it, at most for the follow-up."""

    watched: Watched
    longest_s: Floats


def _waits(sample: Sample, desk: Desk) -> _Waits:
    """Answers and censoring pass through the same clock."""
    units = sample.timed
    waited = desk.staffed_s(units.start_at, units.start_at + np.round(units.duration_s * 1000).astype(np.int64))
    longest = np.round(np.minimum(units.watched_s, sample.follow_up_s) * 1000).astype(np.int64)
    curve = watch(waited, units.answered, clusters_of(units, sample.clustered), sample.follow_up_s)
    return _Waits(curve, desk.staffed_s(units.start_at, units.start_at + longest))


@metric("staffed_latency_s", unit="s", better="low", minimum=2 * MIN_SIDE, answered_only="refused")
def staffed_latency_s(sample: Sample) -> Figure:
    """Kaplan-Meier median time to the answer, counted in the brand's stated opening hours; null where it states none.

    A message of Thursday 16:00 answered on Friday at 10:00, desk staffed from 9 to 17: 1 h + 1 h, ten times over.

    >>> from dataclasses import replace
    >>> from socialbench.measure.sample import example
    >>> from socialbench.measure.staffed import desk_of
    >>> from socialbench.measure.units import made_up
    >>> units = made_up([(18 * 3_600, 604_800)] * 10)
    >>> units = replace(units, start_at=units.start_at % 1 + 16 * 3_600_000)  # 1 January 1970, a Thursday
    >>> desk = desk_of("Mon-Fri 09:00-17:00", "UTC", (), (0, 30 * 86_400_000))
    >>> staffed_latency_s(replace(example([]), units=units, desk=desk)).value / 3_600
    2.0

    Pitfall: The hours are the brand's own word: short hours make short times. Brands are ranked by calendar time.
    """
    n = len(sample.timed)
    if sample.desk is None:
        return Figure(None, n=n, note=NO_HOURS)
    if n < 2 * MIN_SIDE:
        return Figure(None, n=n, note="too few")
    watched = _waits(sample, sample.desk).watched
    value = watched.plain.quantile(0.5)
    low, high = quantile_ends(watched, 0.5)
    return sample.figure(value, low=low, high=high, reached=value is not None, note=sample.desk.note)


def staffed_within(sample: Sample, hours: int) -> Figure:
    """Kaplan-Meier share answered within staffed hours; needs 20 units watched for so many within the follow-up."""
    if sample.desk is None:
        return Figure(None, n=len(sample.timed), note=NO_HOURS)
    waits = _waits(sample, sample.desk)
    if np.count_nonzero(waits.longest_s >= hours * 3600) < MIN_MATURED:
        return Figure(None, n=len(sample.timed), note="not watched long enough")
    ends = share_ends(waits.watched, hours * 3600.0)
    return sample.figure(
        waits.watched.plain.answered_by(hours * 3600.0),
        low=ends.low,
        high=ends.high,
        design_effect=ends.design_effect,
        note=sample.desk.note,
    )


def _register(hours: int) -> None:
    def compute(sample: Sample) -> Figure:
        return staffed_within(sample, hours)

    compute.__doc__ = _SAID.format(hours=hours)
    name = f"staffed_within_{hours}h"
    metric(name, unit="share", better="high", minimum=MIN_MATURED, answered_only="refused", given="staffed")(compute)


for _hours in HORIZONS_H:
    _register(_hours)


@metric("answered_off_hours_share", unit="share", given="staffed")
def answered_off_hours_share(sample: Sample) -> Figure:
    """Share of the answers that came while, by the stated hours, nobody sat at the desk.

    Sent at 16:30 on a Thursday; three answers after 15 min, one after an hour, when the desk is closed: 1 of 4.

    >>> from dataclasses import replace
    >>> from socialbench.measure.sample import example
    >>> from socialbench.measure.staffed import desk_of
    >>> from socialbench.measure.units import made_up
    >>> units = made_up([(900, 604_800)] * 3 + [(3_600, 604_800), (None, 604_800)])
    >>> units = replace(units, start_at=units.start_at % 1 + 59_400_000)
    >>> desk = desk_of("Mon-Fri 09:00-17:00", "UTC", (), (0, 86_400_000))
    >>> answered_off_hours_share(replace(example([]), units=units, desk=desk)).value
    0.25

    Pitfall: It is high for a desk that works late and for one whose stated hours are wrong.
    """
    units = sample.timed.where(sample.timed.answered)
    if sample.desk is None or not len(units):
        return Figure(None, n=len(units), note=NO_HOURS if sample.desk is None else None)
    closed = ~sample.desk.is_open(units.start_at + np.round(units.duration_s * 1000).astype(np.int64))
    ends = plain_ends(closed, clusters_of(units, sample.clustered))
    value = float(np.mean(closed))
    return described(units, value, low=ends.low, high=ends.high, design_effect=ends.design_effect, note=sample.desk.note)
