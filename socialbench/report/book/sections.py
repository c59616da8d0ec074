"""The sections between the ranking and the profiles; each is left out where the report has nothing for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from socialbench.report import words
from socialbench.report.book.front import moved
from socialbench.report.book.printing import all_brands, cell, label, name, on_scale, plain, row, steps, text
from socialbench.report.figures import Unit, unit_of
from socialbench.report.method import TOP_ON_NETWORK, network_tables
from socialbench.report.tree import Report, Tree

Table = dict[str, Any]
Cut = tuple[str, tuple[str, ...]]
FEWEST_IN_SECTOR = 5
ACROSS = 6
"""Columns of figures on an upright page."""
_DAY = "answered_within_24h"
_COMPARED = ("expectation_score", _DAY, "median_latency_s")
_LEADING = (
    "expectation_score",
    "answered_within_30m",
    "answered_within_2h",
    _DAY,
    "response_rate",
    "median_latency_s",
    "p90_latency_s",
    "restricted_mean_s",
)
_REPLIES = ("handoff_rate", "automated_rate", "service_share", "response_index", "turns")
_READINGS = {
    "answers=any": "If automatic replies count as answers",
    "answers=human": "If only replies that are not automatic count",
    "answers=substantive": "If only answers of substance count",
    "population=all": "If every inbound message counts, needing a response or not",
    "population=questions": "If questions alone count",
    "staffed": "Calendar time against staffed hours",
}


def industries(report: Report, hues: Mapping[str, str]) -> list[dict[str, Any]]:
    """A card per sector with five ranked brands or more."""
    members = {
        sector["name"]: [(index, brand) for index, brand in report.ranked if brand["sector"] == sector["name"]]
        for sector in report.tree["sectors"]
    }
    return [
        _card(report, sector, members[sector["name"]], hues)
        for sector in report.tree["sectors"]
        if len(members[sector["name"]]) >= FEWEST_IN_SECTOR
    ]


def _card(report: Report, sector: Tree, members: Sequence[tuple[int, Tree]], hues: Mapping[str, str]) -> dict[str, Any]:
    shares = (("of the ranked brands", "share_of_ranked"), ("of the best third", "share_of_top_third"))
    others = [other["curve"] for other in report.tree["sectors"] if other["curve"] and other["name"] != sector["name"]]
    ranked_by = report.tree["ranked_by"]
    return {
        "name": text(sector["name"], 60),
        "hue": hues.get(sector["name"]),
        "count": len(members),
        "shares": [
            {"label": said, "text": words.share(sector[key], 0.1), "at": on_scale("response_rate", sector[key])}
            for said, key in shares
            if sector[key] is not None
        ],
        "said": [[said, text(_sentence(sector[said.lower()]))] for said in ("Strength", "Weakness") if sector[said.lower()]],
        "best": [
            row(index, brand, [cell(ranked_by, brand["metrics"].get(ranked_by))], hues) | {"place": words.place(brand["rank"])}
            for index, brand in members[:3]
        ],
        "by": label(ranked_by),
        "metrics": [{"label": label(metric)} | cell(metric, figure) for metric, figure in sector["metrics"].items()],
        "curve": steps(sector["curve"]) if sector["curve"] else [],
        "others": [steps(curve) for curve in others],
    }


def _sentence(said: Any) -> str:
    return str(said["text"]) if isinstance(said, Mapping) else str(said)


def networks(report: Report, hues: Mapping[str, str]) -> list[Table]:
    """Per network the ten brands with the highest scores there."""
    return [
        {
            "title": words.network(network),
            "heads": [label(metric) for metric in metrics],
            "rows": [
                row(one.index, one.brand, [cell(metric, one.figures.get(metric)) for metric in metrics], hues) for one in rows
            ],
        }
        for network, metrics, rows in network_tables(report)
    ]


def leaders(report: Report) -> list[dict[str, Any]]:
    """Per metric the three best figures among the ranked; no test was made between them."""
    made = []
    for metric in _LEADING:
        known = [row for row in report.ranked if row[1]["metrics"].get(metric, {}).get("value") is not None]
        known.sort(key=lambda row: (_badness(metric, row[1]), row[1]["name"]))
        if len(known) >= 2:
            best = [
                cell(metric, brand["metrics"][metric]) | {"who": name(brand["name"]), "brand": index}
                for index, brand in known[:3]
            ]
            made.append({"label": label(metric), "best": best})
    return made


def _badness(metric: str, brand: Tree) -> float:
    value = float(brand["metrics"][metric]["value"])
    return value if unit_of(metric) is Unit.SECONDS else -value


def asked(report: Report, hues: Mapping[str, str]) -> list[Table]:
    """How each kind and each topic is answered, brand by brand, and how far unanswered complaints reach."""
    tables = [*_matrix(report, hues, "kinds", "Kinds of messages"), *_matrix(report, hues, "topics", "Topics")]
    reach = [metric for metric in _metrics_of(report) if "reach" in metric and unit_of(metric) is Unit.COUNT]
    rows = [(index, brand) for index, brand in all_brands(report) if any(_value(brand["metrics"], m) for m in reach)]
    rows.sort(key=lambda one: (-(_value(one[1]["metrics"], reach[0]) or 0), one[1]["name"]))
    if rows:
        cells = [row(i, brand, [cell(m, brand["metrics"].get(m)) for m in reach], hues) for i, brand in rows[:TOP_ON_NETWORK]]
        lede = "Followers of the authors whose complaints had no answer after a day, each author once; the ten largest."
        heads = [label(metric) for metric in reach]
        tables.append({"title": "Unanswered complaints by reach", "lede": lede, "heads": heads, "rows": cells})
    return tables


def _matrix(report: Report, hues: Mapping[str, str], part: str, heading: str) -> Iterator[Table]:
    """Brands by kinds or topics, the frequent ones first, as many to a table as a page has room for."""
    seen: dict[str, float] = {}
    for brand in report.tree["brands"]:
        for key, cut in brand[part].items():
            seen[key] = seen.get(key, 0) + (_value(cut["metrics"], "inbound_count") or 0)
    keys = sorted(seen, key=lambda key: (-seen[key], key))
    rows = [(index, brand) for index, brand in all_brands(report) if brand[part]]
    for start in range(0, len(keys), ACROSS):
        shown = keys[start : start + ACROSS]
        yield {
            "title": heading + (", continued" if start else ""),
            "lede": "Answered within 24 h, with the interval; n counts what entered the figure. The most frequent stand first.",
            "heads": [text(key.replace("_", " ").capitalize(), 30) for key in shown],
            "rows": [row(index, brand, [_counted(brand[part].get(key)) for key in shown], hues) for index, brand in rows],
        }


def _counted(cut: Tree | None) -> dict[str, Any]:
    if cut is None:
        return plain(words.NO_FIGURE)
    figure = cut["metrics"].get(_DAY)
    shown, n = cell(_DAY, figure), (figure or {}).get("n")
    count = f"n {words.number(n)}" if n is not None else ""
    return plain(shown["text"], "\n".join(part for part in (shown["small"], count) if part))


def compared(report: Report, hues: Mapping[str, str]) -> list[Table]:
    """Help handle against brand handle, other readings of the same messages, and what kind of replies there are."""
    return [*_handles(report, hues), *_readings(report, hues), *_replies(report, hues)]


def _handles(report: Report, hues: Mapping[str, str]) -> Iterator[Table]:
    rows = [(index, brand) for index, brand in all_brands(report) if {"brand", "support"} <= set(brand["roles"])]
    cuts = (("brand handle", ("roles", "brand", "metrics")), ("help handle", ("roles", "support", "metrics")))
    lede = "Brands that have both; each message counts for the handle that it was addressed to."
    yield from _pairs(rows, hues, cuts, ("inbound_count", _DAY, "median_latency_s"), ("Help handle against brand handle", lede))


def _readings(report: Report, hues: Mapping[str, str]) -> Iterator[Table]:
    lede = "The same messages read another way, beside the figures of the ranking."
    for variant in sorted({variant for brand in report.tree["brands"] for variant in brand["variants"]}):
        rows = [(index, brand) for index, brand in all_brands(report) if brand["variants"].get(variant)]
        own = sorted({metric for _, brand in rows for metric in brand["variants"][variant] if metric.startswith("staffed")})
        cuts = (("as ranked", ("metrics",)), ("this reading", ("variants", variant)))
        yield from _pairs(rows, hues, cuts, (*own, *_COMPARED), (_READINGS.get(variant, text(variant, 60)), lede))


def _pairs(
    rows: Sequence[tuple[int, Tree]], hues: Mapping[str, str], cuts: Sequence[Cut], metrics: Sequence[str], said: tuple[str, str]
) -> Iterator[Table]:
    """Each metric once per cut, side by side; no table where the last cut has no figure of any."""
    told = [metric for metric in metrics if any(_known(_at(brand, cuts[-1][1]).get(metric)) for _, brand in rows)]
    columns = [
        (metric, called, path)
        for metric in told
        for called, path in cuts
        if any(_known(_at(brand, path).get(metric)) for _, brand in rows)
    ][:ACROSS]
    if columns:
        yield {
            "title": said[0],
            "lede": said[1],
            "heads": [f"{label(metric)}, {called}" for metric, called, _ in columns],
            "rows": [
                row(index, brand, [cell(metric, _at(brand, path).get(metric)) for metric, _, path in columns], hues)
                for index, brand in rows
            ],
        }


def _replies(report: Report, hues: Mapping[str, str]) -> Iterator[Table]:
    brands = all_brands(report)
    metrics = [metric for metric in _REPLIES if any(_value(brand["metrics"], metric) is not None for _, brand in brands)]
    if metrics:
        yield {
            "title": "What the replies are",
            "lede": "Replies that only send the customer elsewhere, automatic ones, and how much of what it says is service.",
            "heads": [label(metric) for metric in metrics],
            "rows": [row(i, brand, [cell(m, brand["metrics"].get(m)) for m in metrics], hues) for i, brand in brands],
        }


def trends(report: Report, hues: Mapping[str, str]) -> list[dict[str, Any]]:
    """Brands whose place moved where both rank sets are disjoint, the furthest first."""
    rows = [(index, brand) for index, brand in report.ranked if brand["rank"]["move"]]
    rows.sort(key=lambda one: (-one[1]["rank"]["move"], one[1]["rank"]["value"], one[1]["name"]))
    metric = report.tree["ranked_by"]
    return [
        row(
            index,
            brand,
            [plain(moved(brand["rank"])), plain(words.place(brand["rank"])), cell(metric, brand["metrics"].get(metric))],
            hues,
        )
        for index, brand in rows
    ]


def _at(brand: Tree, path: Sequence[str]) -> Tree:
    node: Tree = brand
    for key in path:
        node = node.get(key, {})
    return node


def _value(metrics: Tree, metric: str) -> float | None:
    value: float | None = metrics.get(metric, {}).get("value")
    return value


def _known(figure: Tree | None) -> bool:
    return figure is not None and (figure.get("value") is not None or figure.get("reached") is False)


def _metrics_of(report: Report) -> list[str]:
    return sorted({metric for brand in report.tree["brands"] for metric in brand["metrics"]})
