"""When a thread is looked at again for late replies."""

from __future__ import annotations

from socialbench.model import DAY_MS, HOUR_MS

MARKS_MS = (HOUR_MS, 6 * HOUR_MS, DAY_MS, 3 * DAY_MS, 7 * DAY_MS)
"""How long after its newest message to the brand a thread is read again."""


def is_due(newest_at: int, checked_at: int | None, now: int, follow_up_s: int) -> bool:
    """Whether a thread is to be read: never read yet, or a mark was passed since it was.

    The marks end at `follow_up_s` after the newest message; the end itself is the last mark.

    >>> HOUR = 3_600_000
    >>> is_due(0, None, HOUR, 604_800), is_due(0, HOUR // 2, HOUR, 604_800), is_due(0, HOUR, 2 * HOUR, 604_800)
    (True, True, False)
    """
    if checked_at is None:
        return True
    horizon_ms = follow_up_s * 1000
    marks = [newest_at + mark for mark in MARKS_MS if mark < horizon_ms] + [newest_at + horizon_ms]
    return any(checked_at < mark <= now for mark in marks)
