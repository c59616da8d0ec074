"""Curves, clouds of points and slopes, natively: direct labels that do not touch, marks of our own on logarithmic axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.util import Pt

from socialbench.report.chart import Axis, Plot, Series
from socialbench.report.colours import ACCENT, INK, MUTED, RULE
from socialbench.report.deck.datasheet import Categories, Points
from socialbench.report.deck.letters import LINE, fit, shown, width
from socialbench.report.deck.native import AXIS_ROOM, LETTERS, begin, draw_values_axis, reach, write_title
from socialbench.report.deck.page import Box
from socialbench.report.deck.scales import scale
from socialbench.report.deck.slides import rgb
from socialbench.report.deck.strokes import add_whiskers, make_logarithmic, place_plot, shift_label

MOST_NAMED = 26
NAME_ROOM, VALUE_ROOM = 2.5, 0.75
NAME_SIZE = 11.0
Patch = tuple[float, float, float, float]
"""Left, top, right, bottom, in inches inside the axes."""
_WHISKER_XML = '<a:schemeClr val="bg1"><a:lumMod val="65000"/></a:schemeClr>'
_RULE_XML = '<a:schemeClr val="bg1"><a:lumMod val="85000"/></a:schemeClr>'


def add_curves(slide: Any, box: Box, plot: Plot, only: str = "") -> Any:
    """Add XY curves with their names at their ends; with `only`, that one in its colour and the others grey."""
    frame, data = _add_points(slide, box, plot, XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS)
    named = len(plot.series) <= MOST_NAMED and not only
    inside = _draw_axes(frame.chart, box, plot, NAME_ROOM if named else 0.3)
    drawn = frame.chart.plots[0]
    for place, series in enumerate(plot.series):
        line = drawn.series[place].format.line
        quiet = only and series.name != only
        line.width = Pt(3 if only == series.name else 2.25 if named else 1.25)
        line.color.rgb = rgb(RULE if quiet else series.colour or ACCENT)
        drawn.series[place].smooth = False
    if named:
        ends = [_last(series.ys) for series in plot.series]
        top = _end(plot)
        shifts = spread([1 - (end or 0) / top for end in ends], NAME_SIZE * LINE / 72 / inside.height)
        for place, series in enumerate(plot.series):
            if series.ys:
                label = drawn.series[place].points[len(series.ys) - 1].data_label
                _write_label(label, series, XL_LABEL_POSITION.RIGHT)
                shift_label(label, shifts[place] * inside.height / box.height)
    _add_marks(frame.chart, data, plot)
    return frame


def add_cloud(slide: Any, box: Box, plot: Plot) -> Any:
    """Add XY points, each with its name where that touches no other."""
    frame, data = _add_points(slide, box, plot, XL_CHART_TYPE.XY_SCATTER)
    inside = _draw_axes(frame.chart, box, plot, 0.4)
    drawn = frame.chart.plots[0]
    for place, series in enumerate(plot.series):
        made = drawn.series[place]
        made.format.line.fill.background()
        made.marker.style, made.marker.size = XL_MARKER_STYLE.CIRCLE, 8
        made.marker.format.fill.solid()
        made.marker.format.fill.fore_color.rgb = rgb(series.colour or ACCENT)
        made.marker.format.line.fill.background()
        if both := data.whiskers.get(place):
            add_whiskers(made, (data.whisker_ref(place, 0), data.whisker_ref(place, 1)), both, direction="y", colour=_WHISKER_XML)
    _name_points(frame.chart, plot, inside)
    _add_marks(frame.chart, data, plot)
    return frame


def add_slope(slide: Any, box: Box, plot: Plot) -> Any:
    """Add lines between columns, each named at its right end, of many those that lead farthest."""
    data = Categories(plot.number, {})
    data.categories = [shown(name, 60) for name in plot.categories]
    for series in plot.series:
        data.add_series(shown(series.name, 60), series.ys)
    frame = slide.shapes.add_chart(XL_CHART_TYPE.LINE_MARKERS, *box.emu, data)
    chart = frame.chart
    begin(chart, LETTERS)
    high = box.height - 0.75
    place_plot(chart, 0.75 / box.width, 0.1 / box.height, 1 - (0.75 + 2 * NAME_ROOM) / box.width, high / box.height)
    chart.category_axis.format.line.color.rgb = rgb(RULE)
    chart.category_axis.major_tick_mark = XL_TICK_MARK.NONE
    chart.category_axis.tick_labels.font.size = Pt(13)
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    places = bool(plot.y and "place" in plot.y.title.lower())
    values = [value for series in plot.series for value in series.ys if value is not None]
    low, top = (0.5, max(values, default=1) + 0.5) if places else (0.0, scale(max(values, default=1.0), plot.number)[0])
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = low, top
    draw_values_axis(chart.value_axis, plot.number, plot.y.title if plot.y else "")
    chart.value_axis.reverse_order = places
    if places:
        chart.value_axis.has_major_gridlines = False
        chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    heights = [((_last(s.ys) or low) - low) / (top - low) for s in plot.series]
    _draw_slopes(chart, plot, [height if places else 1 - height for height in heights], high / box.height)
    return frame


def _draw_slopes(chart: Any, plot: Plot, ends: Sequence[float], high: float) -> None:
    named = sorted(sorted(range(len(plot.series)), key=lambda place: -_way(plot.series[place]))[:MOST_NAMED])
    shifts = dict(zip(named, spread([ends[place] for place in named], NAME_SIZE * LINE / 72 / (high * 5.0)), strict=True))
    for place, series in enumerate(plot.series):
        made = chart.plots[0].series[place]
        made.smooth = False
        made.format.line.width = Pt(2 if place in shifts else 1)
        made.format.line.color.rgb = rgb(series.colour or MUTED)
        made.marker.style, made.marker.size = XL_MARKER_STYLE.CIRCLE, 6
        made.marker.format.fill.solid()
        made.marker.format.fill.fore_color.rgb = rgb(series.colour or MUTED)
        made.marker.format.line.fill.background()
        if place in shifts and series.ys and series.ys[-1] is not None:
            label = made.points[len(series.ys) - 1].data_label
            _write_label(label, series, XL_LABEL_POSITION.RIGHT)
            shift_label(label, shifts[place] * high)


def _way(series: Series) -> float:
    """How far a line leads: where there are many, the longest are named."""
    ends = [value for value in series.ys if value is not None]
    return abs(ends[0] - ends[-1]) if ends else 0.0


def spread(heights: Sequence[float], step: float) -> list[float]:
    """How far down each of some heights (0 top, 1 bottom) must move so that all lie `step` apart.

    >>> [round(one, 2) for one in spread([0.5, 0.5, 0.98], 0.1)]
    [0.0, 0.1, 0.0]
    """
    order = sorted(range(len(heights)), key=lambda place: (heights[place], place))
    placed: dict[int, float] = {}
    floor = 0.0
    for place in order:
        placed[place] = max(heights[place], floor)
        floor = placed[place] + step
    ceiling = 1.0
    for place in reversed(order):
        placed[place] = min(placed[place], ceiling)
        ceiling = placed[place] - step
    return [placed[place] - heights[place] for place in range(len(heights))]


def _add_points(slide: Any, box: Box, plot: Plot, kind: Any) -> tuple[Any, Points]:
    kept = [_whole(series, plot) for series in plot.series]
    whiskers = {place: both for place, series in enumerate(kept) if (both := reach(series))}
    names = {place: _names(series, plot) for place, series in enumerate(plot.series)} if plot.kind == "points" else {}
    data = Points(plot.number, whiskers, names)
    for series in kept:
        made = data.add_series(shown(series.name, 80))
        for x, y in zip(series.xs, series.ys, strict=True):
            made.add_data_point(x, y)
    if plot.x and plot.x.marks:
        made = data.add_series("marks of the axis")
        for mark in plot.x.marks:
            made.add_data_point(mark, 0)
        whiskers[len(kept)] = ([0.0] * len(plot.x.marks), [_end(plot)] * len(plot.x.marks))
    frame = slide.shapes.add_chart(kind, *box.emu, data)
    begin(frame.chart, LETTERS)
    return frame, data


def _whole(series: Series, plot: Plot) -> Series:
    """A series without the points that are not there."""
    del plot
    kept = [place for place, y in enumerate(series.ys) if y is not None and place < len(series.xs)]
    lows, highs = (tuple(ends[place] for place in kept) if ends else () for ends in (series.lows, series.highs))
    ys, xs = (tuple(values[place] for place in kept) for values in (series.ys, series.xs))
    return Series(series.name, ys, xs, lows, highs, series.colour)  # type: ignore[arg-type]


def _names(series: Series, plot: Plot) -> list[str]:
    return [shown(name, 60) for name, y in zip(plot.categories, series.ys, strict=False) if y is not None]


def _end(plot: Plot) -> float:
    ends = [value for series in plot.series for value in (*series.ys, *series.highs) if value is not None]
    most = max(ends, default=1.0)
    return 1.0 if plot.number.endswith("%") and 0.4 < most <= 1 else scale(most, plot.number)[0]


def _last(values: Sequence[float | None]) -> float | None:
    return next((value for value in reversed(values) if value is not None), None)


def _draw_axes(chart: Any, box: Box, plot: Plot, right: float) -> Box:
    """Both axes; gives the inside of them, in inches of the chart."""
    inside = Box(VALUE_ROOM, 0.1, box.width - VALUE_ROOM - right, box.height - 0.1 - AXIS_ROOM)
    place_plot(chart, inside.left / box.width, inside.top / box.height, inside.width / box.width, inside.height / box.height)
    end = _end(plot)
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = 0, end
    chart.value_axis.major_unit = scale(end, plot.number)[1] if end != 1.0 or not plot.number.endswith("%") else 0.25
    draw_values_axis(chart.value_axis, plot.number, plot.y.title if plot.y else "")
    across = chart.category_axis
    across.has_major_gridlines = False
    across.major_tick_mark = XL_TICK_MARK.NONE
    across.format.line.color.rgb = rgb(RULE)
    axis = plot.x or Axis("")
    if axis.title:
        write_title(across, axis.title)
    first, last = _span(plot, axis)
    across.minimum_scale, across.maximum_scale = first, last
    if axis.log:
        make_logarithmic(across)
    across.tick_label_position = XL_TICK_LABEL_POSITION.NONE if axis.marks else XL_TICK_LABEL_POSITION.LOW
    across.tick_labels.font.color.rgb = rgb(MUTED)
    across.tick_labels.number_format_is_linked = False
    across.tick_labels.number_format = "#,##0"
    return inside


def _span(plot: Plot, axis: Axis) -> tuple[float, float]:
    xs = [x for series in plot.series for x in series.xs if not axis.log or x > 0]
    first, last = min(xs, default=1.0), max([*xs, *axis.marks], default=10.0)
    if axis.log:
        if plot.kind == "points":
            return 10.0 ** math.floor(math.log10(first)), 10.0 ** math.ceil(math.log10(max(last, first * 1.01)))
        # Past the last point: what lies on the edge itself is left out by some programs.
        return first, last * 1.01
    return (min(0.0, first), scale(last, "0")[0]) if first >= 0 else (first, last)


def _add_marks(chart: Any, data: Points, plot: Plot) -> None:
    """Times as people say them, where the axis's own labels would be powers of ten: points at 0 with labels and lines."""
    if not plot.x or not plot.x.marks:
        return
    place = len(plot.series)
    made = chart.plots[0].series[place]
    made.format.line.fill.background()
    made.marker.style = XL_MARKER_STYLE.NONE
    for point, text in enumerate(plot.x.marks.values()):
        label = made.points[point].data_label
        frame = label.text_frame
        frame.text = shown(text, 20)
        font = frame.paragraphs[0].runs[0].font
        font.size = Pt(LETTERS)
        font.color.rgb = rgb(MUTED)
        label.position = XL_LABEL_POSITION.BELOW
    both = data.whiskers[place]
    refs = (data.whisker_ref(place, 0), data.whisker_ref(place, 1))
    add_whiskers(made, refs, both, direction="y", colour=_RULE_XML, cap=False, thickness=9_525)


