"""Small pictures inside the html: bars, curves, strips, as SVG without a word of style, so that the policy holds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
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
_STAND = (150.0, 16.0)
_WEEKS = (420.0, 84.0)
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


def curve_picture(curve: Sequence[Sequence[Any]], label: str, others: Sequence[str] = ()) -> Markup:
    """A time-to-answer curve with its band; the axis's words stand in html beneath. `others`: ids of curves to lie under it."""
    width, height = _CURVE
    marks = (600.0, 3600.0, *TICKS)
    ticks = "".join(f"M{_n(log_place(mark, FIRST, LAST) * width)} 0V{height}" for mark in marks)
    lines = "".join(f"M0 {_n(height * quarter / 4)}H{width}" for quarter in range(5))
    parts = [f'<path class="tick" d="{lines}{ticks}"/>', *_shares(height)]
    parts += [f'<use class="other" href="#{other}"/>' for other in others]
    kept = [point for point in thin(curve) if point[2] is not None and point[3] is not None]
    if kept:
        there = _steps(kept, 3, (width, height))
        back = _steps(kept, 2, (width, height), backwards=True)
        parts.append(f'<path class="band" d="{there}L{back[1:]}Z"/>')
    if curve:
        parts.append(f'<path class="line" d="{_steps(curve, 1, (width, height))}"/>')
    return svg(_CURVE, parts, "curve", label)


def _shares(height: float) -> list[str]:
    """The axis upwards, in words."""
    marks = ((1.0, "100 %"), (0.5, "50 %"))
    return [f'<text x="3" y="{_n((1 - share) * height + 11)}">{text}</text>' for share, text in marks]


def kept_curves(curves: Mapping[str, Sequence[Sequence[Any]]]) -> Markup:
    """Curves under their ids, drawn nowhere: `curve_picture` shows them again and again."""
    parts = [f'<path id="{name}" d="{_steps(curve, 1, _CURVE)}"/>' for name, curve in curves.items()]
    return svg((0, 0), ["<defs>", *parts, "</defs>"], "kept")


def kept_grounds(grounds: Mapping[str, Sequence[float]]) -> Markup:
    """Where all brands stand on a metric's axis (0 to 1), under ids, for `stand`."""
    width, height = _STAND
    parts = []
    for name, places in grounds.items():
        ticks = "".join(f"M{_n(place * width)} 4V{height - 4}" for place in places)
        parts.append(f'<path id="{name}" d="{ticks}"/>')
    return svg((0, 0), ["<defs>", *parts, "</defs>"], "kept")


def stand(ground: str, at: float | None, ends: tuple[float, float] | None, sector: float | None) -> Markup:
    """Where a brand stands among all: a dot with its interval, a ring for its sector's mean; places are 0 to 1."""
    width, height = _STAND
    middle = height / 2
    parts = [f'<path class="base" d="M0 {middle}H{width}"/><use class="all" href="#{ground}"/>']
    if ends is not None:
        parts.append(f'<path class="whisker" d="M{_n(ends[0] * width)} {middle}H{_n(ends[1] * width)}"/>')
    if sector is not None:
        parts.append(f'<circle class="ring" cx="{_n(sector * width)}" cy="{middle}" r="3.6"/>')
    if at is not None:
        parts.append(f'<circle class="dot-on" cx="{_n(at * width)}" cy="{middle}" r="3.6"/>')
    return svg(_STAND, parts, "stand")


def weeks_picture(points: Sequence[tuple[float | None, float | None, float | None]], label: str) -> Markup:
    """Shares (value, low, high) week by week, each a dot with its interval, joined by a line; the axis is 0 to 100 %."""
    width, height = _WEEKS
    step = width / max(1, len(points))
    lines = "".join(f"M0 {_n(height * quarter / 4)}H{width}" for quarter in range(5))
    parts = [f'<path class="tick" d="{lines}"/>', *_shares(height)]
    places = [(step * (place + 0.5), point) for place, point in enumerate(points)]
    whiskers = "".join(
        f"M{_n(x)} {_n((1 - low) * height)}V{_n((1 - high) * height)}"
        for x, (_, low, high) in places
        if low is not None and high is not None
    )
    known = [(x, (1 - value) * height) for x, (value, _, _) in places if value is not None]
    parts.append(f'<path class="soft" d="{whiskers}"/>')
    if known:
        parts.append(f'<path class="line" d="M{"L".join(f"{_n(x)} {_n(y)}" for x, y in known)}"/>')
    parts += [f'<circle class="dot-on" cx="{_n(x)}" cy="{_n(y)}" r="3"/>' for x, y in known]
    return svg(_WEEKS, parts, "weeks", label)


def hours_picture(hours: Sequence[int], label: str) -> Markup:
    """168 cells, Monday first: the darker, the more messages."""
    most = max([1, *hours])
    levels: dict[int, list[str]] = {}
    before = dict.fromkeys(range(5), -2)
    for index, count in enumerate(hours):
        row, column = divmod(index, 24)
        level = math.ceil(4 * count / most)
        beside = column and before[level] == index - 1
        cell = "m1 0h8" if beside else f"M{_n(column * _CELL)} {_n(row * _CELL + 4)}h8"
        levels.setdefault(level, []).append(cell)
        before[level] = index
    parts = [f'<path class="h{level}" d="{"".join(levels[level])}"/>' for level in sorted(levels)]
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
    places = [(log_place(point[0], FIRST, LAST) * width, (1 - float(point[part])) * height + 0.75) for point in thin(curve)]
    ground = height + 0.75
    if not backwards:
        return f"M0 {_n(ground)}" + "".join(f"H{_n(x)}V{_n(y)}" for x, y in places) + f"H{_n(width)}"
    lower = [ground, *(y for _, y in places[:-1])]
    return (
        f"M{_n(width)} {_n(places[-1][1])}"
        + "".join(f"H{_n(x)}V{_n(y)}" for (x, _), y in zip(reversed(places), reversed(lower), strict=True))
        + "H0"
    )


def _part(value: float, full: float) -> float:
    return min(1.0, max(0.0, value / full)) if full > 0 else 0.0


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
