"""Badges of presets: pass marks over the last days or the last whole calendar quarter of a brand's period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from socialbench.measure.counted import Counted, Cut, cut_of
from socialbench.measure.metrics import registry
from socialbench.measure.plan import Badge, Limit
from socialbench.measure.result import Award
from socialbench.measure.sample import Sample
from socialbench.model import DAY_MS


def award(sample: Sample, counted: Counted, badge: Badge, period: tuple[int, int]) -> Award:
    """Whether a brand earns the badge. `period`: from when to when it was read (UTC ms)."""
    span = quarter_of(period, counted.rules.zone) if badge.days is None else _last_days(period, badge.days)
    if span is None:
        return Award(
            None, "the period holds no whole quarter" if badge.days is None else f"the period is under {badge.days} days"
        )
    sent, start = counted.rows.sent_at, counted.all_units.start_at
    inside = Cut((start >= span[0]) & (start < span[1]), (sent >= span[0]) & (sent < span[1]))
    part = cut_of(sample, counted, inside)
    told = [_told(part, limit) for limit in badge.limits]
    if any(passed is None for passed, _ in told):
        return Award(None, "; ".join(said for _, said in told))
    return Award(all(passed for passed, _ in told), "; ".join(said for _, said in told))


def _told(sample: Sample, limit: Limit) -> tuple[bool | None, str]:
    figure = registry()[limit.metric].of(sample)
    sign = ">=" if limit.at_least else "<="
    if figure.value is None:
        return None, f"{limit.metric}: {figure.refused or figure.note or 'no figure'}"
    passed = figure.value >= limit.value if limit.at_least else figure.value <= limit.value
    return passed, f"{limit.metric} {round(figure.value, 4):g} ({sign} {limit.value:g})"


def _last_days(period: tuple[int, int], days: int) -> tuple[int, int] | None:
    since = period[1] - days * DAY_MS
    return (since, period[1]) if since >= period[0] else None


def quarter_of(period: tuple[int, int], zone: ZoneInfo) -> tuple[int, int] | None:
    """The last whole calendar quarter of a period in a zone (UTC ms); None where it holds none.

    >>> july, november = 1_782_864_000_000, 1_793_491_200_000  # 1 July and 1 November 2026
    >>> quarter_of((july, november), ZoneInfo("UTC"))
    (1782864000000, 1790812800000)
    >>> quarter_of((july + 1, november), ZoneInfo("UTC")) is None
    True
    """
    last = datetime.fromtimestamp(period[1] / 1000, zone)
    year, quarter = last.year, (last.month - 1) // 3
    until = _starts(year, quarter, zone)
    since = _starts(year - (quarter == 0), (quarter - 1) % 4, zone)
    return (since, until) if since >= period[0] else None


def _starts(year: int, quarter: int, zone: ZoneInfo) -> int:
    return round(datetime(year, 3 * quarter + 1, 1, tzinfo=zone).timestamp() * 1000)


def told_of_award(award: Award | None) -> Sequence[str]:
    """What a brand's notes say of its badge."""
    if award is None:
        return ()
    return (f"badge {'undecided' if award.earned is None else 'earned' if award.earned else 'not earned'}: {award.why}",)
