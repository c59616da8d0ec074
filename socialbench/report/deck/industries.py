"""A slide per industry with five ranked brands or more: its share of the best, its best three, its curve."""

from __future__ import annotations

from collections.abc import Sequence

from socialbench.report import words
from socialbench.report.chart import Chart
from socialbench.report.deck.exhibits import notes_of
from socialbench.report.deck.grid import Cell, Column, add_table
from socialbench.report.deck.page import Box
from socialbench.report.deck.ranking import best_rows
from socialbench.report.deck.scatter import add_curves
from socialbench.report.deck.slides import MUTED, Slides, describe, write
from socialbench.report.glossary import meanings
from socialbench.report.tree import Report, Tree

FEWEST = 5
BEST = 3
_ROW = 0.36
_HEADED = 0.34
_METRICS = ("expectation_score", "answered_within_2h", "answered_within_24h", "median_latency_s", "response_rate")


def add_industries(slides: Slides, report: Report, charts: Sequence[Chart]) -> None:
    """Add each industry's slide, by name."""
    curves = next((chart for chart in charts if chart.name == "time-to-answer" and _by_sector(chart)), None)
    ranked = [brand for _, brand in sorted(report.ranked, key=lambda row: row[1]["rank"]["value"])]
    for sector in report.tree["sectors"]:
        members = [brand for brand in ranked if brand["sector"] == sector["name"]]
        if len(members) >= FEWEST:
            _add_industry(slides, report, (sector, members), curves)


def _by_sector(chart: Chart) -> bool:
    return bool(chart.plot and chart.rows and chart.rows[0][0] == "sector")


def _add_industry(slides: Slides, report: Report, found: tuple[Tree, Sequence[Tree]], curves: Chart | None) -> None:
    sector, members = found
    metrics = [metric for metric in _METRICS if sector["metrics"].get(metric, {}).get("value") is not None]
    said = [f"{label}: {sector[key]}." for label, key in (("Strength", "strength"), ("Weakness", "weakness")) if sector[key]]
    slide, body = slides.add(
        f"{words.name(sector['name'], 80)}: {_title(sector)}",
        " ".join([f"{len(members)} ranked brands; the industry's figures are their plain means.", *said]),
        [*meanings(report, [report.tree["ranked_by"], *metrics]), *(notes_of(curves) if curves else [])],
    )
    left, right = _halves(body)
    facts = _facts(sector, metrics)
    add_table(slide, left.below(0.12), _fact_columns(left.width), facts, _ROW, "The industry")
    under = left.below(0.12 + _ROW * len(facts) + 0.3)
    write(slide, Box(under.left, under.top, under.width, 0.28), "Best three", 13, strong=True)
    columns = [
        Column("", 0.55, True),
        Column("Brand", left.width - 2.15),
        Column(words.label(report.tree["ranked_by"]), 0.8, True),
        Column("95 %", 0.8),
    ]
    add_table(slide, under.below(_HEADED), columns, best_rows(members[:BEST], report.tree["ranked_by"]), _ROW, "Best three")
    if curves is not None and curves.plot is not None:
        write(
            slide,
            Box(right.left, right.top + 0.12, right.width, 0.28),
            "Time to answer, the other industries in grey",
            13,
            strong=True,
        )
        frame = add_curves(slide, right.below(_HEADED + 0.12), curves.plot, words.name(sector["name"], 60))
        describe(frame, f"Time to answer: {words.name(sector['name'], 80)}", curves.alt)


def _title(sector: Tree) -> str:
    ranked, best = sector["share_of_ranked"] or 0.0, sector["share_of_top_third"] or 0.0
    return f"{words.share(ranked, 0.1)} of the ranked brands, {words.share(best, 0.1)} of the best third"


def _halves(body: Box) -> tuple[Box, Box]:
    wide = body.width * 0.42
    return Box(body.left, body.top, wide, body.height), Box(
        body.left + wide + 0.4, body.top, body.width - wide - 0.4, body.height
    )


def _fact_columns(wide: float) -> list[Column]:
    return [Column("", wide * 0.62), Column("", wide * 0.38, True)]


def _facts(sector: Tree, metrics: Sequence[str]) -> list[list[Cell]]:
    rows = [
        ("Share of the ranked brands", words.share(sector["share_of_ranked"] or 0.0, 0.1)),
        ("Share of the best third", words.share(sector["share_of_top_third"] or 0.0, 0.1)),
    ]
    rows += [(words.label(metric), words.figure(metric, sector["metrics"][metric])) for metric in metrics]
    return [[Cell(name, colour=MUTED), Cell(text, strong=True)] for name, text in rows]
