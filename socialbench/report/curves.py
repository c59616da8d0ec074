"""Curves for the eye: a thousand steps drawn as sixty."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

POINTS = 60


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
