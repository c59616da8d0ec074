"""The last slides: by which rules, and what was really read."""

from __future__ import annotations

from socialbench.report import method, words
from socialbench.report.deck.grid import Cell, Column, add_table, pages, row_height, rows_that_fit
from socialbench.report.deck.slides import MUTED, Slides
from socialbench.report.glossary import INTERVALS
from socialbench.report.tree import Report, Tree

_ROW = 0.42
MOST_COVERAGE_SLIDES = 3


def add_method(slides: Slides, report: Report) -> None:
    """Add the rules of the run, in words."""
    rows = [(row.label, row.text) for row in method.method_rows(report)]
    reasons = method.left_out_reasons(report)
    for reason, meant in reasons.items():
        count = sum(brand["left_out"][reason] for brand in report.tree["brands"])
        rows.append((f"Left out or apart: {reason}", f"{words.number(count)} {meant}"))
    wide = slides.master.body.width
    columns = [Column("", wide * 0.24), Column("", wide * 0.76)]
    found = pages(len(rows), rows_that_fit(slides.master.body.height, _ROW))
    for number, here in enumerate(found, 1):
        title = "Method" if len(found) == 1 else f"Method ({number} of {len(found)})"
        slide, body = slides.add(
            title, "", [INTERVALS, "The whole definitions stand in the workbook and under Method in the html."]
        )
        cells = [[Cell(rows[row][0], colour=MUTED), Cell(rows[row][1])] for row in here]
        add_table(slide, body, columns, cells, row_height(body.height, len(here), _ROW), "Method")


def add_coverage(slides: Slides, report: Report) -> None:
    """Add what was read: how many streams whole, and those that were not, as far as three slides carry them."""
    coverage = report.tree["coverage"]
    if not coverage:
        return
    torn = [row for row in coverage if row["gaps"] or not row["intervals"]]
    title = f"{len(coverage) - len(torn)} of {len(coverage)} streams were read without a gap"
    notes = ["A share is only as good as what was read: a gap is a time in which messages may be missing."]
    if not torn:
        slides.add(title, "A stream is what is read of one account on one network. The workbook lists them all.", notes)
        return
    wide = slides.master.body.width
    columns = [Column("Brand", wide * 0.26), Column("Network", wide * 0.11), Column("Account", wide * 0.19)]
    columns += [Column("Stream", wide * 0.11), Column("Not read", wide * 0.33)]
    found = pages(len(torn), rows_that_fit(slides.master.body.height - 0.37, _ROW))
    for here in found[:MOST_COVERAGE_SLIDES]:
        part = "" if len(found) == 1 else f" Here {here.start + 1} to {here.stop} of {len(torn)} with gaps."
        slide, body = slides.add(title, f"Those with gaps; the workbook lists all streams.{part}", notes)
        cells = [_cells(torn[row]) for row in here]
        add_table(slide, body, columns, cells, row_height(body.height, len(here), _ROW), "Coverage")


def _cells(row: Tree) -> list[Cell]:
    gaps = [f"{words.day(since)} to {words.day(until)} ({reason})" for since, until, reason in row["gaps"] if since and until]
    if not row["intervals"]:
        gaps = ["nothing was read"]
    texts = (row["brand"], f"{words.network(row['network'])} {row['origin']}".strip(), row["account"], row["stream"])
    return [Cell(texts[0]), *(Cell(text, colour=MUTED) for text in texts[1:]), Cell("; ".join(gaps))]
