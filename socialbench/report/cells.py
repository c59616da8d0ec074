"""CSV that a spreadsheet opens as text and numbers, never as formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def defused(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would read as a formula, also behind leading spaces.

    >>> defused("=cmd|' /C calc'!A0"), defused("Acme")
    ("'=cmd|' /C calc'!A0", 'Acme')
    """
    wide = text.translate({0xFF1D: "=", 0xFF0B: "+", 0xFF0D: "-", 0xFF20: "@"})
    return "'" + text if wide.startswith(_FORMULA_STARTS) or wide.lstrip().startswith(_FORMULA_STARTS) else text


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Write a table as UTF-8 CSV; None is an empty cell, booleans are true and false, text is defused."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue().encode()


def _cell(value: Any) -> str | float | int:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return defused(value.replace("\x00", "�")) if isinstance(value, str) else value
