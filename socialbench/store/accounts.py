"""Accounts as the networks show them: ids, the names seen, profiles over time, and accounts known by name alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, bindparam, literal, select

from socialbench.model import Account
from socialbench.store import schema
from socialbench.store.address import move_addresses
from socialbench.store.coverage import move_coverage
from socialbench.store.rows import Row, delete_in, insert_into, next_key, select_in, upsert
from socialbench.store.texts import clean, fold_name

AccountId = tuple[int, str]
"""(space key, the network's id)"""

_A, _N, _P = schema.account.c, schema.account_name.c, schema.profile.c
_FIND = select(schema.account).where(_A.space == bindparam("space"))
_FIND_NAMED = select(_A.space, _N.folded, _N.last_seen_at, _A.by_name, _A.key).join(schema.account, _A.key == _N.account)
_LOAD_NAMES = select(schema.account_name)
_LOAD_PROFILES = select(schema.profile).where(_P.seen_at <= bindparam("until_at")).order_by(_P.account, _P.seen_at)
_END_OF_TIME = 2**63 - 1

_PROFILE = ("display_name", "followers", "following", "posts", "created_at", "bot", "host")


@dataclass(slots=True)
class Seen:
    """What one batch shows of an account. `shown`: by its id, not merely referred to."""

    names: dict[str, str] = field(default_factory=dict)
    display_name: str | None = None
    profile: Account | None = None
    shown: bool = True

    def add(self, name: str | None, display_name: str | None = None) -> None:
        """One more sighting in the same batch."""
        if name and (folded := fold_name(name)):
            self.names[folded] = max(self.names.get(folded, ""), clean(name).strip().lstrip("@"))
        if display_name:
            self.display_name = max(self.display_name or "", clean(display_name))


def save_accounts(connection: Connection, seen: Mapping[AccountId, Seen], seen_at: int) -> dict[AccountId, int]:
    """Save what was seen of accounts; their keys."""
    found = _find(connection, seen)
    changed = _add_missing(connection, seen, found)
    for each, sight in seen.items():
        row = found[each]
        if _renew(row, sight, seen_at):
            changed[row["key"]] = row
    upsert(connection, schema.account, list(changed.values()))
    keys = {each: int(found[each]["key"]) for each in seen}
    fresh = _save_names(connection, {keys[each]: sight.names for each, sight in seen.items() if sight.names}, seen_at)
    spaces = {row["key"]: row["space"] for row in found.values() if not row["by_name"]}
    _merge_named(connection, {(spaces[key], folded): key for key, folded in fresh if key in spaces})
    _save_profiles(connection, {keys[each]: sight.profile for each, sight in seen.items() if sight.profile}, seen_at)
    return keys


def resolve_names(connection: Connection, wanted: Mapping[tuple[int, str], str], seen_at: int) -> dict[tuple[int, str], int]:
    """The accounts behind (space, folded name), as last seen with it; where there is none, one that has only the name."""
    found: dict[tuple[int, str], tuple[int, int, int]] = {}
    known = select_in(connection, _FIND_NAMED, _N.folded, {folded for _, folded in wanted})
    for space, folded, last_seen_at, by_name, key in known:
        rank = (-by_name, last_seen_at, key)
        found[space, folded] = max(found.get((space, folded), rank), rank)
    keys = {each: found[each][2] for each in wanted if each in found}
    missing = {each: name for each, name in wanted.items() if each not in found}
    made = {(space, "@" + folded): Seen(names={folded: name}, shown=False) for (space, folded), name in missing.items()}
    saved = save_accounts(connection, made, seen_at)
    return keys | {(space, id_[1:]): key for (space, id_), key in saved.items()}


def _find(connection: Connection, seen: Collection[AccountId]) -> dict[AccountId, Row]:
    by_space: dict[int, list[str]] = {}
    for space, id_ in seen:
        by_space.setdefault(space, []).append(id_)
    found: dict[AccountId, Row] = {}
    names = schema.account.columns.keys()
    for space, ids in by_space.items():
        for row in select_in(connection, _FIND, _A.id, ids, space=space):
            found[space, row.id] = dict(zip(names, row, strict=True))
    return found


def _add_missing(connection: Connection, seen: Mapping[AccountId, Seen], found: dict[AccountId, Row]) -> dict[int, Row]:
    missing = [each for each in seen if each not in found]
    first = next_key(connection, schema.account.c.key) if missing else 0
    added: dict[int, Row] = {}
    for key, (space, id_) in enumerate(missing, first):
        by_name = int(not seen[space, id_].shown)
        row = {"key": key, "space": space, "id": id_, "by_name": by_name, "display_name": None, "display_at": None}
        added[key] = found[space, id_] = row
    return added


def _renew(row: Row, sight: Seen, seen_at: int) -> bool:
    changed = bool(row["by_name"]) and sight.shown
    if changed:
        row["by_name"] = 0
    newer = (seen_at, sight.display_name or "") > (row["display_at"] or 0, row["display_name"] or "")
    if sight.display_name and newer and sight.display_name != row["display_name"]:
        row["display_name"], row["display_at"] = sight.display_name, seen_at
        changed = True
    return changed


def _save_names(connection: Connection, names: Mapping[int, Mapping[str, str]], seen_at: int) -> set[tuple[int, str]]:
    table = schema.account_name
    columns = table.columns.keys()
    known = {
        (row.account, row.folded): dict(zip(columns, row, strict=True))
        for row in select_in(connection, _LOAD_NAMES, _N.account, names)
    }
    changed, fresh = [], set()
    for key, spelled in names.items():
        for folded, name in spelled.items():
            row = known.get((key, folded))
            if row is None:
                fresh.add((key, folded))
                row = {"account": key, "folded": folded, "name": name, "first_seen_at": seen_at, "last_seen_at": seen_at}
            elif not _see_name(row, name, seen_at):
                continue
            changed.append(row)
    upsert(connection, table, changed)
    return fresh


def _see_name(row: Row, name: str, seen_at: int) -> bool:
    before = dict(row)
    if (seen_at, name) > (row["last_seen_at"], row["name"]):
        row["name"] = name
    row["first_seen_at"] = min(row["first_seen_at"], seen_at)
    row["last_seen_at"] = max(row["last_seen_at"], seen_at)
    return row != before


def _save_profiles(connection: Connection, profiles: Mapping[int, Account], seen_at: int) -> None:
    told = {key: _profile(account) for key, account in profiles.items()}
    told = {key: values for key, values in told.items() if any(value is not None for value in values.values())}
    latest = {row["account"]: row for row in load_profiles(connection, told, seen_at)}
    rows = []
    for key, values in told.items():
        last = latest.get(key)
        if last is None or any(last[name] != value for name, value in values.items()):
            rows.append({"account": key, "seen_at": seen_at, **values})
    upsert(connection, schema.profile, rows)


def _profile(account: Account) -> Row:
    values: dict[str, Any] = {name: getattr(account, name) for name in _PROFILE}
    values["bot"] = None if account.bot is None else int(account.bot)
    return {name: clean(value) if isinstance(value, str) else value for name, value in values.items()}


def load_profiles(connection: Connection, keys: Collection[int], until_at: int | None = None) -> Iterable[Row]:
    """The newest profile of each account, of those seen no later than `until_at`."""
    until_at = _END_OF_TIME if until_at is None else until_at
    found = select_in(connection, _LOAD_PROFILES, _P.account, keys, until_at=until_at)
    return {row.account: dict(row._mapping) for row in found}.values()


def _merge_named(connection: Connection, fresh: Mapping[tuple[int, str], int]) -> None:
    """Accounts that only a text had named are the account that now shows the name: all that pointed at them moves."""
    wanted = {(space, "@" + folded): key for (space, folded), key in fresh.items()}
    for each, row in _find(connection, wanted).items():
        if row["by_name"] and row["key"] != wanted[each]:
            _move_account(connection, row["key"], wanted[each])


def _move_account(connection: Connection, old: int, new: int) -> None:
    move_addresses(connection, schema.address.c.account, old, new)
    move_coverage(connection, old, new)
    for table in (schema.account_name, schema.profile, schema.poll, schema.cursor):
        _move_rows(connection, table, old, new)
    connection.execute(schema.raw.update().where(schema.raw.c.account == old).values(account=new))
    connection.execute(schema.message.update().where(schema.message.c.author == old).values(author=new))
    delete_in(connection, schema.account.c.key, [old])


def _move_rows(connection: Connection, table: Table, old: int, new: int) -> None:
    names = [column.name for column in table.columns]
    values = [literal(new).label("account") if name == "account" else table.c[name] for name in names]
    moved = insert_into(connection, table).from_select(names, select(*values).where(table.c.account == old))
    connection.execute(moved.on_conflict_do_nothing(index_elements=list(table.primary_key.columns)))
    delete_in(connection, table.c.account, [old])
