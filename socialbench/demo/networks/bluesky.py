"""Bluesky in a world of its own: one host that is data server, directory and view server in one."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar, cast

from socialbench.demo.atproto import Views, cid_of, did_document, notification, post_record, profile_record
from socialbench.demo.ids import POST
from socialbench.demo.parameters import NEEDED, TEXT, Field, Fields, Params, RequestError, invalid, limit, read_params, slice_of
from socialbench.demo.sites import Reply, Request
from socialbench.demo.world import Person, Post, World
from socialbench.model import Json

PASSWORD = "demo"  # noqa: S105 - the only password of an invented network
_WORD = re.compile(r"[^\s@,;:!?()\"]+")
_Item = TypeVar("_Item")
_WINDOW_S = 300
_RATE = 1_000_000
"""Requests per window that the headers promise: they are there to be read, and never to wait for."""
_METHOD_UNKNOWN = "MethodNotImplemented", "Method Not Implemented"

METHODS: Mapping[str, Fields] = {
    "com.atproto.identity.resolveHandle": {"handle": NEEDED},
    "com.atproto.repo.describeRepo": {"repo": NEEDED},
    "com.atproto.repo.listRecords": {
        "repo": NEEDED,
        "collection": NEEDED,
        "limit": limit(50, 100),
        "cursor": TEXT,
        "reverse": Field("boolean"),
    },
    "app.bsky.actor.getProfile": {"actor": NEEDED},
    "app.bsky.actor.getProfiles": {"actors": Field("array", required=True, most=25)},
    "app.bsky.feed.getPosts": {"uris": Field("array", required=True, most=25)},
    "app.bsky.feed.getQuotes": {"uri": NEEDED, "cid": TEXT, "limit": limit(50, 100), "cursor": TEXT},
    "app.bsky.feed.getPostThread": {
        "uri": NEEDED,
        "depth": Field("integer", default=6, least=0, most=1000),
        "parentHeight": Field("integer", default=80, least=0, most=1000),
    },
    "app.bsky.feed.searchPosts": {
        "q": NEEDED,
        "sort": Field("string", default="latest"),
        "since": TEXT,
        "until": TEXT,
        "mentions": TEXT,
        "author": TEXT,
        "lang": TEXT,
        "domain": TEXT,
        "url": TEXT,
        "tag": Field("array"),
        "limit": limit(25, 100),
        "cursor": TEXT,
    },
    "app.bsky.notification.listNotifications": {
        "reasons": Field("array"),
        "limit": limit(50, 100),
        "priority": Field("boolean"),
        "cursor": TEXT,
        "seenAt": TEXT,
    },
}


def open_site(world: World, home: str, url: str) -> Bluesky:
    """The one host of the network."""
    del home
    return Bluesky(world, url)


class Bluesky:
    """Answers for one world; `host` is the address that it gives out as everybody's data server."""

    def __init__(self, world: World, host: str) -> None:
        self._host = host
        self._world = world
        self._views = Views(world)
        self._people = {person.id: person for person in world.people if person.network == "bluesky"}
        self._by_handle = {person.handle: person for person in self._people.values()}
        self._posts = {post.id: post for post in world.shown("bluesky")}
        self._newest = sorted(self._posts.values(), key=lambda post: (post.sent_at, post.id), reverse=True)
        self._repos: dict[str, list[Post]] = {}
        self._mentions: dict[str, list[Post]] = {}
        self._words: dict[str, list[Post]] = {}
        for post in self._newest:
            self._repos.setdefault(post.author.id, []).append(post)
            for did in {mention.id for mention in post.mentions}:
                self._mentions.setdefault(did, []).append(post)
            for word in _words(post.text):
                self._words.setdefault(word, []).append(post)
        for posts in self._repos.values():
            posts.sort(key=lambda post: post.id, reverse=True)
        self._answers: dict[str, Callable[[Params], Json]] = {
            "com.atproto.identity.resolveHandle": self._resolve_handle,
            "com.atproto.repo.describeRepo": self._describe_repo,
            "com.atproto.repo.listRecords": self._list_records,
            "app.bsky.actor.getProfile": lambda params: self._views.profile(self._actor(params, "actor")),
            "app.bsky.actor.getProfiles": self._profiles,
            "app.bsky.feed.getPosts": self._named_posts,
            "app.bsky.feed.getQuotes": self._quotes,
            "app.bsky.feed.getPostThread": self._thread,
            "app.bsky.feed.searchPosts": self._search,
        }

    def answer(self, request: Request) -> Reply:
        """A query, a look-up of a DID document, or a session."""
        reset = int(time.time()) // _WINDOW_S * _WINDOW_S + _WINDOW_S
        headers = {
            "RateLimit-Limit": str(_RATE),
            "RateLimit-Remaining": str(_RATE - 1),
            "RateLimit-Reset": str(reset),
            "RateLimit-Policy": f"{_RATE};w={_WINDOW_S}",
        }
        try:
            body = self._opened(request) if request.method == "POST" else self._queried(request)
            return Reply(body, 200, headers)
        except RequestError as error:
            return Reply({"error": error.error, "message": str(error)}, error.status, headers)

    def _queried(self, request: Request) -> Json:
        if request.path.startswith("/did:"):
            person = self._people.get(request.path[1:])
            if person is None:
                raise RequestError(404, "NotFound", f"DID not registered: {request.path[1:]}")
            return did_document(person, self._host)
        method = request.path.removeprefix("/xrpc/")
        if method == request.path or method not in METHODS:
            raise RequestError(501 if request.path.startswith("/xrpc/") else 404, *_METHOD_UNKNOWN)
        params, viewer = read_params(METHODS[method], request.query), self._viewer(request)
        return self._notifications(params, viewer) if method.endswith("listNotifications") else self._answers[method](params)

    def _viewer(self, request: Request) -> str | None:
        """The DID of who asks, if known."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if not scheme:
            return None
        kind, _, did = token.partition(".")
        if scheme != "Bearer" or kind != "access" or did not in self._people:
            raise RequestError(400, "InvalidToken", "Bad token scope")
        return did

    def _opened(self, request: Request) -> Json:
        """`com.atproto.server.createSession`; the tokens are worth nothing elsewhere, and nothing else is written here."""
        if request.path != "/xrpc/com.atproto.server.createSession":
            raise RequestError(501, *_METHOD_UNKNOWN)
        try:
            said = json.loads(request.body)
            identifier, password = str(said["identifier"]), str(said["password"])
        except (ValueError, KeyError, TypeError):
            raise invalid('Input must have the properties "identifier" and "password"') from None
        person = self._find(identifier)
        if person is None or password != PASSWORD:
            raise RequestError(401, "AuthenticationRequired", "Invalid identifier or password")
        return {
            "accessJwt": f"access.{person.id}",
            "refreshJwt": f"refresh.{person.id}",
            "handle": person.handle,
            "did": person.id,
            "didDoc": did_document(person, self._host),
            "active": True,
        }

    def _find(self, name: str) -> Person | None:
        return self._people.get(name) or self._by_handle.get(name.casefold())

    def _actor(self, params: Params, field: str) -> Person:
        person = self._find(cast(str, params[field]))
        if person is None:
            raise invalid("Profile not found" if field == "actor" else f"Could not find repo: {params[field]}")
        return person

    def _resolve_handle(self, params: Params) -> Json:
        person = self._by_handle.get(cast(str, params["handle"]).casefold())
        if person is None:
            raise invalid("Unable to resolve handle")
        return {"did": person.id}

    def _describe_repo(self, params: Params) -> Json:
        person = self._actor(params, "repo")
        return {
            "handle": person.handle,
            "did": person.id,
            "didDoc": did_document(person, self._host),
            "collections": ["app.bsky.actor.profile", POST],
            "handleIsCorrect": True,
        }

    def _list_records(self, params: Params) -> Json:
        person = self._actor(params, "repo")
        if params["collection"] == "app.bsky.actor.profile":
            return {"records": [profile_record(person)]}
        posts = self._repos.get(person.id, []) if params["collection"] == POST else []
        reverse, cursor = params.get("reverse", False), cast(str, params.get("cursor", ""))
        ordered = posts[::-1] if reverse else posts
        if cursor:
            ordered = [post for post in ordered if (_key(post) > cursor if reverse else _key(post) < cursor)]
        page = ordered[: cast(int, params["limit"])]
        records = [{"uri": post.id, "cid": cid_of(post), "value": post_record(post)} for post in page]
        # The real server gives a cursor with every page that holds something, so the last one leads to an empty page.
        return {"records": records, "cursor": _key(page[-1])} if page else {"records": []}

    def _profiles(self, params: Params) -> Json:
        found = (self._find(actor) for actor in cast("list[str]", params["actors"]))
        return {"profiles": [self._views.profile(person) for person in found if person is not None]}

    def _named_posts(self, params: Params) -> Json:
        found = (self._posts.get(uri) for uri in cast("list[str]", params["uris"]))
        return {"posts": [self._views.post(post) for post in found if post is not None]}

    def _quotes(self, params: Params) -> Json:
        uri = cast(str, params["uri"])
        page, cursor = _slice(self._views.quotes(uri), params)
        return {"uri": uri, "posts": [self._views.post(post) for post in page], **cursor}

    def _thread(self, params: Params) -> Json:
        uri = cast(str, params["uri"])
        post = self._posts.get(uri)
        if post is None:
            raise RequestError(400, "NotFound", f"Post not found: {uri}")
        return {"thread": self._views.thread(post, cast(int, params["depth"]), cast(int, params["parentHeight"]))}

    def _search(self, params: Params) -> Json:
        posts = self._found(cast(str, params["q"]))
        if "mentions" in params:
            person = self._find(cast(str, params["mentions"]))
            listed = {post.id for post in self._mentions.get(person.id, ())} if person else set()
            posts = [post for post in posts if post.id in listed]
        if "author" in params:
            posts = [post for post in posts if params["author"] in (post.author.id, post.author.handle)]
        if "lang" in params:
            posts = [post for post in posts if post.lang == params["lang"]]
        if {"domain", "url", "tag"} & params.keys():
            posts = []
        since, until = _moment(params.get("since"), 0), _moment(params.get("until"), 1 << 62)
        posts = [post for post in posts if since <= post.sent_at < until]
        page, cursor = _slice(posts[: self._world.search_cap], params)
        return {"posts": [self._views.post(post) for post in page], "hitsTotal": len(posts), **cursor}

    def _found(self, query: str) -> list[Post]:
        """Posts in which every word of the query stands, newest first; `*` stands for anything."""
        if query.strip() == "*":
            return self._newest
        words = _words(query)
        if not words:
            return []
        first, *others = sorted(words, key=lambda word: len(self._words.get(word, ())))
        return [post for post in self._words.get(first, ()) if all(word in _words(post.text) for word in others)]

    def _notifications(self, params: Params, viewer: str | None) -> Json:
        if viewer is None:
            raise RequestError(401, "AuthMissing", "Authentication Required")
        wanted = params.get("reasons")
        found = []
        for post in self._newest:
            reason = _reason(post, viewer)
            if reason and post.author.id != viewer and (not wanted or reason in cast("list[str]", wanted)):
                found.append((post, reason))
        page, cursor = _slice(found, params)
        profiles = {post.author.id: self._views.profile(post.author) for post, _ in page}
        return {"notifications": [notification(post, reason, profiles[post.author.id]) for post, reason in page], **cursor}


def _reason(post: Post, viewer: str) -> str | None:
    if post.parent is not None and post.parent.author.id == viewer:
        return "reply"
    if post.quoted is not None and post.quoted.author.id == viewer:
        return "quote"
    return "mention" if any(mention.id == viewer for mention in post.mentions) else None


def _key(post: Post) -> str:
    return post.id.rpartition("/")[2]


def _words(text: str) -> set[str]:
    """Words as the search knows them: folded, without the @ and without a full stop at the end.

    >>> sorted(_words("Hello @Acme.test."))
    ['acme.test', 'hello']
    """
    return {word.strip(".'") for word in _WORD.findall(text.casefold())} - {""}


def _slice(items: Sequence[_Item], params: Params) -> tuple[Sequence[_Item], dict[str, str]]:
    """One page by an offset cursor, and the cursor of the next, if there is one."""
    cursor = cast(str, params.get("cursor", ""))
    if not cursor.isdigit() and cursor:
        raise RequestError(500, "InternalServerError", "Internal Server Error")
    page, following = slice_of(items, cast(int, params["limit"]), cursor)
    return page, {"cursor": following} if following else {}


def _moment(text: object, absent: int) -> int:
    if text is None:
        return absent
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        raise invalid(f"Error: invalid datetime: {str(text)[:40]}") from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
