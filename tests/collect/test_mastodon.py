"""Mastodon beyond what every network must do: many servers, private words, caps, paging without a header, opaque ids."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from socialbench.collect.networks.mastodon import Mastodon
from socialbench.collect.outcome import Outcome
from socialbench.errors import CredentialError, Forbidden, NotFound
from socialbench.model import DAY_MS, Gone, Handle
from tests.collect.harness import NOW, ManualClock, Responder, Wire, answered, benchmark, contents, every_byte, run_collect
from tests.collect.suite.cases import Case, load

HOST, ACME = "social.example.test", "01HACMECARE"
ACCOUNTS, NOTES = "/api/v1/accounts", "/api/v1/notifications"
STATUSES = f"{ACCOUNTS}/{ACME}/statuses"
OUTAGE = "/api/v1/statuses/01KDOUTAGE/context"


def case(keyless: bool = False, without: Sequence[str] = ()) -> Case:
    """The fixture, perhaps without a token, and without what some servers lack."""
    fresh = load("mastodon")
    routes = [route for route in fresh.routes if route["path"] not in without]
    return replace(fresh, routes=routes, environ={} if keyless else fresh.environ)


def watched(fresh: Case, path: Path, respond: Responder | None = None, clock: ManualClock | None = None) -> list[httpx.Request]:
    """The requests of one run."""
    wire = Wire(respond or fresh.respond)
    outcome = fresh.collect(Mastodon, path, wire, clock)
    assert not outcome.failures, [str(each.error) for each in outcome.failures]
    return wire.requests


def asked(requests: list[httpx.Request], path: str) -> list[str | None]:
    return [request.url.params.get("max_id") for request in requests if request.url.path == path]


def gaps(path: Path) -> set[tuple[str, str, str]]:
    return {(row[1], row[2], row[4]) for row in contents(path)["coverage"] if row[3]}


def left_out(outcome: Outcome) -> dict[str, str]:
    return {result.stream: result.left_out for result in outcome.results if result.left_out}


def status(content: str = "<p>help</p>", **more: Any) -> dict[str, Any]:
    account = {"id": "7", "acct": "ann@far.example.test"}
    base = {"id": "1", "created_at": "2026-11-13T10:00:00.000Z", "visibility": "public", "content": content, "account": account}
    return {**base, "home": HOST, **more}


def test_private_words_are_stored_nowhere(tmp_path: Path) -> None:
    watched(case(), tmp_path / "s.db")
    held = every_byte(tmp_path / "s.db")
    assert b"maintenance" in held
    assert b"card number" not in held
    assert b"whispered" not in held


def test_each_handle_is_read_at_its_own_server(tmp_path: Path) -> None:
    handles = [Handle("mastodon", "acme", origin=HOST, credentials="ACME"), Handle("mastodon", "@rival@other.example.test")]

    def respond(request: httpx.Request) -> httpx.Response:
        if request.url.host == HOST:
            return case().respond(request)
        # The other server knows an account of the same number, which is somebody else.
        rival = {"id": ACME, "acct": "rival"}
        return answered(200, rival if request.url.path.endswith("lookup") else [])

    wire = Wire(respond)
    outcome = run_collect(tmp_path / "s.db", benchmark(*handles), wire, environ={"ACME_TOKEN": case().secrets[0]})
    assert not outcome.failures
    sent = {(request.url.host, "authorization" in request.headers) for request in wire.requests}
    assert sent == {(HOST, True), ("other.example.test", False)}
    assert [(result.handle, result.stream) for result in outcome.results if result.left_out] == [
        ("@rival@other.example.test", "mentions")
    ]
    with sqlite3.connect(tmp_path / "s.db") as connection:
        rows = connection.execute("select distinct s.origin from message m join space s on s.key = m.space").fetchall()
    assert rows == [(HOST,)]


def test_mentions_of_another_account_than_the_tokens_are_left_out(tmp_path: Path) -> None:
    other = case().changed(f"{ACCOUNTS}/verify_credentials", lambda body: body.update(id="01HOTHER"))
    wire = Wire(other.respond)
    outcome = other.collect(Mastodon, tmp_path / "s.db", wire)
    assert left_out(outcome) == {"mentions": "the session belongs to another account than acme"}
    assert not asked(wire.requests, NOTES)


def test_without_a_token_replies_to_own_posts_are_seen(tmp_path: Path) -> None:
    wire = Wire(case(keyless=True).respond)
    outcome = case(keyless=True).collect(Mastodon, tmp_path / "s.db", wire)
    assert left_out(outcome) == {"mentions": "it wants a credential of the brand"}
    bases = {row[0]: row[3] for row in contents(tmp_path / "s.db")["addresses"]}
    # The order was found only because the brand answered it: context. A reply to the brand's post was not.
    assert bases == {"01KEAGAIN": 0, "01KHMETOO": 0, "01KIORDER": 2}
    assert not any("authorization" in request.headers for request in wire.requests)


def chain(count: int, deep: bool) -> list[dict[str, Any]]:
    above = ["01KDOUTAGE", *(f"r{number}" for number in range(count))]
    return [
        {**status(id=f"r{number}", in_reply_to_id=above[number] if deep else above[0])} | {"replies_count": 0}
        for number in range(count)
    ]


@pytest.mark.parametrize(
    ("keyless", "count", "deep", "cut"),
    [
        (True, 60, False, True),
        (True, 59, False, False),
        (True, 20, True, True),
        (True, 19, True, False),
        (False, 60, True, False),
    ],
)
def test_thread_as_long_as_the_cap_is_a_gap(tmp_path: Path, keyless: bool, count: int, deep: bool, cut: bool) -> None:
    fresh = case(keyless=keyless).changed(OUTAGE, lambda body: body.update(descendants=chain(count, deep)))
    watched(fresh, tmp_path / "s.db")
    assert (("replies", "01KDOUTAGE", "cap") in gaps(tmp_path / "s.db")) is cut


def test_pages_without_a_link_header_are_asked_for_by_the_last_id(tmp_path: Path) -> None:
    fresh = case()
    routes = [{name: value for name, value in route.items() if name != "headers"} for route in fresh.routes]
    requests = watched(replace(fresh, routes=routes), tmp_path / "s.db")
    assert asked(requests, STATUSES) == [None, "01KFSORRY", "01KANEWS"]
    # The last id is that of the notification, not that of its status.
    assert asked(requests, NOTES) == [None, "304", "302"]
    assert len([row for row in contents(tmp_path / "s.db")["messages"] if row[1]]) == len(fresh.expected)


def test_server_that_knows_no_paging_is_read_once(tmp_path: Path) -> None:
    fresh = case()
    everything = [status for route in fresh.routes if route["path"] == STATUSES for status in route["json"]]

    def respond(request: httpx.Request) -> httpx.Response:
        return answered(200, everything) if request.url.path == STATUSES else fresh.respond(request)

    assert asked(watched(fresh, tmp_path / "s.db", respond), STATUSES) == [None, "01KANEWS"]


def test_link_header_leads_to_no_other_host(tmp_path: Path) -> None:
    fresh = case()

    def respond(request: httpx.Request) -> httpx.Response:
        response = fresh.respond(request)
        if "link" in response.headers:
            response.headers["link"] = response.headers["link"].replace(HOST, "evil.example.test").replace("limit=40", "x=1")
        return response

    requests = watched(fresh, tmp_path / "s.db", respond)
    assert {request.url.host for request in requests} == {HOST}
    assert asked(requests, STATUSES) == [None, "01KFSORRY", "01KANEWS"]
    assert not any("x" in request.url.params for request in requests)


def test_link_header_outranks_the_last_id(tmp_path: Path) -> None:
    # What a server leaves out at the end of a page, the header counts.
    fresh = case()

    def respond(request: httpx.Request) -> httpx.Response:
        response = fresh.respond(httpx.Request("GET", str(request.url).replace("01KEFILTERED", "01KFSORRY")))
        if request.url.path == STATUSES and "link" in response.headers:
            response.headers["link"] = response.headers["link"].replace("01KFSORRY", "01KEFILTERED")
        return response

    assert asked(watched(fresh, tmp_path / "s.db", respond), STATUSES) == [None, "01KEFILTERED", "01KANEWS"]


def test_reset_as_epoch_is_waited_out_too(tmp_path: Path) -> None:
    epoch = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(NOW // 1000 + 42)}
    refused, clock = [False], ManualClock()

    def respond(request: httpx.Request) -> httpx.Response:
        if refused[0]:
            return case().respond(request)
        refused[0] = True
        return answered(429, {"error": "Throttled"}, epoch)

    watched(case(), tmp_path / "s.db", respond, clock)
    assert clock.at - NOW == 42_000


@pytest.mark.parametrize(
    ("code", "body", "kind"),
    [
        (418, b"<html><h1>I'm a teapot</h1>", Forbidden),
        (403, b"<html>blocked</html>", Forbidden),
        (404, b"<html>no such page</html>", NotFound),
        (401, b"", CredentialError),
    ],
)
def test_page_for_an_error_is_told_in_one_line(tmp_path: Path, code: int, body: bytes, kind: type[Exception]) -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        assert request.headers["user-agent"].startswith("socialbench/")
        return answered(code, body) if request.url.path == STATUSES else case().respond(request)

    outcome = case().collect(Mastodon, tmp_path / "s.db", Wire(respond))
    (failure,) = outcome.failures
    assert isinstance(failure.error, kind)
    assert str(code) in str(failure.error)
    assert "<" not in str(failure.error)
    assert "\n" not in str(failure.error)


def growing(fresh: Case, until: int) -> tuple[Responder, list[int]]:
    """A server that still fetches replies from elsewhere until a context was asked for so often."""
    seen = [0]

    def respond(request: httpx.Request) -> httpx.Response:
        if request.url.path != OUTAGE:
            return fresh.respond(request)
        seen[0] += 1
        body = json.loads(fresh.respond(request).read())
        if seen[0] < until:
            refresh = {"Mastodon-Async-Refresh": 'id="ImNvbnRleHQ6MSI", retry=5, result_count=1'}
            return answered(200, {**body, "descendants": body["descendants"][:1]}, refresh)
        return answered(200, body)

    return respond, seen


@pytest.mark.parametrize(("until", "reads", "waited_s"), [(1, 1, 0), (2, 2, 5), (3, 3, 10), (99, 4, 15)])
def test_context_that_still_grows_is_read_again(tmp_path: Path, until: int, reads: int, waited_s: int) -> None:
    clock = ManualClock()
    respond, seen = growing(case(), until)
    watched(case(), tmp_path / "s.db", respond, clock)
    assert (seen[0], clock.at - NOW) == (reads, waited_s * 1000)


def test_context_that_grows_beyond_max_time_is_taken_as_it_is(tmp_path: Path) -> None:
    respond, seen = growing(case(), 99)
    bench = benchmark(Handle("mastodon", "acme", origin=HOST))
    outcome = run_collect(tmp_path / "s.db", bench, Wire(respond), environ=case().environ, deadline_at=NOW + 4000)
    assert seen == [1]
    assert not outcome.failures


def later(fresh: Case, changes: dict[str, httpx.Response], gone: str = "", known: bool = True) -> Responder:
    """A day later: nothing new is listed, batch look-ups lack `gone`, and some paths answer otherwise."""

    def respond(request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path in changes:
            return changes[path]
        if path in (STATUSES, NOTES):
            return answered(200, [])
        if path == "/api/v1/statuses" and known:
            return answered(200, [each for each in json.loads(fresh.respond(request).read()) if each["id"] != gone])
        return answered(404, b"<html>") if path == "/api/v1/statuses" else fresh.respond(request)

    return respond


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(("code", "mark"), [(404, int(Gone.UNKNOWN)), (410, int(Gone.UNKNOWN)), (403, None), (200, None)])
def test_status_that_is_not_found_alone_is_gone(tmp_path: Path, known: bool, code: int, mark: int | None) -> None:
    fresh, path = case(), "/api/v1/statuses/01KIORDER"
    watched(fresh, tmp_path / "s.db")
    body = json.loads(fresh.respond(httpx.Request("GET", f"https://{HOST}{path}")).read())
    changes = {path: answered(code, body if code == 200 else {"error": "いいえ"})}
    respond = later(fresh, changes, "01KIORDER", known)
    fresh.collect(Mastodon, tmp_path / "s.db", Wire(lambda request: _again(respond(request))), ManualClock(NOW + DAY_MS))
    found = {row[0]: row[6] for row in contents(tmp_path / "s.db")["messages"]}
    assert found.pop("01KIORDER") == mark
    assert set(found.values()) == {None}


def _again(response: httpx.Response) -> httpx.Response:
    return httpx.Response(response.status_code, headers=dict(response.headers), stream=httpx.ByteStream(response.read()))


def rewrite(tree: Any, id_: str, **changes: Any) -> None:
    """Change a status wherever it stands."""
    if isinstance(tree, dict) and tree.get("id") == id_:
        tree.update(changes)
    for each in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        rewrite(each, id_, **changes)


def test_edited_status_keeps_its_id_and_its_first_time(tmp_path: Path) -> None:
    fresh = case()
    watched(fresh, tmp_path / "s.db")
    content, when = "<p>Parcels, some lost.</p>", "2026-11-18T12:00:00.000Z"
    rewrite(fresh.routes, "01KEAGAIN", content=content, edited_at=when)
    watched(fresh, tmp_path / "s.db", later(fresh, {}), ManualClock(NOW + DAY_MS))
    rows = {row[0]: row[1:3] for row in contents(tmp_path / "s.db")["messages"]}
    assert rows["01KEAGAIN"] == (1_794_729_900_000, "Parcels, some lost.")
    with sqlite3.connect(tmp_path / "s.db") as connection:
        assert connection.execute("select text from version").fetchall() == [(f"@acme@{HOST} not again…",)]


def test_link_that_a_server_forgot_is_kept(tmp_path: Path) -> None:
    # Mastodon takes the link away from replies to what was deleted.
    fresh = case()
    watched(fresh, tmp_path / "s.db")
    rewrite(fresh.routes, "01KJANSWER", in_reply_to_id=None)
    gone = {f"/api/v1/statuses/01KIORDER{tail}": answered(404, {"error": "no"}) for tail in ("", "/context")}
    respond = later(fresh, gone, "01KIORDER")
    watched(fresh, tmp_path / "s.db", lambda request: _again(respond(request)), ManualClock(NOW + DAY_MS))
    rows = {row[0]: (row[4], row[6]) for row in contents(tmp_path / "s.db")["messages"]}
    assert rows["01KJANSWER"] == ("01KIORDER", None)
    assert rows["01KIORDER"][1] == Gone.UNKNOWN


def test_late_reply_under_an_own_post_is_found(tmp_path: Path) -> None:
    fresh = case()
    watched(fresh, tmp_path / "s.db")
    late = {**status("<p>done?</p>", id="01KZLATE"), "in_reply_to_id": "01KDOUTAGE", "in_reply_to_account_id": ACME}
    grown = fresh.changed(OUTAGE, lambda body: body["descendants"].append(late))
    watched(grown, tmp_path / "s.db", clock=ManualClock(NOW + DAY_MS))
    found = {row[0]: row[4:6] for row in contents(tmp_path / "s.db")["messages"]}
    assert found["01KZLATE"] == ("01KDOUTAGE", "01KDOUTAGE")


def test_listings_end_where_the_window_begins(tmp_path: Path) -> None:
    fresh = replace(case(), handle={"name": "acme", "origin": HOST})
    wire = Wire(fresh.respond)
    bench = benchmark(Handle("mastodon", **fresh.handle))
    # With what episodes may have begun with, the window begins on 15 November, 12:00.
    since_at = 1_794_744_000_000 + bench.follow_up_s * 1000
    assert not run_collect(tmp_path / "s.db", bench, wire, environ=fresh.environ, since_at=since_at).failures
    assert asked(wire.requests, STATUSES) == [None, "01KFSORRY"]
    assert asked(wire.requests, NOTES) == [None, "304", "302"]
