"""play-reviews: a review and its reply in one row."""

from __future__ import annotations

from pathlib import Path

import pytest

from socialbench.errors import UsageError
from tests.collect.files.harness import PLAY, Result, fresh_store, import_files, reasons, write_csv

JAN_1 = 1_767_225_600_000
"""2026-01-01T00:00Z."""
HOUR = 3_600_000


def review(
    name: str, at: str = "2026-01-01 10:00:00", text: str = "good", stars: object = 4, reply: str = "", replied: str = "",
    app: str = "acme",
) -> tuple[object, ...]:  # fmt: skip
    return name, "A user", text, stars, at, reply, replied, app


def load(tmp_path: Path, rows: list[tuple[object, ...]], **stated: str) -> Result:
    said = {"brand": "acme", "timezone": "UTC", **stated}
    return import_files(fresh_store(tmp_path), "play-reviews", [write_csv(tmp_path / "a.csv", PLAY, rows)], **said)


def test_a_row_is_a_review_and_a_reply_of_the_brand(tmp_path: Path) -> None:
    result = load(tmp_path, [review("r1", stars="4.0", reply="thanks", replied="2026-01-01 12:00:00")])
    first, second = result.by_id["r1"], result.by_id["r1#reply"]
    assert (first["author_id"], first["stars"], first["sent_at"]) == (None, 4, JAN_1 + 10 * HOUR)
    assert result.addressed("r1") == [("acme", "review")]
    assert (second["author_id"], second["parent_id"], second["text"]) == ("acme", "r1", "thanks")
    assert second["sent_at"] == JAN_1 + 12 * HOUR
    assert (result.outcome.messages, result.outcome.replies) == (2, 1)


def test_naive_times_are_dated_by_the_zone_said_and_refused_without(tmp_path: Path) -> None:
    result = load(tmp_path, [review("r1")], timezone="Asia/Jakarta")
    assert result.by_id["r1"]["sent_at"] == JAN_1 + 3 * HOUR
    path = write_csv(tmp_path / "b.csv", PLAY, [review("r1")])
    with pytest.raises(UsageError, match=r"b\.csv:2: the time 2026-01-01 10:00:00 says no zone: say --timezone"):
        import_files(tmp_path / "b.db", "play-reviews", [path], brand="acme")


def test_times_with_their_own_zone_need_none_even_mixed(tmp_path: Path) -> None:
    rows = [review("r1", "2026-01-01T10:00:00Z"), review("r2", "2026-01-01T10:00:00+02:00")]
    path = write_csv(tmp_path / "a.csv", PLAY, rows)
    result = import_files(tmp_path / "a.db", "play-reviews", [path], brand="acme")
    assert {row["id"]: row["sent_at"] for row in result.messages} == {"r1": JAN_1 + 10 * HOUR, "r2": JAN_1 + 8 * HOUR}


def test_a_reply_before_its_review_is_kept_as_it_is(tmp_path: Path) -> None:
    result = load(tmp_path, [review("r1", reply="thanks", replied="2025-12-31 00:00:00")])
    assert result.by_id["r1#reply"]["sent_at"] < result.by_id["r1"]["sent_at"]


def test_a_reply_that_cannot_be_dated_is_left_out_alone(tmp_path: Path) -> None:
    result = load(tmp_path, [review("r1", reply="thanks"), review("r2", reply="thanks", replied="soon")])
    assert sorted(row["id"] for row in result.messages) == ["r1", "r2"]
    assert reasons(result) == {"reply_no_time": 1, "reply_bad_time": 1}


def test_stars_out_of_range_are_dropped_and_the_review_kept(tmp_path: Path) -> None:
    result = load(tmp_path, [review("r1", stars=9), review("r2", stars=""), review("r3", stars="3.5")])
    assert [row["stars"] for row in result.messages] == [None, None, None]
    assert result.outcome.notes.counts == {"stars_out_of_range": 2}


