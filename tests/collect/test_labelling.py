"""The process that labels messages: how it starts, and how it ends with its run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from socialbench.collect import labelling
from socialbench.collect.labelling import Labeller
from socialbench.model import Message

RUN = """
from multiprocessing import active_children
from socialbench.collect.labelling import Labeller
if __name__ == "__main__":
    try:
        with Labeller() as labeller:
            while not active_children():
                pass
            print("started", flush=True)
            input()
    except KeyboardInterrupt:
        pass
"""
QUESTION = Message("x", "", "1", 1_790_000_000_000, "Where is my parcel?", author_id="7")


def test_labelling_process_says_nothing_where_ctrl_c_breaks_off_its_start(tmp_path: Path) -> None:
    (tmp_path / "run.py").write_text(RUN, "utf-8")
    with subprocess.Popen(
        [sys.executable, "run.py"],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "started\n"
        os.killpg(run.pid, signal.SIGINT)
        assert run.communicate(timeout=60)[1] == ""


def test_labelling_process_that_is_lost_is_told_once(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def refuse(*_: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(labelling, "_start", refuse)
    with Labeller() as labeller:
        assert [labeller.submit([QUESTION], set()).result() for _ in range(3)] == [(), (), ()]
    assert [record.getMessage() for record in caplog.records] == [
        "messages are saved without kinds (BrokenPipeError); `socialbench reparse` labels them"
    ]
