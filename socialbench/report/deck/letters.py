"""Text that fits its box on any machine: measured in DejaVu, wider than what stands in for an absent font."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from socialbench.report import words

LINE = 1.2
"""Height of a line in its size."""
_UNKNOWN = 1.05
_FACES = {False: "DejaVuSans.ttf", True: "DejaVuSans-Bold.ttf"}
_NO_XML = {0xFFFE: "�", 0xFFFF: "�"}


@lru_cache(maxsize=4096)
def shown(text: str, limit: int | None = None) -> str:
    r"""Make text safe to show and to write as XML.

    >>> shown("a\x00b\uffffc")
    'a�b�c'
    """
    return words.name(text, limit).translate(_NO_XML)


def width(text: str, size: float, strong: bool = False) -> float:
    """The width of a line in inches, at a size in points."""
    advances = _advances(strong)
    return sum(advances.get(ord(letter), _UNKNOWN) for letter in text) * size / 72


def fit(text: str, size: float, inches: float, strong: bool = False) -> str:
    """Cut text to a width, with an ellipsis.

    >>> fit("Harbour Bank", 12, 10), fit("Harbour Bank", 12, 0.8)
    ('Harbour Bank', 'Harbou…')
    """
    line = shown(text, 400)
    if width(line, size, strong) <= inches:
        return line
    kept, room = 0, inches - width("…", size, strong)
    for letter in line:
        room -= width(letter, size, strong)
        if room < 0:
            break
        kept += 1
    return line[:kept].rstrip() + "…"


def lines(text: str, size: float, inches: float, strong: bool = False) -> list[str]:
    """Break text into lines of a width, as an office program will; a word longer than a line is cut."""
    broken: list[str] = []
    for word in shown(text, 2000).split(" "):
        joined = f"{broken[-1]} {word}" if broken else word
        if broken and width(joined, size, strong) <= inches:
            broken[-1] = joined
        else:
            broken.append(fit(word, size, inches, strong))
    return broken


def within(text: str, size: float, inches: float, most: int, strong: bool = False) -> str:
    """Cut text so that it takes at most `most` lines of a width."""
    broken = lines(text, size, inches, strong)
    if len(broken) <= most:
        return " ".join(broken)
    last = fit(broken[most - 1] + " …", size, inches, strong)
    return " ".join([*broken[: most - 1], last])


def largest(text: str, sizes: tuple[float, ...], inches: float, height: float, strong: bool = False) -> float:
    """The largest of `sizes` (from large to small) at which text fits a box; the smallest where none does."""
    for size in sizes:
        if len(lines(text, size, inches, strong)) * size * LINE / 72 <= height:
            return size
    return sizes[-1]


@cache
def _advances(strong: bool) -> dict[int, float]:
    import matplotlib
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    font = TTFont(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / _FACES[strong])
    units: Any = font["head"].unitsPerEm
    widths: Any = font["hmtx"].metrics
    return {code: widths[glyph][0] / units for code, glyph in font.getBestCmap().items()}
