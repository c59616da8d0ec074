"""X, YouTube, Mastodon and Discourse as the demo speaks them: strict as the real ones, paged, and wanting credentials."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from socialbench.demo.networks import discourse, mastodon, site_of, x, youtube
from socialbench.demo.sites import Place, Request, places_of
from socialbench.demo.world import Person, World
from tests.collect.contracts import Checker, discovery, needs, openapi

Get = Callable[..., tuple[int, dict[str, str], Any]]
X, YOUTUBE = Place("x"), Place("youtube")
MASTODON, DISCOURSE = Place("mastodon", "lanternpost.test"), Place("discourse", "forum.mooncart.test")
OWN = "Watterly"
"""The brand whose own Mastodon token is at hand."""


def account(world: World, brand: str, network: str) -> Person:
    return world.accounts(brand, network)[0]


def test_every_network_stands_at_an_address_of_its_own(world: World) -> None:
    places = places_of(world)
    assert [place.network for place in places[:5]] == ["bluesky", "x", "youtube", "mastodon", "mastodon"]
    assert len([place for place in places if place.network == "discourse"]) == 2


def test_ids_of_boards_collide_and_those_of_x_hold_the_time(world: World) -> None:
    boards = [place.home for place in places_of(world) if place.network == "discourse"]
    listed = [site_of(Place("discourse", home), world, "http://board").answer(Request("GET", "/latest.json")) for home in boards]
    ids = [{topic["id"] for topic in reply.body["topic_list"]["topics"]} for reply in listed]
    assert len(ids[0] & ids[1]) > 10
    for post in world.shown("x"):
        assert (int(post.id) >> 22) + 1_288_834_974_657 == post.sent_at
    for post in world.shown("mastodon", MASTODON.home):
        assert int(post.id) >> 16 == post.sent_at


CHECKS: dict[str, tuple[Place, Checker, str]] = {
    "x": (X, openapi("x/openapi-2.167.json"), "https://api.x.test"),
    "youtube": (YOUTUBE, discovery("youtube/youtube.v3.json"), "https://youtube.test"),
    "mastodon": (MASTODON, openapi("mastodon/openapi-4.7.0.json", brackets=True), "https://mastodon.test"),
}
WRONG = [
    ("x", "2/users/17/mentions", {"exclude": "replies"}, 400),
    ("x", "2/users/17/mentions", {"max_results": 101}, 400),
    ("x", "2/users/17/mentions", {"max_results": 4}, 400),
    ("x", "2/users/17/mentions", {"post.fields": "author_id"}, 400),
    ("x", "2/users/17/mentions", {"expansions": "referenced_tweets.id"}, 400),
    ("x", "2/users/17/tweets", {"start_time": "yesterday"}, 400),
    ("x", "2/tweets/search/all", {}, 400),
    ("x", "2/tweets/search/all", {"query": "a", "max_results": 501}, 400),
    ("x", "2/tweets", {"ids": ",".join(["1"] * 101)}, 400),
    ("x", "2/mentions", {}, 404),
    ("youtube", "youtube/v3/commentThreads", {"id": "a"}, 400),
    ("youtube", "youtube/v3/commentThreads", {"part": "snippet", "id": "a", "maxResults": 101}, 400),
    ("youtube", "youtube/v3/comments", {"part": "snippet", "id": "a", "textFormat": "plain"}, 400),
    ("youtube", "youtube/v3/comments", {"part": "snippet", "id": "a", "order": "time"}, 400),
    ("youtube", "youtube/v3/videos", {"part": "snippet"}, 404),
    ("mastodon", "api/v1/accounts/lookup", {}, 422),
    ("mastodon", "api/v1/accounts/17/statuses", {"exclude_replys": "true"}, 422),
    ("mastodon", "api/v1/accounts/17/statuses", {"exclude_reblogs": "yes"}, 422),
    ("mastodon", "api/v1/notifications", {"types": "mention"}, 422),
    ("mastodon", "api/v1/statuses/1/contexts", {}, 404),
]


@pytest.mark.parametrize(("network", "path", "params", "status"), WRONG)
def test_what_no_contract_allows_is_refused(get: Get, network: str, path: str, params: dict[str, Any], status: int) -> None:
    place = CHECKS[network][0]
    signed = {"key": "demo", **params} if network == "youtube" else params
    token = {"x": "demo", "youtube": None, "mastodon": "demo-watterly"}[network]
    answered, _, body = get(place, path, token, **signed)
    assert answered == status
    assert isinstance(body, dict)


@needs("x")
@pytest.mark.parametrize(("network", "path", "params", "status"), [each for each in WRONG if "/v3/videos" not in each[1]])
def test_what_is_refused_the_contract_forbids(network: str, path: str, params: dict[str, Any], status: int) -> None:
    _, check, host = CHECKS[network]
    if params.get("query") == "a" or network == "mastodon":
        # Limits that only words tell; `2/tweets/search/all` takes up to 500.
        params = {name: value for name, value in params.items() if name != "query"} | (
            {"query": "a"} if "query" in params else {}
        )
    assert check(httpx.Request("GET", f"{host}/{path}?{urlencode(params)}")), status


@pytest.mark.parametrize(
    ("place", "path", "token", "params", "status"),
    [
        (X, "2/users/by", None, {"usernames": "veloro"}, 401),
        (X, "2/users/by", "other", {"usernames": "veloro"}, 401),
        (YOUTUBE, "youtube/v3/channels", None, {"part": "snippet", "forHandle": "@glimmervue"}, 403),
        (YOUTUBE, "youtube/v3/channels", None, {"part": "snippet", "forHandle": "@glimmervue", "key": "other"}, 400),
        (MASTODON, "api/v1/notifications", None, {}, 401),
        (MASTODON, "api/v1/notifications", "demo-nobody", {}, 401),
        (DISCOURSE, "t/999.json", None, {}, 404),
        (DISCOURSE, "latest.json", None, {"pages": 1}, 400),
        (DISCOURSE, "latest.json", None, {"order": "age"}, 400),
        (DISCOURSE, "t/8/posts.json", None, {}, 400),
    ],
)
def test_credentials_and_forms_are_wanted_where_the_real_ones_want_them(
    get: Get, place: Place, path: str, token: str | None, params: dict[str, Any], status: int
) -> None:
    assert get(place, path, token, **params)[0] == status


def followed(get: Get, path: str, **params: Any) -> list[Any]:
    """All posts of a listing of X, page by page."""
    items, token = [], None
    while True:
        page = get(X, path, "demo", **params, **({"pagination_token": token} if token else {}))[2]
        items += page.get("data", [])
        token = page["meta"].get("next_token")
        if not token:
            return items


def test_mentions_of_x_are_everything_said_to_the_account(world: World, get: Get) -> None:
    brand = account(world, "Gasperon", "x")
    found = followed(get, f"2/users/{brand.id}/mentions", max_results=20, expansions="author_id,referenced_posts")
    said = [post for post in world.shown("x") if "Gasperon" in post.addressed]
    assert [item["id"] for item in found] == [post.id for post in said[::-1]]
    assert len(found) > 60
    assert all(item["author_id"] for item in found)
    assert {each["type"] for item in found for each in item.get("referenced_posts", [])} == {"replied_to", "quoted"}
    assert "created_at" not in found[0]


def test_search_of_x_knows_conversations_and_refuses_what_it_does_not_know(world: World, get: Get) -> None:
    root = max((post.root for post in world.shown("x")), key=lambda top: sum(each.root is top for each in world.shown("x")))
    found = followed(get, "2/tweets/search/all", query=f"conversation_id:{root.id} -is:retweet", max_results=10)
    assert {item["id"] for item in found} == {post.id for post in world.shown("x") if post.root is root}
    assert get(X, "2/tweets/search/all", "demo", query="place:here")[0] == 400
    gone = next(post for post in world.posts if post.network == "x" and post.deleted)
    looked_up = get(X, "2/tweets", "demo", ids=gone.id)[2]
    assert [error["resource_id"] for error in looked_up["errors"]] == [gone.id]
    assert "data" not in looked_up


def test_threads_of_youtube_are_flat_and_show_five_replies_at_most(world: World, get: Get) -> None:
    channel = account(world, "Glimmervue", "youtube")
    asked = {"part": "snippet,replies", "key": "demo", "allThreadsRelatedToChannelId": channel.id, "maxResults": 30}
    threads, token = [], None
    while True:
        page = get(YOUTUBE, "youtube/v3/commentThreads", **asked, **({"pageToken": token} if token else {}))[2]
        threads += page["items"]
        token = page.get("nextPageToken")
        if not token:
            break
    tops = [
        post
        for post in world.shown("youtube")
        if post.parent is None and ("Glimmervue" in post.addressed or post.author is channel)
    ]
    assert [thread["id"] for thread in threads] == [post.id for post in tops[::-1]]
    assert max(thread["snippet"]["totalReplyCount"] for thread in threads) > 5
    for thread in threads:
        below = [post.id for post in world.shown("youtube") if post.root.id == thread["id"] and post.parent is not None]
        assert thread["snippet"]["totalReplyCount"] == len(below)
        shown = [reply["id"] for reply in thread.get("replies", {}).get("comments", [])]
        assert shown == below[-5:][::-1]
        assert all(id_.startswith(thread["id"] + ".") for id_ in below)


def test_notifications_of_mastodon_are_the_mentions_of_the_token_alone(world: World, get: Get) -> None:
    own, items, after = account(world, OWN, "mastodon"), [], None
    while True:
        status, headers, page = get(
            MASTODON,
            "api/v1/notifications",
            "demo-watterly",
            limit=30,
            **{"types[]": "mention"},
            **({"max_id": after} if after else {}),
        )
        assert status == 200
        items += page
        if "Link" not in headers:
            break
        after = headers["Link"].partition("max_id=")[2].partition(">")[0]
    said = [post for post in world.shown("mastodon", own.home) if any(each.id == own.id for each in post.mentions)]
    assert [item["status"]["id"] for item in items] == [post.id for post in said[::-1] if post.author is not own]
    assert len(items) > 60
    assert all(item["id"] != item["status"]["id"] for item in items)


def test_first_thread_of_a_server_is_refused_once_for_a_second(world: World) -> None:
    site = site_of(MASTODON, world, "http://home")
    top = next(post for post in world.shown("mastodon", MASTODON.home) if post.author.brand and post.parent is None)
    request = Request("GET", f"/api/v1/statuses/{top.id}/context")
    refused, answered = site.answer(request), site.answer(request)
    assert (refused.status, refused.headers["X-RateLimit-Remaining"]) == (429, "0")
    assert (answered.status, answered.headers["X-RateLimit-Remaining"]) == (200, "299999")


def test_topics_of_a_board_stand_by_their_newest_word_but_for_the_pinned_one(world: World, get: Get) -> None:
    rows = get(DISCOURSE, "latest.json", order="activity")[2]["topic_list"]
    first, *others = rows["topics"]
    assert first["pinned"]
    assert not any(row["pinned"] for row in others)
    bumped = [row["bumped_at"] for row in others]
    assert bumped == sorted(bumped, reverse=True)
    assert first["bumped_at"] < bumped[0]
    assert rows["more_topics_url"] == "/latest?page=1"
    rest = get(DISCOURSE, "latest.json", order="activity", page=1)[2]["topic_list"]
    assert "more_topics_url" not in rest
    tops = [post for post in world.shown("discourse", DISCOURSE.home) if post.parent is None]
    assert len(rows["topics"] + rest["topics"]) == len(tops)
    topic = get(DISCOURSE, f"t/{others[0]['id']}.json")[2]
    posts = topic["post_stream"]["posts"]
    assert [post["post_number"] for post in posts] == list(range(1, len(posts) + 1))
    assert topic["post_stream"]["stream"] == [post["id"] for post in posts]


def test_staff_of_boards_is_told_by_flags_or_by_a_group(world: World) -> None:
    told = {}
    for home in ("forum.mooncart.test", "forum.fennick-loy.test"):
        site = site_of(Place("discourse", home), world, "http://board")
        posts = [post for topic in range(8, 40) for post in _posts(site.answer(Request("GET", f"/t/{topic}.json")).body)]
        own = {person.handle for person in world.people if person.home == home and person.brand}
        flagged = {post["username"] for post in posts if post["staff"] and post["moderator"]}
        grouped = {post["username"] for post in posts if post["primary_group_name"] == "care"}
        assert flagged | grouped == own
        told[home] = (bool(flagged), bool(grouped))
    assert told == {"forum.mooncart.test": (True, False), "forum.fennick-loy.test": (False, True)}


def _posts(topic: Any) -> list[Any]:
    return list(topic.get("post_stream", {}).get("posts", []))


def test_answers_are_the_same_bytes_for_a_seed(world: World) -> None:
    from socialbench.demo.tell import tell_world

    again = tell_world(seed=7, brands=12)
    brand = account(world, "Gasperon", "x")
    asked = {
        X: Request("GET", f"/2/users/{brand.id}/mentions", {"max_results": ["100"]}, {"authorization": "Bearer demo"}),
        YOUTUBE: Request(
            "GET",
            "/youtube/v3/commentThreads",
            {"part": ["snippet"], "key": ["demo"], "allThreadsRelatedToChannelId": [account(world, "Glimmervue", "youtube").id]},
        ),
        MASTODON: Request("GET", f"/api/v1/accounts/{account(world, OWN, 'mastodon').id}/statuses"),
        DISCOURSE: Request("GET", "/latest.json"),
    }
    for place, request in asked.items():
        one, other = (site_of(place, told, "http://here").answer(request) for told in (world, again))
        assert one.status == 200
        assert json.dumps(one.body) == json.dumps(other.body)


def test_paths_are_few_and_known() -> None:
    assert (len(x.PATHS), len(youtube.PATHS), len(mastodon.PATHS), len(discourse.PATHS)) == (6, 3, 7, 4)
