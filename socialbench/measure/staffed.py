"""Staffed time: how long of a wait somebody sat at the desk, by the stated opening hours (metrics.md, staffed_latency_s).

The desk is staffed whenever the clock on the wall stands within the hours: an hour that a change of the clocks repeats
counts twice, one that it leaves out not at all. An opening belongs to the day on which it begins; on a holiday none does.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
import pandas as pd

from socialbench.config.hours import Opening, parse_hours
from socialbench.errors import UsageError
from socialbench.measure.survival import Bools, Floats, Ints
from socialbench.model import DAY_MS

MINUTE_MS = 60_000
NOT_COUNTED = "holidays are not counted: they need the `calendars` extra"
_EPOCH = date(1970, 1, 1).toordinal()
_FIRST_DAY, _LAST_DAY = date(1, 1, 3).toordinal() - _EPOCH, date(9999, 12, 29).toordinal() - _EPOCH
_THURSDAY = 3
"""The weekday of the day 0, 1 January 1970."""


@dataclass(frozen=True)
class Desk:
    """When it is staffed: [`open_at`, `close_at`) in UTC ms, sorted, apart. `before_ms`: staffed time before each opening.

    It knows the stretch for which it was made; outside of that no time is staffed. `note` tells what was left out.
    """

    open_at: Ints
    close_at: Ints
    before_ms: Ints
    note: str | None = None

    def staffed_s(self, since_at: Ints, until_at: Ints) -> Floats:
        """Staffed seconds between moments (UTC ms).

        >>> desk = desk_of("Mon-Fri 09:00-17:00", "UTC", (), (0, 7 * DAY_MS))  # 1 January 1970 is a Thursday
        >>> hours = desk.staffed_s(np.array([16 * 3_600_000]), np.array([34 * 3_600_000])) / 3600
        >>> hours.tolist()  # from 16:00 to 10:00 the next day: 1 h and 1 h
        [2.0]
        """
        return np.asarray((self._clock(until_at) - self._clock(since_at)) / 1000.0, dtype=np.float64)

    def is_open(self, moment_at: Ints) -> Bools:
        """Whether the desk is staffed at moments (UTC ms)."""
        place = np.searchsorted(self.open_at, moment_at, side="right") - 1
        if not len(self.open_at):
            return np.zeros(len(moment_at), dtype=np.bool_)
        return np.asarray((place >= 0) & (moment_at < self.close_at[place]), dtype=np.bool_)

    def _clock(self, moment_at: Ints) -> Ints:
        """Staffed ms up to each moment."""
        if not len(self.open_at):
            return np.zeros(len(moment_at), dtype=np.int64)
        place = np.searchsorted(self.open_at, moment_at, side="right") - 1
        inside = np.minimum(moment_at, self.close_at[place]) - self.open_at[place]
        return np.where(place >= 0, self.before_ms[place] + inside, 0)


def desk_of(hours: str, zone: str, holidays: Sequence[str], span: tuple[int, int]) -> Desk:
    """The desk of stated hours in a zone, for moments of `span` (UTC ms). `holidays`: dates, and countries as GB or GB-ENG.

    Raises UsageError for a country whose holidays nobody knows.
    """
    # A day on either side: a zone is up to 14 h from UTC, and an opening may begin on the evening before.
    first = max(span[0] // DAY_MS - 2, _FIRST_DAY)
    days = np.arange(first, max(first, min(span[1] // DAY_MS + 2, _LAST_DAY)) + 1, dtype=np.int64)
    closed, note = _closed_days(tuple(holidays), (_year(days[0]), _year(days[-1])))
    low, high = _walls(parse_hours(hours), days[~np.isin(days, np.array(sorted(closed), dtype=np.int64))])
    open_at, close_at = _instants(low, high, zone, days)
    before = np.concatenate(([0], np.cumsum(close_at - open_at)[:-1])) if len(open_at) else open_at
    return Desk(open_at, close_at, before.astype(np.int64), note)


def _year(day: int) -> int:
    return date.fromordinal(_EPOCH + int(day)).year


@cache
def _closed_days(texts: tuple[str, ...], years: tuple[int, int]) -> tuple[Collection[int], str | None]:
    """Days since 1970 on which nobody opens, and what could not be counted."""
    closed: set[int] = set()
    note = None
    for text in texts:
        if text[:1].isdigit():
            closed.add(date.fromisoformat(text).toordinal() - _EPOCH)
            continue
        found = _public_holidays(text, years)
        note = NOT_COUNTED if found is None else note
        closed |= found or set()
    return frozenset(closed), note


def _public_holidays(country: str, years: tuple[int, int]) -> set[int] | None:
    """A country's holidays as days since 1970; None where the package that knows them is not installed."""
    try:
        from holidays import country_holidays
    except ImportError:
        return None
    name, _, part = country.partition("-")
    try:
        found = country_holidays(name, subdiv=part or None, years=range(years[0], years[1] + 1))
    except NotImplementedError:
        raise UsageError(f"holidays: {country[:20]!r} is not known; write a country as GB, a part of it as GB-ENG") from None
    return {day.toordinal() - _EPOCH for day in found}


