"""Windows of time as people write them: `last-month`, `7d`, `2026-10`, `2026-Q3`, `2026-10-01..2026-10-15`, `all`.

The end is always exclusive. Calendar units follow the zone, so a day can have 23 or 25 hours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from socialbench.errors import UsageError
from socialbench.model import Window

_UNIT_S = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_DURATION = re.compile(r"(?:[0-9]{1,9}[smhdw])+")
_DURATION_PART = re.compile(r"([0-9]+)([smhdw])")
_CALENDAR = {
    "year": re.compile(r"([0-9]{4})"),
    "quarter": re.compile(r"([0-9]{4})-?[Qq]([1-4])"),
    "month": re.compile(r"([0-9]{4})-([0-9]{2})"),
    "week": re.compile(r"([0-9]{4})-?[Ww]([0-9]{2})"),
    "day": re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})"),
}
_NAMED = {
    f"{which}-{unit}": (unit, step)
    for unit in ("day", "week", "month", "quarter", "year")
    for which, step in (("last", -1), ("this", 0))
} | {"yesterday": ("day", -1), "today": ("day", 0)}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_EARLIEST, _LATEST = 1970, 9000
_EXAMPLES = "write e.g. last-month, 7d, 2026-10, 2026-Q3, 2026-10-01..2026-10-15 (the end is not included) or all"


class Unreadable(UsageError, ValueError):
    """A period, moment or duration that cannot be understood."""


@dataclass(frozen=True, slots=True)
class Period:
    """Half-open [since_at, until_at) in UTC ms, None where open, and a `label` fit for a folder's name.

    `unit` is the calendar unit (day, week, month, quarter, year) or, for any other stretch, ''.
    """

    since_at: int | None
    until_at: int | None
    label: str
    unit: str = ""

    @property
    def window(self) -> Window:
        """The same without its name."""
        return Window(self.since_at, self.until_at)


@dataclass(frozen=True, slots=True)
class _Days:
    """A calendar unit: from its first day up to and without the next one's."""

    unit: str
    first: date

    def step(self, by: int) -> _Days:
        """The unit that many units on."""
        if self.unit in _MONTHS:
            months = self.first.year * 12 + self.first.month - 1 + by * _MONTHS[self.unit]
            return _Days(self.unit, date(months // 12, months % 12 + 1, 1))
        return _Days(self.unit, self.first + timedelta(days=by * (7 if self.unit == "week" else 1)))

    @property
    def label(self) -> str:
        """The unit as one writes it: 2026, 2026-Q3, 2026-10, 2026-W46, 2026-10-03."""
        if self.unit == "week":
            year, week, _ = self.first.isocalendar()
            return f"{year:04}-W{week:02}"
        if self.unit == "quarter":
            return f"{self.first.year:04}-Q{(self.first.month + 2) // 3}"
        return self.first.isoformat()[: {"year": 4, "month": 7, "day": 10}[self.unit]]

    def period(self, zone: ZoneInfo) -> Period:
        """The unit as moments."""
        return Period(_midnight(self.first, zone), _midnight(self.step(1).first, zone), self.label, self.unit)


def parse_duration(text: str) -> int:
    """Seconds of `7d`, `10s`, `2h`, `1h30m`, `2w`. Raises Unreadable."""
    clean = text.strip().lower()
    if not _DURATION.fullmatch(clean):
        raise Unreadable(f"{_shown(text)} is no duration; write e.g. 7d, 12h, 30m or 90s")
    total = sum(int(count) * _UNIT_S[unit] for count, unit in _DURATION_PART.findall(clean))
    if total > 100 * 366 * 86_400:
        raise Unreadable(f"{_shown(text)} is longer than a hundred years")
    return total


def parse_moment(text: str, zone: ZoneInfo, now_ms: int) -> int:
    """UTC ms of a date, a time, `now`, or `7d` (that long ago); of a calendar unit its beginning.

    Without an offset the time is read in `zone`. Raises Unreadable.
    """
    clean = text.strip()
    if clean == "now":
        return now_ms
    if _DURATION.fullmatch(clean.lower()):
        return _ago(clean, zone, now_ms)
    unit = _read_unit(clean, zone, now_ms)
    if unit is not None:
        return _midnight(unit.first, zone)
    try:
        moment = datetime.fromisoformat(clean)
    except ValueError:
        raise Unreadable(f"{_shown(text)} is no date or time; write e.g. 2026-10-01, 2026-10-01T09:30 or 7d") from None
    return _ms(moment if moment.tzinfo else moment.replace(tzinfo=zone), text)


def read_period(text: str | None, zone: ZoneInfo, now_ms: int) -> Period:
    """The period that `text` means; None means all. Raises Unreadable, also where it ends before it starts.

    A duration means that long up to now, a time means from then until now.
    """
    clean = "all" if text is None else text.strip()
    if clean == "all":
        return Period(None, None, "all")
    if ".." in clean:
        return _between(clean, zone, now_ms)
    unit = _read_unit(clean, zone, now_ms)
    if unit is not None:
        return unit.period(zone)
    try:
        since_at = parse_moment(clean, zone, now_ms)
    except Unreadable as error:
        raise Unreadable(
            f"{error if _DURATION.fullmatch(clean.lower()) else f'{_shown(clean)} is no period'}; {_EXAMPLES}"
        ) from None
    return span(since_at, now_ms, zone)


def resolve_period(text: str | None, zone: ZoneInfo, now_ms: int) -> Window:
    """The window that `text` means, until exclusive; None means all. Raises Unreadable."""
    return read_period(text, zone, now_ms).window


def span(since_at: int | None, until_at: int | None, zone: ZoneInfo) -> Period:
    """Any stretch as a named period. Raises Unreadable where it ends before it starts."""
    if since_at is None and until_at is None:
        return Period(None, None, "all")
    if since_at is not None and until_at is not None and until_at <= since_at:
        raise Unreadable(
            f"the period ends ({_told(until_at, zone)}) before it starts ({_told(since_at, zone)}); the end is not included"
        )
    start, end = (None if at is None else _label(at, zone) for at in (since_at, until_at))
    label = f"{start}--{end}" if start and end else f"from-{start}" if start else f"before-{end}"
    return Period(since_at, until_at, label)


def preceding(period: Period, zone: ZoneInfo) -> Period | None:
    """The period of the same kind just before; None where `period` has no beginning or no end."""
    if period.since_at is None or period.until_at is None:
        return None
    start = datetime.fromtimestamp(period.since_at / 1000, zone)
    if period.unit:
        return _Days(period.unit, start.date()).step(-1).period(zone)
    end = datetime.fromtimestamp(period.until_at / 1000, zone)
    # Wall-clock arithmetic: seven days before a midnight is a midnight, also over a change of the clocks.
    earlier = start.replace(tzinfo=None) - (end.replace(tzinfo=None) - start.replace(tzinfo=None))
    return span(_ms(earlier.replace(tzinfo=zone), period.label), period.since_at, zone)


def is_absolute(text: str) -> bool:
    """Whether `text` names moments that do not move with the present."""
    return not any(part.strip() in {"", "now", *_NAMED} or _DURATION.fullmatch(part.strip().lower()) for part in text.split(".."))


def _between(text: str, zone: ZoneInfo, now_ms: int) -> Period:
    start, _, end = (part.strip() for part in text.partition(".."))
    if not start and not end:
        raise Unreadable(f"{_shown(text)} is no period; {_EXAMPLES}")
    since_at = parse_moment(start, zone, now_ms) if start else None
    until_at = parse_moment(end, zone, now_ms) if end else None
    return span(since_at, until_at, zone)


def _read_unit(text: str, zone: ZoneInfo, now_ms: int) -> _Days | None:
    if text in _NAMED:
        unit, step = _NAMED[text]
        return _unit_of(unit, datetime.fromtimestamp(now_ms / 1000, zone).date()).step(step)
    for unit, pattern in _CALENDAR.items():
        found = pattern.fullmatch(text)
        if found:
            return _written_unit(unit, [int(part) for part in found.groups()], text)
    return None


def _written_unit(unit: str, parts: list[int], text: str) -> _Days:
    if not _EARLIEST <= parts[0] <= _LATEST:
        raise Unreadable(f"{_shown(text)}: the year must lie between {_EARLIEST} and {_LATEST}")
    try:
        if unit == "week":
            return _Days(unit, date.fromisocalendar(parts[0], parts[1], 1))
        month = parts[1] * 3 - 2 if unit == "quarter" else (parts[1] if len(parts) > 1 else 1)
        return _Days(unit, date(parts[0], month, parts[2] if unit == "day" else 1))
    except ValueError:
        raise Unreadable(f"{_shown(text)}: there is no such {unit}") from None


def _unit_of(unit: str, day: date) -> _Days:
    if unit == "week":
        return _Days(unit, day - timedelta(days=day.weekday()))
    if unit == "day":
        return _Days(unit, day)
    month = {"year": 1, "quarter": (day.month - 1) // 3 * 3 + 1, "month": day.month}[unit]
    return _Days(unit, date(day.year, month, 1))


def _ago(text: str, zone: ZoneInfo, now_ms: int) -> int:
    # Days are calendar days (noon seven days ago is a noon), hours are hours.
    parse_duration(text)
    parts = [(int(count), unit) for count, unit in _DURATION_PART.findall(text.lower())]
    days = sum(count * _UNIT_S[unit] // _UNIT_S["d"] for count, unit in parts if unit in "dw")
    seconds = sum(count * _UNIT_S[unit] for count, unit in parts if unit not in "dw")
    now = datetime.fromtimestamp(now_ms / 1000, zone)
    return _ms(now - timedelta(days=days), text) - seconds * 1000


def _midnight(day: date, zone: ZoneInfo) -> int:
    return _ms(datetime.combine(day, time(), zone), day.isoformat())


def _ms(moment: datetime, text: str) -> int:
    try:
        utc = moment.astimezone(UTC)
    except OverflowError:
        raise Unreadable(f"{_shown(text)} lies beyond the calendar") from None
    if not _EARLIEST <= utc.year <= _LATEST and moment.year != _EARLIEST:
        raise Unreadable(f"{_shown(text)}: the year must lie between {_EARLIEST} and {_LATEST}")
    return (utc - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def _label(at: int, zone: ZoneInfo) -> str:
    moment = datetime.fromtimestamp(at / 1000, zone)
    return moment.strftime("%Y-%m-%d") if moment.time() == time() else moment.strftime("%Y-%m-%dT%H%M")


def _told(at: int, zone: ZoneInfo) -> str:
    moment = datetime.fromtimestamp(at / 1000, zone)
    return moment.strftime("%Y-%m-%d" if moment.time() == time() else "%Y-%m-%d %H:%M")


def _shown(text: str) -> str:
    short = " ".join(text.split())
    return repr(short if len(short) <= 40 else short[:37] + "...")
