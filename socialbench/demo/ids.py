"""Identifiers as each network writes them, and the shapes in which programs write times."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone

from socialbench.model import Json

POST = "app.bsky.feed.post"
_SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"
_SNOWFLAKE_EPOCH = 1_288_834_974_657
_DAG_CBOR_SHA256 = b"\x01\x71\x12\x20"

SHAPES = ("milliseconds", "microseconds", "offset", "seconds")
"""How clients write `createdAt`; all four occur on the real network."""


def did_for(name: str) -> str:
    """A `did:plc:` that depends on nothing but `name`.

    >>> did_for("someone") == did_for("someone"), len(did_for("someone"))
    (True, 32)
    """
    digest = hashlib.sha256(name.encode()).digest()
    return "did:plc:" + base64.b32encode(digest).decode().lower()[:24]


def record_key(micros: int, clock: int) -> str:
    """A TID: 53 bits of microseconds and 10 bits of clock id, in 13 characters that sort as time does.

    >>> record_key(1_790_000_000_000_000, 7) < record_key(1_790_000_000_000_001, 0)
    True
    """
    number = (micros << 10) | (clock & 1023)
    return "".join(_SORTABLE[(number >> shift) & 31] for shift in range(60, -1, -5))


def content_id(record: Json) -> str:
    """A well-formed CID (version 1, dag-cbor, sha-256); the hash is over the record's JSON, not its CBOR.

    >>> content_id({"text": "hi"})[:7], len(content_id({"text": "hi"}))
    ('bafyrei', 59)
    """
    digest = hashlib.sha256(json.dumps(record, sort_keys=True).encode()).digest()
    return "b" + base64.b32encode(_DAG_CBOR_SHA256 + digest).decode().lower().rstrip("=")


def post_uri(did: str, key: str) -> str:
    """The at-uri of a post."""
    return f"at://{did}/{POST}/{key}"


def number_for(name: str, digits: int) -> str:
    """A decimal number of so many digits that depends on nothing but `name`.

    >>> len(number_for("someone", 10))
    10
    """
    span = 9 * 10 ** (digits - 1)
    return str(10 ** (digits - 1) + int.from_bytes(hashlib.sha256(name.encode()).digest()[:16]) % span)


def snowflake(at: int, low: int) -> str:
    """An id of X: ms since its epoch, and 22 bits below.

    >>> snowflake(1_790_000_000_123, 5)
    '2102038470972145669'
    """
    return str((at - _SNOWFLAKE_EPOCH) << 22 | low & 0x3FFFFF)


def status_id(at: int, low: int) -> str:
    """An id of Mastodon: ms, and 16 bits below.

    >>> int(status_id(1_790_000_000_123, 5)) >> 16
    1790000000123
    """
    return str(at << 16 | low & 0xFFFF)


def channel_id(name: str) -> str:
    """A channel's id: UC and 22 letters.

    >>> channel_id("someone")[:2], len(channel_id("someone"))
    ('UC', 24)
    """
    return "UC" + _letters(name, 22)


def comment_id(name: str, thread: str = "") -> str:
    """A comment's id on YouTube; a reply's is that of its thread, a dot and its own.

    >>> comment_id("a")[:2], len(comment_id("a")), comment_id("b", comment_id("a")).count(".")
    ('Ug', 26, 1)
    """
    return f"{thread}.9{_letters(name, 21)}" if thread else f"Ug{_letters(name, 17)}4AaABAg"


def _letters(name: str, count: int) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(name.encode()).digest()).decode()[:count]


def account_id(network: str, name: str, number: int) -> str:
    """An account's id on a network; on Discourse, where boards count for themselves, `number`."""
    if network == "bluesky":
        return did_for(name)
    if network == "youtube":
        return channel_id(f"{network}/{name}")
    return str(number) if network == "discourse" else number_for(f"{network}/{name}", 10 if network == "x" else 18)


def created_text(at: int, shape: str, micros: int) -> tuple[str, int]:
    """`createdAt` in one of `SHAPES`, and the moment in ms that a careful reader gets back from it.

    `micros` (0 to 999) are digits below the millisecond, for the shapes that show them.

    >>> created_text(1_790_000_000_123, "seconds", 0)
    ('2026-09-21T09:13:20-05:00', 1790000000000)
    >>> created_text(1_790_000_000_123, "offset", 45)
    ('2026-09-21T14:13:20.123045+00:00', 1790000000123)
    """
    moment = datetime.fromtimestamp(at // 1000, UTC)
    below = f"{at % 1000:03d}"
    if shape == "seconds":
        return moment.astimezone(timezone(timedelta(hours=-5))).isoformat(), at - at % 1000
    stem = moment.strftime("%Y-%m-%dT%H:%M:%S")
    if shape == "milliseconds":
        return f"{stem}.{below}Z", at
    return f"{stem}.{below}{micros:03d}" + ("Z" if shape == "microseconds" else "+00:00"), at


def indexed_text(at: int) -> str:
    """`indexedAt` as the AppView writes it."""
    return created_text(at, "milliseconds", 0)[0]
