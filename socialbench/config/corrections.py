"""Corrections by hand: a CSV that says of single messages what kind they are, that they address nobody here, or are spam.

Columns: network, origin, id, and `kind` (a kind, `not_addressed` or `spam`); or columns `not_addressed` and `spam` with yes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from socialbench.config.vocabulary import did_you_mean, shown
from socialbench.errors import Problem

_NEEDED = ("network", "origin", "id")
_MARKS = ("not_addressed", "spam")
_COLUMNS = (*_NEEDED, "kind", *_MARKS, "note")
_YES = frozenset({"1", "true", "yes", "y", "x"})
_NO = frozenset({"", "0", "false", "no", "n"})
_KIND = re.compile(r"[a-z][a-z_]{0,39}")
_MAX_BYTES = 256 * 1024 * 1024
_MAX_TOLD = 20


@dataclass(frozen=True, slots=True)
class Correction:
    """What is true of one message, whatever the rules say."""

    network: str
    origin: str
    id: str
    kind: str | None = None
    not_addressed: bool = False
    spam: bool = False


@dataclass(frozen=True, slots=True)
class Corrections:
    """A corrections file: its rows, what is wrong with it, and the SHA-256 of its content."""

    rows: tuple[Correction, ...]
    problems: tuple[Problem, ...]
    sha256: str


def read_corrections(path: Path) -> Corrections:
    """Read a corrections file. What is wrong comes as problems with the file's own lines; OSError where it cannot be read."""
    with path.open("rb") as file:
        data = file.read(_MAX_BYTES + 1)
    name, digest = str(path), hashlib.sha256(data).hexdigest()
    if len(data) > _MAX_BYTES:
        return Corrections((), (Problem(name, 0, 0, "", "larger than 256 MB; is this a corrections file?"),), digest)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return Corrections((), (Problem(name, line, 1, "", "not UTF-8; save the file as CSV UTF-8"),), digest)
    problems: list[Problem] = []
    rows = tuple(_rows(name, text, problems))
    return Corrections(rows, _told(name, problems), digest)


def _told(name: str, problems: list[Problem]) -> tuple[Problem, ...]:
    if len(problems) <= _MAX_TOLD:
        return tuple(problems)
    rest = Problem(name, problems[_MAX_TOLD].line, 1, "", f"and {len(problems) - _MAX_TOLD} more rows that do not fit")
    return (*problems[:_MAX_TOLD], rest)


def _rows(name: str, text: str, problems: list[Problem]) -> Iterator[Correction]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [column.strip().casefold() for column in next(reader, [])]
        problems += _header_problems(name, header)
        if problems:
            return
        seen: dict[tuple[str, str, str], tuple[Correction, int]] = {}
        for row in reader:
            line = reader.line_num
            correction = _correction(header, row) if any(cell.strip() for cell in row) else None
            if isinstance(correction, str):
                problems.append(Problem(name, line, 1, "", correction))
            elif correction is not None:
                key = (correction.network, correction.origin, correction.id)
                known, first_line = seen.setdefault(key, (correction, line))
                if known != correction:
                    problems.append(
                        Problem(name, line, 1, "id", f"{shown(correction.id)} is corrected otherwise in line {first_line}")
                    )
                elif first_line == line:
                    yield correction
    except csv.Error as error:
        problems.append(Problem(name, reader.line_num, 1, "", f"not CSV: {error}"))


def _header_problems(name: str, header: list[str]) -> list[Problem]:
    told = [
        Problem(name, 1, 1, column[:40], f"unknown column{did_you_mean(column, _COLUMNS)}")
        for column in header
        if column not in _COLUMNS
    ]
    told += [Problem(name, 1, 1, column, "this column stands twice") for column in _COLUMNS if header.count(column) > 1]
    told += [Problem(name, 1, 1, column, "this column is missing") for column in _NEEDED if column not in header]
    if not {"kind", *_MARKS} & set(header):
        told.append(Problem(name, 1, 1, "kind", "this column is missing, or not_addressed, or spam"))
    return told


def _correction(header: list[str], row: list[str]) -> Correction | str:
    if len(row) != len(header):
        return f"{len(row)} cells where the header has {len(header)}"
    cells = {column: cell.strip() for column, cell in zip(header, row, strict=True)}
    missing = [column for column in ("network", "id") if not cells[column]]
    if missing:
        return f"{missing[0]} is empty"
    kind = cells.get("kind", "").casefold().replace(" ", "_").replace("-", "_")
    marks = {mark: _mark(cells.get(mark, "")) or kind == mark for mark in _MARKS}
    doubtful = [mark for mark in _MARKS if _mark(cells.get(mark, "")) is None]
    if doubtful:
        return f"{doubtful[0]} must be yes or no, not {shown(cells[doubtful[0]])}"
    if kind and not _KIND.fullmatch(kind):
        return f"{shown(cells['kind'])} is no kind; write a kind, not_addressed or spam"
    if not kind and not any(marks.values()):
        return "the row corrects nothing: kind, not_addressed and spam are all empty"
    return Correction(
        cells["network"].casefold(),
        cells["origin"],
        cells["id"],
        None if kind in {"", *_MARKS} else kind,
        marks["not_addressed"],
        marks["spam"],
    )


def _mark(text: str) -> bool | None:
    folded = text.casefold()
    return True if folded in _YES else False if folded in _NO else None
