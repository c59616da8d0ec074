"""Writes posts: ids, clocks, facets and the words of a template, all drawn from one seeded source."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from socialbench.demo import phrases
from socialbench.demo.ids import POST, SHAPES, content_id, created_text, did_for, post_uri, record_key
from socialbench.demo.world import STARTS_AT, Mention, Person, Post
from socialbench.model import DAY_MS, How, Json

_HANDLE = re.compile(r"@([\w.\-]*\w)")
_MINUTE_MS = 60_000


@dataclass(slots=True)
class Draft:
    """A post before it has an id. `linked`: the handles in the text that become facets, by folded name."""

    author: Person
    at: int
    text: str
    parent: Post | None = None
    quoted: Post | None = None
    linked: Mapping[str, str] = field(default_factory=dict)
    addressed: Mapping[str, How] = field(default_factory=dict)
    automated: bool = False
    deleted: bool = False
    lang: str = "en"


def facets(text: str, linked: Mapping[str, str]) -> tuple[Mention, ...]:
    """Where the handles of `linked` (folded handle -> DID) stand in the text, in bytes of its UTF-8.

    >>> facets("Hé @A.test", {"a.test": "did:plc:a"})
    (Mention(start=4, end=11, did='did:plc:a'),)
    """
    found = []
    for match in _HANDLE.finditer(text):
        did = linked.get(match.group(1).casefold())
        if did is not None:
            start = len(text[: match.start()].encode())
            found.append(Mention(start, start + len(match.group().encode()), did))
    return tuple(found)


def post_record(post: Post) -> Json:
    """The record as it lies in its author's repository (`app.bsky.feed.post`)."""
    record: dict[str, Json] = {"$type": POST, "createdAt": post.created, "langs": [post.lang], "text": post.text}
    if post.mentions:
        record["facets"] = [
            {
                "$type": "app.bsky.richtext.facet",
                "index": {"byteStart": mention.start, "byteEnd": mention.end},
                "features": [{"$type": "app.bsky.richtext.facet#mention", "did": mention.did}],
            }
            for mention in post.mentions
        ]
    if post.parent is not None:
        record["reply"] = {"root": strong_ref(post.root), "parent": strong_ref(post.parent)}
    if post.quoted is not None:
        record["embed"] = {"$type": "app.bsky.embed.record", "record": strong_ref(post.quoted)}
    return record


def strong_ref(post: Post) -> Json:
    """A reference to one version of a post."""
    return {"uri": post.uri, "cid": post.cid}


class Pen:
    """Writes for one seeded source of chance; keeps what it wrote in `posts`."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.posts: list[Post] = []
        self._keys: set[tuple[str, str]] = set()

    def write(self, draft: Draft) -> Post:
        """Give a draft its id, its clocks and its facets."""
        micros = self.rng.randrange(1000)
        claimed = max(STARTS_AT, draft.at + draft.author.skew_ms)
        created, created_at = created_text(claimed, draft.author.shape, micros)
        blank = Post(
            uri=self._uri(draft.author.did, claimed * 1000 + micros),
            cid="",
            author=draft.author,
            text=draft.text,
            created=created,
            created_at=created_at,
            indexed_at=draft.at + self._lag(),
            lang=draft.lang,
            parent=draft.parent,
            quoted=draft.quoted,
            mentions=facets(draft.text, draft.linked),
            addressed=dict(draft.addressed),
            automated=draft.automated,
            deleted=draft.deleted,
        )
        post = replace(blank, cid=content_id(post_record(blank)))
        self.posts.append(post)
        return post

    def words(self, templates: Sequence[str], lang: str, **slots: str) -> str:
        """One of the templates with its slots filled."""
        rng = self.rng
        filled = {
            "n": str(rng.randrange(10, 99_999)),
            "place": rng.choice(phrases.PLACES),
            "day": rng.choice(phrases.DAYS[lang]),
            "sign": "^" + rng.choice("ABCDEFG") + rng.choice("KLMNOP"),
            **slots,
        }
        return rng.choice(templates).format(**filled)

    def _uri(self, did: str, micros: int) -> str:
        clock = sum(did.encode()) & 1023
        while (did, record_key(micros, clock)) in self._keys:
            micros += 1
        key = record_key(micros, clock)
        self._keys.add((did, key))
        return post_uri(did, key)

    def _lag(self) -> int:
        """Milliseconds until the network has seen a post: mostly a moment, now and then minutes."""
        luck = self.rng.random()
        if luck < 0.92:
            return self.rng.randrange(150, 2_500)
        return self.rng.randrange(3_000, 60_000) if luck < 0.99 else self.rng.randrange(60_000, 340_000)


def customer(rng: Random, seed: int, number: int, lang: str) -> Person:
    """An invented customer; `seed` and `number` make the account, `rng` everything else about it."""
    first, last = rng.choice(phrases.FIRST_NAMES), rng.choice(phrases.LAST_NAMES)
    skew = 0 if rng.random() < 0.8 else rng.randrange(-45_000, 60_000)
    return Person(
        did=did_for(f"{seed}/customer/{number}"),
        handle=f"{last.lower()}-{number:05d}.test",
        display_name=f"{first} {last}",
        followers=int(rng.lognormvariate(4.2, 1.4)),
        following=int(rng.lognormvariate(4.5, 1.0)),
        joined_at=STARTS_AT - rng.randrange(30, 1000) * DAY_MS - rng.randrange(1440) * _MINUTE_MS,
        skew_ms=skew,
        shape=rng.choices(SHAPES, weights=(70, 12, 9, 9))[0],
        lang=lang,
    )
