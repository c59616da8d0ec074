"""X against its contracts of both namings, strictly, and against answers that were recorded."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from socialbench.collect.network import Verdict
from socialbench.collect.networks.x import X
from socialbench.model import DAY_MS, Handle
from tests.collect.contracts import needs, openapi, strict
from tests.collect.harness import NOW, ManualClock, Wire, answered, benchmark, run_collect
from tests.collect.test_x import LOOKUP, MENTIONS, POSTS, SEARCH, case, in_tweet_naming, listing

RECORDINGS = Path(__file__).parents[3] / "shared" / "recordings" / "x"
needs_recordings = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="../shared/recordings/x is not here")
FILES = sorted(path.relative_to(RECORDINGS).as_posix() for path in RECORDINGS.rglob("*.*")) or ["none"]
NO_POSTS = ("get_user.", "get_users.", "users_resp", "tweets_count", "usage_tweets", "rate_limit")
"""Files that hold users, counts or an error."""


@needs("x")
@pytest.mark.parametrize("search", ["recent", "all"])
@pytest.mark.parametrize(("naming", "version"), [("post", "2.167"), ("tweet", "2.159")])
def test_requests_are_valid_against_the_contract(tmp_path: Path, naming: str, version: str, search: str) -> None:
    fresh = case(search=search) if naming == "post" else in_tweet_naming(search=search)
    routes = [{**route, "path": route["path"].replace("search/recent", f"search/{search}")} for route in fresh.routes]
    fresh, problems = replace(fresh, routes=routes), []
    wire = Wire(strict(fresh.respond, openapi(f"x/openapi-{version}.json"), problems))
    outcome = fresh.collect(X, tmp_path / "s.db", wire)
    assert not outcome.failures
    # A day later nothing is listed any more, so that all is looked up.
    kept = [route for route in routes if route["path"] in ("/2/users/by", LOOKUP)]
    empty = [{**route, "json": {"meta": {"result_count": 0}}} for route in routes if route not in kept]
    later = Wire(strict(replace(fresh, routes=[*kept, *empty]).respond, openapi(f"x/openapi-{version}.json"), problems))
    assert not fresh.collect(X, tmp_path / "s.db", later, ManualClock(NOW + DAY_MS)).failures
    wire.requests += later.requests
    assert not problems
    assert {request.url.path for request in wire.requests} == {
        "/2/users/by",
        MENTIONS,
        POSTS,
        f"/2/tweets/search/{search}",
        LOOKUP,
    }


@needs("x")
def test_contract_of_the_other_naming_refuses_the_requests(tmp_path: Path) -> None:
    problems: list[str] = []
    case().collect(X, tmp_path / "s.db", Wire(strict(case().respond, openapi("x/openapi-2.159.json"), problems)))
    assert "/2/tweets: post.fields is unknown" not in problems  # Nothing was stored, so nothing was looked up.
    assert "/2/users/{id}/mentions: post.fields is unknown" in problems
    assert "/2/users/{id}/mentions: expansions: referenced_posts is none of the enum" in problems


WRONG = {
    "exclude=replies": "/2/users/{id}/mentions: exclude is unknown",
    "max_results=101": "/2/users/{id}/mentions: max_results: 101 is out of bounds",
    "expansions=author_id&expansions=referenced_posts": "/2/users/{id}/mentions: expansions: given twice",
    "expansions=author_id,author_id": "/2/users/{id}/mentions: expansions: a value stands twice",
    "post.fields=author_id": "/2/users/{id}/mentions: post.fields: author_id is none of the enum",
    "start_time=yesterday": "/2/users/{id}/mentions: start_time: yesterday is no moment",
    "since_id=abc": "/2/users/{id}/mentions: since_id: abc has another form",
}


@needs("x")
@pytest.mark.parametrize("query", WRONG)
def test_contract_forbids_what_it_should(query: str) -> None:
    check = openapi("x/openapi-2.167.json")
    found = check(httpx.Request("GET", f"https://api.x.test{MENTIONS}?{query}"))
    assert found == [WRONG[query]]
    assert check(httpx.Request("GET", f"https://api.x.test{SEARCH}")) == ["/2/tweets/search/recent: lacks query"]
    assert check(httpx.Request("GET", "https://api.x.test/2/mentions")) == ["GET /2/mentions is unknown"]


def recorded(name: str) -> Any:
    """The body of a recorded answer."""
    path = RECORDINGS / name
    if path.suffix == ".json":
        return json.loads(path.read_text("utf-8"))
    body = yaml.safe_load(path.read_text("utf-8"))["interactions"][0]["response"]["body"]["string"]
    return json.loads(gzip.decompress(body) if isinstance(body, bytes) else body)


@needs_recordings
@pytest.mark.parametrize("name", [name for name in FILES if not any(part in name for part in NO_POSTS)])
def test_recorded_posts_parse(name: str) -> None:
    data = recorded(name)["data"]
    posts = data if isinstance(data, list) else [data]
    for post in posts:
        if "author_id" not in post:
            # Some were recorded without the fields that we ask for: then the parser says so.
            with pytest.raises(KeyError, match="author_id"):
                list(X({}).parse(post))
        references = [each["type"] for each in post.get("referenced_tweets", [])]
        found = list(X({}).parse({"author_id": "1", **post}))
        if "retweeted" in references:
            assert not found
            continue
        (message,) = found
        assert message.id == post["id"]
        if "created_at" in post and post["id"] in post.get("edit_history_tweet_ids", [post["id"]])[:1]:
            assert message.sent_at // 1000 == round(datetime.fromisoformat(post["created_at"]).timestamp())
    assert posts


@needs_recordings
@pytest.mark.parametrize("name", [name for name in FILES if "get_users." in name or "users_resp" in name])
def test_recorded_accounts_are_resolved(name: str, tmp_path: Path) -> None:
    body = recorded(name)
    handles = [Handle("x", user["username"]) for user in body["data"]]
    wire = Wire(lambda request: answered(200, body) if request.url.path == "/2/users/by" else listing([]))
    outcome = run_collect(tmp_path / "s.db", benchmark(*handles), wire, environ=case().environ)
    assert not outcome.failures
    assert {result.handle for result in outcome.results} == {handle.name for handle in handles}


@needs_recordings
def test_recorded_refusal_is_a_limit() -> None:
    assert X({}).verdict(429, recorded("twitter-api-v2/rate_limit_exceeded_error.json")) is Verdict.RETRY
