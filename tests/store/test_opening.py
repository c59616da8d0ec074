from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from socialbench.errors import StoreError
from socialbench.store import open_store
from socialbench.store.place import find_place, translated
from tests.store.invented import T0, batch, message, saved


def refusal(url: str, write: bool = False) -> str:
    with pytest.raises(StoreError) as caught:
        open_store(url, write=write).close()
    text = str(caught.value)
    assert "\n" not in text
    return text


def test_opening_takes_a_path_and_a_sqlite_url(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "odd name?#%.db"
    saved(str(path), [batch([message("m")])]).close()
    with open_store(f"sqlite:///{path}") as store:
        assert store.counts().message_count == 1
    assert path.stat().st_size > 0


def test_opening_for_reading_says_what_is_missing(tmp_path: Path) -> None:
    assert "there is none yet; run `socialbench collect`" in refusal(str(tmp_path / "none.db"))
    assert not (tmp_path / "none.db").exists()
    (tmp_path / "empty.db").touch()
    assert "it is empty; run `socialbench collect`" in refusal(str(tmp_path / "empty.db"))


@pytest.mark.parametrize("write", [False, True])
def test_opening_refuses_what_is_no_store(tmp_path: Path, write: bool) -> None:
    (tmp_path / "notes.db").write_text("dear diary\n" * 500)
    assert "the file is no SQLite database" in refusal(str(tmp_path / "notes.db"), write)
    assert "that is a folder" in refusal(str(tmp_path), write)
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE orders (id)")
    assert "it holds other tables (orders)" in refusal(str(tmp_path / "other.db"), write)
    assert "mysql://...: a store is a file" in refusal("mysql://jo:secret@host/db", write)
    assert "its file has no name" in refusal("", write)
    assert "its file has no name" in refusal(":memory:", write)


def test_opening_refuses_a_damaged_file(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    saved(str(path), [batch([message(str(at), text="x" * 500) for at in range(200)])]).close()
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))
    with pytest.raises(StoreError, match="the file is damaged: restore a backup"), open_store(str(path)) as store:
        store.frames()


def test_opening_says_when_the_disk_is_full(tmp_path: Path) -> None:
    with saved(str(tmp_path / "store.db"), [batch([message("m")])]) as store:
        with store._engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            pages = driver.execute("PRAGMA page_count").fetchone()[0]
            driver.execute(f"PRAGMA max_page_count={pages}")
        with pytest.raises(StoreError, match="the disk is full: make room"):
            store.save(batch([message(str(at), text="x" * 900) for at in range(2000)]))
        assert store.counts().message_count == 1


def test_opening_for_reading_never_writes(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    saved(str(path), [batch([message("m")])]).close()
    before = path.read_bytes()
    with open_store(str(path)) as store:
        store.frames()
        with pytest.raises(StoreError, match="open for reading only"):
            store.save(batch([message("n")]))
    assert path.read_bytes() == before
    assert not path.with_name("store.db.writer").exists()


READ = """
import os, sys
from socialbench.errors import StoreError
from socialbench.store import open_store
with open_store(sys.argv[2]) as store:
    store.frames()  # imports what it needs while it still may
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    with open_store(sys.argv[1]) as store:
        print(len(store.frames().messages))
except StoreError as error:
    print(error)
"""


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """A folder that everybody may enter; the test takes the right to write away."""
    saved(str(tmp_path / "other.db"), []).close()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
        Path(folder).chmod(0o755)


def read_as_nobody(path: Path, other: Path) -> str:
    """What a process reads that may not write into the folder."""
    path.parent.chmod(0o555)
    done = subprocess.run([sys.executable, "-c", READ, str(path), str(other)], capture_output=True, text=True)
    return (done.stdout + done.stderr).strip()


def test_opening_reads_from_a_folder_that_is_closed_to_it(closed: Path, tmp_path: Path) -> None:
    path = closed / "store.db"
    saved(str(path), [batch([message("m")])]).close()
    assert read_as_nobody(path, tmp_path / "other.db") == "1"


def test_opening_reads_beside_a_writer_from_a_closed_folder(closed: Path, tmp_path: Path) -> None:
    path = closed / "store.db"
    with saved(str(path), [batch([message("m")])]) as store:
        store.save(batch([message("n")], T0 + 9))
        assert read_as_nobody(path, tmp_path / "other.db") == "2"


def test_opening_of_a_closed_file_says_so(closed: Path, tmp_path: Path) -> None:
    path = closed / "store.db"
    saved(str(path), []).close()
    path.chmod(0o600)
    if os.geteuid() != 0:
        path.chmod(0o200)
    assert "the file cannot be read: check its permissions" in read_as_nobody(path, tmp_path / "other.db")


def test_opening_shows_no_password(server: str) -> None:
    folder = server.partition("host=")[2]
    text = refusal(f"postgresql://jo:hunter2@/no_such_database?host={folder}")
    assert "hunter2" not in text
    assert "no_such_database" in text
    assert "hunter2" not in refusal("postgresql://jo:hunter2@127.0.0.1:1/db")
    assert "hunter2" not in refusal("postgresql://jo:hunter2@host:port:/db")
    place = find_place("postgresql://jo:hunter2@host/db")
    with pytest.raises(StoreError, match=r"jo:\*\*\*@host/db: no such user jo:\*\*\*$"), translated(place):
        raise OperationalError("SELECT 1", {}, Exception("no such user jo:hunter2\nCONTEXT: hunter2"))


def test_opening_shares_a_schema_but_not_its_names(schemas: Callable[[], str]) -> None:
    import psycopg

    url = schemas()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE orders (id int)")
        open_store(url, write=True).close()
        connection.execute("DROP TABLE schema_version")
    assert "it holds other tables (account)" in refusal(url, write=True)


def test_opening_backs_up_beside_a_writer(tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with saved(str(tmp_path / "store.db"), [batch([message("m")])]) as store:
        store.backup(copy)
        store.save(batch([message("n")]))
        with pytest.raises(StoreError, match="there is something already"):
            store.backup(copy)
        with pytest.raises(StoreError, match="could not be written"):
            store.backup(tmp_path / "nowhere" / "copy.db")
    with open_store(str(copy)) as store:
        assert store.counts().message_count == 1
    assert not list(tmp_path.glob("*.part"))


def test_opening_points_to_pg_dump_for_a_backup(server: str, tmp_path: Path) -> None:
    with saved(server, []) as store, pytest.raises(StoreError, match="run pg_dump"):
        store.backup(tmp_path / "copy.db")
