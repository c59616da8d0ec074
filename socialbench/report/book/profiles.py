"""Brand profiles, a page each: the scorecard against sector and all, the curve, the hours, the weeks."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from socialbench.report import words
from socialbench.report.book.front import moved
from socialbench.report.book.printing import all_brands, band, cell, label, name, networks_of, on_scale, scaled, steps, text
from socialbench.report.figures import Unit, unit_of
from socialbench.report.glossary import marks_of
from socialbench.report.profile import SCORECARD
from socialbench.report.tree import Report, Tree

WEEKS_SHOWN, NETWORKS_SHOWN, NOTES_SHOWN = 26, 4, 3
CROWDED = 0.1
"""One author's share of what counts above which it is told."""
_WEEKLY = ("answered_within_24h", "response_rate")
_ON_NETWORKS = ("expectation_score", "answered_within_24h", "median_latency_s", "answered_median_s", "inbound_count")


def grounds(report: Report) -> dict[str, list[float]]:
    """Per metric where the ranked brands stand on its axis: the ground on which each scorecard marks its brand."""
    places: dict[str, list[float]] = {}
    for metric in (metric for metric in SCORECARD if _has_axis(metric)):
        found = (on_scale(metric, brand["metrics"].get(metric, {}).get("value")) for _, brand in report.ranked)
        places[metric] = sorted(place for place in found if place is not None)
    return places


def profiles(report: Report, hues: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """One page per brand: the ranked by their places, then the others."""
    sectors = {sector["name"]: sector for sector in report.tree["sectors"]}
    count = report.tree["totals"]["ranked"]
    for index, brand in all_brands(report):
        sector = sectors.get(brand["sector"])
        yield {
            "brand": index,
            "name": name(brand["name"]),
            "sector": text(brand["sector"], 60) if brand["sector"] else "",
            "hue": hues.get(brand["sector"]) if brand["sector"] else None,
            "networks": networks_of(brand, 80),
            "rank": _place(brand["rank"], count),
            "why": text(brand["not_ranked_because"], 300) if brand["not_ranked_because"] else "",
            "marks": marks_of(brand),
            "said": list(_said(report, brand)),
            "scorecard": [_score_row(metric, brand, sector) for metric in SCORECARD if metric in brand["metrics"]],
            "curve": steps(brand["curve"]) if brand["curve"] else [],
            "band": band(brand["curve"]),
            "hours": _hours(brand["hours"]),
            "weeks": _weeks(brand["weeks"]),
            "slices": _slices(brand),
        }


def by_alphabet(report: Report) -> list[dict[str, Any]]:
    """All brands by name, with their places, for the index before the profiles."""
    brands = sorted(all_brands(report), key=lambda one: (one[1]["name"].casefold(), one[1]["name"], one[0]))
    return [
        {"brand": index, "name": name(brand["name"]), "place": brand["rank"]["label"] if brand["rank"] else words.NO_FIGURE}
        for index, brand in brands
    ]


def _has_axis(metric: str) -> bool:
    return unit_of(metric) in (Unit.SHARE, Unit.SECONDS, Unit.SCORE)


def _place(rank: Tree | None, count: int) -> dict[str, str] | None:
    if rank is None:
        return None
    shown = {"label": rank["label"], "places": words.place_interval(rank), "of": words.number(count), "move": moved(rank)}
    return shown | {"tier": str(rank["tier"]) if rank["tier"] is not None else ""}


def _said(report: Report, brand: Tree) -> Iterator[str]:
    """What must be known before the page is believed, the gravest first."""
    if brand["provisional"]:
        yield "provisional: not watched to the period's end plus the follow-up"
    crowd = brand["metrics"].get(report.tree["ranked_by"], {}).get("largest_author_share")
    if crowd is not None and crowd > CROWDED:
        yield f"one author wrote {words.share(crowd)} of what counts"
    if not brand["authors_known"]:
        yield "the source names no authors: each message stands for one"
    refused = {figure["refused"] for figure in brand["metrics"].values() if figure.get("refused")}
    yield from (f"a dash: {text(why, 200)}" for why in sorted(refused)[:NOTES_SHOWN])
    yield from (text(note, 240) for note in brand["notes"][:NOTES_SHOWN])
    gate, told = brand["gate"], brand["rank"]
    if gate["matured"]:
        seen, authors = words.number(gate["matured"]), words.number(gate["authors"])
        yield f"{seen} openers watched for the whole follow-up, by {authors} authors"
    if told and told["separated_from"]:
        yield f"told apart from {len(told['separated_from'])} of the other ranked brands"
    if brand["observed_until"]:
        yield f"watched until {words.moment(brand['observed_until'])}"
    left = [f"{words.number(count)} {reason}" for reason, count in brand["left_out"].items() if count]
    if left:
        yield f"messages left out or told apart: {', '.join(left)}"


def _score_row(metric: str, brand: Tree, sector: Tree | None) -> dict[str, Any]:
    figure, mean = brand["metrics"][metric], sector["metrics"].get(metric) if sector else None
    made = {"metric": metric, "label": label(metric), "sector": words.figure(metric, mean) if mean else ""}
    if not _has_axis(metric):
        return made | cell(metric, figure) | {"mark": None, "mean": None}
    return made | cell(metric, figure) | {"mark": scaled(metric, figure), "mean": on_scale(metric, (mean or {}).get("value"))}


def _hours(hours: Sequence[int]) -> dict[str, Any] | None:
    """168 levels, 0 to 4, Monday first, and how many messages the fullest hour of the week holds."""
    most = max([0, *hours])
    return {"levels": [math.ceil(4 * count / most) for count in hours], "most": words.number(most)} if most else None


def _weeks(weeks: Mapping[str, Any]) -> dict[str, Any] | None:
    """The weekly share that has most weeks, the latest weeks only where there are very many."""
    labels = sorted(weeks)[-WEEKS_SHOWN:]
    counts = {metric: sum(_value(weeks[week], metric) is not None for week in labels) for metric in _WEEKLY}
    metric = max(_WEEKLY, key=lambda one: counts[one])
    if not counts[metric]:
        return None
    rows = [
        {"week": week.rpartition("-")[2], **scaled(metric, weeks[week]["metrics"].get(metric))}
        | cell(metric, weeks[week]["metrics"].get(metric))
        for week in labels
    ]
    return {"label": label(metric), "rows": rows, "first": labels[0], "last": labels[-1]}


def _slices(brand: Tree) -> dict[str, Any] | None:
    """The brand on each of its networks, and by each role of its handles where it has several."""
    cuts = [(words.network(key), cut["metrics"]) for key, cut in brand["networks"].items()][:NETWORKS_SHOWN]
    if len(brand["roles"]) > 1:
        cuts += [(f"{text(role, 20).capitalize()} handle", cut["metrics"]) for role, cut in brand["roles"].items()]
    metrics = [metric for metric in _ON_NETWORKS if any(metrics.get(metric, {}).get("value") is not None for _, metrics in cuts)]
    if _ON_NETWORKS[1] in metrics and "answered_median_s" in metrics:
        metrics.remove("answered_median_s")
    if not cuts or not metrics:
        return None
    rows = [{"label": called, "cells": [cell(metric, found.get(metric)) for metric in metrics]} for called, found in cuts]
    return {"heads": [label(metric) for metric in metrics], "rows": rows}


def _value(cut: Tree, metric: str) -> float | None:
    value: float | None = cut["metrics"].get(metric, {}).get("value")
    return value
