"""The first slides: what this is, and what it found."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from socialbench.report import table, words
from socialbench.report.chart import foot
from socialbench.report.deck.letters import fit, largest, within
from socialbench.report.deck.page import EMU, Box
from socialbench.report.deck.slides import ACCENT, MUTED, Slides, describe, write
from socialbench.report.glossary import meanings
from socialbench.report.theme import Logo
from socialbench.report.tree import Report, Tree

_NUMBER_SIZES = (34.0, 30.0, 26.0, 22.0, 18.0)
_TEXT_SIZES = (20.0, 18.0, 16.0, 14.0, 12.0)
_TALLEST = 1.25


def foot_line(report: Report) -> str:
    """What stands under every slide that says nothing of its own there."""
    return foot(report.tree, f"{report.tree['totals']['ranked']} of {report.tree['totals']['brands']} brands ranked")


def add_cover(slides: Slides, report: Report) -> None:
    """Add the title: benchmark, period with its zone, how much was read and until when."""
    tree = report.tree
    period = f"{words.period(tree['period'])}  ·  {tree['period']['timezone']}"
    slide = slides.cover(tree["benchmark"], period)
    under = max((shape.top + shape.height) / EMU for shape in slide.placeholders) if len(slide.placeholders) else 4.0
    left = min((shape.left / EMU for shape in slide.placeholders), default=1.0)
    box = Box(left, min(max(under + 0.15, 3.9), 4.6), slides.master.deck.slide_width / EMU - left - 0.6, 2.2)
    for line in table.heads(report):
        size = largest(line, (16.0, 14.0, 12.0), box.width, 0.3, strong=True)
        write(slide, Box(box.left, box.top, box.width, 0.3), fit(line, size, box.width, True), size, colour=ACCENT, strong=True)
        box = box.below(0.36)
    if report.looks.theme.logo is not None and slides.master.own:
        _add_logo(slide, report.looks.theme.logo, slides.master.deck.slide_width / EMU)
    _add_totals(slide, Box(box.left, max(box.top + 0.1, 5.35), box.width, 1.2), _totals(tree))


def _add_logo(slide: Any, logo: Logo, wide: float) -> None:
    """A company's logo in the upper right corner, at most as large as its room."""
    room = Box(wide - 3.6, 0.45, 3.0, 0.8)
    picture = slide.shapes.add_picture(io.BytesIO(logo.data), *room.emu[:2])
    scale = min(room.width * EMU / picture.width, room.height * EMU / picture.height)
    picture.width, picture.height = round(picture.width * scale), round(picture.height * scale)
    picture.left = room.emu[0] + room.emu[2] - picture.width
    describe(picture, "Logo", "Logo")


def _totals(tree: Tree) -> list[tuple[str, str]]:
    totals = tree["totals"]
    return [
        (f"{totals['ranked']} of {totals['brands']}", "brands ranked"),
        (words.number(totals["inbound_count"]), "inbound messages"),
        (words.number(totals["networks"]), "network" if totals["networks"] == 1 else "networks"),
        (words.day(tree["cut_off"]) if tree["cut_off"] else words.NO_FIGURE, "read until"),
    ]


def _add_totals(slide: Any, box: Box, totals: Sequence[tuple[str, str]]) -> None:
    for place, (number, label) in zip(box.columns(len(totals)), totals, strict=True):
        size = largest(number, (26.0, 22.0, 20.0, 18.0, 16.0, 14.0, 12.0, 11.0), place.width, 0.36, strong=True)
        number_box = Box(place.left, place.top, place.width, 0.5)
        write(slide, number_box, fit(number, size, place.width, True), size, strong=True, anchor=_bottom())
        write(slide, Box(place.left, place.top + 0.56, place.width, 0.3), label, 13, colour=MUTED)


def _bottom() -> Any:
    from pptx.enum.text import MSO_ANCHOR

    return MSO_ANCHOR.BOTTOM


def add_key_figures(slides: Slides, report: Report) -> None:
    """Add the findings, each with the figures that carry it; no slide where no interval carries one."""
    findings = report.tree["findings"]
    if not findings:
        return
    metrics = [path.rsplit("/", 1)[1] for finding in findings for path in finding["figures"]]
    slide, body = slides.add(
        "Key figures", "Only what the 95 % intervals carry is said here; they stand under each figure.", meanings(report, metrics)
    )
    high = min(_TALLEST, body.height / len(findings))
    for place, finding in enumerate(findings):
        _add_finding(slide, Box(body.left, body.top + 0.1 + place * high, body.width, high - 0.12), finding, report)


def _add_finding(slide: Any, box: Box, finding: Tree, report: Report) -> None:
    wide = box.width * 0.3
    figures = [(path.rsplit("/", 1)[1], report.resolve(path)) for path in finding["figures"]]
    number = " and ".join(words.figure(metric, figure) for metric, figure in figures)
    under = _under(report, finding["figures"])
    high = box.height - 0.3
    size = largest(number, _NUMBER_SIZES, wide, min(high, 0.62), strong=True)
    write(
        slide,
        Box(box.left, box.top, wide, high),
        fit(number, size, wide, True),
        size,
        colour=ACCENT,
        strong=True,
        anchor=_bottom(),
    )
    small = largest(under, (10.5, 10.0, 9.5, 9.0), wide, 0.18)
    write(slide, Box(box.left, box.top + high + 0.03, wide, 0.22), within(under, small, wide, 1), small, colour=MUTED)
    said = Box(box.left + wide + 0.35, box.top, box.width - wide - 0.35, high)
    size = largest(finding["text"], _TEXT_SIZES, said.width, said.height)
    most = max(1, int(said.height * 72 / size / 1.2))
    write(slide, said, within(finding["text"], size, said.width, most), size, anchor=_bottom())


def _under(report: Report, paths: Sequence[str]) -> str:
    """Whose figures these are, with their intervals: 'Within 24 h: Acme (93.4–99.8), Bolt (0.0–5.1)'."""
    told: dict[str, list[str]] = {}
    for path in paths:
        metric, figure = path.rsplit("/", 1)[1], report.resolve(path)
        owner = report.resolve("/".join(path.split("/")[:3]))["name"]
        told.setdefault(words.label(metric), []).append(f"{words.name(owner, 30)} {_span(metric, figure)}".strip())
    return "; ".join(f"{label}: {', '.join(owners)}" for label, owners in told.items())


def _span(metric: str, figure: Tree) -> str:
    span = words.interval(metric, figure)
    return f"({span})" if span else ""
