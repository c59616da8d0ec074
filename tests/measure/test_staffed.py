"""Staffed time: hand-counted hours over nights, changes of the clocks and holidays, and what must always hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialbench.errors import UsageError
from socialbench.measure import staffed
from socialbench.measure.brand import measure
from socialbench.measure.metrics.times import answered_median_s, staffed_answered_median_s
from socialbench.measure.prepare import prepare
from socialbench.measure.result import BrandResult
from socialbench.measure.rules import Rules
from socialbench.measure.sample import example
from socialbench.measure.staffed import NOT_COUNTED, Desk, desk_of
from socialbench.measure.units import made_up
from tests.measure.frames import ACME, World

SPAN = (int(datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1000), int(datetime(2027, 1, 1, tzinfo=UTC).timestamp() * 1000))
OFFICE = "Mon-Fri 09:00-17:00"
DAY_AND_NIGHT = [OFFICE, "24/7", "Mon-Sun 22:00-06:00", "Sat 00:00-24:00, Sun 01:15-02:45"]


def at(text: str, zone: str = "UTC") -> int:
    """A moment of a wall clock, in UTC ms."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def hours(desk: Desk, since: int, until: int) -> float:
    return float(desk.staffed_s(np.array([since]), np.array([until]))[0]) / 3600


def desk(text: str, zone: str = "UTC", *holidays: str) -> Desk:
    return desk_of(text, zone, holidays, SPAN)


@pytest.mark.parametrize(
    ("stated", "since", "until", "expected"),
    [
        (OFFICE, "2026-06-01T08:00", "2026-06-01T09:30", 0.5),
        (OFFICE, "2026-06-05T16:00", "2026-06-08T10:00", 2.0),
        (OFFICE, "2026-06-06T10:00", "2026-06-07T10:00", 0.0),
        (OFFICE, "2026-06-01T00:00", "2026-06-08T00:00", 40.0),
        ("Mon-Sun 22:00-06:00", "2026-06-01T20:00", "2026-06-02T20:00", 8.0),
        ("24/7", "2026-06-01T00:00", "2026-06-08T00:00", 168.0),
        ("Mon 09:00-13:00, Mon 12:00-17:00", "2026-06-01T00:00", "2026-06-02T00:00", 8.0),
    ],
    ids=["opens later", "over a weekend", "weekend alone", "a week", "over midnight", "always", "overlapping"],
)
def test_staffed_hours_are_counted_by_hand(stated: str, since: str, until: str, expected: float) -> None:
    assert hours(desk(stated), at(since), at(until)) == expected


@pytest.mark.parametrize(
    ("stated", "day", "expected"),
    [
        ("24/7", "2026-03-29", 23.0),
        ("24/7", "2026-10-25", 25.0),
        ("Sun 00:30-03:30", "2026-03-29", 2.0),
        ("Sun 00:30-03:30", "2026-10-25", 4.0),
        ("Sun 01:30-02:30", "2026-03-29", 0.5),
        ("Sun 09:00-17:00", "2026-03-29", 8.0),
    ],
    ids=["short day", "long day", "over the gap", "over the repeat", "begins in the gap", "later that day"],
)
def test_staffed_days_of_changing_clocks_in_london(stated: str, day: str, expected: float) -> None:
    """On 29 March 2026 01:00 becomes 02:00, on 25 October 02:00 becomes 01:00."""
    start = at(f"{day}T00:00", "Europe/London")
    end = at(f"{day[:-2]}{int(day[-2:]) + 1}T00:00", "Europe/London")
    assert hours(desk(stated, "Europe/London"), start, end) == expected


def test_staffed_hours_are_those_of_the_zone() -> None:
    """09:00 in Kolkata is 03:30 UTC."""
    assert hours(desk(OFFICE, "Asia/Kolkata"), at("2026-06-01T03:00"), at("2026-06-01T04:30")) == 1.0


def test_staffed_date_is_a_holiday() -> None:
    assert hours(desk(OFFICE, "UTC", "2026-06-02"), at("2026-06-01T00:00"), at("2026-06-04T00:00")) == 16.0


def test_staffed_night_of_a_holiday_belongs_to_the_day_it_begins_on() -> None:
    """Closed from Tuesday 22:00; Monday's night still runs until 06:00."""
    night = desk("Mon-Sun 22:00-06:00", "UTC", "2026-06-02")
    assert hours(night, at("2026-06-02T00:00"), at("2026-06-03T22:00")) == 6.0


def test_staffed_country_closes_on_its_holidays() -> None:
    """Easter Monday 2026 is 6 April: a holiday of England, none of Scotland."""
    pytest.importorskip("holidays")
    span = (at("2026-04-06T00:00"), at("2026-04-07T00:00"))
    assert [hours(desk(OFFICE, "UTC", part), *span) for part in ("GB-ENG", "GB-SCT")] == [0.0, 8.0]


def test_staffed_unknown_country_is_one_clear_line() -> None:
    pytest.importorskip("holidays")
    with pytest.raises(UsageError, match="holidays: 'ZZ' is not known"):
        desk(OFFICE, "UTC", "ZZ")


def test_staffed_holidays_that_cannot_be_counted_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staffed, "_public_holidays", lambda country, years: None)
    staffed._closed_days.cache_clear()
    found = desk(OFFICE, "UTC", "GB", "2026-06-02")
    staffed._closed_days.cache_clear()
    assert found.note == NOT_COUNTED
    assert hours(found, at("2026-06-01T00:00"), at("2026-06-04T00:00")) == 16.0


