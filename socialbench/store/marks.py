"""What a sweep or an import leaves beside the messages: raw answers, cursors, polls, deletions and the ledger."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping
from functools import cache

from sqlalchemy import Connection, and_, bindparam, or_, select

from socialbench.model import Gone
from socialbench.store import schema
from socialbench.store.batch import Cursor, Ledger, RawPage
from socialbench.store.rows import Upsert, execute_many, insert_into, insert_of, next_key, pieces, select_in, upsert
from socialbench.store.texts import clean, digest

_LEVEL = 1  # Level 6 makes an answer of 100 KB a fifth smaller and takes three times as long, on the way of every page.
_FIND_RAW = select(schema.raw.c.key).where(schema.raw.c.digest == bindparam("digest"))


def save_raw(connection: Connection, page: RawPage, space: int, account: int, messages: Collection[int]) -> None:
    """Keep an answer, compressed, and which messages it holds; the same answer twice is kept once."""
    mark = digest(space, account, page.stream, page.subject, page.url, page.fetched_at, page.body)
    if connection.execute(_FIND_RAW, {"digest": mark}).first():
        return
    key = next_key(connection, schema.raw.c.key)
    row = {
        "key": key,
        "space": space,
        "account": account,
        "stream": page.stream,
        "subject": clean(page.subject),
        "url": clean(page.url),
        "fetched_at": page.fetched_at,
        "expires_at": page.expires_at,
        "digest": mark,
        "body": zlib.compress(page.body, _LEVEL),
    }
    upsert(connection, schema.raw, [row])
    upsert(connection, schema.raw_message, [{"message": message, "raw": key} for message in sorted(messages)])


def save_cursor(connection: Connection, cursor: Cursor, account: int) -> None:
    """Overwrite the state of one sweep."""
    row = {
        "account": account,
        "stream": cursor.stream,
        "subject": clean(cursor.subject),
        "token": cursor.token,
        "started_at": cursor.started_at,
        "since_at": cursor.since_at,
        "oldest_at": cursor.oldest_at,
        "complete_at": cursor.complete_at,
        "pages": cursor.pages,
        "items": cursor.items,
    }
    upsert(connection, schema.cursor, [row])


def save_polls(connection: Connection, polls: Mapping[tuple[int, int], int]) -> None:
    """When threads were last looked at, by (account, root); an earlier moment changes nothing."""
    rows = [{"account": account, "root": root, "checked_at": at} for (account, root), at in polls.items()]
    execute_many(connection, _newer_polls(connection.dialect.name), rows, ("account", "root", "checked_at"))


@cache
def _newer_polls(dialect: str) -> Upsert:
    table = schema.poll
    statement = insert_of(dialect, table)
    newer = statement.excluded.checked_at > table.c.checked_at
    values = {"checked_at": statement.excluded.checked_at}
    return statement.on_conflict_do_update(index_elements=[table.c.account, table.c.root], set_=values, where=newer)


def save_ledger(connection: Connection, ledger: Ledger, run: int, now: int) -> None:
    """Note a file as imported, once."""
    row = {
        "checksum": ledger.checksum,
        "file": clean(ledger.file),
        "shape": ledger.shape,
        "row_count": ledger.rows,
        "run": run,
        "imported_at": now,
    }
    connection.execute(insert_into(connection, schema.import_ledger).on_conflict_do_nothing(), row)


def save_repeated(connection: Connection, checksum: str, counts: Mapping[tuple[int, int], int]) -> None:
    """How many rows of a file repeat another, by (account, day); the same file again changes nothing."""
    rows = [
        {"checksum": checksum, "account": account, "day_at": day_at, "row_count": count}
        for (account, day_at), count in counts.items()
    ]
    upsert(connection, schema.repeated, rows)


def mark_gone(connection: Connection, space: int, ghosts: Mapping[str, Gone], now: int) -> None:
    """Mark messages that a look at `now` no longer found, unless they were seen later than that.

    Only under its newest id: the earlier ones of an edit history may go.
    """
    table = schema.message
    for gone in Gone:
        later = or_(table.c.gone_at.is_(None), table.c.gone_at < now, and_(table.c.gone_at == now, table.c.gone > int(gone)))
        for ids in pieces([clean(id_) for id_, each in ghosts.items() if each is gone]):
            where = [table.c.space == space, table.c.id.in_(ids), table.c.last_seen_at <= now, later]
            connection.execute(table.update().where(*where).values(gone=int(gone), gone_at=now))


def find_raw(connection: Connection, messages: Collection[int]) -> set[int]:
    """The raw answers that hold any of the messages."""
    table = schema.raw_message
    return {row.raw for row in select_in(connection, select(table.c.raw), table.c.message, messages)}
