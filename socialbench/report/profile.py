"""One brand for the page and for the terminal: its scorecard, what must be known before it is believed, its weeks."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from socialbench.report import words
from socialbench.report.figures import Unit, unit_of
from socialbench.report.sections import is_known, weekly_metric
from socialbench.report.tree import Report, Tree, pointer

SCORECARD = (
    "expectation_score",
    "answered_within_30m",
    "answered_within_2h",
    "answered_within_24h",
    "response_rate",
    "median_latency_s",
    "p75_latency_s",
    "p90_latency_s",
    "restricted_mean_s",
    "answered_median_s",
    "handoff_rate",
    "automated_rate",
    "needs_response_share",
    "answered_count",
    "inbound_count",
)
WEEKS_SHOWN, NOTES_SHOWN = 26, 3
CROWDED = 0.1
"""One author's share of what counts above which it is told."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence; with a `path` it prints what stands there in the JSON, `part` says in which way."""

    text: str
    path: str = ""
    part: str = ""


Remark = list[Piece]


def scorecard(brand: Tree) -> list[str]:
    """The metrics that a brand's scorecard shows."""
    return [metric for metric in SCORECARD if metric in brand["metrics"]]


def middle(report: Report, metric: str) -> Tree | None:
    """The middle of the ranked brands' figures, as a figure; times not reached stand behind all others. None: nobody has one.

    >>> from socialbench.report.tree import freeze
    >>> brands = [{"rank": {}, "metrics": {"median_latency_s": {"value": v, "reached": v is not None}}} for v in (60, None, 80)]
    >>> middle(Report(freeze({"brands": brands})), "median_latency_s")["value"]
    80
    """
    figures = [brand["metrics"].get(metric) for brand in report.tree["brands"] if brand["rank"] is not None]
    known = [math.inf if figure["value"] is None else figure["value"] for figure in figures if is_known(figure)]
    if not known:
        return None
    value = median(known)
    if math.isinf(value):
        return {"value": None, "reached": False}
    return {"value": round(value) if unit_of(metric) is Unit.COUNT else value}


def remarks(report: Report, index: int) -> Iterator[Remark]:
    """What must be known before a brand's figures are believed, the gravest first."""
    brand = report.tree["brands"][index]
    if brand["provisional"]:
        yield [Piece("provisional: not watched to the period's end plus the follow-up")]
    ranked_by = report.tree["ranked_by"]
    crowd = brand["metrics"].get(ranked_by, {}).get("largest_author_share")
    if crowd is not None and crowd > CROWDED:
        path = pointer("brands", index, "metrics", ranked_by, "largest_author_share")
        yield [Piece("one author wrote "), Piece(words.share(crowd), path), Piece(" of what counts")]
    if not brand["authors_known"]:
        yield [Piece("the source names no authors: each message stands for one")]
    badge = brand["badge"]
    if badge:
        earned = {True: "badge earned: ", False: "no badge: ", None: "badge, cannot be told: "}[badge["earned"]]
        yield [Piece(earned), Piece(words.name(badge["why"], 600), pointer("brands", index, "badge", "why"))]
    yield from _refusals(brand, index)
    for place, note in enumerate(brand["notes"][:NOTES_SHOWN]):
        yield [Piece(words.name(note, 600), pointer("brands", index, "notes", place))]
    yield from _watched(brand, index)


def _refusals(brand: Tree, index: int) -> Iterator[Remark]:
    """Why figures may not be given, each reason once."""
    reasons: dict[str, str] = {}
    for metric, figure in brand["metrics"].items():
        if figure.get("refused"):
            reasons.setdefault(figure["refused"], metric)
    for why in sorted(reasons)[:NOTES_SHOWN]:
        path = pointer("brands", index, "metrics", reasons[why], "refused")
        yield [Piece("a dash: "), Piece(words.name(why, 600), path)]


def _watched(brand: Tree, index: int) -> Iterator[Remark]:
    gate = brand["gate"]
    if gate["matured"]:
        matured, authors = (
            Piece(words.number(gate[key]), pointer("brands", index, "gate", key)) for key in ("matured", "authors")
        )
        yield [matured, Piece(" openers watched for the whole follow-up, by "), authors, Piece(" authors")]
    if brand["observed_until"]:
        path = pointer("brands", index, "observed_until")
        yield [Piece("watched until "), Piece(words.moment(brand["observed_until"]), path, "moment")]
    left = [(reason, count) for reason, count in brand["left_out"].items() if count]
    if left:
        pieces = [Piece("messages left out or told apart: ")]
        for place, (reason, count) in enumerate(left):
            path = pointer("brands", index, "left_out", reason)
            pieces += [Piece(", " if place else ""), Piece(words.number(count), path), Piece(f" {reason}")]
        yield pieces


def weeks(brand: Tree, index: int) -> tuple[str, list[tuple[str, str]]]:
    """The metric that a brand's weeks are shown by, and (week, pointer to its figure) of the latest that have one."""
    metric = weekly_metric([brand])
    known = [week for week in sorted(brand["weeks"]) if is_known(brand["weeks"][week]["metrics"].get(metric))]
    return metric, [(week, pointer("brands", index, "weeks", week, "metrics", metric)) for week in known[-WEEKS_SHOWN:]]
