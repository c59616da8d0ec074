"""One palette: ink on paper, one accent, and sector hues that the colour-blind can tell apart and that print."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

INK = "#1b1f24"
MUTED = "#5c6670"
RULE = "#d5dae0"
FAINT = "#eef1f4"
PAPER = "#ffffff"
ACCENT = "#0b5c8a"
BAR = "#79b0d0"
LIGHT = "#c4dfec"
WARN = "#a8501a"
"""Gaps, and places lost: as dark in grey as ACCENT, so never told from it by hue alone."""
CELL_INK, CELL_PAPER = "#10161c", "#fefefe"
"""Numbers in a heat map's cells: they keep their colour on a dark page, as the cells do."""
RAMP = ("#f4f8fb", "#dcebf3", "#bad8e7", "#8fbfd8", "#5f9fc2", "#2e7da7", "#0f5f88", "#09405b")
"""From few to many, evenly darker, in grey as well; none is a colour that a dark page turns light."""
BANDS = ("#08415c", "#2f7ea8", "#7db3d1", "#c4dfec")
"""Answered sooner is darker; the unanswered are FAINT with a RULE edge."""

SECTOR_HUES = ("#332288", "#117733", "#cc6677", "#4477aa", "#999933", "#882255", "#44aa99", "#b8860b", "#aa4499", "#6b7785")
ON_DARK = ("#9a8cf0", "#5fc48a", "#f09aa6", "#86b4e3", "#c8c860", "#e077ab", "#6fd6c4", "#e5b94a", "#dd88d0", "#a9b4c0")
"""The same hues, light enough to be read on a dark page."""


def sector_colours(sectors: Iterable[str]) -> dict[str, str]:
    """Give each sector a hue by its name; only where two meet does the later one (by hash) move on to a free hue.

    >>> sector_colours(["Retail", "Travel"]) == sector_colours(["Travel", "Retail"])
    True
    """
    taken: dict[int, str] = {}
    colours: dict[str, str] = {}
    for digest, sector in sorted((_digest(sector), sector) for sector in set(sectors)):
        slot = digest % len(SECTOR_HUES)
        while slot in taken and len(taken) < len(SECTOR_HUES):
            slot = (slot + 1) % len(SECTOR_HUES)
        taken.setdefault(slot, sector)
        colours[sector] = SECTOR_HUES[slot]
    return colours


def _digest(sector: str) -> int:
    return int.from_bytes(hashlib.sha256(sector.encode("utf-8", "replace")).digest()[:8], "big")
