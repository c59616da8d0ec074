"""Forgetting: one author or message on request, raw answers that expired."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress

from sqlalchemy import Connection, Engine, func, select

from socialbench.store import schema
from socialbench.store.batch import EraseCounts
from socialbench.store.find import account_keys
from socialbench.store.marks import find_raw
from socialbench.store.message import find_keys
from socialbench.store.rows import delete_in, pieces, select_in
from socialbench.store.spaces import space_keys
from socialbench.store.texts import clean

_M = schema.message.c


def erase(connection: Connection, network: str, who: str, origin: str | None) -> EraseCounts:
    """Drop an author, by name or id, with all their messages; or one message, by its id.

    With them go their texts, versions, names and profile, every other message's version that names them, and every raw
    answer that holds or names them. A message that others answer leaves a key without an id.
    """
    spaces = space_keys(connection, network, origin)
    accounts = account_keys(connection, network, who, origin)
    messages = _messages_by(connection, accounts)
    if not accounts:
        messages = set(find_keys(connection, ((space, clean(who)) for space in spaces)).values())
    if not accounts and not messages:
        return EraseCounts()
    needles = _needles(connection, accounts, messages)
    raw = find_raw(connection, messages) | set(_naming_raw(connection, spaces, needles))
    raw |= {row.key for row in select_in(connection, select(schema.raw.c.key), schema.raw.c.account, accounts)}
    _drop_raw(connection, raw)
    versions = _drop_versions(connection, spaces, messages, needles)
    _drop_messages(connection, messages)
    _drop_accounts(connection, accounts)
    return EraseCounts(accounts=len(accounts), messages=len(messages), versions=versions, raw=len(raw))


def _messages_by(connection: Connection, accounts: Collection[int]) -> set[int]:
    return {row.key for row in select_in(connection, select(_M.key), _M.author, accounts)}


def _needles(connection: Connection, accounts: Collection[int], messages: Collection[int]) -> list[str]:
    """Every string by which an answer or a version may name them, folded: ids whole, names as handles."""
    names, table = schema.account_name.c, schema.account.c
    found = {row.id for row in select_in(connection, select(table.id), table.key, accounts)}
    found |= {"@" + row.folded for row in select_in(connection, select(names.folded), names.account, accounts)}
    found |= {row.id for row in select_in(connection, select(_M.id), _M.key, messages)}
    aliases = schema.alias.c
    found |= {row.id for row in select_in(connection, select(aliases.id), aliases.message, messages)}
    return sorted(each.casefold() for each in found if each)


def _naming_raw(connection: Connection, spaces: Collection[int], needles: Sequence[str]) -> Iterable[int]:
    table = schema.raw.c
    statement = select(table.key, table.body).where(table.space.in_(spaces)).execution_options(yield_per=50)
    # JSON quotes what it holds: a bare name stands between quotes, a handle in a text behind its @.
    words = [f'"{needle.lstrip("@")}"' for needle in needles] + [needle for needle in needles if len(needle) > 3]
    for row in connection.execute(statement):
        body = _readable(row.body)
        if any(word in body and _stands(word, body) for word in words):
            yield row.key


def _stands(word: str, body: str) -> bool:
    """Whether the word stands by itself: the id 1234 is not in 212345."""
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", body) is not None


def _readable(body: bytes) -> str:
    """An answer without JSON's escapes, folded."""
    text = zlib.decompress(body).decode("utf-8", "replace")
    with suppress(ValueError, RecursionError):
        text = json.dumps(json.loads(text), ensure_ascii=False)
    return text.casefold()


def _drop_raw(connection: Connection, keys: Collection[int]) -> None:
    delete_in(connection, schema.raw_message.c.raw, keys)
    delete_in(connection, schema.raw.c.key, keys)


def _drop_versions(connection: Connection, spaces: Collection[int], messages: Collection[int], needles: Sequence[str]) -> int:
    dropped = delete_in(connection, schema.version.c.message, messages)
    table = schema.version.c
    statement = select(table.message, table.digest, table.text).join(schema.message, _M.key == table.message)
    handles = [needle if needle.startswith("@") else "@" + needle for needle in needles]
    naming = [
        (row.message, row.digest)
        for row in connection.execute(statement.where(_M.space.in_(spaces)).execution_options(yield_per=1000))
        if any(handle in row.text.casefold() for handle in handles)
    ]
    for message, digest in naming:
        connection.execute(schema.version.delete().where(table.message == message, table.digest == digest))
    return dropped + len(naming)


def _drop_messages(connection: Connection, messages: Collection[int]) -> None:
    for table in (schema.text, schema.engagement, schema.alias, schema.address, schema.raw_message):
        delete_in(connection, table.c.message, messages)
    referred = {
        getattr(row, name)
        for name in ("parent", "root", "quoted")
        for row in select_in(connection, select(_M[name], _M.key), _M[name], messages)
        if row.key not in messages
    }
    referred |= {row.root for row in select_in(connection, select(schema.poll.c.root), schema.poll.c.root, messages)}
    delete_in(connection, _M.key, set(messages) - referred)
    bare = {column.name: None for column in schema.message.columns if column.name not in ("key", "space", "id")}
    for key in referred & set(messages):
        connection.execute(schema.message.update().where(_M.key == key).values({**bare, "id": f"erased:{key}"}))


def _drop_accounts(connection: Connection, accounts: Collection[int]) -> None:
    for table in (schema.account_name, schema.profile, schema.address, schema.coverage, schema.cursor, schema.poll):
        delete_in(connection, table.c.account, accounts)
    delete_in(connection, schema.account.c.key, accounts)


def prune(connection: Connection, now: int) -> int:
    """Drop raw answers whose time is up; how many."""
    table = schema.raw.c
    keys = [row.key for row in connection.execute(select(table.key).where(table.expires_at <= now))]
    for piece in pieces(keys):
        _drop_raw(connection, piece)
    return len(keys)


def count_expired(connection: Connection, now: int) -> int:
    """How many raw answers `prune` would drop."""
    table = schema.raw.c
    return int(connection.execute(select(func.count()).select_from(schema.raw).where(table.expires_at <= now)).scalar_one())


def scrub(engine: Engine) -> None:
    """Overwrite what SQLite keeps of deleted rows in free pages and in its log, as far as readers let it."""
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        if driver is not None:
            driver.execute("VACUUM")
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
