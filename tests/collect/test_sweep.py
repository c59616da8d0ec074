"""Windows, cursors, coverage, the loop guard, filters: on a network small enough to count by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from socialbench.collect.network import Network
from socialbench.collect.outcome import Outcome
from socialbench.errors import AnswerError, LoopError, Stopped
from socialbench.model import Order, Stream
from tests.collect.harness import NOW, Cut, ManualClock, Wire, answered, benchmark, contents, run_collect
from tests.collect.small import HANDLE, Small, said

HOUR = 3_600_000
DAY = 24 * HOUR
Pages = Mapping[str, Mapping[str, Any]]


def listing(count: int, per_page: int = 2, newest: int = NOW - HOUR) -> dict[str, dict[str, Any]]:
    """`count` items, newest first, an hour apart, in pages; the first page has the token ''."""
    items = [said(number, newest - place * HOUR) for place, number in enumerate(range(count, 0, -1))]
    starts = range(0, count, per_page)
    return {
        str(start) if start else "": {"items": items[start : start + per_page], "next": str(start + per_page)}
        | ({"next": None} if start == starts[-1] else {})
        for start in starts
    }


def serving(pages: Pages) -> Wire:
    def respond(request: httpx.Request) -> httpx.Response:
        token = request.url.params.get("page", "")
        return answered(200, pages[token]) if token in pages else answered(400, {"error": "BadToken"})

    return Wire(respond)


def collect_small(path: Path, wire: Wire, kind: type[Network] = Small, **more: Any) -> Outcome:
    settings = {name: more.pop(name) for name in ("cap", "overlap", "budget") if name in more}
    return run_collect(path, benchmark(HANDLE, **settings), wire, kind=kind, **more)


def ids(path: Path) -> list[int]:
    return sorted(int(row[0]) for row in contents(path)["messages"])


def asked(wire: Wire) -> list[str]:
    return [request.url.params.get("page", "") for request in wire.requests]


def with_stream(kind: type[Small] = Small, **changes: Any) -> type[Small]:
    stream: Stream = replace(Small.facts.streams[0], **changes)
    return type("Changed", (kind,), {"facts": replace(Small.facts, streams=(stream,))})


def test_sweep_reads_to_the_end_and_covers_the_window(tmp_path: Path) -> None:
    outcome = collect_small(tmp_path / "s.db", serving(listing(5)))
    assert ids(tmp_path / "s.db") == [1, 2, 3, 4, 5]
    assert contents(tmp_path / "s.db")["coverage"] == [("id-acme", "said", "", 0, "", 0, NOW)]
    assert outcome.exit_code == 0


def test_second_sweep_adds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    collect_small(path, serving(listing(5)))
    before = contents(path)
    collect_small(path, serving(listing(5)))
    assert contents(path) == before


def test_second_sweep_stops_at_what_lies_behind_the_overlap(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    collect_small(path, serving(listing(200)))
    wire = serving(listing(200))
    collect_small(path, wire)
    # 72 h of overlap hold the items of hours 1 to 72: 36 pages; the 37th is older as a whole.
    assert len(wire.requests) == 37


def test_full_sweep_ignores_cursors(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    collect_small(path, serving(listing(200)))
    wire = serving(listing(200))
    collect_small(path, wire, full=True)
    assert len(wire.requests) == 100


def test_window_that_begins_earlier_than_before_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    late = NOW - 2 * DAY
    collect_small(path, serving(listing(400)), since_at=late)
    # follow_up lies before the period: 9 days are 216 hours, and one page more shows that the window is at its end.
    assert len(ids(path)) == 218
    collect_small(path, serving(listing(400)), since_at=None)
    assert len(ids(path)) == 400


def test_backdated_messages_do_not_end_a_sweep_where_clients_date_them(tmp_path: Path) -> None:
    kind = type("Dated", (Small,), {"facts": replace(Small.facts, client_dated=True)})
    pages = listing(6)
    collect_small(tmp_path / "s.db", serving(pages), kind)
    fresh = [said(8, NOW - 400 * DAY), said(7, NOW - 400 * DAY)]
    more = {"": {"items": fresh, "next": "later"}, "later": {"items": [said(9, NOW - HOUR)], "next": None}}
    collect_small(tmp_path / "s.db", serving(more), kind)
    assert ids(tmp_path / "s.db") == [1, 2, 3, 4, 5, 6, 7, 8, 9]


@pytest.mark.parametrize("cut_after", range(1, 6))
def test_sweep_cut_anywhere_ends_as_if_uncut(tmp_path: Path, cut_after: int) -> None:
    whole, cut = tmp_path / "whole.db", tmp_path / "cut.db"
    collect_small(whole, serving(listing(9)))
    wire = serving(listing(9))
    wire._left = cut_after
    if cut_after < 5:
        with pytest.raises(Cut):
            collect_small(cut, wire)
        assert len(ids(cut)) == 2 * cut_after
    collect_small(cut, serving(listing(9)))
    assert contents(cut) == contents(whole)


def test_cut_sweep_goes_on_at_its_token_and_then_reads_what_came_since(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    wire = serving(listing(9))
    wire._left = 2
    with pytest.raises(Cut):
        collect_small(path, wire)
    later = serving({**listing(9), "": {"items": [said(10, NOW), said(9, NOW - HOUR)], "next": None}})
    collect_small(path, later)
    assert asked(later) == ["4", "6", "8", ""]
    assert ids(path) == list(range(1, 11))


def test_cut_sweep_that_was_finished_is_not_read_twice(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    wire = serving(listing(200))
    wire._left = 2
    with pytest.raises(Cut):
        collect_small(path, wire)
    later = serving(listing(200))
    collect_small(path, later)
    # 98 pages to the end of the cut sweep, then the 72 h of overlap and the page that shows their end.
    assert len(later.requests) == 98 + 37


def test_refused_token_is_swept_again_from_the_start(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    wire = serving(listing(9))
    wire._left = 2
    with pytest.raises(Cut):
        collect_small(path, wire)
    renamed = {
        f"new{token}" if token else "": {**page, "next": page["next"] and f"new{page['next']}"}
        for token, page in listing(9).items()
    }
    again = serving(renamed)
    outcome = collect_small(path, again)
    assert asked(again) == ["4", "", "new2", "new4", "new6", "new8"]
    assert (ids(path), outcome.exit_code) == (list(range(1, 10)), 0)


def test_token_seen_before_is_a_loop_and_claims_nothing(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    pages = listing(6)
    pages["4"] = {**pages["4"], "next": "2"}
    outcome = collect_small(path, serving(pages))
    assert isinstance(outcome.results[0].error, LoopError)
    assert contents(path)["coverage"] == [("id-acme", "said", "", 1, "refused", 0, NOW)]
    again = serving(listing(6))
    assert collect_small(path, again).exit_code == 0
    assert asked(again) == ["", "2", "4"]
    assert contents(path)["coverage"] == [("id-acme", "said", "", 0, "", 0, NOW)]


def test_tokens_without_end_are_a_loop(tmp_path: Path) -> None:
    numbers = iter(range(1_000_000))
    wire = Wire(lambda _request: answered(200, {"items": [said(1, NOW)], "next": f"t{next(numbers)}"}))
    outcome = collect_small(tmp_path / "s.db", wire)
    assert isinstance(outcome.results[0].error, LoopError)
    assert len(wire.requests) < 50


def test_empty_page_with_a_token_goes_on(tmp_path: Path) -> None:
    pages = {"": {"items": [], "next": "a"}, "a": {"items": [], "next": "b"}, "b": {"items": [said(1, NOW)], "next": ""}}
    collect_small(tmp_path / "s.db", serving(pages))
    assert ids(tmp_path / "s.db") == [1]


def test_page_without_a_new_id_ends_a_listing_whose_tokens_are_ours(tmp_path: Path) -> None:
    kind = type("Numbered", (Small,), {"facts": replace(Small.facts, own_tokens=frozenset({"said"}))})
    numbers = iter(range(1_000_000))
    wire = Wire(lambda request: answered(200, {"items": [said(1, NOW)], "next": f"t{next(numbers)}"}))
    outcome = collect_small(tmp_path / "s.db", wire, kind)
    assert (len(wire.requests), outcome.exit_code) == (2, 0)


def test_cap_becomes_a_gap_and_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    outcome = collect_small(path, serving(listing(10)), with_stream(cap=4))
    oldest = NOW - 4 * HOUR + 1  # Others of that very moment may be hidden.
    assert contents(path)["coverage"] == [
        ("id-acme", "said", "", 0, "", oldest, NOW),
        ("id-acme", "said", "", 1, "cap", 0, oldest),
    ]
    assert (outcome.exit_code, outcome.results[0].tally.capped) == (0, True)


def test_cap_of_the_config_outranks_the_network(tmp_path: Path) -> None:
    collect_small(tmp_path / "s.db", serving(listing(10)), with_stream(cap=4), cap=6)
    assert len(ids(tmp_path / "s.db")) == 6


def test_cap_of_a_listing_without_order_leaves_nothing_covered(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    collect_small(path, serving(listing(10)), with_stream(cap=4, order=Order.NONE))
    assert contents(path)["coverage"] == [("id-acme", "said", "", 1, "cap", 0, NOW)]


def test_forbidden_stream_is_a_gap(tmp_path: Path) -> None:
    outcome = collect_small(tmp_path / "s.db", Wire(lambda _request: answered(403, b"<html>")))
    assert contents(tmp_path / "s.db")["coverage"] == [("id-acme", "said", "", 1, "forbidden", 0, NOW)]
    assert outcome.exit_code == 3


def test_messages_to_others_are_dropped_and_counted(tmp_path: Path) -> None:
    items = [said(1, NOW), said(2, NOW, to="someone"), said(3, NOW, to="ACME")]
    outcome = collect_small(tmp_path / "s.db", serving({"": {"items": items, "next": None}}))
    assert ids(tmp_path / "s.db") == [1, 3]
    assert outcome.results[0].tally.dropped == 1


BREAKS = {
    "author.id": lambda item: {**item, "author": {}},
    "author": lambda item: {key: value for key, value in item.items() if key != "author"},
    "text": lambda item: {key: value for key, value in item.items() if key != "text"},
}


@pytest.mark.parametrize("path", BREAKS)
def test_missing_field_names_its_path_and_keeps_the_raw_answer(tmp_path: Path, path: str) -> None:
    pages = {"": {"items": [said(1, NOW), BREAKS[path](said(2, NOW))], "next": None}}
    outcome = collect_small(tmp_path / "s.db", serving(pages))
    error = outcome.results[0].error
    assert isinstance(error, AnswerError)
    assert f"item 1, {path}: the field is missing" in str(error)
    assert all(sent_at is None for _, sent_at, *_ in contents(tmp_path / "s.db")["messages"])
    assert raw_count(tmp_path / "s.db") == 1


def raw_count(path: Path) -> int:
    import sqlite3

    with sqlite3.connect(path) as connection:
        count = int(connection.execute("select count(*) from raw").fetchone()[0])
    connection.close()
    return count


def test_answer_of_another_shape_is_told_and_kept(tmp_path: Path) -> None:
    outcome = collect_small(tmp_path / "s.db", serving({"": {"data": []}}))
    assert "the field is missing" in str(outcome.results[0].error)
    assert raw_count(tmp_path / "s.db") == 1


def test_failing_stream_leaves_the_others_running(tmp_path: Path) -> None:
    streams = (Small.facts.streams[0], replace(Small.facts.streams[0], name="told"))
    kind = type("Two", (Small,), {"facts": replace(Small.facts, streams=streams)})

    def respond(request: httpx.Request) -> httpx.Response:
        page: Sequence[Any] = [{}] if request.url.path == "/said" else [said(1, NOW)]
        return answered(200, {"items": page, "next": None})

    outcome = collect_small(tmp_path / "s.db", Wire(respond), kind)
    assert [result.error is None for result in outcome.results] == [False, True]
    assert (ids(tmp_path / "s.db"), outcome.exit_code) == ([1], 3)


def test_max_time_stops_between_pages_and_the_next_run_goes_on(tmp_path: Path) -> None:
    path, clock = tmp_path / "s.db", ManualClock()
    pages = listing(6)

    def slow(request: httpx.Request) -> httpx.Response:
        clock.at += 4_000
        return answered(200, pages[request.url.params.get("page", "")])

    outcome = collect_small(path, Wire(slow), clock=clock, deadline_at=NOW + 6_000)
    assert isinstance(outcome.results[0].error, Stopped)
    assert (outcome.exit_code, len(ids(path))) == (5, 4)
    assert collect_small(path, serving(pages)).exit_code == 0
    assert len(ids(path)) == 6


def test_unreachable_network_ends_the_stream_and_claims_nothing(tmp_path: Path) -> None:
    outcome = collect_small(tmp_path / "s.db", Wire(lambda _request: answered(500, b"")))
    assert outcome.exit_code == 3
    assert contents(tmp_path / "s.db")["coverage"] == []
