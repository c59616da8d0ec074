"""How often the 95 % interval of the score holds the true score."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from socialbench.measure.score import expectation_score
from tests.bench.result import Result, share
from tests.bench.worlds import Habit, brand

WORLDS = (1_000, 4_000)
"""Of each case: as `make bench` runs it, and `--full`."""
PLAIN = Habit()
DAYS = Habit(by_day=0.8, slow_days=0.8)
LOW, HIGH = Habit(ever=0.0518), Habit(ever=0.985, median_s=120.0)
"""True scores of 3 and 97."""


@dataclass(frozen=True)
class Case:
    """One row: messages from authors of a size law, and the coverage that is asked for."""

    what: str
    habit: Habit
    count: int
    tail: str = "geometric"
    days: int = 28
    least: float = 90.0
    limit: float | None = None


_GEOMETRIC = partial(Case, habit=PLAIN, least=92.0, limit=98.0)
CASES = (
    _GEOMETRIC("geometric authors, n = 50", count=50),
    _GEOMETRIC("geometric authors, n = 100", count=100),
    _GEOMETRIC("geometric authors, n = 400", count=400),
    _GEOMETRIC("geometric authors, n = 400, 90 days", count=400, days=90),
    _GEOMETRIC("geometric authors, n = 400, 7 days", count=400, days=7),
    Case("heavy-tailed authors, n = 50", PLAIN, 50, "heavy"),
    Case("heavy-tailed authors, n = 100", PLAIN, 100, "heavy"),
    Case("heavy-tailed authors, n = 400", PLAIN, 400, "heavy"),
    Case("day effects, n = 100, 28 days", DAYS, 100),
    Case("day effects, n = 1,000, 28 days", DAYS, 1_000),
    Case("day effects, n = 1,000, 90 days", DAYS, 1_000, days=90),
    Case("true score 3, n = 50", LOW, 50),
    Case("true score 3, n = 400", LOW, 400),
    Case("true score 97, n = 50", HIGH, 50),
    Case("true score 97, n = 400", HIGH, 400),
    Case("long-tailed authors, n = 50", PLAIN, 50, "long"),
    Case("long-tailed authors, n = 100", PLAIN, 100, "long"),
)


def simulate(worlds: int) -> Iterator[Result]:
    """Each case in so many worlds."""
    for number, case in enumerate(CASES):
        draw = np.random.default_rng([1, number])
        truth, hits, widths = case.habit.score, [], []
        for _ in range(worlds):
            found = expectation_score(brand(draw, case.habit, case.count, days=case.days, tail=case.tail)).figure
            assert found.low is not None and found.high is not None
            hits.append(float(found.low <= truth <= found.high))
            widths.append(found.high - found.low)
        what = f"{case.what} (true {truth:.1f}, mean width {np.mean(widths):.1f})"
        yield share(what, hits, case.least, case.limit)


def run(full: bool) -> Iterator[Result]:
    """All cases."""
    yield from simulate(WORLDS[full])
