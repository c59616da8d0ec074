"""Places with confidence sets for them, ties and tiers (metrics.md, section 4).

The marginal sets are those of Mogstad, Romano, Shaikh and Wilhelm ("Inference for Ranks with Applications to
Mobility across Neighbourhoods and Academic Achievement across Countries", 2024): simultaneous tests of all
differences with one brand, step-down, critical values from Gaussian draws.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np

from socialbench.measure.intervals import MIN_DAYS, NORMAL_DAYS
from socialbench.measure.result import Influence, Rank
from socialbench.measure.survival import Bools, Floats

DRAWS = 10_000
LEVEL = 0.05
NEAR = 1.02
"""A difference within 2 % of the critical value is not told apart, so that the draws decide nothing."""


@dataclass(frozen=True, slots=True)
class Scored:
    """What ranking needs of a brand: its name, printed figure (better when `high`), and influence.

    Without an influence no interval of the figure is known: the brand is told apart from nobody.
    """

    name: str
    value: float
    influence: Influence | None


def covariance(brands: Sequence[Scored]) -> Floats:
    """Covariances of the scores: variances on the diagonal, shared authors and days off it.

    Days count only where both brands have ten of them; negative eigenvalues are set to 0.
    """
    size = len(brands)
    matrix = np.zeros((size, size))
    influences = [brand.influence for brand in brands if brand.influence is not None]
    for i, left in enumerate(influences):
        matrix[i, i] = left.variance
        for j in range(i):
            matrix[i, j] = matrix[j, i] = _shared(left, influences[j])
    values, vectors = np.linalg.eigh(matrix)
    fixed = (vectors * np.maximum(values, 0.0)) @ vectors.T
    return np.asarray((fixed + fixed.T) / 2, dtype=np.float64)


def _shared(left: Influence, right: Influence) -> float:
    authors = sum(value * right.by_author[key] for key, value in left.by_author.items() if key in right.by_author)
    if min(left.days, right.days) < MIN_DAYS:
        return float(authors)
    days = sum(value * right.by_day[key] for key, value in left.by_day.items() if key in right.by_day)
    return float(authors + days)


def _draws(brands: Sequence[Scored], matrix: Floats) -> Floats:
    """Gaussian draws with this covariance; each brand's normals are seeded by its name, so that the list's order is nothing."""
    values, vectors = np.linalg.eigh(matrix)
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    normals = np.empty((DRAWS, len(brands)))
    for place, brand in enumerate(brands):
        seed = int.from_bytes(hashlib.blake2b(brand.name.encode(), digest_size=8).digest(), "big")
        normals[:, place] = np.random.default_rng(seed).standard_normal(DRAWS)
    return np.asarray(normals @ root, dtype=np.float64)


def draw_for_all(brands: Sequence[Scored], draws: Floats) -> Floats:
    """The same draws as of Student's t, for sets that hold all pairs at once, with the least number of days less one.

    Among many pairs some variance is estimated too small, and Gaussian draws then keep 91 of 100 such sets, not 95.
    """
    days = [brand.influence.days for brand in brands if brand.influence is not None and brand.influence.days >= MIN_DAYS]
    if not days or min(days) >= NORMAL_DAYS:
        return draws
    degrees = min(days) - 1
    scale = np.sqrt(degrees / np.random.default_rng(degrees).chisquare(degrees, len(draws)))
    return np.asarray(draws * scale[:, None], dtype=np.float64)


def _errors(matrix: Floats) -> Floats:
    variance = np.diag(matrix)
    return np.sqrt(np.maximum(variance[:, None] + variance[None, :] - 2 * matrix, 0.0))


def separated(values: Floats, matrix: Floats, draws: Floats) -> Bools:
    """`[i, j]`: whether brand i's place is told apart from brand j's by the marginal set of brand i."""
    size = len(values)
    errors = _errors(matrix)
    differences = values[:, None] - values[None, :]
    result = np.zeros((size, size), dtype=np.bool_)
    for i in range(size):
        others = np.array([j for j in range(size) if j != i], dtype=np.int64)
        result[i, others] = _step_down(
            np.abs(differences[i, others]), errors[i, others], np.abs(draws[:, [i]] - draws[:, others])
        )
    return result


def _step_down(distance: Floats, error: Floats, draw: Floats) -> Bools:
    rejected = np.zeros(len(distance), dtype=np.bool_)
    usable = error > 0
    rejected[~usable] = distance[~usable] > 0
    while True:
        left = usable & ~rejected
        if not left.any():
            return rejected
        critical = float(np.quantile((draw[:, left] / error[left]).max(axis=1), 1 - LEVEL))
        fresh = left & (distance > NEAR * critical * np.where(usable, error, np.inf))
        if not fresh.any():
            return rejected
        rejected |= fresh


def labels(values: Sequence[float], decimals: int = 1) -> list[tuple[int, str]]:
    """Places and their labels, best first: equal when rounded half-even to the printed decimal.

    Reports print from a JSON that keeps one decimal more, so the rounding goes through it too.

    >>> labels([9.04, 8.0, 8.01, 7.0])
    [(1, '1'), (2, '2 ='), (2, '2 ='), (4, '4')]
    """
    printed = [_printed(Decimal(repr(round(value, decimals + 1))), decimals) for value in values]
    places = []
    for value in printed:
        place = 1 + sum(other > value for other in printed)
        places.append((place, f"{place} =" if printed.count(value) > 1 else str(place)))
    return places


def _printed(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN)


def separated_together(values: Floats, matrix: Floats, draws: Floats) -> Bools:
    """`[i, j]`: whether brands i and j are told apart by the simultaneous sets of all pairs."""
    size = len(values)
    upper = np.triu_indices(size, 1)
    errors, differences = _errors(matrix)[upper], np.abs(values[upper[0]] - values[upper[1]])
    gaps = np.abs(draws[:, upper[0]] - draws[:, upper[1]])
    apart = np.zeros((size, size), dtype=np.bool_)
    if len(errors):
        apart[upper] = _step_down(differences, errors, gaps)
        apart |= apart.T
    return apart


def tiers(order: Sequence[int], apart: Bools) -> dict[int, int]:
    """Tiers from simultaneous all-pairs sets: from the top down to before the first brand that the leader beats."""
    found: dict[int, int] = {}
    tier, leader = 0, -1
    for brand in order:
        if leader < 0 or apart[leader, brand]:
            tier, leader = tier + 1, brand
        found[brand] = tier
    return found


def _with_influence(brands: Sequence[Scored]) -> list[Scored]:
    """Brands without an influence as if their error were a thousand times the whole spread."""
    spread = max((brand.value for brand in brands), default=0.0) - min((brand.value for brand in brands), default=0.0)
    unknown = Influence({}, {}, (1000 * (spread or 1.0)) ** 2, 0)
    return [brand if brand.influence is not None else replace(brand, influence=unknown) for brand in brands]


def rank(brands: Sequence[Scored], *, high_is_better: bool = True, decimals: int = 1) -> Mapping[str, Rank]:
    """The place of each brand with its 95 % confidence set, and from whom it is told apart.

    Brands are taken in the order of their names, so that the config's order and other brands' absence change nothing
    but the places themselves.
    """
    members = _with_influence(sorted(brands, key=lambda brand: brand.name))
    if not members:
        return {}
    sign = 1.0 if high_is_better else -1.0
    values = np.array([sign * brand.value for brand in members])
    matrix = covariance(members)
    draws = _draws(members, matrix)
    apart = separated(values, matrix, draws)
    order = sorted(range(len(members)), key=lambda place: (-values[place], members[place].name))
    tier = tiers(order, separated_together(values, matrix, draw_for_all(members, draws)))
    printed = labels([float(value) for value in values], decimals)
    return {
        brand.name: Rank(
            value=printed[place][0],
            low=1 + int(np.count_nonzero(apart[place] & (values > values[place]))),
            high=len(members) - int(np.count_nonzero(apart[place] & (values < values[place]))),
            label=printed[place][1],
            tier=tier[place],
            separated_from=tuple(members[other].name for other in np.flatnonzero(apart[place])),
        )
        for place, brand in enumerate(members)
    }
