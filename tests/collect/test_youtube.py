"""YouTube beyond what every network must do: flat threads, late replies, units of quota, its contract and recordings."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from socialbench.collect.network import Verdict
from socialbench.collect.networks.youtube import YouTube
from socialbench.errors import CredentialError, Stopped, StreamError
from socialbench.model import DAY_MS, Address, Gone, Handle, How, Linking, Message
from tests.collect.contracts import discovery, needs, strict
from tests.collect.harness import NOW, ManualClock, Responder, Wire, answered, benchmark, contents, run_collect
from tests.collect.suite.cases import Case, load

RECORDINGS = Path(__file__).parents[3] / "shared" / "recordings" / "youtube" / "python-youtube"
needs_recordings = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="../shared/recordings/youtube is not here")
FILES = sorted(path.name for path in RECORDINGS.glob("comment*.json")) or ["none"]
THREADS, COMMENTS = "/youtube/v3/commentThreads", "/youtube/v3/comments"
ACME, ANN = "UCacme0000000000000000ac", "UCann00000000000000000an"
ORDER, PINNED = "UgzOrderAnn00000000AaABAg", "UgxPinnedAcme000000AaABAg"


def case() -> Case:
    return load("youtube")


def watched(case: Case, path: Path, respond: Responder | None = None, at: int = NOW) -> list[httpx.Request]:
    """The requests of one run."""
    wire = Wire(respond or case.respond)
    outcome = case.collect(YouTube, path, wire, ManualClock(at))
    assert not outcome.failures, [str(each.error) for each in outcome.failures]
    return wire.requests


def asked(requests: list[httpx.Request], path: str, parameter: str) -> list[str]:
    found = [request.url.params.get(parameter) for request in requests if request.url.path == path]
    return [value for value in found if value is not None]


def comment(id_: str = "Ug1", **snippet: Any) -> dict[str, Any]:
    base = {"textDisplay": "help", "publishedAt": "2026-11-13T10:00:00Z", "authorChannelId": {"value": ANN}}
    return {"kind": "youtube#comment", "id": id_, "snippet": {**base, **snippet}}


def parsed(item: dict[str, Any]) -> Message:
    (message,) = YouTube({}).parse(item)
    return message


def error(reason: str, status: int = 403) -> httpx.Response:
    listed = [{"message": "<a href='/x'>no</a>", "domain": "youtube.quota", "reason": reason}]
    return answered(status, {"error": {"code": status, "message": "no", "errors": listed}})


@needs("youtube")
def test_requests_are_valid_against_the_contract(tmp_path: Path) -> None:
    problems: list[str] = []
    fresh = case()
    requests = watched(fresh, tmp_path / "s.db", strict(fresh.respond, discovery("youtube/youtube.v3.json"), problems))
    fresh.routes[1]["json"]["items"].pop()
    later = strict(rechecking(fresh), discovery("youtube/youtube.v3.json"), problems)
    requests += watched(fresh, tmp_path / "s.db", later, NOW + DAY_MS)
    assert asked(requests, COMMENTS, "id")
    assert not problems
    assert {request.url.path for request in requests} == {THREADS, COMMENTS, "/youtube/v3/channels"}
    for request in requests:
        filters = {"allThreadsRelatedToChannelId", "channelId", "id", "videoId", "parentId", "forHandle"}
        assert len(filters & set(request.url.params)) == 1  # The document does not say it, YouTube does.


WRONG = {
    f"{THREADS}?part=snippet&maxResults=101": ["maxResults: 101 is out of bounds"],
    f"{THREADS}?part=snippet&order=oldest": ["order: oldest is none of the enum"],
    f"{THREADS}?part=snippet&since=1": ["since is unknown"],
    f"{THREADS}?id=1": ["lacks part"],
    f"{COMMENTS}?part=snippet&parentId=1&parentId=2": ["parentId: given twice"],
}


@needs("youtube")
@pytest.mark.parametrize("asked_for", WRONG)
def test_contract_forbids_what_it_should(asked_for: str) -> None:
    found = discovery("youtube/youtube.v3.json")(httpx.Request("GET", f"https://y.test{asked_for}"))
    assert found == [f"{asked_for.partition('?')[0].lstrip('/')}: {problem}" for problem in WRONG[asked_for]]


def test_replies_beyond_the_inline_five_are_read_and_only_there(tmp_path: Path) -> None:
    requests = watched(case(), tmp_path / "s.db")
    assert asked(requests, COMMENTS, "parentId") == [ORDER, ORDER]
    assert sorted(each for each in asked(requests, THREADS, "id") if "," not in each) == [PINNED, ORDER]


def test_late_reply_in_an_old_thread_is_found(tmp_path: Path) -> None:
    fresh = case()
    watched(fresh, tmp_path / "s.db")
    late = comment(
        f"{ORDER}.late",
        textDisplay="Solved?",
        publishedAt="2026-11-19T09:00:00Z",
        authorChannelId={"value": ACME},
        parentId=ORDER,
    )

    def respond(request: httpx.Request) -> httpx.Response:
        response = fresh.respond(request)
        if request.url.params.get("parentId") != ORDER or "pageToken" in request.url.params:
            return response
        body = json.loads(response.read())
        return answered(200, {**body, "items": [late, *body["items"]]})

    watched(fresh, tmp_path / "s.db", respond, NOW + DAY_MS)
    found = {row[0]: row[5] for row in contents(tmp_path / "s.db")["messages"]}
    assert found[late["id"]] == ORDER


def test_thread_that_has_grown_is_read_before_its_mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socialbench.collect.handles.SPARE_POLLS", 1)
    fresh, later = case(), NOW + 30 * DAY_MS
    watched(fresh, tmp_path / "s.db")
    # By then all marks are behind, so a first run reads whatever is due.
    watched(fresh, tmp_path / "s.db", at=later)
    requests = watched(fresh, tmp_path / "s.db", at=later + 60_000)
    assert asked(requests, COMMENTS, "parentId") == []

    def respond(request: httpx.Request) -> httpx.Response:
        response = fresh.respond(request)
        if request.url.params.get("id", "").count(",") == 0 or request.url.path != THREADS:
            return response
        body = json.loads(response.read())
        for thread in body["items"]:
            thread["snippet"]["totalReplyCount"] += thread["id"] == ORDER
        return answered(200, body)

    requests = watched(fresh, tmp_path / "s.db", respond, later + 120_000)
    assert set(asked(requests, COMMENTS, "parentId")) == {ORDER}


def test_threads_counted_as_empty_cost_no_request_of_their_own(tmp_path: Path) -> None:
    fresh = case()
    wire = Wire(fresh.respond)
    spent = fresh.collect(YouTube, tmp_path / "s.db", wire).spent
    # Each request costs a unit; of the open threads only the one with replies is asked for by itself.
    assert spent == {"units": len(wire.requests)}
    assert asked(wire.requests, THREADS, "id")[-1].count(",") == 0
    empty = {row[2] for row in contents(tmp_path / "s.db")["coverage"] if row[1] == "replies" and row[2]}
    assert len(empty) == 3


def test_answers_are_known_to_be_missing_only_where_all_threads_were_read(tmp_path: Path) -> None:
    """No listing of a channel's own comments exists: with the quota gone amid the threads nobody knows what it answered."""

    def respond(request: httpx.Request) -> httpx.Response:
        response = case().respond(request)
        return error("quotaExceeded") if request.url.path == COMMENTS and "parentId" in request.url.params else response

    def watched_until() -> list[int]:
        with sqlite3.connect(tmp_path / "s.db") as store:
            told = "select until_at from coverage where direction <> 'inbound' and subject = '' and gap = 0"
            return [row[0] for row in store.execute(told)]

    outcome = case().collect(YouTube, tmp_path / "s.db", Wire(respond), ManualClock(NOW))
    assert [result.stream for result in outcome.failures] == ["replies"]
    assert watched_until() == []
    watched(case(), tmp_path / "s.db", at=NOW + DAY_MS)
    assert len(watched_until()) == 1
    assert watched_until()[0] >= NOW + DAY_MS


