"""Connections: how SQLite and PostgreSQL are opened so that a reader never waits for the writer.

SQLite: a write-ahead log, set once; the writer begins at once (`BEGIN IMMEDIATE`), readers are `mode=ro` and cannot
checkpoint; no memory map, and only the standard library's SQLite in the process (libraries.md, findings 4 and 5).
PostgreSQL: readers see one snapshot (REPEATABLE READ, READ ONLY).
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, NullPool, QueuePool, create_engine, event

from socialbench.errors import StoreError
from socialbench.store.place import Place

BUSY_S = 30
READING = "socialbench_reading"
_CACHE_KIB = 16 * 1024
# A page touches a hundred places of the indexes; copied into the file after 4 MB, each is copied anew almost every time.
_LOG_PAGES = 8_000


def open_engine(place: Place, write: bool) -> Engine:
    """An engine on the store; it connects when first used. Parameters never show in its errors."""
    if place.path is not None:
        return _sqlite(place.path, write)
    if place.url is None:
        raise ValueError("a place has a path or a url")
    try:
        if write:
            return create_engine(place.url, hide_parameters=True)
        reader = create_engine(place.url, hide_parameters=True, isolation_level="REPEATABLE READ")
    except ModuleNotFoundError as error:
        raise StoreError(f"store {place}: PostgreSQL needs its driver: install socialbench[postgres]") from error
    return reader.execution_options(postgresql_readonly=True)


def _sqlite(path: Path, write: bool) -> Engine:
    def connect() -> sqlite3.Connection:
        return _connect(path, write)

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool if write else NullPool, hide_parameters=True)
    event.listen(engine, "begin", _begin_writing if write else _begin_reading)
    return engine


def _connect(path: Path, write: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(
        _uri(path, write), uri=True, timeout=BUSY_S, isolation_level=None, check_same_thread=False, cached_statements=256
    )
    try:
        pragmas = [f"cache_size=-{_CACHE_KIB}", "mmap_size=0", "trusted_schema=off"]
        pragmas += ["synchronous=normal", f"wal_autocheckpoint={_LOG_PAGES}"] if write else ["query_only=on"]
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _uri(path: Path, write: bool) -> str:
    name = quote(str(path.resolve()))
    if write:
        return f"file:{name}?mode=rwc"
    return f"file:{name}?mode=ro" + ("&immutable=1" if is_frozen(path) else "")


def is_frozen(path: Path) -> bool:
    """A log cannot be made beside the file and there is none: only as an immutable file can it be read."""
    real = path.resolve()
    return not os.access(real.parent, os.W_OK) and not log_file(path).exists()


def log_file(path: Path) -> Path:
    """The write-ahead log of a SQLite file."""
    real = path.resolve()
    return real.with_name(real.name + "-wal")


def set_log_mode(connection: Any, path: Path) -> None:
    """Give a new file its write-ahead log, once; StoreError where its disk cannot hold one."""
    if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
        return
    if connection.execute("PRAGMA journal_mode=wal").fetchone()[0] != "wal":
        raise StoreError(
            f"store {path}: its disk cannot hold a write-ahead log (a network drive?): put the store on a local disk"
        )


def _begin_writing(connection: Connection) -> None:
    reading = connection.get_execution_options().get(READING)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _begin_reading(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def open_copy(path: Path) -> sqlite3.Connection:
    """A bare read-only connection, for SQLite's own copying."""
    return _connect(path, write=False)
