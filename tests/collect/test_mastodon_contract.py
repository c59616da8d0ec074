"""Mastodon's requests against its contract, strictly; and answers that were recorded."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import yaml

from socialbench.collect.networks.mastodon import Mastodon
from socialbench.model import DAY_MS, Account, Handle
from tests.collect.contracts import needs, openapi, strict
from tests.collect.harness import NOW, ManualClock, Wire, answered, benchmark, contents, run_collect
from tests.collect.suite.cases import load, moment
from tests.collect.test_mastodon import ACCOUNTS, NOTES, STATUSES, case

CONTRACT = "mastodon/openapi-4.7.0.json"
RECORDINGS = Path(__file__).parents[3] / "shared" / "recordings" / "mastodon" / "rtoot"
needs_recordings = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="../shared/recordings/mastodon is not here")
FILES = sorted(path.name for path in RECORDINGS.glob("*.yml")) or ["none"]


@needs("mastodon")
def test_requests_are_valid_against_the_contract(tmp_path: Path) -> None:
    problems: list[str] = []
    paths: set[str] = set()
    for at, keyless in ((NOW, False), (NOW + DAY_MS, True)):
        fresh = case(keyless=keyless)
        wire = Wire(strict(fresh.respond, openapi(CONTRACT, brackets=True), problems))
        assert not fresh.collect(Mastodon, tmp_path / "s.db", wire, ManualClock(at)).failures
        paths |= {request.url.path for request in wire.requests}
    assert not problems
    assert {STATUSES, NOTES, "/api/v1/statuses", "/api/v1/statuses/01KIORDER", "/api/v1/statuses/01KDOUTAGE/context"} <= paths
    assert {f"{ACCOUNTS}/lookup", f"{ACCOUNTS}/verify_credentials"} <= paths


@needs("mastodon")
def test_single_lookups_are_valid_against_the_contract(tmp_path: Path) -> None:
    problems: list[str] = []
    case().collect(Mastodon, tmp_path / "s.db")
    fresh = case(without=["/api/v1/statuses"])
    wire = Wire(strict(fresh.respond, openapi(CONTRACT, brackets=True), problems))
    fresh.collect(Mastodon, tmp_path / "s.db", wire, ManualClock(NOW + DAY_MS))
    assert "/api/v1/statuses/01KLSAME" in {request.url.path for request in wire.requests}
    assert not problems


WRONG = {
    f"{NOTES}?limit=81": f"{NOTES}: limit: 81 is out of bounds",
    f"{NOTES}?types=mention": f"{NOTES}: types is unknown",
    f"{NOTES}?types[]=mentions": f"{NOTES}: types[]: mentions is none of the enum",
    f"{NOTES}?include_filtered=1": f"{NOTES}: include_filtered: 1 is neither true nor false",
    f"{NOTES}?min_id=1&min_id=2": f"{NOTES}: min_id: given twice",
    f"{NOTES}?cursor=1": f"{NOTES}: cursor is unknown",
    f"{STATUSES}?limit=41": "/api/v1/accounts/{id}/statuses: limit: 41 is out of bounds",
    f"{ACCOUNTS}/lookup": "/api/v1/accounts/lookup: lacks acct",
}


@needs("mastodon")
@pytest.mark.parametrize("asked", WRONG)
def test_contract_forbids_what_it_should(asked: str) -> None:
    assert openapi(CONTRACT, brackets=True)(httpx.Request("GET", f"https://m.test{asked}")) == [WRONG[asked]]


def recorded(name: str) -> tuple[httpx.URL, dict[str, str], Any]:
    """Address, headers and body of a recorded answer."""
    kept = yaml.safe_load((RECORDINGS / name).read_text("utf-8"))["http_interactions"][0]
    body = kept["response"]["body"]["string"]
    text = gzip.decompress(body).decode() if isinstance(body, bytes) else body
    headers = {key: value for key, value in kept["response"]["headers"].items() if key in ("link", "x-ratelimit-remaining")}
    return httpx.URL(kept["request"]["uri"]), headers, json.loads(text)


def statuses_in(body: Any) -> list[dict[str, Any]]:
    if isinstance(body, dict) and "ancestors" in body:
        return [*body["ancestors"], *body["descendants"]]
    found = body if isinstance(body, list) else [body]
    return [each for each in found if "content" in each]


@needs_recordings
@pytest.mark.parametrize("name", [name for name in FILES if not name.startswith("search_accounts")])
def test_recorded_statuses_parse(name: str) -> None:
    url, _, body = recorded(name)
    statuses = statuses_in(body)
    network = Mastodon({})
    assert statuses
    for status in statuses:
        found = list(network.parse({**status, "home": url.host}))
        if status["reblog"] is not None or status["visibility"] not in ("public", "unlisted"):
            assert not found
            continue
        (message,) = found
        assert (message.id, message.sent_at) == (status["id"], moment(status["created_at"]))
        assert message.parent_id == status["in_reply_to_id"]
        assert "<" not in message.text or "&lt;" in status["content"]
        for mention in status["mentions"]:
            full = mention["acct"] if "@" in mention["acct"] else f"{mention['acct']}@{url.host}"
            assert f"@{full.casefold()}" in message.text.casefold()
        named = {mention["id"] for mention in status["mentions"]} | {status["in_reply_to_account_id"]} - {None}
        assert {address.account_id for address in message.addressed} == named


@needs_recordings
def test_recorded_listing_names_its_next_page(tmp_path: Path) -> None:
    url, headers, body = recorded("get_account_statuses_default.yml")
    account = body[0]["account"]
    asked: list[str] = []

    def respond(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/lookup"):
            return answered(200, account)
        if not request.url.path.endswith(f"{account['id']}/statuses"):
            return answered(404, {"error": "Record not found"})
        asked.append(request.url.params.get("max_id", ""))
        return answered(200, [] if asked[-1] else body, {} if asked[-1] else headers)

    handle = Handle("mastodon", account["username"], origin=url.host)
    assert not run_collect(tmp_path / "s.db", benchmark(handle), Wire(respond), environ={}).failures
    said = urlsplit(headers["link"].partition(">")[0].lstrip("<")).query
    assert asked == ["", said.removeprefix("max_id=")]
    own = [status for status in body if status["reblog"] is None and status["visibility"] in ("public", "unlisted")]
    stored = {row[0] for row in contents(tmp_path / "s.db")["messages"] if row[1] is not None}
    assert stored == {status["id"] for status in own}


@needs_recordings
def test_recorded_accounts_hold_what_a_lookup_reads(tmp_path: Path) -> None:
    # It is the answer of a search, which nothing asks for: its accounts are those of a look-up.
    url, _, body = recorded("search_accounts_default.yml")
    for place, account in enumerate(body):
        wire = Wire(lambda request, account=account: answered(200, account if request.url.path.endswith("/lookup") else []))
        handle = Handle("mastodon", account["username"], origin=url.host)
        outcome = run_collect(tmp_path / f"{place}.db", benchmark(handle), wire, environ={})
        assert not [result for result in outcome.results if result.stream == "account"]
    assert body


def test_account_of_the_fixture_is_read_whole(tmp_path: Path) -> None:
    found: list[Account | None] = []

    class Noting(Mastodon):
        async def resolve(self, session: Any, handles: Any) -> Any:
            found.extend(await super().resolve(session, handles))
            return found

    load("mastodon").collect(Noting, tmp_path / "s.db")
    assert found == [
        Account(
            network="mastodon",
            origin="social.example.test",
            id="01HACMECARE",
            name="acme",
            display_name="Acme Care",
            followers=2100,
            following=3,
            posts=5,
            created_at=1_667_865_600_000,
            bot=False,
        )
    ]
