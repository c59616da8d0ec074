"""Handles of one network on several hosts: ids are unique within a host only, and a credential belongs to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

import pytest

from socialbench.collect.network import Facts, Session
from socialbench.errors import CredentialError
from socialbench.model import Account, Handle, Json, Message
from tests.collect.harness import NOW, Wire, answered, benchmark, contents, run_collect
from tests.collect.small import Small, said

KEY = {"SOCIALBENCH_SMALL_TOKEN": "k3y-of-the-small-network"}
ONE, TWO = (Handle("small", "acme", origin=host, url=f"https://{host}") for host in ("one.test", "two.test"))


class Hosted(Small):
    """The small network on many hosts, whose accounts are numbered from 1 on each."""

    facts: ClassVar[Facts] = replace(Small.facts, name="small")

    async def resolve(self, session: Session, handles: Sequence[Handle]) -> Sequence[Account | None]:
        return [Account("small", urlsplit(session.url).hostname or "", f"id-{handle.name}", handle.name) for handle in handles]

    def parse(self, item: Json) -> list[Message]:
        return [replace(message, origin=item["host"]) for message in super().parse(item)]


def test_hosts_each_handle_is_read_from_its_own(tmp_path: Path) -> None:
    def respond(request: object) -> object:
        host = request.url.host  # type: ignore[attr-defined]
        item = {**said(1, NOW - 1000, "acme" if host == "one.test" else "beta"), "host": host}
        return answered(200, {"items": [item], "next": None})

    # Beta is tracked on one.test, where it has no message; on two.test a stranger is called so.
    beta = Handle("small", "beta", origin="one.test", url="https://one.test")
    wire = Wire(respond)  # type: ignore[arg-type]
    outcome = run_collect(tmp_path / "s.db", benchmark(ONE, TWO, beta), wire, kind=Hosted)
    assert not outcome.failures
    assert {request.url.host for request in wire.requests} == {"one.test", "two.test"}
    assert len(contents(tmp_path / "s.db")["messages"]) == 1


@pytest.mark.parametrize("url", ["https://one.test", "https://one.test/under"])
def test_hosts_one_host_takes_the_credential(tmp_path: Path, url: str) -> None:
    wire = Wire(lambda _: answered(200, {"items": [], "next": None}))
    handles = (ONE, replace(ONE, name="beta", url=url))
    assert not run_collect(tmp_path / "s.db", benchmark(*handles), wire, kind=Hosted, environ=KEY).failures
    assert {request.headers["authorization"] for request in wire.requests} == {f"Bearer {KEY['SOCIALBENCH_SMALL_TOKEN']}"}


def test_hosts_a_credential_is_not_sent_to_two(tmp_path: Path) -> None:
    wire = Wire(lambda _: answered(200, {"items": [], "next": None}))
    outcome = run_collect(tmp_path / "s.db", benchmark(ONE, TWO), wire, kind=Hosted, environ=KEY)
    assert wire.requests == []
    assert all(isinstance(result.error, CredentialError) for result in outcome.results)
    assert "one.test and two.test" in str(outcome.results[0].error)
    own = replace(TWO, credentials="TWO")
    environ = {**KEY, "TWO_TOKEN": "another-key-of-two"}
    assert not run_collect(tmp_path / "s.db", benchmark(ONE, own), wire, kind=Hosted, environ=environ).failures
    sent = {request.url.host: request.headers["authorization"] for request in wire.requests}
    assert sent == {"one.test": "Bearer k3y-of-the-small-network", "two.test": "Bearer another-key-of-two"}


@pytest.mark.parametrize(("url", "fine"), [("http://one.test", False), ("http://127.0.0.1:8080", True)])
def test_hosts_a_credential_travels_encrypted_but_for_loopback(tmp_path: Path, url: str, fine: bool) -> None:
    wire = Wire(lambda _: answered(200, {"items": [], "next": None}))
    outcome = run_collect(tmp_path / "s.db", benchmark(replace(ONE, url=url)), wire, kind=Hosted, environ=KEY)
    assert bool(wire.requests) is fine
    assert bool(outcome.failures) is not fine
