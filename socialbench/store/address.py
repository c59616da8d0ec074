"""Addresses: which accounts a message speaks to, how, and how it was found."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, and_, case, literal, or_, select

from socialbench.store import schema
from socialbench.store.rows import Row, Upsert, delete_in, execute_many, insert_into, insert_of, select_in

_TABLE = schema.address
_NAMES = [column.name for column in _TABLE.columns]
_LOAD = select(_TABLE)


def save_addresses(connection: Connection, rows: Sequence[Row], seen_before: Collection[int]) -> set[int]:
    """Save addresses, several of one message and account folded; the messages seen before to which this adds anything.

    The lowest `how`, the lowest `basis` and the earliest `first_seen_at` hold; `stream` is the first by name of those
    with the lowest basis, so that no order of saving shows.
    """
    folded: dict[tuple[int, int], Row] = {}
    for row in rows:
        pair = (row["message"], row["account"])
        folded[pair] = lowest(folded[pair], row) if pair in folded else row
    known = {
        (row[0], row[1]): dict(zip(_NAMES, row, strict=True))
        for row in select_in(connection, _LOAD, _TABLE.c.message, {message for message, _ in folded} & set(seen_before))
    }
    changed = [row for pair, row in folded.items() if pair not in known or lowest(known[pair], row) != known[pair]]
    execute_many(connection, _addition(connection.dialect.name), changed, _NAMES)
    return {row["message"] for row in changed} & set(seen_before)


def lowest(one: Row, other: Row) -> Row:
    """Two sightings of the same address as one."""
    basis, stream = min((one["basis"], one["stream"]), (other["basis"], other["stream"]))
    how = min(one["how"], other["how"])
    first_seen_at = min(one["first_seen_at"], other["first_seen_at"])
    return one | {"how": how, "basis": basis, "stream": stream, "first_seen_at": first_seen_at}


def move_addresses(connection: Connection, column: Column[Any], old: int, new: int) -> None:
    """Give the addresses of one message or account (`column`) to another; two of the same pair become one."""
    values = [literal(new).label(name) if name == column.name else _TABLE.c[name] for name in _NAMES]
    moved = insert_into(connection, _TABLE).from_select(_NAMES, select(*values).where(column == old))
    connection.execute(_merging(moved))
    delete_in(connection, column, [old])


@cache
def _addition(dialect: str) -> Upsert:
    return _merging(insert_of(dialect, _TABLE))


def _merging(statement: Upsert) -> Upsert:
    new, old = statement.excluded, _TABLE.c
    better = or_(new.basis < old.basis, and_(new.basis == old.basis, new.stream < old.stream))
    values = {
        "how": _smaller(new.how, old.how),
        "basis": _smaller(new.basis, old.basis),
        "stream": case((better, new.stream), else_=old.stream),
        "first_seen_at": _smaller(new.first_seen_at, old.first_seen_at),
    }
    return statement.on_conflict_do_update(index_elements=[old.message, old.account], set_=values)


def _smaller(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((one < other, one), else_=other)
