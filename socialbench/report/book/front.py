"""The first pages: cover, key figures, the ranking, and who is listed without a place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from socialbench.report import words
from socialbench.report.book.printing import cell, label, name, networks_of, row, steps, text
from socialbench.report.figures import Unit, unit_of
from socialbench.report.glossary import marks_of
from socialbench.report.table import heads, metric_columns, rules, summary, title
from socialbench.report.tree import Report, Tree

WIDEST = 7
"""How many columns of figures a ranking has room for on an upright page."""
_WIDTHS = {Unit.SECONDS: 17.5, Unit.SHARE: 15.5, Unit.SCORE: 15.0, Unit.COUNT: 11.5, Unit.RATIO: 12.0}
"""Of a column of figures, in mm."""


def cover(report: Report) -> dict[str, Any]:
    """What stands on the cover and in the running heads."""
    tree = report.tree
    totals, networks = tree["totals"], sorted({network for brand in tree["brands"] for network in brand["networks"]})
    shown = [words.network(network) for network in networks[:8]]
    rest = [f"{len(networks) - 8} more"] if len(networks) > 8 else []
    return {
        "title": title(report),
        "benchmark": text(tree["benchmark"], 100),
        "period": words.period(tree["period"]),
        "zone": tree["period"]["timezone"],
        "summary": summary(report),
        "heads": heads(report),
        "states": [state for state in ("simulated", "provisional") if tree[state]],
        "facts": [
            ["Brands", f"{words.number(totals['brands'])}, of which {words.number(totals['ranked'])} ranked"],
            ["Inbound messages", words.number(totals["inbound_count"])],
            ["Networks", text(", ".join([*shown, *rest])) if shown else words.NO_FIGURE],
            ["Read until", f"{words.moment(tree['cut_off'])} ({tree['period']['timezone']})"],
        ],
        "curves": [steps(brand["curve"]) for _, brand in report.ranked if brand["curve"]],
        "rules": rules(report),
    }


def key_figures(report: Report) -> list[dict[str, Any]]:
    """The sentences, each with the figures that carry it."""
    return [
        {"text": text(finding["text"]), "figures": [_carrying(report, path) for path in finding["figures"]]}
        for finding in report.tree["findings"]
    ]


def _carrying(report: Report, path: str) -> dict[str, Any]:
    parts = path.split("/")
    metric, owner = parts[-1], report.resolve("/".join(parts[:3]))
    who = name(owner["name"]) if parts[1] in ("brands", "sectors") else ""
    return cell(metric, report.resolve(path)) | {"label": label(metric), "who": who}


def ranking(report: Report, hues: Mapping[str, str]) -> dict[str, Any]:
    """The ranking's columns and rows; a tier is told only where there are several."""
    metrics = metric_columns(report)[:WIDEST]
    rows = [_ranked_row(index, brand, metrics, hues) for index, brand in report.ranked]
    full = _full(report, metrics[0])
    for made, (_, brand) in zip(rows, report.ranked, strict=True):
        figure = brand["metrics"].get(metrics[0], {})
        made["bar"] = {end: _part(figure.get(key), full) for end, key in (("at", "value"), ("low", "low"), ("high", "high"))}
    tiers = {made["tier"] for made in rows} - {None}
    columns = [{"label": label(metric), "width": _WIDTHS[unit_of(metric)]} for metric in metrics]
    return {"columns": columns, "rows": rows, "tiers": len(tiers) > 1}


def _ranked_row(index: int, brand: Tree, metrics: list[str], hues: Mapping[str, str]) -> dict[str, Any]:
    rank, cells = brand["rank"], [cell(metric, brand["metrics"].get(metric)) for metric in metrics]
    return row(index, brand, cells, hues) | {
        "label": rank["label"],
        "places": words.place_interval(rank),
        "move": moved(rank),
        "tier": rank["tier"],
        "sector": text(brand["sector"], 40) if brand["sector"] else "",
        "networks": networks_of(brand, 60),
        "marks": marks_of(brand),
        "curve": steps(brand["curve"]) if brand["curve"] else [],
    }


def moved(rank: Tree) -> str:
    """How many places a brand has moved, '' where that is not known or none.

    >>> moved({"move": 3}), moved({"move": -1}), moved({"move": None})
    ('▲ 3', '▼ 1', '')
    """
    move = rank["move"]
    return f"{'▲' if move > 0 else '▼'} {abs(move)}" if move else ""


def _full(report: Report, metric: str) -> float:
    if unit_of(metric) is Unit.SCORE:
        return 100.0
    figures = [brand["metrics"].get(metric, {}) for _, brand in report.ranked]
    return max([1e-9, *(figure.get("high") or figure.get("value") or 0.0 for figure in figures)])


def _part(value: float | None, full: float) -> float | None:
    return None if value is None else round(min(1.0, max(0.0, value / full)), 4)


def unranked(report: Report, hues: Mapping[str, str]) -> list[dict[str, Any]]:
    """The brands without a place, each with its reason and what was seen of it."""
    return [
        row(index, brand, [cell("inbound_count", brand["metrics"].get("inbound_count"))], hues)
        | {"why": text(brand["not_ranked_because"]), "sector": text(brand["sector"], 40) if brand["sector"] else ""}
        for index, brand in report.unranked
    ]
