"""Bluesky's world as records and as `app.bsky.*` views: posts, profiles, threads."""

from __future__ import annotations

from functools import lru_cache

from socialbench.demo.ids import POST, content_id, created_text, indexed_text
from socialbench.demo.world import Person, Post, World
from socialbench.model import Json


def post_record(post: Post) -> Json:
    """The record as it lies in its author's repository (`app.bsky.feed.post`)."""
    created = created_text(post.created_at, post.author.shape, post.micros)[0]
    record: dict[str, Json] = {"$type": POST, "createdAt": created, "langs": [post.lang], "text": post.text}
    if post.mentions:
        record["facets"] = [
            {
                "$type": "app.bsky.richtext.facet",
                "index": {"byteStart": mention.start, "byteEnd": mention.end},
                "features": [{"$type": "app.bsky.richtext.facet#mention", "did": mention.id}],
            }
            for mention in post.mentions
        ]
    if post.parent is not None:
        record["reply"] = {"root": _strong_ref(post.root), "parent": _strong_ref(post.parent)}
    if post.quoted is not None:
        record["embed"] = {"$type": "app.bsky.embed.record", "record": _strong_ref(post.quoted)}
    return record


@lru_cache(maxsize=20_000)
def cid_of(post: Post) -> str:
    """The hash of a post's record."""
    return content_id(post_record(post))


def _strong_ref(post: Post) -> Json:
    return {"uri": post.id, "cid": cid_of(post)}


class Views:
    """Builds answers for one world; what does not change is built once."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._replies: dict[str, list[Post]] = {}
        self._quotes: dict[str, list[Post]] = {}
        self._posts_of: dict[str, int] = {}
        for post in world.shown("bluesky"):
            self._posts_of[post.author.id] = self._posts_of.get(post.author.id, 0) + 1
            if post.parent is not None:
                self._replies.setdefault(post.parent.id, []).append(post)
            if post.quoted is not None:
                self._quotes.setdefault(post.quoted.id, []).append(post)
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
            "postsCount": self._posts_of.get(person.id, 0),
            "indexedAt": indexed_text(person.joined_at),
        }

    def _post(self, post: Post) -> Json:
        """`app.bsky.feed.defs#postView`."""
        view = {
            "uri": post.id,
            "cid": cid_of(post),
            "author": _basic(post.author),
            "record": post_record(post),
            "bookmarkCount": 0,
            "replyCount": len(self._replies.get(post.id, ())),
            "repostCount": 0,
            "likeCount": int(cid_of(post)[-1] in "abcd") + int(cid_of(post)[-2] in "abcdefgh"),
            "quoteCount": len(self._quotes.get(post.id, ())),
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
                _blocked(reply) if self._world.blocked(reply.author.id, post.author.id) else self._below(reply, depth - 1)
                for reply in self._replies.get(post.id, ())
            ]
        return view

    def _above(self, post: Post, height: int) -> Json | None:
        above = post.parent
        if above is None or height <= 0:
            return None
        if above.deleted:
            return {"$type": "app.bsky.feed.defs#notFoundPost", "uri": above.id, "notFound": True}
        if self._world.blocked(above.author.id, post.author.id):
            return _blocked(above)
        view = {"$type": "app.bsky.feed.defs#threadViewPost", "post": self.post(above), "threadContext": {}}
        parent = self._above(above, height - 1)
        return view if parent is None else {**view, "parent": parent}

    def _quoted(self, post: Post) -> Json:
        if post.deleted:
            return {"$type": "app.bsky.embed.record#viewNotFound", "uri": post.id, "notFound": True}
        return {
            "$type": "app.bsky.embed.record#viewRecord",
            "uri": post.id,
            "cid": cid_of(post),
            "author": _basic(post.author),
            "value": post_record(post),
            "labels": [],
            "indexedAt": indexed_text(post.indexed_at),
        }


def did_document(person: Person, host: str) -> Json:
    """The DID document of an account, as the PLC directory shows it; `host` is where its records live."""
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": person.id,
        "alsoKnownAs": [f"at://{person.handle}"],
        "verificationMethod": [],
        "service": [{"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": host}],
    }


def notification(post: Post, reason: str, profile: Json) -> Json:
    """`app.bsky.notification.listNotifications#notification`."""
    subject = post.parent if reason == "reply" else post.quoted
    return {
        "uri": post.id,
        "cid": cid_of(post),
        "author": {key: profile[key] for key in ("did", "handle", "displayName", "description", "createdAt", "indexedAt")},
        "reason": reason,
        **({"reasonSubject": subject.id} if reason in ("reply", "quote") and subject is not None else {}),
        "record": post_record(post),
        "isRead": False,
        "indexedAt": indexed_text(post.indexed_at),
        "labels": [],
    }


def profile_record(person: Person) -> Json:
    """The one record of `app.bsky.actor.profile` in an account's repository."""
    value = {"$type": "app.bsky.actor.profile", "displayName": person.display_name}
    return {"uri": f"at://{person.id}/app.bsky.actor.profile/self", "cid": content_id(value), "value": value}


def _basic(person: Person) -> Json:
    return {
        "did": person.id,
        "handle": person.handle,
        "displayName": person.display_name,
        "labels": [],
        "createdAt": indexed_text(person.joined_at),
    }


def _blocked(post: Post) -> Json:
    return {
        "$type": "app.bsky.feed.defs#blockedPost",
        "uri": post.id,
        "blocked": True,
        "author": {"did": post.author.id},
    }