def test_listing_ends_at_what_earlier_sweeps_read(tmp_path: Path) -> None:
    fresh = case()
    watched(fresh, tmp_path / "s.db")
    # Five days later all of the first page is older than the last sweep less its overlap.
    requests = watched(fresh, tmp_path / "s.db", at=NOW + 5 * DAY_MS)
    assert asked(requests, THREADS, "allThreadsRelatedToChannelId") == [ACME, ACME]
    requests = watched(fresh, tmp_path / "s.db", at=NOW + 6 * DAY_MS)
    assert asked(requests, THREADS, "allThreadsRelatedToChannelId") == [ACME]
    assert asked(requests, THREADS, "pageToken") == []


@pytest.mark.parametrize(
    ("now", "midnight"),
    [
        (NOW, 1_795_075_200_000),  # 2026-11-19T08:00Z: winter, eight hours behind.
        (1_784_000_000_000, 1_784_012_400_000),  # 2026-07-14T07:00Z: summer, seven.
        (1_793_518_200_000, 1_793_606_400_000),  # The day of 25 hours: 2026-11-01T07:30Z to 2026-11-02T08:00Z.
    ],
)
def test_quota_used_up_stops_the_network_until_midnight_in_california(tmp_path: Path, now: int, midnight: int) -> None:
    seen: list[str] = []

    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.path)
        return error("quotaExceeded") if request.url.path == THREADS else case().respond(request)

    outcome = case().collect(YouTube, tmp_path / "s.db", Wire(respond), ManualClock(now))
    assert seen == ["/youtube/v3/channels", THREADS]
    assert all(isinstance(result.error, Stopped) for result in outcome.failures)
    assert (outcome.exit_code, outcome.resume_at) == (5, midnight)


