"""Opening a store: find it, lock it for a writer, bring its schema up to date, or say why not."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect

from socialbench.errors import StoreError
from socialbench.store import migrations, schema
from socialbench.store.engine import open_engine, set_log_mode
from socialbench.store.lock import FileHold, Hold, ServerHold
from socialbench.store.place import Place, check_file, find_place, translated
from socialbench.store.store import Store


def open_store(url: str, *, write: bool = False) -> Store:
    """Open the store at `url`: a file's path, `sqlite:///path` or `postgresql://...`.

    `write`: take the lock (StoreLocked names the process that has it), create what is missing and migrate. Without
    it the store is only read: StoreError where there is none, or where its schema is older or newer than this program's.
    """
    place = find_place(url)
    if place.path is not None:
        check_file(place.path, write)
    with translated(place):
        engine = open_engine(place, write)
        try:
            if write:
                return Store(place, engine, _open_for_writing(place, engine))
            _check_readable(place, engine)
            return Store(place, engine, None)
        except BaseException:
            engine.dispose()
            raise


def _check_readable(place: Place, engine: Engine) -> None:
    with engine.connect() as connection:
        found = _check_ours(connection, place)
    newest = len(migrations.find_migrations())
    migrations.check_age(found, newest, f"store {place}")
    if found == 0:
        raise StoreError(f"store {place}: it is empty; run `socialbench collect` or `socialbench import` first")
    if found < newest:
        raise StoreError(
            f"store {place}: schema {found} is older than this program's {newest}; run `socialbench collect` or `import` once"
        )


def _open_for_writing(place: Place, engine: Engine) -> Hold:
    command = _command()
    now = time.time_ns() // 1_000_000
    hold = FileHold(place.path, command, now) if place.path is not None else ServerHold(engine, place, command)
    try:
        _migrate(place, engine, now)
    except BaseException:
        hold.release()
        raise
    return hold


def _migrate(place: Place, engine: Engine, now: int) -> None:
    steps = migrations.find_migrations()
    with engine.connect() as connection:
        found = _check_ours(connection, place)
        migrations.check_age(found, len(steps), f"store {place}")
        connection.rollback()
        if place.path is not None:
            set_log_mode(connection.connection.driver_connection, place.path)
    for step in steps[found:]:
        with engine.begin() as connection:
            migrations.apply(connection, step, now)


def _check_ours(connection: Connection, place: Place) -> int:
    found = set(inspect(connection).get_table_names())
    foreign = found if place.path is not None else found & set(schema.metadata.tables)
    if "schema_version" not in found and foreign:
        raise StoreError(f"store {place}: it holds other tables ({min(foreign)}); choose another one for the store")
    return migrations.applied(connection) if "schema_version" in found else 0


def _command() -> str:
    words = [Path(sys.argv[0]).name, *sys.argv[1:2]] if sys.argv and sys.argv[0] else ["python"]
    return " ".join(words)
