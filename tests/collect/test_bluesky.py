"""Bluesky beyond what every network must do: its times, facets, threads, sessions, and its contract."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from socialbench.collect.networks.bluesky import Bluesky
from socialbench.errors import CredentialError, Forbidden
from socialbench.model import DAY_MS, Address, Gone, Handle, How, Message
from tests.collect.harness import NOW, ManualClock, Wire, answered, contents
from tests.collect.lexicons import needs_contracts, violations
from tests.collect.suite.cases import Case, load

RECORDINGS = Path(__file__).parents[3] / "shared" / "recordings" / "bluesky"
BRAND, ANN = "did:plc:acmeacmeacmeacmeacmeacme", "did:plc:annannannannannannannann"
POST = "app.bsky.feed.post"


def uri(did: str, key: str) -> str:
    return f"at://{did}/{POST}/{key}"


def parsed(record: dict[str, Any], **view: Any) -> Message:
    item = {"uri": uri(ANN, "3k1"), "author": {"did": ANN, "handle": "ann.example"}, "record": {"$type": POST, **record}, **view}
    (message,) = Bluesky({}).parse(item)
    return message


def facet(start: int, end: int, did: str = BRAND) -> dict[str, Any]:
    feature = {"$type": "app.bsky.richtext.facet#mention", "did": did}
    return {"index": {"byteStart": start, "byteEnd": end}, "features": [feature]}


TIMES = {
    "2026-11-12T10:05:00.123Z": 1_794_477_900_123,
    "2026-11-12T10:05:00.123456Z": 1_794_477_900_123,
    "2026-11-12T12:05:00.123456+02:00": 1_794_477_900_123,
    "2026-11-12T05:05:00-05:00": 1_794_477_900_000,
}


@pytest.mark.parametrize("text", TIMES)
def test_time_is_read_in_each_shape(text: str) -> None:
    assert parsed({"text": "x", "createdAt": text}).sent_at == TIMES[text]


def test_time_is_the_earlier_of_created_and_indexed() -> None:
    late, early = "2031-01-01T00:00:00.000Z", "2026-11-12T10:05:00.123Z"
    assert parsed({"text": "x", "createdAt": late}, indexedAt=early).sent_at == TIMES[early]
    assert parsed({"text": "x", "createdAt": early}, indexedAt=late).sent_at == TIMES[early]


def test_time_that_cannot_be_read_gives_way_to_the_indexed_one() -> None:
    early = "2026-11-12T10:05:00.123Z"
    assert parsed({"text": "x", "createdAt": "yesterday"}, indexedAt=early).sent_at == TIMES[early]


MENTIONS = {
    "leading": ("@acme.example help", [facet(0, 13)], None, How.LEADING),
    "in text, after letters of two bytes": ("Hé @acme.example", [facet(4, 17)], None, How.IN_TEXT),
    "leading under another word": ("@acme help", [facet(0, 5)], None, How.LEADING),
    "carried in a reply": ("@bob.example @acme.example see", [facet(13, 26)], ANN, How.CARRIED),
    "beyond the text": ("short", [facet(40, 99)], None, How.IN_TEXT),
}


@pytest.mark.parametrize("name", MENTIONS)
def test_mention_is_told_by_its_place(name: str) -> None:
    text, facets, parent, how = MENTIONS[name]
    record: dict[str, Any] = {"text": text, "createdAt": "2026-11-12T10:05:00Z", "facets": facets}
    if parent:
        record["reply"] = {"root": {"uri": uri(parent, "1")}, "parent": {"uri": uri(parent, "1")}}
    assert Address(how, BRAND) in parsed(record).addressed


def test_message_may_be_addressed_to_several_in_several_ways() -> None:
    reply = {"root": {"uri": uri(ANN, "1")}, "parent": {"uri": uri(BRAND, "2")}}
    embed = {
        "$type": "app.bsky.embed.recordWithMedia",
        "record": {"$type": "app.bsky.embed.record", "record": {"uri": uri(ANN, "3")}},
        "media": {},
    }
    found = parsed({"text": "see @other.example", "createdAt": "2026-11-12T10:05:00Z", "reply": reply, "embed": embed})
    assert found.addressed == (
        Address(How.REPLY, BRAND),
        Address(How.QUOTE, ANN),
        Address(How.IN_TEXT, name="other.example"),
    )
    assert (found.parent_id, found.root_id, found.quoted_id) == (uri(BRAND, "2"), uri(ANN, "1"), uri(ANN, "3"))


def test_embed_of_a_list_quotes_nothing() -> None:
    embed = {"$type": "app.bsky.embed.record", "record": {"uri": f"at://{BRAND}/app.bsky.graph.list/1"}}
    assert parsed({"text": "x", "createdAt": "2026-11-12T10:05:00Z", "embed": embed}).quoted_id is None


def test_half_a_surrogate_in_a_text_is_no_end() -> None:
    found = parsed({"text": "\ud83d @acme.example", "createdAt": "2026-11-12T10:05:00Z", "facets": [facet(0, 3)]})
    assert found.sent_at == 1_794_477_900_000


def test_states_of_threads_are_no_messages() -> None:
    network = Bluesky({})
    gone, blocked = {"uri": uri(ANN, "1"), "notFound": True}, {"uri": uri(ANN, "1"), "notFound": False}
    assert [*network.parse(gone), *network.parse(blocked)] == []
    assert (network.gone(gone), network.gone(blocked)) == ({uri(ANN, "1"): Gone.BY_AUTHOR}, {})


@pytest.mark.parametrize(("name", "fine"), [("acme.bsky.social", True), ("@Acme.test", True), (BRAND, True), ("acme", False)])
def test_handle_is_a_domain_or_a_did(name: str, fine: bool) -> None:
    assert (Bluesky({}).check(Handle("bluesky", name)) is None) is fine


def bluesky() -> Case:
    return load("bluesky")


def requests_of(case: Case, folder: Path, wire: Wire | None = None) -> list[httpx.Request]:
    wire = wire or Wire(case.respond)
    case.collect(Bluesky, folder / "s.db", wire)
    return wire.requests


@needs_contracts
def test_requests_are_valid_against_the_lexicons(tmp_path: Path) -> None:
    requests = requests_of(bluesky(), tmp_path)
    # A day later what was shown before, and is shown no more, is looked up.
    case = bluesky()
    empty = {"posts": [], "records": [], "notifications": []}
    listings = ("searchPosts", "listRecords", "listNotifications", "getQuotes")
    later = Wire(lambda request: answered(200, empty) if request.url.path.endswith(listings) else case.respond(request))
    case.collect(Bluesky, tmp_path / "s.db", later, ManualClock(NOW + DAY_MS))
    requests += later.requests
    found = [problem for request in requests for problem in violations(request)]
    assert not found
    assert len({request.url.path for request in requests}) == 9


@needs_contracts
def test_lexicons_forbid_what_they_should() -> None:
    url = "https://x.test/xrpc/app.bsky.feed.searchPosts"
    assert violations(httpx.Request("GET", url, params={"q": "a", "limit": 101})) == [
        "app.bsky.feed.searchPosts: limit: 101 is not 1 to 100"
    ]
    assert violations(httpx.Request("GET", url, params={"page": 2})) == [
        "app.bsky.feed.searchPosts: lacks q",
        "app.bsky.feed.searchPosts: page is unknown",
    ]
    assert violations(httpx.Request("POST", url, params={"q": "a"})) == ["app.bsky.feed.searchPosts: POST for GET"]


def test_credentials_go_only_to_the_host_of_the_session(tmp_path: Path) -> None:
    signed = {str(request.url.host) for request in requests_of(bluesky(), tmp_path) if "authorization" in request.headers}
    assert signed == {"app.example.test"}


def test_expired_session_is_renewed_once(tmp_path: Path) -> None:
    case, expired = bluesky(), [True]

    def respond(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("refreshSession"):
            assert request.headers["authorization"] == "Bearer eyJyZWZyZXNoLXRva2VuLW9mLWFjbWU"
            return answered(200, {"accessJwt": "renewed-token", "refreshJwt": "next", "did": BRAND})
        if request.url.path.endswith("searchPosts") and expired[0]:
            expired[0] = False
            return answered(400, {"error": "ExpiredToken", "message": "Token has expired"})
        return case.respond(request)

    wire = Wire(respond)
    outcome = case.collect(Bluesky, tmp_path / "s.db", wire)
    assert outcome.exit_code == 0
    assert sum(request.url.path.endswith("refreshSession") for request in wire.requests) == 1
    assert wire.requests[-1].headers["authorization"] == "Bearer renewed-token"


def test_refused_password_ends_everything_with_4(tmp_path: Path) -> None:
    case = bluesky()

    def respond(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("createSession"):
            return answered(401, {"error": "AuthenticationRequired", "message": "Invalid identifier or password"})
        return case.respond(request)

    outcome = case.collect(Bluesky, tmp_path / "s.db", Wire(respond))
    assert outcome.exit_code == 4
    assert isinstance(outcome.results[0].error, CredentialError)
    assert "SOCIALBENCH_BLUESKY_TOKEN" in str(outcome.results[0].error)


def test_search_that_wants_a_session_is_a_gap_with_advice(tmp_path: Path) -> None:
    case = replace(bluesky(), environ={})

    def respond(request: httpx.Request) -> httpx.Response:
        return answered(403, b"<html>") if request.url.path.endswith("searchPosts") else case.respond(request)

    outcome = case.collect(Bluesky, tmp_path / "s.db", Wire(respond))
    errors = {result.stream: result.error for result in outcome.results if result.error}
    assert set(errors) == {"mentions", "named"}
    assert all(isinstance(error, Forbidden) and "set SOCIALBENCH_BLUESKY_TOKEN" in str(error) for error in errors.values())
    gaps = {(row[1], row[4]) for row in contents(tmp_path / "s.db")["coverage"] if row[3]}
    assert gaps == {("mentions", "forbidden"), ("named", "forbidden")}


def test_notifications_of_another_account_are_left_out(tmp_path: Path) -> None:
    case = bluesky().changed("/xrpc/com.atproto.server.createSession", lambda body: body.update(did=ANN))
    outcome = case.collect(Bluesky, tmp_path / "s.db")
    assert {result.stream for result in outcome.results if result.left_out} == {"notifications"}


def test_host_without_records_is_read_by_its_author_feed(tmp_path: Path) -> None:
    case = bluesky()
    own = [post for route in case.routes for post in route["json"].get("posts", []) if post["author"]["did"] == BRAND]
    repost = {"post": {**own[0], "author": {"did": ANN}, "uri": uri(ANN, "3kreposted")}, "reason": {}}

    def respond(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("listRecords"):
            return answered(404, b"<html>")
        if request.url.path.endswith("getAuthorFeed"):
            first = "cursor" not in request.url.params
            feed = [repost, {"post": own[0]}] if first else [{"post": own[1]}]
            return answered(200, {"feed": feed, **({"cursor": "2026"} if first else {})})
        return case.respond(request)

    case.collect(Bluesky, tmp_path / "s.db", Wire(respond))
    assert {row[0] for row in contents(tmp_path / "s.db")["messages"] if row[3] == BRAND} == {
        uri(BRAND, "3kown"),
        uri(BRAND, "3kr1"),
    }


def test_thread_cut_off_for_its_depth_is_read_further(tmp_path: Path) -> None:
    case = bluesky()
    thread = next(r for r in case.routes if r["params"].get("uri") == uri(BRAND, "3kown"))["json"]["thread"]
    below = thread["replies"][0]
    deep = below["replies"].pop()
    del below["replies"]
    asked: list[str] = []

    def respond(request: httpx.Request) -> httpx.Response:
        if request.url.params.get("uri") == below["post"]["uri"]:
            asked.append(request.url.params["parentHeight"])
            return answered(200, {"thread": {**below, "replies": [deep]}})
        return case.respond(request)

    case.collect(Bluesky, tmp_path / "s.db", Wire(respond))
    assert deep["post"]["uri"] in {row[0] for row in contents(tmp_path / "s.db")["messages"]}
    assert asked == ["0"]


def test_deleted_message_is_marked_gone(tmp_path: Path) -> None:
    case, missing = bluesky(), uri("did:plc:bobbobbobbobbobbobbobbob", "3km2")
    case.collect(Bluesky, tmp_path / "s.db")

    def respond(request: httpx.Request) -> httpx.Response:
        if request.url.params.get("uri") == missing:
            return answered(400, {"error": "NotFound", "message": "Post not found"})
        if request.url.path.endswith("getPosts"):
            body = json.loads(case.respond(request).read())
            return answered(200, {"posts": [post for post in body["posts"] if post["uri"] != missing]})
        if request.url.path.endswith("searchPosts"):
            return answered(200, {"posts": []})
        return case.respond(request)

    case.collect(Bluesky, tmp_path / "s.db", Wire(respond))
    gone = {row[0]: row[6] for row in contents(tmp_path / "s.db")["messages"] if row[6] is not None}
    assert gone == {missing: int(Gone.BY_AUTHOR)}


def test_record_from_the_future_is_dated_by_its_index(tmp_path: Path) -> None:
    route = "/xrpc/com.atproto.repo.listRecords"
    case = bluesky().changed(route, lambda body: body["records"][0]["value"].update(createdAt="2031-01-01T00:00:00Z"))
    case.collect(Bluesky, tmp_path / "s.db")
    sent = {row[0]: row[1] for row in contents(tmp_path / "s.db")["messages"]}
    assert sent[uri(BRAND, "3kr1")] == TIMES["2026-11-12T05:05:00-05:00"] + 500
    assert max(at for at in sent.values() if at is not None) <= NOW


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="../shared/recordings/bluesky is not here")
@pytest.mark.parametrize("name", ["f_search.yml", "f_getposts.yml"])
def test_recorded_pages_parse(name: str) -> None:
    tape = yaml.safe_load((RECORDINGS / "bskyr" / name).read_text("utf-8"))
    network, count = Bluesky({}), 0
    for exchange in tape["http_interactions"]:
        body = json.loads(exchange["response"]["body"]["string"])
        for post in body.get("posts", []):
            (message,) = network.parse(post)
            assert message.id == post["uri"]
            assert message.author_id == post["author"]["did"]
            assert 0 < message.sent_at < NOW
            count += 1
    assert count > 0


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="../shared/recordings/bluesky is not here")
@pytest.mark.parametrize(
    ("name", "count"),
    [("post_record.json", 1), ("extended_post_record.json", 1), ("custom_record.json", 0), ("feed_record.json", 0)],
)
def test_recorded_records_parse(name: str, count: int) -> None:
    record = json.loads((RECORDINGS / "atproto" / name).read_text("utf-8"))
    assert len(list(Bluesky({}).parse(record))) == count


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="../shared/recordings/bluesky is not here")
def test_recorded_thread_parses() -> None:
    from socialbench.collect.atproto import flatten

    body = json.loads((RECORDINGS / "atproto" / "thread_view_post_with_embed_media.json").read_text("utf-8"))
    items, cut = flatten(body["thread"])
    assert len([message for item in items for message in Bluesky({}).parse(item)]) == len(items) > 0
    assert cut == []
