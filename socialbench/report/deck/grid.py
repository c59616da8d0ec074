"""Tables that are tables: hairlines, no boxes, every cell's text cut to its cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from lxml import etree
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Inches

from socialbench.report.deck.letters import LINE, shown, width, within
from socialbench.report.deck.page import Box
from socialbench.report.deck.slides import INK, MUTED, add_run, describe, paint

PAD = 0.06
HEAD = 0.42
HEAD_SIZE = 10.0
_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, its width and its cells' margins in inches, and whether they stand right."""

    title: str
    width: float
    right: bool = False
    pad: float = PAD

    @property
    def room(self) -> float:
        """What a cell's text may take of the width."""
        return self.width - 2 * self.pad - 0.02


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's words. `colour` as `add_run` takes it, `size` in points where not the row's, `fill` "#rrggbb"."""

    text: str
    strong: bool = False
    colour: Any = INK
    size: float = 0.0
    fill: str = ""


def row_height(room: float, count: int, shortest: float = 0.34, tallest: float = 0.5) -> float:
    """The height of a table's rows: the room shared out, between the two."""
    return max(shortest, min(tallest, (room - HEAD) / max(1, count)))


def rows_that_fit(room: float, shortest: float = 0.34) -> int:
    """How many rows a slide carries under the head."""
    return max(1, int((room - HEAD + 1e-6) / shortest))


def pages(count: int, most: int) -> list[range]:
    """Rows shared out evenly over as few slides as carry them.

    >>> [len(page) for page in pages(30, 14)]
    [10, 10, 10]
    """
    number = max(1, -(-count // most))
    cuts = [round(count * page / number) for page in range(number + 1)]
    return [range(first, last) for first, last in pairwise(cuts)]


def add_table(slide: Any, box: Box, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], height: float, name: str) -> Any:
    """Add a table with a head row and rows of one height, in inches; the size of its letters follows from that."""
    headed = any(column.title for column in columns)
    shape = slide.shapes.add_table(len(rows) + headed, len(columns), *box.emu)
    describe(shape, name, f"{name}: {', '.join(column.title for column in columns if column.title)}; {len(rows)} rows.")
    table = shape.table
    _plain_style(table, headed)
    for column, made in zip(columns, table.columns, strict=True):
        made.width = Inches(column.width)
    if headed:
        table.rows[0].height = Inches(HEAD)
        for number, column in enumerate(columns):
            _write_head(table.cell(0, number), column)
    size = max(9.0, min(14.0, height * 72 * 0.46))
    for number, row in enumerate(rows, headed):
        table.rows[number].height = Inches(height)
        for place, cell in enumerate(row):
            _write_cell(table.cell(number, place), cell, columns[place], (cell.size or size, height))
    shape.height = Inches(HEAD * headed + height * len(rows))
    return shape


def _write_head(made: Any, column: Column) -> None:
    title = within(column.title, HEAD_SIZE, column.room, 2) if column.title else ""
    _set_up(made, column, MSO_ANCHOR.BOTTOM)
    add_run(made.text_frame.paragraphs[0], title, HEAD_SIZE, MUTED)
    _rule(made, "tx1", 12_700)


def _write_cell(made: Any, cell: Cell, column: Column, shape: tuple[float, float]) -> None:
    size, height = shape
    _set_up(made, column, MSO_ANCHOR.MIDDLE)
    text, size = _fitted(cell.text, (size, height), column.room, cell.strong)
    add_run(made.text_frame.paragraphs[0], text, size, cell.colour, cell.strong)
    if cell.fill:
        made.fill.solid()
        paint(made.fill.fore_color, cell.fill)
    _rule(made, "bg1", 6_350, 85_000)


def _fitted(text: str, shape: tuple[float, float], room: float, strong: bool) -> tuple[str, float]:
    """Text on one line at its size, else a little smaller, else on as many lines as the row carries, else cut."""
    size, height = shape
    if not text:
        return "", size
    whole = shown(text, 400)
    fewest = (1.0, 0.9) if " " in whole else (1.0, 0.9, 0.8, 0.7)
    for factor in fewest:
        if width(whole, size * factor, strong) <= room:
            return whole, size * factor
    small = max(8.0, min(size * 0.8, (height - 0.06) * 72 / 2 / LINE))
    most = max(1, int((height - 0.04) * 72 / (small * LINE)))
    return within(text, small, room, most, strong), small


def _set_up(made: Any, column: Column, anchor: Any) -> None:
    made.margin_left = made.margin_right = Inches(column.pad)
    made.margin_top = made.margin_bottom = Inches(0.02)
    made.vertical_anchor = anchor
    made.text_frame.word_wrap = True
    made.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT if column.right else PP_ALIGN.LEFT


def _plain_style(table: Any, headed: bool) -> None:
    """No stripes and no frame; the first row is a head for those who listen to the slide."""
    table.horz_banding, table.first_row = False, headed
    table._tbl.tblPr.find(qn("a:tableStyleId")).text = _NO_STYLE


def _rule(made: Any, colour: str, thickness: int, shade: int = 0) -> None:
    """A hairline under a cell. Lines stand before fills in a cell's properties."""
    properties = made._tc.get_or_add_tcPr()
    line = etree.Element(qn("a:lnB"), {"w": str(thickness)})
    paint_ = etree.SubElement(etree.SubElement(line, qn("a:solidFill")), qn("a:schemeClr"), {"val": colour})
    if shade:
        etree.SubElement(paint_, qn("a:lumMod"), {"val": str(shade)})
    properties.insert(0, line)
