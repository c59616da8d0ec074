"""A process that has loaded what the program takes from others, nothing of ours, and forks itself for each command line.

What is forked is what `python -m socialbench` would be a second later: its own process with its own folder, environment,
streams and end, in which the program is loaded anew. Two thirds of a short command's time are those imports.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import signal
import socket
import sys
from importlib import import_module
from typing import Any

OTHERS = (
    "asyncio", "click", "concurrent.futures.process", "dotenv", "filelock", "fontTools.subset", "httpx", "jinja2", "lxml.etree",
    "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg", "matplotlib.figure", "multiprocessing.resource_tracker",
    "multiprocessing.spawn", "numpy", "pandas", "platformdirs", "pydantic.dataclasses", "pydantic.json_schema", "rich.console",
    "rich.progress", "rich.table", "sqlalchemy.dialects.postgresql", "sqlalchemy.dialects.sqlite", "statistics", "tzdata", "yaml",
)  # fmt: skip
LONGEST = 1 << 16
"""Bytes read of a request at once."""


def lend(door: socket.socket) -> bool:
    """Fork for each request; True in what was forked, made ready to run, False here when nobody asks any more."""
    while True:
        asked, streams, _, _ = socket.recv_fds(door, LONGEST, 3)
        if not asked:
            return False
        while not asked.endswith(b"\n"):
            asked += door.recv(LONGEST)
        child = os.fork()
        if child == 0:
            door.close()
            become(json.loads(asked), streams)
            return True
        for stream in streams:
            os.close(stream)
        door.sendall(b"%d\n" % child)
        _, status = os.waitpid(child, 0)
        door.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))


def become(asked: dict[str, Any], streams: list[int]) -> None:
    """Take on the folder, the environment, the arguments and the three streams of who asked."""
    for place, stream in enumerate(streams):
        os.dup2(stream, place)
        os.close(stream)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.argv[:] = ["socialbench", *asked["arguments"]]
    sys.path[0] = asked["folder"]
    signal.signal(signal.SIGINT, signal.default_int_handler)


def main() -> None:
    # Ctrl-C is for pytest and for the command that runs; the nursery ends when pytest's end of the socket closes.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in OTHERS:
        import_module(name)
    # Each child loads our code anew, but only the first compiles it. Set now: the others' bytecode lies beside their code.
    sys.pycache_prefix, sys.dont_write_bytecode = sys.argv[2], False
    gc.freeze()
    if lend(socket.socket(fileno=int(sys.argv[1]))):
        runpy.run_module("socialbench", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
