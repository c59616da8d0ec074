from __future__ import annotations

import pytest

from socialbench.report import words


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (4.25, "4.2 s"),
        (59.6, "1 min"),
        (322, "5.4 min"),
        (599, "10 min"),
        (3571, "1 h"),
        (3600, "1 h"),
        (12_000, "3 h 20"),
        (3_900, "1 h 05"),
        (86_399, "24 h"),
        (100_000, "28 h"),
        (172_800, "2 days"),
        (223_865, "2.6 days"),
        (604_800, "7 days"),
    ],
)
def test_duration_is_said_as_people_do(seconds: float, said: str) -> None:
    assert words.duration(seconds) == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(0.9418, 0.9997, "97.2 %"), (0.79, 0.999, "97 %"), (0.9716, 0.9726, "97.21 %"), (None, None, "97.2 %")],
)
def test_share_is_rounded_to_what_its_interval_carries(low: float | None, high: float | None, said: str) -> None:
    assert words.figure("response_rate", {"value": 0.9721, "low": low, "high": high}) == said


def test_interval_with_an_open_end_says_at_least() -> None:
    assert words.interval("median_latency_s", {"value": 100_000, "low": 259_200, "high": None}) == "≥ 3 days"


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        ("2026-10-01T00:00:00+01:00", "2026-11-01T00:00:00+00:00", "October 2026"),
        ("2026-07-01T00:00:00+00:00", "2026-10-01T00:00:00+00:00", "2026, quarter 3"),
        ("2026-01-01T00:00:00+00:00", "2027-01-01T00:00:00+00:00", "2026"),
        ("2026-10-05T00:00:00+00:00", "2026-10-12T00:00:00+00:00", "5 October 2026 to 11 October 2026"),
        ("2026-10-01T00:00:01+00:00", "2026-11-01T00:00:00+00:00", "1 October 2026 to 31 October 2026"),
        (None, None, "all that was read"),
    ],
)
def test_period_is_named_by_what_it_covers(since: str | None, until: str | None, said: str) -> None:
    assert words.period({"since": since, "until": until, "timezone": "UTC"}) == said


def test_name_shows_control_and_direction_marks_as_such() -> None:
    assert words.name("a\x1b[2J\u202eb\u2066c\nd") == "a�[2J�b�c d"


def test_name_keeps_the_joiners_that_scripts_need() -> None:
    assert words.name("می\u200cخواهم") == "می\u200cخواهم"
