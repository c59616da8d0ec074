"""The findings family: what is claimed holds at 5 % together, and equal brands are seldom told apart."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from socialbench.measure.claims import Spread, claims_of, p_above
from socialbench.measure.intervals import wilson
from socialbench.measure.result import BrandResult, Claim, Figure
from tests.measure.results import measured

SHARES = ("answered_within_2h", "answered_within_24h", "response_rate")


def brand(name: str, sector: str | None = None, *, share: float = 0.6, half: float = 0.02, score: float = 50) -> BrandResult:
    shares = dict.fromkeys(SHARES, share)
    return measured(name, sector, half=half, expectation_score=score * half / 2, median_latency_s=1.0, **shares)


def claimed(*brands: BrandResult) -> set[tuple[str, str, tuple[str, ...]]]:
    found = claims_of(brands, [one.name for one in brands], "expectation_score", high=True)
    return {(claim.kind, claim.metric, claim.subjects) for claim in found}


@pytest.mark.parametrize("degrees", [3, 9, 28, 400])
def test_p_value_is_that_of_students_t(degrees: int) -> None:
    """Ends `quantile` standard errors away: a difference of 3 with standard errors of 1 and 1 is 3 / sqrt(2) of t."""
    quantile = stats.t.ppf(0.975, degrees) if degrees < 59 else stats.norm.ppf(0.975)
    spreads = [Spread(value, quantile, quantile, degrees) for value in (3.0, 0.0)]
    law = stats.t(degrees) if degrees < 59 else stats.norm
    assert p_above(*spreads) == pytest.approx(law.sf(3 / np.sqrt(2)), rel=2e-3)


def test_claims_name_the_leader_only_where_it_beats_every_other() -> None:
    far = claimed(brand("A", score=90), brand("B", score=60), brand("C", score=57))
    assert {claim[2] for claim in far if claim[0] == "beaten"} == {("B",), ("C",)}
    near = claimed(brand("A", score=90), brand("B", score=89.5), brand("C", score=57))
    assert {claim[2] for claim in near if claim[0] == "beaten"} == {("C",)}
    assert ("worst", "expectation_score", ("C",)) in near


@pytest.mark.parametrize(("degrees", "told"), [(None, True), (2, False)])
def test_claims_of_few_degrees_of_freedom_need_more(degrees: int | None, told: bool) -> None:
    """Three widths are 5.9 normal errors, and 12.9 of t with 2, p = .003: too much among eleven comparisons at 5 %."""
    brands = [measured(f"B{n:02}", half=2.0, expectation_score=50) for n in range(11)]
    brands += [measured("A", half=2.0, expectation_score=50 + 3 * math.hypot(2, 2))]
    few = [replace(each, influence=replace(each.influence, degrees=degrees)) for each in brands if each.influence]
    assert (("beaten", "expectation_score", ("B00",)) in claimed(*few)) == told


def test_claims_of_a_superlative_need_every_other_brand_to_have_the_figure() -> None:
    timed = [measured(name, half=0.5, expectation_score=50, median_latency_s=value) for name, value in (("A", 1.0), ("B", 5.0))]
    slower, never = (measured("C", half=0.5, expectation_score=50, median_latency_s=value) for value in (9.0, None))
    assert ("best", "median_latency_s", ("A",)) in claimed(*timed, slower)
    assert not [claim for claim in claimed(*timed, never) if claim[0] == "best"]


def test_claims_of_ignored_customers_are_of_shares_under_one_half() -> None:
    found = claimed(brand("A", share=0.4), brand("B", share=0.49))
    assert {claim for claim in found if claim[0] == "under_half"} == {("under_half", "response_rate", ("A",))}


def test_claims_of_sectors_need_five_brands_on_either_side() -> None:
    shops = [brand(f"S{n}", "Shops", share=0.7) for n in range(5)]
    banks = [brand(f"B{n}", "Banks", share=0.5) for n in range(5)]
    found = claimed(*shops, *banks)
    assert ("strength", "response_rate", ("Shops",)) in found
    assert ("weakness", "answered_within_2h", ("Banks",)) in found
    assert not [claim for claim in claimed(*shops, *banks[1:]) if claim[0] in {"strength", "weakness"}]


def test_claims_do_not_hang_on_the_order_of_the_brands() -> None:
    brands = [brand(f"B{n}", "S" if n % 2 else "T", share=0.3 + n / 20, score=20 * n) for n in range(12)]
    mixed = random.Random(3).sample(brands, len(brands))
    names = [one.name for one in brands]
    assert claims_of(mixed, names, "expectation_score", high=True) == claims_of(brands, names, "expectation_score", high=True)


def binomial(events: int, n: int, scale: float = 1) -> Figure:
    low, high = wilson(events / n, n)
    return Figure(scale * events / n, scale * low, scale * high, n=n, authors=n)


def equal_world(seed: int, brands: int = 12, n: int = 200, share: float = 0.7) -> tuple[Claim, ...]:
    """Brands that answer with the same chance, measured on n customers each, in two sectors."""
    draw = np.random.default_rng(seed)
    made = []
    for place in range(brands):
        metrics = {name: binomial(draw.binomial(n, share), n) for name in SHARES}
        metrics["expectation_score"] = binomial(draw.binomial(n, share), n, 100)
        made.append(replace(measured(f"b{place}", "ST"[place % 2]), metrics=metrics))
    return claims_of(made, [one.name for one in made], "expectation_score", high=True)


def test_claims_are_rare_among_brands_without_any_difference() -> None:
    """At 5 % three of 60 worlds are expected; more than seven come by chance once in a hundred times."""
    assert sum(bool(equal_world(seed)) for seed in range(60)) <= 7
