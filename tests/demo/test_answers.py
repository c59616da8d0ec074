"""What the demo answers, held against Bluesky's published lexicons and its observed quirks."""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from socialbench.demo.networks.bluesky import METHODS, PASSWORD
from socialbench.demo.roster import CAPPED
from socialbench.demo.server import DemoServer
from socialbench.demo.world import Post, World
from tests.demo.lexicons import lexicon, needs_contracts, output_problems

Ask = Callable[..., Any]
POST = "app.bsky.feed.post"


def account(world: World, brand: str = "Osprino Air") -> str:
    return world.accounts(brand)[0].id


def token(world: World, brand: str = "Osprino Air") -> str:
    return f"access.{account(world, brand)}"


def broadcast(world: World) -> Post:
    quoted = [post.quoted for post in world.shown("bluesky") if post.quoted is not None]
    return max(quoted, key=lambda post: len([each for each in quoted if each is post]))


@needs_contracts
@pytest.mark.parametrize("method", sorted(METHODS))
def test_methods_take_the_parameters_of_the_lexicon(method: str) -> None:
    published = lexicon(method)["main"]["parameters"]
    stated = {
        name: {
            "type": field.kind,
            "required": field.required,
            "default": field.default,
            "minimum": field.least,
            "maximum" if field.kind == "integer" else "maxLength": field.most,
        }
        for name, field in METHODS[method].items()
    }
    assert stated == {
        name: {
            "type": found["type"],
            "required": name in published.get("required", []),
            "default": found.get("default"),
            "minimum": found.get("minimum"),
            **({"maximum": found.get("maximum")} if found["type"] == "integer" else {"maxLength": None}),
            **({"maxLength": found.get("maxLength")} if found["type"] == "array" else {}),
        }
        for name, found in published["properties"].items()
    }


@needs_contracts
def test_answers_fit_the_lexicons(world: World, ask: Ask) -> None:
    brand, uri = account(world), broadcast(world).id
    asked: list[tuple[str, dict[str, Any]]] = [
        ("com.atproto.identity.resolveHandle", {"handle": "osprino.test"}),
        ("com.atproto.repo.describeRepo", {"repo": "osprino.test"}),
        ("com.atproto.repo.listRecords", {"repo": brand, "collection": POST, "limit": 100}),
        ("com.atproto.repo.listRecords", {"repo": brand, "collection": "app.bsky.actor.profile"}),
        ("app.bsky.actor.getProfile", {"actor": brand}),
        ("app.bsky.actor.getProfiles", {"actors": [brand, "veloro.test"]}),
        ("app.bsky.feed.searchPosts", {"q": "*", "limit": 100}),
        ("app.bsky.feed.getPosts", {"uris": [uri]}),
        ("app.bsky.feed.getQuotes", {"uri": uri}),
        ("app.bsky.feed.getPostThread", {"uri": uri}),
        ("app.bsky.notification.listNotifications", {"token": token(world), "limit": 100}),
    ]
    assert {method for method, _ in asked} == set(METHODS)
    for method, params in asked:
        answer = ask(method, **params)
        assert any(answer.values()), method
        assert output_problems(method, answer) == [], method


@needs_contracts
def test_threads_with_gone_and_blocked_posts_fit_the_lexicon(world: World, ask: Ask) -> None:
    orphan = next(post for post in world.shown("bluesky") if post.parent is not None and post.parent.deleted)
    shut = next(
        post
        for post in world.shown("bluesky")
        if post.parent is not None and world.blocked(post.author.id, post.parent.author.id)
    )
    lonely = ask("app.bsky.feed.getPostThread", uri=orphan.id)
    assert lonely["thread"]["parent"]["$type"] == "app.bsky.feed.defs#notFoundPost"
    above = ask("app.bsky.feed.getPostThread", uri=shut.parent.id if shut.parent else "")
    kinds = {reply["$type"].rpartition("#")[2] for reply in above["thread"]["replies"]}
    assert "blockedPost" in kinds
    for answer in (lonely, above, ask("app.bsky.feed.getPostThread", uri=shut.id)):
        assert output_problems("app.bsky.feed.getPostThread", answer) == []


def test_records_are_listed_newest_first_and_completely(world: World, pages: Callable[..., list[Any]]) -> None:
    did = account(world)
    found = [record["uri"] for record in pages("com.atproto.repo.listRecords", "records", repo=did, collection=POST, limit=17)]
    own = [post.id for post in world.shown("bluesky") if post.author.id == did]
    assert found == sorted(own, reverse=True)
    backwards = pages("com.atproto.repo.listRecords", "records", repo=did, collection=POST, limit=17, reverse="true")
    assert [record["uri"] for record in backwards] == found[::-1]


