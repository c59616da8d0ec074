"""The canvas of every chart: slide size, Source Sans, labels measured and cut, the same bytes each time.

matplotlib's object interface only: pyplot keeps state between figures and takes 1.6 s to import.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import matplotlib
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

from socialbench.report import fonts, words
from socialbench.report.chart import Chart
from socialbench.report.colours import INK, MUTED, PAPER, RULE

WIDTH, HEIGHT = 13.333, 7.5
DPI = 150
LEFT, RIGHT, TOP, BOTTOM = 0.045, 0.955, 0.80, 0.105
_STYLE: Any = {"svg.hashsalt": "socialbench", "svg.fonttype": "path", "path.simplify": True, "axes.unicode_minus": True}


@cache
def _register() -> None:
    for family in (fonts.REGULAR, fonts.SEMIBOLD):
        font_manager.fontManager.addfont(fonts.font_path(family))


def type_face(size: float, strong: bool = False) -> FontProperties:
    """Source Sans at a size in points, with DejaVu behind it for other scripts."""
    _register()
    return FontProperties(family=[fonts.SEMIBOLD if strong else fonts.REGULAR, fonts.FALLBACK], size=size)


def new_figure(chart: Chart, extra_height: float = 0.0) -> Figure:
    """A page with title, subtitle and foot; `extra_height` inches more where rows would not fit a slide."""
    figure = Figure(figsize=(WIDTH, HEIGHT + extra_height), facecolor=PAPER)
    total = HEIGHT + extra_height
    lines = wrap(chart.title, 24, (RIGHT - LEFT) * WIDTH, strong=True)
    y = 1 - 0.52 / total
    for line in lines[:2]:
        write(figure, LEFT, y, line, 24, strong=True)
        y -= 0.40 / total
    for line in wrap(chart.subtitle, 13.5, (RIGHT - LEFT) * WIDTH)[: 3 - len(lines[:2])]:
        write(figure, LEFT, y, line, 13.5, color=MUTED)
        y -= 0.25 / total
    write(figure, LEFT, 0.28 / total, fit(chart.foot, 10.5, (RIGHT - LEFT) * WIDTH), 10.5, color=MUTED)
    return figure


def write(place: Figure | Axes, x: float, y: float, text: str, size: float, *, strong: bool = False, **style: Any) -> None:
    """Write text as it is: a `$` in a name is a dollar, never mathematics."""
    chosen: dict[str, Any] = {"color": INK, "va": "baseline", "ha": "left", "parse_math": False} | style
    place.text(x, y, text, fontproperties=type_face(size, strong), **chosen)


@cache
def text_width(text: str, size: float, strong: bool = False) -> float:
    """The width of a line, in inches."""
    if not text.strip():
        return 0.0
    with quiet_glyphs():
        drawn = TextPath((0, 0), text.replace("$", "S"), prop=type_face(size, strong)).vertices
    # Control points reach at least as far as the curves, and need no solving of them (five times the speed).
    return float(drawn[:, 0].max() - drawn[:, 0].min()) / 72 if len(drawn) else 0.0


def fit(text: str, size: float, inches: float, strong: bool = False) -> str:
    """Cut a line to a width, with an ellipsis."""
    shown = words.name(text, 200)
    if text_width(shown, size, strong) <= inches:
        return shown
    low, high = 0, len(shown)
    while low < high:
        middle = (low + high + 1) // 2
        if text_width(shown[:middle].rstrip() + "…", size, strong) <= inches:
            low = middle
        else:
            high = middle - 1
    return shown[:low].rstrip() + "…"


def wrap(text: str, size: float, inches: float, strong: bool = False) -> list[str]:
    """Break a title into lines of a width; a word that is too long for one is cut."""
    lines: list[str] = []
    for word in words.name(text, 200).split(" "):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(joined, size, strong) <= inches:
            lines[-1] = joined
        else:
            lines.append(fit(word, size, inches, strong))
    return lines


def bare(axes: Axes) -> Axes:
    """An axes without frame, ticks and ground."""
    axes.set_facecolor("none")
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)
    return axes


def rule_line(axes: Axes, x: float, low: float, high: float) -> None:
    """A hairline across the rows."""
    axes.plot([x, x], [low, high], color=RULE, linewidth=0.8, zorder=0, solid_capstyle="butt")


def to_png(figure: Figure) -> bytes:
    """The figure as PNG, without date or program name."""
    out = io.BytesIO()
    with matplotlib.rc_context(_STYLE), quiet_glyphs():
        FigureCanvasAgg(figure)
        figure.savefig(out, format="png", dpi=DPI, metadata={"Software": None})
    return out.getvalue()


def to_svg(figure: Figure, transparent: bool = False) -> str:
    """The figure as SVG, letters as paths: it looks the same wherever it is opened."""
    out = io.BytesIO()
    with matplotlib.rc_context(_STYLE), quiet_glyphs():
        FigureCanvasSVG(figure)
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None}, transparent=transparent)
    return out.getvalue().decode("utf-8")


@contextmanager
def quiet_glyphs() -> Iterator[None]:
    """Keep matplotlib from warning glyph by glyph; `fonts.missing_letters` tells it once."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*[Gg]lyph.*", category=UserWarning)
        yield