def _walls(openings: Sequence[Opening], days: Ints) -> tuple[Ints, Ints]:
    """The openings of these days as wall-clock ms since 1970, sorted and joined where they overlap or touch."""
    weekday = (days + _THURSDAY) % 7
    lows, highs = [], []
    for opening in openings:
        midnight = days[weekday == opening.weekday] * DAY_MS
        lows.append(midnight + opening.opens_min * MINUTE_MS)
        highs.append(midnight + opening.closes_min * MINUTE_MS)
    low, high = np.concatenate(lows), np.concatenate(highs)
    order = np.argsort(low, kind="stable")
    low, reach = low[order], np.maximum.accumulate(high[order])
    if not len(low):
        return low, reach
    new = np.concatenate(([True], low[1:] > reach[:-1]))
    return low[new], reach[np.append(np.flatnonzero(new)[1:] - 1, len(low) - 1)]


def _instants(low: Ints, high: Ints, zone: str, days: Ints) -> tuple[Ints, Ints]:
    """UTC moments at which the wall clock stands within [low, high): cut where the zone's offset changes."""
    since, offset = _offsets(zone, days)
    until = np.append(since[1:], (days[-1] + 2) * DAY_MS)
    opens, closes = [], []
    for start, end, shift in zip(since.tolist(), until.tolist(), offset.tolist(), strict=True):
        first = int(np.searchsorted(high, start + shift, side="right"))
        last = int(np.searchsorted(low, end + shift, side="left"))
        opens.append(np.maximum(low[first:last] - shift, start))
        closes.append(np.minimum(high[first:last] - shift, end))
    return np.concatenate(opens), np.concatenate(closes)


def _offsets(zone: str, days: Ints) -> tuple[Ints, Ints]:
    """From when (UTC ms) which offset (ms) holds, over these days."""
    noon = np.append(days, days[-1] + 1) * DAY_MS
    offset = _offset(zone, noon)
    low = noon[np.flatnonzero(np.diff(offset))]
    before, high = _offset(zone, low), low + DAY_MS
    while len(low) and (high - low).max() > 1:
        middle = (low + high) // 2
        old = _offset(zone, middle) == before
        low, high = np.where(old, middle, low), np.where(old, high, middle)
    return np.concatenate((noon[:1], high)), np.concatenate((offset[:1], _offset(zone, high)))


def _offset(zone: str, moment_at: Ints) -> Ints:
    """Local time minus UTC (ms) at moments."""
    local = pd.DatetimeIndex(pd.to_datetime(moment_at, unit="ms", utc=True)).tz_convert(zone).tz_localize(None)
    return np.asarray(local.as_unit("ms").asi8 - moment_at, dtype=np.int64)
