"""What must hold whatever the data: the textbook forms without clusters, and what an ignored message or another brand moves."""

from __future__ import annotations

import math
import warnings

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from socialbench.measure.brand import measure
from socialbench.measure.engine import run
from socialbench.measure.metrics import registry
from socialbench.measure.metrics.rates import HORIZONS_S
from socialbench.measure.prepare import prepare
from socialbench.measure.result import Figure
from socialbench.measure.rules import Rules
from socialbench.measure.sample import example
from socialbench.model import Brand, Frames, Handle
from tests.measure.frames import DAY, MINUTE, World

WEEK_S = 604_800
WAITS = st.lists(
    st.one_of(
        st.tuples(st.integers(0, WEEK_S), st.just(WEEK_S)),
        st.tuples(st.none(), st.integers(1, WEEK_S)),
        st.tuples(st.sampled_from(sorted(HORIZONS_S.values())), st.just(WEEK_S)),
    ),
    min_size=20,
    max_size=80,
)
SURE = 2 * stats.norm.cdf(1.96) - 1
"""The level of Wilson's intervals here, whose z is 1.96."""


@settings(max_examples=60, deadline=None)
@given(WAITS)
def test_shares_without_clusters_equal_scipy(waits: list[tuple[int | None, int]]) -> None:
    sample = example(waits)
    uncensored = [wait for wait, _ in waits if wait is not None]
    right = [watched for wait, watched in waits if wait is None]
    curve = stats.ecdf(stats.CensoredData(uncensored=uncensored, right=right)).sf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        band = curve.confidence_interval(0.95, method="log-log")
    for label, horizon in HORIZONS_S.items():
        found = registry()[f"answered_within_{label}"].of(sample)
        if found.value is None:
            assert sum(watched >= horizon for _, watched in waits) < 20
            continue
        share = 1 - curve.evaluate(horizon)
        assert found.value == pytest.approx(share, abs=1e-9)
        if 1e-9 < share < 1 - 1e-9:
            expected = (1 - band.high.evaluate(horizon), 1 - band.low.evaluate(horizon))
            assert (found.low, found.high) == pytest.approx(expected, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(WAITS)
def test_plain_shares_without_clusters_equal_scipy(waits: list[tuple[int | None, int]]) -> None:
    answered = sum(wait is not None for wait, _ in waits)
    expected = stats.binomtest(answered, len(waits)).proportion_ci(SURE, method="wilson")
    found = registry()["answered_share"].of(example(waits))
    assert (found.value, found.low, found.high) == pytest.approx((answered / len(waits), *expected), abs=1e-9)


TALK = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 9000), st.integers(0, 3000), st.booleans()), min_size=25, max_size=50
)
"""Author, minute, wait, answered."""
ACME = Brand("Acme", "Retail", (Handle("x", "acme"), Handle("bluesky", "acme")))
BETTER = [entry for entry in registry().values() if entry.better != "none" and entry.unit in {"share", "s", "points"}]


def talked(talk: list[tuple[int, int, int, bool]], ignored: int | None = None) -> Frames:
    """The talk on X, thirty customers on Bluesky, and, at a minute, a new author on X who is ignored."""
    world = World(accounts=[(1, "acme"), (2, "acme")])
    for author, minute, wait, answered in talk:
        key = world.ask(100 + author, minute)
        if answered:
            world.answer(key, minute + wait)
    for place in range(30):
        world.say(2, place * 50 + 3, to=world.ask(500 + place, place * 50, account=2, space=2), space=2)
    if ignored is not None:
        world.ask(9_999, ignored)
    for account in (1, 2):
        world.cover(0, 60 * DAY / MINUTE, account=account)
    frames = world.frames()
    spaces = pd.DataFrame([{"key": 1, "network": "x", "origin": ""}, {"key": 2, "network": "bluesky", "origin": ""}])
    return Frames(frames.messages, frames.addresses, frames.accounts.assign(space=[1, 2]), frames.coverage, spaces)


def size(figure: Figure) -> float | None:
    """The figure; a quantile that is not reached is longer than any time."""
    return math.inf if figure.reached is False else figure.value


@settings(max_examples=20, deadline=None)
@given(TALK, st.integers(0, 9000))
def test_an_ignored_message_of_a_new_author_improves_nothing_on_its_network(
    talk: list[tuple[int, int, int, bool]], minute: int
) -> None:
    before, after = (measure(ACME, prepare(talked(talk, ignored)), Rules()).networks["x"].metrics for ignored in (None, minute))
    assert len(BETTER) > 20
    for entry in BETTER:
        if entry.given == "everywhere":
            old, new = size(before[entry.name]), size(after[entry.name])
            sign = 1 if entry.better == "high" else -1
            assert old is None or new is None or sign * new <= sign * old + 1e-9, entry.name


@settings(max_examples=15, deadline=None)
@given(TALK, TALK)
def test_another_brand_moves_no_value(talk: list[tuple[int, int, int, bool]], other: list[tuple[int, int, int, bool]]) -> None:
    """The two share customers, and the other is answered or not as it likes."""
    world = World(accounts=[(1, "acme"), (2, "other")])
    for account, part in ((1, talk), (2, other)):
        for author, minute, wait, answered in part:
            key = world.ask(100 + author, minute, account=account)
            if answered:
                world.say(account, minute + wait, to=key)
        world.cover(0, 60 * DAY / MINUTE, account=account)
    brands = [Brand("Acme", "Retail", (Handle("x", "acme"),)), Brand("Other", "Retail", (Handle("x", "other"),))]
    rules = Rules(min_units=1, min_authors=1)
    alone, beside = (run(brands[:count], world.frames(), rules).brands[0] for count in (1, 2))
    assert alone.metrics == beside.metrics
    assert (alone.networks, alone.weeks, alone.curve, alone.gate) == (beside.networks, beside.weeks, beside.curve, beside.gate)