def test_last_page_of_records_has_a_cursor_that_leads_to_nothing(world: World, ask: Ask) -> None:
    params = {"repo": "tritonet.test", "collection": "app.bsky.feed.post", "limit": 100}
    answer = ask("com.atproto.repo.listRecords", **params)
    while answer["records"]:
        answer = ask("com.atproto.repo.listRecords", **params, cursor=answer["cursor"])
    assert answer == {"records": []}


def test_search_by_mention_finds_exactly_the_facets_newest_first(world: World, pages: Callable[..., list[Any]]) -> None:
    did = account(world, "Veloro Rail")
    found = pages("app.bsky.feed.searchPosts", "posts", q="*", mentions=did, limit=40)
    mine = [post for post in world.shown("bluesky") if did in {mention.id for mention in post.mentions}]
    assert [view["uri"] for view in found] == [post.id for post in mine[::-1]]
    assert len(found) > 80


def test_search_by_text_finds_what_has_no_facet(world: World, pages: Callable[..., list[Any]]) -> None:
    found = {view["uri"] for view in pages("app.bsky.feed.searchPosts", "posts", q="@veloro.test", limit=100)}
    plain = {
        post.id for post in world.shown("bluesky") if "Veloro Rail" in post.addressed and "@" in post.text and not post.mentions
    }
    named = {post.id for post in world.shown("bluesky") if "veloro.test" in post.text.casefold()}
    assert plain
    assert plain <= found == named


def test_search_keeps_to_its_window(world: World, ask: Ask) -> None:
    since, until = "2026-10-10T00:00:00.000Z", "2026-10-12"
    answer = ask("app.bsky.feed.searchPosts", q="*", since=since, until=until, limit=100)
    wanted = [post for post in world.shown("bluesky") if 1_791_590_400_000 <= post.sent_at < 1_791_763_200_000]
    assert answer["hitsTotal"] == len(wanted) > 0
    assert {view["uri"] for view in answer["posts"]} <= {post.id for post in wanted}


def test_search_ends_at_its_cap_without_a_word(world: World, pages: Callable[..., list[Any]]) -> None:
    did = account(world, CAPPED)
    found = pages("app.bsky.feed.searchPosts", "posts", q="*", mentions=did, limit=100)
    there = [post for post in world.shown("bluesky") if did in {mention.id for mention in post.mentions}]
    assert len(there) > len(found) == world.search_cap


def test_quotes_are_listed_completely(world: World, pages: Callable[..., list[Any]]) -> None:
    post = broadcast(world)
    found = [view["uri"] for view in pages("app.bsky.feed.getQuotes", "posts", uri=post.id, limit=1)]
    assert found == [each.id for each in world.shown("bluesky") if each.quoted is post][::-1] != []


def test_thread_nests_as_deep_as_asked(world: World, ask: Ask) -> None:
    told = [post for post in world.posts if post.network == "bluesky"]
    whole_threads = {post.root.id for post in told} - {
        post.root.id
        for post in told
        if post.deleted or (post.parent is not None and world.blocked(post.author.id, post.parent.author.id))
    }
    deep = next(post for post in world.shown("bluesky") if post.parent and post.parent.parent and post.root.id in whole_threads)
    uri = deep.root.id
    shallow = ask("app.bsky.feed.getPostThread", uri=uri, depth=1)["thread"]
    assert all("replies" not in reply for reply in shallow["replies"])
    whole = ask("app.bsky.feed.getPostThread", uri=uri, depth=1000)["thread"]
    uris, below = set(), [whole]
    while below:
        view = below.pop()
        uris.add(view["post"]["uri"])
        below += view.get("replies", [])
    assert uris == {post.id for post in world.shown("bluesky") if post.root.id == uri}


def test_notifications_are_mentions_replies_and_quotes_of_the_session(world: World, ask: Ask) -> None:
    did = account(world)
    first = ask("app.bsky.notification.listNotifications", token=token(world), limit=100, reasons=["reply"])
    assert {item["reason"] for item in first["notifications"]} == {"reply"}
    assert all(item["reasonSubject"].startswith(f"at://{did}/") for item in first["notifications"])
    refused = ask("app.bsky.notification.listNotifications")
    assert (refused["status"], refused["error"]) == (401, "AuthMissing")
    refused = ask("app.bsky.notification.listNotifications", token="nonsense")
    assert (refused["status"], refused["error"]) == (400, "InvalidToken")


