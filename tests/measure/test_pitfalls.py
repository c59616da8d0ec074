"""Mistakes of docs/metrics.md that change figures without a word, each made beside the figure that avoids it."""

from __future__ import annotations

import numpy as np
import pytest

from socialbench.measure.brand import measure
from socialbench.measure.engine import run
from socialbench.measure.metrics import registry
from socialbench.measure.prepare import prepare
from socialbench.measure.rules import Rules
from socialbench.measure.sample import Sample, example
from socialbench.model import Brand, Handle, How
from tests.measure.frames import ACME, DAY, MINUTE, World

WEEK_S = 604_800


def value(name: str, sample: Sample) -> float | None:
    return registry()[name].of(sample).value


def test_mean_is_no_median() -> None:
    """Eighteen answers after a minute and two after six days: a mean of over 14 hours, a median of a minute."""
    sample = example([(60, WEEK_S)] * 18 + [(518_400, WEEK_S)] * 2)
    assert value("answered_mean_s", sample) == (18 * 60 + 2 * 518_400) / 20
    assert (value("median_latency_s", sample), value("answered_median_s", sample)) == (60.0, 60.0)


def test_unanswered_stay_in_rates_and_times() -> None:
    """Ten answered after a minute, thirty ignored: joined to their answers all would be answered after a minute."""
    world = World()
    for place in range(40):
        key = world.ask(100 + place, place * 60)
        if place < 10:
            world.answer(key, place * 60 + 1)
    found = measure(ACME, prepare(world.frames()), Rules()).metrics
    assert found["response_rate"].value == pytest.approx(0.25)
    assert (found["median_latency_s"].value, found["median_latency_s"].reached) == (None, False)
    assert found["answered_median_s"].value == 60.0


def test_answers_after_an_hour_are_told_apart() -> None:
    """Two brands that answer nothing within the hour: one after two hours, one after three days."""
    quick, slow = example([(7_200, WEEK_S)] * 20), example([(259_200, WEEK_S)] * 20)
    assert value("answered_within_1h", quick) == value("answered_within_1h", slow) == 0.0
    assert (value("median_latency_s", quick), value("median_latency_s", slow)) == (7_200.0, 259_200.0)
    assert (value("expectation_score", quick) or 0) > (value("expectation_score", slow) or 0)


@pytest.mark.parametrize("hours", [24, 72, 240])
def test_window_cut_by_collection_moves_the_plain_share_and_not_the_curve(hours: int) -> None:
    """Each message is answered after 12 h: half of a day's are too young to tell, and A(12 h) is 1 all the same."""
    start = np.arange(hours) + 0.5
    watched = hours - start
    sample = example([(43_200.0 if left >= 12 else None, 3_600 * left) for left in watched])
    assert value("answered_share", sample) == pytest.approx((hours - 12) / hours)
    found = registry()["answered_within_12h"].of(sample)
    assert found.value == 1.0 if hours > 32 else found.note == "not watched long enough"


def test_message_to_two_brands_is_one_row_for_each() -> None:
    """Sixty customers ask both; one brand answers all, the other none: neither has the other's answers."""
    world = World(accounts=[(1, "acme"), (2, "other")])
    for place in range(60):
        key = world.ask(100 + place, place * 60)
        world.addresses.append({"message": key, "account": 2, "how": int(How.LEADING), "basis": world.addresses[-1]["basis"]})
        world.answer(key, place * 60 + 1)
    for account in (1, 2):
        world.cover(0, 60 * DAY / MINUTE, account=account)
    brands = [ACME, Brand("Other", None, (Handle("x", "other"),))]
    found = [result.metrics for result in run(brands, world.frames(), Rules()).brands]
    assert [metrics["inbound_count"].value for metrics in found] == [60.0, 60.0]
    assert [metrics["response_rate"].value for metrics in found] == [1.0, 0.0]
