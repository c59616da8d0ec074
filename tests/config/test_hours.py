"""Stated opening hours."""

from __future__ import annotations

import pytest

from socialbench.config import Opening, parse_hours


def test_hours_span_days_and_list_parts() -> None:
    assert parse_hours("Mon-Tue 09:00-17:30, Sat 10-14") == (Opening(0, 540, 1050), Opening(1, 540, 1050), Opening(5, 600, 840))


def test_hours_days_may_wrap_around_the_week_and_times_around_midnight() -> None:
    assert parse_hours("Sun-Mon 22:00-06:00") == (Opening(0, 1320, 1800), Opening(6, 1320, 1800))


def test_hours_days_wait_for_their_times_and_times_share_days() -> None:
    assert parse_hours("mon, Wednesday 9:00-12:00, 13:00-17:00") == (
        Opening(0, 540, 720),
        Opening(0, 780, 1020),
        Opening(2, 540, 720),
        Opening(2, 780, 1020),
    )


def test_hours_all_day_every_day() -> None:
    assert parse_hours("24/7") == parse_hours("Mon-Sun 00:00-24:00") == tuple(Opening(day, 0, 1440) for day in range(7))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9:30",
        "Mon",
        "Mon 9",
        "Mon 25:00-26:00",
        "Mon 09:60-10:00",
        "Mon 9:00-9:00",
        "Mo 9-17",
        "9-17",
        "Mon-Wed-Fri 9-17",
        "Mon 9-17,",
        "Mon 9-17 Tue",
    ],
)
def test_hours_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"Mon|day|time"):
        parse_hours(text)
