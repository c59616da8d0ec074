"""A plane for curves and points: axes in inches with hairlines, marks outside of it, names at its right end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from socialbench.report.chart import Chart
from socialbench.report.colours import MUTED, RULE
from socialbench.report.drawing import bare, body_box, draw_line, new_figure, text_width, write
from socialbench.report.sheet import sheet

SHARES = {0.0: "0 %", 0.25: "25 %", 0.5: "50 %", 0.75: "75 %", 1.0: "100 %"}
MARK_SIZE = 12
TITLE_SIZE = 11
LABEL_RISE = 1.3


@dataclass(frozen=True, slots=True)
class Plane:
    """The plane of a chart: `axes` in inches from its lower left corner, y upwards."""

    figure: Figure
    axes: Axes
    width: float
    height: float


def new_plane(chart: Chart, *, right: float = 0.0, key: bool = False) -> Plane:
    """A page with a plane between the marks at its left and beneath, and `right` inches for names."""
    figure = new_figure(chart)
    box = body_box(chart, key, top=0.12, left=0.6, right=right, bottom=0.52)
    axes = bare(figure.add_axes(box))
    width, height = box[2] * sheet().width, box[3] * sheet().height
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    return Plane(figure, axes, width, height)


def draw_grid(plane: Plane, across: Mapping[float, str], up: Mapping[float, str], titles: tuple[str, str]) -> None:
    """Hairlines at parts (0 to 1) of both axes, with their words; `titles` say what runs across, and what upwards."""
    axes, end = plane.axes, -1.0
    for part, text in across.items():
        x, half = part * plane.width, text_width(text, MARK_SIZE) / 2
        draw_line(axes, (x, x), (0, plane.height), color=RULE, linewidth=0.8, zorder=0)
        if x - half > end:
            write(axes, x, -0.24, text, MARK_SIZE, color=MUTED, ha="center")
            end = x + half + 0.12
    for part, text in up.items():
        y = part * plane.height
        draw_line(axes, (0, plane.width), (y, y), color=RULE, linewidth=0.8, zorder=0)
        write(axes, -0.1, y, text, MARK_SIZE, color=MUTED, ha="right", va="center_baseline")
    write(axes, 0, -0.52, titles[0], TITLE_SIZE, color=MUTED)
    write(axes, -0.6, plane.height + 0.2, titles[1], TITLE_SIZE, color=MUTED)


def spread(wanted: Sequence[float], step: float, top: float) -> list[float]:
    """Push places apart to at least `step`, between 0 and `top` while they fit; `wanted` falls.

    >>> spread([3.0, 2.9, 0.0], 1.0, 4.0), spread([0.2, 0.1], 1.0, 4.0)
    ([3.0, 2.0, 0.0], [1.0, 0.0])
    """
    places: list[float] = []
    for want in wanted:
        places.append(min(want, top, places[-1] - step if places else top))
    floor = 0.0
    for index in range(len(places) - 1, -1, -1):
        places[index] = max(places[index], floor)
        floor = places[index] + step
    return places


def name_ends(plane: Plane, ends: Sequence[tuple[float, str, str]], size: float) -> None:
    """Write (height, words, colour) beside the right end, each led from its curve where it had to move."""
    ends = sorted(ends, key=lambda end: (-end[0], end[1]))
    step = size / 72 * LABEL_RISE
    for (y, text, colour), place in zip(ends, spread([end[0] for end in ends], step, plane.height), strict=True):
        xs = (plane.width + 0.04, plane.width + 0.14, plane.width + 0.24)
        draw_line(plane.axes, xs, (y, place, place), color=colour, linewidth=0.9, clip_on=False)
        write(plane.axes, plane.width + 0.29, place, text, size, strong=True, color=colour, va="center_baseline")
