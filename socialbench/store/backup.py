"""A copy of a SQLite store, taken while others read and write."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from socialbench.errors import StoreError
from socialbench.store.engine import open_copy
from socialbench.store.place import Place


def backup(place: Place, path: Path) -> None:
    """Copy the store to `path`, complete or not at all; StoreError where something is there already."""
    if place.path is None:
        raise StoreError(f"store {place}: PostgreSQL has its own backup: run pg_dump")
    if path.exists():
        raise StoreError(f"backup {path}: there is something already; name a new file")
    part = path.with_name(path.name + ".part")
    try:
        with closing(open_copy(place.path)) as source, closing(sqlite3.connect(part)) as target:
            source.backup(target)
        part.replace(path)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"backup {path}: it could not be written: {error}") from error
    finally:
        part.unlink(missing_ok=True)
