"""The canvas of every chart: slide size, Source Sans, labels measured and cut, the same bytes each time.

matplotlib's object interface only: pyplot keeps state between figures and takes 1.6 s to import.
"""

from __future__ import annotations

import hashlib
import io
import unicodedata
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.colors import to_hex, to_rgba, to_rgba_array
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.textpath import text_to_path

from socialbench.report import fonts, words
from socialbench.report.chart import Chart
from socialbench.report.colours import INK, MUTED, PAPER, RULE
from socialbench.report.sheet import SLIDE, Letters, sheet

WIDTH, HEIGHT = SLIDE.width, SLIDE.height
DPI = 150
LEFT_TO_RIGHT = "\u200e"
KEY, KEY_ROOM = 0.26, 0.30
KEY_LINE, KEY_STEP = -0.19, 0.21
_PAINTED = ("color", "facecolor", "edgecolor", "markerfacecolor", "markeredgecolor")
Box = tuple[float, float, float, float]
LEFT, RIGHT = 0.045, 0.955
_STYLE: Any = {
    "svg.hashsalt": "socialbench",
    "svg.fonttype": "path",
    "path.simplify": True,
    "axes.unicode_minus": True,
    "text.hinting": "none",
}


_FACES: ContextVar[fonts.Faces] = ContextVar("faces", default=fonts.OWN)


@cache
def _registered(path: Path) -> str:
    """Make a font file known to matplotlib under a name that no installed font has, as if it were the only one of its family."""
    called = f"socialbench {hashlib.sha256(path.read_bytes()).hexdigest()[:16]}"
    entry = font_manager.ttfFontProperty(FT2Font(str(path)))
    plain = replace(entry, fname=str(path), name=called, style="normal", variant="normal", weight=400, stretch="normal")
    font_manager.fontManager.ttflist.append(plain)
    return called


@contextmanager
def faces(chosen: fonts.Faces) -> Iterator[None]:
    """Draw with these fonts."""
    before = _FACES.set(chosen)
    try:
        yield
    finally:
        _FACES.reset(before)


def type_face(size: float, strong: bool = False) -> FontProperties:
    """The report's font at a size in points, with DejaVu and further fonts behind it for other scripts."""
    return _type_face(_FACES.get(), size, strong)


@cache
def _type_face(chosen: fonts.Faces, size: float, strong: bool) -> FontProperties:
    first = _registered(chosen.strong if strong else chosen.regular)
    return FontProperties(family=[first, fonts.FALLBACK, *map(_registered, chosen.extra)], size=size)


def head_lines(chart: Chart) -> tuple[list[str], list[str]]:
    """The lines of title and subtitle: as many as the sheet carries, the last cut with an ellipsis."""
    return _lines(chart.title, sheet().title, True), _lines(chart.subtitle, sheet().subtitle)


def foot_lines(chart: Chart) -> list[str]:
    """The lines of the foot, the first on top."""
    return _lines(chart.foot, sheet().foot)


def _lines(text: str, letters: Letters, strong: bool = False) -> list[str]:
    inches = (RIGHT - LEFT) * sheet().width
    if letters.most == 1:
        return [fit(text, letters.size, inches, strong)]
    lines = wrap(text, letters.size, inches, strong)
    if len(lines) <= letters.most:
        return lines
    kept, last = lines[: letters.most - 1], lines[letters.most - 1 : letters.most + 1]
    return [*kept, fit(" ".join(last) + "…", letters.size, inches, strong)]


def body_top(chart: Chart, key: bool = False) -> float:
    """Where a page's body begins, in inches from the top: under its head, and under the keys if there are any."""
    page = sheet()
    keys = KEY_ROOM + KEY_STEP * (page.key_lines - 1) if key else 0.0
    return max(page.head, head_end(chart) + 0.28 + keys)


def head_end(chart: Chart) -> float:
    """Where a page's words above its body end, in inches from the top."""
    page = sheet()
    title, subtitle = head_lines(chart)
    return page.first + page.title.step * len(title) + page.subtitle.step * (len(subtitle) - 1)


def body_low(chart: Chart) -> float:
    """The height beneath a page's body, in inches: for its marks and its foot."""
    page = sheet()
    return page.low + page.foot.step * (len(foot_lines(chart)) - 1 if page.foot.most > 1 else 0)


def body_box(chart: Chart, key: bool = False, **sides: float) -> Box:
    """The body of a page as parts of it (left, bottom, width, height), less inches at its `sides` for labels."""
    left, right, top, bottom = (sides.get(side, 0.0) for side in ("left", "right", "top", "bottom"))
    wide, high = sheet().width, sheet().height
    x, y = LEFT + left / wide, (body_low(chart) + bottom) / high
    return x, y, RIGHT - right / wide - x, 1 - (body_top(chart, key) + top) / high - y


def new_figure(chart: Chart, extra_height: float = 0.0) -> Figure:
    """A page with title, subtitle and foot; `extra_height` inches more where rows would not fit it."""
    page = sheet()
    total = page.height + extra_height
    figure = Figure(figsize=(page.width, total), facecolor=PAPER)
    title, subtitle = head_lines(chart)
    y = page.first
    for line in title:
        write(figure, LEFT, 1 - y / total, line, page.title.size, strong=True)
        y += page.title.step
    for line in subtitle:
        write(figure, LEFT, 1 - y / total, line, page.subtitle.size, color=MUTED)
        y += page.subtitle.step
    for place, line in enumerate(reversed(foot_lines(chart))):
        write(figure, LEFT, (0.28 + place * page.foot.step) / total, line, page.foot.size, color=MUTED)
    return figure


