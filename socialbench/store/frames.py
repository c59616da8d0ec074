"""The narrow facts as column tables: what measure reads instead of the store.

Integer columns are int64 with -1 for absent; `lang` and `addresses.stream` are categories; keys join, they never sort.

spaces     key, network, origin
accounts   key, space, id, name (as last seen), names (folded, all ever seen): those with an address or coverage
messages   key, space, author, parent, root, quoted, sent_at, first_seen_at, last_seen_at, gone_at, gone, linking, stars,
           bot, text_hash, followers, kind, kind_version, lang; by network, origin, sent_at, length of id, id. Stubs are
           no rows: a parent without one is absent. gone_at is the newest look that no longer found the message.
           text_hash of a reply leaves out the name of whom it addresses
addresses  message, account, how, basis, stream, first_seen_at; in the order of messages, then accounts by their ids
coverage   account, stream, direction, subject, since_at, until_at, gap, reason, assumed, sample
profiles   account, seen_at, followers, posts: of accounts with coverage, one row each time that a profile had changed; by
           network, origin, account id, seen_at
engagement message, total (likes, replies, reposts and quotes as last counted): of messages by accounts with coverage that
           answer nothing, where the network gave any of these counts; in the order of messages
repeated   account, day_at, row_count: rows of imported files that repeat another, by the UTC day of the message
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Select, func, select, union

from socialbench.model import Frames
from socialbench.store import schema
from socialbench.store.templates import nameless_hashes

CHUNK = 20_000
"""Rows fetched at a time; more cost memory and win no time."""

_WHOLE = ("key", "space", "author", "parent", "root", "quoted", "sent_at", "first_seen_at", "last_seen_at", "gone_at", "gone")
_MORE = ("linking", "stars", "bot", "text_hash", "followers", "kind", "kind_version")
_MESSAGE = (*_WHOLE, *_MORE)
_ADDRESS = ("message", "account", "how", "basis", "first_seen_at")
_COVERAGE = ("account", "stream", "direction", "subject", "since_at", "until_at", "gap", "reason", "assumed", "sample")

_PROFILE = ("account", "seen_at", "followers", "posts")
_ENGAGED = ("likes", "replies", "reposts", "quotes")

Column = np.ndarray[Any, np.dtype[np.int64]]


def load_frames(connection: Connection) -> Frames:
    """All tables in one snapshot."""
    spaces = _spaces(connection)
    accounts = _accounts(connection)
    messages = _messages(connection, spaces)
    addresses = _addresses(connection, messages, accounts)
    return Frames(
        messages=messages,
        addresses=addresses,
        accounts=accounts,
        coverage=_coverage(connection),
        spaces=spaces,
        profiles=_profiles(connection),
        engagement=_engagement(connection, messages),
        repeated=_repeated(connection),
    )


def _repeated(connection: Connection) -> pd.DataFrame:
    table, names = schema.repeated.c, ("account", "day_at", "row_count")
    statement = select(*(table[name] for name in names)).order_by(table.account, table.day_at, table.checksum)
    return _frame(list(connection.execute(statement)), dict.fromkeys(names, "int64"))


def _spaces(connection: Connection) -> pd.DataFrame:
    table = schema.space.c
    rows = list(connection.execute(select(table.key, table.network, table.origin).order_by(table.network, table.origin)))
    return _frame(rows, {"key": "int64", "network": "object", "origin": "object"})


def _accounts(connection: Connection) -> pd.DataFrame:
    account, names, space = schema.account.c, schema.account_name.c, schema.space.c
    told = union(select(schema.address.c.account), select(schema.coverage.c.account)).subquery()
    statement = (
        select(account.key, account.space, account.id)
        .join(told, told.c.account == account.key)
        .join(schema.space, space.key == account.space)
        .order_by(space.network, space.origin, account.id)
    )
    found = list(connection.execute(statement))
    seen: dict[int, list[Any]] = {}
    statement = select(names.account, names.folded, names.name, names.last_seen_at).join(told, told.c.account == names.account)
    for row in connection.execute(statement.order_by(names.account, names.folded)):
        seen.setdefault(row.account, []).append(row)
    rows = [(row.key, row.space, row.id, *_names(seen.get(row.key, []))) for row in found]
    return _frame(rows, {"key": "int64", "space": "int64", "id": "object", "name": "object", "names": "object"})


def _names(rows: Sequence[Any]) -> tuple[str | None, tuple[str, ...]]:
    latest = max(rows, key=lambda row: (row.last_seen_at, row.name), default=None)
    return (latest.name if latest is not None else None), tuple(row.folded for row in rows)


def _messages(connection: Connection, spaces: pd.DataFrame) -> pd.DataFrame:
    table = schema.message.c
    seen = select(func.count()).select_from(schema.message).where(table.sent_at.is_not(None))
    columns = {name: np.empty(connection.execute(seen).scalar_one(), np.int64) for name in _MESSAGE}
    lang = _Codes(len(columns["key"]))
    at = 0
    for space in spaces["key"].tolist():
        statement = select(*(func.coalesce(table[name], -1) for name in _MESSAGE), table.lang)
        statement = statement.where(table.space == space, table.sent_at.is_not(None))
        for chunk in _chunks(connection, statement.order_by(table.sent_at, func.length(table.id), table.id)):
            *numbers, words = chunk
            _fill(columns, numbers, at)
            lang.add(words)
            at += len(words)
    _drop_names(connection, columns)
    return pd.DataFrame({**columns, "lang": lang.series()}, copy=False)


def _drop_names(connection: Connection, columns: dict[str, Column]) -> None:
    """Replies that name whom they address are hashed without the name."""
    keys, hashes = nameless_hashes(connection)
    rows = _ranks(columns["key"], keys)
    columns["text_hash"][rows[rows >= 0]] = hashes[rows >= 0]


def _addresses(connection: Connection, messages: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    table = schema.address.c
    total = connection.execute(select(func.count()).select_from(schema.address)).scalar_one()
    columns = {name: np.empty(total, np.int64) for name in _ADDRESS}
    stream = _Codes(total)
    at = 0
    for chunk in _chunks(connection, select(*(table[name] for name in _ADDRESS), table.stream)):
        *numbers, words = chunk
        _fill(columns, numbers, at)
        stream.add(words)
        at += len(words)
    rank = _ranks(messages["key"].to_numpy(), columns["message"])
    order = np.lexsort((_ranks(accounts["key"].to_numpy(), columns["account"]), rank))
    order = order[rank[order] >= 0]
    first = {name: columns[name][order] for name in _ADDRESS[:-1]}
    return pd.DataFrame({**first, "stream": stream.series(order), "first_seen_at": columns["first_seen_at"][order]}, copy=False)


def _coverage(connection: Connection) -> pd.DataFrame:
    table, account, space = schema.coverage.c, schema.account.c, schema.space.c
    statement = (
        select(*(table[name] for name in _COVERAGE))
        .join(schema.account, account.key == table.account)
        .join(schema.space, space.key == account.space)
        .order_by(space.network, space.origin, account.id, table.stream, table.subject, table.since_at, table.gap)
        .order_by(table.until_at, table.reason, table.assumed, table.sample, table.direction)
    )
    rows = list(connection.execute(statement))
    kinds = dict.fromkeys(_COVERAGE, "object") | dict.fromkeys(("account", "since_at", "until_at"), "int64")
    return _frame(rows, kinds | {"gap": "bool", "assumed": "bool"})


def _profiles(connection: Connection) -> pd.DataFrame:
    table, account, space = schema.profile.c, schema.account.c, schema.space.c
    statement = (
        select(table.account, table.seen_at, func.coalesce(table.followers, -1), func.coalesce(table.posts, -1))
        .join(schema.account, account.key == table.account)
        .join(schema.space, space.key == account.space)
        .where(table.account.in_(select(schema.coverage.c.account)))
        .order_by(space.network, space.origin, account.id, table.seen_at)
    )
    return _frame([tuple(row) for row in connection.execute(statement)], dict.fromkeys(_PROFILE, "int64"))


def _engagement(connection: Connection, messages: pd.DataFrame) -> pd.DataFrame:
    """Counts lie in the store as JSON: only the brands' own posts are read, which are few beside what is sent to them."""
    table, message = schema.engagement.c, schema.message.c
    statement = (
        select(table.message, table.counts)
        .join(schema.message, message.key == table.message)
        .where(message.author.in_(select(schema.coverage.c.account)), message.parent.is_(None), message.sent_at.is_not(None))
    )
    found = [(row.message, total) for row in connection.execute(statement) if (total := _engaged(row.counts)) is not None]
    frame = _frame(found, {"message": "int64", "total": "int64"})
    order = np.argsort(_ranks(messages["key"].to_numpy(), frame["message"].to_numpy()), kind="stable")
    return frame.iloc[order].reset_index(drop=True)


