"""The ends that influence values give, beside those of bootstraps over authors."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from socialbench.measure.sample import Sample
from socialbench.measure.score import SOCIAL, expectation_score
from socialbench.measure.survival import curve
from tests.bench.result import Result
from tests.bench.worlds import DAY_S, WEEK_S, Floats, Habit, answers, authors_of, sample_of, units_of

WORLDS = (30, 200)
DRAWS = 1_000
"""Of each bootstrap, as is usual."""
COUNT, DAYS = 600, 9
"""Under ten days intervals are clustered by author alone, as these bootstraps are."""


def world(draw: np.random.Generator) -> Sample:
    """A brand whose last messages were watched for a day only: a quarter of the unanswered is censored early."""
    author = draw.permutation(authors_of(draw, COUNT, "geometric"))
    day = draw.integers(0, DAYS, COUNT)
    watched = np.where(draw.random(COUNT) < 0.25, draw.uniform(DAY_S, WEEK_S, COUNT), WEEK_S)
    return sample_of(units_of(answers(draw, Habit(), author, day), watched, author, day))


def bootstrap(draw: np.random.Generator, sample: Sample) -> tuple[float, float]:
    """2.5 and 97.5 % of the score over draws of authors with replacement, each with all its messages."""
    units = sample.openers
    order = np.argsort(units.author, kind="stable")
    _, sizes = np.unique(units.author, return_counts=True)
    starts = np.cumsum(sizes) - sizes
    scores = np.empty(DRAWS)
    for place in range(DRAWS):
        drawn = draw.integers(0, len(sizes), len(sizes))
        many = sizes[drawn]
        within = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        taken = order[np.repeat(starts[drawn], many) + within]
        found = curve(units.duration_s[taken], units.answered[taken])
        scores[place] = 100 * sum(weight * found.answered_by(horizon) for weight, horizon in SOCIAL)
    low, high = np.quantile(scores, [0.025, 0.975])
    return float(low), float(high)


def simulate(worlds: int) -> Iterator[Result]:
    """Mean distances of the ends, in points of the score, over so many worlds."""
    draw = np.random.default_rng(2)
    shortcut, noise = np.empty((worlds, 2)), np.empty((worlds, 2))
    for place in range(worlds):
        sample = world(draw)
        found = expectation_score(sample).figure
        one, other = (np.array(bootstrap(draw, sample)) for _ in range(2))
        ends = np.array([found.low, found.high], dtype=np.float64)
        shortcut[place] = (np.abs(ends - one) + np.abs(ends - other)) / 2
        noise[place] = np.abs(one - other)
    for place, end in enumerate(("lower", "upper")):
        yield _mean(f"{end} end, bootstrap to bootstrap", noise[:, place])
        yield _mean(f"{end} end, influence to bootstrap", shortcut[:, place])
    ratio = float(shortcut.mean() / noise.mean())
    error = ratio * float(np.hypot(*(part.mean(axis=1).std(ddof=1) / part.mean() / worlds**0.5 for part in (shortcut, noise))))
    yield Result("influence to bootstrap, in distances between two bootstraps", ratio, "times", 2.0, error=error)


def _mean(what: str, distances: Floats) -> Result:
    return Result(what, float(distances.mean()), "points", error=float(distances.std(ddof=1) / len(distances) ** 0.5))


def run(full: bool) -> Iterator[Result]:
    """All of it."""
    yield from simulate(WORLDS[full])
