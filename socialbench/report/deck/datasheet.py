"""What stands behind a native chart: its numbers in a small workbook, names as text and never as formulas."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from pptx.chart import data as chart_data
from pptx.chart import xlsx as chart_sheets
from xlsxwriter import Workbook

from socialbench.report.deck.seal import FIRST_MOMENT

AS_TEXT = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}

# python-pptx types these in part only.
_CategoryWriter: Any = chart_sheets.CategoryWorkbookWriter
_PointWriter: Any = chart_sheets.XyWorkbookWriter
_CategoryData: Any = chart_data.CategoryChartData
_PointData: Any = chart_data.XyChartData

Reach = Sequence[float | None]
Whiskers = Mapping[int, tuple[Reach, Reach]]
"""By series: how far each interval reaches down from its value, and how far up."""


@contextmanager
def _sheet(file: io.BytesIO) -> Iterator[tuple[Any, Any]]:
    book = Workbook(file, AS_TEXT)
    book.set_properties({"created": FIRST_MOMENT})
    yield book, book.add_worksheet()
    book.close()


class _CategorySheet(_CategoryWriter):  # type: ignore[misc]
    def _open_worksheet(self, xlsx_file: io.BytesIO) -> Any:
        return _sheet(xlsx_file)

    def _populate_worksheet(self, workbook: Any, worksheet: Any) -> None:
        super()._populate_worksheet(workbook, worksheet)
        worksheet.set_column(0, 0, 40)
        for series, (down, up) in self._chart_data.whiskers.items():
            for offset, (title, reach) in enumerate((("below", down), ("above", up))):
                column = self.whisker_column(series, offset)
                worksheet.write(0, column, f"{title}: {self._chart_data[series].name}")
                worksheet.write_column(1, column, list(reach))

    def whisker_column(self, series: int, offset: int) -> int:
        """Where a series' intervals stand, from 0: after all series."""
        place = list(self._chart_data.whiskers).index(series)
        return 1 + len(self._chart_data) + 2 * place + offset

    def whisker_ref(self, series: int, offset: int) -> str:
        """The cells of one side of a series' intervals."""
        letter = self._column_reference(self.whisker_column(series, offset) + 1)
        return f"Sheet1!${letter}$2:${letter}${len(self._chart_data.categories) + 1}"


class _PointSheet(_PointWriter):  # type: ignore[misc]
    def _open_worksheet(self, xlsx_file: io.BytesIO) -> Any:
        return _sheet(xlsx_file)

    def _populate_worksheet(self, workbook: Any, worksheet: Any) -> None:
        super()._populate_worksheet(workbook, worksheet)
        worksheet.set_column(1, 1, 40)
        for series in self._chart_data:
            offset = self.series_table_row_offset(series)
            for column, reach in enumerate(self._chart_data.whiskers.get(series.index, ()), 2):
                worksheet.write(offset, column, ("below", "above")[column - 2])
                worksheet.write_column(offset + 1, column, list(reach))
            names = self._chart_data.point_names.get(series.index, ())
            worksheet.write_column(offset + 1, 4, list(names))

    def whisker_ref(self, series: int, offset: int) -> str:
        """The cells of one side of a series' intervals."""
        made = self._chart_data[series]
        first = self.series_table_row_offset(made) + 2
        letter = "CD"[offset]
        return f"Sheet1!${letter}${first}:${letter}${first + len(made) - 1}"


class Categories(_CategoryData):  # type: ignore[misc]
    """Values by category, with intervals."""

    def __init__(self, number: str, whiskers: Whiskers) -> None:
        super().__init__(number_format=number)
        self.whiskers = whiskers

    @property
    def _workbook_writer(self) -> Any:
        return _CategorySheet(self)

    def whisker_ref(self, series: int, offset: int) -> str:
        """The cells of one side of a series' intervals."""
        return _CategorySheet(self).whisker_ref(series, offset)


class Points(_PointData):  # type: ignore[misc]
    """Points of curves or clouds, with intervals and, for clouds, what each point is."""

    def __init__(self, number: str, whiskers: Whiskers, point_names: Mapping[int, Sequence[str]]) -> None:
        super().__init__(number_format=number)
        self.whiskers = whiskers
        self.point_names = point_names

    @property
    def _workbook_writer(self) -> Any:
        return _PointSheet(self)

    def whisker_ref(self, series: int, offset: int) -> str:
        """The cells of one side of a series' intervals."""
        return _PointSheet(self).whisker_ref(series, offset)
