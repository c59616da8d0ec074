"""Runs the program as people do: in a process of its own."""

from __future__ import annotations

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
COMMAND = [sys.executable, "-m", "socialbench"]
SECONDS = 60
"""After so long a command is killed, unless it is given another limit."""


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SOCIALBENCH_", "NO_COLOR", "FORCE_COLOR"))}
    return {**kept, "PYTHONPATH": str(ROOT), "TERM": "xterm", "SOCIALBENCH_NOW": "1795359600000", **more}


def run(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """One command line in `folder`, on 22 November 2026."""
    return run_in(folder, arguments, environment(**more))


def run_in(
    folder: Path, arguments: tuple[str, ...], surroundings: Mapping[str, str], seconds: int = SECONDS
) -> subprocess.CompletedProcess[str]:
    """One command line in `folder` with this environment, in a process that the nursery forks."""
    return _nursery().run(folder, arguments, surroundings, seconds)


@cache
def _nursery() -> Nursery:
    """One for each process of pytest, from its first command line to its end."""
    nursery = Nursery()
    atexit.register(nursery.close)
    return nursery


class Nursery:
    """The other end of tests/cli/nursery.py."""

    def __init__(self) -> None:
        self._door, theirs = socket.socketpair()
        self._compiled = tempfile.TemporaryDirectory()
        program = Path(__file__).with_name("nursery.py")
        # Pipes, as the commands have: streams look at what they are when they are made.
        self._process = subprocess.Popen(
            [sys.executable, str(program), str(theirs.fileno()), self._compiled.name],
            env=environment(), pass_fds=[theirs.fileno()], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        theirs.close()
        self._answers = self._door.makefile()

    def close(self) -> None:
        self._answers.close()
        self._door.close()
        self._process.communicate(timeout=10)
        self._compiled.cleanup()

    def run(
        self, folder: Path, arguments: tuple[str, ...], surroundings: Mapping[str, str], seconds: int
    ) -> subprocess.CompletedProcess[str]:
        """As subprocess.run does it: what was said and the exit code, once both streams are closed."""
        (out, their_out), (err, their_err) = os.pipe(), os.pipe()
        asked = {"folder": str(folder), "arguments": arguments, "environment": dict(surroundings)}
        socket.send_fds(self._door, [json.dumps(asked).encode() + b"\n"], [0, their_out, their_err])
        os.close(their_out)
        os.close(their_err)
        child, late = self._number(), threading.Event()

        def end() -> None:
            late.set()
            os.kill(child, signal.SIGKILL)

        watch = threading.Timer(seconds, end)
        watch.start()
        with ThreadPoolExecutor(2) as readers:
            said, complained = readers.map(_everything, (out, err))
        code = self._number()
        watch.cancel()
        if late.is_set():
            raise subprocess.TimeoutExpired([*COMMAND, *arguments], seconds, said, complained)
        return subprocess.CompletedProcess([*COMMAND, *arguments], code, said, complained)

    def _number(self) -> int:
        answer = self._answers.readline()
        if not answer:
            raise AssertionError(f"the nursery is gone: {self._process.communicate()[1]!r}")
        return int(answer)


def _everything(stream: int) -> str:
    with open(stream, encoding="utf-8") as file:
        return file.read()
