"""One sheet: a title, what must be said above any table, a table with a frozen head and filters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from socialbench.report.colours import ACCENT, FAINT, INK, MUTED, RULE
from socialbench.report.deck.letters import shown
from socialbench.report.figures import Unit, unit_of

HEAD_ROW = 3
"""Where every table's head stands, counted from 0: title, notes and an empty row are above it."""
LONGEST = 4_000
TEXT, WHOLE, SHARE, SCORE, SECONDS, CLOCK, RATIO = "text", "#,##0", "0.0%", "0.0", "#,##0.###", "[h]:mm:ss", "0.00"
FORMATS = {Unit.SHARE: SHARE, Unit.SECONDS: SECONDS, Unit.COUNT: WHOLE, Unit.SCORE: SCORE, Unit.RATIO: RATIO}
_UNITS = {Unit.SHARE: "share", Unit.SECONDS: "s", Unit.COUNT: "count", Unit.SCORE: "0 to 100", Unit.RATIO: "ratio"}
_WIDTHS = {TEXT: 18.0, CLOCK: 12.0}


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its head, its number format (TEXT for words), its width in letters (0: what the format takes)."""

    title: str
    format: str = TEXT
    width: float = 0.0


class Book:
    """A workbook that takes every text as text, and its cell formats, each made once."""

    def __init__(self, book: Any, notes: Sequence[str]) -> None:
        self.book = book
        self.notes = "  ".join(notes)
        self._formats: dict[str, Any] = {}

    def format(self, number: str) -> Any:
        """The cell format of a number format, or of words."""
        if number not in self._formats:
            looks = {"valign": "top"} if number == TEXT else {"num_format": number, "valign": "top"}
            self._formats[number] = self.book.add_format(looks)
        return self._formats[number]

    def add_sheet(self, name: str, title: str) -> Any:
        """Add a sheet with its title and the notes; `name` is one of ours, never of the input."""
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&8socialbench&R&8&P / &N")
        sheet.set_row(0, 24)
        sheet.write_string(0, 0, shown(title, 200), self.book.add_format({"bold": True, "font_size": 16, "font_color": INK}))
        if self.notes:
            sheet.write_string(1, 0, self.notes, self.book.add_format({"bold": True, "font_color": ACCENT}))
        return sheet

    def say(self, sheet: Any, row: int, text: str) -> None:
        """Write a line of small print."""
        sheet.write_string(row, 0, shown(text, LONGEST), self.book.add_format({"font_color": MUTED, "font_size": 9}))

    def add_table(self, name: str, title: str, fields: Sequence[Field], rows: Iterable[Sequence[Any]]) -> Any:
        """Add a sheet with one table: head frozen and repeated in print, filters on, columns as wide as they need."""
        sheet = self.add_sheet(name, title)
        head = self.book.add_format(
            {"bold": True, "bg_color": FAINT, "bottom": 1, "bottom_color": RULE, "text_wrap": True, "valign": "bottom"}
        )
        sheet.set_row(HEAD_ROW, 32)
        for place, field in enumerate(fields):
            sheet.write_string(HEAD_ROW, place, field.title, head)
            sheet.set_column(place, place, field.width or _WIDTHS.get(field.format, 11.0))
        last = HEAD_ROW
        for last, row in enumerate(rows, HEAD_ROW + 1):
            for place, value in enumerate(row):
                self.write(sheet, last, place, value, fields[place].format)
        sheet.freeze_panes(HEAD_ROW + 1, 1)
        sheet.autofilter(HEAD_ROW, 0, max(last, HEAD_ROW + 1), len(fields) - 1)
        sheet.repeat_rows(HEAD_ROW)
        return sheet

    def write(self, sheet: Any, row: int, place: int, value: Any, number: str = TEXT) -> None:
        """Write one value as what it is; None leaves the cell empty. `(value, format)` brings its own format."""
        if isinstance(value, tuple):
            value, number = value
        if value is None:
            return
        if isinstance(value, bool):
            sheet.write_boolean(row, place, value, self.format(TEXT))
        elif isinstance(value, int | float):
            sheet.write_number(row, place, value, self.format("General" if number == TEXT else number))
        else:
            sheet.write_string(row, place, shown(value, LONGEST) if value else "", self.format(TEXT))


def metric_fields(metric: str, label: str, parts: Sequence[str]) -> list[Field]:
    """The columns of a metric: its value in its unit, then parts like low and high; of times also as a clock."""
    unit = unit_of(metric)
    fields = [Field(f"{label} ({_UNITS[unit]})", FORMATS[unit])]
    if unit is Unit.SECONDS:
        fields.append(Field(f"{label} (h:mm:ss)", CLOCK))
    return fields + [Field(f"{label}, {part}", WHOLE if part == "n" else FORMATS[unit]) for part in parts]


def metric_values(figure: Any, metric: str, parts: Sequence[str]) -> list[Any]:
    """What stands in them: the JSON's numbers as they are."""
    value = figure.get("value")
    values = [value]
    if unit_of(metric) is Unit.SECONDS:
        values.append(None if value is None else value / 86_400)
    return values + [figure.get(part) for part in parts]


def unit_word(metric: str) -> str:
    """The unit of a metric's numbers, in a word."""
    return _UNITS[unit_of(metric)]
