"""The world in the shapes of `app.bsky.*` answers: profiles, post views, threads."""

from __future__ import annotations

from functools import lru_cache

from socialbench.demo.ids import content_id, indexed_text
from socialbench.demo.pen import post_record
from socialbench.demo.world import Person, Post, World
from socialbench.model import Json


class Views:
    """Builds answers for one world; what does not change is built once."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._replies: dict[str, list[Post]] = {}
        self._quotes: dict[str, list[Post]] = {}
        self._posts_of: dict[str, int] = {}
        for post in world.posts:
            if post.deleted:
                continue
            self._posts_of[post.author.did] = self._posts_of.get(post.author.did, 0) + 1
            if post.parent is not None:
                self._replies.setdefault(post.parent.uri, []).append(post)
            if post.quoted is not None:
                self._quotes.setdefault(post.quoted.uri, []).append(post)
        self.post = lru_cache(maxsize=None)(self._post)

    def quotes(self, uri: str) -> list[Post]:
        """Posts that quote a post, newest first."""
        return self._quotes.get(uri, [])[::-1]

    def profile(self, person: Person) -> Json:
        """`app.bsky.actor.defs#profileViewDetailed`."""
        return {
            **_basic(person),
            "description": "Simulated account of the socialbench demo",
            "followersCount": person.followers,
            "followsCount": person.following,
            "postsCount": self._posts_of.get(person.did, 0),
            "indexedAt": indexed_text(person.joined_at),
        }

    def _post(self, post: Post) -> Json:
        """`app.bsky.feed.defs#postView`."""
        view = {
            "uri": post.uri,
            "cid": post.cid,
            "author": _basic(post.author),
            "record": post_record(post),
            "bookmarkCount": 0,
            "replyCount": len(self._replies.get(post.uri, ())),
            "repostCount": 0,
            "likeCount": int(post.cid[-1] in "abcd") + int(post.cid[-2] in "abcdefgh"),
            "quoteCount": len(self._quotes.get(post.uri, ())),
            "indexedAt": indexed_text(post.indexed_at),
            "labels": [],
        }
        if post.quoted is not None:
            view["embed"] = {"$type": "app.bsky.embed.record#view", "record": self._quoted(post.quoted)}
        return view

    def thread(self, post: Post, depth: int, parent_height: int) -> Json:
        """`app.bsky.feed.defs#threadViewPost` with `depth` levels of replies below and `parent_height` posts above."""
        view = self._below(post, depth)
        above = self._above(post, parent_height)
        if above is not None:
            view["parent"] = above
        return view

    def _below(self, post: Post, depth: int) -> Json:
        view: dict[str, Json] = {"$type": "app.bsky.feed.defs#threadViewPost", "post": self.post(post), "threadContext": {}}
        if depth > 0:
            view["replies"] = [
                _blocked(reply) if self._world.blocked(reply.author.did, post.author.did) else self._below(reply, depth - 1)
                for reply in self._replies.get(post.uri, ())
            ]
        return view

    def _above(self, post: Post, height: int) -> Json | None:
        above = post.parent
        if above is None or height <= 0:
            return None
        if above.deleted:
            return {"$type": "app.bsky.feed.defs#notFoundPost", "uri": above.uri, "notFound": True}
        if self._world.blocked(above.author.did, post.author.did):
            return _blocked(above)
        view = {"$type": "app.bsky.feed.defs#threadViewPost", "post": self.post(above), "threadContext": {}}
        parent = self._above(above, height - 1)
        return view if parent is None else {**view, "parent": parent}

    def _quoted(self, post: Post) -> Json:
        if post.deleted:
            return {"$type": "app.bsky.embed.record#viewNotFound", "uri": post.uri, "notFound": True}
        return {
            "$type": "app.bsky.embed.record#viewRecord",
            "uri": post.uri,
            "cid": post.cid,
            "author": _basic(post.author),
            "value": post_record(post),
            "labels": [],
            "indexedAt": indexed_text(post.indexed_at),
        }


def did_document(person: Person, host: str) -> Json:
    """The DID document of an account, as the PLC directory shows it; `host` is where its records live."""
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": person.did,
        "alsoKnownAs": [f"at://{person.handle}"],
        "verificationMethod": [],
        "service": [{"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": host}],
    }


def notification(post: Post, reason: str, profile: Json) -> Json:
    """`app.bsky.notification.listNotifications#notification`."""
    subject = post.parent if reason == "reply" else post.quoted
    return {
        "uri": post.uri,
        "cid": post.cid,
        "author": {key: profile[key] for key in ("did", "handle", "displayName", "description", "createdAt", "indexedAt")},
        "reason": reason,
        **({"reasonSubject": subject.uri} if reason in ("reply", "quote") and subject is not None else {}),
        "record": post_record(post),
        "isRead": False,
        "indexedAt": indexed_text(post.indexed_at),
        "labels": [],
    }


def profile_record(person: Person) -> Json:
    """The one record of `app.bsky.actor.profile` in an account's repository."""
    value = {"$type": "app.bsky.actor.profile", "displayName": person.display_name}
    return {"uri": f"at://{person.did}/app.bsky.actor.profile/self", "cid": content_id(value), "value": value}


def _basic(person: Person) -> Json:
    return {
        "did": person.did,
        "handle": person.handle,
        "displayName": person.display_name,
        "labels": [],
        "createdAt": indexed_text(person.joined_at),
    }


def _blocked(post: Post) -> Json:
    return {
        "$type": "app.bsky.feed.defs#blockedPost",
        "uri": post.uri,
        "blocked": True,
        "author": {"did": post.author.did},
    }
