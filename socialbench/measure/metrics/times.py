"""How long an answer takes."""

from __future__ import annotations

import math

import numpy as np

from socialbench.measure.intervals import design_effect, quantile_ends
from socialbench.measure.median import answered_median
from socialbench.measure.metrics import metric
from socialbench.measure.result import Figure
from socialbench.measure.sample import Sample, described

MIN_SIDE = 5
DAY_S = 86_400.0
MEAN_MATURED = 20


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
    """
    return _quantile(sample, 0.5)


@metric("p75_latency_s", unit="s", better="low", minimum=20, answered_only="refused")
def p75_latency_s(sample: Sample) -> Figure:
    """Kaplan-Meier time by which three quarters are answered.

    >>> from socialbench.measure.sample import example
    >>> p75_latency_s(example([(60 * k, 604_800) for k in range(1, 21)])).value
    900.0
    """
    return _quantile(sample, 0.75)


@metric("p90_latency_s", unit="s", better="low", minimum=50, answered_only="refused")
def p90_latency_s(sample: Sample) -> Figure:
    """Kaplan-Meier time by which nine in ten are answered.

    >>> from socialbench.measure.sample import example
    >>> p90_latency_s(example([(60 * k, 604_800) for k in range(1, 51)])).value
    2700.0
    """
    return _quantile(sample, 0.9)


@metric("restricted_mean_s", unit="s", better="low", minimum=MEAN_MATURED, answered_only="refused")
def restricted_mean_s(sample: Sample) -> Figure:
    """Area under the unanswered share up to 24 h, in seconds.

    Ten of twenty answered after an hour, ten never: 1 h whole and 23 h half = 12.5 h.

    >>> from socialbench.measure.sample import example
    >>> restricted_mean_s(example([(3_600, 604_800)] * 10 + [(None, 604_800)] * 10)).value / 3_600
    12.5
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


def _answered_latencies(sample: Sample) -> np.ndarray:
    return np.asarray(sample.timed.latency_s[sample.timed.answered])


@metric("answered_median_s", unit="s", better="low")
def answered_median_s(sample: Sample) -> Figure:
    """Plain median over the answered alone, which forgets the unanswered; ranks answered-only samples and nothing else.

    The mean of the two middle ones of 60, 120, 240 and 600 s.

    >>> from socialbench.measure.sample import example
    >>> answered_median_s(example([(60, 900), (600, 900), (240, 900), (120, 900), (None, 900)])).value
    180.0
    """
    return answered_median(sample)[0]


@metric("answered_mean_s", unit="s", better="low")
def answered_mean_s(sample: Sample) -> Figure:
    """Plain mean over the answered alone, as tools that forget the unanswered print it; never for ranking.

    >>> from socialbench.measure.sample import example
    >>> answered_mean_s(example([(60, 900), (120, 900), (None, 900)])).value
    90.0
    """
    values = _answered_latencies(sample)
    units = sample.timed.where(sample.timed.answered)
    return described(units, float(np.mean(values)) if len(values) else None)
