"""The words that all rooms share: frozen, typed, without behaviour.

Moments are UTC in whole milliseconds since 1970 and end in `_at`; durations are seconds and end in `_s`.
Ids are text as the network gives them. `origin` is the host, site or sample within which ids are unique,
'' where the network is one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

Json = Any
"""A decoded JSON value as a network gave it."""

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


class Role(StrEnum):
    """What a handle is for."""

    BRAND = "brand"
    SUPPORT = "support"


class How(IntEnum):
    """How a message is addressed to an account; where several fit, the lowest number holds."""

    REVIEW = 0
    POST = 1
    REPLY = 2
    QUOTE = 3
    LEADING = 4
    CARRIED = 5
    IN_TEXT = 6


class Basis(IntEnum):
    """Whether the listing that found a message depends on the brand having answered; the lowest number holds."""

    INDEPENDENT = 0
    ANSWERED_ONLY = 1
    CONTEXT = 2


class Linking(IntEnum):
    """What a message says about the one it answers."""

    PARENT = 0
    """The id of the message answered, or none because it answers none."""
    THREAD = 1
    """Only the thread (`root_id`) that it belongs to."""
    NONE = 2
    """Nothing: the source has no links at all."""


class Gone(IntEnum):
    """Why a message can no longer be seen."""

    BY_AUTHOR = 0
    BY_BRAND = 1
    UNKNOWN = 2


class Kind(IntEnum):
    """What a customer's message is."""

    QUESTION = 0
    REQUEST = 1
    COMPLAINT = 2
    PRAISE = 3
    THANKS = 4
    OTHER = 5


class ReplyKind(IntEnum):
    """What a brand's reply is; whether it is automatic is decided over all of its replies."""

    SUBSTANTIVE = 0
    HANDOFF_PRIVATE = 1
    HANDOFF_LINK = 2
    ACKNOWLEDGEMENT = 3


KIND_BITS = 15
REPLY_KIND_SHIFT = 4
DISMISSED = 256
"""A stored code of a message: its `Kind`, its `ReplyKind` from the fourth bit on (a message is inbound to one brand and
may be outbound of another; KIND_BITS where only customers could have written it), and whether it needs no response
though it is addressed to a brand."""


class Order(StrEnum):
    """In which order a listing comes."""

    NEWEST_FIRST = "newest_first"
    OLDEST_FIRST = "oldest_first"
    NONE = "none"


class Direction(StrEnum):
    """Whose messages a stream lists."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    BOTH = "both"


class Over(StrEnum):
    """What a stream runs over; the sweep supplies these subjects."""

    HANDLE = "handle"
    OWN_POSTS = "own_posts"
    OPEN_THREADS = "open_threads"
    KNOWN_IDS = "known_ids"


@dataclass(frozen=True, slots=True)
class Handle:
    """An account of a brand on a network, as the YAML names it.

    `origin` is None where the network has one origin or any will do. `credentials` is the prefix of its
    environment variables (`ACME_FB` reads `ACME_FB_TOKEN`), None for `SOCIALBENCH_<NETWORK>`.
    """

    network: str
    name: str
    role: Role = Role.BRAND
    origin: str | None = None
    url: str | None = None
    credentials: str | None = None
    options: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Brand:
    """One row of the ranking. `hours` is the stated opening time, `zone` its IANA zone."""

    name: str
    sector: str | None
    handles: tuple[Handle, ...]
    hours: str | None = None
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """An account as a network shows it. `host` is where its records live, where that differs."""

    network: str
    origin: str
    id: str
    name: str | None = None
    display_name: str | None = None
    followers: int | None = None
    following: int | None = None
    posts: int | None = None
    created_at: int | None = None
    bot: bool | None = None
    host: str | None = None


@dataclass(frozen=True, slots=True)
class Stream:
    """One listing of a network, and what it can claim.

    `independent`: it would show a message whether or not the brand answered. `cap`: items after which the
    network stops without a word. `filters_since`: the network itself leaves out what is older than the window.
    `needs_credentials`: left out of a sweep, with a word, when there are none.
    """

    name: str
    direction: Direction
    over: Over
    order: Order
    independent: bool = True
    cap: int | None = None
    filters_since: bool = False
    needs_credentials: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """Half-open [since_at, until_at); None is open."""

    since_at: int | None = None
    until_at: int | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What one page request is about: an account, and for threads and posts the message's id."""

    account: Account
    handle: Handle
    id: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer. `token` leads to the next page; None and '' mean the end. `capped`: the network said it cut."""

    items: Sequence[Json]
    token: str | None = None
    capped: bool = False
    missing: bool = False
    """The subject itself is gone (a deleted post, a blocked thread)."""
    unread: tuple[str, ...] = ()
    """Threads of this listing that the network lists and does not answer for, by the ids of their first messages."""


@dataclass(frozen=True, slots=True)
class Address:
    """A message speaks to an account, known by id, or by name alone where the text is all there is."""

    how: How
    account_id: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One public text by one author. `parent_id` is the message answered, `root_id` the top of its thread.

    `author_id` None: the network names no author; each such message is its own author. `aliases` are further
    ids of the same message (edit histories). `context`: fetched only because another message points at it.
    `counts`: engagement (likes, replies, reposts, quotes) at the time of fetching.
    """

    network: str
    origin: str
    id: str
    sent_at: int
    text: str
    author_id: str | None = None
    author_name: str | None = None
    author_display_name: str | None = None
    parent_id: str | None = None
    root_id: str | None = None
    quoted_id: str | None = None
    linking: Linking = Linking.PARENT
    addressed: tuple[Address, ...] = ()
    aliases: tuple[str, ...] = ()
    lang: str | None = None
    stars: int | None = None
    bot: bool | None = None
    author_followers: int | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    context: bool = False
    gone: Gone | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """From when to when everything visible was read ([since_at, until_at)), or was not (`gap`).

    `stream` names the listing ('import' for files), `subject` the message id of a post or thread ('' = the whole
    account). `reason` for a gap: 'cap', 'outage', 'refused', 'forbidden', 'closed', 'expired', 'stopped'.
    `assumed`: nobody stated it; it was taken from the newest row. `sample` is 'complete' or 'answered-only'.
    """

    network: str
    origin: str
    account_id: str
    stream: str
    direction: Direction
    since_at: int
    until_at: int
    subject: str = ""
    gap: bool = False
    reason: str = ""
    assumed: bool = False
    sample: str = "complete"


@dataclass(frozen=True, slots=True)
class Frames:
    """The narrow facts of a store, as measure wants them; the column tables are in `socialbench.store.frames`.

    `profiles`, `engagement` and `repeated` are None where nobody loaded them.
    """

    messages: pd.DataFrame
    addresses: pd.DataFrame
    accounts: pd.DataFrame
    coverage: pd.DataFrame
    spaces: pd.DataFrame
    profiles: pd.DataFrame | None = None
    engagement: pd.DataFrame | None = None
    repeated: pd.DataFrame | None = None
