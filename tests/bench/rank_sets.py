"""How often the confidence sets of places hold the true places, and how wide they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from socialbench.measure import ranking
from socialbench.measure.ranking import Scored, covariance, rank, separated_together
from socialbench.measure.score import expectation_score
from tests.bench.result import Result, share
from tests.bench.worlds import Floats, Habit, brand

WORLDS = (150, 2_000)
THIRD = 1_000
"""Below so many worlds thirty brands are drawn in a third of them: each takes seven times as long as one of ten."""
COUNT = 150
"""Messages of each brand, by authors who write twice on average, over the same four weeks."""
SHARES: dict[str, Callable[[int], Floats]] = {
    "equal": lambda size: np.full(size, 0.6),
    "near-tied": lambda size: np.linspace(0.58, 0.62, size),
    "groups": lambda size: np.repeat([0.4, 0.6, 0.8], -(-size // 3))[:size],
    "spread": lambda size: np.linspace(0.2, 0.95, size),
}
"""What share of its customers each brand ever answers, which orders the true scores."""
SIZES = (10, 30)


def measured(draw: np.random.Generator, ever: Floats) -> list[Scored]:
    """One period of these brands."""
    found = []
    for place, each in enumerate(ever):
        score = expectation_score(brand(draw, Habit(ever=float(each)), COUNT, first_author=1_000 * place), f"b{place:02}")
        assert score.figure.value is not None
        found.append(Scored(f"b{place:02}", score.figure.value, score.influence))
    return found


def joint(brands: list[Scored], ever: Floats) -> bool:
    """Whether none of the pairs that the simultaneous sets tell apart is equal, or stands the other way round, in truth."""
    values, matrix = np.array([each.value for each in brands]), covariance(brands)
    draws = ranking.draw_for_all(brands, ranking._draws(brands, matrix))
    apart = separated_together(values, matrix, draws)
    above = values[:, None] > values[None, :]
    return not bool(np.any(apart & above & (ever[:, None] <= ever[None, :])))


def simulate(worlds: int) -> Iterator[Result]:
    """Each shape of benchmark in so many worlds. The place of equals is one more than how many are better, as it is printed."""
    for size in SIZES:
        for number, (name, shares) in enumerate(SHARES.items()):
            draw, ever = np.random.default_rng([3, size, number]), shares(size)
            best = np.array([1 + np.count_nonzero(ever > each) for each in ever])
            last = np.array([size - np.count_nonzero(ever < each) for each in ever])
            marginal, whole, together, widths = [], [], [], []
            count = worlds if size < 30 or worlds >= THIRD else max(worlds // 3, 1)
            for _ in range(count):
                brands = measured(draw, ever)
                found = rank(brands)
                low, high = (np.array([getattr(found[each.name], end) for each in brands]) for end in ("low", "high"))
                marginal.append(float(np.mean((low <= best) & (best <= high))))
                whole.append(float(np.mean((low <= best) & (last <= high))))
                together.append(float(joint(brands, ever)))
                widths.append(np.mean(high - low + 1))
            what = f"K = {size}, {name}, {count:,} worlds"
            yield share(f"{what}: marginal sets hold the place (mean width {np.mean(widths):.1f} of {size})", marginal, 94.0)
            if (best != last).any():
                yield share(f"{what}: marginal sets hold all the places that equals share", whole)
            yield share(f"{what}: simultaneous sets, jointly", together, 92.0)


def run(full: bool) -> Iterator[Result]:
    """All of it."""
    yield from simulate(WORLDS[full])
