"""Axes that end and divide at round numbers: shares, counts, and times in days."""

from __future__ import annotations

import math

MOST_STEPS = 6
_TIMES = (
    *(minutes / 1440 for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720)),
    *(float(days) for days in (1, 2, 7, 14, 28, 91, 365)),
)


def scale(largest: float, number: str) -> tuple[float, float]:
    """The end and the step of an axis from 0 that holds `largest`; `number` is its office number format.

    >>> scale(87.2, "0.0"), scale(0.31, "0%"), scale(0.45, "[h]:mm")
    ((100.0, 20.0), (0.4, 0.1), (0.5, 0.08333333333333333))
    """
    if not largest > 0:
        return 1.0, 0.5
    step = _time_step(largest) if number.startswith("[") else _round_step(largest)
    return round(math.ceil(round(largest / step, 9)) * step, 12), step


def _round_step(largest: float) -> float:
    rough = largest / (MOST_STEPS - 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    return float(round(step * power, 12))


def _time_step(largest: float) -> float:
    return next((step for step in _TIMES if largest / step <= MOST_STEPS), largest / MOST_STEPS)
