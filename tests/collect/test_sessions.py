"""Sessions kept between runs: the owner's alone, used again, given up when they no longer hold."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from socialbench.collect.network import Credential, Grant
from socialbench.collect.networks.bluesky import Bluesky
from socialbench.collect.outcome import Outcome
from socialbench.collect.sessions import Sessions
from tests.collect.harness import Responder, Wire, answered
from tests.collect.suite.cases import Case, load

GRANT = Grant("access-token-of-acme", "refresh-token-of-acme", "did:plc:acme", "https://host.test")
CREDENTIAL = Credential("SOCIALBENCH_BLUESKY", {"USER": "acme.test", "TOKEN": "first-password"})
HOST = "https://host.test"


def sessions(tmp_path: Path) -> Sessions:
    return Sessions(tmp_path / "state" / "sessions")


def the_file(tmp_path: Path) -> Path:
    (path,) = sessions(tmp_path).folder.iterdir()
    return path


def test_kept_session_comes_back_whole_and_is_the_owners_alone(tmp_path: Path) -> None:
    sessions(tmp_path).save("bluesky", HOST, CREDENTIAL, GRANT)
    assert sessions(tmp_path).load("bluesky", HOST, CREDENTIAL) == GRANT
    assert the_file(tmp_path).stat().st_mode & 0o777 == 0o600
    assert sessions(tmp_path).folder.stat().st_mode & 0o777 == 0o700
    assert not any(word in the_file(tmp_path).name for word in ("acme", "password"))


def test_session_of_another_host_credential_or_network_is_not_taken(tmp_path: Path) -> None:
    kept = sessions(tmp_path)
    kept.save("bluesky", HOST, CREDENTIAL, GRANT)
    changed = replace(CREDENTIAL, values={**CREDENTIAL.values, "TOKEN": "second-password"})
    assert kept.load("bluesky", HOST, changed) is None
    assert kept.load("bluesky", "https://other.test", CREDENTIAL) is None
    assert kept.load("mastodon", HOST, CREDENTIAL) is None


def test_session_that_others_may_read_is_not_taken(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    kept = sessions(tmp_path)
    kept.save("bluesky", HOST, CREDENTIAL, GRANT)
    the_file(tmp_path).chmod(0o640)
    with caplog.at_level(logging.WARNING):
        assert kept.load("bluesky", HOST, CREDENTIAL) is None
    assert "others may read" in caplog.text


def test_session_behind_a_link_is_not_taken(tmp_path: Path) -> None:
    kept = sessions(tmp_path)
    kept.save("bluesky", HOST, CREDENTIAL, GRANT)
    path = the_file(tmp_path)
    elsewhere = path.rename(tmp_path / "elsewhere.json")
    path.symlink_to(elsewhere)
    assert kept.load("bluesky", HOST, CREDENTIAL) is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"access": 7}', '{"access": "a", "url": ["x"]}', "\udcff"])
def test_broken_session_file_is_as_good_as_none(tmp_path: Path, text: str) -> None:
    kept = sessions(tmp_path)
    kept.save("bluesky", HOST, CREDENTIAL, GRANT)
    the_file(tmp_path).write_bytes(text.encode("utf-8", "surrogateescape"))
    assert kept.load("bluesky", HOST, CREDENTIAL) is None


def test_folder_that_cannot_be_written_keeps_nothing_and_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    with caplog.at_level(logging.WARNING):
        sessions(tmp_path).save("bluesky", HOST, CREDENTIAL, GRANT)
    assert "is not kept" in caplog.text
    assert "access-token" not in caplog.text


def collect(case: Case, tmp_path: Path, respond: Responder) -> tuple[Outcome, list[str]]:
    """A run that keeps its sessions, and the logins that it made."""
    wire = Wire(respond)
    outcome = case.collect(Bluesky, tmp_path / "s.db", wire, sessions=sessions(tmp_path))
    paths = [request.url.path.rpartition(".")[2] for request in wire.requests]
    return outcome, [path for path in paths if path in {"createSession", "refreshSession"}]


def test_second_run_logs_in_no_more(tmp_path: Path) -> None:
    case = load("bluesky")
    assert collect(case, tmp_path, case.respond)[1] == ["createSession"]
    outcome, logins = collect(case, tmp_path, case.respond)
    assert logins == []
    assert outcome.exit_code == 0


def test_session_closed_since_is_opened_anew_and_kept(tmp_path: Path) -> None:
    case = load("bluesky")
    collect(case, tmp_path, case.respond)
    first = the_file(tmp_path).read_text()

    def respond(request: httpx.Request) -> httpx.Response:
        if request.headers.get("authorization") in {"Bearer " + value for value in _tokens(first)}:
            return answered(400, {"error": "InvalidToken", "message": "Token has been revoked"})
        if request.url.path.endswith("createSession"):
            body = dict(next(route["json"] for route in case.routes if route["path"].endswith("createSession")))
            return answered(200, {**body, "accessJwt": "a-second-access-token", "refreshJwt": "a-second-refresh-token"})
        return case.respond(request)

    outcome, logins = collect(case, tmp_path, respond)
    assert logins == ["refreshSession", "createSession"]
    assert outcome.exit_code == 0
    assert "a-second-access-token" in the_file(tmp_path).read_text()


def _tokens(text: str) -> set[str]:
    import json

    tree = json.loads(text)
    return {tree["access"], tree["refresh"]}