def _write_label(label: Any, series: Series, position: Any, size: float = NAME_SIZE) -> None:
    frame = label.text_frame
    frame.text = ("\u00a0" * 2) + fit(series.name, NAME_SIZE, NAME_ROOM - 0.35)
    frame.word_wrap = False
    font = frame.paragraphs[0].runs[0].font
    font.size = Pt(size)
    font.color.rgb = rgb(series.colour or INK)
    label.position = position


def _name_points(chart: Any, plot: Plot, inside: Box) -> None:
    """Names, from the outermost points inwards, wherever the room is free."""
    first, last = _span(plot, plot.x or Axis(""))
    end, size = _end(plot), 10.0
    log = bool(plot.x and plot.x.log)
    taken: list[Patch] = []
    for place, series in enumerate(plot.series):
        whole = _whole(series, plot)
        names = _names(series, plot)
        spots = [
            (_along(x, first, last, log) * inside.width, (1 - (y or 0) / end) * inside.height)
            for x, y in zip(whole.xs, whole.ys, strict=True)
        ]
        taken += [(x - 0.06, y - 0.06, x + 0.06, y + 0.06) for x, y in spots]
        for point in sorted(range(len(spots)), key=lambda number: -_distance(spots[number], inside)):
            if point >= len(names):
                continue
            text = fit(names[point], size, 1.9)
            patches = _patches(spots[point], width(text, size), size / 72 * LINE)
            free = [side for side, patch in patches.items() if _free(patch, taken, inside)]
            if free:
                taken.append(patches[free[0]])
                label = chart.plots[0].series[place].points[point].data_label
                _write_label(label, Series(text, ()), _SIDES[free[0]], size)


