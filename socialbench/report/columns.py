"""Rows of brands in columns on a page: 3 rows fill a slide as well as 100 do."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from socialbench.report.chart import Chart
from socialbench.report.drawing import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, bare, new_figure

ROWS_ON_A_SLIDE = 26
MOST_COLUMNS = 4
ROW_INCHES = 0.2
GUTTER_INCHES = 0.35
TALLEST_ROW = 1.2


@dataclass(frozen=True, slots=True)
class Column:
    """One column of rows: an axes in inches, y downwards, row `first + i` centred at `(i + .5) * row`."""

    axes: Axes
    first: int
    count: int
    width: float
    row: float

    def y(self, position: int) -> float:
        """The middle of a row, in inches from the top."""
        return (position + 0.5) * self.row


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


def lay_out(chart: Chart, count: int) -> Layout:
    """Share `count` rows out over columns; a page grows longer than a slide only past four full columns."""
    columns = min(MOST_COLUMNS, max(1, math.ceil(count / ROWS_ON_A_SLIDE)))
    per_column = max(1, math.ceil(count / columns))
    slide_body = (TOP - BOTTOM) * HEIGHT
    extra = max(0.0, per_column * ROW_INCHES - slide_body)
    figure = new_figure(chart, extra)
    total, body = HEIGHT + extra, slide_body + extra
    row = min(body / per_column, TALLEST_ROW)
    width = ((RIGHT - LEFT) * WIDTH - GUTTER_INCHES * (columns - 1)) / columns
    made = []
    for number in range(columns):
        first = number * per_column
        left = LEFT + number * (width + GUTTER_INCHES) / WIDTH
        axes = bare(figure.add_axes((left, BOTTOM * HEIGHT / total, width / WIDTH, body / total)))
        axes.set_xlim(0, width)
        axes.set_ylim(body, 0)
        made.append(Column(axes, first, max(0, min(per_column, count - first)), width, row))
    return Layout(figure, tuple(made))


def letter_size(column: Column) -> float:
    """Points of a row's text: as large as the row carries, between 8 and 18."""
    return max(8.0, min(18.0, column.row * 72 * 0.58))
