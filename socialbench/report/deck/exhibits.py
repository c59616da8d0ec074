"""One slide per chart: native where an office program can draw it, coloured cells for hours, else a picture."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

from pptx.enum.shapes import MSO_SHAPE

from socialbench.report.chart import Chart, Plot
from socialbench.report.colours import ACCENT, RULE
from socialbench.report.deck.grid import pages
from socialbench.report.deck.heat import add_heat, fits_table
from socialbench.report.deck.letters import fit, width
from socialbench.report.deck.native import ROWS, add_bars, end_of, part
from socialbench.report.deck.page import Box
from socialbench.report.deck.scatter import add_cloud, add_curves, add_slope
from socialbench.report.deck.slides import MUTED, Slides, describe, paint, write
from socialbench.report.plates import Plate

COLUMNS = 2
NOTED_ROWS = 120
_MARGIN = 0.03
"""The part of a drawn chart at either side that is empty."""
_UNDER_HEAD, _FOOT = 0.1, 0.42
"""Inches of a drawn chart: from its last line above to what is kept of it, and the foot, which is text on the slide."""
KEY_ROOM = 0.32


def add_chart(slides: Slides, plate: Plate) -> None:
    """Add a chart's slide, or its slides where one cannot hold all its rows."""
    chart = plate.chart
    if fits_table(chart):
        slide, body = slides.add(chart.title, chart.subtitle, notes_of(chart), chart.foot)
        describe(add_heat(slide, body, chart), chart.name, chart.alt)
    elif chart.plot is None:
        _add_picture(slides, plate)
    elif chart.plot.kind in {"bars", "stacked"}:
        _add_bar_slides(slides, chart, chart.plot)
    else:
        slide, body = slides.add(chart.title, chart.subtitle, notes_of(chart), chart.foot)
        drawer = {"curves": add_curves, "points": add_cloud, "slope": add_slope}[chart.plot.kind]
        describe(drawer(slide, body, chart.plot), chart.name, chart.alt)


def notes_of(chart: Chart, with_data: bool = False) -> list[str]:
    """The definitions of what a chart shows, and what is to be seen; of pictures also their data."""
    said = [*chart.notes, chart.alt, chart.foot]
    return [*said, "", *_data(chart)] if with_data else said


def _data(chart: Chart) -> Iterator[str]:
    yield "Data: " + " | ".join(chart.columns)
    for row in chart.rows[:NOTED_ROWS]:
        yield " | ".join("" if value is None else str(value) for value in row)
    if len(chart.rows) > NOTED_ROWS:
        yield f"{len(chart.rows) - NOTED_ROWS} rows more: they stand in the workbook."


def _add_bar_slides(slides: Slides, chart: Chart, plot: Plot) -> None:
    count, end = len(plot.categories), end_of(plot)
    columns = 1 if count <= ROWS else COLUMNS
    found = pages(count, ROWS * columns)
    for number, rows in enumerate(found, 1):
        part_of = "" if len(found) == 1 else f"Part {number} of {len(found)}. "
        slide, body = slides.add(chart.title, part_of + chart.subtitle, notes_of(chart), chart.foot)
        if len(plot.series) > 1:
            add_key(slide, body, [(series.name, series.colour or ACCENT) for series in plot.series])
            body = body.below(KEY_ROOM)
        halves = pages(len(rows), -(-len(rows) // columns))
        for box, half in zip(_boxes(body, len(halves), len(rows)), halves, strict=True):
            shown_rows = range(rows.start + half.start, rows.start + half.stop)
            frame = add_bars(slide, box, part(plot, shown_rows), end)
            describe(frame, f"{chart.name} {shown_rows.start + 1} to {shown_rows.stop}", chart.alt)


def add_key(slide: Any, box: Box, entries: list[tuple[str, str]]) -> None:
    """What the colours mean, once above all parts of a chart."""
    left, size = box.left, 11.0
    for name, colour in entries:
        text = fit(name, size, 2.4)
        if left + 0.3 + width(text, size) > box.left + box.width:
            return
        swatch = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *Box(left, box.top + 0.03, 0.14, 0.14).emu)
        swatch.fill.solid()
        paint(swatch.fill.fore_color, colour)
        paint(swatch.line.color, RULE)
        swatch.line.width, swatch.shadow.inherit = 6_350, False
        write(slide, Box(left + 0.22, box.top, width(text, size) + 0.05, 0.2), text, size, colour=MUTED)
        left += 0.22 + width(text, size) + 0.3


def _boxes(body: Box, columns: int, count: int) -> list[Box]:
    """Few bars are not blown up to a slide's height."""
    high = body.height if count > 6 else min(body.height, 1.2 + 0.75 * count)
    return Box(body.left, body.top, body.width, high).columns(columns, 0.35)


def _add_picture(slides: Slides, plate: Plate) -> None:
    """The chart as it is drawn for all formats, less what the slide says itself."""
    from PIL import Image

    from socialbench.report.drawing import DPI, head_end

    chart, drawn = plate.chart, io.BytesIO(plate.png())
    slide, body = slides.add(chart.title, chart.subtitle, notes_of(chart, with_data=True), chart.foot)
    with Image.open(drawn) as picture:
        wide, high = (pixels / DPI for pixels in picture.size)
    top, bottom = (head_end(chart) + _UNDER_HEAD) / high, _FOOT / high
    kept = (wide * (1 - 2 * _MARGIN), high * (1 - top - bottom))
    factor = min(body.width / kept[0], body.height / kept[1])
    size = (kept[0] * factor, kept[1] * factor)
    box = Box(body.left + (body.width - size[0]) / 2, body.top, *size)
    shape = slide.shapes.add_picture(drawn, *box.emu)
    shape.crop_left = shape.crop_right = _MARGIN
    shape.crop_top, shape.crop_bottom = top, bottom
    describe(shape, chart.name, f"{chart.title}. {chart.alt}")


def charts_of(slides: Slides, charts: Iterable[Plate]) -> None:
    """Add all charts in their order."""
    for plate in charts:
        add_chart(slides, plate)
