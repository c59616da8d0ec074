"""From a measured figure to its place in the JSON: rounded once, here, so that bytes never hang on float noise."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import Any

from socialbench.measure.result import Figure

SHARE_DECIMALS = 4
SCORE_DECIMALS = 2
EFFECT_DECIMALS = 2
SECOND_DECIMALS = 3
FINE_DECIMALS = 6
FINE = frozenset({"engagement_rate"})
"""Shares far below a percent: four decimals would leave them one digit."""


class Unit(StrEnum):
    """What a metric's number means; told by its name (architecture.md, section 7)."""

    SHARE = "share"
    SECONDS = "seconds"
    COUNT = "count"
    SCORE = "score"
    RATIO = "ratio"


@cache
def unit_of(metric: str) -> Unit:
    """Tell a metric's unit from its name.

    >>> [unit_of(name).value for name in ("response_rate", "p90_latency_s", "inbound_count", "score_substantive", "turns")]
    ['share', 'seconds', 'count', 'score', 'ratio']
    """
    if metric.startswith(("answered_within_", "staffed_within_")) or metric.endswith(("_rate", "_share", "_growth")):
        return Unit.SHARE
    if metric.endswith("_s"):
        return Unit.SECONDS
    if metric.endswith(("_count", "_hops")) or "reach" in metric:
        return Unit.COUNT
    return Unit.SCORE if "score" in metric.split("_") else Unit.RATIO


def round_figure(unit: Unit, value: float) -> float | int:
    """Round to the decimals that the JSON keeps: times to milliseconds, which is what the store holds.

    >>> round_figure(Unit.SECONDS, 327.5), round_figure(Unit.SECONDS, 60.0), round_figure(Unit.SHARE, -1e-9)
    (327.5, 60, 0.0)
    """
    if not math.isfinite(value):
        raise ValueError(f"a figure is {value}: measuring must say 'refused' or 'not reached' instead")
    if unit is Unit.COUNT:
        return round(value)
    if unit is Unit.SECONDS:
        fine = round(value, SECOND_DECIMALS)
        return round(value) if fine == round(value) else fine
    return round(value, SCORE_DECIMALS if unit is Unit.SCORE else SHARE_DECIMALS) + 0.0


def figure_tree(metric: str, figure: Figure) -> dict[str, Any]:
    """Write one figure as the JSON has it; `refused` says why there is none."""
    if figure.refused is not None:
        return {"value": None, "refused": figure.refused}
    unit = unit_of(metric)
    fine = metric in FINE and figure.value is not None and math.isfinite(figure.value)
    tree: dict[str, Any] = {"value": round(figure.value or 0.0, FINE_DECIMALS) if fine else _rounded(unit, figure.value)}
    if unit is Unit.SECONDS and figure.reached is not None:
        tree["reached"] = figure.reached
    if unit is not Unit.COUNT or figure.low is not None:
        tree |= {"low": _rounded(unit, figure.low), "high": _rounded(unit, _closed(figure.high)), "n": figure.n}
    if unit in (Unit.SHARE, Unit.SCORE):
        tree |= {
            "authors": figure.authors,
            "design_effect": None if figure.design_effect is None else round(figure.design_effect, EFFECT_DECIMALS),
            "largest_author_share": _rounded(Unit.SHARE, figure.largest_author_share),
            "bounds": None if figure.bounds is None else [_rounded(unit, end) for end in figure.bounds],
        }
    if figure.note:
        tree["note"] = figure.note
    return tree


def figures_tree(metrics: Mapping[str, Figure]) -> dict[str, Any]:
    """Write a set of figures, in the order given."""
    return {name: figure_tree(name, figure) for name, figure in metrics.items()}


def curve_rows(curve: Sequence[tuple[float, float, float | None, float | None]]) -> list[list[float | int | None]]:
    """Round a time-to-answer curve: seconds, share answered, and its interval."""
    rows: list[list[float | int | None]] = []
    for seconds, share, low, high in curve:
        ends = [None if end is None else round_figure(Unit.SHARE, end) for end in (low, high)]
        rows.append([round_figure(Unit.SECONDS, seconds), round_figure(Unit.SHARE, share), *ends])
    return rows


def _rounded(unit: Unit, value: float | None) -> float | int | None:
    return None if value is None else round_figure(unit, value)


def _closed(high: float | None) -> float | None:
    """An infinite upper end is an open one."""
    return None if high is None or high == math.inf else high
