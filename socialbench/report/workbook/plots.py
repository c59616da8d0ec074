"""Native charts, each on its own data in the sheet `chart data`; titles and names are cells, never formulas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from xlsxwriter.utility import xl_range_abs

from socialbench.report.chart import Chart, Plot, Series
from socialbench.report.colours import ACCENT, INK, MUTED, RULE
from socialbench.report.deck.letters import shown
from socialbench.report.deck.native import reach
from socialbench.report.deck.scales import scale
from socialbench.report.workbook.sheet import TEXT, Book

DRAWN, DATA = "charts", "chart data"
_KINDS = {
    "bars": {"type": "bar"},
    "stacked": {"type": "bar", "subtype": "stacked"},
    "curves": {"type": "scatter", "subtype": "straight"},
    "points": {"type": "scatter"},
    "slope": {"type": "line"},
}
_WIDE, _HIGH, _ROW_PIXELS, _COLUMN_PIXELS, _BAR_PIXELS = 1100, 560, 20, 64, 24
_FONT = {"color": MUTED, "size": 10}


def add_charts(book: Book, charts: Iterable[Chart]) -> None:
    """Add the charts one under another, and the data of all, also of those that a workbook cannot draw."""
    drawn, data = book.add_sheet(DRAWN, "Charts"), book.add_sheet(DATA, "What the charts show")
    data.set_column(0, 0, 44)
    data.set_column(1, 60, 14)
    place, row = 3, 3
    breaks = []
    for chart in charts:
        data.write_string(row, 0, shown(chart.title, 250), book.book.add_format({"bold": True}))
        if chart.plot is None:
            row = _write_rows(book, data, chart, row + 1) + 2
            continue
        made, row = _draw(book, data, chart, row)
        high = _height(chart.plot)
        made.set_size({"width": _WIDE, "height": high})
        drawn.insert_chart(place, 0, made, {"description": shown(chart.alt, 500), "object_position": 3})
        book.say(drawn, place + high // _ROW_PIXELS + 1, chart.foot)
        place += high // _ROW_PIXELS + 4
        breaks.append(place)
    drawn.set_h_pagebreaks(breaks[:-1])
    # Many narrow columns, for LibreOffice shrinks no single one to the page's width.
    drawn.print_area(0, 0, place, _WIDE // _COLUMN_PIXELS + 1)


def _height(plot: Plot) -> int:
    return max(_HIGH, 150 + _BAR_PIXELS * len(plot.categories)) if plot.kind in {"bars", "stacked"} else _HIGH


def _write_rows(book: Book, sheet: Any, chart: Chart, row: int) -> int:
    for place, name in enumerate(chart.columns):
        book.write(sheet, row, place, name)
    for line, values in enumerate(chart.rows, row + 1):
        for place, value in enumerate(values):
            book.write(sheet, line, place, value)
    return row + len(chart.rows)


def _draw(book: Book, sheet: Any, chart: Chart, row: int) -> tuple[Any, int]:
    """Write a plot's table and make its chart; gives the chart and the next free row."""
    plot = chart.plot
    assert plot is not None
    made = book.book.add_chart(_KINDS[plot.kind])
    made.set_title({"name": [DATA, row, 0], "name_font": {"size": 14, "color": INK, "bold": True}, "overlay": False})
    made.set_chartarea({"border": {"none": True}})
    by_category = plot.kind in {"bars", "stacked", "slope"}
    writer = _write_categories if by_category else _write_points
    end = writer(book, sheet, (made, plot), row + 1)
    _set_axes(made, plot)
    single = len(plot.series) == 1
    made.set_legend({"none": True} if single else {"position": "top" if plot.kind == "stacked" else "right", "font": _FONT})
    return made, end + 2


def _write_categories(book: Book, sheet: Any, drawn: tuple[Any, Plot], row: int) -> int:
    """Categories downwards, a column per series, then its interval's reach down and up."""
    made, plot = drawn
    first, last = row + 1, row + len(plot.categories)
    for line, name in enumerate(plot.categories, first):
        book.write(sheet, line, 0, shown(name, 80))
    column = 1
    for series in plot.series:
        book.write(sheet, row, column, shown(series.name, 80))
        _write_column(book, sheet, (first, column), series.ys, plot.number)
        options = _looks(series, plot) | {
            "name": [DATA, row, column],
            "categories": [DATA, first, 0, last, 0],
            "values": [DATA, first, column, last, column],
        }
        column, whiskers = _write_reach(book, sheet, (row, column + 1), series)
        made.add_series(options | whiskers)
    return last


