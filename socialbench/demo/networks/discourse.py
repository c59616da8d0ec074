"""Discourse in a world of its own: one board, which counts its users, topics and posts for itself."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import cast

from socialbench.demo.ids import created_text
from socialbench.demo.parameters import Field, Fields, Params, RequestError, only, read_params
from socialbench.demo.sites import Reply, Request
from socialbench.demo.world import ENDS_AT, Post, World
from socialbench.model import DAY_MS, Json

_TOPICS_PER_PAGE = 30
_POSTS_AT_ONCE = 20
_FIRST_TOPIC, _FIRST_POST = 8, 11
"""What a board was given when it was set up came before."""
PATHS: Mapping[str, Fields] = {
    "about.json": {},
    "latest.json": {
        "order": only("default", "activity", "created", "posts", "views"),
        "ascending": Field("boolean"),
        "page": Field("integer", default=0, least=0),
        "no_definitions": Field("boolean"),
    },
    "t/{id}.json": {"page": Field("integer", least=1), "print": Field("boolean")},
    "t/{id}/posts.json": {"post_ids[]": Field("array", required=True, most=20)},
}


def open_site(world: World, home: str, url: str) -> Discourse:
    """One of the boards."""
    del url
    return Discourse(world, home)


class Discourse:
    """Answers for one board: the topic with the newest word first, but for the pinned one, which stands before all."""

    def __init__(self, world: World, home: str) -> None:
        posts = world.shown("discourse", home)
        self._group = next((spec.group for spec in world.specs if spec.board == home), None)
        self._title = home
        self._ids = {post: number for number, post in enumerate(posts, _FIRST_POST)}
        self._topics: dict[int, list[Post]] = {}
        self._places: dict[Post, int] = {}
        for post in posts:
            number = self._places.setdefault(post.root, _FIRST_TOPIC + len(self._places))
            self._topics.setdefault(number, []).append(post)
        self._numbers = {post: place for topic in self._topics.values() for place, post in enumerate(topic, 1)}
        self._pinned = next((number for number, topic in self._topics.items() if topic[0].author.brand), 0)

    def answer(self, request: Request) -> Reply:
        """A page of topics, a topic, or more of its posts."""
        try:
            return Reply(self._answered(request))
        except RequestError as error:
            kind = {404: "not_found", 400: "invalid_parameters"}[error.status]
            return Reply({"errors": [str(error)], "error_type": kind}, error.status)

    def _answered(self, request: Request) -> Json:
        path, topic = _route(request.path)
        if path not in PATHS or request.method != "GET" or (topic is not None and topic not in self._topics):
            raise RequestError(404, "", "The requested URL or resource could not be found.")
        params = read_params(PATHS[path], request.query)
        if path == "about.json":
            about = {"title": self._title, "description": "Simulated board of the socialbench demo"}
            return {"about": {**about, "stats": {"topics_count": len(self._topics)}}}
        if topic is None:
            return self._latest(cast(int, params["page"]))
        return self._topic(topic) if path == "t/{id}.json" else self._more(topic, params)

    def _latest(self, page: int) -> Json:
        ordered = sorted(
            self._topics, key=lambda number: (number == self._pinned, self._topics[number][-1].sent_at), reverse=True
        )
        shown = ordered[page * _TOPICS_PER_PAGE : (page + 1) * _TOPICS_PER_PAGE]
        listed: dict[str, Json] = {"can_create_topic": False, "per_page": _TOPICS_PER_PAGE}
        if (page + 1) * _TOPICS_PER_PAGE < len(ordered):
            listed["more_topics_url"] = f"/latest?page={page + 1}"
        return {"users": [], "primary_groups": [], "topic_list": {**listed, "topics": [self._row(each) for each in shown]}}

    def _row(self, number: int) -> Json:
        posts = self._topics[number]
        pinned = number == self._pinned
        return {
            "id": number,
            "title": posts[0].title,
            "fancy_title": html.escape(posts[0].title),
            "slug": "topic",
            "posts_count": len(posts),
            "reply_count": sum(self._answered_number(post) is not None for post in posts),
            "highest_post_number": len(posts),
            "created_at": _told(posts[0].sent_at),
            # A pinned topic that nobody answered has no last post, as old boards have it.
            "last_posted_at": None if pinned and len(posts) == 1 else _told(posts[-1].sent_at),
            "bumped": True,
            "bumped_at": _told(posts[-1].sent_at),
            "archetype": "regular",
            "pinned": pinned,
            "pinned_globally": pinned,
            "visible": True,
            "closed": False,
            "archived": False,
            "views": 20 + 3 * len(posts),
            "like_count": number % 4,
            "last_poster_username": posts[-1].author.handle,
            "category_id": 1,
            "posters": [],
        }

    def _topic(self, number: int) -> Json:
        posts = self._topics[number]
        stream = {
            "posts": [self._post(post) for post in posts[:_POSTS_AT_ONCE]],
            "stream": [self._ids[post] for post in posts],
        }
        return {
            "post_stream": stream,
            "timeline_lookup": _ages(posts),
            "id": number,
            "title": posts[0].title,
            "slug": "topic",
            "posts_count": len(posts),
            "created_at": _told(posts[0].sent_at),
            "last_posted_at": _told(posts[-1].sent_at),
            "archetype": "regular",
            "highest_post_number": len(posts),
        }

    def _more(self, number: int, params: Params) -> Json:
        asked = set(cast("list[str]", params["post_ids[]"]))
        found = [post for post in self._topics[number] if str(self._ids[post]) in asked]
        return {"post_stream": {"posts": [self._post(post) for post in found]}, "id": number}

    def _post(self, post: Post) -> Json:
        is_staff = post.author.brand is not None
        return {
            "id": self._ids[post],
            "name": post.author.display_name,
            "username": post.author.handle,
            "created_at": _told(post.sent_at),
            "updated_at": _told(post.sent_at),
            "cooked": f"<p>{html.escape(post.text)}</p>",
            "post_number": self._numbers[post],
            "post_type": 1,
            "reply_count": 0,
            "reply_to_post_number": self._answered_number(post),
            "quote_count": 0,
            "reads": 9,
            "score": 1.5,
            "yours": False,
            "topic_id": self._places[post.root],
            "topic_slug": "topic",
            "display_username": post.author.display_name,
            "primary_group_name": self._group if is_staff else None,
            "version": 1,
            "moderator": is_staff and self._group is None,
            "admin": False,
            "staff": is_staff and self._group is None,
            "user_id": int(post.author.id),
            "hidden": False,
            "trust_level": 1,
            "user_deleted": False,
            "edit_reason": None,
            "wiki": False,
        }

    def _answered_number(self, post: Post) -> int | None:
        """The number of the post answered; whoever answers the first one answers nobody in particular."""
        if post.parent is None or post.parent.parent is None:
            return None
        return self._numbers[post.parent]


def _route(path: str) -> tuple[str, int | None]:
    name = path.strip("/")
    parts = name.removesuffix(".json").split("/")
    if parts[0] == "t" and len(parts) > 1 and parts[1].isdecimal():
        return "/".join(["t", "{id}", *parts[2:]]) + ".json", int(parts[1])
    return name, None


def _told(at: int) -> str:
    return created_text(at, "milliseconds", 0)[0]


def _ages(posts: Sequence[Post]) -> list[list[int]]:
    """(position from 1, whole days ago) where the number of days changes, as seen from the world's end."""
    found: list[list[int]] = []
    for place, post in enumerate(posts, 1):
        days = (ENDS_AT - post.sent_at) // DAY_MS
        if not found or found[-1][1] != days:
            found.append([place, days])
    return found
