"""Questions of the sweep and of the reports: accounts by name, cursors, posts, open threads, texts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, func, or_, select

from socialbench.model import Account
from socialbench.store import schema
from socialbench.store.accounts import load_profiles
from socialbench.store.batch import Cursor, OpenThread
from socialbench.store.message import find_keys
from socialbench.store.rows import select_in
from socialbench.store.spaces import load_spaces, space_keys
from socialbench.store.texts import clean, fold_name

_M, _A, _S, _C = schema.message.c, schema.account.c, schema.space.c, schema.cursor.c
_FIND_SEEN = select(_M.key).where(_M.sent_at.is_not(None))
_FIND_SEEN_SINCE = _FIND_SEEN.where(_M.last_seen_at >= bindparam("seen_at"))
_FIND_ACCOUNT = (
    select(_A.space, _A.key)
    .join(schema.space, _S.key == _A.space)
    .where(_S.network == bindparam("network"), _S.origin == bindparam("origin"), _A.id == bindparam("id"))
)
_FIND_CURSOR = select(schema.cursor).where(*(_C[name] == bindparam(name) for name in ("account", "stream", "subject")))


def account_keys(connection: Connection, network: str, name: str, origin: str | None) -> list[int]:
    """Accounts with this id or ever seen with this name, by origin and id."""
    spaces = space_keys(connection, network, origin)
    accounts, names = schema.account.c, schema.account_name.c
    named = select(names.account).where(names.folded == fold_name(name))
    exact = clean(name).strip()
    where = or_(accounts.key.in_(named), accounts.id.in_({exact, exact.lstrip("@")}))
    statement = select(accounts.key).join(schema.space, schema.space.c.key == accounts.space)
    statement = statement.where(accounts.space.in_(spaces), where)
    return [int(row.key) for row in connection.execute(statement.order_by(schema.space.c.origin, accounts.id))]


def find_accounts(connection: Connection, network: str, name: str, origin: str | None) -> list[Account]:
    """The same accounts with what was last seen of them."""
    keys = account_keys(connection, network, name, origin)
    found = load_accounts(connection, keys)
    return [found[key] for key in keys]


def load_accounts(connection: Connection, keys: Collection[int]) -> dict[int, Account]:
    """Accounts by key, with the latest name, display name and profile."""
    names, table = schema.account_name.c, schema.account
    wanted = set(keys)
    spaces = {key: space for space, key in load_spaces(connection).items()}
    statement = select(names.account, names.name).order_by(names.account, names.last_seen_at, names.name)
    latest = {row.account: row.name for row in select_in(connection, statement, names.account, wanted)}
    profiles = {row["account"]: row for row in load_profiles(connection, wanted)}
    found = {}
    for row in select_in(connection, select(table), table.c.key, wanted):
        network, origin = spaces[row.space]
        profile = profiles.get(row.key, {})
        found[row.key] = _account(network, origin, row, latest.get(row.key), profile)
    return {key: found[key] for key in keys if key in found}


def _account(network: str, origin: str, row: Any, name: str | None, profile: dict[str, Any]) -> Account:
    return Account(
        network=network,
        origin=origin,
        id=row.id,
        name=name,
        display_name=row.display_name or profile.get("display_name"),
        followers=profile.get("followers"),
        following=profile.get("following"),
        posts=profile.get("posts"),
        created_at=profile.get("created_at"),
        bot=None if profile.get("bot") is None else bool(profile["bot"]),
        host=profile.get("host"),
    )


def _key(connection: Connection, account: Account) -> tuple[int, int] | None:
    """(space, account) keys of an account, None where the store does not know it."""
    said = {"network": account.network, "origin": account.origin, "id": clean(account.id)}
    row = connection.execute(_FIND_ACCOUNT, said).first()
    return (row.space, row.key) if row else None


def find_cursor(connection: Connection, account: Account, stream: str, subject: str) -> Cursor | None:
    """The state of one sweep."""
    keys = _key(connection, account)
    if keys is None:
        return None
    said = {"account": keys[1], "stream": stream, "subject": clean(subject)}
    row = connection.execute(_FIND_CURSOR, said).mappings().first()
    return Cursor(**dict(row) | {"account": account}) if row else None


def own_posts(connection: Connection, account: Account, since_at: int) -> list[tuple[str, int]]:
    """(id, sent_at) of posts that answer nothing, newest first."""
    keys = _key(connection, account)
    if keys is None:
        return []
    where = and_(_M.author == keys[1], _M.sent_at >= since_at, _M.parent.is_(None), _M.gone.is_(None))
    statement = select(_M.id, _M.sent_at).where(where, or_(_M.root.is_(None), _M.root == _M.key))
    return [(row.id, row.sent_at) for row in connection.execute(_newest_first(statement))]


def _newest_first(statement: Select[Any]) -> Select[Any]:
    return statement.order_by(_M.sent_at.desc(), func.length(_M.id).desc(), _M.id.desc())


def open_threads(connection: Connection, account: Account, since_at: int) -> list[OpenThread]:
    """Threads with a message to the account by somebody else sent since then, newest first."""
    keys = _key(connection, account)
    if keys is None:
        return []
    addresses, polls = schema.address.c, schema.poll.c
    root, newest = func.coalesce(_M.root, _M.parent, _M.key), func.max(_M.sent_at)
    threads = (
        select(root.label("root"), newest.label("newest_at"))
        .join(schema.address, and_(addresses.message == _M.key, addresses.account == keys[1]))
        .where(_M.sent_at >= since_at, or_(_M.author.is_(None), _M.author != keys[1]))
        .group_by(root)
        .subquery()
    )
    statement = (
        select(_M.id, threads.c.newest_at, polls.checked_at)
        .join(threads, threads.c.root == _M.key)
        .join(schema.poll, and_(polls.root == threads.c.root, polls.account == keys[1]), isouter=True)
        .order_by(threads.c.newest_at.desc(), func.length(_M.id).desc(), _M.id.desc())
    )
    return [OpenThread(*row) for row in connection.execute(statement)]


def known_ids(connection: Connection, account: Account, ids: Sequence[str]) -> set[str]:
    """Which ids are messages seen before, under any of their aliases."""
    space = load_spaces(connection).get((account.network, account.origin))
    if space is None:
        return set()
    keys = find_keys(connection, ((space, clean(id_)) for id_ in ids))
    seen = {row.key for row in select_in(connection, _FIND_SEEN, _M.key, set(keys.values()))}
    return {id_ for id_ in ids if keys.get((space, clean(id_))) in seen}


def seen_since(connection: Connection, account: Account, ids: Collection[str], seen_at: int) -> set[str]:
    """Which ids are messages that were seen at that moment or later, under any of their aliases."""
    space = load_spaces(connection).get((account.network, account.origin))
    if space is None:
        return set()
    keys = find_keys(connection, ((space, clean(id_)) for id_ in ids))
    found = select_in(connection, _FIND_SEEN_SINCE, _M.key, set(keys.values()), seen_at=seen_at)
    seen = {row.key for row in found}
    return {id_ for id_ in ids if keys.get((space, clean(id_))) in seen}


def recent_ids(connection: Connection, account: Account, since_at: int) -> list[str]:
    """Messages by or to the account sent since then and still there, newest first."""
    keys = _key(connection, account)
    if keys is None:
        return []
    addressed = select(schema.address.c.message).where(schema.address.c.account == keys[1])
    mine = or_(_M.author == keys[1], _M.key.in_(addressed))
    statement = select(_M.id).where(mine, _M.sent_at >= since_at, _M.gone.is_(None))
    return [row.id for row in connection.execute(_newest_first(statement))]


def load_texts(connection: Connection, keys: Sequence[int]) -> dict[int, str]:
    """Texts by message key."""
    table = schema.text.c
    statement = select(table.message, table.text)
    return {row.message: row.text for row in select_in(connection, statement, table.message, keys)}


def load_message_ids(connection: Connection, keys: Sequence[int]) -> dict[int, str]:
    """The networks' ids by message key."""
    return {row.key: row.id for row in select_in(connection, select(_M.key, _M.id), _M.key, keys)}
