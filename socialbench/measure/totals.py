"""Means and sums over units with their intervals, clustered as everything else (metrics.md, section 4)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from socialbench.measure.intervals import design_effect
from socialbench.measure.result import Figure, Influence
from socialbench.measure.sample import Clustered, Sample, clusters_of, described
from socialbench.measure.survival import Floats


@dataclass(frozen=True)
class Weighed:
    """A figure with what each of its units contributes: `influence` is the derivative in the unit's weight."""

    value: float
    units: Clustered
    influence: Floats


Weigh = Callable[[Sample], Weighed | None]


def mean_of(units: Clustered, values: Floats) -> Weighed | None:
    """The mean of one number per unit.

    >>> from socialbench.measure.units import made_up
    >>> mean_of(made_up([(60, 900), (120, 900)]), np.array([60.0, 120.0])).influence.tolist()
    [-15.0, 15.0]
    """
    if not len(values):
        return None
    value = float(np.mean(values))
    return Weighed(value, units, (values - value) / len(values))


def figure_of(weighed: Weighed | None, clustered: bool, least: float = -math.inf) -> Figure:
    """The figure with its interval: the value plus and minus the quantile times the clustered standard error.

    `least`: what the figure cannot fall below, and so no end of its interval either.
    """
    if weighed is None:
        return Figure(None, n=0)
    clusters = clusters_of(weighed.units, clustered)
    variance, alone = clusters.variance(weighed.influence)
    half = clusters.quantile() * math.sqrt(variance) if len(weighed.influence) > 1 else math.inf
    ends = {"low": max(least, weighed.value - half), "high": weighed.value + half} if half < math.inf else {}
    return described(weighed.units, weighed.value, **ends, design_effect=design_effect(variance, alone))


def influence_of(weighed: Weighed | None, clustered: bool, label: str) -> Influence | None:
    """The figure's influence by cluster, for comparisons between brands. `label` names the brand."""
    if weighed is None or len(weighed.influence) < 2:
        return None
    clusters = clusters_of(weighed.units, clustered)
    variance, _ = clusters.variance(weighed.influence)
    by_author, by_day = _sums(weighed.units.author, weighed.influence, label), _sums_by_day(weighed)
    return Influence(by_author, by_day, variance, clusters.days, clusters.degrees)


def _sums(author: np.ndarray, influence: Floats, label: str) -> dict[str | int, float]:
    codes, inverse = np.unique(author, return_inverse=True)
    sums = np.bincount(inverse, weights=influence)
    return {int(code) if code >= 0 else f"{label}:{int(code)}": float(total) for code, total in zip(codes, sums, strict=True)}


def _sums_by_day(weighed: Weighed) -> dict[int, float]:
    codes, inverse = np.unique(weighed.units.day, return_inverse=True)
    sums = np.bincount(inverse, weights=weighed.influence)
    return {int(code): float(total) for code, total in zip(codes, sums, strict=True)}
