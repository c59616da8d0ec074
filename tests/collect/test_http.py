"""Pace, pauses, repeats, bounds and redirects."""

from __future__ import annotations

import asyncio
import gzip
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from email.utils import formatdate
from typing import Any

import httpx
import pytest

from socialbench.collect.http import LARGEST_BODY, TRIES, Client, HttpSession, World
from socialbench.collect.network import Credential, Pace, Verdict
from socialbench.collect.redact import Redactor
from socialbench.errors import (
    AnswerError,
    CredentialError,
    Forbidden,
    NotFound,
    Stopped,
    StreamError,
    Unreachable,
)
from tests.collect.harness import NOW, ManualClock, Wire, answered
from tests.collect.small import HOST, Small

SECRET = "s3cr3t-value"


def fetch(respond: Callable[[httpx.Request], httpx.Response], **more: Any) -> tuple[Any, ManualClock, Wire]:
    """One fetch of /said; `more`: deadline_at, credential, times, path."""
    clock, wire = ManualClock(), Wire(respond)
    times = more.pop("times", 1)
    path = more.pop("path", "said")
    network = more.pop("network", Small)({})

    async def ask() -> Any:
        world = World(clock, wire, more.get("deadline_at"))
        async with Client(world) as client:
            session = HttpSession(client, network, more.get("credential"), HOST, Redactor())
            answers = await asyncio.gather(*(session.fetch(path) for _ in range(times)), return_exceptions=True)
        return answers[0] if times == 1 else answers

    answer = asyncio.run(ask())
    if isinstance(answer, BaseException):
        raise answer
    return answer, clock, wire


def first_then_fine(*bad: httpx.Response) -> Callable[[httpx.Request], httpx.Response]:
    waiting = list(bad)
    return lambda _request: waiting.pop(0) if waiting else answered(200, {"ok": True})


