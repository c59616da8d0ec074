"""Source Sans from its wheel: for matplotlib as it is, for html cut down to the letters that people use."""

from __future__ import annotations

import base64
import io
import logging
from collections.abc import Iterable
from functools import cache
from pathlib import Path

REGULAR, SEMIBOLD = "Source Sans Pro", "Source Sans Pro Semibold"
FALLBACK = "DejaVu Sans"
_FILES = {REGULAR: "SourceSansPro-Regular.ttf", SEMIBOLD: "SourceSansPro-Semibold.ttf"}
_RANGES = ((0x20, 0x17F), (0x218, 0x21B), (0x386, 0x3CE), (0x400, 0x45F), (0x490, 0x493), (0x2010, 0x2026))
_SIGNS = "≥≤−→▲▼×·€£�"
_FEATURES = ["kern", "ccmp", "locl", "mark", "mkmk"]


def font_path(family: str) -> Path:
    """The font's file in the wheel."""
    import font_source_sans_pro

    return Path(font_source_sans_pro.font_directory) / _FILES[family]


@cache
def web_font(family: str) -> str:
    """The font as base64 WOFF, with Latin, Greek and Cyrillic letters and tabular figures (Source Sans's own default).

    Without timestamps, so that the same wheel gives the same bytes.
    """
    from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    logging.getLogger("fontTools").setLevel(logging.ERROR)
    font = TTFont(font_path(family), recalcTimestamp=False)
    options = Options(layout_features=_FEATURES, hinting=False, notdef_outline=True, name_IDs=[1, 2, 13, 14])
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=_unicodes())
    subsetter.subset(font)
    font.flavor = "woff"
    out = io.BytesIO()
    font.save(out, reorderTables=None)
    return base64.b64encode(out.getvalue()).decode("ascii")


def missing_letters(texts: Iterable[str]) -> list[str]:
    """The letters that neither Source Sans nor the fallback can draw in a chart, each once, in order."""
    known = _drawable()
    return sorted({letter for text in texts for letter in text if letter.isprintable() and ord(letter) not in known})


def _unicodes() -> list[int]:
    ranged = [code for first, last in _RANGES for code in range(first, last + 1)]
    return sorted({*ranged, *map(ord, _SIGNS)})


@cache
def _drawable() -> frozenset[int]:
    from fontTools.ttLib import TTFont
    from matplotlib import font_manager

    paths = [str(font_path(REGULAR)), font_manager.findfont(FALLBACK)]
    return frozenset(code for path in paths for code in TTFont(path).getBestCmap())
