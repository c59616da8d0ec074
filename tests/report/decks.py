"""Reading decks back: slides, tables, charts with their workbooks, and whether texts keep to their boxes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib
import openpyxl
from PIL import ImageFont
from pptx import Presentation
from pptx.util import Emu

from socialbench.report.formats import pptx
from socialbench.report.tree import Report

FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
LINE = 1.17
"""DejaVu's own height of a line."""


def opened(report: Report) -> Any:
    return Presentation(io.BytesIO(next(pptx.render(report)).data))


def title_of(slide: Any) -> str:
    return next((shape.text_frame.text for shape in slide.placeholders if "TITLE" in str(shape.placeholder_format.type)), "")


def tables(deck: Any, name: str) -> list[list[list[str]]]:
    return [
        [[cell.text_frame.text for cell in row.cells] for row in shape.table.rows]
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_table and shape.name == name
    ]


def charts(deck: Any) -> Iterator[tuple[str, Any]]:
    return ((shape.name, shape.chart) for slide in deck.slides for shape in slide.shapes if shape.has_chart)


def datasheet(chart: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))["Sheet1"]


@cache
def face(size: float, strong: bool) -> Any:
    return ImageFont.truetype(str(FONTS / ("DejaVuSans-Bold.ttf" if strong else "DejaVuSans.ttf")), round(size * 20))


def needed(text: str, size: float, strong: bool, inches: float) -> tuple[float, float]:
    """The width of the longest line and the height of all, in inches, as a word wrap of its own makes them."""

    def wide(line: str) -> float:
        return float(face(size, strong).getlength(line)) / 20 / 72

    lines: list[str] = []
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and wide(joined) <= inches:
            lines[-1] = joined
        else:
            lines.append(word)
    return max(map(wide, lines)), len(lines) * size * LINE / 72


def boxed_texts(slide: Any) -> Iterator[tuple[str, Any, float, float]]:
    """Every paragraph of a slide with the room of its box: text, first run, width, height."""
    for shape in slide.shapes:
        if shape.has_table:
            table = shape.table
            for row in table.rows:
                for cell, column in zip(row.cells, table.columns, strict=True):
                    room = Emu(column.width - cell.margin_left - cell.margin_right).inches
                    high = Emu(row.height - cell.margin_top - cell.margin_bottom).inches
                    yield from frame_texts(cell.text_frame, room, high)
        elif shape.has_text_frame and shape.width:
            yield from frame_texts(shape.text_frame, Emu(shape.width).inches, Emu(shape.height).inches)


def frame_texts(frame: Any, wide: float, high: float) -> Iterator[tuple[str, Any, float, float]]:
    paragraph = frame.paragraphs[0]
    if paragraph.runs and paragraph.runs[0].text:
        yield frame.text, paragraph.runs[0], wide, high


def overflowing(deck: Any) -> list[str]:
    """Texts that are wider or higher than their boxes, measured in DejaVu."""
    found = []
    for number, slide in enumerate(deck.slides, 1):
        for text, run, wide, high in boxed_texts(slide):
            size = run.font.size.pt if run.font.size else 10.0
            took = needed(text, size, bool(run.font.bold), wide + 0.02)
            if took[0] > wide + 0.02 or took[1] > high + 0.03:
                found.append(f"slide {number}: {text[:60]!r} takes {took[0]:.2f} x {took[1]:.2f} of {wide:.2f} x {high:.2f}")
    return found


def outside(deck: Any) -> list[str]:
    """Shapes that reach over the slide's edge or into its foot."""
    foot = 6.98
    found = []
    for number, slide in enumerate(deck.slides, 1):
        for shape in slide.shapes:
            right, bottom = Emu(shape.left + shape.width).inches, Emu(shape.top + shape.height).inches
            is_foot = shape.is_placeholder and Emu(shape.top).inches > 6.5
            if shape.left < 0 or right > Emu(deck.slide_width).inches or (bottom > foot and not is_foot):
                found.append(f"slide {number}: {shape.name} ends at {right:.2f}, {bottom:.2f}")
    return found
