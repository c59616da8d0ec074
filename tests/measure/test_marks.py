"""Marks of the ranking: what else than the brand's answers a place rests on."""

from __future__ import annotations

import pytest

from socialbench.measure.marks import marked
from socialbench.measure.ranking import Scored, rank
from socialbench.measure.result import BrandResult
from tests.measure.results import measured


def marks(*brands: BrandResult, ranked_by: str = "expectation_score") -> dict[str, set[str]]:
    scored = [Scored(brand.name, brand.metrics[ranked_by].value or 0.0, brand.influence) for brand in brands]
    found = marked(brands, rank(scored), ranked_by)
    return {brand.name: {name for name, on in brand.marks.items() if on} for brand in found}


def brand(name: str, score: float, everybody: float, mix: float | None, needing: float = 0.6) -> BrandResult:
    return measured(
        name, expectation_score=score, score_all_inbound=everybody, score_standardised=mix, needs_response_share=needing
    )


def test_marks_are_absent_where_nothing_turns_the_order() -> None:
    assert marks(brand("A", 80, 60, 80), brand("B", 50, 40, 50)) == {"A": set(), "B": set()}


@pytest.mark.parametrize(("everybody", "on"), [((40, 43), True), ((40, 41.5), False), ((40, 30), False)])
def test_mark_depends_on_classification_where_all_inbound_turns_the_order(everybody: tuple[float, float], on: bool) -> None:
    """Intervals are one to either side: 40 and 43 do not meet, 40 and 41.5 do."""
    found = marks(brand("A", 80, everybody[0], 80), brand("B", 50, everybody[1], 50))
    assert found == {name: {"depends_on_classification"} if on else set() for name in "AB"}


def test_mark_depends_on_classification_where_few_need_a_response() -> None:
    found = marks(brand("A", 80, 60, 80, needing=0.29), brand("B", 50, 40, 50, needing=0.3))
    assert found == {"A": {"depends_on_classification"}, "B": set()}


def test_mark_mix_dependent_where_one_mix_for_both_turns_a_separated_pair() -> None:
    found = marks(brand("A", 80, 60, 40), brand("B", 50, 40, 45), brand("C", 20, 10, 20))
    assert found == {"A": {"mix_dependent"}, "B": {"mix_dependent"}, "C": set()}


def test_mark_mix_dependent_is_of_pairs_told_apart() -> None:
    """80 and 79.5 with one to either side are not told apart: there is no order for the mix to make."""
    assert marks(brand("A", 80, 60, 40), brand("B", 79.5, 40, 45)) == {"A": set(), "B": set()}
    assert marks(brand("A", 80, 60, None), brand("B", 50, 40, 45)) == {"A": set(), "B": set()}


def test_marks_name_the_brands_that_the_mix_puts_in_order() -> None:
    brands = [brand("A", 80, 60, 40), brand("B", 50, 40, 45)]
    ranks = rank([Scored(one.name, one.score or one.metrics["expectation_score"].value or 0, one.influence) for one in brands])
    assert marked(brands, ranks, "expectation_score")[0].notes == ("the network mix alone makes the order against B",)


def test_marks_are_of_rankings_by_the_score() -> None:
    assert marks(brand("A", 80, 40, 40), brand("B", 50, 60, 60), ranked_by="score_standardised") == {"A": set(), "B": set()}
