"""The report as Markdown: ranking, listed-not-ranked, networks, method, coverage."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from socialbench.report import words
from socialbench.report.method import coverage_rows, method_rows, network_tables
from socialbench.report.output import Output
from socialbench.report.table import heads, metric_columns, rules, summary, title
from socialbench.report.tree import Report, Tree

suffix = ".md"
binary = False

_SPECIAL = re.compile(r"([\\`*_{}\[\]|<>&~$])")


def render(report: Report) -> Iterator[Output]:
    """Write report.md."""
    yield Output("report.md", ("\n".join(_lines(report)).rstrip() + "\n").encode())


def plain(text: str, limit: int | None = 200) -> str:
    r"""Write text so that Markdown shows it as it is.

    >>> plain("<script>|*x*")
    '\\<script\\>\\|\\*x\\*'
    """
    return _SPECIAL.sub(r"\\\1", words.name(text, limit)).replace("://", ":\u200b//").replace("www.", "www\u200b.")


def _lines(report: Report) -> Iterator[str]:
    yield f"# {plain(title(report))}"
    yield ""
    for head in heads(report):
        yield f"> **{plain(head)}**"
        yield ""
    yield f"{summary(report)}"
    yield ""
    yield from _findings(report)
    yield "## The ranking"
    yield ""
    yield from _ranking(report)
    yield from _not_ranked(report)
    yield from _networks(report)
    yield from _method(report)


def _findings(report: Report) -> Iterator[str]:
    for finding in report.tree["findings"]:
        shown = []
        for pointer in finding["figures"]:
            metric, figure = pointer.rsplit("/", 1)[1], report.resolve(pointer)
            shown.append(f"{words.label(metric).lower()} {_with_interval(metric, figure)}")
        yield f"- {plain(finding['text'], None)} {plain('; '.join(shown))}"
    yield ""


def _ranking(report: Report) -> Iterator[str]:
    metrics = metric_columns(report)
    if not report.ranked:
        yield "No brand could be ranked."
        yield ""
        return
    headers = ["Rank", "Brand", "Sector", "Networks", *(words.label(metric) for metric in metrics)]
    rows = [_row(brand, metrics) for _, brand in report.ranked]
    yield from table(headers, rows, left=4)
    yield "Places in brackets: those that a brand could hold; intervals are 95 %."
    yield ""


def _row(brand: Tree, metrics: Sequence[str]) -> list[str]:
    sector = plain(brand["sector"]) if brand["sector"] else ""
    figures = [_with_interval(metric, brand["metrics"].get(metric)) for metric in metrics]
    return [words.place(brand["rank"]), plain(brand["name"]), sector, plain(", ".join(brand["networks"])), *figures]


def _with_interval(metric: str, figure: Tree | None) -> str:
    span, bounds = words.interval(metric, figure), words.bounds(metric, figure)
    shown = words.figure(metric, figure)
    return shown + (f" ({span})" if span else "") + (f", bounds {bounds}" if bounds else "")


def _not_ranked(report: Report) -> Iterator[str]:
    if not report.unranked:
        return
    yield "## Listed, not ranked"
    yield ""
    rows = [[plain(brand["name"]), plain(brand["not_ranked_because"], None)] for _, brand in report.unranked]
    yield from table(["Brand", "Why"], rows, left=2)


def _networks(report: Report) -> Iterator[str]:
    for network, metrics, rows in network_tables(report):
        yield f"## {plain(words.network(network))}"
        yield ""
        cells = [
            [plain(row.brand["name"]), *(_with_interval(metric, row.figures.get(metric)) for metric in metrics)] for row in rows
        ]
        yield from table(["Brand", *(words.label(metric) for metric in metrics)], cells, left=1)


def _method(report: Report) -> Iterator[str]:
    yield "## Method"
    yield ""
    for row in method_rows(report):
        yield f"- **{plain(row.label)}**: {plain(row.text, None)}"
    yield ""
    yield f"{plain(rules(report))}"
    yield ""
    rows = [[plain(cell, 120) for cell in row] for row in coverage_rows(report)]
    if rows:
        yield "## Coverage"
        yield ""
        yield from table(["Brand", "Network", "Account", "Stream", "Read", "Gaps", "Note"], rows, left=7)


def table(headers: Sequence[str], rows: Iterable[Sequence[str]], left: int) -> Iterator[str]:
    """A Markdown table whose first `left` columns stand left, the others right."""
    yield "| " + " | ".join(headers) + " |"
    yield "|" + "|".join(" --- " if index < left else " ---: " for index in range(len(headers))) + "|"
    for row in rows:
        yield "| " + " | ".join(row) + " |"
    yield ""
