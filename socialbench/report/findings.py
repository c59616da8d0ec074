"""Key figures: sentences that the data make true, each with pointers to the figures that carry it.

A sentence is written only where the intervals carry it; numbers stand in the figures, never in the sentence,
except for counts of brands, which are facts of the ranking itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from socialbench.report import words
from socialbench.report.tree import pointer

Tree = Mapping[str, Any]
Finding = dict[str, Any]
HALF = 0.5
NAME_LIMIT = 60


def find_findings(tree: Tree) -> list[Finding]:
    """Write the sentences that this report's intervals carry, in a fixed order."""
    ranked = sorted(
        ((index, brand) for index, brand in enumerate(tree["brands"]) if brand["rank"]),
        key=lambda row: (row[1]["rank"]["value"], row[1]["name"]),
    )
    rules = (_first_place, _last_place, _widest_gap, _left_waiting, _half_answered)
    return [finding for rule in rules if (finding := rule(ranked, tree["ranked_by"]))]


def _first_place(ranked: Sequence[tuple[int, Tree]], ranked_by: str) -> Finding | None:
    """Who can hold the first place: all brands whose rank set begins at 1."""
    if len(ranked) < 2:
        return None
    able = [(index, brand) for index, brand in ranked if brand["rank"]["low"] == 1]
    index, leader = ranked[0]
    if len(able) == 1 and leader["rank"]["high"] == 1:
        text = f"{_called(leader)} leads, and no other brand can hold the first place."
    else:
        text = f"{len(able)} of {len(ranked)} ranked brands could hold the first place: the leaders cannot be told apart."
    return {"text": text, "figures": [pointer("brands", index, "metrics", ranked_by)]}


def _last_place(ranked: Sequence[tuple[int, Tree]], ranked_by: str) -> Finding | None:
    if len(ranked) < 3:
        return None
    index, last = ranked[-1]
    if last["rank"]["low"] != len(ranked):
        return None
    text = f"{_called(last)} stands last, and no other brand can hold that place."
    return {"text": text, "figures": [pointer("brands", index, "metrics", ranked_by)]}


def _widest_gap(ranked: Sequence[tuple[int, Tree]], _: str) -> Finding | None:
    """The highest and the lowest share answered within a day, where their intervals do not meet."""
    metric = "answered_within_24h"
    shares = [(index, brand) for index, brand in ranked if _ends(brand, metric)]
    if len(shares) < 2:
        return None
    shares.sort(key=lambda row: (row[1]["metrics"][metric]["value"], row[1]["name"]))
    (low_index, lowest), (high_index, highest) = shares[0], shares[-1]
    if lowest["metrics"][metric]["high"] >= highest["metrics"][metric]["low"]:
        return None
    text = f"Within a day, from one end to the other: {_called(highest)} and {_called(lowest)}."
    return {"text": text, "figures": [pointer("brands", index, "metrics", metric) for index in (high_index, low_index)]}


def _left_waiting(ranked: Sequence[tuple[int, Tree]], _: str) -> Finding | None:
    """Brands that leave most customers without an answer, upper ends included."""
    metric = "response_rate"
    low = [(index, brand) for index, brand in ranked if _ends(brand, metric) and brand["metrics"][metric]["high"] < HALF]
    if not low:
        return None
    low.sort(key=lambda row: (row[1]["metrics"][metric]["value"], row[1]["name"]))
    verb = "brand leaves" if len(low) == 1 else "brands leave"
    text = f"{len(low)} of {len(ranked)} ranked {verb} most of the customers who need an answer without one."
    return {"text": text, "figures": [pointer("brands", low[0][0], "metrics", metric)]}


def _half_answered(ranked: Sequence[tuple[int, Tree]], _: str) -> Finding | None:
    """The shortest median, where its interval lies under that of every other brand that has one."""
    metric = "median_latency_s"
    timed = [(index, brand) for index, brand in ranked if brand["metrics"].get(metric, {}).get("low") is not None]
    reached = [row for row in timed if row[1]["metrics"][metric]["value"] is not None]
    if not reached or len(timed) < 2:
        return None
    index, fastest = min(reached, key=lambda row: (row[1]["metrics"][metric]["value"], row[1]["name"]))
    high = fastest["metrics"][metric]["high"]
    others = [brand["metrics"][metric]["low"] for other, brand in timed if other != index]
    best = high is not None and all(high < low for low in others) and len(timed) == len(ranked)
    text = (
        f"{_called(fastest)} answers fastest: half of its customers have an answer by then."
        if best
        else f"{_called(fastest)} is among the fastest: half of its customers have an answer by then."
    )
    return {"text": text, "figures": [pointer("brands", index, "metrics", metric)]}


def _ends(brand: Tree, metric: str) -> bool:
    """Whether a brand has the figure with both ends of its interval."""
    figure = brand["metrics"].get(metric, {})
    return None not in (figure.get("value"), figure.get("low"), figure.get("high"))


def _called(brand: Tree) -> str:
    """A brand's name as a sentence can hold it."""
    return words.name(brand["name"], NAME_LIMIT)
