"""The sheets of figures: ranking, sectors, metrics, networks, coverage, left out, method."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from socialbench.report import method, words
from socialbench.report.build import LEFT_OUT
from socialbench.report.colours import BAR
from socialbench.report.figures import Unit, unit_of
from socialbench.report.glossary import INTERVALS, meaning
from socialbench.report.table import metric_columns, summary, title
from socialbench.report.tree import Report, Tree
from socialbench.report.workbook.sheet import (
    FORMATS,
    HEAD_ROW,
    RATIO,
    SHARE,
    WHOLE,
    Book,
    Field,
    metric_fields,
    metric_values,
    unit_word,
)

NAMES = ("ranking", "sectors", "metrics", "networks", "coverage", "left out", "method")
_ENDS = ("low", "high")
_NAME = 34.0
_SLICES = (("networks", "network"), ("roles", "role"), ("kinds", "kind"), ("topics", "topic"), ("weeks", "week"))


def add_ranking(book: Book, report: Report) -> None:
    """Add the ranked brands in their order, then those that are listed, each with its reason."""
    metrics = metric_columns(report)
    fields = [Field("Brand", width=_NAME), Field("Rank", WHOLE, 7), Field("Place", width=8)]
    fields += [Field("Place, low", WHOLE, 7), Field("Place, high", WHOLE, 7), Field("Tier", WHOLE, 6), Field("Move", WHOLE, 7)]
    fields += [Field("Sector"), Field("Networks", width=16)]
    first = len(fields)
    for metric in metrics:
        fields += metric_fields(metric, words.label(metric), _parts(metric))
    fields += [Field("Not ranked because", width=44), Field("Provisional", width=11)]
    brands = [brand for _, brand in (*report.ranked, *report.unranked)]
    sheet = book.add_table("ranking", title(report), fields, (_ranking_row(brand, metrics) for brand in brands))
    book.say(sheet, 2, f"{summary(report)}. {INTERVALS} Shares are 0 to 1, shown as percent.")
    if brands and unit_of(metrics[0]) is Unit.SCORE:
        bars = {"type": "data_bar", "bar_color": BAR, "min_type": "num", "min_value": 0}
        sheet.conditional_format(HEAD_ROW + 1, first, HEAD_ROW + len(brands), first, bars | {"max_type": "num", "max_value": 100})


def _parts(metric: str) -> tuple[str, ...]:
    return () if unit_of(metric) is Unit.COUNT else (*_ENDS, "n")


def _ranking_row(brand: Tree, metrics: Sequence[str]) -> list[Any]:
    rank = brand["rank"] or {}
    row = [brand["name"], *(rank.get(key) for key in ("value", "label", "low", "high", "tier", "move")), brand["sector"]]
    row.append(", ".join(brand["networks"]))
    for metric in metrics:
        row += metric_values(brand["metrics"].get(metric, {}), metric, _parts(metric))
    return [*row, brand["not_ranked_because"], brand["provisional"]]


def add_sectors(book: Book, report: Report) -> None:
    """Add the sectors: their shares of the ranked and of the best third, their means."""
    sectors = report.tree["sectors"]
    metrics = list(dict.fromkeys(metric for sector in sectors for metric in sector["metrics"]))
    fields = [
        Field("Sector", width=_NAME),
        Field("Brands", WHOLE),
        Field("Share of ranked", SHARE),
        Field("Share of best third", SHARE),
    ]
    fields += [Field("Strength", width=24), Field("Weakness", width=24)]
    for metric in metrics:
        fields += metric_fields(metric, words.label(metric), _ENDS if unit_of(metric) is not Unit.COUNT else ())
    rows = [_sector_row(sector, metrics) for sector in sectors]
    sheet = book.add_table("sectors", "Sectors", fields, rows)
    book.say(sheet, 2, "A sector's figures are the plain means of its ranked brands.")


def _sector_row(sector: Tree, metrics: Sequence[str]) -> list[Any]:
    row = [sector["name"], len(sector["brands"]), sector["share_of_ranked"], sector["share_of_top_third"]]
    row += [None if sector[key] is None else str(sector[key]) for key in ("strength", "weakness")]
    for metric in metrics:
        row += metric_values(sector["metrics"].get(metric, {}), metric, _ENDS if unit_of(metric) is not Unit.COUNT else ())
    return row


def add_metrics(book: Book, report: Report) -> None:
    """Add every figure of every slice, one a row, as the JSON has it."""
    fields = [Field("Brand", width=_NAME), Field("Slice", width=10), Field("Of", width=22), Field("Metric", width=24)]
    fields += [Field("Name", width=22), Field("Unit", width=9), Field("Value", RATIO), Field("Low", RATIO), Field("High", RATIO)]
    fields += [Field("n", WHOLE), Field("Authors", WHOLE), Field("Design effect", RATIO), Field("Largest author's share", SHARE)]
    fields += [Field("Bound, low", RATIO), Field("Bound, high", RATIO), Field("Reached", width=9)]
    fields += [Field("Refused", width=36), Field("Note", width=36)]
    sheet = book.add_table("metrics", "Every figure", fields, _figures(report))
    book.say(sheet, 2, "Shares are 0 to 1, times seconds, scores 0 to 100. An empty value was refused or not reached.")


def _figures(report: Report) -> Iterator[list[Any]]:
    for brand in report.tree["brands"]:
        parts = [("all", "", brand["metrics"])]
        parts += [("variant", name, metrics) for name, metrics in brand["variants"].items()]
        parts += [(label, name, part["metrics"]) for key, label in _SLICES for name, part in brand[key].items()]
        for label, name, metrics in parts:
            for metric, figure in metrics.items():
                yield [brand["name"], label, name, metric, *_named(metric), *_figure(metric, figure)]


@cache
def _named(metric: str) -> tuple[str, str]:
    """A metric for people: its label, its unit."""
    return words.label(metric), unit_word(metric)


def _figure(metric: str, figure: Tree) -> list[Any]:
    number = FORMATS[unit_of(metric)]
    bounds = figure.get("bounds") or (None, None)
    ends = [(figure.get(key), number) for key in ("value", *_ENDS)]
    counts = [figure.get(key) for key in ("n", "authors", "design_effect", "largest_author_share")]
    return [*ends, *counts, *((end, number) for end in bounds), figure.get("reached"), figure.get("refused"), figure.get("note")]


def add_networks(book: Book, report: Report) -> None:
    """Add each brand on each network."""
    metrics = metric_columns(report)
    fields = [Field("Brand", width=_NAME), Field("Network", width=16)]
    for metric in metrics:
        fields += metric_fields(metric, words.label(metric), _parts(metric))
    rows = []
    for brand in report.tree["brands"]:
        for network, part in brand["networks"].items():
            values = [metric_values(part["metrics"].get(metric, {}), metric, _parts(metric)) for metric in metrics]
            rows.append([brand["name"], network, *(value for group in values for value in group)])
    sheet = book.add_table("networks", "By network", fields, rows)
    book.say(sheet, 2, "No places are known within a network.")


def add_coverage(book: Book, report: Report) -> None:
    """Add what was read, one interval or gap a row."""
    fields = [Field("Brand", width=_NAME), Field("Network", width=12), Field("Origin", width=18), Field("Account", width=24)]
    fields += [Field("Stream", width=12), Field("What", width=8), Field("Since", width=27), Field("Until", width=27)]
    fields += [Field("Reason of a gap", width=24), Field("End assumed", width=10), Field("Note", width=30)]
    sheet = book.add_table("coverage", "What was really read", fields, _spans(report))
    book.say(sheet, 2, f"Moments in {report.tree['period']['timezone']}; until is exclusive.")


def _spans(report: Report) -> Iterator[list[Any]]:
    for row in report.tree["coverage"]:
        head = [row[key] for key in ("brand", "network", "origin", "account", "stream")]
        tail = [row["assumed"], row["note"]]
        for since, until in row["intervals"]:
            yield [*head, "read", since, until, None, *tail]
        for since, until, reason in row["gaps"]:
            yield [*head, "gap", since, until, reason, *tail]
        if not row["intervals"] and not row["gaps"]:
            yield [*head, "nothing", None, None, None, *tail]


def add_left_out(book: Book, report: Report) -> None:
    """Add the messages left out or told apart, by brand and reason, and why a brand is not ranked."""
    fields = [Field("Brand", width=_NAME), *(Field(reason, WHOLE) for reason in LEFT_OUT)]
    fields += [Field("Units matured", WHOLE), Field("Authors", WHOLE), Field("Not ranked because", width=50)]
    rows = [
        [
            brand["name"],
            *(brand["left_out"][reason] for reason in LEFT_OUT),
            brand["gate"]["matured"],
            brand["gate"]["authors"],
            brand["not_ranked_because"],
        ]
        for brand in report.tree["brands"]
    ]
    sheet = book.add_table("left out", "Left out, and not ranked", fields, rows)
    meant = [f"{reason}: {text}" for reason, text in method.left_out_reasons(report).items()]
    book.say(sheet, 2, "Messages. " + "; ".join(meant))


def add_method(book: Book, report: Report) -> None:
    """Add the rules of the run, in words, and the definition of every metric."""
    rows: list[list[Any]] = [["Rule", row.label, row.text] for row in method.method_rows(report)]
    metrics = dict.fromkeys(metric for brand in report.tree["brands"] for metric in brand["metrics"])
    rows += [["Metric", metric, meaning(report, metric)] for metric in metrics]
    fields = [Field("What", width=10), Field("Name", width=30), Field("Means", width=120)]
    book.add_table("method", "By which rules", fields, rows)
