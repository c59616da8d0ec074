"""What every network must do. Each check is also run against a network with one fault, and must fail there."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from socialbench.collect.network import Network
from socialbench.errors import AnswerError, LoopError
from socialbench.model import How, Json, Message
from tests.collect.harness import NOW, Cut, ManualClock, Wire, answered, contents, every_byte
from tests.collect.suite.cases import Case, inside, moment

Kind = type[Network]
Check = Callable[[Case, Kind, Path], None]
CHECKS: dict[str, Check] = {}


def check(function: Check) -> Check:
    """Make it one of the suite."""
    CHECKS[function.__name__] = function
    return function


@check
def recorded_answers_parse_to_the_expected_messages(case: Case, kind: Kind, folder: Path) -> None:
    outcome = case.collect(kind, folder / "s.db")
    assert not outcome.failures, [str(result.error) for result in outcome.failures]
    found = contents(folder / "s.db")
    seen = {row[0]: row[1:6] for row in found["messages"] if row[1] is not None}
    wanted = {
        each["id"]: (
            moment(each["sent"]),
            each["text"],
            each["author"],
            each.get("parent"),
            each.get("root") or seen_root(seen, each),
        )
        for each in case.expected
    }
    assert seen == wanted
    hows = {row[0]: How(row[2]).name for row in found["addresses"] if row[1] == case.account}
    assert hows == {each["id"]: each["how"] for each in case.expected if each.get("how")}


def seen_root(seen: dict[str, Any], each: dict[str, Any]) -> Any:
    """A message that tops its thread may be stored with itself as root or with none."""
    root = seen.get(each["id"], (None,) * 5)[4]
    return root if root in (None, each["id"]) else "itself or none"


@check
def ids_are_text_and_times_are_whole_milliseconds_of_the_past(case: Case, kind: Kind, folder: Path) -> None:
    messages: list[Message] = []

    class Noting(kind):  # type: ignore[misc,valid-type]
        def parse(self, item: Json) -> list[Message]:
            found = list(super().parse(item))
            for message in found:
                assert type(message.id) is str
                assert type(message.sent_at) is int
                assert moment("2005-01-01T00:00:00+00:00") < message.sent_at <= NOW
            messages.extend(found)
            return found

    case.collect(Noting, folder / "s.db")
    texts = {message.id: message.text for message in messages}
    assert messages
    assert all(texts[message.id] == message.text for message in messages), "one id, two messages"


@check
def two_sweeps_are_one(case: Case, kind: Kind, folder: Path) -> None:
    case.collect(kind, folder / "s.db")
    once = contents(folder / "s.db")
    case.collect(kind, folder / "s.db")
    assert contents(folder / "s.db") == once


@check
def cut_at_every_request_is_uncut(case: Case, kind: Kind, folder: Path) -> None:
    whole = Wire(case.respond)
    case.collect(kind, folder / "whole.db", whole)
    expected = contents(folder / "whole.db")
    for count in range(1, len(whole.requests)):
        path = folder / f"cut{count}.db"
        try:
            case.collect(kind, path, Wire(case.respond, count))
        except Cut:
            pass
        else:
            raise AssertionError(f"not cut after {count} requests")
        case.collect(kind, path)
        assert contents(path) == expected, f"cut after {count} requests"


@check
def token_that_comes_again_is_a_loop(case: Case, kind: Kind, folder: Path) -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        if request.url.path != case.paged["path"]:
            return case.respond(request)
        body = next(route for route in case.routes if route["path"] == case.paged["path"])["json"]
        return _paged(case, request, body, "the-same")

    outcome = case.collect(kind, folder / "s.db", Wire(respond))
    assert any(isinstance(result.error, LoopError) for result in outcome.results)


@check
def empty_page_with_a_token_goes_on(case: Case, kind: Kind, folder: Path) -> None:
    case.collect(kind, folder / "whole.db")

    def respond(request: httpx.Request) -> httpx.Response:
        if request.url.path != case.paged["path"]:
            return case.respond(request)
        if "number" in case.paged:
            return _one_page_later(case, request)
        names = [name for name, value in request.url.params.items() if value == "after-the-empty-page"]
        if names:
            return case.respond(httpx.Request("GET", request.url.copy_remove_param(names[0])))
        body = next(route for route in case.routes if route["path"] == case.paged["path"])["json"]
        first = case.respond(request).read() == answered(200, body).read()
        empty = _with(body, case.paged["items"], [])
        return _paged(case, request, empty, "after-the-empty-page") if first else case.respond(request)

    case.collect(kind, folder / "s.db", Wire(respond))
    assert contents(folder / "s.db") == contents(folder / "whole.db")


def _one_page_later(case: Case, request: httpx.Request) -> httpx.Response:
    """The pages of a listing that are numbered by whoever asks, behind a first one that is empty."""
    number, first = case.paged["number"], case.paged["first"]
    earlier = request.url.copy_set_param(number, max(first, int(request.url.params[number]) - 1))
    answer = case.respond(httpx.Request("GET", earlier))
    if request.url.params[number] != str(first):
        return answer
    return answered(200, _with(_with(json.loads(answer.read()), case.paged["items"], []), case.paged["token"], "more"))


def _paged(case: Case, request: httpx.Request, body: Any, token: str) -> httpx.Response:
    """An answer that names the next page, in its body or in a Link header."""
    if "link" in case.paged:
        target = request.url.copy_set_param(case.paged["link"], token)
        return answered(200, body, {"Link": f'<{target}>; rel="next"'})
    return answered(200, _with(body, case.paged["token"], token))


def _with(body: Any, path: list[str], value: Any) -> Any:
    if not path:
        return value
    key, *rest = path
    return {**body, key: _with(body.get(key, {}), rest, value) if rest else value}


@check
def limit_is_waited_out_as_the_network_tells_it(case: Case, kind: Kind, folder: Path) -> None:
    clock, turned_away = ManualClock(), [False]
    told = {"{epoch}": str(NOW // 1000 + 42), "{left}": "42", "{iso}": "2026-11-18T11:07:22.000000Z"}
    headers = {name: told.get(value, value) for name, value in case.limit["headers"].items()}

    def respond(request: httpx.Request) -> httpx.Response:
        if request.url.path == case.paged["path"] and not turned_away[0]:
            turned_away[0] = True
            return answered(case.limit["status"], case.limit["body"], headers)
        return case.respond(request)

    outcome = case.collect(kind, folder / "s.db", Wire(respond), clock)
    assert not outcome.failures
    assert clock.at - NOW == 42_000


@check
def missing_field_names_its_path(case: Case, kind: Kind, folder: Path) -> None:
    for place, (route, item, field) in enumerate(case.needed):
        *above, last = field.split(".")
        gone = case.changed(route, lambda body, item=item, above=above, last=last: inside(body, *item, *above).pop(last))
        wrong = case.changed(
            route, lambda body, item=item, above=above, last=last: inside(body, *item, *above).update({last: [7]})
        )
        for name, broken in (("gone", gone), ("wrong", wrong)):
            outcome = broken.collect(kind, folder / f"{name}{place}.db")
            errors = [str(result.error) for result in outcome.results if isinstance(result.error, AnswerError)]
            assert any(field in error for error in errors), f"{field} {name}: {errors}"


@check
def credential_is_nowhere(case: Case, kind: Kind, folder: Path) -> None:
    records: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(self.format(record))

    def respond(request: httpx.Request) -> httpx.Response:
        sent = f"{request.url} {request.headers.raw!r}"
        if request.url.path == case.paged["path"]:
            return answered(400, {"error": "InvalidRequest", "message": sent, "accessJwt": case.secrets[0]})
        body = json.loads(case.respond(request).read())
        echo = {"echo": sent}
        return answered(200, [{**each, **echo} for each in body] if isinstance(body, list) else {**body, **echo})

    handler, root = Keep(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        outcome = case.collect(kind, folder / "s.db", Wire(respond))
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    said = " ".join([*records, *(result.line for result in outcome.results), *(str(each.error) for each in outcome.results)])
    for secret in case.secrets:
        assert secret not in said
        assert secret.encode() not in every_byte(folder / "s.db")
