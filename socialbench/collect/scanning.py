"""One pass over the files of an import: every row becomes items, or is rejected under a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from socialbench.collect.moments import CellError, NaiveTimeError
from socialbench.collect.objects import Objects
from socialbench.collect.rows import Notes, Opened, Place, Record, Rejected, Table, mend, open_text
from socialbench.collect.shapes import Item, Reading, Shape, Source
from socialbench.errors import UsageError

Watch = Callable[[int], None]
"""Told how many more bytes were read."""

_REPORT_EVERY = 2_000


@dataclass(frozen=True, slots=True)
class Found:
    """An item and where it stands."""

    place: Place
    item: Item


@dataclass(slots=True)
class Scan:
    """One pass. `rows` and `empty_lines` are complete once `read` came to its end."""

    shape: Shape
    source: Source
    encoding: str
    reading: Reading
    notes: Notes
    watch: Watch
    rows: int = 0
    empty_lines: int = field(default=0)

    def read(self, files: tuple[Path, ...]) -> Iterator[Found | Rejected]:
        """All items and rejected rows of `files`. Raises UsageError for a file that is none of the shape."""
        for path in files:
            with open_text(path, self.encoding) as opened:
                yield from self._read_file(opened)

    def _read_file(self, opened: Opened) -> Iterator[Found | Rejected]:
        table: Table | Objects = Objects(opened) if self.shape.objects else self._open_table(opened)
        told, rows = 0, 0
        for row in table:
            rows += 1
            if rows % _REPORT_EVERY == 0:
                self.watch(opened.position - told)
                told = opened.position
            if isinstance(row, Rejected):
                yield row
            else:
                yield from self._read_row(row)
        self.watch(opened.position - told)
        self.rows += rows
        self.empty_lines += table.empty_lines

    def _open_table(self, opened: Opened) -> Table:
        return Table(opened, self.shape.columns(self.source), self.shape.name, self.notes)

    def _read_row(self, row: Record) -> Iterator[Found | Rejected]:
        try:
            for each in self.reading.read(row):
                yield Found(row.place, each) if isinstance(each, Item) else each
        except CellError as error:
            yield Rejected(row.place, error.reason, self._id(row))
        except NaiveTimeError as error:
            raise UsageError(f"{row.place}: the time {error} says no zone: say --timezone, such as Europe/London") from None

    def _id(self, row: Record) -> str:
        column = self.shape.id_column(self.source)
        return mend(str(row.cells.get(column, ""))).strip() if column else ""