def _write_points(book: Book, sheet: Any, drawn: tuple[Any, Plot], row: int) -> int:
    """A block per series: what each point is, x, y, and its interval's reach."""
    made, plot = drawn
    for series in plot.series:
        first, last = row + 1, row + max(1, len(series.xs))
        book.write(sheet, row, 1, plot.x.title if plot.x else "x")
        book.write(sheet, row, 2, shown(series.name, 80))
        names = plot.categories if plot.kind == "points" else ()
        _write_column(book, sheet, (first, 0), [shown(name, 80) for name in names], TEXT)
        _write_column(book, sheet, (first, 1), series.xs, "General")
        _write_column(book, sheet, (first, 2), series.ys, plot.number)
        options = _looks(series, plot) | {
            "name": [DATA, row, 2],
            "categories": [DATA, first, 1, last, 1],
            "values": [DATA, first, 2, last, 2],
        }
        _, whiskers = _write_reach(book, sheet, (row, 3), series)
        made.add_series(options | whiskers)
        row = last + 1
    return row


def _write_column(book: Book, sheet: Any, at: tuple[int, int], values: Sequence[Any], number: str) -> None:
    for line, value in enumerate(values, at[0]):
        book.write(sheet, line, at[1], value, number)


def _write_reach(book: Book, sheet: Any, at: tuple[int, int], series: Series) -> tuple[int, dict[str, Any]]:
    """Two columns with how far an interval reaches below and above; gives the next free column and the chart's option."""
    row, column = at
    both = reach(series)
    if both is None:
        return column, {}
    refs = []
    for offset, (head, values) in enumerate(zip(("below", "above"), both, strict=True)):
        book.write(sheet, row, column + offset, head)
        _write_column(book, sheet, (row + 1, column + offset), values, "General")
        refs.append(f"='{DATA}'!{xl_range_abs(row + 1, column + offset, row + len(values), column + offset)}")
    bars = {"type": "custom", "minus_values": refs[0], "plus_values": refs[1], "line": {"color": INK, "width": 1}}
    return column + 2, {"y_error_bars": bars}


def _looks(series: Series, plot: Plot) -> dict[str, Any]:
    colour = series.colour or ACCENT
    if plot.kind in {"bars", "stacked"}:
        label = {"value": True, "position": "inside_base", "num_format": plot.number, "font": {"size": 9, "color": INK}}
        return {"fill": {"color": colour}, "gap": 45} | ({"data_labels": label} if plot.kind == "bars" else {})
    dot = {"type": "circle", "size": 7, "fill": {"color": colour}, "border": {"none": True}}
    if plot.kind == "curves":
        return {"line": {"color": colour, "width": 2}, "marker": {"type": "none"}}
    return {"marker": dot} | ({"line": {"color": colour, "width": 1.75}} if plot.kind == "slope" else {"line": {"none": True}})


def _set_axes(made: Any, plot: Plot) -> None:
    across, upwards = plot.x.title if plot.x else "", plot.y.title if plot.y else ""
    quiet = {"num_font": _FONT, "line": {"color": RULE}, "name_font": _FONT | {"bold": False}}
    lines = {"visible": True, "line": {"color": RULE, "width": 0.75}}
    values = quiet | {"name": upwards, "num_format": _whole(plot.number), "major_gridlines": lines, "min": 0}
    if plot.number.endswith("%") and max(_tops(plot), default=1.0) <= 1:
        values["max"] = 1
    if plot.kind in {"bars", "stacked"}:
        end, step = scale(max(_tops(plot), default=1.0), plot.number)
        made.set_x_axis(values | {"max": end, "major_unit": step})
        made.set_y_axis(quiet | {"reverse": True, "crossing": "max", "num_font": {"size": 10, "color": INK}})
        return
    if plot.kind == "slope":
        places = "place" in upwards.lower()
        made.set_x_axis(quiet)
        made.set_y_axis((values | {"reverse": True, "min": 1}) if places else values)
        return
    xs = [x for series in plot.series for x in series.xs]
    span: dict[str, Any] = {"log_base": 10} if plot.x and plot.x.log else {}
    if span and plot.kind == "curves" and xs:
        span |= {"min": min(xs), "max": max(xs)}
    made.set_x_axis(quiet | span | {"name": across, "num_format": "#,##0", "major_gridlines": {"visible": False}})
    made.set_y_axis(values)


def _whole(number: str) -> str:
    return number.replace(":ss", "") if number.startswith("[") else number.replace("0.0", "0")


def _tops(plot: Plot) -> list[float]:
    if plot.kind == "stacked":
        return [sum(series.ys[place] or 0.0 for series in plot.series) for place in range(len(plot.categories))]
    return [value for series in plot.series for value in (*series.ys, *series.highs) if value is not None]
