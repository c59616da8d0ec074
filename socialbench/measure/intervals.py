"""Intervals that speak of another period with these habits (metrics.md, section 4).

Variances come from influence values clustered by author and by calendar day; the ends of shares that are too
near 0 or 1 for that come from Wilson's interval on n / design effect.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

import numpy as np

from socialbench.measure.survival import Curve, Floats, Ints, curve

Z95 = 1.96
MIN_DAYS = 10
NORMAL_DAYS = 60
MIN_EVENTS = 5
CROWDED = 0.1
"""One author's share of the units above which authors limit the degrees of freedom as days do."""
PSEUDO = 4


@cache
def t_quantile(degrees: int, upper: float = 0.975) -> float:
    """The `upper` quantile of Student's t for whole `degrees`, from the closed form of its distribution.

    >>> round(t_quantile(9), 4), round(t_quantile(29), 4)
    (2.2622, 2.0452)
    """
    low, high = 0.0, 1e7
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if _t_below(middle, degrees) < upper else (low, middle)
    return high


def t_tail(value: float, degrees: int) -> float:
    """P(T > value) for Student's t with whole `degrees`, the normal tail from 60 on as for intervals.

    >>> round(t_tail(2.2622, 9), 4), round(t_tail(-2.2622, 9), 4)
    (0.025, 0.975)
    """
    if degrees >= NORMAL_DAYS - 1:
        return 0.5 * math.erfc(value / math.sqrt(2))
    below = _t_below(abs(value), degrees)
    return 1.0 - below if value >= 0 else below


