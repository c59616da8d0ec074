from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from socialbench.errors import StoreLocked
from socialbench.store import open_store

HOLD = """
import sys, time
from socialbench.store import open_store
sys.argv = ["/usr/bin/socialbench", "collect", sys.argv[1]]
store = open_store(sys.argv[2], write=True)
print("open", flush=True)
time.sleep(60)
"""


def holder(url: str) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLD, url], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    return process


def test_lock_names_the_writer_and_ends_with_it(url: str) -> None:
    process = holder(url)
    try:
        with pytest.raises(StoreLocked) as caught:
            open_store(url, write=True)
        told = rf"process {process.pid} \(socialbench collect\) since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d UTC is writing to it"
        assert re.search(told, str(caught.value))
        assert caught.value.exit_code == 75
        open_store(url).close()
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    for _ in range(100):
        try:
            open_store(url, write=True).close()
            break
        except StoreLocked:
            assert "://" in url, "a file's lock ends with its process; a server may need a moment"
    else:
        pytest.fail("the lock outlived its process")


def test_lock_holds_inside_one_process_and_is_given_back(url: str) -> None:
    first = open_store(url, write=True)
    with pytest.raises(StoreLocked, match=f"process {os.getpid()} "):
        open_store(url, write=True)
    first.close()
    first.close()
    open_store(url, write=True).close()


def test_lock_follows_links_to_the_same_file(tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "store.db")
    with open_store(str(tmp_path / "store.db"), write=True), pytest.raises(StoreLocked):
        open_store(str(tmp_path / "link.db"), write=True)


@pytest.mark.parametrize("left", ["", "not json", json.dumps({"pid": 1}), json.dumps([1])])
def test_lock_is_not_held_by_what_a_dead_writer_left(tmp_path: Path, left: str) -> None:
    path = tmp_path / "store.db"
    (tmp_path / "store.db.lock").touch()
    (tmp_path / "store.db.writer").write_text(left)
    with open_store(str(path), write=True):
        (tmp_path / "store.db.writer").write_text(left)
        with pytest.raises(StoreLocked, match="another process is writing to it"):
            open_store(str(path), write=True)


def test_lock_is_not_taken_by_a_failed_opening(tmp_path: Path) -> None:
    (tmp_path / "store.db").write_text("no database" * 100)
    for _ in range(2):
        with pytest.raises(Exception, match="no SQLite database"):
            open_store(str(tmp_path / "store.db"), write=True)
