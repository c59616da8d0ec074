"""Composites: percentiles, weights, what a missing network does, and ranges over other weights."""

from __future__ import annotations

from dataclasses import replace

import pytest

from socialbench.measure.composite import Composite
from socialbench.measure.metrics import registry
from socialbench.measure.plan import COMPOSITE, Part, Plan
from socialbench.measure.preset import load_preset
from socialbench.measure.result import BrandResult, Gate, Slice
from tests.measure.results import figure, measured, on_networks

BOTH = Plan(rank_by=COMPOSITE, composite=(Part(2, ("response_rate",)), Part(1, ("median_latency_s",))))


def three() -> list[BrandResult]:
    return [
        measured("A", response_rate=0.9, median_latency_s=900.0),
        measured("B", response_rate=0.5, median_latency_s=60.0),
        measured("C", response_rate=0.1, median_latency_s=300.0),
    ]


def test_composite_is_the_weighted_mean_of_mid_rank_percentiles() -> None:
    """Of three the percentiles are 1/6, 1/2 and 5/6: A has 5/6 twice and 1/6 once, B 1/2 and 5/6, C 1/6 and 1/2."""
    found = Composite(three(), BOTH).values()
    expected = {"A": (2 * 5 + 1) / 18, "B": (2 * 3 + 5) / 18, "C": (2 * 1 + 3) / 18}
    assert found == {name: pytest.approx(100 * value) for name, value in expected.items()}
    assert [(rank.value, rank.label) for rank in Composite(three(), BOTH).ranked().values()] == [(1, "1 ="), (1, "1 ="), (3, "3")]


def test_composite_ranges_say_which_places_other_weights_could_give() -> None:
    """A and B change places as soon as the weights leave 2 to 1; C is below both whatever they are."""
    ranks = Composite(three(), BOTH).ranked()
    assert [(rank.low, rank.high) for rank in ranks.values()] == [(1, 2), (1, 2), (3, 3)]
    assert ranks == Composite(three()[::-1], BOTH).ranked()


def test_composite_counts_only_brands_that_may_be_ranked() -> None:
    out = replace(measured("D", response_rate=1.0, median_latency_s=1.0), gate=Gate("too few", 0, 0))
    assert Composite([*three(), out], BOTH).values() == Composite(three(), BOTH).values()


@pytest.mark.parametrize(("missing", "expected"), [("leaves", 75.0), ("zero", 25.0), ("unranked", None)])
def test_composite_of_a_missing_network(missing: str, expected: float | None) -> None:
    """A is alone on Facebook; on X it is the better of two: 75. Weights 1 and 2."""
    parts = (Part(1, ("response_rate",), "x"), Part(2, ("response_rate",), "facebook"))
    plan = Plan(rank_by=COMPOSITE, composite=parts, missing=missing)  # type: ignore[arg-type]
    brands = [
        on_networks(measured("A"), {"x": {"response_rate": 0.9}}),
        on_networks(measured("B"), {"x": {"response_rate": 0.2}, "facebook": {"response_rate": 0.2}}),
    ]
    composite = Composite(brands, plan)
    assert composite.values().get("A") == (None if expected is None else pytest.approx(expected))
    assert composite.told("A") == "without facebook response_rate"


def test_social_brands_weighs_facebook_above_x_above_youtube() -> None:
    """Of two brands one is first on Facebook alone, the other on X and YouTube: 75 and 25 of each."""
    plan = load_preset("sb100-2013").plan
    names = {metric for part in plan.composite for metric in part.metrics}

    def brand(name: str, best: set[str]) -> BrandResult:
        slices = {}
        for network in ("x", "facebook", "youtube"):
            good = {metric: 1.0 if registry()[metric].better == "high" else 0.0 for metric in names}
            bad = {metric: 1.0 - value for metric, value in good.items()}
            slices[network] = Slice({m: figure(v) for m, v in (good if network in best else bad).items()})
        return replace(measured(name), networks=slices)

    found = Composite([brand("Face", {"facebook"}), brand("Rest", {"x", "youtube"})], plan).values()
    assert found == {"Face": pytest.approx(45 * 0.75 + 55 * 0.25), "Rest": pytest.approx(55 * 0.75 + 45 * 0.25)}
