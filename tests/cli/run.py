"""Runs the program as people do: in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
COMMAND = [sys.executable, "-m", "socialbench"]


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SOCIALBENCH_", "NO_COLOR", "FORCE_COLOR"))}
    return {**kept, "PYTHONPATH": str(ROOT), "TERM": "xterm", "SOCIALBENCH_NOW": "1795359600000", **more}


def run(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """One command line in `folder`, on 22 November 2026."""
    return subprocess.run(
        [*COMMAND, *arguments], cwd=folder, env=environment(**more), capture_output=True, text=True, check=False, timeout=60
    )
