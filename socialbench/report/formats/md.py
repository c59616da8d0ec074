"""The report as Markdown, in the order of the page: key figures, ranking, industries, networks, questions, trends, method."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from socialbench.report import sections, words
from socialbench.report.glossary import TERMS, defined
from socialbench.report.method import coverage_rows, method_rows
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
    yield from _industries(report)
    yield from _section(report, "By network", sections.networks(report))
    yield from _leaders(report)
    yield from _section(report, "What customers ask", sections.asked(report))
    yield from _section(report, "Handles and hours", sections.handles(report))
    yield from _section(report, "Hand-offs and automatic answers", sections.replies(report))
    yield from _trends(report)
    yield from _method(report)
    yield from _glossary(report)


def _findings(report: Report) -> Iterator[str]:
    if report.tree["findings"]:
        yield "## Key figures"
        yield ""
    for finding in report.tree["findings"]:
        shown = []
        for pointer in finding["figures"]:
            metric = pointer.rsplit("/", 1)[1]
            shown.append(f"{words.label(metric).lower()} {_carried(report, pointer)}")
        yield f"- {plain(finding['text'], None)} {plain('; '.join(shown))}"
    yield ""


def _carried(report: Report, pointer: str) -> str:
    """What carries a sentence: a figure with its interval, or a bare share."""
    metric, found = pointer.rsplit("/", 1)[1], report.resolve(pointer)
    if isinstance(found, Mapping):
        return _with_interval(metric, found)
    return words.share(found, 0.1) if "share" in metric else words.number(found)


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


def _industries(report: Report) -> Iterator[str]:
    cards = sections.industries(report)
    if not cards:
        return
    yield "## Industries"
    yield ""
    for card in cards:
        sector = card.sector
        yield f"### {plain(sector['name'])}"
        yield ""
        for key, said in (("share_of_ranked", "of the ranked brands"), ("share_of_top_third", "of the best third")):
            if sector[key] is not None:
                yield f"- {words.share(sector[key], 0.1)} {said}"
        for key in ("strength", "weakness"):
            if sector[key]:
                yield f"- {key.capitalize()}: {plain(sector[key], None)}"
        best = ", ".join(f"{words.place(brand['rank'])} {plain(brand['name'], 80)}" for _, brand in card.best)
        yield f"- Best three: {best}"
        for metric in card.metrics:
            yield f"- {words.label(metric)}: {words.figure(metric, sector['metrics'][metric])}"
        yield ""


def _section(report: Report, title: str, tables: Iterable[sections.Table]) -> Iterator[str]:
    """A section of tables; nothing where there is none."""
    for place, shown in enumerate(tables):
        if not place:
            yield f"## {title}"
            yield ""
        yield f"### {plain(shown.title)}"
        yield ""
        if shown.lede:
            yield plain(shown.lede, None)
            yield ""
        rows = [[plain(row.brand["name"]), *(_told(report, cell) for cell in row.cells)] for row in shown.rows]
        yield from table(["Brand", *(plain(head.text, 60) for head in shown.heads)], rows, left=1)


def _told(report: Report, cell: sections.Cell) -> str:
    if not cell.path:
        return words.NO_FIGURE
    figure = report.resolve(cell.path)
    count = f", n {words.number(figure['n'])}" if cell.counted and figure.get("n") is not None else ""
    return _with_interval(cell.metric, figure) + count


def _leaders(report: Report) -> Iterator[str]:
    leaders = sections.leaders(report)
    if leaders:
        yield "## Leaders by measure"
        yield ""
        rows = [
            [
                words.label(metric),
                "; ".join(f"{plain(brand['name'], 80)} {words.figure(metric, brand['metrics'][metric])}" for _, brand in best),
            ]
            for metric, best in leaders
        ]
        yield from table(["Measure", "Best three; no test was made between them"], rows, left=2)


def _trends(report: Report) -> Iterator[str]:
    moved, weekly = sections.moved(report), sections.weekly(report)
    if moved:
        yield "## Trends"
        yield ""
        rows = [[plain(brand["name"]), f"{brand['rank']['move']:+d}", words.place(brand["rank"])] for _, brand in moved]
        yield from table(["Brand", "Places moved", "Place now"], rows, left=1)
    if weekly is not None:
        yield from list(_section(report, "Trends", [weekly]))[2 if moved else 0 :]


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


def _glossary(report: Report) -> Iterator[str]:
    yield "## Glossary"
    yield ""
    measures = {words.label(metric): said for metric in metric_columns(report) if (said := defined(report, metric))}
    for term, said in (TERMS | measures).items():
        yield f"- **{plain(term, None)}**: {plain(said, None)}"


def table(headers: Sequence[str], rows: Iterable[Sequence[str]], left: int) -> Iterator[str]:
    """A Markdown table whose first `left` columns stand left, the others right."""
    yield "| " + " | ".join(headers) + " |"
    yield "|" + "|".join(" --- " if index < left else " ---: " for index in range(len(headers))) + "|"
    for row in rows:
        yield "| " + " | ".join(row) + " |"
    yield ""
