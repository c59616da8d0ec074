"""Stated opening hours: `Mon-Fri 09:00-17:30, Sat 10:00-14:00`, `Mon-Sun 22:00-06:00` (over midnight), `24/7`."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONG = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIMES = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*[-–]\s*(\d{1,2})(?::(\d{2}))?")
_PART = re.compile(r"([A-Za-z][A-Za-z\s–-]*)?\s*(\d.*)?")
_EXAMPLE = "write e.g. Mon-Fri 09:00-17:30, Sat 10:00-14:00"
DAY_MIN = 24 * 60


@dataclass(frozen=True, slots=True)
class Opening:
    """Open on `weekday` (Monday is 0) from `opens_min` to `closes_min`, minutes after midnight; above 1440 on the next day."""

    weekday: int
    opens_min: int
    closes_min: int


def parse_hours(text: str) -> tuple[Opening, ...]:
    """The openings of a week, in order. Raises ValueError that says what is wrong."""
    if text.strip() == "24/7":
        return tuple(Opening(day, 0, DAY_MIN) for day in range(7))
    openings: set[Opening] = set()
    waiting: list[int] = []
    days: list[int] = []
    for part in (piece.strip() for piece in re.split(r"[,;]", text)):
        found = _PART.fullmatch(part)
        if not part or found is None:
            raise ValueError(f"{text[:40]!r} are no opening hours; {_EXAMPLE}")
        if found[1]:
            waiting += _parse_days(found[1].strip())
        if found[2]:
            days, waiting = waiting or days, []
            opens_min, closes_min = _parse_times(found[2].strip())
            openings.update(Opening(day, opens_min, closes_min) for day in days)
            if not days:
                raise ValueError(f"{part!r} names no day; {_EXAMPLE}")
    if waiting:
        raise ValueError(f"{part!r} names no time; {_EXAMPLE}")
    return tuple(sorted(openings, key=lambda opening: (opening.weekday, opening.opens_min, opening.closes_min)))


def _parse_days(text: str) -> list[int]:
    ends = [_parse_day(word) for word in re.split(r"\s*[-–]\s*", text)]
    if len(ends) == 1:
        return ends
    if len(ends) != 2:
        raise ValueError(f"{text!r} are no days; {_EXAMPLE}")
    first, last = ends
    return [(first + step) % 7 for step in range((last - first) % 7 + 1)]


def _parse_day(word: str) -> int:
    folded = word.casefold()
    for names in (_DAYS, _LONG):
        if folded in names:
            return names.index(folded)
    raise ValueError(f"{word[:20]!r} is no day; the days are Mon Tue Wed Thu Fri Sat Sun")


def _parse_times(text: str) -> tuple[int, int]:
    found = _TIMES.fullmatch(text)
    if found is None:
        raise ValueError(f"{text[:20]!r} are no times; {_EXAMPLE}")
    opens, closes = (int(found[hour]) * 60 + int(found[hour + 1] or 0) for hour in (1, 3))
    if opens >= DAY_MIN or closes > DAY_MIN or int(found[2] or 0) > 59 or int(found[4] or 0) > 59:
        raise ValueError(f"{text!r} are no times of a day; {_EXAMPLE}")
    if opens == closes:
        raise ValueError(f"{text!r} opens and closes at once; write 00:00-24:00 for the whole day")
    return opens, closes if closes > opens else closes + DAY_MIN
