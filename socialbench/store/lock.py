"""One writer at a time per store, and who it is.

SQLite: a lock on `<store>.lock`, which ends with its process, and beside it `<store>.writer`, which only says whose it
is. PostgreSQL: an advisory lock of the database per schema, which ends with its connection.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, text

from socialbench.errors import StoreError, StoreLocked
from socialbench.store.place import Place

_CLASS = 0x5B_EC
_NAME_LENGTH = 63
_SLOT = "hashtext(current_schema())"


class FileHold:
    """The lock of a SQLite store. Raises StoreLocked where another process has it."""

    def __init__(self, path: Path, command: str, now: int) -> None:
        real = path.resolve()
        self._writer = real.with_name(real.name + ".writer")
        self._lock = FileLock(real.with_name(real.name + ".lock"), timeout=0, thread_local=False)
        try:
            self._lock.acquire()
        except Timeout:
            raise StoreLocked(_refusal(str(path), self._holder())) from None
        except OSError as error:
            raise StoreError(f"store {path}: cannot be locked for writing: {error.strerror}") from error
        with suppress(OSError):
            self._writer.write_text(json.dumps({"pid": os.getpid(), "command": command, "since_at": now}), "utf-8")

    def check(self) -> None:
        """A file lock lasts as long as the process: nothing to look at."""

    def release(self) -> None:
        """Let others write."""
        self._writer.unlink(missing_ok=True)
        self._lock.release()

    def _holder(self) -> str | None:
        try:
            told = json.loads(self._writer.read_text("utf-8"))
            return f"process {int(told['pid'])} ({told['command']}) since {_moment(int(told['since_at']))}"
        except (OSError, ValueError, KeyError, TypeError, OverflowError):
            return None


class ServerHold:
    """The lock of a PostgreSQL store, held by a connection of its own."""

    def __init__(self, engine: Engine, place: Place, command: str) -> None:
        self._connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        name = f"socialbench pid {os.getpid()} {command}"[:_NAME_LENGTH]
        self._connection.execute(text("SELECT set_config('application_name', :name, false)"), {"name": name})
        if not self._connection.scalar(text(f"SELECT pg_try_advisory_lock({_CLASS}, {_SLOT})")):
            holder = _server_holder(self._connection)
            self._connection.close()
            raise StoreLocked(_refusal(str(place), holder))

    def check(self) -> None:
        """Raise the database's error where the connection, and the lock with it, is lost."""
        self._connection.execute(text("SELECT 1"))

    def release(self) -> None:
        """Let others write."""
        self._connection.invalidate()
        self._connection.close()


Hold = FileHold | ServerHold


def _server_holder(connection: Connection) -> str | None:
    found = connection.execute(
        text(
            "SELECT a.application_name, extract(epoch FROM a.backend_start)::bigint FROM pg_locks l"  # noqa: S608
            " JOIN pg_stat_activity a ON a.pid = l.pid WHERE l.locktype = 'advisory' AND l.granted"
            " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            f" AND l.classid = {_CLASS} AND l.objid::bigint = ({_SLOT}::bigint & 4294967295)"
        )
    ).first()
    if found is None or not found[0]:
        return None
    _, _, rest = str(found[0]).partition(" pid ")
    pid, _, command = rest.partition(" ")
    return f"process {pid or '?'} ({command}) since {_moment(int(found[1] or 0) * 1000)}"


def _refusal(where: str, holder: str | None) -> str:
    return f"store {where}: {holder or 'another process'} is writing to it; wait for it to end and run again"


def _moment(at: int) -> str:
    return datetime.fromtimestamp(at // 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
