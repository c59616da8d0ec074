"""The median over the answered alone with its interval, by which answered-only samples are ranked."""

from __future__ import annotations

import math

import numpy as np

from socialbench.measure.intervals import PSEUDO, quantile_ends
from socialbench.measure.result import Figure, Influence
from socialbench.measure.sample import Sample, described, watched_of
from socialbench.measure.score import by_cluster


def answered_median(sample: Sample, label: str = "") -> tuple[Figure, Influence | None]:
    """Plain median in seconds (linear interpolation) with its 95 % interval, and its influence by cluster.

    The interval is where the interval of the share answered by t holds one half; the influence is
    (1/2 - 1(x <= t)) / f, with 1/f from that interval's width.
    """
    units = sample.answered
    if not len(units):
        return Figure(None, n=0), None
    value = float(np.median(units.latency_s))
    watched = watched_of(units, sample)
    low, high = quantile_ends(watched, 0.5)
    figure = described(units, value, low=low, high=high)
    if low is None or high is None:
        return figure, None
    clusters = watched.padded_clusters
    share = np.concatenate((0.5 - (units.latency_s <= value), np.zeros(PSEUDO)))
    variance, _ = clusters.variance(share / len(units))
    if variance <= 0:
        return figure, None
    inverse_density = (high - low) / (2 * clusters.quantile() * math.sqrt(variance))
    influence = inverse_density * share / len(units)
    return figure, by_cluster(clusters, influence, units, inverse_density**2 * variance, label)
