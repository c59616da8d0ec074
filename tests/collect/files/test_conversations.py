"""conversations: turns, threads, and the last turn that has no time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from socialbench.errors import NoData, UsageError
from tests.collect.files.harness import Result, fresh_store, import_files, reasons, write_json

EPOCH = 1_288_834_974_657
"""The moment of X's id 0."""
SECOND = 1_546_300_800_000
"""2019-01-01T00:00Z."""


def tweet_id(at: int) -> str:
    """An id as X would give it at that moment."""
    return str((at - EPOCH) << 22)


def turn(second: int, text: str, **speaker: str) -> dict[str, str]:
    """A turn some seconds after midnight of 1 Jan 2019."""
    stamp = f"2019-01-01T00:{second // 60:02}:{second % 60:02}.000Z"
    return {**speaker, "datetime": stamp, "message": text, "tweet_ID": tweet_id(SECOND + second * 1000)}


def talk(company: str, turns: list[Any], last: int | None) -> dict[str, Any]:
    """A talk whose company sends its link some seconds after midnight."""
    link = {"tweet_ID": tweet_id(SECOND + last * 1000), "url_utterance": "see https://acme.example"} if last else {}
    return {"dialogHeader": {"company": company}, "dialogContent": turns, "agentURL": link}


def load(tmp_path: Path, tree: object, **stated: str) -> Result:
    return import_files(fresh_store(tmp_path), "conversations", [write_json(tmp_path / "a.json", tree)], **stated)


ONE = talk(
    "Acme", [turn(0, "@Acme help", client="ann"), turn(60, "which?", agent="Acme"), turn(90, "this one", client1="bob")], 120
)


def test_every_client_turn_is_inbound_to_the_company(tmp_path: Path) -> None:
    result = load(tmp_path, [ONE])
    rows = [(row["author_id"], [each["how"] for each in row["addressed"]]) for row in result.messages]
    assert rows == [("ann", ["leading"]), ("Acme", []), ("bob", ["post"]), ("Acme", [])]


def test_the_last_turn_is_dated_by_its_id(tmp_path: Path) -> None:
    late = talk("Acme", [turn(0, "hi", client="ann")], None)
    late["agentURL"] = {"tweet_ID": tweet_id(SECOND + 120_999), "url_utterance": "there"}
    assert load(tmp_path, [late]).messages[-1]["sent_at"] == SECOND + 120_999


def test_a_turn_takes_the_milliseconds_of_its_id_where_both_tell_the_same_second(tmp_path: Path) -> None:
    same = turn(0, "hi", client="ann") | {"tweet_ID": tweet_id(SECOND + 750)}
    other = turn(9, "ho", client="ann") | {"tweet_ID": tweet_id(SECOND + 30_000)}
    assert [row["sent_at"] for row in load(tmp_path, [talk("Acme", [same, other], None)]).messages] == [
        SECOND + 750,
        SECOND + 9_000,
    ]


def test_an_agent_speaks_for_the_company_unless_it_is_another_one(tmp_path: Path) -> None:
    turns = [turn(0, "hi", client="ann"), turn(9, "I am Jo", agent="jo_of_acme"), turn(20, "we too", agent="beta")]
    result = load(tmp_path, [talk("Acme", turns, None), talk("Beta", [turn(500, "hi", client="eve")], 600)])
    assert [row["author_id"] for row in result.messages] == ["ann", "Acme", "Beta", "eve", "Beta"]


def test_all_turns_of_a_talk_stand_in_the_thread_of_the_first(tmp_path: Path) -> None:
    result = load(tmp_path, [ONE])
    assert {(row["root_id"], row["parent_id"]) for row in result.messages} == {(tweet_id(SECOND), None)}


def test_talks_that_share_messages_are_one_thread_in_any_order(tmp_path: Path) -> None:
    shared = turn(30, "and me", client="ann")
    one = talk("Acme", [turn(0, "help", client="ann"), shared], 60)
    two = talk("Acme", [shared, turn(40, "still", client="ann")], 70)
    three = talk("Acme", [turn(40, "still", client="ann")], 80)
    apart = talk("Acme", [turn(500, "else", client="ann")], 600)
    for order in ([one, two, three, apart], [apart, three, one, two]):
        result = load(tmp_path, order)
        roots = [row["root_id"] for row in result.messages]
        assert roots == [tweet_id(SECOND)] * 6 + [tweet_id(SECOND + 500_000)] * 2
        assert result.outcome.repeated == 2


def test_a_message_of_two_companies_talks_is_addressed_to_both(tmp_path: Path) -> None:
    shared = turn(0, "help me", client="ann")
    result = load(tmp_path, [talk("Acme", [shared], 60), talk("Beta", [shared], 70)])
    assert result.addressed(tweet_id(SECOND)) == [("Acme", "post"), ("Beta", "post")]


def test_what_a_company_says_as_a_client_is_not_inbound(tmp_path: Path) -> None:
    result = load(tmp_path, [ONE, talk("Beta", [turn(300, "@Beta hello", client="acme")], 360)])
    assert result.addressed(tweet_id(SECOND + 300_000)) == []


def test_a_turn_without_a_time_or_an_id_that_holds_one_is_left_out(tmp_path: Path) -> None:
    turns = [turn(0, "hi", client="ann"), {"client": "ann", "message": "when?", "tweet_ID": "77"}, "no turn"]
    result = load(tmp_path, [talk("Acme", turns, 60), {"dialogContent": turns}, 5])
    assert len(result.messages) == 2
    assert reasons(result) == {"turn_no_time": 1, "turn_broken": 1, "no_brand": 1, "no_object": 1}


def test_turns_without_an_id_are_told_apart_by_author_time_and_text(tmp_path: Path) -> None:
    turns = [turn(0, text, client="ann") for text in ("one", "two", "one")]
    result = load(tmp_path, [talk("Acme", [{**each, "tweet_ID": ""} for each in turns], None)])
    assert (sorted(row["text"] for row in result.messages), result.outcome.repeated) == (["one", "two"], 1)


def test_halves_of_characters_are_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([talk("Acme", [turn(0, "oh \ud83d", client="ann")], None)]), encoding="ascii")
    assert import_files(tmp_path / "a.db", "conversations", [path]).messages[0]["text"] == "oh \ufffd"


def test_objects_one_per_line_are_read_as_well(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        "\n".join(json.dumps(each) for each in (ONE, talk("Beta", [turn(0, "x", client="eve")], 9))), encoding="utf-8"
    )
    assert {row["account_id"] for row in import_files(tmp_path / "a.db", "conversations", [path]).coverage} == {"Acme", "Beta"}


@pytest.mark.parametrize("cut", [1, 40, 200])
def test_half_a_file_is_refused_with_its_line_and_leaves_nothing(tmp_path: Path, cut: int) -> None:
    path = write_json(tmp_path / "a.json", [ONE, ONE])
    path.write_text(path.read_text()[:-cut])
    with pytest.raises(UsageError, match=r"a\.json:\d+: .*cut off"):
        import_files(tmp_path / "a.db", "conversations", [path])
    assert not list(tmp_path.glob("*.db"))


def test_nesting_beyond_measure_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("[" + '{"a":' * 200_000)
    with pytest.raises(UsageError, match=r"a\.json:1: "):
        import_files(tmp_path / "a.db", "conversations", [path])


@pytest.mark.parametrize("tree", [[], [{"dialogHeader": {}}]])
def test_a_list_without_a_talk_is_no_data(tmp_path: Path, tree: list[object]) -> None:
    with pytest.raises(NoData, match="nothing to import"):
        load(tmp_path, tree)
