"""`collect` on a terminal: bars while it runs, what failed told once, in the table at the end."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.collect.test_command import Respond, recorded, serve, surroundings, write_config

__all__ = ["serve"]


def on_terminal(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """Exit code, data, and what a terminal behind stderr was sent."""
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "socialbench", *arguments]
    environment = surroundings(TERM="xterm", COLUMNS="160")
    with subprocess.Popen(words, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=theirs, text=True) as run:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 65_536):
                shown += piece
        except OSError:  # How Linux tells that the other side is closed.
            pass
        os.close(ours)
        assert run.stdout is not None
        out = run.stdout.read()
    return run.returncode, out, shown.decode()


def test_collect_counts_failures_on_the_bar_and_tells_each_once(tmp_path: Path, serve: Callable[[Respond], str]) -> None:
    def respond(path: str) -> tuple[int, dict[str, str], bytes]:
        return (403, {}, b"<html>no") if "searchPosts" in path else recorded(path)

    code, out, shown = on_terminal(tmp_path, "collect", str(write_config(tmp_path, serve(respond))))
    assert code == 3
    assert "bluesky (2 failed)" in shown
    assert "searchPosts" not in shown
    assert [line.split()[:4] for line in out.splitlines() if "Acme" in line] == [
        ["Acme", "bluesky", "acme.example", name] for name in ("mentions", "named")
    ]


def test_collect_of_a_handle_that_is_none_says_where_once(tmp_path: Path, serve: Callable[[Respond], str]) -> None:
    def respond(path: str) -> tuple[int, dict[str, str], bytes]:
        found = '{"profiles": []}' if "getProfiles" in path else '{"error": "InvalidRequest"}'
        return (200 if "getProfiles" in path else 400, {}, found.encode())

    code, out, shown = on_terminal(tmp_path, "collect", str(write_config(tmp_path, serve(respond))))
    row = next(line for line in out.splitlines() if "Acme" in line)
    assert (code, "acme.example" in shown) == (3, False)
    assert row.split()[3:6] == ["account", "there", "is"]
