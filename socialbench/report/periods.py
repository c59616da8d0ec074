"""The page over the periods: which reports lie in a folder, the latest first, read from their JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from socialbench.report import words

INDEX = "index.html"
_FILES = ("report.html", "report.pdf", "report.pptx", "report.xlsx", "report.md", "report.json", "ranking.csv")
_LEADERS = 3


@dataclass(frozen=True, slots=True)
class Period:
    """One folder with a report; `problem` says why its JSON tells nothing, '' where it does."""

    folder: str
    files: tuple[tuple[str, str], ...]
    tree: Mapping[str, Any]
    problem: str = ""

    @property
    def since(self) -> str:
        """When it begins, in UTC as far as texts can be compared; '' where nobody knows."""
        period = self.tree.get("period")
        return str(period.get("since") or "") if isinstance(period, Mapping) else ""


def index_page(folder: Path) -> bytes:
    """The page over the reports in `folder`; the same folder, the same bytes."""
    from socialbench.report.page.frame import policy, style_text, templates, trusted

    periods = sorted(_periods(folder), key=lambda period: (period.since, period.folder), reverse=True)
    told = [row for row in periods if not row.problem]
    style = style_text()
    page = templates().get_template("index.html.j2")
    text = page.render(
        title=told[0].tree["benchmark"] if told else folder.name,
        rows=[_row(period) for period in periods],
        simulated=any(period.tree["simulated"] for period in told),
        style=trusted(style),
        policy=policy(style, ""),
    )
    return text.encode()


def _periods(folder: Path) -> Iterator[Period]:
    for below in sorted(folder.iterdir()):
        if not below.is_dir() or not (below / "report.json").is_file():
            continue
        files = tuple((name, f"{quote(below.name)}/{name}") for name in _FILES if (below / name).is_file())
        tree, problem = _read(below / "report.json")
        yield Period(below.name, files, tree, problem)


def _read(path: Path) -> tuple[Mapping[str, Any], str]:
    """A report's JSON, or why it tells nothing: another tool's, another version's, half a file."""
    try:
        tree = json.loads(path.read_bytes())
        if tree["schema_version"] != 1:
            return {}, "written by another version"
        words.period(tree["period"])
        _first(tree["brands"])
        words.number(tree["totals"]["ranked"] + tree["totals"]["brands"] + tree["totals"]["inbound_count"])
        if not isinstance(tree["benchmark"], str) or {type(tree[key]) for key in ("simulated", "provisional")} != {bool}:
            return {}, "its report.json cannot be read"
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}, "its report.json cannot be read"
    return tree, ""


def _first(brands: Sequence[Any]) -> list[Mapping[str, Any]]:
    """The brands in the first place, ties too."""
    return [
        {"name": words.name(brand["name"], 60), "rank": brand["rank"]}
        for brand in brands
        if (brand["rank"] or {}).get("value") == 1
    ]


def _row(period: Period) -> dict[str, Any]:
    """What the page prints of a period; without a readable report its folder and its files."""
    row: dict[str, Any] = {"folder": period.folder, "files": period.files, "problem": period.problem}
    if period.problem:
        return row
    tree = period.tree
    first = _first(tree["brands"])
    return row | {
        "period": words.period(tree["period"]),
        "zone": str(tree["period"]["timezone"]),
        "first": [brand["name"] for brand in first[:_LEADERS]],
        "more": max(0, len(first) - _LEADERS),
        "ranked": words.number(tree["totals"]["ranked"]),
        "brands": words.number(tree["totals"]["brands"]),
        "inbound": words.number(tree["totals"]["inbound_count"]),
        "provisional": tree["provisional"],
        "simulated": tree["simulated"],
    }