def test_quota_used_up_amid_the_pages_goes_on_where_it_stopped(tmp_path: Path) -> None:
    fresh = case()

    def respond(request: httpx.Request) -> httpx.Response:
        return error("quotaExceeded") if "pageToken" in request.url.params else fresh.respond(request)

    assert fresh.collect(YouTube, tmp_path / "s.db", Wire(respond)).exit_code == 5
    requests = watched(fresh, tmp_path / "s.db", at=NOW + DAY_MS)
    assert asked(requests, THREADS, "pageToken") == ["QURTSl9pMnBhZ2Uy"] * 2  # The rest, then what came since.
    assert len(contents(tmp_path / "s.db")["messages"]) == len(fresh.expected)


def test_comments_turned_off_are_a_gap_and_no_failure(tmp_path: Path) -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        return error("commentsDisabled") if request.url.path == THREADS else case().respond(request)

    outcome = case().collect(YouTube, tmp_path / "s.db", Wire(respond))
    assert {row[1:5] for row in contents(tmp_path / "s.db")["coverage"]} == {("threads", "", 1, "closed")}
    assert not outcome.failures and any("closed or gone: 1" in each.line for each in outcome.results)


def test_comments_turned_on_again_are_read_from_the_beginning(tmp_path: Path) -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        return error("commentsDisabled") if request.url.path == THREADS else case().respond(request)

    watched(case(), tmp_path / "s.db", respond)
    watched(case(), tmp_path / "s.db", at=NOW + 30 * DAY_MS)
    assert ORDER in {row[0] for row in contents(tmp_path / "s.db")["messages"]}
    assert not any(row[3] for row in contents(tmp_path / "s.db")["coverage"])