def _t_below(value: float, degrees: int) -> float:
    """P(T <= value) for value >= 0 (Abramowitz and Stegun 26.7.3 and 26.7.4)."""
    angle = math.atan(value / math.sqrt(degrees))
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = degrees % 2
    term = cosine if odd else 1.0
    total = 0.0
    for step in range(degrees // 2):
        total += term
        term *= cosine * cosine * ((2 * step + 2) / (2 * step + 3) if odd else (2 * step + 1) / (2 * step + 2))
    central = 2 / math.pi * (angle + sine * total) if odd else sine * total
    return 0.5 + central / 2


def wilson(share: float, n: float, z: float = Z95) -> tuple[float, float]:
    """Wilson's interval of a share out of `n`.

    None of 126: the upper end is z^2 / (n + z^2) = 3.8416 / 129.8416.

    >>> tuple(round(end, 4) for end in wilson(0.0, 126))
    (0.0, 0.0296)
    """
    spread = z * z / n
    centre = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(share * (1 - share) / n + spread / (4 * n))
    return max(0.0, centre - half), min(1.0, centre + half)


@dataclass(frozen=True, slots=True)
class Clusters:
    """Which units belong together. `author` and `day` number each unit's author and calendar day from 0.

    `day_number` gives each day's number since 1970, `enabled` False takes every unit for itself.
    """

    author: Ints
    day: Ints
    authors: int
    days: int
    enabled: bool = True

    def quantile(self) -> float:
        """The multiplier of the standard error: Student's t with `degrees`, normal from 60 days."""
        normal = NormalDist().inv_cdf(0.975)
        return normal if not self.enabled or self.degrees >= NORMAL_DAYS - 1 else t_quantile(self.degrees)

    @property
    def degrees(self) -> int:
        """Degrees of freedom of the standard error: days - 1, under 10 days authors - 1.

        Where one author has more than a tenth of the units, at most the effective number of authors less one, which is
        (sum of their units)^2 / sum of their squares (Carter, Schnepel and Steigerwald 2017), as the smaller number of
        clusters decides (Cameron, Gelbach and Miller 2011). Eight units of one author and one of each of 20 others:
        28^2 / (64 + 20) = 9.33.

        >>> author = np.concatenate((np.zeros(8, dtype=np.int64), np.arange(1, 21)))
        >>> Clusters(author, np.arange(28), 21, 28).degrees, Clusters(np.arange(28), np.arange(28), 28, 28).degrees
        (8, 27)
        """
        count = self.days if self.days >= MIN_DAYS else self.authors
        units = np.bincount(self.author)[: self.authors]
        if len(units) and units.max() > CROWDED * units.sum():
            count = min(count, int(units.sum() ** 2 / (units**2).sum()))
        return max(count - 1, 1)

    def with_pseudo(self) -> Clusters:
        """The same with four pseudo-authors behind the units, each an author and a day of its own."""
        extra = np.arange(PSEUDO)
        author = np.concatenate((self.author, self.authors + extra))
        day = np.concatenate((self.day, self.days + extra))
        return Clusters(author, day, self.authors, self.days, self.enabled)

    def variance(self, influence: Floats) -> tuple[float, float]:
        """(V, V_episode): the variance under clustering and that of units taken as independent.

        V = max(V_author, V_day, V_author + V_day - V_episode); under 10 days authors only.
        """
        alone = float(np.sum(influence * influence))
        if not self.enabled:
            return alone, alone
        author = _cluster_square(influence, self.author)
        day = 0.0 if self.days < MIN_DAYS else _cluster_square(influence, self.day)
        return clustered_variance(author, day, alone, self.days), alone


def clustered_variance(author: float, day: float, alone: float, days: int) -> float:
    """The variance from the squares of what authors, days and single units contribute."""
    return author if days < MIN_DAYS else max(author, day, author + day - alone)


def _cluster_square(influence: Floats, codes: Ints) -> float:
    sums = np.bincount(codes, weights=influence)
    return float(np.sum(sums * sums))


def design_effect(variance: float, alone: float) -> float:
    """V / V_episode, at least 1."""
    return max(1.0, variance / alone) if alone > 0 else 1.0


@dataclass(frozen=True, slots=True)
class Watched:
    """One curve with its clusters, and the same with pseudo-authors, from which variance and centre come."""

    plain: Curve
    padded: Curve
    clusters: Clusters
    padded_clusters: Clusters

    @property
    def n(self) -> int:
        """Units of the curve."""
        return len(self.plain.duration_s)


def watch(duration_s: Floats, answered: np.ndarray, clusters: Clusters, follow_up_s: float) -> Watched:
    """The curve of these units, padded with two pseudo-authors answered at once and two never."""
    padded_s = np.concatenate((duration_s, [0.0, 0.0, follow_up_s, follow_up_s]))
    padded_event = np.concatenate((answered, [True, True, False, False]))
    return Watched(curve(duration_s, answered), curve(padded_s, padded_event), clusters, clusters.with_pseudo())


@dataclass(frozen=True, slots=True)
class Ends:
    """An interval and the design effect behind it."""

    low: float
    high: float
    design_effect: float


def share_ends(watched: Watched, horizon_s: float) -> Ends:
    """95 % interval of the share answered by `horizon_s`.

    Without clustering it is Greenwood's log-log band, the textbook form that scipy prints.
    """
    share = watched.plain.answered_by(horizon_s)
    if not watched.clusters.enabled:
        return _textbook_ends(watched, horizon_s, share)
    influence = watched.padded.influence(horizon_s)
    variance, alone = watched.padded_clusters.variance(influence)
    effect = design_effect(variance, alone)
    answered = watched.plain.answered & (watched.plain.duration_s <= horizon_s)
    events = int(np.count_nonzero(answered))
    others = int(np.count_nonzero(~answered & (watched.plain.duration_s >= horizon_s)))
    if share in (0.0, 1.0) or min(events, others) < MIN_EVENTS:
        low, high = wilson(share, watched.n / effect)
        return Ends(low, high, effect)
    centre = watched.padded.answered_by(horizon_s)
    half = watched.clusters.quantile() * math.sqrt(variance)
    return Ends(max(0.0, centre - half), min(1.0, centre + half), effect)


def plain_ends(flags: np.ndarray, clusters: Clusters) -> Ends:
    """95 % interval of the share of flagged ones: Wilson on n / design effect, the effect taken with pseudo-authors.

    Without clustering it is Wilson's on n.

    >>> alone = np.arange(4)
    >>> ends = plain_ends(np.array([True, True, False, False]), Clusters(alone, alone, 4, 4, enabled=False))
    >>> round(ends.low, 3), round(ends.high, 3)  # (0.5 + 0.4802 -+ 1.96 sqrt(1/16 + 0.06003)) / 1.9604
    (0.15, 0.85)
    """
    n = len(flags)
    padded = np.concatenate((flags, [True, True, False, False])).astype(np.float64)
    variance, alone = clusters.with_pseudo().variance((padded - padded.mean()) / len(padded))
    effect = design_effect(variance, alone) if clusters.enabled else 1.0
    low, high = wilson(float(np.mean(flags)), n / effect)
    return Ends(low, high, effect)


def _textbook_ends(watched: Watched, horizon_s: float, share: float) -> Ends:
    if share in (0.0, 1.0):
        low, high = wilson(share, watched.n)
        return Ends(low, high, 1.0)
    left = 1.0 - share
    influence = watched.plain.influence(horizon_s)
    error = math.sqrt(float(np.sum(influence * influence))) / (left * abs(math.log(left)))
    z = NormalDist().inv_cdf(0.975)
    high_left = left ** math.exp(-z * error)
    low_left = left ** math.exp(z * error)
    return Ends(1.0 - high_left, 1.0 - low_left, 1.0)


def quantile_ends(watched: Watched, share: float) -> tuple[float | None, float | None]:
    """95 % interval of a quantile: where the interval of the answered share holds `share`; None is an open end.

    The ends rise with time but for the switch to Wilson's form; the crossing is found by bisection over the
    answer times.
    """
    times = watched.plain.time_s
    low = _first_time(times, lambda at: share_ends(watched, at).high >= share)
    high = _first_time(times, lambda at: share_ends(watched, at).low >= share)
    return low, high


def _first_time(times: Floats, holds: Callable[[float], bool]) -> float | None:
    left, right = 0, len(times)
    while left < right:
        middle = (left + right) // 2
        if holds(float(times[middle])):
            right = middle
        else:
            left = middle + 1
    return float(times[left]) if left < len(times) else None
