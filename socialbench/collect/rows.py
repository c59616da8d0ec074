"""Files as a stream of records: decoding, gzip, CSV with its dirt. Memory does not grow with the file.

A broken row costs itself and nothing else: the lines that it swallowed are read again. Line numbers count
from 1 and are those of the first physical line of a record.
"""

from __future__ import annotations

import csv
import gzip
import re
import zlib
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import TextIOWrapper
from itertools import chain
from pathlib import Path
from typing import BinaryIO, cast

from socialbench.errors import UsageError
from socialbench.model import Json

RECORD_LIMIT = 4 * 1024 * 1024
"""Characters of the longest record that is believed; beyond it a quote was never closed."""

_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_MOJIBAKE = re.compile(r"â€[\x80-\xbf™œ¦“”˜]|Ã[\x80-\xbf©¨¤¶¼±§]|ðŸ")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a file."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Record:
    """One row (`cells` by column) or one JSON object (`cells` as decoded)."""

    place: Place
    cells: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row, or a part of one, that is left out, and why. `id` is '' where it could not be read."""

    place: Place
    reason: str
    id: str = ""


@dataclass(slots=True)
class Notes:
    """What was read but is doubtful: how often, and where first."""

    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, Place] = field(default_factory=dict)

    def add(self, name: str, place: Place) -> None:
        """Count one more `name`; the first place is kept."""
        self.counts[name] += 1
        self.first.setdefault(name, place)


def mend(text: str) -> str:
    """Replace what no store can hold (bytes that were not decodable, halves of emoji) by U+FFFD.

    >>> mend("caf\\udce9")
    'caf\ufffd'
    """
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def note_dirt(text: str, place: Place, notes: Notes) -> bool:
    """Count texts that could not be decoded (True: they need mending) or were decoded wrongly before they came here."""
    if text.isascii():
        return False
    if _MOJIBAKE.search(text):
        notes.add("mojibake", place)
    if _SURROGATE.search(text):
        notes.add("undecodable", place)
        return True
    return False


@dataclass(frozen=True, slots=True)
class Opened:
    """A file open for reading; `position` tells how many of its bytes on disk were read."""

    name: str
    text: TextIOWrapper
    raw: BinaryIO

    @property
    def position(self) -> int:
        """Bytes of the file read so far."""
        return self.raw.tell()


@contextmanager
def open_text(path: Path, encoding: str = "utf-8") -> Iterator[Opened]:
    """Open a plain or gzipped file. Bytes that do not decode come as lone surrogates (see `mend`).

    Raises UsageError where the file cannot be read, is an archive of another kind, or its gzip is cut off.
    """
    try:
        with path.open("rb") as raw:
            head = raw.read(4)
            raw.seek(0)
            if head.startswith(_ZIP):
                raise UsageError(f"{path}: a zip archive or workbook: unpack it or save it as CSV first")
            stream = cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if head.startswith(_GZIP) else raw
            text = TextIOWrapper(stream, _encoding(head, encoding), errors="surrogateescape", newline="")
            yield Opened(str(path), text, raw)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UsageError(f"{path}: the gzip is damaged or cut off ({error}): fetch it again") from error
    except (LookupError, UnicodeError) as error:
        raise UsageError(f"{path}: cannot be read as {encoding} ({error}): say another --encoding") from error
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from error


def _encoding(head: bytes, encoding: str) -> str:
    if head.startswith(_UTF16):
        return "utf-16"
    return "utf-8-sig" if encoding.lower().replace("_", "-") in {"utf-8", "utf8"} else encoding


class _TooLong(Exception):
    """The record under way passed RECORD_LIMIT."""


class _Feed:
    """Hands lines to csv.reader, remembers those of the record under way, and can take them back."""

    def __init__(self, text: TextIOWrapper) -> None:
        self._text = text
        self._back: deque[str] = deque()
        self._size = 0
        self.line = 0
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else self._read()
        if not line:
            raise StopIteration
        self._size += len(line)
        self.taken.append(line)
        if self._size > RECORD_LIMIT:
            raise _TooLong
        return line

    def _read(self) -> str:
        line = self._text.readline(RECORD_LIMIT)
        if len(line) == RECORD_LIMIT:
            self._skip_rest(line)
            self.taken.append(line)
            raise _TooLong
        return line

    def _skip_rest(self, part: str) -> None:
        while part and not part.endswith(("\n", "\r")):
            part = self._text.readline(RECORD_LIMIT)

    def begin(self) -> None:
        """The next line opens a new record."""
        self.line += len(self.taken)
        self.taken = []
        self._size = 0

    def rewind(self) -> None:
        """Give up the first line of the record; the others are read again."""
        self._back.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a file as the shape calls them, and the sign between its cells."""

    columns: tuple[str, ...]
    delimiter: str


