"""Two tables as CSV: ranking.csv, one row per brand, and figures.csv, one row per figure of every slice.

ranking.csv: brand, sector, rank, rank_label, rank_low, rank_high, tier, move, not_ranked_because, the marks,
networks (joined by spaces), then each metric as `<metric>`, `<metric>_low`, `<metric>_high`, `<metric>_n`
(ends and n only for figures that have them; `<metric>_reached` for times), last `provisional` and `simulated`.
Ranked brands first, in their order. Shares are 0 to 1, times seconds; an empty cell is a figure that may not be given.

figures.csv: brand, slice ('all', 'network', 'role', 'kind', 'topic', 'week', 'variant'), of (its name), metric,
value, low, high, n, authors, design_effect, largest_author_share, reached, refused, note, simulated.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from socialbench.report.cells import csv_bytes
from socialbench.report.figures import Unit, unit_of
from socialbench.report.output import Output
from socialbench.report.tree import Report, Tree

suffix = ".csv"
binary = False

_PLACE = ("rank", "rank_label", "rank_low", "rank_high", "tier", "move")
_ENDS = ("low", "high", "n")
_FIGURE = ("value", "low", "high", "n", "authors", "design_effect", "largest_author_share", "reached", "refused", "note")
_SLICES = (("networks", "network"), ("roles", "role"), ("kinds", "kind"), ("topics", "topic"), ("weeks", "week"))


def render(report: Report) -> Iterator[Output]:
    """Write ranking.csv, then figures.csv."""
    yield Output("ranking.csv", _ranking(report))
    yield Output("figures.csv", csv_bytes(("brand", "slice", "of", "metric", *_FIGURE, "simulated"), _figures(report)))


def _ranking(report: Report) -> bytes:
    brands = [brand for _, brand in (*report.ranked, *report.unranked)]
    leaves = _leaves(brands)
    marks = tuple(brands[0]["marks"]) if brands else ()
    columns = ("brand", "sector", *_PLACE, "not_ranked_because", *marks, "networks")
    names = [metric if leaf == "value" else f"{metric}_{leaf}" for metric, leaf in leaves]
    state = (report.tree["provisional"], "SIMULATED" if report.tree["simulated"] else None)
    rows = [(*_head(brand), *(_leaf(brand, metric, leaf) for metric, leaf in leaves), *state) for brand in brands]
    return csv_bytes((*columns, *names, "provisional", "simulated"), rows)


def _head(brand: Tree) -> tuple[Any, ...]:
    rank = brand["rank"] or {}
    place = (rank.get("value"), rank.get("label"), *(rank.get(key) for key in ("low", "high", "tier", "move")))
    head = (brand["name"], brand["sector"], *place, brand["not_ranked_because"])
    return (*head, *brand["marks"].values(), " ".join(brand["networks"]))


def _leaves(brands: list[Tree]) -> list[tuple[str, str]]:
    """Every metric that any brand has, in the order met, with the parts that it has somewhere."""
    metrics = dict.fromkeys(metric for brand in brands for metric in brand["metrics"])
    leaves = []
    for metric in metrics:
        parts = ("value", *_ENDS, "reached") if unit_of(metric) is Unit.SECONDS else ("value", *_ENDS)
        leaves += [(metric, part) for part in parts if part == "value" or any(_has(brand, metric, part) for brand in brands)]
    return leaves


def _has(brand: Tree, metric: str, part: str) -> bool:
    return _leaf(brand, metric, part) is not None


def _leaf(brand: Tree, metric: str, part: str) -> Any:
    return brand["metrics"].get(metric, {}).get(part)


def _figures(report: Report) -> Iterator[tuple[Any, ...]]:
    state = "SIMULATED" if report.tree["simulated"] else None
    for brand in report.tree["brands"]:
        parts = [("all", "", brand["metrics"])]
        parts += [("variant", name, metrics) for name, metrics in brand["variants"].items()]
        parts += [(label, name, part["metrics"]) for key, label in _SLICES for name, part in brand[key].items()]
        for label, name, metrics in parts:
            for metric, figure in metrics.items():
                yield (brand["name"], label, name, metric, *(figure.get(key) for key in _FIGURE), state)