def _engaged(counts: str) -> int | None:
    """The sum of what was counted; None where nothing of it was."""
    told = json.loads(counts)
    known = [told[name] for name in _ENGAGED if isinstance(told.get(name), int)]
    return sum(known) if known else None


def _frame(rows: Sequence[Sequence[Any]], kinds: dict[str, str]) -> pd.DataFrame:
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [()] * len(kinds)
    data = {}
    for (name, kind), values in zip(kinds.items(), columns, strict=True):
        data[name] = _objects(values) if kind == "object" else np.array(values, dtype=kind)
    return pd.DataFrame({name: pd.Series(values, dtype=kinds[name]) for name, values in data.items()}, copy=False)


def _objects(values: Sequence[Any]) -> np.ndarray[Any, np.dtype[Any]]:
    column = np.empty(len(values), dtype=object)
    for at, value in enumerate(values):
        column[at] = value
    return column


def _chunks(connection: Connection, statement: Select[Any]) -> Iterator[tuple[tuple[Any, ...], ...]]:
    """The columns of a statement's rows, some rows at a time, so that no list ever holds the whole."""
    result = connection.execution_options(yield_per=CHUNK).execute(statement)
    for rows in result.partitions(CHUNK):
        yield tuple(zip(*rows, strict=True))


def _fill(columns: dict[str, Column], values: Sequence[tuple[Any, ...]], at: int) -> None:
    for column, each in zip(columns.values(), values, strict=True):
        column[at : at + len(each)] = each


