"""What a page prints: figures with their intervals, names that cannot break out of a column, places on a scale."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from socialbench.report import words
from socialbench.report.curves import log_place, thin
from socialbench.report.figures import Unit, unit_of
from socialbench.report.tree import Report, Tree

Cell = dict[str, Any]
FIRST, LAST = 60.0, 604_800.0
NAME_LIMIT, TEXT_LIMIT = 70, 600
_UNBROKEN = re.compile(r"\S{17,}")
_NUMBER = re.compile(r"(\d) (min|h|days)\b")
_HARD = "\u00a0"
_PIECE = 8
_PLACES = 4


def text(shown: str, limit: int | None = TEXT_LIMIT) -> str:
    """Make text safe to print, and long words breakable anywhere, so that none leaves its column.

    >>> text("a\\x00b"), text("W" * 20).split("\\u200b")
    ('a�b', ['WWWWWWWW', 'WWWWWWWW', 'WWWW'])
    """
    return _UNBROKEN.sub(lambda found: _pieces(found.group()), words.name(shown, limit))


def _pieces(word: str) -> str:
    return "\u200b".join(word[start : start + _PIECE] for start in range(0, len(word), _PIECE))


def name(shown: str) -> str:
    """A name as a table or a sentence holds it."""
    return text(shown, NAME_LIMIT)


def cell(metric: str, figure: Tree | None) -> Cell:
    """A figure with the lines that stand small beneath it: its interval, and its bounds where unknown times matter."""
    bounds = words.bounds(metric, figure)
    small = [part for part in (words.interval(metric, figure), f"bounds {bounds}" if bounds else "") if part]
    return {"text": whole(words.figure(metric, figure)), "small": "\n".join(map(whole, small))}


def whole(shown: str) -> str:
    """Keep a number and its unit on one line; an interval may break behind its dash.

    >>> whole("1 h 40 – 2 h 40").split(), whole("bounds 16.0–19.1").split()
    (['1', 'h', '40', '–', '2', 'h', '40'], ['bounds', '16.0–19.1'])
    >>> whole("1 h 40 – 2 h 40").split(" ")[1] == "2\u00a0h\u00a040"
    True
    """
    return shown.replace(" ", _HARD).replace(f"–{_HARD}", "– ").replace(f"bounds{_HARD}", "bounds ")


@cache
def label(metric: str) -> str:
    """A measure's name, its numbers kept with their units."""
    return _NUMBER.sub(rf"\1{_HARD}\2", words.label(metric))


def plain(shown: str, small: str = "") -> Cell:
    """A cell of words."""
    return {"text": shown, "small": small}


def on_scale(metric: str, value: float | None, full: float = 100.0) -> float | None:
    """Where a figure stands on its metric's axis, 0 to 1: shares and scores evenly, times by their logarithm.

    >>> on_scale("response_rate", 0.25), on_scale("expectation_score", 40), on_scale("median_latency_s", 60)
    (0.25, 0.4, 0.0)
    """
    if value is None:
        return None
    unit = unit_of(metric)
    if unit is Unit.SECONDS:
        return round(log_place(value, FIRST, LAST), _PLACES)
    return round(min(1.0, max(0.0, value if unit is Unit.SHARE else value / full)), _PLACES)


def scaled(metric: str, figure: Tree | None) -> Cell:
    """A figure's place and the ends of its interval on the axis; an open upper end is the axis's own."""
    figure = figure or {}
    low, high = figure.get("low"), figure.get("high")
    open_end = 1.0 if low is not None and high is None else None
    return {
        "at": on_scale(metric, figure.get("value")),
        "low": on_scale(metric, low),
        "high": open_end if high is None else on_scale(metric, high),
    }


def steps(curve: Sequence[Sequence[Any]], part: int = 1) -> list[list[float]]:
    """A curve as corners of a step line, x and y 0 to 1 from below, over the logarithm of a minute to a week."""
    corners = [[0.0, 0.0]]
    for point in thin(curve):
        x = round(log_place(point[0], FIRST, LAST), _PLACES)
        corners += [[x, corners[-1][1]], [x, float(point[part])]]
    return [*corners, [1.0, corners[-1][1]]]


def band(curve: Sequence[Sequence[Any]]) -> list[list[float]]:
    """A curve's interval as the corners of an area; empty where it has none."""
    kept = [point for point in thin(curve) if point[2] is not None and point[3] is not None]
    return [*steps(kept, 3), *reversed(steps(kept, 2))] if kept else []


def row(index: int, brand: Tree, cells: Sequence[Cell], hues: Mapping[str, str]) -> dict[str, Any]:
    """A row of a table: the brand, which leads to its profile, and its cells."""
    hue = hues.get(brand["sector"]) if brand["sector"] else None
    return {"brand": index, "name": name(brand["name"]), "hue": hue, "cells": list(cells)}


def networks_of(brand: Tree, limit: int) -> str:
    """The networks that a brand was seen on, '' where there are none."""
    return text(", ".join(words.network(network) for network in brand["networks"]), limit) if brand["networks"] else ""


def all_brands(report: Report) -> list[tuple[int, Tree]]:
    """The ranked brands by their places, then the others in the config's order."""
    return [*report.ranked, *report.unranked]
