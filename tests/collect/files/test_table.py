"""table: any CSV by a column map."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from socialbench.collect.maps import load_map
from socialbench.errors import ConfigError, UsageError
from tests.collect.files.harness import Result, fresh_store, import_files, reasons, write_csv

COLUMNS = ("no", "who", "when", "what", "up", "case", "dir", "firm", "mark", "answer", "answered")
MESSAGES = "network: trustpilot\ncolumns: {id: no, author: who, time: when, text: what"


def row(
    no: object = "", who: str = "ann", at: str = "2026-01-01T10:00Z", text: str = "hello", up: object = "", **more: object
) -> tuple[object, ...]:
    return (no, who, at, text, up, *(more.get(name, "") for name in COLUMNS[5:]))


def load(tmp_path: Path, text: str, rows: list[tuple[object, ...]], **stated: Any) -> Result:
    (tmp_path / "map.yaml").write_text(text)
    path = write_csv(tmp_path / "a.csv", COLUMNS, rows)
    return import_files(fresh_store(tmp_path), "table", [path], map_path=tmp_path / "map.yaml", **stated)


def test_rows_by_the_brands_own_account_are_outbound(tmp_path: Path) -> None:
    rows = [row(1), row(2, "ACME", up=1), row(3, up=2), row(4, text="@acme hey")]
    result = load(tmp_path, MESSAGES + ", parent: up}", rows, brand="Acme")
    assert [result.addressed(str(number)) for number in (1, 2, 3, 4)] == [
        [("Acme", "post")],
        [],
        [("Acme", "reply")],
        [("Acme", "leading")],
    ]
    assert result.by_id["2"]["author_id"] == "Acme"
    assert (result.messages[0]["network"], result.messages[0]["origin"]) == ("trustpilot", "")


def test_a_direction_column_finds_the_brands_as_twcs_does(tmp_path: Path) -> None:
    rows = [row(1, dir="in"), row(2, "Acme", up=1, dir="Agent"), row(3, dir="sideways"), row(4, dir="in", text="hm")]
    text = MESSAGES + ", parent: up, direction: dir}\nsample: answered-only"
    result = load(tmp_path, text, rows)
    assert result.addressed("1") == [("Acme", "post")]
    assert result.outcome.attributed_by == {"replier": 1, "unattributed": 1}
    assert reasons(result) == {"no_direction": 1}


def test_words_of_a_direction_can_be_said(tmp_path: Path) -> None:
    text = MESSAGES + ", direction: dir}\noutbound: [false]\ninbound: [true]"
    result = load(tmp_path, text, [row(1, dir="TRUE"), row(2, "jane", dir="False")], brand="Acme")
    assert result.by_id["2"]["author_id"] == "Acme"
    assert result.addressed("1") == [("Acme", "post")]


def test_a_complete_sample_adds_the_parents_author_and_the_brands_named(tmp_path: Path) -> None:
    rows = [row(1, "Beta", firm="Beta"), row(2, text="see @Gamma", up=1, firm="Acme"), row(3, firm="Gamma")]
    text = MESSAGES + ", parent: up, brand: firm}"
    assert load(tmp_path, text, rows).addressed("2") == [("Acme", "post"), ("Beta", "reply"), ("Gamma", "in_text")]


def test_an_answered_only_sample_keeps_to_the_brand_of_the_row(tmp_path: Path) -> None:
    rows = [row(1, "Beta", firm="Beta"), row(2, text="see @Gamma", up=1, firm="Acme"), row(3, firm="Gamma")]
    result = load(tmp_path, MESSAGES + ", parent: up, brand: firm}\nsample: answered-only", rows)
    assert result.addressed("2") == [("Acme", "post")]


def test_message_and_reply_in_one_row(tmp_path: Path) -> None:
    text = MESSAGES + ", stars: mark, reply_text: answer, reply_time: answered}"
    rows = [row(1, mark=2, answer="sorry", answered="2026-01-01T11:00Z"), row(2, mark=5), row(3, answer="when?")]
    result = load(tmp_path, text, rows, brand="Acme")
    reply = result.by_id["1#reply"]
    assert (reply["author_id"], reply["parent_id"], reply["sent_at"]) == ("Acme", "1", 1_767_265_200_000)
    assert result.addressed("1") == [("Acme", "review")]
    assert reasons(result) == {"reply_no_time": 1}


def test_without_an_id_author_time_and_text_tell_rows_apart(tmp_path: Path) -> None:
    rows = [row(text="a"), row(text="a"), row(text="b"), row(who="bob", text="a"), row(at="2026-01-01T10:01Z", text="a")]
    result = load(tmp_path, "network: x\ncolumns: {author: who, time: when, text: what}", rows, brand="Acme")
    assert (len(result.messages), result.outcome.repeated) == (4, 1)


def test_a_thread_column_links_by_thread_and_never_meets_an_id(tmp_path: Path) -> None:
    result = load(tmp_path, MESSAGES + ", thread: case}", [row(7, case=7), row(8, "Acme", case=7)], brand="Acme")
    roots = {each["root_id"] for each in result.messages}
    assert len(roots) == 1
    assert roots.isdisjoint({"7", None})


def test_without_an_author_each_message_is_its_own(tmp_path: Path) -> None:
    result = load(tmp_path, "network: x\ncolumns: {id: no, time: when, text: what}", [row(1), row(2)], brand="Acme")
    assert [each["author_id"] for each in result.messages] == [None, None]


def test_a_time_format_reads_what_iso_does_not(tmp_path: Path) -> None:
    text = MESSAGES + "}\ntime_format: '%d/%m/%Y %H.%M'\ntimezone: Europe/Berlin"
    result = load(tmp_path, text, [row(1, at="31/01/2026 12.30"), row(2, at="2026-01-31 12:30")], brand="Acme")
    assert [each["sent_at"] for each in result.messages] == [1_769_859_000_000]
    assert reasons(result) == {"bad_time": 1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("network: x\ncolumns: {tme: when, text: what}", r"map\.yaml:2:11: columns\.tme: unknown role; did you mean time"),
        ("network: x\ncolumns: {text: what}", "time is missing"),
        ("colums: {}", "columns: is missing"),
        ("columns: {time: a, text: b, reply_text: c}", "belong together"),
        ("columns: {time: a, text: }", r"columns\.text: write the name of one column"),
        ("columns: {time: a, text: b}\nsample: all", "sample: write one of complete, answered-only"),
        ("columns: {time: a, text: b}\noutbound: no", "outbound: write a list of words"),
        ("columns: {time: a, text: b}\nnetwork: 'My Net'", "network: write a name in small letters"),
    ],
)
def test_a_wrong_map_is_told_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "map.yaml").write_text(text)
    with pytest.raises(ConfigError, match=said):
        load_map(tmp_path / "map.yaml")


def test_what_a_table_needs_is_asked_for(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", COLUMNS, [row(1)])
    with pytest.raises(UsageError, match="say --map"):
        import_files(tmp_path / "a.db", "table", [path], network="x", brand="Acme")
    with pytest.raises(UsageError, match="whose messages are these"):
        load(tmp_path, MESSAGES + "}", [row(1)])
    with pytest.raises(UsageError, match="which network"):
        load(tmp_path, "columns: {time: when, text: what}", [row(1)], brand="Acme")
    with pytest.raises(UsageError, match="missing: nowhere"):
        load(tmp_path, "network: x\ncolumns: {time: when, text: nowhere}", [row(1)], brand="Acme")
