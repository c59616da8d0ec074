"""Writes posts: ids, clocks, links to accounts and the words of a template, all drawn from one seeded source."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from socialbench.demo import phrases
from socialbench.demo.ids import SHAPES, account_id, comment_id, post_uri, record_key, snowflake, status_id
from socialbench.demo.manners import MANNERS
from socialbench.demo.world import STARTS_AT, Mention, Person, Post
from socialbench.model import DAY_MS, How

_HANDLE = re.compile(r"@([\w.\-]*\w(?:@[\w.\-]*\w)?)")
_MINUTE_MS = 60_000


@dataclass(slots=True)
class Draft:
    """A post before it has an id. `linked`: the handles in the text that become links, by folded name."""

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
    title: str = ""


def facets(text: str, linked: Mapping[str, str]) -> tuple[Mention, ...]:
    """Where the handles of `linked` (folded handle -> account's id) stand in the text, in bytes of its UTF-8.

    >>> facets("Hé @A.test", {"a.test": "did:plc:a"})
    (Mention(start=4, end=11, id='did:plc:a'),)
    """
    found = []
    for match in _HANDLE.finditer(text):
        did = linked.get(match.group(1).casefold())
        if did is not None:
            start = len(text[: match.start()].encode())
            found.append(Mention(start, start + len(match.group().encode()), did))
    return tuple(found)


class Pen:
    """Writes for one seeded source of chance; keeps what it wrote in `posts`."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.posts: list[Post] = []
        self._ids: set[str] = set()

    def write(self, draft: Draft) -> Post:
        """Give a draft its id, its clocks and its links."""
        author, manner = draft.author, MANNERS[draft.author.network]
        micros = self.rng.randrange(1000)
        claimed = max(STARTS_AT, draft.at + author.skew_ms)
        grain = 1000 if author.shape == "seconds" else manner.grain_ms
        created_at = claimed - claimed % grain
        post = Post(
            id=self._id(draft, claimed, micros),
            author=author,
            text=draft.text,
            created_at=created_at,
            indexed_at=draft.at + self._lag() if manner.own_clocks else created_at,
            lang=draft.lang,
            micros=micros,
            parent=draft.parent,
            quoted=draft.quoted,
            mentions=facets(draft.text, draft.linked),
            addressed=dict(draft.addressed),
            automated=draft.automated,
            deleted=draft.deleted,
            title=draft.title,
        )
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

    def _id(self, draft: Draft, at: int, micros: int) -> str:
        """An id that nothing else of the account bears. Boards count for themselves, in the order of time: see there."""
        author = draft.author
        while (id_ := _minted(draft, at, micros)) in self._ids:
            micros += 1
        self._ids.add(id_)
        return f"{author.home}/{len(self.posts)}" if author.network == "discourse" else id_

    def _lag(self) -> int:
        """Milliseconds until the network has seen a post: mostly a moment, now and then minutes."""
        luck = self.rng.random()
        if luck < 0.92:
            return self.rng.randrange(150, 2_500)
        return self.rng.randrange(3_000, 60_000) if luck < 0.99 else self.rng.randrange(60_000, 340_000)


def _minted(draft: Draft, at: int, micros: int) -> str:
    author = draft.author
    low = sum(place * byte for place, byte in enumerate(author.id.encode(), 1)) * 1024 + micros
    if author.network == "x":
        return snowflake(at, low)
    if author.network == "mastodon":
        return status_id(at, low)
    if author.network == "bluesky":
        return post_uri(author.id, record_key(at * 1000 + micros, sum(author.id.encode()) & 1023))
    return comment_id(f"{author.id}/{at}/{micros}", draft.parent.root.id if draft.parent else "")


def customer(rng: Random, seed: int, number: int, lang: str, place: tuple[str, str] = ("bluesky", "")) -> Person:
    """An invented customer; `seed` and `number` make the account on `place` (network and home), `rng` all else."""
    network, home = place
    first, last = rng.choice(phrases.FIRST_NAMES), rng.choice(phrases.LAST_NAMES)
    skew = 0 if rng.random() < 0.8 else rng.randrange(-45_000, 60_000)
    person = Person(
        id=account_id(network, f"{seed}/customer/{number}", 20 + number % 1000),
        handle=_handle(last.lower(), number, network),
        display_name=f"{first} {last}",
        followers=int(rng.lognormvariate(4.2, 1.4)),
        following=int(rng.lognormvariate(4.5, 1.0)),
        joined_at=STARTS_AT - rng.randrange(30, 1000) * DAY_MS - rng.randrange(1440) * _MINUTE_MS,
        skew_ms=skew,
        shape=rng.choices(SHAPES, weights=(70, 12, 9, 9))[0],
        lang=lang,
    )
    if MANNERS[network].own_clocks:
        return person
    return replace(person, skew_ms=0, shape=SHAPES[0], network=network, home=home)


def _handle(name: str, number: int, network: str) -> str:
    if network == "bluesky":
        return f"{name}-{number:05d}.test"
    # On Mastodon every third lives on a server of somebody else.
    elsewhere = "@fernpost.test" if network == "mastodon" and number % 3 == 0 else ""
    return f"{name[:9]}_{number:05d}{elsewhere}"
