"""Sentences that the figures carry: each rests on a claim of the findings family, tested together at 5 %, or claims nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from socialbench.measure.result import Claim
from socialbench.report import words
from socialbench.report.tree import pointer

Tree = Mapping[str, Any]
Finding = dict[str, Any]
NAME_LIMIT = 60
_BETTER = {
    "answered_within_2h": ("answers more of its customers within 2 h", "answers fewer of its customers within 2 h"),
    "response_rate": ("leaves fewer without an answer", "leaves more without an answer"),
}


@dataclass(frozen=True, slots=True)
class _Told:
    """What sentences are made from: the ranked brands by place, each with its index, and what stands at 5 % together."""

    ranked: Sequence[tuple[int, Tree]]
    ranked_by: str
    claims: Sequence[Claim]

    def named(self, kind: str, metric: str) -> list[str]:
        """The subjects of the claims of a kind in a metric."""
        return [subject for claim in self.claims if (claim.kind, claim.metric) == (kind, metric) for subject in claim.subjects]

    def brand(self, name: str) -> tuple[int, Tree]:
        """A ranked brand with its index."""
        return next(row for row in self.ranked if row[1]["name"] == name)


def find_findings(tree: Tree, claims: Sequence[Claim] = ()) -> list[Finding]:
    """Write the sentences that this report's figures carry, in a fixed order; `claim` tells whether one says who is better."""
    ranked = sorted(
        ((index, brand) for index, brand in enumerate(tree["brands"]) if brand["rank"]),
        key=lambda row: (row[1]["rank"]["value"], row[1]["name"]),
    )
    names = {brand["name"] for _, brand in ranked}
    told = _Told(ranked, tree["ranked_by"], [claim for claim in claims if names.issuperset(claim.subjects)])
    rules = (_first_place, _last_place, _widest_gap, _left_waiting, _half_answered)
    return [finding for rule in rules if (finding := rule(told))]


def sector_claim(sector: str, kind: str, claims: Sequence[Claim]) -> str | None:
    """What the family carries as strength or weakness of a sector against the other sectors' mean, None where nothing."""
    said = [_BETTER[claim.metric][kind == "weakness"] for claim in claims if claim.kind == kind and claim.subjects == (sector,)]
    return f"{' and '.join(said)} than the other sectors" if said else None


def _finding(text: str, claim: bool, *pointers: str) -> Finding:
    return {"text": text, "claim": claim, "figures": list(pointers)}


def _first_place(told: _Told) -> Finding | None:
    """Who can hold the first place: all brands that no other is shown to beat.

    "Up to", for the places in brackets are each at 5 % alone, and may already part brands that this family leaves together.
    """
    if len(told.ranked) < 2:
        return None
    beaten = told.named("beaten", told.ranked_by)
    index, leader = told.ranked[0]
    able = len(told.ranked) - len(beaten)
    if able == 1 and leader["name"] not in beaten:
        text = f"{_called(leader)} leads, and no other brand can hold the first place."
    else:
        text = f"Up to {able} of {len(told.ranked)} ranked brands could hold the first place: the leaders cannot be told apart."
    return _finding(text, bool(beaten), pointer("brands", index, "metrics", told.ranked_by))


def _last_place(told: _Told) -> Finding | None:
    last = told.named("worst", told.ranked_by)
    if len(told.ranked) < 3 or not last:
        return None
    index, brand = told.brand(last[0])
    text = f"{_called(brand)} stands last, and no other brand can hold that place."
    return _finding(text, True, pointer("brands", index, "metrics", told.ranked_by))


def _widest_gap(told: _Told) -> Finding | None:
    """The highest and the lowest share answered within a day, where they differ."""
    metric = "answered_within_24h"
    ends = told.named("apart", metric)
    if not ends:
        return None
    (high_index, highest), (low_index, lowest) = told.brand(ends[0]), told.brand(ends[1])
    text = f"Within a day, from one end to the other: {_called(highest)} and {_called(lowest)}."
    return _finding(text, True, *(pointer("brands", index, "metrics", metric) for index in (high_index, low_index)))


def _left_waiting(told: _Told) -> Finding | None:
    """Brands that leave most customers without an answer."""
    metric = "response_rate"
    low = [told.brand(name) for name in told.named("under_half", metric)]
    if not low:
        return None
    low.sort(key=lambda row: (row[1]["metrics"][metric]["value"], row[1]["name"]))
    verb = "brand leaves" if len(low) == 1 else "brands leave"
    text = f"{len(low)} of {len(told.ranked)} ranked {verb} most of the customers who need an answer without one."
    return _finding(text, True, pointer("brands", low[0][0], "metrics", metric))


def _half_answered(told: _Told) -> Finding | None:
    """The shortest median: a superlative where it is below every other, else only that it is among them."""
    metric = "median_latency_s"
    timed = [row for row in told.ranked if row[1]["metrics"].get(metric, {}).get("low") is not None]
    reached = [row for row in timed if row[1]["metrics"][metric]["value"] is not None]
    if not reached or len(timed) < 2:
        return None
    index, fastest = min(reached, key=lambda row: (row[1]["metrics"][metric]["value"], row[1]["name"]))
    best = told.named("best", metric) == [fastest["name"]]
    said = "answers fastest" if best else "is among the fastest"
    text = f"{_called(fastest)} {said}: half of its customers have an answer by then."
    return _finding(text, best, pointer("brands", index, "metrics", metric))


def _called(brand: Tree) -> str:
    """A brand's name as a sentence can hold it."""
    return words.name(brand["name"], NAME_LIMIT)
