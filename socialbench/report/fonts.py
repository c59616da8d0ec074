"""Source Sans from its wheel, or a company's font: for matplotlib as it is, for html cut down to the letters that people use."""

from __future__ import annotations

import base64
import io
import logging
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from socialbench.errors import UsageError
from socialbench.report import words

if TYPE_CHECKING:
    from socialbench.report.tree import Looks, Report

REGULAR, SEMIBOLD = "Source Sans Pro", "Source Sans Pro Semibold"
FALLBACK = "DejaVu Sans"
_FILES = {REGULAR: "SourceSansPro-Regular.ttf", SEMIBOLD: "SourceSansPro-Semibold.ttf"}
_RANGES = ((0x20, 0x17F), (0x218, 0x21B), (0x386, 0x3CE), (0x400, 0x45F), (0x490, 0x493), (0x2010, 0x2026))
_SIGNS = "≥≤−→▲▼×·€£�"
_NAMES_KEPT, _WINDOWS = {1, 2, 13, 14}, 3
MOST_SHOWN = 12
_FEATURES = ["kern", "ccmp", "locl", "mark", "mkmk"]


@dataclass(frozen=True, slots=True)
class Faces:
    """The files of a report's font, regular and strong, and those of further fonts, for letters that it has not."""

    regular: Path
    strong: Path
    extra: tuple[Path, ...] = ()


def faces_of(looks: Looks) -> Faces:
    """The fonts that were asked for, else ours. UsageError where a file is no font."""
    theme = looks.theme
    for path in (theme.font, theme.font_strong, *looks.fonts):
        if path is not None:
            read_font(path)
    return Faces(theme.font or OWN.regular, theme.font_strong or theme.font or OWN.strong, looks.fonts)


def read_font(path: Path) -> Any:
    """Open a font file, of a collection its first. UsageError where it is none."""
    from fontTools.ttLib import TTFont, TTLibError  # type: ignore[import-untyped]

    try:
        return TTFont(path, recalcTimestamp=False, fontNumber=0)
    except (TTLibError, OSError, struct.error, ValueError) as error:
        raise UsageError(f"{path}: is no font; name a .ttf, .otf or .ttc") from error


@cache
def family_of(path: Path) -> str:
    """What a font file calls its family, as typesetters and office programs know it."""
    names = read_font(path)["name"]
    return str(names.getDebugName(16) or names.getDebugName(1) or path.stem)


def families(chosen: Faces) -> list[str]:
    """The families of a report's fonts, the first for all that it has, the others for the letters that it lacks."""
    return list(dict.fromkeys([family_of(chosen.regular), FALLBACK, *map(family_of, chosen.extra)]))


def font_path(family: str) -> Path:
    """The font's file in the wheel."""
    import font_source_sans_pro

    return Path(font_source_sans_pro.font_directory) / _FILES[family]


OWN = Faces(font_path(REGULAR), font_path(SEMIBOLD))


@cache
def web_font(path: Path, letters: str | None = None) -> str:
    """A font as base64 WOFF, with Latin, Greek and Cyrillic letters and tabular figures (Source Sans's own default).

    With `letters` these alone, and all that their script needs to join them. Without timestamps, so that the same file gives
    the same bytes.
    """
    from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]

    logging.getLogger("fontTools").setLevel(logging.ERROR)
    font = read_font(path)
    features = _FEATURES if letters is None else ["*"]
    options = Options(layout_features=features, hinting=False, notdef_outline=True)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=_unicodes() if letters is None else [ord(letter) for letter in letters])
    names = font["name"]
    # Where it sees names, fontTools visits every rule of kerning to find which of them are in use: half of all its time.
    del font["name"]
    subsetter.subset(font)
    names.names = [record for record in names.names if record.nameID in _NAMES_KEPT and record.platformID == _WINDOWS]
    font["name"] = names
    font.flavor = "woff"
    out = io.BytesIO()
    font.save(out, reorderTables=None)
    return base64.b64encode(out.getvalue()).decode("ascii")


def page_faces(report: Report) -> Iterator[tuple[int, str, str]]:
    """The fonts that a page embeds: weight, base64 WOFF, and of further fonts which letters they are for, else ''."""
    chosen = faces_of(report.looks)
    yield from own_faces(chosen)
    wanted = {ord(letter) for text in _texts(report.tree) for letter in text if letter.isprintable()} if chosen.extra else set()
    wanted -= set(_unicodes())
    for path in chosen.extra:
        found = sorted(wanted & codes_of(path))
        wanted.difference_update(found)
        if found:
            yield 400, web_font(path, "".join(map(chr, found))), ",".join(f"U+{code:X}" for code in found)


def own_faces(chosen: Faces) -> Iterator[tuple[int, str, str]]:
    """The same of the report's own font alone."""
    yield 400, web_font(chosen.regular), ""
    yield 600, web_font(chosen.strong), ""


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        for key, value in node.items():
            yield key
            yield from _texts(value)
    elif isinstance(node, tuple):
        for value in node:
            yield from _texts(value)


def missing_letters(texts: Iterable[str], chosen: Faces | None = None) -> list[str]:
    """The letters that no font of the charts can draw, each once, in order."""
    known = _drawable(chosen or OWN)
    return sorted({letter for text in texts for letter in text if letter.isprintable() and ord(letter) not in known})


def missing_in(report: Report) -> str | None:
    """One line for the user where a report has names that no font of the charts can draw; None where all can be drawn."""
    tree = report.tree
    names = [tree["benchmark"], *(sector["name"] for sector in tree["sectors"])]
    for brand in tree["brands"]:
        names += [brand["name"], *brand["topics"]]
    names += [entry["account"] for entry in tree["coverage"]]
    missing = missing_letters(names, faces_of(report.looks))
    if not missing:
        return None
    first = next(name for name in names if set(name) & set(missing))
    shown = " ".join(missing[:MOST_SHOWN]) + (" ..." if len(missing) > MOST_SHOWN else "")
    return (
        f"charts: no font here has the letters {shown} (in {words.name(first, 60)!r}); name a font that has them in report.fonts"
    )


def _unicodes() -> list[int]:
    ranged = [code for first, last in _RANGES for code in range(first, last + 1)]
    return sorted({*ranged, *map(ord, _SIGNS)})


@cache
def _drawable(chosen: Faces) -> frozenset[int]:
    from matplotlib import font_manager

    paths = [chosen.regular, Path(font_manager.findfont(FALLBACK)), *chosen.extra]
    return frozenset(code for path in paths for code in codes_of(path))


@cache
def codes_of(path: Path) -> frozenset[int]:
    """The letters that a font file has, as code points."""
    return frozenset(read_font(path).getBestCmap() or ())
