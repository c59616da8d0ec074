"""The report as a book: cover, contents, the ranking, a page per brand, method and glossary; set by typst."""

from __future__ import annotations

from collections.abc import Iterator

from socialbench.report.output import Output
from socialbench.report.tree import Report

suffix = ".pdf"
binary = True


def render(report: Report) -> Iterator[Output]:
    """Write report.pdf; UsageError where typst is not installed."""
    from socialbench.report.book.content import content
    from socialbench.report.book.press import print_book
    from socialbench.report.fonts import faces_of

    yield Output("report.pdf", print_book(content(report), report.tree["cut_off"], faces_of(report.looks)))
