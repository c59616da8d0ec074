"""What python-pptx leaves out of charts: intervals, logarithms, places of plots, labels of single points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lxml import etree
from pptx.oxml.ns import qn

INK_XML = '<a:schemeClr val="tx1"/>'


def place_plot(chart: Any, left: float, top: float, wide: float, high: float) -> None:
    """Put the inside of the axes at a place, as parts of the chart's size."""
    area = chart._chartSpace.chart.plotArea
    for old in area.findall(qn("c:layout")):
        area.remove(old)
    layout = etree.Element(qn("c:layout"))
    manual = etree.SubElement(layout, qn("c:manualLayout"))
    etree.SubElement(manual, qn("c:layoutTarget"), {"val": "inner"})
    for name in ("xMode", "yMode"):
        etree.SubElement(manual, qn(f"c:{name}"), {"val": "edge"})
    for name, part in (("x", left), ("y", top), ("w", wide), ("h", high)):
        etree.SubElement(manual, qn(f"c:{name}"), {"val": f"{part:.5f}"})
    area.insert(0, layout)


def put_below(axis: Any) -> None:
    """Let an axis of values stand under bars whose first is on top."""
    axis._element.find(qn("c:crosses")).set("val", "max")


def make_logarithmic(axis: Any) -> None:
    """Powers of ten at even distances."""
    scaling = axis._element.find(qn("c:scaling"))
    scaling.insert(0, etree.Element(qn("c:logBase"), {"val": "10"}))


def add_whiskers(
    series: Any, refs: tuple[str, str], reach: tuple[Sequence[float | None], Sequence[float | None]], **how: Any
) -> None:
    """Draw intervals of one's own: `refs` and `reach` are (below, above); `direction` "y" for points, none for bars.

    `colour` is the XML of a colour; `cap` False leaves the ends open.
    """
    element = series._element
    bars = etree.Element(qn("c:errBars"))
    if how.get("direction"):
        etree.SubElement(bars, qn("c:errDir"), {"val": how["direction"]})
    etree.SubElement(bars, qn("c:errBarType"), {"val": "both"})
    etree.SubElement(bars, qn("c:errValType"), {"val": "cust"})
    etree.SubElement(bars, qn("c:noEndCap"), {"val": "0" if how.get("cap", True) else "1"})
    for name, place in (("plus", 1), ("minus", 0)):
        _add_numbers(etree.SubElement(bars, qn(f"c:{name}")), refs[place], reach[place])
    properties = etree.SubElement(bars, qn("c:spPr"))
    line = etree.SubElement(properties, qn("a:ln"), {"w": str(how.get("thickness", 12_700))})
    fill = etree.SubElement(line, qn("a:solidFill"))
    fill.append(etree.fromstring(how.get("colour", INK_XML).replace("<a:schemeClr", f'<a:schemeClr xmlns:a="{_A}"', 1)))
    values = next(found for tag in ("c:cat", "c:xVal", "c:val") if (found := element.find(qn(tag))) is not None)
    values.addprevious(bars)


_A = "http://schemas.openxmlformats.org/drawingml/2006/main"


def _add_numbers(parent: Any, ref: str, values: Sequence[float | None]) -> None:
    numbers = etree.SubElement(parent, qn("c:numRef"))
    etree.SubElement(numbers, qn("c:f")).text = ref
    cache = etree.SubElement(numbers, qn("c:numCache"))
    etree.SubElement(cache, qn("c:formatCode")).text = "General"
    etree.SubElement(cache, qn("c:ptCount"), {"val": str(len(values))})
    for place, value in enumerate(values):
        if value is not None:
            point = etree.SubElement(cache, qn("c:pt"), {"idx": str(place)})
            etree.SubElement(point, qn("c:v")).text = repr(value)


def shift_label(label: Any, down: float) -> None:
    """Move a point's label down by a part of the chart's height."""
    element = label._get_or_add_dLbl()
    for old in element.findall(qn("c:layout")):
        element.remove(old)
    layout = etree.Element(qn("c:layout"))
    manual = etree.SubElement(layout, qn("c:manualLayout"))
    etree.SubElement(manual, qn("c:x"), {"val": "0"})
    etree.SubElement(manual, qn("c:y"), {"val": f"{down:.5f}"})
    element.find(qn("c:idx")).addnext(layout)
