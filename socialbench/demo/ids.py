"""Identifiers as the AT Protocol writes them: DIDs, record keys, content hashes, and the four shapes of `createdAt`."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone

from socialbench.model import Json

POST = "app.bsky.feed.post"
_SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"
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