@pytest.mark.parametrize(
    ("method", "params", "status", "error"),
    [
        ("app.bsky.feed.searchPosts", {}, 400, "InvalidRequest"),
        ("app.bsky.feed.searchPosts", {"q": "*", "limit": 101}, 400, "InvalidRequest"),
        ("app.bsky.feed.searchPosts", {"q": "*", "limit": 0}, 400, "InvalidRequest"),
        ("app.bsky.feed.searchPosts", {"q": "*", "limit": "ten"}, 400, "InvalidRequest"),
        ("app.bsky.feed.searchPosts", {"q": "*", "mention": "did:plc:x"}, 400, "InvalidRequest"),
        ("app.bsky.feed.searchPosts", {"q": ["a", "b"]}, 400, "InvalidRequest"),
        ("app.bsky.feed.searchPosts", {"q": "*", "since": "yesterday"}, 400, "InvalidRequest"),
        ("app.bsky.feed.searchPosts", {"q": "*", "cursor": "garbage"}, 500, "InternalServerError"),
        ("app.bsky.actor.getProfiles", {"actors": ["a.test"] * 26}, 400, "InvalidRequest"),
        ("app.bsky.actor.getProfile", {"actor": "nobody.test"}, 400, "InvalidRequest"),
        ("com.atproto.identity.resolveHandle", {"handle": "nobody.test"}, 400, "InvalidRequest"),
        ("com.atproto.repo.listRecords", {"repo": "nobody.test", "collection": POST}, 400, "InvalidRequest"),
        ("com.atproto.repo.listRecords", {"repo": "osprino.test", "collection": POST, "reverse": "yes"}, 400, "InvalidRequest"),
        ("app.bsky.feed.getPostThread", {"uri": f"at://did:plc:nobody/{POST}/1"}, 400, "NotFound"),
        ("app.bsky.feed.getTimeline", {}, 501, "MethodNotImplemented"),
    ],
)
def test_malformed_requests_are_refused_as_the_real_one_does(
    ask: Ask, method: str, params: dict[str, Any], status: int, error: str
) -> None:
    answer = ask(method, **params)
    assert (answer["status"], answer["error"]) == (status, error)
    assert answer["message"]


def test_unknown_accounts_are_left_out_of_several_profiles(ask: Ask) -> None:
    found = ask("app.bsky.actor.getProfiles", actors=["osprino.test", "nobody.test"])
    assert [profile["handle"] for profile in found["profiles"]] == ["osprino.test"]


def test_did_documents_lead_back_to_the_server(world: World, server: DemoServer) -> None:
    with urllib.request.urlopen(f"{server.url}/{account(world)}", timeout=10) as answer:
        document = json.load(answer)
    assert document["alsoKnownAs"] == ["at://osprino.test"]
    assert document["service"][0]["serviceEndpoint"] == server.url


def login(server: DemoServer, body: bytes) -> tuple[int, Any]:
    request = urllib.request.Request(f"{server.url}/xrpc/com.atproto.server.createSession", data=body, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_sessions_are_opened_with_the_invented_password_only(world: World, server: DemoServer, ask: Ask) -> None:
    status, session = login(server, json.dumps({"identifier": "osprino.test", "password": PASSWORD}).encode())
    assert (status, session["did"]) == (200, account(world))
    assert ask("app.bsky.notification.listNotifications", token=session["accessJwt"])["notifications"]
    assert login(server, json.dumps({"identifier": "osprino.test", "password": "wrong"}).encode())[0] == 401
    assert login(server, b"{half")[0] == 400
    assert login(server, b"[]")[0] == 400


def test_one_connection_serves_many_requests_without_pauses(server: DemoServer) -> None:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=10)
    began = time.monotonic()
    for _ in range(50):
        connection.request("GET", "/xrpc/com.atproto.identity.resolveHandle?handle=osprino.test")
        answer = connection.getresponse()
        answer.read()
        assert answer.getheader("RateLimit-Policy", "").endswith(";w=300")
    # Delayed acknowledgements would cost 40 ms for each of them.
    assert time.monotonic() - began < 1.5
    connection.close()


def test_server_listens_on_loopback_only(server: DemoServer) -> None:
    assert urlsplit(server.url).hostname == "127.0.0.1"
