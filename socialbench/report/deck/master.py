"""The master: our own, or that of a company's .pptx whose slides are taken out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from lxml import etree
from pptx import Presentation
from pptx.exc import PythonPptxError
from pptx.oxml.ns import qn
from pptx.util import Inches

from socialbench.errors import UsageError
from socialbench.report.colours import ACCENT, BANDS, FAINT, INK, MUTED, PAPER, SECTOR_HUES
from socialbench.report.deck.letters import shown
from socialbench.report.deck.page import EMU, Box
from socialbench.report.deck.seal import written_at
from socialbench.report.table import title
from socialbench.report.tree import Report

WIDTH, HEIGHT = 13.333, 7.5
MARGIN = 0.6
FACE = "Calibri"
"""Every office has it or its twin Carlito; files cannot name a second choice, and Source Sans is on few machines."""
_COLOURS = {"dk1": INK, "lt1": PAPER, "dk2": MUTED, "lt2": FAINT, "accent1": ACCENT}
_ACCENTS = (BANDS[1], *SECTOR_HUES[1:5])
_SLIDE_PARTS = {"dt", "ftr", "sldNum"}


@dataclass(frozen=True, slots=True)
class Master:
    """An opened deck without slides, and where its two layouts leave room."""

    deck: Any
    cover: Any
    plain: Any
    title_box: Box
    body: Box
    foot_box: Box
    own: bool


def open_master(template: Path | None) -> Master:
    """Open our own master, or a company's; UsageError where the file is none that decks can be made of."""
    deck: Any = Presentation() if template is None else _open_template(template)
    if template is None:
        _dress(deck)
    width, height = deck.slide_width / EMU, deck.slide_height / EMU
    plain = _layout(deck, ("titleOnly", "obj", "tx"), 5)
    heading = _title_box(plain, width, height)
    bottom = min([height - 0.55, *(_box(one).top for one in plain.placeholders if _is_foot(one, height))])
    top = heading.bottom + 0.05
    body = Box(heading.left, top, heading.width, max(1.0, bottom - top - 0.1))
    foot = Box(heading.left, bottom, heading.width - 0.9, 0.3)
    return Master(deck, _layout(deck, ("title",), 0), plain, heading, body, foot, template is None)


def _open_template(path: Path) -> Any:
    try:
        deck = Presentation(str(path))
    except (PythonPptxError, BadZipFile, KeyError, ValueError, OSError, etree.XMLSyntaxError) as error:
        raise UsageError(f"{path}: no deck can be made of it; name a .pptx that PowerPoint opens") from error
    if "macroEnabled" in deck.part.content_type:
        raise UsageError(f"{path}: holds macros; save it as .pptx without them")
    if not len(deck.slide_layouts):
        raise UsageError(f"{path}: has no layouts; name a .pptx with a slide master")
    for entry in list(deck.slides._sldIdLst):
        deck.part.drop_rel(entry.rId)
        deck.slides._sldIdLst.remove(entry)
    for sections in deck.element.iter("{http://schemas.microsoft.com/office/powerpoint/2010/main}sectionLst"):
        sections.getparent().getparent().remove(sections.getparent())
    return deck


def _layout(deck: Any, kinds: tuple[str, ...], place: int) -> Any:
    """The layout of a kind, else the one that usually stands at its place."""
    for kind in kinds:
        for layout in deck.slide_layouts:
            if layout.element.get("type") == kind:
                return layout
    return deck.slide_layouts[min(place, len(deck.slide_layouts) - 1)]


def _title_box(layout: Any, width: float, height: float) -> Box:
    for shape in layout.placeholders:
        if shape.element.ph.get("type") in {"title", "ctrTitle"} and shape.width:
            box = _box(shape)
            return box if box.bottom < height / 2 else Box(box.left, 0.4, box.width, 0.9)
    return Box(MARGIN, 0.4, width - 2 * MARGIN, 0.9)


def _is_foot(shape: Any, height: float) -> bool:
    return shape.element.ph.get("type") in _SLIDE_PARTS and bool(shape.width) and _box(shape).top > height / 2


def _box(shape: Any) -> Box:
    return Box(shape.left / EMU, shape.top / EMU, shape.width / EMU, shape.height / EMU)


def _dress(deck: Any) -> None:
    """Turn python-pptx's empty deck into ours: 16:9, our colours, two layouts."""
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    for relation in [one for one in deck.part.package._rels.values() if one.reltype.endswith("/thumbnail")]:
        deck.part.package._rels.pop(relation.rId)
    for relation in [one for one in deck.part.rels.values() if one.reltype.endswith("/printerSettings")]:
        deck.part.rels.pop(relation.rId)
    cover, plain = deck.slide_layouts[0], deck.slide_layouts[5]
    for layout in list(deck.slide_layouts):
        if layout not in (cover, plain):
            deck.slide_layouts.remove(layout)
    master = deck.slide_master
    _dress_theme(master)
    _dress_master(master)
    for layout in (cover, plain):
        _place_feet(layout)
    _dress_cover(cover)