MOMENTS = st.integers(SPAN[0], SPAN[1])


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(DAY_AND_NIGHT),
    st.sampled_from(["UTC", "Europe/London", "America/Sao_Paulo", "Australia/Lord_Howe"]),
    st.lists(MOMENTS, min_size=3, max_size=3).map(sorted),
)
def test_staffed_time_adds_up_and_is_never_more_than_elapsed(stated: str, zone: str, moments: list[int]) -> None:
    first, second, third = moments
    clock = desk(stated, zone)
    whole, parts = hours(clock, first, third), hours(clock, first, second) + hours(clock, second, third)
    assert whole == pytest.approx(parts, abs=1e-6)
    assert -1e-9 <= whole <= (third - first) / 3_600_000 + 1e-9


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(DAY_AND_NIGHT), st.sampled_from(["Europe/London", "Australia/Lord_Howe", "America/St_Johns"]), MOMENTS)
def test_staffed_is_what_the_clock_on_the_wall_says(stated: str, zone: str, moment: int) -> None:
    """Oracle: the openings looked up by the local weekday and time, of the day and of the evening before."""
    local = datetime.fromtimestamp(moment / 1000, ZoneInfo(zone))
    minute = local.hour * 60 + local.minute
    openings = staffed.parse_hours(stated)
    by_hand = any(
        (one.weekday == local.weekday() and one.opens_min <= minute < one.closes_min)
        or (one.weekday == (local.weekday() - 1) % 7 and minute + 1440 < one.closes_min)
        for one in openings
    )
    assert bool(desk(stated, zone).is_open(np.array([moment]))[0]) == by_hand


def asked(
    waits: list[float | None], *, start: float = 0.0, hours: str | None = OFFICE, rules: Rules | None = None
) -> BrandResult:
    """Customers ask a minute apart from minute `start` of Monday 1 June 2026 on; waits in minutes."""
    world = World()
    for place, wait in enumerate(waits):
        key = world.ask(100 + place, start + place)
        if wait is not None:
            world.answer(key, start + place + wait)
    rules = rules or Rules()
    return measure(replace(ACME, hours=hours), prepare(world.frames(), rules.as_of), rules)


def test_staffed_median_forgives_the_weekend() -> None:
    """Asked from Friday 16:00 on, answered 66 h later on Monday at 10:00: 1 h and 1 h."""
    result = asked([66 * 60.0] * 30, start=(4 * 24 + 16) * 60)
    assert result.metrics["staffed_latency_s"].value == 2 * 3600
    assert result.metrics["median_latency_s"].value == 66 * 3600


def test_staffed_censoring_passes_through_the_same_clock() -> None:
    """Asked Monday at midnight: 7 days of follow-up hold 40 staffed hours, so all were watched for 40."""
    figures = asked([None] * 20 + [9 * 60] * 20).variants["staffed"]
    assert figures["staffed_within_40h"].value == pytest.approx(0.5)
    assert figures["staffed_within_1h"].value == pytest.approx(0.5)
    assert figures["staffed_latency_s"].value == 39 * 60


def test_staffed_horizon_beyond_the_follow_up_is_null() -> None:
    figures = asked([30.0] * 30, hours="Mon-Fri 10:00-16:00").variants["staffed"]
    assert (figures["staffed_within_16h"].value, figures["staffed_within_40h"].value) == (1.0, None)
    assert figures["staffed_within_40h"].note == "not watched long enough"


def test_staffed_share_answered_off_hours_is_told() -> None:
    """Answers at 00:30 and at 09:30 and later: ten of thirty while the desk was closed."""
    figures = asked([30.0] * 10 + [9.5 * 60] * 20).variants["staffed"]
    assert figures["answered_off_hours_share"].value == pytest.approx(1 / 3)


def test_staffed_without_hours_is_null_and_no_variant() -> None:
    result = asked([30.0] * 30, hours=None)
    assert (result.metrics["staffed_latency_s"].value, result.metrics["staffed_latency_s"].note) == (
        None,
        "no opening hours stated",
    )
    assert "staffed" not in result.variants


def test_staffed_hours_default_to_the_zone_of_the_report() -> None:
    """00:00 UTC is 09:00 in Tokyo: open from the first minute."""
    rules = Rules(zone=ZoneInfo("Asia/Tokyo"))
    assert asked([30.0] * 30, rules=rules).metrics["staffed_latency_s"].value == 30 * 60


def test_staffed_names_the_holidays_of_its_own_brand() -> None:
    """Monday 1 June is closed for Acme: what was asked at midnight waits from Tuesday 09:00 on."""
    rules = Rules(holidays={"Acme": ("2026-06-01",), "Other": ("2026-06-02",)})
    assert asked([34.0 * 60] * 11, rules=rules).metrics["staffed_latency_s"].value == 3600 + 5 * 60


def test_staffed_answered_median_of_a_desk_that_never_closes_is_the_plain_one_with_its_interval() -> None:
    units = made_up([(60.0 * minute, 604_800.0) for minute in range(1, 40)])
    units = replace(units, start_at=np.arange(39) * 3_600_000, day=np.arange(39) // 24)
    desk = desk_of("Mon-Sun 00:00-24:00", "UTC", (), (0, 30 * 86_400_000))
    sample = replace(example([]), units=units, desk=desk)
    plain, staffed = answered_median_s(sample), staffed_answered_median_s(sample)
    assert (staffed.value, staffed.low, staffed.high) == (1200.0, plain.low, plain.high)
    assert plain.low is not None
    assert plain.high is not None
    assert plain.low < 1200.0 < plain.high
