"""Presets side by side, as data and as tables: the tree that `compare` writes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from socialbench.report import words

Tree = Mapping[str, Any]
COLUMNS = (
    "brand",
    "sector",
    "preset",
    "rank",
    "low",
    "high",
    "moved",
    "metric",
    "value",
    "value_low",
    "value_high",
    "why",
    "badge",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell_text(cell: Tree) -> str:
    """One brand by one preset: place with its set, places moved, figure; or why there is none.

    >>> rank = {"label": "2", "low": 1, "high": 3}
    >>> cell_text({"rank": rank, "moved": -1, "metric": "response_rate", "figure": {"value": 0.5}, "why": None})
    '2 (1–3) ▼1, 50.0 %'
    >>> cell_text({"rank": None, "moved": None, "metric": "response_rate", "figure": {"value": None}})
    'not defined here'
    """
    value = words.figure(cell["metric"], cell["figure"])
    if cell["rank"] is None:
        return "not defined here" if cell["figure"]["value"] is None else f"not ranked, {value}"
    arrow = f" {'▲' if cell['moved'] > 0 else '▼'}{abs(cell['moved'])}" if cell["moved"] else ""
    badge = " ★" if (cell.get("badge") or {}).get("earned") else ""
    return f"{words.place(cell['rank'])}{arrow}, {value}{badge}"


def table(tree: Tree) -> tuple[list[str], list[list[str]]]:
    """Headings and rows: a brand each, a preset a column."""
    presets = [preset["name"] for preset in tree["presets"]]
    rows = [[words.name(brand["name"], 40), *(cell_text(brand["presets"][name]) for name in presets)] for brand in tree["brands"]]
    return ["brand", *presets], rows


def definitions(tree: Tree) -> Iterator[tuple[str, str]]:
    """Each preset with what it ranks by and how many brands it ranks, as one line."""
    for preset in tree["presets"]:
        order = "most first" if preset["direction"] == "high" else "least first"
        ranked = f"{preset['ranked']} of {len(tree['brands'])} ranked"
        yield preset["name"], f"{preset['summary']} (by {preset['ranked_by']}, {order}; {ranked})"


def markdown(tree: Tree) -> str:
    """The table, what each preset is, and why brands have no place, as Markdown."""
    columns, rows = table(tree)
    lines = [f"# {_plain(tree['benchmark'])}: presets side by side", ""]
    lines += ["SIMULATED: every brand and message is invented", ""] if tree["simulated"] else []
    lines += [_row(columns), _row(["---"] * len(columns)), *(_row(row) for row in rows), ""]
    lines += [f"- **{name}**: {_plain(said)}" for name, said in definitions(tree)]
    lines += ["", "Places moved (▲ up, ▼ down) are counted among the brands that both presets rank.", ""]
    reasons = [
        f"- {_plain(brand['name'])}, {name}: {_plain(cell['why'])}"
        for brand in tree["brands"]
        for name, cell in brand["presets"].items()
        if cell["why"] is not None
    ]
    return "\n".join([*lines, *reasons, ""]) if reasons else "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(_plain(cell) for cell in cells)} |"


def _plain(text: str) -> str:
    shown = words.name(text)
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>|#" else letter for letter in shown)


def comma_separated(tree: Tree) -> str:
    """One line per brand and preset; cells that begin like formulas are defused."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for brand in tree["brands"]:
        for name, cell in brand["presets"].items():
            writer.writerow([_defused(value) for value in _line(brand, name, cell)])
    return file.getvalue()


def _line(brand: Tree, preset: str, cell: Tree) -> Iterator[object]:
    rank, figure, badge = cell["rank"] or {}, cell["figure"], cell["badge"] or {}
    yield from (brand["name"], brand["sector"], preset)
    yield from (rank.get("label"), rank.get("low"), rank.get("high"), cell["moved"])
    yield from (cell["metric"], figure["value"], figure.get("low"), figure.get("high"))
    yield cell["why"]
    yield "" if not badge else "undecided" if badge["earned"] is None else "earned" if badge["earned"] else "not earned"


def _defused(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else "" if value is None else value