DIALECTS: dict[str, tuple[Mapping[str, str], Any, float]] = {
    "retry-after in seconds": ({"Retry-After": "42"}, {}, 42),
    "retry-after as a date": ({"Retry-After": formatdate(NOW / 1000 + 42, usegmt=True)}, {}, 42),
    "epoch seconds": ({"X-Reset": str(NOW // 1000 + 42)}, {}, 42),
    "epoch milliseconds": ({"X-Reset": str(NOW + 42_000)}, {}, 42),
    "ISO 8601 with microseconds": ({"X-Reset": "2026-11-18T11:07:22.000000Z"}, {}, 42),
    "seconds left": ({"X-Reset": "42"}, {}, 42),
    "seconds in the body": ({}, {"extras": {"wait_seconds": 42}}, 42),
    "the later of two": ({"Retry-After": "7", "X-Left": "0", "X-Reset": "42"}, {}, 42),
    "no word": ({}, {}, 1.0),
    "nonsense": ({"Retry-After": "soon", "X-Reset": "inf"}, {}, 1.0),
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_limit_is_waited_out_as_told(dialect: str) -> None:
    headers, body, wait_s = DIALECTS[dialect]
    answer, clock, wire = fetch(first_then_fine(answered(429, body, headers)))
    assert answer.json == {"ok": True}
    assert sum(clock.slept) == pytest.approx(wait_s, abs=0.6)
    assert len(wire.requests) == 2


def test_limit_is_waited_for_once_by_all() -> None:
    answers, clock, wire = fetch(first_then_fine(answered(429, {}, {"Retry-After": "60"})), times=5)
    assert all(answer.json == {"ok": True} for answer in answers)
    assert clock.at == NOW + 60_000
    assert len(wire.requests) <= 9


def test_exhausted_limit_is_heeded_before_the_next_request() -> None:
    headers = {"X-Left": "0", "X-Reset": "30"}
    responses = [answered(200, {"n": 1}, headers), answered(200, {"n": 2})]
    clock, wire = ManualClock(), Wire(lambda _request: responses.pop(0))

    async def ask() -> list[int]:
        async with Client(World(clock, wire)) as client:
            session = HttpSession(client, Small({}), None, HOST, Redactor())
            return [(await session.fetch("said")).json["n"] for _ in range(2)]

    assert asyncio.run(ask()) == [1, 2]
    assert clock.slept == [30]


def test_limit_beyond_max_time_stops_and_says_when_to_come_again() -> None:
    with pytest.raises(Stopped) as stopped:
        fetch(lambda _request: answered(429, {}, {"Retry-After": "290"}), deadline_at=NOW + 10_000)
    assert stopped.value.resume_at == NOW + 290_000


def test_limit_of_hours_stops_without_max_time() -> None:
    with pytest.raises(Stopped) as stopped:
        fetch(lambda _request: answered(429, {}, {"Retry-After": "7200"}))
    assert stopped.value.resume_at == NOW + 7_200_000


def test_server_errors_are_tried_again_with_growing_waits() -> None:
    answer, clock, wire = fetch(first_then_fine(answered(500, b"oops"), answered(502, b"<html>"), answered(503, {})))
    assert answer.json == {"ok": True}
    assert clock.slept == [1.0, 2.0, 4.0]  # 2**n times (0.5 + chance), chance being 0.5
    assert len(wire.requests) == 4


def test_server_that_stays_down_is_unreachable() -> None:
    with pytest.raises(Unreachable, match=f"status 500 after {TRIES} tries"):
        fetch(lambda _request: answered(500, b"<html>down</html>"))


def test_connection_that_breaks_is_tried_again() -> None:
    broken = [True, True]

    def respond(request: httpx.Request) -> httpx.Response:
        if broken:
            broken.pop()
            raise httpx.ConnectError("no route", request=request)
        return answered(200, {"ok": True})

    assert fetch(respond)[0].json == {"ok": True}


BODIES: dict[str, tuple[httpx.Response, type[StreamError], str]] = {
    "html with 200": (answered(200, b"<!doctype html><p>hi"), AnswerError, "an HTML page"),
    "empty with 200": (answered(200, b""), AnswerError, "empty"),
    "cut json": (answered(200, b'{"items": ['), AnswerError, "no JSON"),
    "html with 403": (answered(403, b"<html>blocked"), Forbidden, "status 403"),
    "empty 404": (answered(404, b""), NotFound, "status 404"),
    "plain 400": (answered(400, b"bad"), AnswerError, "status 400"),
    "too deep": (answered(200, b"[" * 100_000 + b"]" * 100_000), AnswerError, "nested too deeply"),
    "unknown packing": (answered(200, b"x", {"content-encoding": "br"}), AnswerError, "packed as 'br'"),
    "broken packing": (answered(200, b"no gzip", {"content-encoding": "gzip"}), AnswerError, "cannot be unpacked"),
}


@pytest.mark.parametrize("kind", BODIES)
def test_body_that_is_no_answer_is_told(kind: str) -> None:
    response, error, said = BODIES[kind]
    with pytest.raises(error, match=said):
        fetch(lambda _request: response)


def test_body_larger_than_the_bound_is_refused() -> None:
    body = b'"' + b"x" * LARGEST_BODY + b'"'
    with pytest.raises(AnswerError, match="larger than 32 MB"):
        fetch(lambda _request: answered(200, body))


def test_body_that_unpacks_beyond_the_bound_is_refused() -> None:
    bomb = gzip.compress(b"0" * (4 * LARGEST_BODY))
    assert len(bomb) < 200_000
    with pytest.raises(AnswerError, match="larger than 32 MB"):
        fetch(lambda _request: answered(200, bomb, {"content-encoding": "gzip"}))


def test_body_in_gzip_is_read() -> None:
    packed = gzip.compress(b'{"ok": true}')
    assert fetch(lambda _request: answered(200, packed, {"content-encoding": "gzip"}))[0].json == {"ok": True}


def test_redirect_to_another_host_carries_no_credential() -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        if request.url.host == "small.test":
            return answered(302, {}, {"location": "https://elsewhere.test/said"})
        return answered(200, {"ok": True})

    answer, _, wire = fetch(respond, credential=Credential("P", {"TOKEN": SECRET}))
    assert answer.json == {"ok": True}
    assert wire.requests[0].headers["authorization"] == f"Bearer {SECRET}"
    assert [request.url.host for request in wire.requests] == ["small.test", "elsewhere.test"]
    assert SECRET not in str(wire.requests[1].headers.raw)


def test_redirect_on_the_same_host_keeps_the_credential() -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/said":
            return answered(307, {}, {"location": "/heard"})
        return answered(200, {"ok": True})

    _, _, wire = fetch(respond, credential=Credential("P", {"TOKEN": SECRET}))
    assert wire.requests[1].headers["authorization"] == f"Bearer {SECRET}"


@pytest.mark.parametrize("target", ["https://small.test/said", "file:///etc/passwd"])
def test_redirect_that_leads_nowhere_ends(target: str) -> None:
    with pytest.raises(AnswerError, match="redirects"):
        fetch(lambda _request: answered(302, {}, {"location": target}))


def test_credential_appears_in_no_error_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    body = f'{{"error": "Bad", "echo": "{SECRET}", "accessJwt": "eyJhbGciOi"}}'.encode()
    with pytest.raises(CredentialError) as error:
        fetch(lambda _request: answered(401, body), credential=Credential("P", {"TOKEN": SECRET}), path=f"said?k={SECRET}")
    assert "set P_TOKEN" in str(error.value)
    logged = caplog.text
    assert "status 401" in logged
    for told in (str(error.value), logged):
        assert SECRET not in told
        assert "eyJhbGciOi" not in told


def test_raw_answer_holds_no_credential() -> None:
    body = {"next": f"https://x.test/?access_token=abcdefgh&after=1&key={SECRET}", "refreshJwt": "zzzzzzzz"}
    answer, _, _ = fetch(lambda _request: answered(200, body), credential=Credential("P", {"TOKEN": SECRET}))
    for secret in (b"abcdefgh", SECRET.encode(), b"zzzzzzzz"):
        assert secret not in answer.body
    assert b"after=1" in answer.body


def test_used_up_quota_waits_for_midnight_where_the_network_counts_its_days() -> None:
    class Daily(Small):
        facts = replace(Small.facts, pace=Pace(quota_zone="America/Los_Angeles"))

        def verdict(self, status: int, json: Any) -> Verdict:
            return Verdict.QUOTA if status == 403 else super().verdict(status, json)

    with pytest.raises(Stopped) as stopped:
        fetch(lambda _request: answered(403, {"reason": "quotaExceeded"}), network=Daily)
    assert stopped.value.resume_at == 1_795_075_200_000  # 2026-11-19T00:00-08:00


def test_pace_spreads_requests_beyond_the_burst() -> None:
    class Slow(Small):
        facts = replace(Small.facts, pace=Pace(requests=2, per_s=10))

    _, clock, wire = fetch(lambda _request: answered(200, {"ok": True}), times=4, network=Slow)
    assert len(wire.requests) == 4
    assert clock.at - NOW == pytest.approx(10_000, abs=50)  # two at once, two more at one per five seconds
