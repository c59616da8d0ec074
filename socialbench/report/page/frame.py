"""What every html page is made in: templates that escape, one style with its fonts, a policy that lets nothing else in."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from socialbench.report import fonts, words
from socialbench.report.page import PAGE

if TYPE_CHECKING:
    from socialbench.report.tree import Report

NAME_LIMIT = 120
_COLOUR = re.compile(r"#[0-9a-f]{6}\b")


def templates() -> Environment:
    """The templates of this folder; whatever is not there is an error."""
    made = Environment(
        loader=FileSystemLoader(PAGE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters["network"] = words.network
    made.globals |= {"words": words, "name": lambda text: words.name(text, NAME_LIMIT)}
    return made


def style_text(report: Report | None = None) -> str:
    """The page's style with its fonts, in the looks of `report`."""
    style = (PAGE / "page.css").read_text("utf-8")
    if report is None:
        return style + _fonts(fonts.own_faces(fonts.OWN))
    swaps = report.looks.theme.recoloured
    return _COLOUR.sub(lambda found: swaps.get(found.group(), found.group()), style) + _fonts(fonts.page_faces(report))


def policy(style: str, script: str) -> str:
    """The content policy that allows nothing but this style and this script."""
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (style, script)]
    rules = f"style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; font-src data:; img-src data:"
    return f"default-src 'none'; {rules}; base-uri 'none'; form-action 'none'"


def trusted(text: str) -> Markup:
    """Our own style or script, as it is."""
    return Markup(text)  # noqa: S704 - our own files


def _fonts(faces: Iterable[tuple[int, str, str]]) -> str:
    rule = '@font-face{{font-family:"SB Text";font-weight:{};font-display:block;{}src:url({}) format("woff")}}\n'
    return "".join(
        rule.format(weight, f"unicode-range:{codes};" if codes else "", f"data:font/woff;base64,{data}")
        for weight, data, codes in faces
    )
