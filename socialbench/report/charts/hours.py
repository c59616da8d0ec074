"""Hour by weekday: when customers write, in all 168 hours of a week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from socialbench.report import words
from socialbench.report.chart import Axis, Chart, foot
from socialbench.report.colours import CELL_INK, CELL_PAPER, FAINT, MUTED, RAMP
from socialbench.report.tree import Report, Tree

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PLACE = 70
COLUMNS = ("weekday", "hour", "inbound_count", "times_in_period", "per_hour")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
OFFICE_DAYS, OFFICE_HOURS = 5, range(9, 17)
DARK_FROM = 5
LEFT_ROOM, NARROW_LEFT, RIGHT_ROOM = 1.15, 0.5, 0.8
NUMBER_ROOM = 0.3
"""Inches of a cell that carries its number."""


def describe(report: Report) -> Chart | None:
    """Describe the inbound messages of all brands by hour and weekday; None where no brand's are known."""
    known = [brand["hours"] for brand in report.tree["brands"] if brand["hours"]]
    counts = [sum(hours) for hours in zip(*known, strict=True)]
    total = sum(counts)
    if not total:
        return None
    times = _times(report.tree["period"])
    rows = [
        (WEEKDAYS[i // 24], i % 24, count, times[i], round(count / times[i], 3) if times[i] else None)
        for i, count in enumerate(counts)
    ]
    zone = report.tree["period"]["timezone"]
    return Chart(
        name="hours",
        title=_title(counts, total),
        subtitle=f"Inbound messages in an average hour of the week, all brands together, in the time of {zone}.",
        foot=foot(report.tree, f"n = {words.number(total)} inbound messages of {len(known)} brands"),
        alt="A table of seven weekdays by 24 hours: the darker a cell, the more messages come in that hour. " + _busiest(rows),
        columns=COLUMNS,
        rows=tuple(rows),
        axis=Axis("Hour of the day"),
        notes=(
            "A cell holds the messages of its hour divided by how often that hour came in the period; at the right, each day's "
            "share of all messages.",
        ),
    )


def _title(counts: Sequence[int], total: int) -> str:
    office = sum(counts[day * 24 + hour] for day in range(OFFICE_DAYS) for hour in OFFICE_HOURS)
    outside = 1 - office / total
    # A 95 % interval of a share of independent messages is nowhere wider than this.
    shown = words.share(outside, total**-0.5)
    return f"{shown} of messages come outside Monday to Friday, 9 to 17 h"


def _busiest(rows: Sequence[tuple[Any, ...]]) -> str:
    most = max(rows, key=lambda row: row[4] or 0.0)
    return f"Most come on {most[0]} from {most[1]} h to {most[1] + 1} h."


def _times(period: Tree) -> list[int]:
    """How often each hour of the week began in the period, in its zone; clocks put forward skip one."""
    zone, hour = ZoneInfo(period["timezone"]), timedelta(hours=1)
    since, until = (datetime.fromisoformat(period[end]).astimezone(UTC) for end in ("since", "until"))
    met: Counter[int] = Counter()
    at = since.replace(minute=0, second=0, microsecond=0)
    while at < until:
        local = at.astimezone(zone)
        met[local.weekday() * 24 + local.hour] += 1
        at += hour
    return [met[index] for index in range(168)]


def draw(chart: Chart) -> Figure:
    """Draw the cells with their numbers, days downwards, and each day's share at the right."""
    from socialbench.report.drawing import bare, body_box, new_figure
    from socialbench.report.sheet import sheet

    figure, narrow = new_figure(chart), sheet().narrow
    box = body_box(chart, left=NARROW_LEFT if narrow else LEFT_ROOM, right=RIGHT_ROOM, bottom=0.25)
    axes = bare(figure.add_axes(box))
    width, height = box[2] * sheet().width, box[3] * sheet().height
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    cell = (width / 24, height / 7)
    most = max([1e-9, *(row[4] or 0.0 for row in chart.rows)])
    total = sum(row[2] for row in chart.rows)
    for index, row in enumerate(chart.rows):
        _draw_cell(axes, (index % 24 * cell[0], index // 24 * cell[1]), cell, (row[4], most))
    _write_days(axes, chart, cell, total)
    _write_hours(axes, cell, height)
    return figure


def _draw_cell(axes: Axes, corner: tuple[float, float], cell: tuple[float, float], amount: tuple[float | None, float]) -> None:
    from socialbench.report.drawing import draw_box, write

    value, most = amount
    gap = 0.025
    level = min(len(RAMP) - 1, int((value or 0.0) / most * len(RAMP)))
    colour = FAINT if value is None else RAMP[level]
    draw_box(axes, (corner[0] + gap, corner[1] + gap), (cell[0] - 2 * gap, cell[1] - 2 * gap), colour)
    if value is None or cell[0] < NUMBER_ROOM:
        return
    middle = (corner[0] + cell[0] / 2, corner[1] + cell[1] / 2)
    ink = CELL_PAPER if level >= DARK_FROM else CELL_INK
    write(axes, *middle, _short(value, most), 12, color=ink, ha="center", va="center_baseline")


def _short(value: float, most: float) -> str:
    """A number that fits a cell, all of a chart with the same decimals.

    >>> _short(3.14159, 8), _short(3.14159, 80), _short(12_340, 20_000)
    ('3.1', '3', '12k')
    """
    if most >= 10_000:
        return f"{value / 1000:.0f}k"
    return f"{value:.1f}" if most < 10 else f"{value:.0f}"


def _write_days(axes: Axes, chart: Chart, cell: tuple[float, float], total: int) -> None:
    from socialbench.report.drawing import write
    from socialbench.report.sheet import sheet

    long = 3 if sheet().narrow else None
    for day, name in enumerate(name[:long] for name in WEEKDAYS):
        y = (day + 0.5) * cell[1]
        share = sum(row[2] for row in chart.rows[day * 24 : day * 24 + 24]) / total
        write(axes, -0.12, y, name, 13, ha="right", va="center_baseline")
        write(axes, 24 * cell[0] + RIGHT_ROOM, y, f"{share * 100:.0f} %", 13, color=MUTED, ha="right", va="center_baseline")


def _write_hours(axes: Axes, cell: tuple[float, float], height: float) -> None:
    from socialbench.report.drawing import write

    for hour in range(25):
        if hour % (3 if cell[0] >= NUMBER_ROOM else 6) == 0:
            write(axes, hour * cell[0], height + 0.22, f"{hour} h", 11, color=MUTED, ha="center")