@pytest.mark.parametrize(
    ("status", "reason", "verdict"),
    [
        (403, "quotaExceeded", Verdict.QUOTA),
        (403, "rateLimitExceeded", Verdict.RETRY),
        (400, "processingFailure", Verdict.RETRY),
        (400, "invalidPageToken", Verdict.TOKEN_REFUSED),
        (400, "keyInvalid", Verdict.CREDENTIAL),
        (403, "commentsDisabled", Verdict.NOT_FOUND),
        (403, "forbidden", Verdict.FORBIDDEN),
        (404, "channelNotFound", Verdict.NOT_FOUND),
        (400, "missingRequiredParameter", Verdict.REFUSED),
    ],
)
def test_verdict_is_told_by_the_reason(status: int, reason: str, verdict: Verdict) -> None:
    body = json.loads(error(reason, status).read())
    assert YouTube({}).verdict(status, body) is verdict
    assert YouTube({}).code(body) == reason


def test_key_that_is_no_key_is_told_by_the_details() -> None:
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}]
    body = {"error": {"code": 400, "errors": [{"reason": "badRequest"}], "details": details}}
    assert YouTube({}).verdict(400, body) is Verdict.CREDENTIAL
    assert YouTube({}).verdict(502, "<html>") is Verdict.RETRY


def test_key_is_needed(tmp_path: Path) -> None:
    outcome = run_collect(tmp_path / "s.db", benchmark(Handle("youtube", "@acme")), Wire(case().respond), environ={})
    assert isinstance(outcome.results[0].error, CredentialError)


def test_reply_names_its_thread_and_nobody_else() -> None:
    about = {"id": "Ug1", "channel": ACME, "author": "UCx"}
    found = parsed({**comment("Ug1.a", parentId="Ug1"), "thread": about})
    assert (found.parent_id, found.root_id, found.linking) == (None, "Ug1", Linking.THREAD)
    assert found.addressed == (Address(How.REPLY, "UCx"),)


def test_opener_goes_on_talking_to_the_channel() -> None:
    about = {"id": "Ug1", "channel": ACME, "author": ANN}
    assert Address(How.POST, ACME) in parsed({**comment("Ug1.a", parentId="Ug1"), "thread": about}).addressed


def test_two_authors_without_a_channel_are_not_one() -> None:
    about = {"id": "Ug1", "channel": ACME, "author": None}
    reply = comment("Ug1.a", parentId="Ug1", textDisplay="me too")
    del reply["snippet"]["authorChannelId"]
    found = parsed({**reply, "thread": about})
    assert (found.author_id, found.addressed) == (None, ())


def test_edited_comment_keeps_the_time_at_which_it_was_published() -> None:
    found = parsed(comment(updatedAt="2026-11-14T10:00:00Z", channelId=ACME))
    assert found.sent_at == parsed(comment(publishedAt="2026-11-13T10:00:00.000Z")).sent_at == 1_794_564_000_000


def rechecking(fresh: Case, gone: str = "", renamed: tuple[str, str] = ("", "")) -> Responder:
    """The fixture, but only comments that were asked for are answered: without `gone`, and with one under another id."""

    def respond(request: httpx.Request) -> httpx.Response:
        response = fresh.respond(request)
        if request.url.path != COMMENTS or "id" not in request.url.params:
            return response
        wanted = set(request.url.params["id"].split(",")) - {gone}
        items = [item for item in json.loads(response.read())["items"] if item["id"] in wanted]
        return answered(
            200, json.loads(json.dumps({"items": items}).replace(*renamed) if renamed[0] else json.dumps({"items": items}))
        )

    return respond


def test_recheck_marks_what_is_gone(tmp_path: Path) -> None:
    fresh, gone = case(), "UgyPraiseBob0000000AaABAg"
    watched(fresh, tmp_path / "s.db")
    fresh.routes[1]["json"]["items"].pop()
    watched(fresh, tmp_path / "s.db", rechecking(fresh, gone), NOW + DAY_MS)
    found = {row[0]: row[6] for row in contents(tmp_path / "s.db")["messages"] if row[6] is not None}
    assert found == {gone: int(Gone.UNKNOWN)}


