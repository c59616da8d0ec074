"""The findings family: fixed candidate sentences, tested together at 5 % by Holm's procedure (metrics.md, section 4).

Whatever a report says of who is better rests on one of these. The candidates are fixed before the figures are seen:
of each ranked brand, that another beats it in what the run is ranked by, and that it leaves more than half unanswered;
of the last, that all others beat it; of the highest and the lowest share within a day, that they differ; of the shortest
median, that it is below every other; of each sector of five ranked brands or more, that its mean differs from the others'.
Differences take each end of the two intervals that faces the other (Newcombe's square-and-add), so that shares near 0 or
1 keep theirs; covariances are left out, which only costs power, since shared days and authors make them positive.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from socialbench.measure.intervals import MIN_DAYS, NORMAL_DAYS, Z95, t_quantile, t_tail
from socialbench.measure.result import BrandResult, Claim

LEVEL = 0.05
MIN_MEMBERS = 5
"""Ranked brands that a sector needs, and that must stand against it, before anything is said of it."""
WITHIN_A_DAY, RATE, EARLY, HALF = "answered_within_24h", "response_rate", "answered_within_2h", 0.5
SECTOR_METRICS = (EARLY, RATE)


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure with how far each end of its 95 % interval lies from it, and the degrees of freedom behind them."""

    value: float
    below: float
    above: float
    degrees: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    claim: Claim
    p: float


def claims_of(results: Sequence[BrandResult], ranked: Sequence[str], ranked_by: str, high: bool) -> tuple[Claim, ...]:
    """What the ranked brands' figures carry at 5 % together, in a fixed order."""
    brands = sorted((result for result in results if result.name in set(ranked)), key=lambda result: result.name)
    candidates = [
        *_places(_spreads(brands, ranked_by), ranked_by, high),
        *_ends(_spreads(brands, WITHIN_A_DAY)),
        *_fastest(brands, "answered_median_s" if ranked_by == "answered_median_s" else "median_latency_s"),
        *_ignored(_spreads(brands, RATE)),
        *_sectors(brands),
    ]
    return tuple(candidate.claim for candidate in holm(candidates))


