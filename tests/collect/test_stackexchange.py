"""Stack Exchange beyond what every network must do: tags and people, backoff, quota, batches, late comments, deletions.

There is no recording of it at hand: shapes are those of the documentation.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from socialbench.collect.network import Verdict
from socialbench.collect.networks.stackexchange import StackExchange
from socialbench.errors import CredentialError, LoopError, Stopped
from socialbench.model import DAY_MS, Brand, Gone, Handle, How
from tests.collect.harness import NOW, ManualClock, Responder, Wire, answered, benchmark, contents, run_collect
from tests.collect.suite.cases import Case, load

QUESTIONS = "/2.3/questions"


def case() -> Case:
    return load("stackexchange")


def watched(case: Case, path: Path, respond: Responder | None = None, at: int = NOW) -> list[httpx.Request]:
    wire = Wire(respond or case.respond)
    outcome = case.collect(StackExchange, path, wire, ManualClock(at))
    assert not outcome.failures, [str(each.error) for each in outcome.failures]
    return wire.requests


def answers_of(case: Case, path: str) -> dict[str, Any]:
    body: dict[str, Any] = next(route for route in case.routes if route["path"] == path)["json"]
    return body


def hows(path: Path) -> dict[str, str]:
    return {row[0]: How(row[2]).name for row in contents(path)["addresses"]}


def authors(path: Path) -> dict[str, str | None]:
    return {row[0]: row[3] for row in contents(path)["messages"]}


def test_requests_hold_what_the_documentation_allows(tmp_path: Path) -> None:
    requests = watched(case(), tmp_path / "s.db", at=NOW)
    requests += watched(case(), tmp_path / "s.db", at=NOW + DAY_MS)
    known = {"site", "filter", "pagesize", "sort", "order", "page", "tagged", "min", "key"}
    for request in requests:
        params = request.url.params
        assert set(params) <= known
        assert (params["site"], params["order"] in {"asc", "desc"}, int(params["pagesize"]) <= 100) == (
            "stackoverflow",
            True,
            True,
        )
        assert params["sort"] == ("activity" if request.url.path == QUESTIONS else "creation")
        assert max(len(part.split(";")) for part in request.url.path.split("/")) <= 100
        assert request.headers["accept-encoding"] == "gzip"
    assert "min" not in requests[0].url.params
    later = [request.url.params["min"] for request in requests if "min" in request.url.params]
    assert set(later) == {str(NOW // 1000 - 72 * 3600)}  # By last activity: what was said in the overlap is read again.


def test_answers_of_all_questions_of_a_page_are_one_request(tmp_path: Path) -> None:
    requests = watched(case(), tmp_path / "s.db")
    below = [request.url.path for request in requests if request.url.path.startswith("/2.3/answers/")]
    assert below == ["/2.3/answers/911;912/comments"] * 2 + [
        "/2.3/answers/913/comments",
        "/2.3/answers/911;913",
        "/2.3/answers/911;913/comments",
    ]
    assert QUESTIONS + "/902/answers" not in {request.url.path for request in requests}


def test_the_brands_people_speak_for_the_tag(tmp_path: Path) -> None:
    watched(case(), tmp_path / "s.db")
    found = authors(tmp_path / "s.db")
    assert {id_ for id_, author in found.items() if author == "tags/acme-api"} == {"911", "913", "c923", "c925"}
    assert found["903"] is None  # A deleted user is nobody, and no other deleted user.


def test_customers_among_themselves_are_context(tmp_path: Path) -> None:
    watched(case(), tmp_path / "s.db")
    assert {"912", "c924"} <= set(authors(tmp_path / "s.db")) - set(hows(tmp_path / "s.db"))


def test_answer_under_two_brands_tags_is_the_right_brands(tmp_path: Path) -> None:
    acme = Handle("stackexchange", **case().handle)
    other = replace(acme, name="other", options={"site": "stackoverflow", "tag": "other-api", "users": [2002]})
    bench = benchmark(acme, **case().settings)
    bench = bench.model_copy(update={"brands": (Brand("Acme", None, (acme,)), Brand("Other", None, (other,)))})
    respond = case().respond
    run_collect(tmp_path / "s.db", bench, Wire(respond), kind=StackExchange)
    found = authors(tmp_path / "s.db")
    assert (found["911"], found["912"]) == ("tags/acme-api", "tags/other-api")
    assert found["902"] == "tags/other-api"  # One brand's people may ask the other.


def test_backoff_is_obeyed_with_quota_left(tmp_path: Path) -> None:
    fresh, clock = case(), ManualClock()
    answers_of(fresh, QUESTIONS)["backoff"] = 17
    assert not fresh.collect(StackExchange, tmp_path / "s.db", Wire(fresh.respond), clock).failures
    assert clock.at - NOW == 17_000


def test_quota_used_up_stops_before_the_next_request_and_goes_on_tomorrow(tmp_path: Path) -> None:
    fresh = case()
    answers_of(fresh, "/2.3/answers/911;912/comments")["quota_remaining"] = 1

    def respond(request: httpx.Request) -> httpx.Response:
        body = json.loads(fresh.respond(request).read())
        last = request.url.path == "/2.3/answers/911;912/comments" and request.url.params["page"] == "2"
        return answered(200, {**body, "quota_remaining": 0} if last else body)

    wire = Wire(respond)
    outcome = fresh.collect(StackExchange, tmp_path / "s.db", wire)
    assert len(wire.requests) == 5
    assert all(isinstance(result.error, Stopped) for result in outcome.failures)
    assert (outcome.exit_code, outcome.resume_at) == (5, 1_795_046_400_000)  # 2026-11-19T00:00Z
    watched(fresh, tmp_path / "s.db", at=NOW + DAY_MS)
    assert len(authors(tmp_path / "s.db")) == len(fresh.expected)


def test_long_ban_is_not_waited_out(tmp_path: Path) -> None:
    body = {"error_id": 502, "error_name": "throttle_violation", "error_message": "more requests available in 70845 seconds"}
    outcome = case().collect(StackExchange, tmp_path / "s.db", Wire(lambda _: answered(502, body)))
    assert (outcome.exit_code, outcome.resume_at) == (5, NOW + 70_845_000)


def test_pages_end_at_twenty_five_without_a_key_and_the_rest_is_a_gap(tmp_path: Path) -> None:
    fresh = replace(case(), environ={})
    question = answers_of(fresh, QUESTIONS)["items"][1]

    def respond(request: httpx.Request) -> httpx.Response:
        if request.url.path != QUESTIONS:
            return answered(200, {"items": [], "has_more": False})
        id_ = 5000 + int(request.url.params["page"])
        return answered(200, {"items": [{**question, "question_id": id_}], "has_more": True})

    wire = Wire(respond)
    fresh.collect(StackExchange, tmp_path / "s.db", wire)
    assert [request.url.params["page"] for request in wire.requests if request.url.path == QUESTIONS] == [
        str(page) for page in range(1, 26)
    ]
    assert {row[4] for row in contents(tmp_path / "s.db")["coverage"] if row[3]} == {"cap"}
    assert not any("key" in request.url.params for request in wire.requests)


def test_endless_comments_are_a_loop(tmp_path: Path) -> None:
    fresh = case()
    path = QUESTIONS + "/901;902/comments"
    answers_of(fresh, path)["has_more"] = True
    outcome = fresh.collect(StackExchange, tmp_path / "s.db", Wire(fresh.respond))
    assert any(isinstance(result.error, LoopError) for result in outcome.failures)


def test_late_comment_on_a_known_answer_is_found(tmp_path: Path) -> None:
    fresh = case()
    watched(fresh, tmp_path / "s.db")
    comments = answers_of(fresh, "/2.3/answers/911;913/comments")["items"]
    comments.append({**comments[0], "comment_id": 999, "creation_date": NOW // 1000, "body": "And where is auth?"})

    def respond(request: httpx.Request) -> httpx.Response:
        quiet = {"items": [], "has_more": False}
        return answered(200, quiet) if request.url.path == QUESTIONS else fresh.respond(request)

    watched(fresh, tmp_path / "s.db", respond, NOW + DAY_MS)
    row = next(row for row in contents(tmp_path / "s.db")["messages"] if row[0] == "c999")
    assert (row[4], row[5]) == ("911", "901")
    assert hows(tmp_path / "s.db")["c999"] == "REPLY"


def test_recheck_marks_what_is_gone(tmp_path: Path) -> None:
    fresh = case()
    watched(fresh, tmp_path / "s.db")

    def respond(request: httpx.Request) -> httpx.Response:
        if request.url.path == QUESTIONS:
            return answered(200, {"items": [], "has_more": False})
        # An answer was deleted, and a comment; the other comment went out of sight with its answer.
        if request.url.path == "/2.3/answers/911;913":
            return answered(200, {"items": [answers_of(fresh, QUESTIONS + "/903/answers")["items"][0]], "has_more": False})
        if request.url.path == "/2.3/comments/922;923":
            return answered(200, {"items": [{"comment_id": 923}], "has_more": False})
        return fresh.respond(request)

    watched(fresh, tmp_path / "s.db", respond, NOW + DAY_MS)
    found = {row[0]: row[6] for row in contents(tmp_path / "s.db")["messages"] if row[6] is not None}
    assert found == {"911": int(Gone.UNKNOWN), "c922": int(Gone.UNKNOWN)}


def test_empty_answer_is_a_sweep_of_one_request(tmp_path: Path) -> None:
    requests = watched(case(), tmp_path / "s.db", lambda _: answered(200, {"items": [], "has_more": False}))
    assert [request.url.path for request in requests] == [QUESTIONS]


def test_key_that_is_no_key_is_told(tmp_path: Path) -> None:
    body = {"error_id": 405, "error_name": "key_required", "error_message": "x"}
    (first, *_) = case().collect(StackExchange, tmp_path / "s.db", Wire(lambda _: answered(400, body))).failures
    assert isinstance(first.error, CredentialError)
    assert "SOCIALBENCH_STACKEXCHANGE_TOKEN" in str(first.error)


@pytest.mark.parametrize(
    ("status", "name", "verdict"),
    [
        (400, "throttle_violation", Verdict.RETRY),
        (502, "throttle_violation", Verdict.RETRY),
        (400, "temporarily_unavailable", Verdict.RETRY),
        (400, "access_denied", Verdict.FORBIDDEN),
        (400, "no_method", Verdict.NOT_FOUND),
        (400, "bad_parameter", Verdict.REFUSED),
    ],
)
def test_verdict_is_told_by_the_errors_name(status: int, name: str, verdict: Verdict) -> None:
    body = {"error_id": 1, "error_name": name, "error_message": "in some language"}
    assert StackExchange({}).verdict(status, body) is verdict
    assert StackExchange({}).code(body) == name
    assert StackExchange({}).verdict(503, "<html>") is Verdict.RETRY


def test_key_that_nobody_registered_is_a_credential_refused() -> None:
    said = "`key` doesn't match a known application"
    body = {"error_id": 400, "error_name": "bad_parameter", "error_message": said}
    assert StackExchange({}).verdict(400, body) is Verdict.CREDENTIAL


def test_key_that_is_refused_lets_nothing_start(tmp_path: Path) -> None:
    said = {"error_id": 400, "error_name": "bad_parameter", "error_message": "`key` doesn't match a known application"}
    outcome = case().collect(StackExchange, tmp_path / "s.db", Wire(lambda _: answered(400, said)))
    assert outcome.exit_code == 4


@pytest.mark.parametrize(
    ("options", "fine"),
    [
        ({"site": "stackoverflow", "tag": "c++"}, True),
        ({"site": "stackoverflow", "tags": ["a", "b.net"]}, True),
        ({"site": "stackoverflow", "tag": "a;b"}, False),
        ({"site": "https://stackoverflow.com", "tag": "a"}, False),
        ({"site": "stackoverflow"}, False),
    ],
)
def test_board_is_a_site_and_tags(options: dict[str, Any], fine: bool) -> None:
    handle = Handle("stackexchange", "x", options={"users": [1], **options})
    assert (StackExchange({}).check(handle) is None) is fine
