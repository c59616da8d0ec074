"""Hours of the week as a table with coloured cells: numbers that can be read, copied and recoloured."""

from __future__ import annotations

from typing import Any

from socialbench.report.chart import Chart
from socialbench.report.colours import FAINT, INK, PAPER, RAMP
from socialbench.report.deck.grid import HEAD, Cell, Column, add_table
from socialbench.report.deck.native import is_dark
from socialbench.report.deck.page import Box
from socialbench.report.deck.slides import MUTED

HOURS, DAYS = 24, 7
_DAY_ROOM, _SHARE_ROOM = 1.25, 0.72
_SIZE = 9.0
_PAD = 0.02


def fits_table(chart: Chart) -> bool:
    """Whether a chart is that of the hours: weekday, hour, count, ..., and last the amount of an average hour."""
    return chart.name == "hours" and len(chart.rows) == HOURS * DAYS


def add_heat(slide: Any, box: Box, chart: Chart) -> Any:
    """Add the table: days downwards, hours across, at the right each day's share of all messages."""
    amounts = [row[-1] for row in chart.rows]
    total = sum(row[2] for row in chart.rows) or 1
    most = max([1e-9, *(amount or 0.0 for amount in amounts)])
    wide = (box.width - _DAY_ROOM - _SHARE_ROOM) / HOURS
    columns = [
        Column("", _DAY_ROOM),
        *(Column(f"{hour}", wide, True, _PAD) for hour in range(HOURS)),
        Column("Share", _SHARE_ROOM, True),
    ]
    rows = []
    for day in range(DAYS):
        here = chart.rows[day * HOURS : (day + 1) * HOURS]
        cells = [_cell(amount, most) for amount in amounts[day * HOURS : (day + 1) * HOURS]]
        share = f"{sum(row[2] for row in here) / total * 100:.0f} %"
        rows.append([Cell(str(here[0][0])), *cells, Cell(share, colour=MUTED)])
    return add_table(slide, box, columns, rows, min(0.62, (box.height - HEAD) / DAYS), chart.name)


def _cell(amount: float | None, most: float) -> Cell:
    if amount is None:
        return Cell("", fill=FAINT)
    colour = RAMP[min(len(RAMP) - 1, int(amount / most * len(RAMP)))]
    return Cell(_short(amount, most), colour=PAPER if is_dark(colour) else INK, size=_SIZE, fill=colour)


def _short(amount: float, most: float) -> str:
    """A number that fits a cell, all of a table with the same decimals.

    >>> _short(3.14159, 8), _short(3.14159, 80), _short(12_340, 20_000)
    ('3.1', '3', '12k')
    """
    if most >= 10_000:
        return f"{amount / 1000:.0f}k"
    return f"{amount:.1f}" if most < 10 else f"{amount:.0f}"
