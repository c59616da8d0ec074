"""Cells to values: what is read, and what is refused by name."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialbench.collect.moments import CellError, NaiveTimeError, parse_id, parse_ids, parse_moment, parse_number

BERLIN = ZoneInfo("Europe/Berlin")
TWITTER = "%a %b %d %H:%M:%S %z %Y"


@given(st.integers(700_000_000, 4_000_000_000))
def test_every_moment_is_read_back_from_each_form(second: int) -> None:
    whole = datetime.fromtimestamp(second, UTC)
    expected = second * 1000
    assert parse_moment(whole.strftime(TWITTER), None) == expected
    assert parse_moment(whole.isoformat(), None) == expected
    assert parse_moment(whole.isoformat(" ").replace("+00:00", "Z"), BERLIN) == expected
    assert parse_moment(str(second), None) == parse_moment(str(expected), None) == expected


def test_offsets_of_x_times_count() -> None:
    assert parse_moment("Wed Nov 01 00:10:47 +0200 2017", None) == 1_509_487_847_000
    assert parse_moment("Tue Oct 31 18:40:47 -0330 2017", None) == 1_509_487_847_000


def test_naive_times_follow_the_zone_over_the_change_of_the_clocks() -> None:
    assert parse_moment("2026-03-29 01:59:59", BERLIN) == 1_774_745_999_000
    assert parse_moment("2026-03-29 03:00:00", BERLIN) == 1_774_746_000_000
    with pytest.raises(NaiveTimeError):
        parse_moment("2026-03-29 03:00:00", None)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("", "no_time"),
        (" ", "no_time"),
        ("yesterday", "bad_time"),
        ("1969-12-31T23:59:59Z", "bad_time"),
        ("Wed Dec 31 23:00:00 +0000 1969", "bad_time"),
        ("0001-01-01T00:00:00+14:00", "bad_time"),
        ("Tue Oct 32 22:10:47 +0000 2017", "bad_time"),
        ("Tue Okt 31 22:10:47 +0000 2017", "bad_time"),
        ("Tue Oct 31 25:10:47 +0000 2017", "bad_time"),
        ("Tue Oct 31 22:10:47 +9900 2017", "bad_time"),
        ("2026-13-01T00:00:00Z", "bad_time"),
        ("19440120000", "bad_time"),
        ("99999999999999999999", "bad_time"),
    ],
)
def test_what_is_no_moment_is_refused_by_name(cell: str, reason: str) -> None:
    with pytest.raises(CellError) as error:
        parse_moment(cell, None)
    assert error.value.reason == reason


def test_ids_become_whole_again() -> None:
    cells = ("848", "848.0", " 848.00 ", "gp:AOq.1", "1.5", "nan", "")
    assert [parse_id(cell) for cell in cells] == ["848", "848", "848", "gp:AOq.1", "1.5", "", ""]
    for lost in ("1.24E+18", "1e18", "1,24E+18"):
        with pytest.raises(CellError, match="rounded_id"):
            parse_id(lost)


def test_a_cell_may_hold_several_ids() -> None:
    assert [parse_ids(cell) for cell in ("", "9", "9,6,10", "['9', '6.0']", "nan")] == [
        [],
        ["9"],
        ["9", "6", "10"],
        ["9", "6"],
        [],
    ]


def test_numbers_are_whole_or_nothing() -> None:
    assert [parse_number(cell) for cell in ("4", "4.0", "", "nan")] == [4, 4, None, None]
    for wrong in ("4.5", "four", "inf"):
        with pytest.raises(CellError, match="bad_number"):
            parse_number(wrong)
