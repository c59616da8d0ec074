"""How long an answer takes."""

from __future__ import annotations

import math

import numpy as np

from socialbench.measure.intervals import design_effect, quantile_ends
from socialbench.measure.median import answered_median
from socialbench.measure.metrics import metric
from socialbench.measure.result import Figure
from socialbench.measure.sample import Sample, described, in_staffed_time, watched_of
from socialbench.measure.totals import Weighed, figure_of, mean_of
from socialbench.measure.units import Units

MIN_SIDE = 5
DAY_S = 86_400.0
MEAN_MATURED = 20
FASTEST = 0.9


def _quantile(sample: Sample, share: float) -> Figure:
    n = len(sample.timed)
    if round(min(n * share, n * (1 - share)), 9) < MIN_SIDE:
        return Figure(None, n=n, note="too few")
    value = sample.watched.plain.quantile(share)
    low, high = quantile_ends(sample.watched, share)
    return sample.figure(value, low=low, high=high, reached=value is not None)


@metric("median_latency_s", unit="s", better="low", minimum=10, answered_only="refused")
def median_latency_s(sample: Sample) -> Figure:
    """Kaplan-Meier median time to the answer; "not reached" where less than half are ever answered.

    Of ten messages six are answered after 1, 2, ... 6 minutes; by the fifth minute half are.

    >>> from socialbench.measure.sample import example
    >>> figure = median_latency_s(example([(60 * k, 604_800) for k in range(1, 7)] + [(None, 604_800)] * 4))
    >>> figure.value, figure.reached
    (300.0, True)

    Pitfall: The mean is no median: where one answer in ten takes days it is several times as long. Over the answered
    alone a brand that ignores what is hard looks fast; here the ignored ones wait on.
    """
    return _quantile(sample, 0.5)


@metric("p75_latency_s", unit="s", better="low", minimum=20, answered_only="refused")
def p75_latency_s(sample: Sample) -> Figure:
    """Kaplan-Meier time by which three quarters are answered.

    >>> from socialbench.measure.sample import example
    >>> p75_latency_s(example([(60 * k, 604_800) for k in range(1, 21)])).value
    900.0

    Pitfall: Where under three quarters are ever answered it is not reached, which is no 0 and no gap in the data.
    """
    return _quantile(sample, 0.75)


@metric("p90_latency_s", unit="s", better="low", minimum=50, answered_only="refused")
def p90_latency_s(sample: Sample) -> Figure:
    """Kaplan-Meier time by which nine in ten are answered.

    >>> from socialbench.measure.sample import example
    >>> p90_latency_s(example([(60 * k, 604_800) for k in range(1, 51)])).value
    2700.0

    Pitfall: Nine in ten are seldom answered at all; "not reached" is the common case and says more than a long time.
    """
    return _quantile(sample, 0.9)


@metric("restricted_mean_s", unit="s", better="low", minimum=MEAN_MATURED, answered_only="refused")
def restricted_mean_s(sample: Sample) -> Figure:
    """Area under the unanswered share up to 24 h, in seconds.

    Ten of twenty answered after an hour, ten never: 1 h whole and 23 h half = 12.5 h.

    >>> from socialbench.measure.sample import example
    >>> restricted_mean_s(example([(3_600, 604_800)] * 10 + [(None, 604_800)] * 10)).value / 3_600
    12.5

    Pitfall: All that happens after 24 h is the same to it: answered after two days counts as never.
    """
    if sample.matured(DAY_S) < MEAN_MATURED or sample.follow_up_s < DAY_S:
        return Figure(None, n=len(sample.timed), note="not watched long enough")
    watched = sample.watched
    variance, alone = watched.padded_clusters.variance(watched.padded.restricted_mean_influence(DAY_S))
    half = watched.clusters.quantile() * math.sqrt(variance)
    centre = watched.padded.restricted_mean(DAY_S)
    return sample.figure(
        watched.plain.restricted_mean(DAY_S),
        low=max(0.0, centre - half),
        high=min(DAY_S, centre + half),
        design_effect=design_effect(variance, alone),
    )


