"""How often a report finds a difference among brands that have none."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from socialbench.measure.engine import SECTOR_METRICS, assemble
from socialbench.measure.metrics import registry
from socialbench.measure.mix import parts_of
from socialbench.measure.result import BrandResult, Claim, Gate, RunResult
from socialbench.measure.rules import Rules
from socialbench.measure.score import expectation_score
from socialbench.model import Frames
from tests.bench.result import Result, share
from tests.bench.worlds import Habit, brand

WORLDS = (200, 2_000)
BRANDS, FEWEST, MOST = 12, 60, 600
HABITS = {
    "60 % ever answered": Habit(),
    "60 % ever answered, by days that differ": Habit(by_day=0.8, slow_days=0.8),
    "95 % ever answered within minutes": Habit(ever=0.95, median_s=600.0),
}
METRICS = {*SECTOR_METRICS, "inbound_count", "needs_response_share", "score_all_inbound", "score_standardised"}
"""What claims, tiers, sectors and marks are made of."""


def measured(draw: np.random.Generator, habit: Habit, place: int) -> BrandResult:
    """One brand of two sectors."""
    count = int(np.exp(draw.uniform(np.log(FEWEST), np.log(MOST))))
    sample, name = brand(draw, habit, count, first_author=10_000 * place), f"b{place:02}"
    score = expectation_score(sample, name)
    metrics = {each: score.figure if each == "expectation_score" else registry()[each].of(sample) for each in METRICS}
    return BrandResult(
        name=name,
        sector="ST"[place % 2],
        metrics=metrics,
        gate=Gate(None, count, count),
        marks={"answered_only": False},
        score=score.figure.value,
        influence=score.influence,
        parts=parts_of(sample),
    )


def world(draw: np.random.Generator, habit: Habit) -> RunResult:
    """A benchmark of equal brands, as the engine puts it together from what it measured."""
    nothing = pd.DataFrame()
    frames = Frames(nothing, nothing, nothing, nothing, nothing)
    return assemble([measured(draw, habit, place) for place in range(BRANDS)], frames, Rules())


def difference(claim: Claim) -> bool:
    """Whether a claim says that somebody differs. That a share is under one half says nothing of others."""
    return claim.kind != "under_half"


def simulate(worlds: int) -> Iterator[Result]:
    """Each habit in so many worlds."""
    for number, (name, habit) in enumerate(HABITS.items()):
        draw, claimed, split = np.random.default_rng([5, number]), [], []
        for _ in range(worlds):
            found = world(draw, habit)
            claimed.append(float(any(difference(claim) for claim in found.claims)))
            split.append(float(max(rank.tier or 0 for rank in found.ranks.values()) > 1))
        yield share(f"{BRANDS} equal brands, {name}: worlds with a finding that claims a difference", claimed, limit=9.0)
        yield share(f"{BRANDS} equal brands, {name}: worlds with more than one tier", split)


def run(full: bool) -> Iterator[Result]:
    """All of it."""
    yield from simulate(WORLDS[full])
