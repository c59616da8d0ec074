"""Time and chance as the collector sees them, so that a test can bring its own."""

from __future__ import annotations

import asyncio
import random
import time
from typing import Protocol


class Clock(Protocol):
    """What waits and dates. `now` is UTC in ms, `sleep` takes seconds, `chance` is uniform in [0, 1)."""

    def now(self) -> int:
        """The present moment, UTC in ms."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""
        ...

    def chance(self) -> float:
        """A number in [0, 1), for jitter."""
        ...


class WallClock:
    """The machine's own time, or the same shifted so that it begins at `start_at` (UTC in ms)."""

    def __init__(self, start_at: int | None = None) -> None:
        self._shift_ms = 0 if start_at is None else start_at - time.time_ns() // 1_000_000

    def now(self) -> int:
        """The present moment, UTC in ms."""
        return time.time_ns() // 1_000_000 + self._shift_ms

    async def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""
        await asyncio.sleep(seconds)

    def chance(self) -> float:
        """A number in [0, 1), for jitter; nothing secret hangs on it."""
        return random.random()  # noqa: S311
