"""A workbook: the JSON's figures as numbers, one sheet per subject, native charts on their own data.

Sheets: ranking, sectors, metrics, networks, coverage, left out, method, charts, chart data. Cells hold the numbers as
the JSON has them (shares 0 to 1, times in seconds; beside a time the same as h:mm:ss); formats are for the looks only.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from socialbench.report.output import Output
from socialbench.report.plates import plates
from socialbench.report.tree import Report

suffix = ".xlsx"
binary = True


def render(report: Report) -> Iterator[Output]:
    """Write report.xlsx: every text a text, never a formula or a link."""
    from xlsxwriter import Workbook

    from socialbench.report.deck.datasheet import AS_TEXT
    from socialbench.report.deck.letters import shown
    from socialbench.report.deck.seal import written_at
    from socialbench.report.table import heads, title
    from socialbench.report.workbook import plots, sheets
    from socialbench.report.workbook.sheet import Book

    out = io.BytesIO()
    file = Workbook(out, AS_TEXT)
    maker = f"socialbench {shown(report.tree['version'], 40)}"
    file.set_properties({"title": shown(title(report), 200), "author": maker, "created": written_at(report.tree["cut_off"])})
    book = Book(file, heads(report))
    sheets.add_ranking(book, report)
    sheets.add_sectors(book, report)
    sheets.add_metrics(book, report)
    sheets.add_networks(book, report)
    sheets.add_coverage(book, report)
    sheets.add_left_out(book, report)
    sheets.add_method(book, report)
    plots.add_charts(book, (plate.chart for plate in plates(report)))
    file.close()
    yield Output("report.xlsx", out.getvalue())
