"""Python in a process of its own, so that its memory is its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]


def in_child(words: list[str], folder: Path) -> tuple[float, float]:
    """Run `python WORDS` in `folder`: seconds, and its peak memory in MB. Raises RuntimeError where it fails."""
    started = time.monotonic()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, *words], cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(words)} ends with {process.returncode}")
    return time.monotonic() - started, usage.ru_maxrss / 1024