def write(place: Figure | Axes, x: float, y: float, text: str, size: float, *, strong: bool = False, **style: Any) -> None:
    """Write text as it is: a `$` in a name is a dollar, never mathematics."""
    chosen: dict[str, Any] = {"color": INK, "va": "baseline", "ha": "left", "parse_math": False} | style
    place.text(x, y, _read_from_left(text), fontproperties=type_face(size, strong), **chosen)


def _read_from_left(text: str) -> str:
    """Keep an English sentence that begins with a right-to-left name in its order; such a name alone stays as it is."""
    strong = [kind for kind in map(unicodedata.bidirectional, text) if kind in ("L", "R", "AL")]
    return LEFT_TO_RIGHT + text if strong[:1] in (["R"], ["AL"]) and "L" in strong else text


def text_width(text: str, size: float, strong: bool = False) -> float:
    """The width of a line, in inches."""
    return _text_width(text, size, strong, _FACES.get())


@cache
def _text_width(text: str, size: float, strong: bool, chosen: fonts.Faces) -> float:
    if not text.strip():
        return 0.0
    with quiet_glyphs():
        # The advance of the line as it is laid out; its outlines take four times as long and say the same.
        points, _, _ = text_to_path.get_text_width_height_descent(text, _type_face(chosen, size, strong), False)
    return float(points) / 72


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
    draw_line(axes, (x, x), (low, high), color=RULE, linewidth=0.8, zorder=0)


def draw_line(axes: Axes, xs: Sequence[float], ys: Sequence[float], **style: Any) -> None:
    """A line through points, without the autoscaling of `plot`, which takes most of its time."""
    chosen: dict[str, Any] = {"color": INK, "linewidth": 1.3, "solid_capstyle": "butt"} | style
    axes.add_artist(Line2D(xs, ys, **chosen))


def draw_dot(axes: Axes, x: float, y: float, size: float, **style: Any) -> None:
    """A dot of a diameter in points; hollow with `markerfacecolor`."""
    chosen: dict[str, Any] = {"color": INK, "marker": "o", "linestyle": "none", "clip_on": False} | style
    axes.add_artist(Line2D([x], [y], markersize=size, **chosen))


def draw_box(axes: Axes, corner: tuple[float, float], size: tuple[float, float], colour: str, **style: Any) -> None:
    """A filled rectangle from its corner, without the autoscaling of `add_patch`."""
    chosen: dict[str, Any] = {"facecolor": colour, "linewidth": 0.0, "clip_on": False} | style
    axes.add_artist(Rectangle(corner, *size, **chosen))


def draw_keys(axes: Axes, y: float, keys: Sequence[tuple[Callable[[float, float], None] | None, str]]) -> None:
    """Small samples, each with its words; a sample is drawn by its function at (x, y), `KEY` inches wide.

    `y` is the middle of the last line; where keys do not fit one line, others stand above it.
    """
    lines: list[list[tuple[float, Callable[[float, float], None] | None, str]]] = [[]]
    x, wide = 0.0, axes.get_xlim()[1] if sheet().narrow else float("inf")
    for sample, text in keys:
        long = text_width(text, 11) + (KEY + 0.08 if sample is not None else 0.0)
        if lines[-1] and x + long > wide:
            lines.append([])
            x = 0.0
        lines[-1].append((x, sample, text))
        x += long + 0.3
    for place, line in enumerate(reversed(lines)):
        for x, sample, text in line:
            if sample is not None:
                sample(x, y - place * KEY_STEP)
            start = x + (KEY + 0.08 if sample is not None else 0.0)
            write(axes, start, y - place * KEY_STEP, text, 11, color=MUTED, va="center_baseline")


def to_png(figure: Figure) -> bytes:
    """The figure as PNG, without date or program name."""
    out = io.BytesIO()
    with matplotlib.rc_context(_STYLE), quiet_glyphs():
        FigureCanvasAgg(figure)
        figure.savefig(out, format="png", dpi=DPI, metadata={"Software": None})
    return out.getvalue()


def recolour(figure: Figure, colours: Mapping[str, str]) -> None:
    """Give a drawn figure other colours: "#rrggbb" to "#rrggbb"."""
    for artist in figure.findobj() if colours else ():
        for part in _PAINTED:
            if not (hasattr(artist, f"set_{part}") and hasattr(artist, f"get_{part}")):
                continue
            worn = [tuple(one) for one in to_rgba_array(getattr(artist, f"get_{part}")())]
            new = [(*to_rgba(colours.get(to_hex(one), one))[:3], one[3]) for one in worn]
            if new != worn:
                getattr(artist, f"set_{part}")(new[0] if len(new) == 1 else new)


def to_svg(figure: Figure, transparent: bool = False) -> str:
    """The figure as SVG, letters as paths: it looks the same wherever it is opened."""
    out = io.BytesIO()
    with matplotlib.rc_context(_STYLE), quiet_glyphs():
        FigureCanvasSVG(figure)
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None}, transparent=transparent)
    return out.getvalue().decode("utf-8")


def on_paper(svg: str) -> str:
    """A transparent SVG of `to_svg` on white ground."""
    before, ground, after = svg.partition('id="patch_1"')
    return before + ground + after.replace("fill: none", f"fill: {PAPER}", 1)


@contextmanager
def quiet_glyphs() -> Iterator[None]:
    """Keep matplotlib from warning glyph by glyph; `fonts.missing_letters` tells it once."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*[Gg]lyph.*", category=UserWarning)
        yield
