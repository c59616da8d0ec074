"""Where a store lies, and how an error of its database reads to a person."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from socialbench.errors import StoreError

_POSTGRES = ("postgresql", "postgres", "postgresql+psycopg")
_SQLITE_FAULTS = {
    "disk is full": "the disk is full: make room and run again, everything saved before is kept",
    "readonly database": "the file cannot be written: check its permissions and those of its folder",
    "unable to open database file": "the file cannot be opened: check that its folder exists and its permissions",
    "not a database": "the file is no SQLite database: choose another file for the store",
    "malformed": "the file is damaged: restore a backup of it",
    "disk I/O error": "the disk reports an input/output error: check it, then run again",
    "database is locked": "another program holds the file: close it and run again",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A SQLite file (`path`) or a PostgreSQL database (`url`); as text it never shows a password."""

    path: Path | None = None
    url: URL | None = None

    def __str__(self) -> str:
        return str(self.path) if self.url is None else self.url.set(drivername="postgresql").render_as_string()

    @property
    def password(self) -> str | None:
        """The secret that no message may hold."""
        return None if self.url is None else self.url.password


def find_place(url: str) -> Place:
    """Read a store's address: a file's path, `sqlite:///path` or `postgresql://...`; StoreError for anything else."""
    scheme, mark, rest = url.partition("://")
    if not mark:
        return _file_place(url)
    if scheme == "sqlite" and rest.startswith("/"):
        return _file_place(rest[1:])
    if scheme not in _POSTGRES:
        raise StoreError(f"store {scheme}://...: a store is a file, sqlite:///path or postgresql://...")
    try:
        return Place(url=make_url(url).set(drivername="postgresql+psycopg"))
    except (ArgumentError, ValueError):
        raise StoreError("store postgresql://...: the address cannot be read; write postgresql://user@host/database") from None


def _file_place(text: str) -> Place:
    if not text.strip() or text == ":memory:":
        raise StoreError("store: its file has no name")
    try:
        return Place(path=Path(text).expanduser())
    except RuntimeError:
        raise StoreError(f"store {text}: there is no such home folder") from None


@contextmanager
def translated(place: Place) -> Iterator[None]:
    """Turn every error of the database into a StoreError of one line, without texts, parameters or passwords."""
    try:
        yield
    except DBAPIError as error:
        raise StoreError(f"store {place}: {_describe(error, place)}") from error
    except OverflowError as error:
        raise StoreError(f"store {place}: a number does not fit into 64 bits; nothing of this batch was saved") from error
    except SQLAlchemyError as error:
        raise StoreError(f"store {place}: {_first_line(str(error), place)}") from error


def _describe(error: Exception, place: Place) -> str:
    said = str(getattr(error, "orig", error))
    if place.path is not None:
        for fault, advice in _SQLITE_FAULTS.items():
            if fault in said:
                return advice
    return _first_line(said, place)


def _first_line(text: str, place: Place) -> str:
    line = next((each.strip() for each in text.splitlines() if each.strip()), "the database gave no reason")
    return line.replace(place.password, "***") if place.password else line


def check_file(path: Path, write: bool) -> None:
    """Say plainly what is wrong with a path before the database does so darkly."""
    if path.is_dir():
        raise StoreError(f"store {path}: that is a folder; name a file in it")
    if write:
        _make_folder(path)
    elif not path.exists():
        raise StoreError(f"store {path}: there is none yet; run `socialbench collect` or `socialbench import` first")
    elif not os.access(path, os.R_OK):
        raise StoreError(f"store {path}: the file cannot be read: check its permissions")


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"store {path}: its folder cannot be made: {error.strerror}") from error