def test_comment_with_a_new_id_is_the_same_comment(tmp_path: Path) -> None:
    fresh, old, new = case(), "UgyPraiseBob0000000AaABAg", "UgnPraiseBob0000000AaABAg"
    watched(fresh, tmp_path / "s.db")
    fresh.routes[1]["json"]["items"].pop()
    watched(fresh, tmp_path / "s.db", rechecking(fresh, renamed=(old, new)), NOW + DAY_MS)
    rows = [row for row in contents(tmp_path / "s.db")["messages"] if row[0] in (old, new)]
    assert len(rows) == 1
    assert rows[0][6] is None


def test_thread_whose_top_is_gone_is_missing(tmp_path: Path) -> None:
    fresh = case()
    watched(fresh, tmp_path / "s.db")

    def respond(request: httpx.Request) -> httpx.Response:
        return (
            answered(200, {"items": []}) if "id" in request.url.params and request.url.path == THREADS else fresh.respond(request)
        )

    watched(fresh, tmp_path / "s.db", respond, NOW + DAY_MS)
    gaps = {row[2] for row in contents(tmp_path / "s.db")["coverage"] if row[3] and row[4] == "closed"}
    assert {ORDER, PINNED} <= gaps


@pytest.mark.parametrize(
    ("name", "fine"), [("@acme.care-1", True), (ACME, True), ("acme", True), ("youtube.com/c/acme", False), ("a b", False)]
)
def test_handle_is_a_name_or_an_id(name: str, fine: bool) -> None:
    assert (YouTube({}).check(Handle("youtube", name)) is None) is fine


def test_channel_may_be_named_by_its_id_and_may_hide_its_subscribers(tmp_path: Path) -> None:
    fresh = replace(case(), handle={"name": ACME})
    channel = next(route for route in fresh.routes if route["path"].endswith("channels"))["json"]["items"][0]
    channel["statistics"].update(hiddenSubscriberCount=True)
    requests = watched(fresh, tmp_path / "s.db")
    assert asked(requests, "/youtube/v3/channels", "id") == [ACME]
    with sqlite3.connect(tmp_path / "s.db") as connection:
        assert connection.execute("select followers, posts from profile").fetchall() == [(None, 40)]
    nobody = fresh.changed("/youtube/v3/channels", lambda body: body.pop("items"))
    assert isinstance(nobody.collect(YouTube, tmp_path / "t.db").results[0].error, StreamError)


@needs_recordings
@pytest.mark.parametrize("name", FILES)
def test_recorded_comments_parse(name: str) -> None:
    body = json.loads((RECORDINGS / name).read_text("utf-8"))
    messages = [message for item in body["items"] for message in YouTube({}).parse(item)]
    inline = [len((item.get("replies") or {}).get("comments", ())) for item in body["items"]]
    assert len(messages) == len(body["items"]) + sum(inline) > 0
    for message in messages:
        assert message.root_id == message.id.partition(".")[0]
        assert message.author_id is None or message.author_id.startswith("UC")
        assert 0 < message.sent_at < NOW


@needs_recordings
@pytest.mark.parametrize(
    ("name", "verdict"), [("error_response.json", Verdict.CREDENTIAL), ("error_permission_resp.json", Verdict.FORBIDDEN)]
)
def test_recorded_errors_are_told(name: str, verdict: Verdict) -> None:
    body = json.loads((RECORDINGS / name).read_text("utf-8"))
    assert YouTube({}).verdict(body["error"]["code"], body) is verdict


@needs_recordings
def test_recorded_channel_is_resolved(tmp_path: Path) -> None:
    body = json.loads((RECORDINGS / "info.json").read_text("utf-8"))
    fresh = case()
    routes = [{**route, "json": body} if route["path"].endswith("channels") else route for route in fresh.routes]
    outcome = replace(fresh, routes=routes).collect(YouTube, tmp_path / "s.db", Wire(replace(fresh, routes=routes).respond))
    assert not any(result.stream == "account" for result in outcome.results)