class Table:
    """A CSV file as a stream of records; a file without a line has no columns and no records.

    `needed` columns must be there; names compare trimmed and case-folded. Raises UsageError, naming the columns,
    where one is missing or stands twice.
    """

    def __init__(self, opened: Opened, needed: Sequence[str], shape: str, notes: Notes) -> None:
        csv.field_size_limit(RECORD_LIMIT)
        self._name = opened.name
        self._feed = _Feed(opened.text)
        self._notes = notes
        self.empty_lines = 0
        self.header = self._read_header(needed, shape)
        self._reader = self._new_reader()

    def _read_header(self, needed: Sequence[str], shape: str) -> Header:
        first = self._first_line()
        if not first:
            return Header((), ",")
        delimiter = max(",;\t", key=lambda sign: (first.count(sign), sign == ","))
        try:
            cells = next(csv.reader(chain([first], self._feed), strict=True, delimiter=delimiter))
        except (csv.Error, _TooLong) as error:
            raise UsageError(f"{self._name}: the first line is no CSV header ({error or 'too long'})") from error
        wanted = {name.casefold(): name for name in needed}
        columns = tuple(wanted.get(cell.strip().casefold(), cell.strip()) for cell in cells)
        missing = [name for name in needed if name not in columns]
        if missing:
            raise UsageError(f"{self._name}: {shape} needs the columns {', '.join(needed)}; missing: {', '.join(missing)}")
        twice = [name for name in needed if columns.count(name) > 1]
        if twice:
            raise UsageError(f"{self._name}: column {twice[0]} stands twice: remove or rename one")
        return Header(columns, delimiter)

    def _first_line(self) -> str:
        try:
            for line in self._feed:
                if line.strip():
                    return line
                self._feed.begin()
        except _TooLong:
            raise UsageError(f"{self._name}: the first line is no CSV header (too long)") from None
        return ""

    def _new_reader(self) -> Iterator[list[str]]:
        return csv.reader(self._feed, strict=True, delimiter=self.header.delimiter)

    def __iter__(self) -> Iterator[Record | Rejected]:
        while self.header.columns:
            self._feed.begin()
            place = Place(self._name, self._feed.line + 1)
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error:
                yield self._give_up(place, "broken_quotes")
                continue
            except _TooLong:
                yield self._give_up(place, "too_long")
                continue
            found = self._judge(place, cells)
            if found is not None:
                yield found

    def _judge(self, place: Place, cells: list[str]) -> Record | Rejected | None:
        if not any(map(str.strip, cells)):
            self.empty_lines += 1
            return None
        if len(cells) != len(self.header.columns):
            return self._give_up(place, "too_few_cells" if len(cells) < len(self.header.columns) else "too_many_cells")
        raw = "".join(self._feed.taken)
        if "\0" in raw:
            return Rejected(place, "nul_byte")
        if note_dirt(raw, place, self._notes):
            cells = [mend(cell) for cell in cells]
        return Record(place, dict(zip(self.header.columns, cells, strict=True)))

    def _give_up(self, place: Place, reason: str) -> Rejected:
        """Leave out the first line of the record; a stray quote may have swallowed good rows after it."""
        self._feed.rewind()
        self._reader = self._new_reader()
        return Rejected(place, reason)
