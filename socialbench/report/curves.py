"""Curves for the eye: a thousand steps drawn as sixty."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

POINTS = 60
FIRST, LAST = 60.0, 604_800.0
"""A minute and a week: the ends of every axis of times, in seconds."""
MARKS = {600.0: "10 min", 3600.0: "1 h", 7200.0: "2 h", 86_400.0: "1 day", LAST: "1 week"}


def thin(curve: Sequence[Sequence[Any]], points: int = POINTS) -> list[Sequence[Any]]:
    """Keep at most `points` + 1 steps, evenly over the logarithm of time: the last one before each cut, and the end.

    >>> len(thin([(float(second), second / 1e4, None, None) for second in range(10_000)])) <= POINTS + 1
    True
    """
    if len(curve) <= points:
        return list(curve)
    last = math.log1p(curve[-1][0]) or 1.0
    kept: dict[int, Sequence[Any]] = {}
    for point in curve:
        kept[math.ceil(math.log1p(max(0.0, point[0])) / last * points)] = point
    return [kept[slot] for slot in sorted(kept)]


def log_place(seconds: float, first: float, last: float) -> float:
    """Where a time stands on a logarithmic axis, 0 to 1.

    >>> log_place(60, 60, 604_800), log_place(604_800, 60, 604_800)
    (0.0, 1.0)
    """
    return (math.log(min(max(seconds, first), last)) - math.log(first)) / (math.log(last) - math.log(first))


def share_at(curve: Sequence[Sequence[Any]], seconds: float) -> float:
    """The share answered by a time: the last step at or before it.

    >>> share_at([(60, 0.1), (120, 0.3)], 90), share_at([(60, 0.1)], 30)
    (0.1, 0.0)
    """
    return max([0.0, *(float(point[1]) for point in curve if point[0] <= seconds)])


def time_marks(marks: Mapping[float, str] = MARKS) -> dict[float, str]:
    """Marks in seconds by their place on the axis, 0 to 1."""
    return {log_place(seconds, FIRST, LAST): text for seconds, text in marks.items()}