def _dress_theme(master: Any) -> None:
    part = next(one.target_part for one in master.part.rels.values() if one.reltype.endswith("/theme"))
    xml = part.blob.decode("utf-8")
    accents = {f"accent{number}": colour for number, colour in enumerate(_ACCENTS, 2)}
    for name, colour in (_COLOURS | accents | {"hlink": ACCENT, "folHlink": MUTED}).items():
        xml = re.sub(rf"(<a:{name}>).*?(</a:{name}>)", rf'\g<1><a:srgbClr val="{colour[1:].upper()}"/>\g<2>', xml)
    xml = re.sub(r'(<a:(?:major|minor)Font>\s*<a:latin typeface=")[^"]*', rf"\g<1>{FACE}", xml)
    xml = re.sub(r'<a:theme ([^>]*)name="[^"]*"', r'<a:theme \1name="socialbench"', xml)
    part._blob = xml.encode("utf-8")


def _dress_master(master: Any) -> None:
    wide = WIDTH - 2 * MARGIN
    for shape in master.placeholders:
        kind = shape.element.ph.get("type")
        if kind == "title":
            _put(shape, Box(MARGIN, 0.42, wide, 0.88))
            _flush(shape, "t")
        elif kind == "body":
            _put(shape, Box(MARGIN, 1.9, wide, 4.8))
        elif kind in _SLIDE_PARTS:
            _put(shape, _FEET[kind])
            _flush(shape, "ctr")
    styles = master.element.find(qn("p:txStyles"))
    first = styles.find(qn("p:titleStyle")).find(qn("a:lvl1pPr"))
    first.set("algn", "l")
    first.find(qn("a:defRPr")).set("sz", "2600")
    first.find(qn("a:defRPr")).set("b", "1")


_FEET = {
    "ftr": Box(MARGIN, 6.98, 10.6, 0.28),
    "dt": Box(11.25, 6.98, 0.9, 0.28),
    "sldNum": Box(WIDTH - MARGIN - 0.8, 6.98, 0.8, 0.28),
}


def _place_feet(layout: Any) -> None:
    for shape in list(layout.placeholders):
        kind = shape.element.ph.get("type")
        if kind == "dt":
            shape.element.getparent().remove(shape.element)
        elif kind in _FEET:
            _put(shape, _FEET[kind])


def _dress_cover(cover: Any) -> None:
    band = cover.shapes._spTree
    for shape in cover.placeholders:
        kind = shape.element.ph.get("type")
        if kind == "ctrTitle":
            _put(shape, Box(1.1, 1.45, 11.4, 1.75))
            _flush(shape, "b")
        elif kind == "subTitle":
            _put(shape, Box(1.1, 3.3, 11.4, 0.6))
            _flush(shape, "t")
    for paragraph in cover.element.iter(qn("a:lvl1pPr")):
        paragraph.set("algn", "l")
    band.insert(2, etree.fromstring(_BAND))


_BAND = (
    '<p:sp xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><p:nvSpPr><p:cNvPr id="90" name="Band"/>'
    '<p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm><a:off x="0" y="0"/>'
    f'<a:ext cx="{round(0.42 * EMU)}" cy="{round(HEIGHT * EMU)}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
    '<a:solidFill><a:schemeClr val="accent1"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr>'
    "<p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:endParaRPr/></a:p></p:txBody></p:sp>"
)


def _put(shape: Any, box: Box) -> None:
    shape.left, shape.top, shape.width, shape.height = box.emu


def _flush(shape: Any, anchor: str) -> None:
    """Text flush with the margin, so that titles, tables and foot begin at one line."""
    body = shape.element.find(qn("p:txBody")).find(qn("a:bodyPr"))
    for side in ("lIns", "rIns", "tIns", "bIns"):
        body.set(side, "0")
    body.set("anchor", anchor)
    for child in list(body):
        body.remove(child)
    etree.SubElement(body, qn("a:noAutofit"))


SIZES = tuple(float(size) for size in (26, 24, 22, 20, 18, 16))
COVER_SIZES = tuple(float(size) for size in (44, 40, 36, 32, 28, 24, 20))


def sign(deck: Any, report: Report) -> None:
    """Say in the file's properties what it is; its moments are the report's, never now."""
    properties = deck.core_properties
    moment = written_at(report.tree["cut_off"])
    properties.title = shown(title(report), 200)
    properties.author = properties.last_modified_by = f"socialbench {shown(report.tree['version'], 40)}"
    properties.subject = properties.keywords = properties.comments = properties.category = ""
    properties.created = properties.modified = moment
    properties.revision = 1