def _mean(sample: Sample) -> Weighed | None:
    return mean_of(sample.answered, sample.answered.latency_s)


def _fastest(sample: Sample) -> Weighed | None:
    """What each of the fastest nine tenths contributes; the slow ones stand at the edge (the winsorised influence)."""
    units = sample.answered
    if not len(units):
        return None
    kept = max(1, math.floor(FASTEST * len(units)))
    edge = float(np.sort(units.latency_s)[kept - 1])
    held = np.minimum(units.latency_s, edge)
    value = float(np.mean(np.sort(units.latency_s)[:kept]))
    return Weighed(value, units, (held - np.mean(held)) / kept)


def _staffed(sample: Sample) -> Units | None:
    answered = sample.timed.where(sample.timed.answered)
    return None if sample.desk is None or not len(answered) else in_staffed_time(answered, sample.desk)


@metric("answered_median_s", unit="s", better="low")
def answered_median_s(sample: Sample) -> Figure:
    """Plain median over the answered alone, which forgets the unanswered; ranks answered-only samples and nothing else.

    The mean of the two middle ones of 60, 120, 240 and 600 s.

    >>> from socialbench.measure.sample import example
    >>> answered_median_s(example([(60, 900), (600, 900), (240, 900), (120, 900), (None, 900)])).value
    180.0

    Pitfall: A brand that answers the easy tenth at once has an excellent one. Young samples look fast, since slow
    answers are not there yet.
    """
    return answered_median(sample)[0]


@metric("answered_mean_s", unit="s", better="low", weigh=_mean)
def answered_mean_s(sample: Sample) -> Figure:
    """Plain mean over the answered alone, as tools that forget the unanswered print it; never for ranking but in their presets.

    >>> from socialbench.measure.sample import example
    >>> answered_mean_s(example([(60, 900), (120, 900), (None, 900)])).value
    90.0

    Pitfall: One answer after a month weighs as much as thousands within the hour; airlines showed a mean of 129.5 min
    and a median of 14.4.
    """
    return figure_of(_mean(sample), sample.clustered, least=0.0)


@metric("fastest_mean_s", unit="s", better="low", weigh=_fastest)
def fastest_mean_s(sample: Sample) -> Figure:
    """Plain mean over the fastest 90 % of the answered, rounded down to whole units, as Facebook told its pages.

    Of ten answers nine take a minute and one a day: the mean of the nine.

    >>> from socialbench.measure.sample import example
    >>> fastest_mean_s(example([(60, 604_800)] * 9 + [(86_400, 604_800)])).value
    60.0

    Pitfall: A tenth of the answers, and every message without one, is forgotten by rule.
    """
    return figure_of(_fastest(sample), sample.clustered, least=0.0)


@metric("staffed_answered_median_s", unit="s", better="low")
def staffed_answered_median_s(sample: Sample) -> Figure:
    """Plain median over the answered alone, in minutes of the brand's one schedule; null, never 0, without hours or answers.

    Sent on a Thursday at 16:00, answered on Friday at 10:00, desk staffed from 9 to 17: 1 h + 1 h.

    >>> from dataclasses import replace
    >>> from socialbench.measure.sample import example
    >>> from socialbench.measure.staffed import desk_of
    >>> from socialbench.measure.units import made_up
    >>> units = made_up([(18 * 3_600, 604_800), (None, 604_800)])
    >>> units = replace(units, start_at=units.start_at % 1 + 16 * 3_600_000)
    >>> desk = desk_of("Mon-Fri 09:00-17:00", "UTC", (), (0, 30 * 86_400_000))
    >>> sample = replace(example([]), units=units, desk=desk)
    >>> staffed_answered_median_s(sample).value / 3_600, staffed_answered_median_s(replace(sample, desk=None)).value
    (2.0, None)

    Pitfall: It forgives nights, weekends and the unanswered; no two desks with different hours can be compared by it.
    """
    units = _staffed(sample)
    if units is None:
        return Figure(None, n=0, note="no opening hours stated" if sample.desk is None else None)
    low, high = quantile_ends(watched_of(units, sample), 0.5)
    return described(units, float(np.median(units.latency_s)), low=low, high=high)