def holm(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Those that stand at 5 % together: the smallest p against 5 % / m, the next against 5 % / (m - 1), until one fails.

    >>> made = [_Candidate(Claim("worst", name, ()), p) for name, p in (("a", 0.03), ("b", 0.001), ("c", 0.02))]
    >>> [candidate.claim.metric for candidate in holm(made)]
    ['a', 'b', 'c']
    >>> [candidate.claim.metric for candidate in holm([*made, _Candidate(Claim("worst", "d", ()), 0.9)])]
    ['b']
    """
    order = sorted(range(len(candidates)), key=lambda place: candidates[place].p)
    kept = set()
    for step, place in enumerate(order):
        if candidates[place].p > LEVEL / (len(order) - step):
            break
        kept.add(place)
    return [candidate for place, candidate in enumerate(candidates) if place in kept]


def _spreads(brands: Sequence[BrandResult], metric: str) -> dict[str, Spread]:
    found = {brand.name: _spread(brand, metric) for brand in brands}
    return {name: spread for name, spread in found.items() if spread is not None}


def _spread(brand: BrandResult, metric: str) -> Spread | None:
    figure = brand.metrics.get(metric)
    if figure is None or figure.value is None or figure.low is None or figure.high is None or not math.isfinite(figure.high):
        return None
    influence = brand.influence
    if influence is not None and influence.days >= MIN_DAYS:
        degrees = influence.degrees or influence.days - 1
    else:
        degrees = max((figure.authors or 2) - 1, 1)
    return Spread(figure.value, max(figure.value - figure.low, 0.0), max(figure.high - figure.value, 0.0), degrees)


def p_above(more: Spread, less: Spread) -> float:
    """One-sided p value of `more` being above `less`.

    Ends two to either side, the values four apart: 4 / sqrt(2^2 + 2^2) = 1.414 of the quantile that made the ends.

    >>> two = Spread(4, 2, 2, 1000), Spread(0, 2, 2, 1000)
    >>> round(p_above(*two), 4), round(p_above(*reversed(two)), 4)
    (0.0028, 0.9972)
    """
    degrees = min(more.degrees, less.degrees)
    difference = more.value - less.value
    facing = (more.below, less.above) if difference >= 0 else (more.above, less.below)
    width = math.hypot(*facing)
    if width == 0:
        return 1.0 if difference <= 0 else 0.0
    quantile = Z95 if degrees >= NORMAL_DAYS - 1 else t_quantile(degrees)
    return t_tail(difference / width * quantile, degrees)


def _better(one: Spread, other: Spread, high: bool) -> float:
    return p_above(one, other) if high else p_above(other, one)


def _places(spreads: Mapping[str, Spread], metric: str, high: bool) -> Iterator[_Candidate]:
    """Who cannot be first: a true first is beaten by one of the others, so each p counts as often as there are others."""
    if len(spreads) < 2:
        return
    for name, spread in spreads.items():
        p = min(_better(other, spread, high) for rival, other in spreads.items() if rival != name)
        yield _Candidate(Claim("beaten", metric, (name,)), p * (len(spreads) - 1))
    last = min(spreads, key=lambda name: (spreads[name].value if high else -spreads[name].value, name))
    p = max(_better(other, spreads[last], high) for name, other in spreads.items() if name != last)
    yield _Candidate(Claim("worst", metric, (last,)), p * (len(spreads) - 1))


def _ends(spreads: Mapping[str, Spread]) -> Iterator[_Candidate]:
    """The highest against the lowest share, picked out of all pairs."""
    if len(spreads) < 2:
        return
    names = sorted(spreads, key=lambda name: (spreads[name].value, name))
    pairs = len(list(combinations(names, 2)))
    p = 2 * pairs * p_above(spreads[names[-1]], spreads[names[0]])
    yield _Candidate(Claim("apart", WITHIN_A_DAY, (names[-1], names[0])), p)


def _fastest(brands: Sequence[BrandResult], metric: str) -> Iterator[_Candidate]:
    """The shortest median against every other; with a brand that has none with both ends, nobody beats every other."""
    spreads = _spreads(brands, metric)
    if len(spreads) < 2 or len(spreads) < len(brands):
        return
    first = min(spreads, key=lambda name: (spreads[name].value, name))
    p = max(_better(spreads[first], other, high=False) for name, other in spreads.items() if name != first)
    yield _Candidate(Claim("best", metric, (first,)), p * (len(spreads) - 1))


def _ignored(spreads: Mapping[str, Spread]) -> Iterator[_Candidate]:
    """Brands that leave more than half without an answer."""
    for name, spread in spreads.items():
        half = Spread(HALF, 0.0, 0.0, spread.degrees)
        yield _Candidate(Claim("under_half", RATE, (name,)), p_above(half, spread))


def _sectors(brands: Sequence[BrandResult]) -> Iterator[_Candidate]:
    sectors = sorted({brand.sector for brand in brands if brand.sector is not None})
    for metric in SECTOR_METRICS:
        spreads = _spreads(brands, metric)
        for sector in sectors:
            own = [spreads[brand.name] for brand in brands if brand.sector == sector and brand.name in spreads]
            rest = [spreads[brand.name] for brand in brands if brand.sector != sector and brand.name in spreads]
            if min(len(own), len(rest)) < MIN_MEMBERS:
                continue
            mean, others = _mean(own), _mean(rest)
            kind = "strength" if mean.value > others.value else "weakness"
            p = 2 * min(p_above(mean, others), p_above(others, mean))
            yield _Candidate(Claim(kind, metric, (sector,)), p)


def _mean(spreads: Sequence[Spread]) -> Spread:
    n = len(spreads)
    below, above = (math.sqrt(math.fsum(end * end for end in ends)) / n for ends in _sides(spreads))
    return Spread(math.fsum(spread.value for spread in spreads) / n, below, above, min(spread.degrees for spread in spreads))


def _sides(spreads: Sequence[Spread]) -> tuple[list[float], list[float]]:
    return [spread.below for spread in spreads], [spread.above for spread in spreads]
