"""X in a world of its own, API v2 with the names of its contract since 2.167."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import cast

from socialbench.demo.ids import created_text
from socialbench.demo.parameters import (
    NEEDED,
    TEXT,
    Field,
    Fields,
    Params,
    RequestError,
    invalid,
    limit,
    only,
    read_params,
    several,
    slice_of,
)
from socialbench.demo.sites import Reply, Request
from socialbench.demo.world import Person, Post, World
from socialbench.demo.xquery import Matcher, matcher_of
from socialbench.model import Json

TOKEN = "demo"  # noqa: S105 - any token that begins so is taken
_WINDOW_S = 900
_RATE = 1_000_000
_MENTIONS_CAP, _POSTS_CAP = 800, 3200
_MOMENT = Field("moment")
_FIELDS: Fields = {
    "post.fields": several(
        "conversation_id", "created_at", "entities", "id", "lang", "note_post", "public_metrics", "text", "source", "withheld"
    ),
    "expansions": several("author_id", "edit_history_post_ids", "in_reply_to_user_id", "referenced_posts"),
    "user.fields": several(
        "created_at", "description", "id", "name", "protected", "public_metrics", "url", "username", "verified", "verified_type"
    ),
}
_WINDOW: Fields = {"start_time": _MOMENT, "end_time": _MOMENT, "since_id": TEXT, "until_id": TEXT, "pagination_token": TEXT}
_SEARCH: Fields = {"query": NEEDED, **_WINDOW, "next_token": TEXT, "sort_order": only("recency", "relevancy"), **_FIELDS}
PATHS: Mapping[str, Fields] = {
    "2/users/by": {
        "usernames": Field("list", required=True, most=100),
        "user.fields": _FIELDS["user.fields"],
    },
    "2/users/{id}/mentions": {"max_results": limit(10, 100, least=5), **_WINDOW, **_FIELDS},
    "2/users/{id}/tweets": {
        "max_results": limit(10, 100, least=5),
        "exclude": several("replies", "retweets"),
        **_WINDOW,
        **_FIELDS,
    },
    "2/tweets/search/recent": {"max_results": limit(10, 100, least=10), **_SEARCH},
    "2/tweets/search/all": {"max_results": limit(10, 500, least=10), **_SEARCH},
    "2/tweets": {"ids": Field("list", required=True, most=100), **_FIELDS},
}
_PROBLEMS = "https://api.x.com/2/problems/"


def open_site(world: World, home: str, url: str) -> X:
    """The one host of the network."""
    del home, url
    return X(world)


class X:
    """Answers for one world, newest posts first."""

    def __init__(self, world: World) -> None:
        self._newest = world.shown("x")[::-1]
        self._posts = {post.id: post for post in self._newest}
        self._people = {person.id: person for person in world.people if person.network == "x"}
        self._by_name = {person.handle.casefold(): person for person in self._people.values()}
        self._replies: dict[str, int] = {}
        for post in self._newest:
            if post.parent is not None:
                self._replies[post.parent.id] = self._replies.get(post.parent.id, 0) + 1

    def answer(self, request: Request) -> Reply:
        """A listing, a search or a look-up."""
        headers = {
            "x-rate-limit-limit": str(_RATE),
            "x-rate-limit-remaining": str(_RATE - 1),
            "x-rate-limit-reset": str(int(time.time()) // _WINDOW_S * _WINDOW_S + _WINDOW_S),
        }
        try:
            return Reply(self._answered(request), 200, headers)
        except RequestError as error:
            told = {"title": error.error, "detail": str(error), "type": _type_of(error), "status": error.status}
            return Reply(told, error.status, headers)

    def _answered(self, request: Request) -> Json:
        if not request.headers.get("authorization", "").startswith(f"Bearer {TOKEN}"):
            raise RequestError(401, "Unauthorized", "Unauthorized")
        path, id_ = _route(request.path)
        if path not in PATHS or request.method != "GET":
            raise RequestError(404, "Not Found", f"no such path: {request.path[:60]}")
        params = read_params(PATHS[path], request.query)
        if path == "2/users/by":
            return self._users(params)
        if path == "2/tweets":
            return self._looked_up(params)
        return self._listed(path, id_, params)

    def _users(self, params: Params) -> Json:
        names = cast("list[str]", params["usernames"])
        found = [person for name in names if (person := self._by_name.get(name.casefold())) is not None]
        errors = [_missing("usernames", name, "user") for name in names if name.casefold() not in self._by_name]
        users = [_user(person, params) for person in found]
        return {**({"data": users} if users else {}), **({"errors": errors} if errors else {})}

    def _looked_up(self, params: Params) -> Json:
        ids = cast("list[str]", params["ids"])
        found = [self._posts[id_] for id_ in ids if id_ in self._posts]
        errors = [_missing("ids", id_, "post") for id_ in ids if id_ not in self._posts]
        return {**self._shown(found, params), **({"errors": errors} if errors else {})}

    def _listed(self, path: str, id_: str, params: Params) -> Json:
        posts = list(_within(self._selected(path, id_, params), params))
        token = cast(str, params.get("pagination_token") or params.get("next_token") or "")
        if token and not token.removeprefix("t").isdigit():
            raise RequestError(400, "Invalid Request", "The token is not valid")
        page, following = slice_of(posts, cast(int, params["max_results"]), token.removeprefix("t"))
        meta: dict[str, Json] = {"result_count": len(page)}
        if page:
            meta |= {"newest_id": page[0].id, "oldest_id": page[-1].id}
        if following:
            meta["next_token"] = f"t{following}"
        return {**self._shown(page, params), "meta": meta}

    def _selected(self, path: str, id_: str, params: Params) -> list[Post]:
        if "search" in path:
            matches: Matcher = matcher_of(cast(str, params["query"]))
            return [post for post in self._newest if matches(post)]
        if id_ not in self._people:
            raise RequestError(404, "Not Found Error", f"Could not find user with id: [{id_[:30]}].")
        if path.endswith("mentions"):
            named = [post for post in self._newest if post.author.id != id_ and _speaks_to(post, id_)]
            return named[:_MENTIONS_CAP]
        own = [post for post in self._newest if post.author.id == id_]
        return [post for post in own if "replies" not in params.get("exclude", ()) or post.parent is None][:_POSTS_CAP]  # type: ignore[operator]

    def _shown(self, posts: Sequence[Post], params: Params) -> dict[str, Json]:
        if not posts:
            return {}
        wanted = {*cast("list[str]", params.get("post.fields", [])), *cast("list[str]", params.get("expansions", []))}
        shown = [self._post(post, wanted) for post in posts]
        return {"data": shown, **({"includes": self._includes(posts, wanted, params)} if "expansions" in params else {})}

    def _includes(self, posts: Sequence[Post], wanted: set[str], params: Params) -> Json:
        above = [each for post in posts for each in (post.parent, post.quoted) if each is not None and not each.deleted]
        referenced = list({post.id: post for post in above}.values()) if "referenced_posts" in wanted else []
        authors = {post.author.id: post.author for post in (*posts, *referenced)} if "author_id" in wanted else {}
        users = [_user(person, params) for person in authors.values()]
        shown = [self._post(post, wanted) for post in referenced]
        return {**({"users": users} if users else {}), **({"posts": shown} if shown else {})}

    def _post(self, post: Post, wanted: set[str]) -> Json:
        references = [("replied_to", post.parent), ("quoted", post.quoted)]
        whole: dict[str, Json] = {
            "id": post.id,
            "text": post.text,
            "created_at": _whole_second(post.created_at),
            "author_id": post.author.id,
            "conversation_id": post.root.id,
            "edit_history_post_ids": [post.id],
            "lang": post.lang,
            "public_metrics": {
                "repost_count": 0,
                "reply_count": self._replies.get(post.id, 0),
                "like_count": int(post.id) % 3,
                "quote_count": 0,
                "bookmark_count": 0,
                "impression_count": 10 + int(post.id) % 90,
            },
        }
        if post.parent is not None:
            whole["in_reply_to_user_id"] = post.parent.author.id
        if post.parent is not None or post.quoted is not None:
            whole["referenced_posts"] = [{"type": kind, "id": each.id} for kind, each in references if each is not None]
        if post.mentions:
            whole["entities"] = {"mentions": list(_entities(post))}
        return {name: value for name, value in whole.items() if name in wanted or name in ("id", "text")}


def _route(path: str) -> tuple[str, str]:
    parts = path.strip("/").split("/")
    if len(parts) == 4 and parts[:2] == ["2", "users"] and parts[2] != "by":
        return f"2/users/{{id}}/{parts[3]}", parts[2]
    return "/".join(parts), ""


def _speaks_to(post: Post, id_: str) -> bool:
    answered = post.parent is not None and post.parent.author.id == id_
    return answered or any(mention.id == id_ for mention in post.mentions)


def _within(posts: Iterable[Post], params: Params) -> Iterator[Post]:
    since, until = (_moment(params.get(name)) for name in ("start_time", "end_time"))
    low, high = (str(params.get(name, "")) for name in ("since_id", "until_id"))
    if not all(each.isdecimal() or not each for each in (low, high)):
        raise invalid("since_id and until_id are numbers")
    for post in posts:
        in_time = (since is None or post.created_at >= since) and (until is None or post.created_at < until)
        if in_time and (not low or int(post.id) > int(low)) and (not high or int(post.id) < int(high)):
            yield post


def _moment(text: object) -> int | None:
    return None if text is None else int(datetime.fromisoformat(str(text)).timestamp() * 1000)


def _entities(post: Post) -> Iterator[Json]:
    encoded = post.text.encode()
    for mention in post.mentions:
        name = encoded[mention.start : mention.end].decode().removeprefix("@")
        start = len(encoded[: mention.start].decode())
        yield {"start": start, "end": start + len(name) + 1, "username": name, "id": mention.id}


def _user(person: Person, params: Params) -> Json:
    whole = {
        "id": person.id,
        "name": person.display_name,
        "username": person.handle,
        "created_at": _whole_second(person.joined_at),
        "protected": False,
        "public_metrics": {
            "followers_count": person.followers,
            "following_count": person.following,
            "post_count": 10,
            "listed_count": 0,
            "like_count": 0,
            "media_count": 0,
        },
    }
    wanted = {*cast("list[str]", params.get("user.fields", [])), "id", "name", "username"}
    return {name: value for name, value in whole.items() if name in wanted}


def _whole_second(at: int) -> str:
    # The milliseconds that are written are always zeros; the id holds the real ones.
    return created_text(at - at % 1000, "milliseconds", 0)[0]


def _missing(parameter: str, value: str, kind: str) -> Json:
    return {
        "value": value,
        "resource_id": value,
        "parameter": parameter,
        "resource_type": kind,
        "detail": f"Could not find {kind} with {parameter}: [{value}].",
        "title": "Not Found Error",
        "type": f"{_PROBLEMS}resource-not-found",
    }


def _type_of(error: RequestError) -> str:
    known = {400: "invalid-request", 404: "resource-not-found"}
    return _PROBLEMS + known[error.status] if error.status in known else "about:blank"
