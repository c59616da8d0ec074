"""Configs written for a test, and what is said of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from socialbench.config import Benchmark, load
from socialbench.errors import ConfigError

HEAD = "benchmark: Test\n"
BRAND = "brands:\n  - name: Acme\n    handles: {x: Acme}\n"


def write(folder: Path, text: str | bytes, name: str = "t.yaml") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def loaded(folder: Path, text: str | bytes) -> Benchmark:
    return load(write(folder, text))


def complaints(folder: Path, text: str | bytes) -> list[str]:
    """What `load` says, each line without the path of the folder."""
    path = write(folder, text)
    with pytest.raises(ConfigError) as raised:
        load(path)
    assert raised.value.exit_code == 2
    return [str(problem).removeprefix(f"{folder}/") for problem in raised.value.problems]