_SIDES = {
    "right": XL_LABEL_POSITION.RIGHT,
    "left": XL_LABEL_POSITION.LEFT,
    "above": XL_LABEL_POSITION.ABOVE,
    "below": XL_LABEL_POSITION.BELOW,
}


def _patches(spot: tuple[float, float], wide: float, high: float) -> dict[str, Patch]:
    """Where a name would stand on each side of its point."""
    x, y = spot
    return {
        "right": (x + 0.08, y - high / 2, x + 0.2 + wide, y + high / 2),
        "left": (x - 0.2 - wide, y - high / 2, x - 0.08, y + high / 2),
        "above": (x - wide / 2, y - 0.08 - high, x + wide / 2, y - 0.08),
        "below": (x - wide / 2, y + 0.08, x + wide / 2, y + 0.08 + high),
    }


def _free(patch: Patch, taken: Sequence[Patch], inside: Box) -> bool:
    within = patch[0] >= 0 and patch[2] <= inside.width + 0.3 and patch[1] >= -0.05 and patch[3] <= inside.height
    return within and not any(_touch(patch, other) for other in taken)


def _along(x: float, first: float, last: float, log: bool) -> float:
    if log:
        return math.log(max(x, first) / first) / math.log(last / first)
    return (x - first) / ((last - first) or 1.0)


def _distance(spot: tuple[float, float], inside: Box) -> float:
    return math.hypot(spot[0] / inside.width - 0.5, spot[1] / inside.height - 0.5)


def _touch(one: Patch, other: Patch) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
