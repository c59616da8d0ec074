"""One gate per host and credential: its pace, and the pause that all who wait share."""

from __future__ import annotations

import asyncio
import email.utils
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from socialbench.collect.clock import Clock
from socialbench.collect.network import Pace
from socialbench.errors import Stopped
from socialbench.model import Json

LONGEST_WAIT_S = 900.0
"""Without --max-time no single pause is waited out beyond this: it is better to come again."""
_YEAR_S = 366 * 86_400.0
_EPOCH_FROM = 1e9
_EPOCH_MS_FROM = 1e11


class Gate:
    """Lets requests through at the network's pace; a pause holds back all of them at once."""

    def __init__(self, name: str, pace: Pace, clock: Clock, deadline_at: int | None) -> None:
        self._name = name
        self._pace = pace
        self._clock = clock
        self._deadline_at = deadline_at
        self._free = float(pace.requests)
        self._filled_at = clock.now()
        self._next_at = 0
        self._resume_at = 0
        self._refusal: Stopped | None = None
        self.slots = asyncio.Semaphore(pace.concurrency)

    async def enter(self) -> None:
        """Wait for one's turn. Raises Stopped where the turn comes too late, or never."""
        if self._refusal is not None:
            raise self._refusal
        while (wait_ms := self._wait_ms()) > 0:
            self._refuse_late(self._clock.now() + wait_ms)
            await self._clock.sleep(wait_ms / 1000)
        self._refuse_late(self._clock.now())
        self._free -= 1
        self._next_at = self._clock.now() + round(self._pace.gap_s * 1000)

    def pause_until(self, resume_at: int) -> None:
        """Hold everybody back until `resume_at`."""
        self._resume_at = max(self._resume_at, resume_at)

    def shut(self, refusal: Stopped) -> None:
        """Let nobody through any more: the credit is used up, and nobody knows until when."""
        self._refusal = refusal

    def left_s(self) -> float:
        """Seconds until --max-time is over; infinite without."""
        return math.inf if self._deadline_at is None else (self._deadline_at - self._clock.now()) / 1000

    def _wait_ms(self) -> int:
        now = self._clock.now()
        rate = self._pace.requests / self._pace.per_s
        self._free = min(float(self._pace.requests), self._free + max(0, now - self._filled_at) / 1000 * rate)
        self._filled_at = now
        lacking_ms = 0 if self._free >= 1 else math.ceil((1 - self._free) / rate * 1000)
        return max(lacking_ms, self._next_at - now, self._resume_at - now)

    def _refuse_late(self, at: int) -> None:
        if self._deadline_at is not None and at >= self._deadline_at:
            why = "the time given by --max-time is over" if at <= self._clock.now() else "its limit lasts longer than --max-time"
            raise Stopped(f"{self._name}: {why}", max(at, self._resume_at))
        if at - self._clock.now() > LONGEST_WAIT_S * 1000:
            raise Stopped(f"{self._name}: its limit is used up", at)


def told_wait(pace: Pace, status: int, headers: Mapping[str, str], json: Json, now: int) -> int | None:
    """Until when the answer tells everybody to wait (UTC in ms), None where it tells nothing.

    Header names are in lower case. An exhausted `remaining` speaks also on a success.
    """
    over = status == 429 or status >= 500
    moments = [_retry_after(headers.get("retry-after", ""), now)] if over or status in (400, 403) else []
    left = [_number(headers.get(name.lower(), "")) for name in pace.remaining]
    spent = any(number <= 0 for number in left)
    if status == 429 and pace.burst_wait_s is not None and any(0 < number < math.inf for number in left):
        # A limit that the headers do not speak of: their reset would be far too long a pause.
        moments.append(now + round(pace.burst_wait_s * 1000))
    elif spent or (status == 429 and not any(moments)):
        moments += [reset_at(headers.get(name.lower(), ""), now) for name in pace.reset]
    moments += [_body_wait(json, path, now) for path in pace.body_wait]
    moments.append(_said_wait(pace, json, now) if over or status == 400 else None)
    found = [moment for moment in moments if moment is not None]
    return max(found) if found else None


def reset_at(text: str, now: int) -> int | None:
    """The moment that a *-reset header means: seconds left, epoch seconds or ms, or ISO 8601; None where it means none.

    >>> reset_at("30", 1_000), reset_at("1795330000", 0), reset_at("2026-11-22T06:00:00.000000Z", 0)
    (31000, 1795330000000, 1795327200000)
    """
    number = _number(text)
    if math.isfinite(number):
        if number >= _EPOCH_MS_FROM:
            return round(number)
        return round(number * 1000) if number >= _EPOCH_FROM else now + round(min(max(number, 0), _YEAR_S) * 1000)
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def next_midnight(zone: str, now: int) -> int:
    """When the day ends in `zone`, UTC in ms; summer time is heeded.

    >>> next_midnight("America/Los_Angeles", 1_795_330_000_000) - 1_795_330_000_000
    4400000
    """
    local = datetime.fromtimestamp(now / 1000, ZoneInfo(zone))
    day = (local + timedelta(days=1)).date()
    return round(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def _retry_after(text: str, now: int) -> int | None:
    number = _number(text)
    if math.isfinite(number):
        return now + round(min(max(number, 0), _YEAR_S) * 1000)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        return None
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def _body_wait(json: Json, path: tuple[str, ...], now: int) -> int | None:
    for key in path:
        json = json.get(key) if isinstance(json, dict) else None
    if isinstance(json, bool) or not isinstance(json, int | float) or not 0 < json < _YEAR_S:
        return None
    return now + round(json * 1000)


def _said_wait(pace: Pace, json: Json, now: int) -> int | None:
    if pace.said_wait is None or not isinstance(json, dict):
        return None
    field, pattern = pace.said_wait
    found = re.search(pattern, str(json.get(field)))
    return now + round(float(found.group(1)) * 1000) if found else None


def _number(text: str) -> float:
    # Absent or unreadable counts as plenty.
    try:
        value = float(text)
    except ValueError:
        return math.inf
    return value if math.isfinite(value) else math.inf
