"""All that the book says, as one JSON value; typst sets it and adds nothing but page numbers."""

from __future__ import annotations

from typing import Any

from socialbench.report import colours, fonts, words
from socialbench.report.book import back, front, profiles, sections
from socialbench.report.plates import Plate, plates
from socialbench.report.theme import Theme
from socialbench.report.tree import Report

_CURVE_MARKS = ((600.0, "10 min"), (3600.0, "1 h"), (7200.0, "2 h"), (86_400.0, "1 day"))


def content(report: Report) -> dict[str, Any]:
    """Everything that is printed, in the order of the book; empty sections are empty lists or None.

    A shortened report (`top`) shortens the ranking and the charts; every brand keeps its page.
    """
    from socialbench.report.book.printing import on_scale

    whole = Report(report.tree)
    theme = report.looks.theme
    hues = theme.hues(sector["name"] for sector in report.tree["sectors"])
    return {
        "colours": _palette(theme),
        "fonts": fonts.families(fonts.faces_of(report.looks)),
        "logo": [] if theme.logo is None else [theme.logo.kind, list(theme.logo.data)],
        "cover": front.cover(whole),
        "keys": front.key_figures(whole),
        "ranking": front.ranking(report, hues),
        "unranked": front.unranked(whole, hues),
        "industries": sections.industries(whole, hues),
        "networks": sections.networks(whole, hues),
        "leaders": sections.leaders(whole),
        "asked": sections.asked(whole, hues),
        "compared": sections.compared(whole, hues),
        "trends": {"rows": sections.trends(whole, hues), "by": words.label(report.tree["ranked_by"])},
        "charts": [_plate(plate) for plate in plates(report)],
        "grounds": profiles.grounds(whole),
        "index": profiles.by_alphabet(whole),
        "profiles": list(profiles.profiles(whole, hues)),
        "method": back.method(whole),
        "left_out": back.left_out(whole, hues),
        "coverage": back.coverage(whole),
        "glossary": back.glossary(whole),
        "marks": [[on_scale("median_latency_s", seconds), said] for seconds, said in _CURVE_MARKS],
    }


def _plate(plate: Plate) -> dict[str, Any]:
    """A chart as a plate: its drawing, and in words what is to be seen and what it rests on."""
    from socialbench.report.book.printing import text

    chart = plate.chart
    return {
        "title": text(chart.title, 160),
        "alt": text(f"{chart.title}. {chart.alt}"),
        "said": text(chart.alt),
        "svg": plate.svg(transparent=True),
    }


def _palette(theme: Theme) -> dict[str, Any]:
    names = ("INK", "MUTED", "RULE", "FAINT", "ACCENT", "BAR")
    ours = {one.lower(): getattr(colours, one) for one in names}
    themed = {one: theme.recoloured.get(colour, colour) for one, colour in ours.items()}
    return themed | {"bands": [theme.recoloured.get(colour, colour) for colour in colours.BANDS]}
