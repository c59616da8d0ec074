"""Bulk reading and writing of rows: lists of values in pieces that every database takes, upserts for both dialects."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Connection,
    Delete,
    Dialect,
    Insert,
    Select,
    Table,
    any_,
    bindparam,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

IN_LENGTH = 4_000
"""Values asked for at once; SQLite takes 32,766 parameters in a statement, PostgreSQL 65,535."""

_T = TypeVar("_T")
_Narrowed = TypeVar("_Narrowed", Select[Any], Delete)
Row = dict[str, Any]
Upsert = SqliteInsert | PostgresInsert


def pieces(values: Collection[_T], length: int = IN_LENGTH) -> Iterator[Sequence[_T]]:
    """The values in order, in lists of at most `length`."""
    ordered = list(values)
    for start in range(0, len(ordered), length):
        yield ordered[start : start + length]


def select_in(
    connection: Connection, statement: Select[Any], column: ColumnElement[Any], values: Collection[Any], **said: Any
) -> Iterator[Any]:
    """All rows of the statement whose column is one of the values; `said` are the statement's own parameters.

    The statement should be one that lasts, not one made for the call: what is compiled of it is kept.
    """
    for piece in pieces(values):
        yield from connection.execute(*_among(connection, statement, column, piece, said)).all()


def _among(
    connection: Connection, statement: _Narrowed, column: ColumnElement[Any], values: Sequence[Any], said: Mapping[str, Any]
) -> tuple[_Narrowed, dict[str, Any]]:
    sqlite = connection.dialect.name == "sqlite"
    return _narrowed(statement, column, sqlite), {**said, "among": json.dumps(values) if sqlite else values}


@lru_cache(maxsize=512)
def _narrowed(statement: _Narrowed, column: ColumnElement[Any], sqlite: bool) -> _Narrowed:
    """The statement with one parameter for all values, so that it is the same text however many there are."""
    if sqlite:
        return statement.where(column.in_(select(func.json_each(bindparam("among")).table_valued("value").c.value)))
    return statement.where(column == any_(bindparam("among", type_=ARRAY(column.type))))


def insert_into(connection: Connection, table: Table) -> Upsert:
    """An INSERT of the connection's dialect, the kind that knows ON CONFLICT."""
    return insert_of(connection.dialect.name, table)


def insert_of(dialect: str, table: Table) -> Upsert:
    """The same by the dialect's name, for statements that are kept."""
    return sqlite_insert(table) if dialect == "sqlite" else postgres_insert(table)


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows, each with all columns of the table; where the primary key is there already, overwrite."""
    if rows:
        execute_many(connection, _overwriting(connection.dialect.name, table), rows, table.columns.keys())


def execute_many(connection: Connection, statement: Insert, rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> None:
    """Run an insert of the columns `names` for many rows, which may hold more than those.

    Two things halve the time of an import. The compiled statement goes to the driver as it is, without SQLAlchemy's own
    look at every value. And a column that is None in all rows stays out of it: Python's sqlite3 takes longer to bind
    one None than to insert the rest of the row.
    """
    if not rows:
        return
    columns = dict(zip(names, zip(*map(itemgetter(*names), rows), strict=True), strict=True))
    told = tuple(name for name, values in columns.items() if values.count(None) < len(rows))
    sql, order = _compiled(statement, connection.dialect, told)
    connection.exec_driver_sql(sql, list(zip(*(columns[name] for name in order), strict=True)) if order else list(rows))


@lru_cache(maxsize=1024)
def _compiled(statement: Insert, dialect: Dialect, names: tuple[str, ...]) -> tuple[str, Sequence[str] | None]:
    """The driver's words for an insert of these columns, and the order of its parameters where they have no names."""
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    return str(compiled), getattr(compiled, "positiontup", None)


@cache
def _overwriting(dialect: str, table: Table) -> Upsert:
    statement = insert_of(dialect, table)
    keys = list(table.primary_key.columns)
    values = {column.name: statement.excluded[column.name] for column in table.columns if not column.primary_key}
    if not values:
        return statement.on_conflict_do_nothing(index_elements=keys)
    return statement.on_conflict_do_update(index_elements=keys, set_=values)


def next_key(connection: Connection, column: Column[Any]) -> int:
    """The first free key of a table; only the one writer asks."""
    return int(connection.execute(_greatest(column)).scalar() or 0) + 1


@cache
def _greatest(column: Column[Any]) -> Select[Any]:
    return select(func.max(column))


def delete_in(connection: Connection, column: Column[Any], values: Iterable[Any]) -> int:
    """Delete the rows whose column is one of the values; how many there were."""
    statement = _deletion(column.table)
    return sum(connection.execute(*_among(connection, statement, column, piece, {})).rowcount for piece in pieces(list(values)))


@cache
def _deletion(table: Table) -> Delete:
    return table.delete()
