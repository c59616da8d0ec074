"""What a chart is drawn on: a slide, or for a page on a phone a narrow sheet as tall as its rows need."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Letters:
    """Lines of text: size in points, from line to line in inches, how many at most."""

    size: float
    step: float
    most: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A ground for charts, in inches. `narrow`: one column, which takes its height from its rows.

    `first` is the first baseline from the top, `head` the least height above the body, `low` the height beneath it,
    `row` the least and the greatest height of a row, `names` the points of names in planes, `key_lines` what keys may take.
    """

    width: float
    height: float
    title: Letters
    subtitle: Letters
    foot: Letters
    first: float
    head: float
    low: float
    row: tuple[float, float]
    names: float
    key_lines: int
    narrow: bool


SLIDE = Sheet(
    width=13.333,
    height=7.5,
    title=Letters(24, 0.40, 2),
    subtitle=Letters(13.5, 0.25, 2),
    foot=Letters(10.5, 0.18, 1),
    first=0.52,
    head=1.5,
    low=0.7875,
    row=(0.165, 1.5),
    names=13,
    key_lines=1,
    narrow=False,
)
PHONE = Sheet(
    width=5.2,
    height=0.0,
    title=Letters(17, 0.28, 5),
    subtitle=Letters(11.5, 0.2, 6),
    foot=Letters(9.5, 0.17, 3),
    first=0.3,
    head=0.0,
    low=0.85,
    row=(0.27, 0.5),
    names=11,
    key_lines=3,
    narrow=True,
)
"""As wide in points as a phone's page is in pixels: letters keep their size."""
_SHEET: ContextVar[Sheet] = ContextVar("sheet", default=SLIDE)


def sheet() -> Sheet:
    """What is drawn on now."""
    return _SHEET.get()


@contextmanager
def on_phone() -> Iterator[None]:
    """Draw on a phone's sheet."""
    before = _SHEET.set(PHONE)
    try:
        yield
    finally:
        _SHEET.reset(before)


@contextmanager
def of_height(inches: float) -> Iterator[None]:
    """Draw on the same sheet with another height."""
    before = _SHEET.set(replace(_SHEET.get(), height=inches))
    try:
        yield
    finally:
        _SHEET.reset(before)
