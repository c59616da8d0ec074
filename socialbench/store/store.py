"""The open store: what the other rooms ask of it. Each question reads one snapshot, each save is one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Engine

from socialbench.errors import StoreError
from socialbench.model import Account, Frames
from socialbench.store import backup, erase, export, find, frames, labels, save, status
from socialbench.store.batch import (
    Batch,
    CoverageStatus,
    Cursor,
    EraseCounts,
    OpenThread,
    RunRow,
    SaveCounts,
    StoreCounts,
)
from socialbench.store.engine import READING, is_frozen
from socialbench.store.labels import Labelled
from socialbench.store.lock import Hold
from socialbench.store.place import Place, translated


class Store:
    """An open store. Every error of its database is a StoreError of one line."""

    def __init__(self, place: Place, engine: Engine, hold: Hold | None) -> None:
        self.place = place
        self._engine = engine
        self._hold = hold

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections and let others write. Twice is once."""
        self._engine.dispose()
        if self._hold:
            self._hold.release()
            self._hold = None

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with translated(self.place), self._engine.connect() as connection, _unchanged(self.place):
            yield connection.execution_options(**{READING: True})

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        if self._hold is None:
            raise StoreError(f"store {self.place}: it is open for reading only")
        with translated(self.place):
            self._hold.check()
            with self._engine.begin() as connection:
                yield connection

    def begin_run(self, command: str, version: str, config_hash: str, now: int) -> int:
        """Note that a command began to write; its key."""
        with self._writing() as connection:
            return status.begin_run(connection, command, version, config_hash, now)

    def end_run(self, run: int, now: int, outcome: str) -> None:
        """Note that it ended, and how."""
        with self._writing() as connection:
            status.end_run(connection, run, now, outcome)

    def save(self, batch: Batch) -> SaveCounts:
        """Save a batch whole or not at all. The same batch again adds nothing; an older one changes no newer fact."""
        with self._writing() as connection:
            return save.save_batch(connection, batch)

    def find_accounts(self, network: str, name: str, origin: str | None = None) -> list[Account]:
        """The accounts with this id, or ever seen with this name; `@`, capitals and blanks around it do not count."""
        with self._reading() as connection:
            return find.find_accounts(connection, network, name, origin)

    def account_keys(self, network: str, name: str, origin: str | None = None) -> list[int]:
        """The keys of `find_accounts`, in the same order."""
        with self._reading() as connection:
            return find.account_keys(connection, network, name, origin)

    def find_cursor(self, account: Account, stream: str, subject: str = "") -> Cursor | None:
        """Where the sweep of a stream stands, None before the first."""
        with self._reading() as connection:
            return find.find_cursor(connection, account, stream, subject)

    def cursors(self) -> list[Cursor]:
        """Where every sweep stands, ordered by network, origin, account, stream and subject."""
        with self._reading() as connection:
            return status.load_cursors(connection)

    def own_posts(self, account: Account, since_at: int) -> list[tuple[str, int]]:
        """(id, sent_at) of the account's posts since then that answer nothing and are not gone, newest first."""
        with self._reading() as connection:
            return find.own_posts(connection, account, since_at)

    def open_threads(self, account: Account, since_at: int) -> list[OpenThread]:
        """The threads with a message addressed to the account, by others, sent since then; newest first."""
        with self._reading() as connection:
            return find.open_threads(connection, account, since_at)

    def known_ids(self, account: Account, stream: str, ids: Sequence[str]) -> set[str]:
        """Which of these ids are messages seen before, whichever stream showed them."""
        with self._reading() as connection:
            return find.known_ids(connection, account, ids)

    def seen_since(self, account: Account, ids: Collection[str], seen_at: int) -> set[str]:
        """Which of these ids are messages that some stream showed at that moment (UTC in ms) or later."""
        with self._reading() as connection:
            return find.seen_since(connection, account, ids, seen_at)

    def recent_ids(self, account: Account, since_at: int) -> list[str]:
        """Ids of the messages by or to the account sent since then and not gone, newest first: what a re-check looks at."""
        with self._reading() as connection:
            return find.recent_ids(connection, account, since_at)

    def frames(self) -> Frames:
        """The narrow facts as column tables; see `socialbench.store.frames`."""
        with self._reading() as connection:
            return frames.load_frames(connection)

    def texts(self, keys: Sequence[int]) -> dict[int, str]:
        """Texts by message key; keys of stubs and erased messages are left out."""
        with self._reading() as connection:
            return find.load_texts(connection, keys)

    def labelled(self, after_key: int, limit: int, but_version: int | None = None) -> list[Labelled]:
        """Messages by key, from `after_key` on, as rules read them; with `but_version` those not yet labelled by these."""
        with self._reading() as connection:
            return labels.load_labelled(connection, after_key, limit, but_version)

    def save_labels(self, codes: Sequence[tuple[int, int]], version: int) -> None:
        """Write (message key, code of its kind) pairs under the number of the rules that gave them."""
        with self._writing() as connection:
            labels.save_labels(connection, codes, version)

    def label_counts(self) -> dict[int | None, int]:
        """How many messages are labelled by which rules; None: by none."""
        with self._reading() as connection:
            return labels.count_labelled(connection)

    def message_ids(self, keys: Sequence[int]) -> dict[int, str]:
        """The networks' ids by message key, of stubs too."""
        with self._reading() as connection:
            return find.load_message_ids(connection, keys)

    def authors(self, keys: Sequence[int]) -> dict[int, Account]:
        """Accounts by account key, with their latest name and profile."""
        with self._reading() as connection:
            return find.load_accounts(connection, keys)

    def imported(self, checksum: str) -> bool:
        """Whether a file with this checksum was imported to its end."""
        with self._reading() as connection:
            return status.imported(connection, checksum)

    def runs(self) -> list[RunRow]:
        """All runs that wrote to the store, oldest first."""
        with self._reading() as connection:
            return status.load_runs(connection)

    def latest_coverage(self) -> list[CoverageStatus]:
        """How far each stream of each account was read, ordered by network, origin, account and stream."""
        with self._reading() as connection:
            return status.latest_coverage(connection)

    def counts(self) -> StoreCounts:
        """How much the store holds."""
        with self._reading() as connection:
            return status.count(connection)

    def export_rows(
        self, what: str, since_at: int | None = None, until_at: int | None = None, accounts: Collection[int] | None = None
    ) -> Iterator[Mapping[str, Any]]:
        """Stream "messages" or "coverage" as rows of plain values; see `socialbench.store.export`."""
        with self._reading() as connection:
            yield from export.export_rows(connection, what, since_at, until_at, accounts)

    def erase(self, network: str, name_or_id: str, origin: str | None = None) -> EraseCounts:
        """Drop what an author or a message left: messages, texts, versions, names, and every raw answer naming them."""
        with self._writing() as connection:
            counts = erase.erase(connection, network, name_or_id, origin)
        with translated(self.place):
            erase.scrub(self._engine)
        return counts

    def prune(self, now: int) -> int:
        """Drop raw answers that have expired; how many."""
        with self._writing() as connection:
            return erase.prune(connection, now)

    def count_expired(self, now: int) -> int:
        """How many raw answers `prune` would drop."""
        with self._reading() as connection:
            return erase.count_expired(connection, now)

    def backup(self, path: Path) -> None:
        """Copy the store to a new file while others read and write; PostgreSQL has its own tool and says so."""
        backup.backup(self.place, path)


@contextmanager
def _unchanged(place: Place) -> Iterator[None]:
    """A file read as immutable has no lock against a writer: if one came meanwhile, what was read may be torn."""
    if place.path is None or not is_frozen(place.path):
        yield
        return
    before = place.path.stat()
    yield
    after = place.path.stat()
    if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size) or not is_frozen(place.path):
        raise StoreError(f"store {place}: a writer came while it was read from a folder closed to us: run again")
