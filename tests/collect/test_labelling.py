"""The process that labels messages: how it starts, and how it ends with its run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from socialbench.collect import labelling
from socialbench.collect.labelling import Labeller
from socialbench.model import Message

RUN = """
import os, signal, time
from multiprocessing import active_children
from socialbench.collect.labelling import Labeller
from socialbench.model import Message
if __name__ == "__main__":
    with Labeller() as labeller:
        while not (children := active_children()):
            pass
        for _ in range(50):
            os.kill(children[0].pid, signal.SIGINT)
            time.sleep(0.02)
        print(len(labeller.submit([Message("x", "", "1", 0, "Where is my parcel?")], set()).result()))
"""
QUESTION = Message("x", "", "1", 1_790_000_000_000, "Where is my parcel?", author_id="7")


def test_labelling_process_leaves_ctrl_c_to_the_run_from_its_birth_on(tmp_path: Path) -> None:
    """A terminal sends it to both; the run then closes the process, whose imports are not broken off aloud."""
    (tmp_path / "run.py").write_text(RUN, "utf-8")
    run = subprocess.run([sys.executable, "run.py"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
    assert (run.stdout, run.stderr) == ("1\n", "")


def test_labelling_process_that_is_lost_is_told_once(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def refuse(*_: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(labelling, "_start", refuse)
    with Labeller() as labeller:
        assert [labeller.submit([QUESTION], set()).result() for _ in range(3)] == [(), (), ()]
    assert [record.getMessage() for record in caplog.records] == [
        "messages are saved without kinds (BrokenPipeError); `socialbench reparse` labels them"
    ]
