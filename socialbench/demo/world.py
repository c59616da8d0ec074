"""The simulated world: people, brands and every public post, frozen once it is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from socialbench.demo.roster import SEARCH_CAP, BrandSpec
from socialbench.model import How, Window


def _at(year: int, month: int, day: int, hour: int = 0) -> int:
    return int(datetime(year, month, day, hour, tzinfo=UTC).timestamp()) * 1000


STARTS_AT = _at(2026, 9, 24)
"""When the world begins: less than a week before the period, so that the period's first threads are whole."""
TALK_ENDS_AT = _at(2026, 11, 1)
"""After this nobody opens a new conversation."""
ENDS_AT = _at(2026, 11, 8)
"""After this nobody says anything: every opener of the period has been watched for seven days."""
ZONE = "Europe/London"
PERIOD_NAME = "2026-10"
PERIOD = Window(_at(2026, 9, 30, 23), _at(2026, 11, 1))
"""October 2026 in London: it begins in summer time and ends in winter time."""


@dataclass(frozen=True, slots=True)
class Person:
    """An account on one network, a customer's or a brand's (`brand` names it).

    `id` is in the network's own form; `home`: the server or board within which it is unique, '' where the network is
    one. `skew_ms`: how far its clock is ahead. `shape`: how its program writes times, where programs do.
    """

    id: str
    handle: str
    display_name: str
    followers: int = 0
    following: int = 0
    joined_at: int = STARTS_AT
    brand: str | None = None
    skew_ms: int = 0
    shape: str = "milliseconds"
    lang: str = "en"
    network: str = "bluesky"
    home: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A link in a text: bytes [start, end) name the account `id`."""

    start: int
    end: int
    id: str


@dataclass(frozen=True, slots=True, eq=False)
class Post:
    """One message on its author's network, with what the world knows of it and no reader can see.

    `id` is in the network's own form. `created_at` (ms) is what the author's program claims, `micros` the digits below
    it; `indexed_at` when the network saw it. `addressed`: which brands it speaks to and how. `automated`: a machine
    wrote it. `deleted`: it is gone, and only replies still name it. `title`: where it opens a topic.
    """

    id: str
    author: Person
    text: str
    created_at: int
    indexed_at: int
    lang: str
    micros: int = 0
    parent: Post | None = None
    quoted: Post | None = None
    mentions: tuple[Mention, ...] = ()
    addressed: Mapping[str, How] = field(default_factory=dict)
    automated: bool = False
    deleted: bool = False
    title: str = ""

    @property
    def network(self) -> str:
        """Where it stands."""
        return self.author.network

    @property
    def sent_at(self) -> int:
        """The moment that a careful reader takes: the client's claim, but never after the network saw the post."""
        return min(self.created_at, self.indexed_at)

    @property
    def root(self) -> Post:
        """The post at the top of the thread; a post that answers nothing is its own."""
        top = self
        while top.parent is not None:
            top = top.parent
        return top


@dataclass(frozen=True, slots=True)
class World:
    """Everything there is. `blocks`: pairs of accounts (by id) of which one has blocked the other."""

    seed: int
    specs: tuple[BrandSpec, ...]
    people: tuple[Person, ...]
    posts: Sequence[Post]
    blocks: frozenset[tuple[str, str]] = frozenset()
    search_cap: int = SEARCH_CAP

    def accounts(self, brand: str, network: str = "bluesky") -> tuple[Person, ...]:
        """A brand's own accounts on a network, the general one first."""
        return tuple(person for person in self.people if person.brand == brand and person.network == network)

    def shown(self, network: str, home: str = "") -> list[Post]:
        """The posts that still stand on a network's server or board, in the order of their times."""
        return [post for post in visible(self.posts) if post.network == network and post.author.home == home]

    def capped(self, brand: str) -> bool:
        """Whether Bluesky's search cannot show all that is said to one of the brand's accounts."""
        return any(
            sum(account.id in {mention.id for mention in post.mentions} for post in self.shown("bluesky")) > self.search_cap
            for account in self.accounts(brand)
        )

    def blocked(self, one: str, other: str) -> bool:
        """Whether either account has blocked the other."""
        return (one, other) in self.blocks or (other, one) in self.blocks


def visible(posts: Iterable[Post]) -> list[Post]:
    """The posts that are still there."""
    return [post for post in posts if not post.deleted]
