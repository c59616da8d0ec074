"""A company's looks: its accent and sector colours, its font, its logo, put in the place of ours.

An accent brings a family: every tint that we derive from ours keeps its lightness, which is what makes it readable, and
takes the hue of the new one. So formats need not know of themes: they replace colours by `Theme.recoloured`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from socialbench.errors import UsageError
from socialbench.report.colours import ACCENT, BANDS, BAR, LIGHT, ON_DARK, PAPER, RAMP, SECTOR_HUES, sector_colours

ON_PAGE = ("#d9e8f1", "#7cc0e6", "#3f83aa", "#1f3a4b", "#a9d8f0", "#5fa9d0", "#35769c", "#234c66")
"""Tints of the accent that only the html page has, most of them for dark screens."""
FAMILY = tuple(dict.fromkeys((BAR, LIGHT, *RAMP, *BANDS, *ON_PAGE)))
READABLE = 4.5
"""Contrast to white that text needs (WCAG 2, AA)."""
SEEN = 3.0
"""Contrast to white that lines and dots need."""
LARGEST_LOGO = 500_000
_DARK_LIGHTNESS = 0.78
_PICTURES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}
_Lch = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture, `kind` png or jpeg."""

    kind: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Theme:
    """What is to stand in the place of our own looks; None and absent sectors leave ours. Colours are "#rrggbb"."""

    accent: str | None = None
    sectors: Mapping[str, str] = field(default_factory=dict)
    font: Path | None = None
    font_strong: Path | None = None
    logo: Logo | None = None

    @property
    def recoloured(self) -> Mapping[str, str]:
        """Our colour to the theme's, for the accent and all its tints; empty without an accent."""
        return {} if self.accent is None else _family(self.accent)

    def hues(self, sectors: Iterable[str]) -> dict[str, str]:
        """Each sector's colour: the theme's, else ours."""
        return {name: self.sectors.get(name, colour) for name, colour in sector_colours(sectors).items()}


OURS = Theme()


def check_colours(accent: str | None, sectors: Mapping[str, str], where: str) -> None:
    """Raise UsageError where a colour could not be seen on white paper; `where` begins the message."""
    needed = [("accent", accent, READABLE)] if accent else []
    for what, colour, least in [*needed, *((f"sectors.{name}", colour, SEEN) for name, colour in sectors.items())]:
        found = contrast(colour, PAPER)
        if found < least:
            raise UsageError(f"{where}: {what} {colour} is too light on white (contrast {found:.1f}, {least:g} needed)")


def read_logo(path: Path) -> Logo:
    """Read a logo; UsageError where it is no PNG or JPEG, or larger than half a megabyte."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: the logo cannot be read ({error.strerror})") from error
    kind = next((kind for start, kind in _PICTURES.items() if data.startswith(start)), None)
    if kind is None:
        raise UsageError(f"{path}: the logo is neither PNG nor JPEG")
    if len(data) > LARGEST_LOGO:
        raise UsageError(f"{path}: the logo has {len(data):,} bytes; save it with at most {LARGEST_LOGO:,}")
    return Logo(kind, data)


def on_dark(colour: str) -> str:
    """A sector's colour, light enough to be read on a dark page.

    >>> on_dark(SECTOR_HUES[1]) == ON_DARK[1], on_dark("#661100")
    (True, '#fa9a84')
    """
    if colour in SECTOR_HUES:
        return ON_DARK[SECTOR_HUES.index(colour)]
    lightness, chroma, hue = _to_lch(colour)
    return _from_lch((max(lightness, _DARK_LIGHTNESS), chroma, hue))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2).

    >>> contrast("#000000", "#ffffff"), round(contrast("#767676", "#ffffff"), 2)
    (21.0, 4.54)
    """
    low, high = sorted(sum(part * weight for part, weight in zip(_linear(c), _WEIGHTS, strict=True)) for c in (one, other))
    return (high + 0.05) / (low + 0.05)


_WEIGHTS = (0.2126, 0.7152, 0.0722)


@cache
def _family(accent: str) -> Mapping[str, str]:
    (_, old_chroma, _), (_, chroma, hue) = _to_lch(ACCENT), _to_lch(accent)
    tints = {}
    for tint in FAMILY:
        lightness, own, _ = _to_lch(tint)
        tints[tint] = _from_lch((lightness, own * min(1.6, chroma / old_chroma), hue))
    return {ACCENT: accent, **tints}


def _linear(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _straight(red), _straight(green), _straight(blue)


def _straight(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _bent(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else float(1.055 * part ** (1 / 2.4) - 0.055)


def _to_lch(colour: str) -> _Lch:
    """Lightness, chroma and hue in Oklab, where equal lightness looks equally light (Ottosson 2020)."""
    red, green, blue = _linear(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _from_lch(colour: _Lch) -> str:
    """The nearest colour that a screen has: chroma gives way, lightness and hue stay."""
    lightness, chroma, hue = colour
    low, high = 0.0, chroma
    for _ in range(24):
        middle = (low + high) / 2
        low, high = (middle, high) if _on_screen(_to_rgb((lightness, middle, hue))) else (low, middle)
    parts = _to_rgb((lightness, chroma, hue))
    if not _on_screen(parts):
        parts = _to_rgb((lightness, low, hue))
    return "#" + "".join(f"{round(255 * min(1.0, max(0.0, _bent(max(0.0, part))))):02x}" for part in parts)


def _to_rgb(colour: _Lch) -> tuple[float, float, float]:
    lightness, chroma, hue = colour
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _on_screen(parts: tuple[float, float, float]) -> bool:
    return all(-1e-4 <= part <= 1 + 1e-4 for part in parts)
