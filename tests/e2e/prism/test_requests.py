"""The real command line against X's and YouTube's own contracts, as Prism holds requests against them: no violation."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.collect.suite.cases import Case, load
from tests.e2e.prism.checking import Prism, Relay

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[3]
LISTINGS = {
    "x": {"/2/users/by", "/2/users/9001/mentions", "/2/users/9001/tweets", "/2/tweets/search/recent", "/2/tweets"},
    "youtube": {"/youtube/v3/channels", "/youtube/v3/commentThreads", "/youtube/v3/comments"},
}
"""What a run must have asked for, so that a run which asks for little proves nothing."""
SPOILT = {"x": "&max_results=1000", "youtube": "&maxResults=many"}


@pytest.fixture(scope="module", params=sorted(LISTINGS))
def prism(request: pytest.FixtureRequest) -> Iterator[tuple[Prism, str]]:
    folder = os.environ.get("SOCIALBENCH_E2E_PRISM")
    if not folder:
        why = os.environ.get("SOCIALBENCH_E2E_PRISM_SKIPPED", "start these tests by `make e2e`")
        pytest.skip(f"no Prism here: {why}")
    running = Prism(Path(folder), request.param)
    try:
        yield running, request.param
    finally:
        running.stop()


@contextmanager
def relayed(prism: Prism, case: Case, spoilt: str = "") -> Iterator[Relay]:
    relay = Relay(prism, case.respond, spoilt)
    try:
        yield relay
    finally:
        relay.stop()


def collect(folder: Path, case: Case, url: str) -> subprocess.CompletedProcess[str]:
    path = folder / "e2e.yaml"
    brand = {"name": "Acme", "handles": {case.network: case.handle["name"]}}
    path.write_text(json.dumps({"benchmark": "E2E", "networks": {case.network: {"url": url}}, "brands": [brand]}))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SOCIALBENCH_")}
    return subprocess.run(
        [sys.executable, "-m", "socialbench", "collect", str(path), "--max-time", "4m"],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT), **case.environ},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def stored(folder: Path) -> set[str]:
    with closing(sqlite3.connect(folder / "data" / "e2e.db")) as connection:
        return {row[0] for row in connection.execute("select id from message where sent_at is not null")}


def test_requests_of_two_runs_break_no_contract(prism: tuple[Prism, str], tmp_path: Path) -> None:
    server, name = prism
    case = load(name)
    with relayed(server, case) as relay:
        first, second = (collect(tmp_path, case, relay.url) for _ in range(2))
    assert relay.refused == []
    assert server.violations() == []
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert {path.partition("?")[0] for path in relay.asked} >= LISTINGS[name]
    assert stored(tmp_path) >= {each["id"] for each in case.expected}


def test_requests_that_break_the_contract_are_told(prism: tuple[Prism, str], tmp_path: Path) -> None:
    server, name = prism
    case = load(name)
    with relayed(server, case, SPOILT[name]) as relay:
        done = collect(tmp_path, case, relay.url)
    assert done.returncode != 0
    assert relay.refused != []
    assert server.violations() != []
