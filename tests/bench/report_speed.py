"""Time from a ready Report of a hundred brands to all formats, and to each; charts are drawn once for all of them."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from socialbench.report.output import Destination, format_names, load_format, write_outputs
from tests.bench.result import Result
from tests.report.told_apart import full_report

LIMIT_S = 60.0
BRANDS = 100


def run(full: bool) -> Iterator[Result]:
    """All formats into a folder; in the `full` size also each alone, from a report of which nothing is drawn yet."""
    ready = full_report(BRANDS)
    with tempfile.TemporaryDirectory() as folder:
        started = time.monotonic()
        with (Path(folder) / "screen").open("wb") as screen:
            written = write_outputs(replace(ready), format_names(), Destination(folder, Path(folder), screen))
        yield Result(f"all formats, {BRANDS} brands, {len(written)} files", time.monotonic() - started, "s", LIMIT_S)
    for name in format_names() if full else ():
        started = time.monotonic()
        size = sum(len(output.data) for output in load_format(name).render(replace(ready)))
        yield Result(f"{name} alone, {size / 1e6:.1f} MB", time.monotonic() - started, "s")
