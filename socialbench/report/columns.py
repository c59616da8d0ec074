"""Rows of brands in columns on a page: 3 rows fill a slide as well as 100 do."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from socialbench.report import words
from socialbench.report.chart import Chart
from socialbench.report.colours import MUTED
from socialbench.report.drawing import (
    LEFT,
    RIGHT,
    bare,
    body_low,
    body_top,
    new_figure,
    rule_line,
    text_width,
    write,
)
from socialbench.report.sheet import SLIDE, sheet

ROWS_ON_A_SLIDE, MOST_ON_A_PHONE = 26, 30
MOST_COLUMNS = 4
GUTTER_INCHES = 0.35
MARK_GAP = 0.09


@dataclass(frozen=True, slots=True)
class Column:
    """One column of rows: an axes in inches, y downwards, row `first + i` centred at `(i + .5) * row`.

    `bottom` is where the fullest column of the page ends.
    """

    axes: Axes
    first: int
    count: int
    width: float
    row: float
    bottom: float

    def y(self, position: int) -> float:
        """The middle of a row, in inches from the top."""
        return (position + 0.5) * self.row


@dataclass(frozen=True, slots=True)
class Span:
    """Where the scale of a column's rows begins and how wide it is, in inches."""

    start: float
    width: float

    def x(self, part: float) -> float:
        """The place of a part of the scale, 0 to 1."""
        return self.start + part * self.width


@dataclass(frozen=True, slots=True)
class Layout:
    """A page of columns; `columns` few and wide for few rows, four and narrow for a hundred."""

    figure: Figure
    columns: tuple[Column, ...]

    def rows(self) -> Iterator[tuple[int, Column, float]]:
        """Every row's index, column and middle."""
        for column in self.columns:
            for position in range(column.count):
                yield column.first + position, column, column.y(position)


def lay_out(chart: Chart, count: int, key: bool = False) -> Layout:
    """Share `count` rows out over columns; a page grows longer than a slide only past four crowded columns.

    A phone has one column, and of very many rows the first.

    `key` keeps room for a line of keys above the rows.
    """
    page = sheet()
    if page.narrow and count > MOST_ON_A_PHONE:
        told = f"{chart.subtitle} Here the first {MOST_ON_A_PHONE} of {count}; a wide page shows all."
        chart, count = replace(chart, subtitle=told), MOST_ON_A_PHONE
    columns = 1 if page.narrow else min(MOST_COLUMNS, max(1, math.ceil(count / ROWS_ON_A_SLIDE)))
    per_column = max(1, math.ceil(count / columns))
    low = body_low(chart)
    room = page.height - body_top(chart, key) - low
    lowest, tallest = page.row
    row = min(max(room / per_column, lowest), tallest)
    extra = per_column * row - room if page.narrow else max(0.0, per_column * lowest - room)
    figure = new_figure(chart, extra)
    total, body = page.height + extra, room + extra
    width = ((RIGHT - LEFT) * page.width - GUTTER_INCHES * (columns - 1)) / columns
    made = []
    for number in range(columns):
        first = number * per_column
        left = LEFT + number * (width + GUTTER_INCHES) / page.width
        axes = bare(figure.add_axes((left, low / total, width / page.width, body / total)))
        axes.set_xlim(0, width)
        axes.set_ylim(body, 0)
        made.append(Column(axes, first, max(0, min(per_column, count - first)), width, row, per_column * row))
    return Layout(figure, tuple(made))


def name_room(names: Iterable[str], size: float, most: float) -> float:
    """Inches that the longest of some names takes, at most `most`: short names leave the room to the bars."""
    return min(most, max((text_width(words.name(name, 200), size) for name in names), default=0.0) + 0.02)


def draw_scale(column: Column, span: Span, marks: Mapping[float, str]) -> None:
    """Hairlines through the rows at parts of the scale (0 to 1), each with its words beneath while they do not touch."""
    end, size = -math.inf, 10.5 if column.width > 4 else 9.0
    for part, text in marks.items():
        x, half = span.x(part), text_width(text, size) / 2
        if x - half >= max(0, end + MARK_GAP) and x + half <= column.width + 0.2:
            rule_line(column.axes, x, 0, column.bottom)
            write(column.axes, x, column.bottom + 0.19, text, size, color=MUTED, ha="center")
            end = x + half


def letter_size(column: Column) -> float:
    """Points of a row's text: as large as the row carries, from 8, to 18 in one wide column and 14 in several."""
    return max(8.0, min(18.0 if column.width > SLIDE.width / 2 else 14.0, column.row * 72 * 0.58))
