"""Charts that an office program draws and edits itself: bars, stacked bars, curves, points, slopes."""

from __future__ import annotations

from typing import Any

from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_MARK
from pptx.util import Pt

from socialbench.report import words
from socialbench.report.chart import Plot, Series
from socialbench.report.colours import ACCENT, INK, MUTED, PAPER, RULE
from socialbench.report.deck.datasheet import Categories, Reach
from socialbench.report.deck.letters import fit, shown, width
from socialbench.report.deck.page import Box
from socialbench.report.deck.scales import scale
from socialbench.report.deck.slides import rgb
from socialbench.report.deck.strokes import add_whiskers, place_plot, put_below

ROWS = 20
"""Bars that one chart carries with letters that can be read."""
AXIS_ROOM = 0.62
LETTERS = 11.0
_SEEN_FROM = 0.07
"""Shares of a stacked bar too narrow for their number stand without it."""


def reach(series: Series) -> tuple[Reach, Reach] | None:
    """How far a series' intervals reach below and above its values, None where it has none."""
    if not series.lows or not series.highs:
        return None
    down = [None if None in (y, low) else max(0.0, _minus(y, low)) for y, low in zip(series.ys, series.lows, strict=True)]
    up = [None if None in (y, high) else max(0.0, _minus(high, y)) for y, high in zip(series.ys, series.highs, strict=True)]
    return down, up


def _minus(one: float | None, other: float | None) -> float:
    return round((one or 0.0) - (other or 0.0), 9)


def end_of(plot: Plot) -> tuple[float, float]:
    """The end and the step of the axis of values, the same on all pages of a chart."""
    if plot.kind == "stacked":
        sums = [sum(series.ys[place] or 0.0 for series in plot.series) for place in range(len(plot.categories))]
        return scale(max(sums, default=1.0), plot.number)
    ends = [value for series in plot.series for value in (*series.ys, *series.highs) if value is not None]
    return scale(max(ends, default=1.0), plot.number)


def part(plot: Plot, rows: range) -> Plot:
    """Some rows of a chart of bars."""
    cut = slice(rows.start, rows.stop)
    series = tuple(Series(s.name, s.ys[cut], s.xs, s.lows[cut], s.highs[cut], s.colour) for s in plot.series)
    return Plot(plot.kind, series, plot.categories[cut], plot.x, plot.y, plot.number)


def add_bars(slide: Any, box: Box, plot: Plot, end: tuple[float, float]) -> Any:
    """Add horizontal bars, the first on top, with their intervals;."""
    stacked = plot.kind == "stacked"
    plot_top = 0.05
    rows_high = box.height - plot_top - AXIS_ROOM
    size = max(9.0, min(12.0, rows_high / max(1, len(plot.categories)) * 72 * 0.55))
    names = max((width(shown(name), size) for name in plot.categories), default=1.0)
    room = min(box.width * 0.6, 0.16 + names + width("  100.0", size))
    whiskers = {place: both for place, series in enumerate(plot.series) if (both := reach(series))}
    data = Categories(plot.number, whiskers)
    beside = _beside(plot)
    data.categories = [
        fit(name, size, room - 0.1 - width(number, size)) + number for name, number in zip(plot.categories, beside, strict=True)
    ]
    for series in plot.series:
        data.add_series(shown(series.name, 80), series.ys)
    kind = XL_CHART_TYPE.BAR_STACKED if stacked else XL_CHART_TYPE.BAR_CLUSTERED
    frame = slide.shapes.add_chart(kind, *box.emu, data)
    chart = frame.chart
    begin(chart, LETTERS)
    place_plot(
        chart,
        room / box.width,
        plot_top / box.height,
        1 - (room + 0.3) / box.width,
        rows_high / box.height,
    )
    _draw_bar_axes(chart, plot, end, (size, box.width - room - 0.3))
    drawn = chart.plots[0]
    drawn.gap_width, drawn.overlap = 45, 100 if stacked else 0
    for place, series in enumerate(plot.series):
        made = drawn.series[place]
        fill(made.format.fill, series.colour or ACCENT)
        made.invert_if_negative = False
        if not any(beside):
            _label_bars(made, plot, series, size)
        if place in whiskers:
            refs = (data.whisker_ref(place, 0), data.whisker_ref(place, 1))
            add_whiskers(made, refs, whiskers[place])
    return frame


