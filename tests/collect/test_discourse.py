"""Discourse beyond what every network must do: staff, topics in pieces, holes, pinned topics, logins, its recordings."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from socialbench.collect.network import Verdict
from socialbench.collect.networks.discourse import Discourse, board
from socialbench.errors import AnswerError, CredentialError, Unreachable
from socialbench.model import DAY_MS, Gone, Handle, How, Message
from tests.collect.harness import NOW, ManualClock, Responder, Wire, answered, benchmark, contents, run_collect
from tests.collect.suite.cases import Case, load

RECORDINGS = Path(__file__).parents[3] / "shared" / "recordings" / "discourse" / "discourse_api"
needs_recordings = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="../shared/recordings/discourse is not here")
BOARD = {"origin": "a.test", "account": "board", "title": "", "own": False, "to_staff": False, "to_all": False}


def case(**staff: Any) -> Case:
    fresh = load("discourse")
    return replace(fresh, handle={**fresh.handle, "options": {"staff": staff}}) if staff else fresh


def watched(case: Case, path: Path, respond: Responder | None = None, at: int = NOW, **settings: Any) -> list[httpx.Request]:
    wire = Wire(respond or case.respond)
    outcome = replace(case, settings=settings).collect(Discourse, path, wire, ManualClock(at))
    assert not outcome.failures, [str(each.error) for each in outcome.failures]
    return wire.requests


def paths(requests: list[httpx.Request]) -> list[str]:
    return [request.url.path for request in requests]


def authors(path: Path) -> dict[str, str | None]:
    return {row[0]: row[3] for row in contents(path)["messages"]}


def hows(path: Path) -> dict[str, str]:
    return {row[0]: How(row[2]).name for row in contents(path)["addresses"]}


def post(**more: Any) -> dict[str, Any]:
    base = {"id": 1, "topic_id": 9, "post_number": 2, "post_type": 1, "user_id": 5, "username": "ann", "cooked": "<p>x</p>"}
    return {**base, "created_at": "2026-11-13T10:00:00.000Z", "reply_to_post_number": None, "board": BOARD, **more}


def parsed(item: Mapping[str, Any]) -> Message:
    (message,) = Discourse({}).parse(item)
    return message


@pytest.mark.parametrize(
    ("staff", "own"),
    [
        ({"groups": ["ACME-care"]}, {"57/2", "57/6", "60/23", "61/1"}),
        ({"users": ["@Max_Mod"]}, {"1/1"}),
        ({"flags": True}, {"1/1"}),
        ({"users": ["bob-w"], "groups": ["acme-care"]}, {"57/2", "57/5", "57/6", "60/1", "60/23", "61/1"}),
    ],
)
def test_staff_speaks_for_the_board(tmp_path: Path, staff: dict[str, Any], own: set[str]) -> None:
    watched(case(**staff), tmp_path / "s.db")
    found = {id_ for id_, author in authors(tmp_path / "s.db").items() if author == "board"}
    assert {id_ for id_ in found if not id_.startswith("60/") or id_ in {"60/1", "60/23"}} == own


def test_flags_are_staff_where_nothing_else_is_said(tmp_path: Path) -> None:
    fresh = load("discourse")
    watched(replace(fresh, handle={**fresh.handle, "options": {}}), tmp_path / "s.db")
    assert authors(tmp_path / "s.db")["1/1"] == "board"
    assert authors(tmp_path / "s.db")["57/2"] == "7"


def test_changed_staff_is_applied_by_a_full_reading(tmp_path: Path) -> None:
    watched(case(), tmp_path / "s.db")
    fresh = case(users=["max_mod"])
    bench = benchmark(Handle("discourse", **fresh.handle))
    run_collect(tmp_path / "s.db", bench, Wire(fresh.respond), kind=Discourse, environ=fresh.environ, full=True)
    assert {id_ for id_, author in authors(tmp_path / "s.db").items() if author == "board"} == {"1/1"}


def test_no_staff_member_is_stored_by_name(tmp_path: Path) -> None:
    import sqlite3

    watched(case(), tmp_path / "s.db")
    with sqlite3.connect(tmp_path / "s.db") as connection:
        names = {row[0] for row in connection.execute("select folded from account_name")}
    assert names == {"community.example.test", "ann_o", "bob-w", "max_mod"}


def test_customers_among_themselves_are_context(tmp_path: Path) -> None:
    watched(case(), tmp_path / "s.db")
    found = hows(tmp_path / "s.db")
    assert "57/5" in authors(tmp_path / "s.db")
    assert "57/5" not in found
    assert (found["57/1"], found["57/4"], found["57/7"], found["61/2"]) == ("POST", "REPLY", "POST", "REPLY")


def test_posts_beyond_the_first_twenty_are_asked_for_by_id(tmp_path: Path) -> None:
    requests = watched(case(), tmp_path / "s.db")
    rest = [request.url.params.get_list("post_ids[]") for request in requests if request.url.path == "/t/60/posts.json"]
    assert [len(ids) for ids in rest] == [3, 3]  # With the listing, and as an open thread.


def test_pinned_topic_and_null_dates_do_not_end_the_listing(tmp_path: Path) -> None:
    watched(case(), tmp_path / "s.db")
    requests = watched(case(), tmp_path / "s.db", at=NOW + DAY_MS)
    listed = [request.url.params["page"] for request in requests if request.url.path == "/latest.json"]
    assert listed == ["0", "1"]
    watched(case(), tmp_path / "s.db", at=NOW + 20 * DAY_MS)
    # Now the first page holds a topic that is older than the window, and the pinned one without a date.
    requests = watched(case(), tmp_path / "s.db", at=NOW + 21 * DAY_MS)
    assert [request.url.params["page"] for request in requests if request.url.path == "/latest.json"] == ["0"]


def without(fresh: Case, number: int) -> None:
    """Take a post out of topic 57, as a visitor sees a deleted one."""
    topic = next(route for route in fresh.routes if route["path"] == "/t/57.json")["json"]["post_stream"]
    gone = next(one for one in topic["posts"] if one["post_number"] == number)
    topic["posts"].remove(gone)
    topic["stream"].remove(gone["id"])


def test_deleted_post_leaves_a_hole_and_is_marked(tmp_path: Path) -> None:
    fresh = case()
    watched(fresh, tmp_path / "s.db")
    without(fresh, 5)
    watched(fresh, tmp_path / "s.db", at=NOW + DAY_MS)
    rows = {row[0]: (row[4], row[6]) for row in contents(tmp_path / "s.db")["messages"]}
    assert {id_ for id_, (_, gone) in rows.items() if gone is not None} == {"57/5"}
    assert rows["57/6"][0] == "57/5"


def test_post_that_its_author_deleted_says_so() -> None:
    item = post(user_deleted=True, cooked="<p>(post deleted by author)</p>")
    assert list(Discourse({}).parse(item)) == []
    assert Discourse({}).gone(item) == {"9/2": Gone.BY_AUTHOR}
    assert Discourse({}).gone(post(hidden=True)) == {"9/2": Gone.UNKNOWN}
    assert Discourse({}).gone(post()) == {}


def test_deleted_topic_is_a_closed_thread(tmp_path: Path) -> None:
    fresh = case()
    watched(fresh, tmp_path / "s.db")
    gone = replace(fresh, routes=[route for route in fresh.routes if route["path"] != "/t/57.json"])
    watched(gone, tmp_path / "s.db", at=NOW + DAY_MS)
    found = contents(tmp_path / "s.db")
    assert {row[0] for row in found["messages"] if row[6] is not None} == {"57/1"}
    assert {row[2] for row in found["coverage"] if row[3]} == {"57/1"}


def test_edited_post_keeps_its_time_and_takes_its_new_text(tmp_path: Path) -> None:
    fresh = case()
    watched(fresh, tmp_path / "s.db")
    fresh.routes[-3]["json"]["post_stream"]["posts"][0].update(
        cooked="<p>It works now</p>", updated_at="2026-11-18T09:00:00.000Z"
    )
    watched(fresh, tmp_path / "s.db", at=NOW + DAY_MS)
    row = next(row for row in contents(tmp_path / "s.db")["messages"] if row[0] == "57/1")
    assert row[1:3] == (1_794_564_000_000, "Login fails\n\nIt works now")


def test_late_reply_in_an_old_topic_is_found(tmp_path: Path) -> None:
    fresh = case()
    watched(fresh, tmp_path / "s.db")
    stream = next(route for route in fresh.routes if route["path"] == "/t/61.json")["json"]["post_stream"]
    late = {**stream["posts"][0], "id": 999, "post_number": 3, "cooked": "<p>Yes</p>", "reply_to_post_number": 2}
    late["created_at"] = "2026-11-19T08:00:00.000Z"
    stream["posts"].append(late)
    stream["stream"].append(999)
    watched(fresh, tmp_path / "s.db", at=NOW + DAY_MS)
    assert authors(tmp_path / "s.db")["61/3"] == "board"


@pytest.mark.parametrize(
    "body", [{"errors": ["x"], "error_type": "rate_limit", "extras": {"wait_seconds": 9}}, {"errors": ["x"]}]
)
def test_limit_is_told_in_the_headers_or_in_the_body(tmp_path: Path, body: dict[str, Any]) -> None:
    clock = ManualClock()
    turned_away: list[httpx.Request] = []

    def respond(request: httpx.Request) -> httpx.Response:
        if not turned_away:
            turned_away.append(request)
            return answered(429, body, {} if "extras" in body else {"Retry-After": "9"})
        return case().respond(request)

    assert not case().collect(Discourse, tmp_path / "s.db", Wire(respond), clock).failures
    assert clock.at - NOW == 9_000


def test_board_that_wants_a_login_says_which_credential(tmp_path: Path) -> None:
    refusal = {"errors": ["You need to be logged in to do that."], "error_type": "not_logged_in"}
    open_case = replace(case(), environ={})
    outcome = open_case.collect(Discourse, tmp_path / "s.db", Wire(lambda _: answered(403, refusal)))
    (result,) = outcome.failures
    assert isinstance(result.error, CredentialError)
    assert "SOCIALBENCH_DISCOURSE_TOKEN" in str(result.error)


def test_board_that_leads_to_a_login_page_says_so(tmp_path: Path) -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        return answered(200, b"<html>login</html>") if request.url.path == "/login" else answered(302, {}, {"Location": "/login"})

    (result,) = replace(case(), environ={}).collect(Discourse, tmp_path / "s.db", Wire(respond)).failures
    assert isinstance(result.error, AnswerError)
    assert "login" in str(result.error)
    assert "SOCIALBENCH_DISCOURSE_TOKEN" in str(result.error)


def test_key_goes_into_its_header_and_nowhere_else(tmp_path: Path) -> None:
    requests = watched(case(), tmp_path / "s.db")
    assert {request.headers["User-Api-Key"] for request in requests} == {"keyOfAcmeThatNobodyMaySee0000"}
    keyless = watched(replace(case(), environ={}), tmp_path / "t.db")
    assert not any("User-Api-Key" in request.headers for request in keyless)


@pytest.mark.parametrize(
    ("options", "account", "path"),
    [
        ({"category": "billing/5"}, "c/billing/5", "/c/billing/5/l/latest.json"),
        ({"category": "help/billing/5"}, "c/help/billing/5", "/c/help/billing/5/l/latest.json"),
        ({"tag": "log in?"}, "tags/log in?", "/tag/log%20in%3F/l/latest.json"),
        ({"tags": ["b", "a"]}, "tags/a+b", "/tag/b/l/latest.json"),
    ],
)
def test_part_of_a_board_has_its_own_listing(tmp_path: Path, options: dict[str, Any], account: str, path: str) -> None:
    handle = Handle("discourse", "x", url="https://community.example.test", options=options)
    wire = Wire(case().respond)
    run_collect(tmp_path / "s.db", benchmark(handle), wire, kind=Discourse)
    assert board(handle) == account
    assert wire.requests[1].url.raw_path.decode().partition("?")[0] == path


@pytest.mark.parametrize(
    ("options", "fine"),
    [
        ({"category": "billing/5"}, True),
        ({"category": "billing"}, False),
        ({"category": "../admin/5"}, False),
        ({"tag": "log-in"}, True),
        ({"tag": "a/../../b"}, False),
        ({}, True),
    ],
)
def test_part_of_a_board_has_the_form_of_its_address(options: dict[str, Any], fine: bool) -> None:
    assert (Discourse({}).check(Handle("discourse", "x", options=options)) is None) is fine


@pytest.mark.parametrize(
    ("status", "kind", "verdict"),
    [
        (403, "not_logged_in", Verdict.CREDENTIAL),
        (403, "invalid_access", Verdict.FORBIDDEN),
        (404, "not_found", Verdict.NOT_FOUND),
        (429, "rate_limit", Verdict.RETRY),
        (502, "", Verdict.RETRY),
    ],
)
def test_verdict_is_told_by_the_error_type(status: int, kind: str, verdict: Verdict) -> None:
    assert Discourse({}).verdict(status, {"errors": ["x"], "error_type": kind}) is verdict


def test_topic_in_a_closed_category_leaves_the_others_readable(tmp_path: Path) -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        closed = {"errors": ["no"], "error_type": "invalid_access"}
        return answered(403, closed) if request.url.path == "/t/60.json" else case().respond(request)

    watched(case(), tmp_path / "s.db", respond)
    assert {id_.partition("/")[0] for id_ in authors(tmp_path / "s.db")} == {"1", "57", "61"}


def broken(*topics: int) -> Responder:
    """The board of the fixture, which answers 500 for these topics whatever is tried."""
    gone = {f"/t/{topic}.json" for topic in topics}
    return lambda request: answered(500, {}) if request.url.path in gone else case().respond(request)


def test_topic_that_is_broken_for_ever_is_a_gap_and_holds_up_no_other(tmp_path: Path) -> None:
    wire = Wire(broken(60))
    outcome = case().collect(Discourse, tmp_path / "s.db", wire, ManualClock(NOW))
    topics = next(result for result in outcome.results if result.stream == "topics")
    assert (topics.error, topics.tally.unread) == (None, 1)
    assert {id_.partition("/")[0] for id_ in authors(tmp_path / "s.db")} == {"1", "57", "61"}
    with sqlite3.connect(tmp_path / "s.db") as store:
        assert list(store.execute("select subject, reason from coverage where gap = 1")) == [("60/1", "outage")]


def test_topics_that_are_broken_in_a_row_are_a_board_that_is_down(tmp_path: Path) -> None:
    watched(case(), tmp_path / "whole.db")
    down = case().collect(Discourse, tmp_path / "s.db", Wire(broken(57, 61)), ManualClock(NOW))
    assert [type(result.error) for result in down.failures] == [Unreachable]
    watched(case(), tmp_path / "s.db", at=NOW + DAY_MS)
    assert contents(tmp_path / "s.db")["messages"] == contents(tmp_path / "whole.db")["messages"]


def test_small_talk_of_the_system_is_no_message() -> None:
    assert list(Discourse({}).parse(post(post_type=3, cooked=""))) == []
    assert list(Discourse({}).parse(post(post_type=4))) == []
    assert parsed(post(post_type=2)).text == "x"


def test_absurd_number_makes_no_list_of_holes(tmp_path: Path) -> None:
    fresh = case()
    posts = next(route for route in fresh.routes if route["path"] == "/t/61.json")["json"]["post_stream"]["posts"]
    posts[1]["post_number"] = 10**15
    watched(fresh, tmp_path / "s.db")
    assert "61/1000000000000000" in authors(tmp_path / "s.db")


@needs_recordings
@pytest.mark.parametrize("name", ["posts_latest.json", "posts_before.json", "topic.json"])
def test_recorded_posts_parse(name: str) -> None:
    body = json.loads((RECORDINGS / name).read_text("utf-8"))
    posts = body["latest_posts"] if "latest_posts" in body else body["post_stream"]["posts"]
    messages = [message for each in posts for message in Discourse({}).parse({**each, "board": BOARD})]
    assert len(messages) == len(posts) > 0
    for message in messages:
        assert message.root_id == message.id.partition("/")[0] + "/1"
        assert (message.parent_id is None) is message.id.endswith("/1")
        assert message.text or message.id == "57/3"  # Nothing but a picture.
        assert 0 < message.sent_at < NOW


@needs_recordings
def test_recorded_board_is_collected(tmp_path: Path) -> None:
    listing, topic = (json.loads((RECORDINGS / f"{name}.json").read_text("utf-8")) for name in ("latest", "topic"))
    listing["topic_list"]["more_topics_url"] = None
    answers = {"/about.json": {"about": {}}, "/latest.json": listing, "/t/1.json": topic}
    fresh = replace(load("discourse"), environ={})
    handle = Handle("discourse", "x", url="https://community.example.test", options={"staff": {"flags": True}})
    wire = Wire(lambda request: answered(200, answers[request.url.path]) if request.url.path in answers else answered(404, {}))
    assert not run_collect(tmp_path / "s.db", benchmark(handle), wire, kind=Discourse, environ=fresh.environ).failures
    assert set(authors(tmp_path / "s.db").values()) == {"board"}


@needs_recordings
@pytest.mark.parametrize("name", ["search.json", "replies.json"])
def test_recordings_of_listings_that_are_not_asked_for_hold_no_post(name: str) -> None:
    """A search's hits and a user's list of actions hold excerpts only; the listings of topics show the same posts whole."""
    body = json.loads((RECORDINGS / name).read_text("utf-8"))
    items = body["user_actions"] if isinstance(body, dict) else body
    assert not any({"cooked", "post_stream", "latest_posts"} & set(item) for item in items)
