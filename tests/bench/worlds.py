"""Invented brands with known habits, as the product's own units: who writes when, and how long an answer takes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import stats

from socialbench.measure.sample import Sample
from socialbench.measure.score import SOCIAL
from socialbench.measure.units import Units, made_up

DAY_S, WEEK_S = 86_400.0, 604_800.0
TAILS = {"heavy": 1.5, "long": 2.5}
"""P(an author writes more than s) = s to minus this: above 2 the variance exists; under 1.5 one has a fifth of a hundred."""
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Habit:
    """How a brand answers: `ever` is the share that is answered at all, times are log-normal around `median_s`.

    `alike` (0 to 1): how much an author's messages share their fate. `by_day` (log odds) and `slow_days` (log seconds):
    standard deviations of what a day does to all its messages.
    """

    ever: float = 0.6
    median_s: float = 3 * 3600.0
    sigma: float = 1.6
    alike: float = 0.3
    by_day: float = 0.0
    slow_days: float = 0.0

    def within(self, horizon_s: float) -> float:
        """The true share answered by a horizon, over all days and authors."""
        nodes, weights = np.polynomial.hermite_e.hermegauss(81)
        weights = weights / weights.sum()
        ever = float(weights @ _odds(self.ever, self.by_day * nodes))
        spread = float(np.hypot(self.sigma, self.slow_days))
        return ever * float(stats.norm.cdf(np.log(horizon_s / self.median_s) / spread))

    @property
    def score(self) -> float:
        """The true score on a network with X's profile."""
        return 100 * sum(weight * self.within(horizon) for weight, horizon in SOCIAL)


def _odds(share: float, shift: Floats) -> Floats:
    return np.asarray(1 / (1 + (1 - share) / share * np.exp(-shift)), dtype=np.float64)


def authors_of(draw: np.random.Generator, count: int, tail: str) -> Ints:
    """The author of each of `count` messages: as many each as a geometric law (2 on average) or a tail of TAILS gives."""
    sizes = draw.geometric(0.5, count) if tail == "geometric" else 1 + np.floor(draw.pareto(TAILS[tail], count)).astype(int)
    return np.repeat(np.arange(count), np.minimum(sizes, count))[:count]


def answers(draw: np.random.Generator, habit: Habit, author: Ints, day: Ints) -> Floats:
    """Seconds to the answer of each message, NaN without one."""
    ever = _odds(habit.ever, habit.by_day * draw.standard_normal(day.max() + 1))[day]
    fate = draw.random(len(author))
    shared = draw.random(author.max() + 1)[author]
    # With chance `alike` a message shares its author's draw, so that single messages keep their distribution.
    fate = np.where(draw.random(len(author)) < habit.alike**0.5, shared, fate)
    own, theirs = draw.standard_normal(len(author)), draw.standard_normal(author.max() + 1)[author]
    pace = habit.sigma * (habit.alike**0.5 * theirs + (1 - habit.alike) ** 0.5 * own)
    pace = pace + habit.slow_days * draw.standard_normal(day.max() + 1)[day]
    return np.where(fate < ever, habit.median_s * np.exp(pace), np.nan)


def units_of(latency_s: Floats, watched_s: Floats, author: Ints, day: Ints) -> Units:
    """Units with these times, as the product makes them."""
    pairs = list(zip([None if wait != wait else float(wait) for wait in latency_s], watched_s.tolist(), strict=True))
    made = made_up(pairs, authors=author.tolist())
    return replace(made, day=day, start_at=day * 86_400_000)


def sample_of(units: Units) -> Sample:
    """A brand with these openers and no other message."""
    return Sample(units=units, openers=units, inbound=len(units), all_units=len(units), all_openers=units)


def brand(
    draw: np.random.Generator, habit: Habit, count: int, *, days: int = 28, tail: str = "geometric", first_author: int = 0
) -> Sample:
    """A brand that is written to `count` times over `days` days, each message watched for the whole follow-up."""
    author = draw.permutation(authors_of(draw, count, tail))
    # Days differ in how much comes in, as they do.
    busy = draw.gamma(4.0, size=days)
    day = draw.choice(days, count, p=busy / busy.sum())
    latency = answers(draw, habit, author, day)
    return sample_of(units_of(latency, np.full(count, WEEK_S), author + first_author, day))
