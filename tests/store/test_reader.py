from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

from socialbench.store import open_store
from tests.store.invented import T0, batch, message, saved
from tests.store.reader_stress import stress


def test_reader_never_fails_beside_a_writer(url: str) -> None:
    told = stress(url, 3)
    assert told["reads"] >= 3
    assert told["rows"] > 0
    assert told["pages"] >= 20


def test_reader_sees_one_snapshot_while_a_batch_is_saved(url: str) -> None:
    with saved(url, [batch([message(str(at)) for at in range(3000)])]) as writer, open_store(url) as reader:
        rows = reader.export_rows("messages")
        first = next(rows)
        thread = threading.Thread(target=writer.save, args=(batch([message("late", T0 + 1)], T0 + 9),))
        thread.start()
        thread.join(10)
        assert not thread.is_alive(), "a reader held the writer up"
        assert len([first, *rows]) == 3000
        assert reader.counts().message_count == 3001


def test_reader_in_the_writers_process_does_not_wait_for_it(url: str) -> None:
    with saved(url, [batch([message(str(at)) for at in range(3000)])]) as store:
        rows = store.export_rows("messages")
        next(rows)
        store.save(batch([message("late", T0 + 1)], T0 + 9))
        assert len(list(rows)) == 2999


def test_reader_finds_a_file_in_write_ahead_mode_without_memory_map(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    saved(str(path), []).close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    with open_store(str(path)) as store, store._engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        assert driver.execute("PRAGMA mmap_size").fetchone() in (None, (0,))
        assert driver.execute("PRAGMA query_only").fetchone()[0] == 1
