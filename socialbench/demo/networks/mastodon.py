"""Mastodon in a world of its own: one server, and what it holds of others."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import cast

from socialbench.demo.ids import created_text
from socialbench.demo.parameters import NEEDED, TEXT, Field, Fields, Params, RequestError, limit, only, read_params
from socialbench.demo.sites import Reply, Request
from socialbench.demo.world import Person, Post, World
from socialbench.model import Json

TOKEN = "demo-"  # noqa: S105 - followed by the name of the account that it belongs to
_RATE = 300_000
_WINDOW_S = 300
_DESCENDANTS = 60
_MENTION = re.compile(r"@([\w.\-]*\w(?:@[\w.\-]*\w)?)")
_PAGED: Fields = {"max_id": TEXT, "since_id": TEXT, "min_id": TEXT}
_KINDS = Field("array", allowed=frozenset({"mention", "favourite", "reblog", "follow", "status", "poll", "quote", "update"}))
PATHS: Mapping[str, Fields] = {
    "accounts/lookup": {"acct": NEEDED},
    "accounts/verify_credentials": {},
    "accounts/{id}/statuses": {
        **_PAGED,
        "limit": limit(20, 40),
        **dict.fromkeys(("exclude_reblogs", "exclude_replies", "only_media", "pinned"), Field("boolean")),
        "tagged": TEXT,
    },
    "notifications": {
        **_PAGED,
        "limit": limit(40, 80),
        "types[]": _KINDS,
        "exclude_types[]": _KINDS,
        "account_id": TEXT,
        "include_filtered": Field("boolean"),
    },
    "statuses": {"id[]": Field("array", required=True, most=20)},
    "statuses/{id}": {},
    "statuses/{id}/context": {},
}
_SINGLE = only("lookup", "verify_credentials").allowed


def open_site(world: World, home: str, url: str) -> Mastodon:
    """One of the servers."""
    return Mastodon(world, home, url)


class Mastodon:
    """Answers for one server. The first thread that is asked for it refuses once for a second, as a busy one would."""

    def __init__(self, world: World, home: str, url: str) -> None:
        self._url = url
        self._home = home
        self._statuses = {post.id: post for post in world.shown("mastodon", home)}
        self._people = {person.id: person for person in world.people if (person.network, person.home) == ("mastodon", home)}
        self._below: dict[str, list[Post]] = {}
        for post in self._statuses.values():
            if post.parent is not None:
                self._below.setdefault(post.parent.id, []).append(post)
        self._is_rested = False
        self._answers: Mapping[str, Callable[[str, Params, Person | None], Json]] = {
            "accounts/lookup": lambda _, params, __: self._account(self._named(str(params["acct"]))),
            "accounts/verify_credentials": lambda _, __, viewer: self._account(_logged_in(viewer)),
            "statuses": lambda _, params, __: [
                self._status(self._statuses[id_]) for id_ in cast("list[str]", params["id[]"]) if id_ in self._statuses
            ],
            "statuses/{id}": lambda id_, _, __: self._status(self._found(id_)),
            "statuses/{id}/context": lambda id_, _, viewer: self._context(self._found(id_), viewer),
        }

    def answer(self, request: Request) -> Reply:
        """A listing, a status, a thread, an account."""
        reset_at = (int(time.time()) // _WINDOW_S + 1) * _WINDOW_S
        headers = _limits(_RATE - 1, reset_at)
        if request.path.endswith("/context") and not self._is_rested:
            self._is_rested = True
            return Reply({"error": "Too many requests"}, 429, _limits(0, int(time.time()) + 1))
        try:
            body, links = self._answered(request)
            return Reply(body, 200, {**headers, **links})
        except RequestError as error:
            return Reply({"error": str(error)}, error.status, headers)

    def _answered(self, request: Request) -> tuple[Json, dict[str, str]]:
        path, id_ = _route(request.path)
        if path not in PATHS or request.method != "GET":
            raise RequestError(404, "", "The page you are looking for isn't here.")
        viewer = self._viewer(request)
        try:
            params = read_params(PATHS[path], request.query)
        except RequestError as error:
            raise RequestError(422, "", str(error)) from error
        if path == "accounts/{id}/statuses":
            if id_ not in self._people:
                raise RequestError(404, "", "Record not found")
            own = [post for post in self._statuses.values() if post.author.id == id_]
            page, links = self._paged(own, params, request.path)
            return [self._status(post) for post in page], links
        if path == "notifications":
            kinds = params.get("types[]", ["mention"])
            told = self._told(_logged_in(viewer)) if "mention" in cast("list[str]", kinds) else []
            page, links = self._paged(told, params, request.path)
            return [self._notification(post) for post in page], links
        return self._answers[path](id_, params, viewer), {}

    def _viewer(self, request: Request) -> Person | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if not scheme:
            return None
        found = [person for person in self._people.values() if person.brand and token == TOKEN + person.handle]
        if scheme != "Bearer" or not found:
            raise RequestError(401, "", "The access token is invalid")
        return found[0]

    def _named(self, acct: str) -> Person:
        name = acct.casefold().removesuffix(f"@{self._home}")
        for person in self._people.values():
            if person.handle.casefold() == name:
                return person
        raise RequestError(404, "", "Record not found")

    def _found(self, id_: str) -> Post:
        if id_ not in self._statuses:
            raise RequestError(404, "", "Record not found")
        return self._statuses[id_]

    def _told(self, viewer: Person) -> list[Post]:
        """What mentions an account; whoever answers it mentions it."""
        return [
            post
            for post in self._statuses.values()
            if post.author.id != viewer.id and any(mention.id == viewer.id for mention in post.mentions)
        ]

    def _paged(self, posts: Sequence[Post], params: Params, path: str) -> tuple[Sequence[Post], dict[str, str]]:
        """One page, newest first, and the header that tells where the next one is."""
        low, high, from_ = (str(params.get(name) or "") for name in ("since_id", "max_id", "min_id"))
        older = [post for post in posts if not high or _place(_listed_id(post, path)) < _place(high)]
        newer = [post for post in older if not (low or from_) or _place(_listed_id(post, path)) > _place(low or from_)]
        # `since_id` gives the newest, `min_id` what follows next.
        page = newer[: cast(int, params["limit"])][::-1] if from_ else newer[::-1]
        size = cast(int, params["limit"])
        if len(page) <= size:
            return page, {}
        following = f"{self._url}{path}?max_id={_listed_id(page[size - 1], path)}"
        newest = f"{self._url}{path}?min_id={_listed_id(page[0], path)}"
        return page[:size], {"Link": f'<{following}>; rel="next", <{newest}>; rel="prev"'}

    def _context(self, post: Post, viewer: Person | None) -> Json:
        above = []
        top = post.parent
        while top is not None and not top.deleted:
            above.append(top)
            top = top.parent
        below = list(self._descendants(post))[: 4096 if viewer else _DESCENDANTS]
        return {
            "ancestors": [self._status(each) for each in above[::-1]],
            "descendants": [self._status(each) for each in below],
        }

    def _descendants(self, post: Post) -> Iterator[Post]:
        """Depth first, as a server lists them."""
        for reply in self._below.get(post.id, ()):
            yield reply
            yield from self._descendants(reply)

    def _status(self, post: Post) -> Json:
        above = post.parent if post.parent is not None and not post.parent.deleted else None
        address, name = self._address(post.author), post.author.handle.partition("@")[0]
        return {
            "id": post.id,
            "created_at": created_text(post.created_at, "milliseconds", 0)[0],
            "in_reply_to_id": above.id if above else None,
            "in_reply_to_account_id": above.author.id if above else None,
            "sensitive": False,
            "spoiler_text": "",
            "visibility": "public",
            "language": post.lang,
            "uri": f"https://{self._host(post.author)}/users/{name}/statuses/{post.id}",
            "url": f"{address}/{post.id}",
            "replies_count": len(self._below.get(post.id, ())),
            "reblogs_count": 0,
            "favourites_count": int(post.id) % 3,
            "quotes_count": 0,
            "edited_at": None,
            "content": f"<p>{self._content(post)}</p>",
            "reblog": None,
            "account": self._account(post.author),
            "media_attachments": [],
            "mentions": [self._mention(self._people[id_]) for id_ in dict.fromkeys(each.id for each in post.mentions)],
            "tags": [],
            "emojis": [],
            "card": None,
            "poll": None,
        }

    def _content(self, post: Post) -> str:
        linked = {self._people[mention.id].handle.casefold(): self._people[mention.id] for mention in post.mentions}

        def anchor(found: re.Match[str]) -> str:
            person = linked.get(found.group(1).casefold())
            if person is None:
                return found.group()
            name = person.handle.partition("@")[0]
            link = f'<a href="{self._address(person)}" class="u-url mention">@<span>{name}</span></a>'
            return f'<span class="h-card" translate="no">{link}</span>'

        return _MENTION.sub(anchor, html.escape(post.text, quote=False))

    def _notification(self, post: Post) -> Json:
        return {
            "id": _listed_id(post, "notifications"),
            "type": "mention",
            "group_key": f"ungrouped-{_listed_id(post, 'notifications')}",
            "created_at": created_text(post.created_at, "milliseconds", 0)[0],
            "account": self._account(post.author),
            "status": self._status(post),
        }

    def _mention(self, person: Person) -> Json:
        name = person.handle.partition("@")[0]
        return {"id": person.id, "username": name, "url": self._address(person), "acct": person.handle}

    def _account(self, person: Person) -> Json:
        return {
            "id": person.id,
            "username": person.handle.partition("@")[0],
            "acct": person.handle,
            "display_name": person.display_name,
            "locked": False,
            "bot": False,
            "created_at": created_text(person.joined_at, "milliseconds", 0)[0],
            "note": "<p>Simulated account of the socialbench demo</p>",
            "url": self._address(person),
            "followers_count": person.followers,
            "following_count": person.following,
            "statuses_count": 10,
            "emojis": [],
            "fields": [],
        }

    def _host(self, person: Person) -> str:
        return person.handle.partition("@")[2] or self._home

    def _address(self, person: Person) -> str:
        return f"https://{self._host(person)}/@{person.handle.partition('@')[0]}"


def _route(path: str) -> tuple[str, str]:
    parts = path.removeprefix("/api/v1/").split("/")
    if len(parts) > 1 and parts[1] not in _SINGLE:
        return "/".join([parts[0], "{id}", *parts[2:]]), parts[1]
    return "/".join(parts), ""


def _logged_in(viewer: Person | None) -> Person:
    if viewer is None:
        raise RequestError(401, "", "This method requires an authenticated user")
    return viewer


def _listed_id(post: Post, path: str) -> str:
    """The id by which a listing pages. Notifications have ids of their own, in the order of their statuses."""
    return post.id if path.endswith("statuses") else str(int(post.id) >> 16)


def _place(id_: str) -> int:
    # What is no number stands before all.
    return int(id_) if id_.isdecimal() else 0


def _limits(left: int, reset_at: int) -> dict[str, str]:
    reset = datetime.fromtimestamp(reset_at, UTC).strftime("%Y-%m-%dT%H:%M:%S.000000Z")
    return {"X-RateLimit-Limit": str(_RATE), "X-RateLimit-Remaining": str(left), "X-RateLimit-Reset": reset}
