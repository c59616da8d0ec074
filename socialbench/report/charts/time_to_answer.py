"""Time-to-answer curves: what share has an answer after which time, by sector, or by brand where sectors are few."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from socialbench.report import words
from socialbench.report.chart import Axis, Chart, foot
from socialbench.report.colours import ACCENT, MUTED, RULE, sector_colours
from socialbench.report.curves import thin
from socialbench.report.tree import Report, Tree

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PLACE = 30
COLUMNS = ("group", "name", "seconds", "share", "low", "high")
MARKS = {600.0: "10 min", 3600.0: "1 h", 7200.0: "2 h", 86_400.0: "1 day", 604_800.0: "1 week"}
FIRST, LAST = 60.0, 604_800.0
MOST_NAMED = 12


def describe(report: Report) -> Chart | None:
    """Describe the curves of sectors, else of ranked brands; None where there are none."""
    sectors = [(sector["name"], sector["curve"]) for sector in report.tree["sectors"] if sector["curve"]]
    brands = [(brand["name"], brand["curve"]) for _, brand in report.ranked if brand["curve"]]
    by_sector = len(sectors) > 1
    curves = sectors if by_sector else brands
    if not curves:
        return None
    group = "sector" if by_sector else "brand"
    rows = [(group, name, *point) for name, curve in curves for point in thin(curve)]
    return Chart(
        name="time-to-answer",
        title=_title(curves, "sectors" if by_sector else "brands"),
        subtitle=f"Share of customers who have an answer after a time, by {group}; the unanswered stay in the count.",
        foot=foot(report.tree, f"n = {len(brands)} ranked brands" + ", each with equal weight in its sector" * by_sector),
        alt=f"Curves of {len(curves)} {group}s: share answered from one minute to one week, on a logarithmic axis.",
        columns=COLUMNS,
        rows=tuple(rows),
        axis=Axis("Time since the customer wrote (logarithmic)", log=True, marks=MARKS),
    )


def _title(curves: Sequence[tuple[str, Sequence[Any]]], many: str) -> str:
    day = [share_at(curve, 86_400.0) for _, curve in curves]
    if len(curves) == 1:
        return f"{words.name(curves[0][0], 60)}: {words.share(day[0], 0.1)} have an answer within a day"
    least, most = (words.share(end(day), 0.1) for end in (min, max))
    return f"After a day, between {least} and {most} have an answer, among {len(curves)} {many}"


def share_at(curve: Sequence[Any], seconds: float) -> float:
    """The share answered by a time: the last step at or before it."""
    return max([0.0, *(float(point[1]) for point in curve if point[0] <= seconds)])


def draw(chart: Chart) -> Figure:
    """Draw the curves with their names at the right end."""
    from socialbench.report.drawing import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, bare, new_figure, write

    figure = new_figure(chart)
    axes = bare(figure.add_axes((LEFT + 0.035, BOTTOM + 0.075, RIGHT - LEFT - 0.235, TOP - BOTTOM - 0.075)))
    axes.set_xscale("log")
    axes.set_xlim(FIRST, LAST)
    axes.set_ylim(0, 1)
    axes.minorticks_off()
    axes.set_xticks([])
    _draw_grid(axes, chart)
    write(figure, LEFT + 0.035, BOTTOM + 0.002, chart.axis.title, 11, color=MUTED)
    curves = _curves(chart)
    named = len(curves) <= MOST_NAMED
    colours = sector_colours(curves) if named else {}
    for name, points in curves.items():
        times = [point[0] for point in points if point[0] > FIRST]
        colour = colours.get(name, ACCENT if named else MUTED)
        thickness, strength = (2.2, 1.0) if named else (0.9, 0.55)
        shares = [share_at(points, FIRST), *(point[1] for point in points if point[0] > FIRST)]
        axes.step([FIRST, *times, LAST], [*shares, shares[-1]], where="post", color=colour, lw=thickness, alpha=strength)
    body = (TOP - BOTTOM - 0.075) * HEIGHT
    if named:
        _write_names(axes, curves, colours, (0.19 * WIDTH, body))
    return figure


def _draw_grid(axes: Axes, chart: Chart) -> None:
    from socialbench.report.drawing import write

    for seconds, text in chart.axis.marks.items():
        axes.plot([seconds, seconds], [0, 1], color=RULE, linewidth=0.8, zorder=0)
        write(axes, seconds, -0.045, text, 12, color=MUTED, ha="center")
    for tenth in range(0, 101, 25):
        axes.plot([FIRST, LAST], [tenth / 100] * 2, color=RULE, linewidth=0.8, zorder=0)
        write(axes, FIRST * 0.93, tenth / 100, f"{tenth} %", 12, color=MUTED, ha="right", va="center_baseline")


def _curves(chart: Chart) -> dict[str, list[Any]]:
    curves: dict[str, list[Any]] = {}
    for _, name, *point in chart.rows:
        curves.setdefault(name, []).append(point)
    return curves


def _write_names(axes: Axes, curves: dict[str, list[Any]], colours: Tree, room: tuple[float, float]) -> None:
    """Names at the curves' ends, pushed apart where they would touch; a share stands with each."""
    from socialbench.report.drawing import fit, write

    width, body = room
    step = 14 / 72 * 1.25 / body
    ends = sorted(((points[-1][1], name) for name, points in curves.items()), reverse=True)
    places: list[float] = []
    for share, _ in ends:
        places.append(min(share, places[-1] - step) if places else share)
    lift = max(0.0, 0.01 - places[-1])
    for (share, name), y in zip(ends, places, strict=True):
        shown = f"{fit(name, 13, width - 0.75, strong=True)}  {words.share(share)}"
        colour = colours.get(name, ACCENT)
        write(axes, LAST * 1.06, y + lift, shown, 13, strong=True, color=colour, va="center_baseline", clip_on=False)
