"""The same habits seen through windows of a day, a week and a month."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from socialbench.measure.intervals import wilson
from socialbench.measure.metrics import registry
from tests.bench.result import Result, share
from tests.bench.worlds import DAY_S, Habit, answers, sample_of, units_of

WORLDS = (300, 2_000)
COUNT = 600
"""Messages in each window, evenly over it, each by an author of its own."""
HABIT = Habit(alike=0.0)
"""60 % ever answered, log-normal around 3 h, sigma 1.6."""
WINDOWS = {"24 h": (1, 44), "7 d": (7, 57), "30 d": (30, 59)}
"""Days, and the naive rate that such a window shows, in %."""
SIX_H_S = 21_600.0


def simulate(worlds: int) -> Iterator[Result]:
    """A(6 h) by the curve and the share answered so far, each window in so many worlds."""
    truth = HABIT.within(SIX_H_S)
    curve, naive = registry()["answered_within_6h"], registry()["answered_share"]
    for number, (name, (days, expected)) in enumerate(WINDOWS.items()):
        draw, held, found, plain, naive_held = np.random.default_rng([4, number]), [], [], [], []
        for _ in range(worlds):
            start = np.sort(draw.uniform(0, days * DAY_S, COUNT))
            each, day = np.arange(COUNT), (start // DAY_S).astype(np.int64)
            sample = sample_of(units_of(answers(draw, HABIT, each, day), days * DAY_S - start, each, day))
            by_curve, so_far = curve.of(sample), naive.of(sample)
            assert by_curve.value is not None and by_curve.low is not None and by_curve.high is not None
            assert so_far.value is not None
            found.append(by_curve.value)
            held.append(float(by_curve.low <= truth <= by_curve.high))
            plain.append(so_far.value)
            low, high = wilson(so_far.value, COUNT)
            naive_held.append(float(low <= HABIT.ever <= high))
        yield share(f"window of {name}: A(6 h), on average (true {100 * truth:.1f})", found, 39.0, 41.0)
        yield share(f"window of {name}: intervals that hold the true A(6 h)", held, 92.0)
        yield share(f"window of {name}: answered so far, on average", plain, expected - 1, expected + 1)
        yield share(f"window of {name}: Wilson's intervals of it that hold the 60 % ever answered", naive_held)


def run(full: bool) -> Iterator[Result]:
    """All of it."""
    yield from simulate(WORLDS[full])
