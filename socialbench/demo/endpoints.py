"""What the simulated network answers to each method."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar, cast

from socialbench.demo.ids import POST
from socialbench.demo.parameters import Params, RequestError, invalid
from socialbench.demo.pen import post_record
from socialbench.demo.views import Views, did_document, notification, profile_record
from socialbench.demo.world import Person, Post, World, visible
from socialbench.model import Json

PASSWORD = "demo"  # noqa: S105 - the only password of an invented network
_WORD = re.compile(r"[^\s@,;:!?()\"]+")
_Item = TypeVar("_Item")


class Endpoints:
    """Answers for one world; `host` is the address that it gives out as everybody's data server."""

    def __init__(self, world: World, host: str) -> None:
        self.host = host
        self._world = world
        self._views = Views(world)
        self._by_handle = {person.handle: person for person in world.people.values()}
        self._posts = {post.uri: post for post in visible(world.posts)}
        self._newest = sorted(self._posts.values(), key=lambda post: (post.sent_at, post.uri), reverse=True)
        self._repos: dict[str, list[Post]] = {}
        self._mentions: dict[str, list[Post]] = {}
        self._words: dict[str, list[Post]] = {}
        for post in self._newest:
            self._repos.setdefault(post.author.did, []).append(post)
            for did in {mention.did for mention in post.mentions}:
                self._mentions.setdefault(did, []).append(post)
            for word in _words(post.text):
                self._words.setdefault(word, []).append(post)
        for posts in self._repos.values():
            posts.sort(key=lambda post: post.uri, reverse=True)
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

    def answer(self, method: str, params: Params, viewer: str | None) -> Json:
        """The answer to a request with checked parameters; `viewer` is the DID of who asks, if known."""
        if method == "app.bsky.notification.listNotifications":
            return self._notifications(params, viewer)
        return self._answers[method](params)

    def document(self, did: str) -> Json | None:
        """The DID document, or None where there is no such account."""
        person = self._world.people.get(did)
        return None if person is None else did_document(person, self.host)

    def session(self, identifier: str, password: str) -> Json:
        """`com.atproto.server.createSession`; the tokens are worth nothing elsewhere."""
        person = self._find(identifier)
        if person is None or password != PASSWORD:
            raise RequestError(401, "AuthenticationRequired", "Invalid identifier or password")
        return {
            "accessJwt": f"access.{person.did}",
            "refreshJwt": f"refresh.{person.did}",
            "handle": person.handle,
            "did": person.did,
            "didDoc": did_document(person, self.host),
            "active": True,
        }

    def _find(self, name: str) -> Person | None:
        return self._world.people.get(name) or self._by_handle.get(name.casefold())

    def _actor(self, params: Params, field: str) -> Person:
        person = self._find(cast(str, params[field]))
        if person is None:
            raise invalid("Profile not found" if field == "actor" else f"Could not find repo: {params[field]}")
        return person

    def _resolve_handle(self, params: Params) -> Json:
        person = self._by_handle.get(cast(str, params["handle"]).casefold())
        if person is None:
            raise invalid("Unable to resolve handle")
        return {"did": person.did}

    def _describe_repo(self, params: Params) -> Json:
        person = self._actor(params, "repo")
        return {
            "handle": person.handle,
            "did": person.did,
            "didDoc": did_document(person, self.host),
            "collections": ["app.bsky.actor.profile", POST],
            "handleIsCorrect": True,
        }

    def _list_records(self, params: Params) -> Json:
        person = self._actor(params, "repo")
        if params["collection"] == "app.bsky.actor.profile":
            return {"records": [profile_record(person)]}
        posts = self._repos.get(person.did, []) if params["collection"] == POST else []
        reverse, cursor = params.get("reverse", False), cast(str, params.get("cursor", ""))
        ordered = posts[::-1] if reverse else posts
        if cursor:
            ordered = [post for post in ordered if (_key(post) > cursor if reverse else _key(post) < cursor)]
        page = ordered[: cast(int, params["limit"])]
        records = [{"uri": post.uri, "cid": post.cid, "value": post_record(post)} for post in page]
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
            listed = {post.uri for post in self._mentions.get(person.did, ())} if person else set()
            posts = [post for post in posts if post.uri in listed]
        if "author" in params:
            posts = [post for post in posts if params["author"] in (post.author.did, post.author.handle)]
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
            if reason and post.author.did != viewer and (not wanted or reason in cast("list[str]", wanted)):
                found.append((post, reason))
        page, cursor = _slice(found, params)
        profiles = {post.author.did: self._views.profile(post.author) for post, _ in page}
        return {"notifications": [notification(post, reason, profiles[post.author.did]) for post, reason in page], **cursor}


def _reason(post: Post, viewer: str) -> str | None:
    if post.parent is not None and post.parent.author.did == viewer:
        return "reply"
    if post.quoted is not None and post.quoted.author.did == viewer:
        return "quote"
    return "mention" if any(mention.did == viewer for mention in post.mentions) else None


def _key(post: Post) -> str:
    return post.uri.rpartition("/")[2]


def _words(text: str) -> set[str]:
    """Words as the search knows them: folded, without the @ and without a full stop at the end.

    >>> sorted(_words("Hello @Acme.test."))
    ['acme.test', 'hello']
    """
    return {word.strip(".'") for word in _WORD.findall(text.casefold())} - {""}


def _slice(items: Sequence[_Item], params: Params) -> tuple[Sequence[_Item], dict[str, str]]:
    """One page by an offset cursor, and the cursor of the next, if there is one."""
    cursor = cast(str, params.get("cursor", "")) or "0"
    if not cursor.isdigit():
        raise RequestError(500, "InternalServerError", "Internal Server Error")
    start, limit = int(cursor), cast(int, params["limit"])
    more = start + limit < len(items)
    return items[start : start + limit], {"cursor": str(start + limit)} if more else {}


def _moment(text: object, absent: int) -> int:
    if text is None:
        return absent
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        raise invalid(f"Error: invalid datetime: {str(text)[:40]}") from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