def _beside(plot: Plot) -> list[str]:
    """The numbers of one row of bars with intervals, for their names: in the bars the intervals would cross them."""
    printed = {"0.0": words.printed_score, "0%": words.share}.get(plot.number)
    if len(plot.series) > 1 or printed is None or not plot.series[0].lows:
        return [""] * len(plot.categories)
    return ["" if value is None else f"  {printed(value)}" for value in plot.series[0].ys]


def _draw_bar_axes(chart: Any, plot: Plot, end: tuple[float, float], shape: tuple[float, float]) -> None:
    size, room = shape
    categories, values = chart.category_axis, chart.value_axis
    categories.reverse_order = True
    categories.major_tick_mark = XL_TICK_MARK.NONE
    categories.format.line.color.rgb = rgb(RULE)
    categories.tick_labels.font.size = Pt(size)
    categories.tick_labels.font.color.rgb = rgb(INK)
    values.minimum_scale, values.maximum_scale, values.major_unit = 0, end[0], end[1]
    put_below(values)
    title = plot.y.title if plot.y else ""
    draw_values_axis(values, plot.number, title if width(title, LETTERS) <= room else title.split(":")[0])


def _label_bars(made: Any, plot: Plot, series: Series, size: float) -> None:
    """The number in its bar, at the foot, where no interval crosses it."""
    labels = made.data_labels
    labels.show_value = True
    labels.number_format_is_linked = False
    labels.number_format = f"[>={_SEEN_FROM}]{plot.number};;" if plot.kind == "stacked" else plot.number
    labels.position = XL_LABEL_POSITION.CENTER if plot.kind == "stacked" else XL_LABEL_POSITION.INSIDE_BASE
    labels.font.size = Pt(min(size, 12.0) * 0.92)
    labels.font.bold = plot.kind != "stacked"
    labels.font.color.rgb = rgb(PAPER if is_dark(series.colour) else INK)


def draw_values_axis(axis: Any, number: str, title: str) -> None:
    """A quiet axis: hairlines, no line of its own, its unit beneath."""
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = rgb(RULE)
    axis.major_gridlines.format.line.width = Pt(0.75)
    axis.format.line.fill.background()
    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.tick_labels.number_format_is_linked = False
    axis.tick_labels.number_format = number.replace(":ss", "") if number.startswith("[") else number.replace("0.0", "0")
    axis.tick_labels.font.color.rgb = rgb(MUTED)
    axis.tick_labels.font.size = Pt(LETTERS)
    if title:
        write_title(axis, title)


def write_title(axis: Any, title: str) -> None:
    """What an axis measures, in its unit."""
    axis.has_title = True
    frame = axis.axis_title.text_frame
    frame.text = shown(title, 90)
    font = frame.paragraphs[0].runs[0].font
    font.size, font.bold = Pt(LETTERS), False
    font.color.rgb = rgb(MUTED)


def begin(chart: Any, size: float) -> None:
    """No title, no key, letters of one size."""
    chart.has_title = False
    chart.has_legend = False
    chart.font.size = Pt(size)
    chart.font.color.rgb = rgb(INK)


def fill(target: Any, colour: str) -> None:
    """One plain colour."""
    target.solid()
    target.fore_color.rgb = rgb(colour)


def is_dark(colour: str) -> bool:
    """Whether white letters read better on it than ink.

    >>> is_dark("#08415c"), is_dark("#c4dfec")
    (True, False)
    """
    red, green, blue = (int(colour.lstrip("#")[place : place + 2] or "80", 16) for place in (0, 2, 4))
    return 0.299 * red + 0.587 * green + 0.114 * blue < 140
