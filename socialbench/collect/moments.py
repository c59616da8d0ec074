"""Cells to values: moments, ids, whole numbers. What cannot be read is refused by name, never guessed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TWITTER = re.compile(r"[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:[0-5]\d:[0-5]\d [+-]\d{4} \d{4}", re.ASCII)
_SECONDS = re.compile(r"\d{9,10}(\.\d+)?")
_MILLISECONDS = re.compile(r"\d{12,13}")
_WHOLE = re.compile(r"(-?\d+)\.0*")
_ROUNDED = re.compile(r"\d([.,]\d+)?[eE]\+?\d+")
_LIST = re.compile(r"[,;|\s]+")

SNOWFLAKE_EPOCH_AT = 1_288_834_974_657
"""The moment of X's id 0: ids hold milliseconds since then above 22 bits."""


class CellError(ValueError):
    """A cell that cannot be read. `reason` is the word under which the row is counted."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class NaiveTimeError(ValueError):
    """A time without a zone, where nobody said which zone is meant."""


def parse_moment(text: str, zone: tzinfo | None) -> int:
    """Read a moment in UTC ms: ISO 8601, X's own form, or seconds or milliseconds since 1970.

    Raises NaiveTimeError where it has no zone and `zone` is None, CellError("bad_time") where it is no time.

    >>> parse_moment("Tue Oct 31 22:10:47 +0000 2017", None)
    1509487847000
    >>> parse_moment("2026-06-14 19:00:29.5+07:00", None)
    1781438429500
    >>> parse_moment("1509487847", None)
    1509487847000
    """
    text = text.strip()
    if not text:
        raise CellError("no_time")
    if _TWITTER.fullmatch(text) and text[11:19] < "24:00:00":
        # Nearly all rows share their day with others, and dating a day is what costs.
        return _not_before_1970(_day_at(text[4:10], text[26:], text[20:25]) + _time_ms(text))
    try:
        moment = _read_number(text) or datetime.fromisoformat(text)
        if moment.tzinfo is None:
            if zone is None:
                raise NaiveTimeError(text)
            moment = moment.replace(tzinfo=zone)
        at = (moment - _EPOCH) // _MS
    except (NaiveTimeError, CellError):
        raise
    except (ValueError, OverflowError):
        raise CellError("bad_time") from None
    return _not_before_1970(at)


def _not_before_1970(at: int) -> int:
    if at < 0:
        raise CellError("bad_time")
    return at


@lru_cache(maxsize=4_096)
def _day_at(day: str, year: str, offset: str) -> int:
    """The midnight of `Oct 31` of a year at `+0000`, in UTC ms."""
    try:
        month = _MONTHS.index(day[:3]) + 1
        midnight = datetime.fromisoformat(f"{year}-{month:02}-{day[4:]}T00:00:00{offset}")
    except ValueError:
        raise CellError("bad_time") from None
    return (midnight - _EPOCH) // _MS


def _time_ms(text: str) -> int:
    return (int(text[11:13]) * 3600 + int(text[14:16]) * 60 + int(text[17:19])) * 1000


def _read_number(text: str) -> datetime | None:
    if text.isdigit() and len(text) not in {8, 9, 10, 12, 13}:
        raise CellError("bad_time")
    if _SECONDS.fullmatch(text):
        return _EPOCH + timedelta(seconds=float(text))
    return _EPOCH + timedelta(milliseconds=int(text)) if _MILLISECONDS.fullmatch(text) else None


def snowflake_moment(tweet_id: str) -> int | None:
    """When a message of X was sent, by its id, to the millisecond; None where the id holds no time.

    >>> snowflake_moment("1245425308704149506")
    1585767507135
    """
    if not (tweet_id.isascii() and tweet_id.isdigit() and 15 <= len(tweet_id) <= 19):
        return None
    return (int(tweet_id) >> 22) + SNOWFLAKE_EPOCH_AT


def refined_moment(stated_at: int | None, tweet_id: str) -> int | None:
    """The stated moment, with the id's milliseconds where the id lies in the stated second.

    X cuts its moments to the second and its ids hold the rest: an answer dated by its id alone would otherwise
    seem half a second later than it was.

    >>> refined_moment(1585767507000, "1245425308704149506"), refined_moment(1585767509000, "1245425308704149506")
    (1585767507135, 1585767509000)
    """
    held = snowflake_moment(tweet_id)
    if stated_at is None or (held is not None and held // 1000 * 1000 == stated_at):
        return held
    return stated_at


def parse_id(cell: str) -> str:
    """Read an id; numbers that a spreadsheet or pandas made fractions of become whole again. '' stays ''.

    Raises CellError("rounded_id") where the digits are lost for good.

    >>> parse_id(" 848.0 ")
    '848'
    >>> parse_id("1.24E+18")
    Traceback (most recent call last):
    socialbench.collect.moments.CellError: rounded_id
    """
    cell = cell.strip()
    if cell.isdigit():
        return cell
    if match := _WHOLE.fullmatch(cell):
        return match[1]
    if _ROUNDED.fullmatch(cell):
        raise CellError("rounded_id")
    return "" if cell.casefold() in {"nan", "null", "none", "<na>", "n/a"} else cell


def parse_ids(cell: str) -> list[str]:
    """Read a cell that may hold several ids.

    >>> parse_ids("9,6,10")
    ['9', '6', '10']
    """
    if cell.isdigit() or not cell:
        return [cell] if cell else []
    return [found for part in _LIST.split(cell.strip().strip("[]")) if (found := parse_id(part.strip("'\"")))]


def parse_number(cell: str) -> int | None:
    """Read a whole number (`4`, `4.0`), None where the cell is empty. Raises CellError("bad_number")."""
    cell = cell.strip()
    if not cell or cell.casefold() in {"nan", "null", "none"}:
        return None
    try:
        number = float(cell)
        if number != int(number):
            raise CellError("bad_number")
        return int(number)
    except (ValueError, OverflowError):
        raise CellError("bad_number") from None