def test_of_differing_copies_the_later_reply_wins_then_the_longer_text(tmp_path: Path) -> None:
    rows = [
        review("r1", reply="old", replied="2026-01-02 00:00:00"),
        review("r1", reply="new", replied="2026-01-03 00:00:00"),
        review("r1", text="a much longer text than before"),
        review("r2", text="short"),
        review("r2", text="longer text"),
    ]
    for order in (rows, rows[::-1]):
        result = load(tmp_path, order)
        assert result.by_id["r1#reply"]["text"] == "new"
        assert result.by_id["r1"]["text"] == "good"
        assert result.by_id["r2"]["text"] == "longer text"
        assert result.outcome.repeated == 3


def test_a_brand_column_gives_each_row_its_brand(tmp_path: Path) -> None:
    rows = [review("r1", app="one"), review("r2", app="two"), review("r3", app=" ")]
    path = write_csv(tmp_path / "a.csv", PLAY, rows)
    result = import_files(tmp_path / "a.db", "play-reviews", [path], brand_column="appId", timezone="UTC")
    assert result.addressed("r1") + result.addressed("r2") == [("one", "review"), ("two", "review")]
    assert reasons(result) == {"no_brand": 1}


def test_a_brand_that_never_replied_has_its_name(tmp_path: Path) -> None:
    assert [(row["account_id"], row["account_name"]) for row in load(tmp_path, [review("r1")]).coverage] == [("acme", "acme")]


def test_each_brand_is_observed_until_its_own_newest_row_or_reply(tmp_path: Path) -> None:
    rows = [
        review("r1", app="one", reply="yes", replied="2026-01-05 00:00:00"),
        review("r2", "2026-01-04 00:00:00", app="one"),
        review("r3", "2026-03-01 00:00:00", app="two"),
    ]
    path = write_csv(tmp_path / "a.csv", PLAY, rows)
    result = import_files(tmp_path / "a.db", "play-reviews", [path], brand_column="appId", timezone="UTC")
    day = 24 * HOUR
    spans = {row["account_id"]: (row["since_at"], row["until_at"], row["assumed"], row["sample"]) for row in result.coverage}
    assert spans == {
        "one": (JAN_1 + 10 * HOUR, JAN_1 + 4 * day + 1, True, "complete"),
        "two": (JAN_1 + 59 * day, JAN_1 + 59 * day + 1, True, "complete"),
    }


def test_a_stated_observed_until_holds_for_all_brands(tmp_path: Path) -> None:
    result = load(tmp_path, [review("r1"), review("r2", "2026-02-02 00:00:00")], observed_until="2026-02-01")
    assert [(row["until_at"], row["assumed"]) for row in result.coverage] == [(JAN_1 + 31 * 24 * HOUR, False)]
    assert result.outcome.notes.counts == {"after_observed_until": 1}
    with pytest.raises(UsageError, match="before the oldest row"):
        load(tmp_path, [review("r1")], observed_until="2025-01-01")


def test_the_zone_dates_a_stated_observed_until(tmp_path: Path) -> None:
    result = load(tmp_path, [review("r1")], observed_until="2026-02-01", timezone="Asia/Jakarta")
    assert result.coverage[0]["until_at"] == JAN_1 + 31 * 24 * HOUR - 7 * HOUR


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"timezone": "Asia/Jakata"}, "did you mean Asia/Jakarta"),
        ({"brand_column": "appId"}, "exclude each other"),
        ({"brand": " "}, "--brand is empty"),
        ({"observed_until": "soon"}, "no date or time"),
    ],
)
def test_options_that_do_not_fit_are_refused(tmp_path: Path, stated: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        load(tmp_path, [review("r1")], **stated)


def test_reviews_without_a_brand_are_refused(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", PLAY, [review("r1")])
    with pytest.raises(UsageError, match="whose messages are these"):
        import_files(tmp_path / "a.db", "play-reviews", [path], timezone="UTC")
