"""Messages: keys for every id, stubs for ids not yet seen, and the newest facts of each message.

Of several sightings of a message the newest holds (`rank`); of ids that are one message (edit histories), that of the
greatest id. What it displaces stays as a version where its text or time differs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, select

from socialbench.model import Message
from socialbench.store import schema
from socialbench.store.rows import Row, execute_many, next_key, select_in, upsert
from socialbench.store.texts import clean, digest, text_hash

MessageId = tuple[int, str]
"""(space key, the network's id)"""

TEXT_FIELDS = ("text", "author_name", "author_display_name")
_MESSAGE_FIELDS = tuple(column.name for column in schema.message.columns)
_AUTHOR_FIELDS = ("followers", "bot")
_ROW_FIELDS = (*_MESSAGE_FIELDS, *TEXT_FIELDS, "message")

_M, _A, _T, _E = schema.message.c, schema.alias.c, schema.text.c, schema.engagement.c
_FIND_KEYS = select(_M.id, _M.key).where(_M.space == bindparam("space"))
_FIND_ALIASED = select(_A.id, _A.message).where(_A.space == bindparam("space"))
_FIND_ANY_ALIAS = select(_A.message).limit(1)
_LOAD_ROWS = select(schema.message, *(_T[name] for name in TEXT_FIELDS), _T.message).join(schema.text, _T.message == _M.key)
_LOAD_COUNTS = select(_E.message, _E.seen_at, _E.counts)
_ADD_STUBS = schema.message.insert()
_COUNTS = json.JSONEncoder(sort_keys=True)
_NO_NEWS = {"last_seen_at": 0, "kind": None, "kind_version": None}
"""That a message was seen again, or is labelled by other rules, is no change of it."""


@dataclass(slots=True)
class Saved:
    """What a save did: rows by key, and the keys that were new, changed or seen before."""

    rows: dict[int, Row] = field(default_factory=dict)
    seen_before: set[int] = field(default_factory=set)
    touched: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    versions: list[Row] = field(default_factory=list)


def read_message(message: Message, seen_at: int) -> Row:
    """The row of a message as this batch shows it, still without its id and its keys.

    A message shown as gone was last seen, for all we know, when it was sent.
    """
    gone = message.gone
    last_seen_at = seen_at if gone is None else min(seen_at, message.sent_at)
    told_of_author = message.bot is not None or message.author_followers is not None
    text = clean(message.text)
    return {
        "sent_at": message.sent_at,
        "first_seen_at": seen_at,
        "last_seen_at": last_seen_at,
        "gone": None if gone is None else int(gone),
        "gone_at": None if gone is None else seen_at,
        "linking": int(message.linking),
        "stars": message.stars,
        "lang": clean(message.lang) if message.lang else None,
        "bot": None if message.bot is None else int(message.bot),
        "followers": message.author_followers,
        "author_at": seen_at if told_of_author else None,
        "text_hash": text_hash(text),
        "kind": None,
        "kind_version": None,
        "text": text,
        "author_name": _nameless(message, message.author_name),
        "author_display_name": _nameless(message, message.author_display_name),
    }


def _nameless(message: Message, name: str | None) -> str | None:
    return clean(name) if name and message.author_id is None else None


def rank(row: Row) -> tuple[int, str, int, int, int, str, int, int]:
    """Of two sightings of one message the greater holds."""
    links = (row["parent"] is not None) + (row["author"] is not None)
    stars = -1 if row["stars"] is None else row["stars"]
    return len(row["id"]), row["id"], row["last_seen_at"], row["sent_at"], len(row["text"]), row["text"], stars, links


def join_sightings(one: Row, other: Row) -> tuple[Row, Row | None]:
    """Two sightings of one message as one row under the key of the first, and the version that the outdated one leaves.

    That an earlier id of an edit history is gone says nothing of the message.
    """
    new, old = (other, one) if rank(other) > rank(one) else (one, other)
    row = new | {"key": one["key"], "message": one["key"], "first_seen_at": min(one["first_seen_at"], other["first_seen_at"])}
    row |= _newest_author(one, other)
    # What a message answers does not change: a listing that does not tell it takes nothing away.
    row |= {name: new[name] if new[name] is not None else old[name] for name in ("parent", "root")}
    if new["id"] == old["id"]:
        row |= _newest_gone(one, other, row["last_seen_at"])
    if (new["text"], new["sent_at"]) == (old["text"], old["sent_at"]):
        return row, None
    return row, make_version(one["key"], old)


def make_version(key: int, row: Row) -> Row:
    """The outdated text and time of a message."""
    mark = digest(row["sent_at"], row["text"])
    return {"message": key, "digest": mark, "seen_at": row["last_seen_at"], "sent_at": row["sent_at"], "text": row["text"]}


def _newest_author(one: Row, other: Row) -> Row:
    def order(row: Row) -> tuple[int, ...]:
        return tuple(-1 if row[name] is None else row[name] for name in ("author_at", *_AUTHOR_FIELDS))

    newest = max(one, other, key=order)
    return {name: newest[name] for name in ("author_at", *_AUTHOR_FIELDS)}


def _newest_gone(one: Row, other: Row, last_seen_at: int) -> Row:
    marks = [(row["gone_at"], -row["gone"]) for row in (one, other) if row["gone_at"] is not None]
    if not marks or max(marks)[0] < last_seen_at:
        return {"gone": None, "gone_at": None}
    gone_at, gone = max(marks)
    return {"gone": -gone, "gone_at": gone_at}


def find_keys(connection: Connection, wanted: Iterable[MessageId]) -> dict[MessageId, int]:
    """The keys of ids that the store knows, through their aliases."""
    by_space: dict[int, list[str]] = {}
    for space, id_ in wanted:
        by_space.setdefault(space, []).append(id_)
    found: dict[MessageId, int] = {}
    has_aliases = connection.execute(_FIND_ANY_ALIAS).first() is not None
    for space, ids in by_space.items():
        found.update(((space, id_), key) for id_, key in select_in(connection, _FIND_KEYS, _M.id, ids, space=space))
        if has_aliases:
            also = select_in(connection, _FIND_ALIASED, _A.id, ids, space=space)
            found.update(((space, id_), key) for id_, key in also)
    return found


def load_rows(connection: Connection, keys: Iterable[int]) -> dict[int, Row]:
    """Messages seen before, with their texts, by key; stubs have no text and are left out."""
    found = select_in(connection, _LOAD_ROWS, _M.key, list(keys))
    return {row[0]: dict(zip(_ROW_FIELDS, row, strict=True)) for row in found}


def save_rows(connection: Connection, sightings: Sequence[Row], free: int) -> Saved:
    """Save the messages of a batch over what is known of them; keys from `free` on are new."""
    stored = load_rows(connection, {row["key"] for row in sightings if row["key"] < free})
    saved = Saved(rows=dict(stored), seen_before=set(stored))
    for sighting in sightings:
        key = sighting["key"]
        if key in saved.rows:
            saved.rows[key], version = join_sightings(saved.rows[key], sighting)
            saved.versions += [version] if version else []
        else:
            saved.rows[key] = sighting
    saved.touched = {key for key, row in saved.rows.items() if stored.get(key) != row}
    for key in saved.touched & saved.seen_before:
        if stored[key] | _NO_NEWS != saved.rows[key] | _NO_NEWS:
            saved.changed.add(key)
    _write(connection, saved, stored)
    return saved


def _write(connection: Connection, saved: Saved, stored: Mapping[int, Row]) -> None:
    rows = [saved.rows[key] for key in sorted(saved.touched)]
    upsert(connection, schema.message, rows)
    save_texts(connection, [row for row in rows if row["key"] not in stored or _text(row) != _text(stored[row["key"]])])
    upsert(connection, schema.version, saved.versions)


def save_texts(connection: Connection, rows: Sequence[Row]) -> None:
    """Save the texts of rows of messages."""
    upsert(connection, schema.text, rows)


def _text(row: Row) -> list[str | None]:
    return [row[name] for name in TEXT_FIELDS]


def save_stubs(connection: Connection, stubs: Mapping[MessageId, int]) -> None:
    """Give ids referred to, but never seen, a row that only has a key."""
    if stubs:
        rows = [{"key": key, "space": space, "id": id_} for (space, id_), key in stubs.items()]
        execute_many(connection, _ADD_STUBS, rows, ("key", "space", "id"))


def save_counts(connection: Connection, counts: Mapping[int, Mapping[str, int]], seen_before: set[int], seen_at: int) -> None:
    """Save the newest engagement of messages, with its time."""
    told = {key: (seen_at, _COUNTS.encode(dict(each))) for key, each in counts.items() if each}
    known = {row[0]: (row[1], row[2]) for row in select_in(connection, _LOAD_COUNTS, _E.message, told.keys() & seen_before)}
    newer = [(key, each) for key, each in told.items() if key not in known or each > known[key]]
    upsert(connection, schema.engagement, [{"message": key, "seen_at": each[0], "counts": each[1]} for key, each in newer])


def first_key(connection: Connection) -> int:
    """The first free key of a message."""
    return next_key(connection, schema.message.c.key)
