"""Marks that hang on the whole ranking: what else than the brand's answers its place rests on (metrics.md, sections 3 and 4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from socialbench.measure.plan import DEFAULT_RANK
from socialbench.measure.result import BrandResult, Rank

FEW = 0.3
"""Where less of the inbound needs a response, the labels decide who is measured at all."""


def marked(results: Sequence[BrandResult], ranks: Mapping[str, Rank], ranked_by: str) -> list[BrandResult]:
    """The brands with the marks `depends_on_classification` and `mix_dependent`, where ranked by the score."""
    if ranked_by != DEFAULT_RANK:
        return list(results)
    ranked = [result for result in results if result.name in ranks]
    return [_marked(result, ranked, ranks) if result.name in ranks else result for result in results]


def _marked(brand: BrandResult, ranked: Sequence[BrandResult], ranks: Mapping[str, Rank]) -> BrandResult:
    others = [other for other in ranked if other.name != brand.name]
    mixed = sorted(other.name for other in others if mix_makes_order(brand, other, ranks))
    marks = {
        **brand.marks,
        "depends_on_classification": _few_need(brand) or any(classification_makes_order(brand, other) for other in others),
        "mix_dependent": bool(mixed),
    }
    told = [f"the network mix alone makes the order against {', '.join(mixed)}"] if mixed else []
    return replace(brand, marks=marks, notes=(*brand.notes, *told))


def _few_need(brand: BrandResult) -> bool:
    share = brand.metrics["needs_response_share"].value
    return share is not None and share < FEW


def classification_makes_order(one: BrandResult, other: BrandResult) -> bool:
    """Whether counting all inbound turns the two about, beyond the intervals.

    One has the higher score, the other the higher score over all inbound, and there the intervals do not meet.
    """
    upper, lower = (one, other) if _value(one, DEFAULT_RANK) > _value(other, DEFAULT_RANK) else (other, one)
    if _value(upper, DEFAULT_RANK) == _value(lower, DEFAULT_RANK):
        return False
    above, below = lower.metrics["score_all_inbound"], upper.metrics["score_all_inbound"]
    return above.low is not None and below.high is not None and above.low > below.high


def mix_makes_order(one: BrandResult, other: BrandResult, ranks: Mapping[str, Rank]) -> bool:
    """Whether the order of two brands that the ranking tells apart is gone with the same network mix for both.

    Either's rank set tells them apart, and the standardised score of the one with the higher score is not the higher one.
    Both need a standardised score.
    """
    apart = other.name in ranks[one.name].separated_from or one.name in ranks[other.name].separated_from
    mine, theirs = one.metrics["score_standardised"].value, other.metrics["score_standardised"].value
    if not apart or mine is None or theirs is None:
        return False
    ahead = _value(one, DEFAULT_RANK) > _value(other, DEFAULT_RANK)
    return mine <= theirs if ahead else theirs <= mine


def _value(brand: BrandResult, metric: str) -> float:
    value = brand.metrics[metric].value
    return -1.0 if value is None else value
