"""docs/method.md: what the benches found is written between its markers, and drawn."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import numpy as np

from tests.bench.child import ROOT
from tests.bench.result import Result

PAGE = ROOT / "docs" / "method.md"
PICTURES = ROOT / "docs" / "pictures"
BENCHES = ("score_intervals", "rank_sets", "bootstrap", "windows", "no_difference", "labelled_sets")
"""Those that have a place on the page, in its order."""
_BLOCK = r"<!-- bench: {name} -->\n(?P<text>.*?)<!-- end -->"
_NUMBER = re.compile(r"\d[\d,.]*")


def block(name: str, results: Sequence[Result], made: str) -> str:
    """What stands between the markers of a bench. `made`: on what and when."""
    lines = [made, ""]
    if any(result.error is not None for result in results):
        lines += [f"![{name}](pictures/method-{name}.png)", ""]
    lines += ["| what | found | unit | asked for | |", "|---|---:|---|---|---|"]
    lines += [f"| {each.what} | {each.printed} | {each.unit} | {each.bounds} | {each.verdict} |" for each in results]
    if name == "labelled_sets":
        for said, table in import_module("tests.bench.labelled_sets").tables():
            lines += ["", f"{said}:", "", table]
    return "\n".join([*lines, ""])


def write(name: str, results: Sequence[Result], worlds: int, took_s: float) -> None:
    """Put a bench's figures into docs/method.md and draw them."""
    text = PAGE.read_text("utf-8")
    written = f"<!-- bench: {name} -->\n{block(name, results, made_of(name, worlds, took_s))}<!-- end -->"
    PAGE.write_text(re.sub(_BLOCK.format(name=name), lambda _: written, text, flags=re.DOTALL), encoding="utf-8")
    if any(result.error is not None for result in results):
        draw(results, PICTURES / f"method-{name}.png")


def made_of(name: str, worlds: int, took_s: float) -> str:
    """When, on what and how large."""
    size = (
        ""
        if name == "labelled_sets"
        else f"{worlds:,} worlds of each row that states no other number; ± is the Monte-Carlo standard error. "
    )
    machine = f"{os.cpu_count()} processors ({platform.machine()}), Python {platform.python_version()}, numpy {np.__version__}"
    return f"{size}Made on {datetime.now(UTC):%Y-%m-%d} in {took_s:,.0f} s on {machine}."


def read(name: str) -> str:
    """What stands between the markers of a bench."""
    found = re.search(_BLOCK.format(name=name), PAGE.read_text("utf-8"), re.DOTALL)
    assert found is not None, f"docs/method.md has no markers for {name}"
    return found["text"]


def shape(text: str) -> list[str]:
    """A block without what changes from run to run: its numbers and verdicts."""
    plain = _NUMBER.sub("#", text).replace("NOT HELD", "held").replace("not decided", "held")
    return [re.sub("Made on .*", "Made on", line) for line in plain.splitlines()]


def draw(results: Sequence[Result], path: Path) -> None:
    """One dot for each figure with an error, two errors to either side, and the limits that it was held against."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    unit = next(result.unit for result in results if result.error is not None)
    shown = [result for result in results if result.error is not None and result.unit == unit]
    figure, axes = plt.subplots(figsize=(9, 0.6 + 0.3 * len(shown)), layout="constrained")
    for place, result in enumerate(shown):
        colour = "#2a6f97" if result.within else "#c1121f"
        for bound in (result.least, result.limit):
            if bound is not None:
                axes.plot([bound, bound], [place - 0.4, place + 0.4], color="#888888", linewidth=1)
        axes.errorbar(result.value, place, xerr=2 * (result.error or 0), fmt="o", color=colour, markersize=4, linewidth=1.2)
    axes.set_yticks(range(len(shown)), [re.sub(r" \(.*\)", "", result.what) for result in shown], fontsize=8)
    axes.invert_yaxis()
    axes.set_xlabel(f"{unit} (two Monte-Carlo errors to either side; grey: what is asked for)", fontsize=8)
    axes.tick_params(axis="x", labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=90, metadata={"Software": None})
    plt.close(figure)
