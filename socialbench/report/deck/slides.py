"""Slides: title, subtitle, foot, number, notes; texts that keep to their boxes."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from lxml import etree
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Pt

from socialbench.report.deck.letters import LINE, largest, lines, shown, width, within
from socialbench.report.deck.master import COVER_SIZES, SIZES, Master
from socialbench.report.deck.page import Box

INK, MUTED, ACCENT = MSO_THEME_COLOR.TEXT_1, MSO_THEME_COLOR.TEXT_2, MSO_THEME_COLOR.ACCENT_1
SUBTITLE_SIZE, FOOT_SIZE = 13.0, 10.0
NOTES_LIMIT = 12_000


class Slides:
    """Adds slides to a deck, one after another, all with the same foot line."""

    def __init__(self, master: Master, foot: str) -> None:
        self.master = master
        self.foot = foot

    def cover(self, title: str, subtitle: str) -> Any:
        """Add the first slide; its number is not shown."""
        slide = self.master.deck.slides.add_slide(self.master.cover)
        for shape in list(slide.placeholders):
            kind = shape.element.ph.get("type")
            if kind in {"ctrTitle", "title"}:
                _fill(shape, title, COVER_SIZES)
            elif kind == "subTitle":
                _fill(shape, subtitle, (22.0, 20.0, 18.0, 16.0, 14.0))
            else:
                shape.element.getparent().remove(shape.element)
        return slide

    def add(self, title: str, subtitle: str = "", notes: Iterable[str] = (), foot: str = "") -> tuple[Any, Box]:
        """Add a slide; gives it and the room under its titles."""
        unused = 0.0
        slide = self.master.deck.slides.add_slide(self.master.plain)
        for shape in list(slide.placeholders):
            if shape.element.ph.get("type") in {"title", "ctrTitle"}:
                unused = _fill(shape, title, SIZES, self.master.title_box)
            else:
                shape.element.getparent().remove(shape.element)
        self._add_foot(slide, foot or self.foot)
        said = [shown(note, 4000) for note in notes if note]
        if said:
            slide.notes_slide.notes_text_frame.text = "\n".join(said)[:NOTES_LIMIT]
        body = self.master.body.below(-unused) if self.master.own else self.master.body
        if not subtitle:
            return slide, body
        text = within(subtitle, SUBTITLE_SIZE, body.width, 2)
        taken = len(lines(text, SUBTITLE_SIZE, body.width)) * SUBTITLE_SIZE * LINE / 72
        write(slide, Box(body.left, body.top, body.width, taken), text, SUBTITLE_SIZE, colour=MUTED)
        return slide, body.below(taken + 0.15)

    def _add_foot(self, slide: Any, foot: str) -> None:
        box = self.master.foot_box
        text = within(foot, FOOT_SIZE, box.width, 1)
        placed = {shape.element.ph.get("type"): shape for shape in self.master.plain.placeholders}
        if "ftr" in placed and self.master.own:
            _write_foot(_clone(slide, placed["ftr"]), text)
        else:
            write(slide, Box(box.left, box.top, box.width, FOOT_SIZE * LINE / 72), text, FOOT_SIZE, colour=MUTED)
        if "sldNum" in placed:
            _clone(slide, placed["sldNum"])


def write(slide: Any, box: Box, text: str, size: float, **style: Any) -> Any:
    """Add a text box without margins; `colour`, `strong`, `align`, `anchor` as wanted. The caller has made it fit."""
    shape = slide.shapes.add_textbox(*box.emu)
    frame = shape.text_frame
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = style.get("anchor", MSO_ANCHOR.TOP)
    paragraph = frame.paragraphs[0]
    paragraph.alignment = style.get("align", PP_ALIGN.LEFT)
    add_run(paragraph, text, size, style.get("colour", INK), style.get("strong", False))
    return shape


def add_run(paragraph: Any, text: str, size: float, colour: Any = INK, strong: bool = False) -> None:
    """Add words to a paragraph; `colour` is one of the theme's, or "#rrggbb"."""
    run = paragraph.add_run()
    run.text = shown(text) if text else ""
    run.font.size, run.font.bold = Pt(size), strong
    paint(run.font.color, colour)


def paint(target: Any, colour: Any) -> None:
    """Give a colour: one of the theme's, or "#rrggbb"."""
    if isinstance(colour, str):
        target.rgb = rgb(colour)
    else:
        target.theme_color = colour


def rgb(colour: str) -> Any:
    """A colour "#rrggbb" as office files have it."""
    made: Any = RGBColor
    return made.from_string(colour.removeprefix("#").upper())


def describe(shape: Any, name: str, alt: str) -> None:
    """Name a shape and say in words what it shows."""
    properties = next(shape._element.iter(qn("p:cNvPr")))
    properties.set("name", name)
    properties.set("descr", shown(alt, 1000))


def _fill(shape: Any, text: str, sizes: tuple[float, ...], box: Box | None = None) -> float:
    """Write text into a placeholder as large as it carries; gives the height left over under it, in inches."""
    wide, high = (box.width, box.height) if box else (shape.width / 914_400, shape.height / 914_400)
    one_line = [one for one in sizes[:3] if width(shown(text), one, True) <= wide - 0.02]
    size = one_line[0] if one_line else largest(text, sizes[1:], wide - 0.02, high, strong=True)
    most = max(1, int(high * 72 / (size * LINE)))
    frame = shape.text_frame
    kept = within(text, size, wide - 0.02, most, strong=True)
    frame.text = kept
    for run in frame.paragraphs[0].runs:
        run.font.size = Pt(size)
    return max(0.0, high - len(lines(kept, size, wide - 0.02, strong=True)) * size * LINE / 72)


def _clone(slide: Any, placeholder: Any) -> Any:
    """A placeholder of the layout that python-pptx leaves behind: foot and number."""
    element = copy.deepcopy(placeholder.element)
    element.find(qn("p:nvSpPr")).find(qn("p:cNvPr")).set("id", str(max(_ids(slide)) + 1))
    properties = element.find(qn("p:spPr"))
    for child in list(properties):
        properties.remove(child)
    for extension in list(element.iter(qn("p:extLst"))):
        extension.getparent().remove(extension)
    slide.shapes._spTree.append(element)
    return element


def _ids(slide: Any) -> list[int]:
    return [int(one.get("id")) for one in slide.shapes._spTree.iter(qn("p:cNvPr"))]


def _write_foot(element: Any, text: str) -> None:
    body = element.find(qn("p:txBody"))
    for paragraph in body.findall(qn("a:p")):
        body.remove(paragraph)
    paragraph = etree.SubElement(body, qn("a:p"))
    etree.SubElement(paragraph, qn("a:pPr")).set("algn", "l")
    run = etree.SubElement(paragraph, qn("a:r"))
    etree.SubElement(run, qn("a:rPr")).set("sz", str(round(FOOT_SIZE * 100)))
    etree.SubElement(run, qn("a:t")).text = text