def _ranks(keys: Column, wanted: Column) -> Column:
    """The place of each wanted key among `keys`, -1 where it is none of them."""
    if not len(keys):
        return np.full(len(wanted), -1, dtype=np.int64)
    order = np.argsort(keys, kind="stable")
    place = np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)
    ranks: Column = order[place]
    return np.where(keys[ranks] == wanted, ranks, -1)


class _Codes:
    """A column of words that repeat, kept as small numbers while it is read."""

    def __init__(self, length: int) -> None:
        self._codes = np.empty(length, np.int32)
        self._known: dict[str | None, int] = {None: -1}
        self._at = 0

    def add(self, words: Sequence[str | None]) -> None:
        """The next rows."""
        for word in set(words) - self._known.keys():
            self._known[word] = len(self._known) - 1
        self._codes[self._at : self._at + len(words)] = [self._known[word] for word in words]
        self._at += len(words)

    def series(self, order: Column | None = None) -> pd.Series[Any]:
        """The column as a category, its words in alphabetical order."""
        words = [word for word in self._known if word is not None]
        ranks = np.append(np.argsort(np.argsort(words)), -1).astype(np.int32) if words else np.array([-1], np.int32)
        codes = ranks[self._codes if order is None else self._codes[order]]
        return pd.Series(pd.Categorical.from_codes(codes, categories=pd.Index(sorted(words), dtype=object)))
