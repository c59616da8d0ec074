"""Windows of time, by the calendar of a zone. Expected moments are worked out by hand, in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialbench.config import Unreadable, parse_duration, parse_moment, preceding, read_period, resolve_period
from socialbench.errors import UsageError
from socialbench.model import Window

LONDON = ZoneInfo("Europe/London")
NEW_YORK = ZoneInfo("America/New_York")
HOUR_MS = 3_600_000


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


# A Sunday, ISO week 47.
NOW = at("2026-11-22T15:30")


@pytest.mark.parametrize(
    ("text", "since", "until", "label"),
    [
        ("last-month", "2026-09-30T23:00", "2026-11-01T00:00", "2026-10"),
        ("this-month", "2026-11-01T00:00", "2026-12-01T00:00", "2026-11"),
        ("last-week", "2026-11-09T00:00", "2026-11-16T00:00", "2026-W46"),
        ("last-quarter", "2026-06-30T23:00", "2026-09-30T23:00", "2026-Q3"),
        ("last-year", "2025-01-01T00:00", "2026-01-01T00:00", "2025"),
        ("yesterday", "2026-11-21T00:00", "2026-11-22T00:00", "2026-11-21"),
        ("2026-10", "2026-09-30T23:00", "2026-11-01T00:00", "2026-10"),
        ("2026-Q3", "2026-06-30T23:00", "2026-09-30T23:00", "2026-Q3"),
        ("2026-W01", "2025-12-29T00:00", "2026-01-05T00:00", "2026-W01"),
        ("2026", "2026-01-01T00:00", "2027-01-01T00:00", "2026"),
        ("2026-10-25", "2026-10-24T23:00", "2026-10-26T00:00", "2026-10-25"),
        ("7d", "2026-11-15T15:30", "2026-11-22T15:30", "2026-11-15T1530--2026-11-22T1530"),
        ("2026-10-01..2026-10-15", "2026-09-30T23:00", "2026-10-14T23:00", "2026-10-01--2026-10-15"),
        ("2026-10..2026-11", "2026-09-30T23:00", "2026-11-01T00:00", "2026-10-01--2026-11-01"),
        ("2026-10-01T09:30..2026-10-01T10:30+00:00", "2026-10-01T08:30", "2026-10-01T10:30", "2026-10-01T0930--2026-10-01T1130"),
    ],
)
def test_period_means_these_moments_in_london(text: str, since: str, until: str, label: str) -> None:
    period = read_period(text, LONDON, NOW)
    assert (period.since_at, period.until_at, period.label) == (at(since), at(until), label)


def test_period_days_follow_the_clocks() -> None:
    short, long = (read_period(day, NEW_YORK, NOW) for day in ("2026-03-08", "2026-11-01"))
    assert short.until_at is not None and short.since_at is not None
    assert long.until_at is not None and long.since_at is not None
    assert (short.until_at - short.since_at, long.until_at - long.since_at) == (23 * HOUR_MS, 25 * HOUR_MS)


def test_period_ago_counts_calendar_days_over_a_change_of_the_clocks() -> None:
    now = at("2026-10-26T12:00")
    assert parse_moment("2d", LONDON, now) == at("2026-10-24T11:00")
    assert parse_moment("48h", LONDON, now) == at("2026-10-24T12:00")
    assert parse_moment("1d1h", LONDON, now) == at("2026-10-25T11:00")


@pytest.mark.parametrize("text", [None, "all"])
def test_period_none_and_all_are_open(text: str | None) -> None:
    assert resolve_period(text, LONDON, NOW) == Window(None, None)


@pytest.mark.parametrize(("text", "label"), [("2026-10-01..", "from-2026-10-01"), ("..2026-10-01", "before-2026-10-01")])
def test_period_may_be_open_at_one_end(text: str, label: str) -> None:
    period = read_period(text, LONDON, NOW)
    assert period.label == label
    assert (period.since_at, period.until_at).count(None) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-10-15..2026-10-01", "ends (2026-10-01) before it starts (2026-10-15)"),
        ("2026-10-01..2026-10-01", "ends (2026-10-01) before it starts (2026-10-01)"),
        ("2026-13", "there is no such month"),
        ("2026-02-30", "there is no such day"),
        ("2026-W54", "there is no such week"),
        ("2026-Q5", "is no period; write e.g. last-month"),
        ("lastmonth", "is no period; write e.g. last-month"),
        ("..", "is no period"),
        ("", "is no period"),
        ("0001", "the year must lie between 1970 and 9000"),
        ("9999-12-31", "the year must lie between 1970 and 9000"),
        ("999999999w", "longer than a hundred years"),
        ("x" * 10_000, "is no period"),
    ],
)
def test_period_that_cannot_be_says_why(text: str, said: str) -> None:
    with pytest.raises(Unreadable) as raised:
        read_period(text, LONDON, NOW)
    assert said in str(raised.value)
    assert len(str(raised.value)) < 250
    assert isinstance(raised.value, UsageError)


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("2026-10", "2026-09"),
        ("2026-01", "2025-12"),
        ("2026-Q1", "2025-Q4"),
        ("2026-W01", "2025-W52"),
        ("2026-10-25", "2026-10-24"),
        ("2026", "2025"),
        ("2026-10-15..2026-11-01", "2026-09-28--2026-10-15"),
        ("2026-10-25..2026-10-27", "2026-10-23--2026-10-25"),
    ],
)
def test_period_preceding_is_of_the_same_kind(text: str, before: str) -> None:
    period = read_period(text, LONDON, NOW)
    earlier = preceding(period, LONDON)
    assert earlier is not None
    assert (earlier.label, earlier.until_at) == (before, period.since_at)


def test_period_without_an_end_has_none_before() -> None:
    assert preceding(read_period("all", LONDON, NOW), LONDON) is None
    assert preceding(read_period("2026-10..", LONDON, NOW), LONDON) is None


@pytest.mark.parametrize(
    ("text", "seconds"), [("7d", 604_800), ("10s", 10), ("2h", 7_200), ("1h30m", 5_400), ("2W", 1_209_600), ("0d", 0)]
)
def test_duration_is_in_seconds(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "7", "d", "-1d", "1.5h", "7 days", "1y", "١d", "9999999999d"])
def test_duration_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        parse_duration(text)


@given(st.text(max_size=40))
def test_period_of_any_text_is_read_or_refused(text: str) -> None:
    try:
        period = read_period(text, LONDON, NOW)
    except Unreadable:
        return
    assert period.label
    assert not set("/\\:\0 ") & set(period.label)


@given(
    st.dates(min_value=date(1971, 1, 1), max_value=date(2999, 1, 1)),
    st.sampled_from(["Europe/London", "America/Sao_Paulo", "Asia/Kolkata", "Pacific/Apia"]),
)
def test_period_days_tile_the_calendar(day: date, zone: str) -> None:
    period = read_period(day.isoformat(), ZoneInfo(zone), NOW)
    before = preceding(period, ZoneInfo(zone))
    assert before is not None and before.since_at is not None and before.until_at is not None and period.since_at is not None
    assert before.until_at == period.since_at > before.since_at
