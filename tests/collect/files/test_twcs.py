"""twcs: who is a brand, and to which of them a message speaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from socialbench.errors import NoData, UsageError
from tests.collect.files.harness import TWCS, Result, import_files, reasons, tweet, write_csv

ROWS = (
    tweet(1, "Acme", "False", 0, "Our new shop is open"),
    tweet(2, "ann", "True", 5, "where is it?", "1.0"),
    tweet(3, "bob", "True", 6, "@ACME @Beta help"),
    tweet(4, "Beta", "False", 30, "@bob we can", "3"),
    tweet(5, "Acme", "False", 20, "@bob so can we", "3"),
    tweet(6, "eve", "True", 7, "no brand in here"),
    tweet(7, "Beta", "FALSE", 90, "@zoe sorry", "8.0"),
    tweet(8, "zoe", "true", 80, "hello?"),
    tweet(9, "zoe", "True", 95, "@acme thanks", "7"),
)


@pytest.fixture
def result(tmp_path: Path) -> Result:
    return import_files(tmp_path / "a.db", "twcs", [write_csv(tmp_path / "a.csv", TWCS, ROWS)])


def test_twcs_gives_the_earliest_replier_before_anything_else(result: Result) -> None:
    assert result.addressed("3") == [("Acme", "leading")]


def test_twcs_counts_a_message_attributed_without_being_named_as_post(result: Result) -> None:
    assert result.addressed("8") == [("Beta", "post")]


def test_twcs_gives_the_parents_author_where_nobody_replied(result: Result) -> None:
    assert result.addressed("2") == [("Acme", "reply")]
    assert result.addressed("9") == [("Beta", "reply")]


def test_twcs_stores_and_counts_what_it_cannot_attribute(result: Result) -> None:
    assert result.addressed("6") == []
    assert result.outcome.attributed_by == {"parent": 2, "replier": 2, "unattributed": 1}


def test_twcs_marks_every_address_answered_only(result: Result) -> None:
    assert {each["basis"] for row in result.messages for each in row["addressed"]} == {"answered_only"}


def test_twcs_gives_the_first_brand_named_where_nothing_else_tells(tmp_path: Path) -> None:
    rows = [*ROWS, tweet(20, "ida", "True", 3, "who is better, @BETA-or @acme?")]
    result = import_files(tmp_path / "a.db", "twcs", [write_csv(tmp_path / "a.csv", TWCS, rows)])
    assert result.addressed("20") == [("Beta", "in_text")]
    assert result.outcome.attributed_by["named"] == 1


def test_twcs_complete_addresses_the_parent_and_each_brand_named(tmp_path: Path) -> None:
    rows = [*ROWS, tweet(21, "ida", "True", 99, "@zoe @Acme look", "7")]
    result = import_files(tmp_path / "a.db", "twcs", [write_csv(tmp_path / "a.csv", TWCS, rows)], sample="complete")
    assert result.addressed("3") == [("Acme", "leading"), ("Beta", "leading")]
    assert result.addressed("21") == [("Acme", "carried"), ("Beta", "reply")]
    assert result.addressed("8") == []
    assert {each["basis"] for row in result.messages for each in row["addressed"]} == {"independent"}


def test_twcs_never_takes_a_row_by_a_brand_as_inbound(tmp_path: Path) -> None:
    rows = [*ROWS, tweet(22, "beta", "True", 40, "@Acme nice one")]
    result = import_files(tmp_path / "a.db", "twcs", [write_csv(tmp_path / "a.csv", TWCS, rows)])
    assert result.addressed("22") == []
    assert result.by_id["22"]["author_id"] == "Beta"


def test_twcs_unites_spellings_of_a_brand_whatever_the_order(tmp_path: Path) -> None:
    rows = [tweet(1, "acme", "False", 0, "hi"), tweet(2, "ACME", "False", 1, "ho")]
    one = import_files(tmp_path / "a.db", "twcs", [write_csv(tmp_path / "a.csv", TWCS, rows)])
    two = import_files(tmp_path / "b.db", "twcs", [write_csv(tmp_path / "b.csv", TWCS, rows[::-1])])
    assert {row["author_id"] for row in one.messages} == {"ACME"}
    assert one.messages == two.messages


def test_twcs_reads_the_ids_that_other_programs_leave(tmp_path: Path) -> None:
    rows = [
        tweet("848.0", "Acme", "False", 1, "hi", "9,6,10"),
        tweet("1.24E+18", "ann", "True", 2, "lost digits"),
        tweet("", "ann", "True", 2, "no id"),
        tweet("850", "nan", "True", 2, "no author"),
        tweet("851", "ann", "perhaps", 2, "no direction"),
    ]
    result = import_files(tmp_path / "a.db", "twcs", [write_csv(tmp_path / "a.csv", TWCS, rows)])
    assert [(row["id"], row["parent_id"]) for row in result.messages] == [("848", "9")]
    assert result.outcome.notes.counts == {"several_parents": 1}
    assert reasons(result) == {"rounded_id": 1, "no_id": 1, "no_author": 1, "no_direction": 1}
    assert [(each.place.line, each.id) for each in result.rejected] == [(3, "1.24E+18"), (4, ""), (5, "850"), (6, "851")]


def test_twcs_says_which_columns_are_missing(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", ("tweet_id", "author_id", "inbound", "text"), [])
    with pytest.raises(UsageError, match="missing: created_at, in_response_to_tweet_id"):
        import_files(tmp_path / "a.db", "twcs", [path])


def test_twcs_without_a_row_by_a_brand_is_no_data(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", TWCS, [tweet(1, "ann", "True", 0, "anybody?")])
    with pytest.raises(NoData, match="no brand found"):
        import_files(tmp_path / "a.db", "twcs", [path])


def test_twcs_refuses_a_brand_from_outside(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", TWCS, ROWS)
    with pytest.raises(UsageError, match="names its brands itself"):
        import_files(tmp_path / "a.db", "twcs", [path], brand="Acme")
