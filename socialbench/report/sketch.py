"""Small pictures inside the html: bars, curves, strips, as SVG without a word of style, so that the policy holds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from markupsafe import Markup

from socialbench.report.curves import log_place, thin

FIRST, LAST = 60.0, 604_800.0
TICKS = (7200.0, 86_400.0)
_BAR = (112.0, 14.0)
_SPARK = (104.0, 28.0)
_CURVE = (420.0, 150.0)
_STRIP = (240.0, 12.0)
_CELL = 9.0


def svg(size: tuple[float, float], parts: Iterable[str], kind: str, label: str = "") -> Markup:
    """An SVG of a size; with a label it is an image, without one it is left to the text beside it."""
    role = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    body = Markup("").join(Markup(part) for part in parts)  # noqa: S704 - parts are numbers and class names of ours
    return Markup('<svg class="{}" viewBox="0 0 {} {}" width="{}" height="{}" {}>{}</svg>').format(
        kind, *map(_n, size), *map(_n, size), role, body
    )


def bar(value: float | None, low: float | None, high: float | None, full: float) -> Markup:
    """A thin bar with its whisker, on a ground as long as the scale."""
    width, height = _BAR
    middle = height / 2
    parts = [f'<rect class="ground" x="0" y="{middle - 2.5}" width="{width}" height="5"/>']
    if value is not None:
        parts.append(f'<rect class="fill" x="0" y="{middle - 2.5}" width="{_n(_part(value, full) * width)}" height="5"/>')
    if low is not None and high is not None:
        left, right = (_part(end, full) * (width - 1.2) + 0.6 for end in (low, high))
        parts.append(f'<path class="whisker" d="M{_n(left)} {middle}H{_n(right)}M{_n(left)} 3.5v7M{_n(right)} 3.5v7"/>')
    return svg(_BAR, parts, "bar")


def spark(curve: Sequence[Sequence[Any]]) -> Markup:
    """A time-to-answer curve as a sparkline from a minute to a week, with ticks at 2 h and 24 h."""
    width, height = _SPARK
    ticks = "".join(f"M{_n(log_place(tick, FIRST, LAST) * width)} 0V{height}" for tick in TICKS)
    parts = [f'<path class="tick" d="{ticks}"/>', f'<path class="base" d="M0 {height - 0.5}H{width}"/>']
    if curve:
        parts.append(f'<path class="line" d="{_steps(curve, 1, (width, height - 1.5))}"/>')
    return svg(_SPARK, parts, "spark")


def curve_picture(curve: Sequence[Sequence[Any]], label: str) -> Markup:
    """A brand's curve with its band; the axis's words stand in html beneath."""
    width, height = _CURVE
    marks = (600.0, 3600.0, *TICKS)
    ticks = "".join(f"M{_n(log_place(mark, FIRST, LAST) * width)} 0V{height}" for mark in marks)
    lines = "".join(f"M0 {_n(height * quarter / 4)}H{width}" for quarter in range(5))
    parts = [f'<path class="tick" d="{lines}{ticks}"/>']
    kept = [point for point in thin(curve) if point[2] is not None and point[3] is not None]
    if kept:
        there = _steps(kept, 3, (width, height))
        back = _steps(kept, 2, (width, height), backwards=True)
        parts.append(f'<path class="band" d="{there}L{back[1:]}Z"/>')
    if curve:
        parts.append(f'<path class="line" d="{_steps(curve, 1, (width, height))}"/>')
    return svg(_CURVE, parts, "curve", label)


def hours_picture(hours: Sequence[int], label: str) -> Markup:
    """168 cells, Monday first: the darker, the more messages."""
    most = max([1, *hours])
    parts = []
    for index, count in enumerate(hours):
        row, column = divmod(index, 24)
        level = math.ceil(4 * count / most)
        parts.append(f'<rect class="h{level}" x="{_n(column * _CELL)}" y="{_n(row * _CELL)}" width="8" height="8"/>')
    return svg((24 * _CELL - 1, 7 * _CELL - 1), parts, "hours", label)


def strip(row: Any, since: str, until: str) -> Markup:
    """What was read of an account over the period: full where read, hatched red where there is a gap."""
    start, end = (datetime.fromisoformat(text) for text in (since, until))
    whole = max(1.0, (end - start).total_seconds())
    width, height = _STRIP

    def box(kind: str, first: str, last: str) -> str:
        left, right = (
            min(1.0, max(0.0, (datetime.fromisoformat(text) - start).total_seconds() / whole)) * width for text in (first, last)
        )
        return f'<rect class="{kind}" x="{_n(left)}" y="0" width="{_n(max(0.0, right - left))}" height="{height}"/>'

    read = [box("fill", first, last) for first, last in row["intervals"]]
    gaps = [box("gap", first, last) for first, last, _ in row["gaps"]]
    return svg(_STRIP, [f'<rect class="ground" x="0" y="0" width="{width}" height="{height}"/>', *read, *gaps], "strip")


def _steps(curve: Sequence[Sequence[Any]], part: int, size: tuple[float, float], backwards: bool = False) -> str:
    """A step path over the logarithm of time; before the first point nobody is answered."""
    width, height = size
    points = thin(curve)
    corners: list[tuple[float, float]] = [(0.0, 0.0)]
    for point in points:
        x = log_place(point[0], FIRST, LAST) * width
        corners += [(x, corners[-1][1]), (x, float(point[part]))]
    corners.append((width, corners[-1][1]))
    if backwards:
        corners.reverse()
    return "M" + "L".join(f"{_n(x)} {_n((1 - y) * height + 0.75)}" for x, y in corners)


def _part(value: float, full: float) -> float:
    return min(1.0, max(0.0, value / full)) if full > 0 else 0.0


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
