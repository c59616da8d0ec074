"""Bulk reading and writing of rows: lists of values in pieces that every database takes, upserts for both dialects."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, Connection, Insert, Select, Table, func, select
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

IN_LENGTH = 4_000
"""Values in one IN list; SQLite takes 32,766 parameters in a statement, PostgreSQL 65,535."""

_T = TypeVar("_T")
Row = dict[str, Any]
Upsert = SqliteInsert | PostgresInsert


def pieces(values: Collection[_T], length: int = IN_LENGTH) -> Iterator[Sequence[_T]]:
    """The values in order, in lists of at most `length`."""
    ordered = list(values)
    for start in range(0, len(ordered), length):
        yield ordered[start : start + length]


def select_in(
    connection: Connection, statement: Select[Any], column: ColumnElement[Any], values: Collection[Any]
) -> Iterator[Any]:
    """All rows of the statement whose column is one of the values."""
    for piece in pieces(values):
        yield from connection.execute(statement.where(column.in_(piece)))


def insert_into(connection: Connection, table: Table) -> Upsert:
    """An INSERT of the connection's dialect, the kind that knows ON CONFLICT."""
    return sqlite_insert(table) if connection.dialect.name == "sqlite" else postgres_insert(table)


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows, each with all columns of the table; where the primary key is there already, overwrite."""
    names = [column.name for column in table.columns]
    execute_many(connection, _overwriting(connection.dialect.name, table), rows, names)


def execute_many(connection: Connection, statement: Insert, rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> None:
    """Run an insert of the columns `names` for many rows, which may hold more than those.

    Two things halve the time of an import. The compiled statement goes to the driver as it is, without SQLAlchemy's own
    look at every value. And a column that is None in all rows stays out of it: Python's sqlite3 takes longer to bind
    one None than to insert the rest of the row.
    """
    if not rows:
        return
    columns = zip(*map(itemgetter(*names), rows), strict=True)
    told = [name for name, values in zip(names, columns, strict=True) if values.count(None) < len(rows)]
    compiled = statement.compile(dialect=connection.dialect, column_keys=told)
    order = getattr(compiled, "positiontup", None)
    connection.exec_driver_sql(str(compiled), list(map(itemgetter(*order), rows)) if order else list(rows))


@cache
def _overwriting(dialect: str, table: Table) -> Upsert:
    statement = sqlite_insert(table) if dialect == "sqlite" else postgres_insert(table)
    keys = list(table.primary_key.columns)
    values = {column.name: statement.excluded[column.name] for column in table.columns if not column.primary_key}
    if not values:
        return statement.on_conflict_do_nothing(index_elements=keys)
    return statement.on_conflict_do_update(index_elements=keys, set_=values)


def next_key(connection: Connection, column: Column[Any]) -> int:
    """The first free key of a table; only the one writer asks."""
    return int(connection.execute(select(func.max(column))).scalar() or 0) + 1


def delete_in(connection: Connection, column: Column[Any], values: Iterable[Any]) -> int:
    """Delete the rows whose column is one of the values; how many there were."""
    table: Table = column.table
    return sum(connection.execute(table.delete().where(column.in_(piece))).rowcount for piece in pieces(list(values)))
