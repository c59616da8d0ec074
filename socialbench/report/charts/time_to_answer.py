"""Time-to-answer curves: what share has an answer after which time, by sector, or by brand where sectors are few."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from socialbench.report import words
from socialbench.report.chart import Axis, Chart, Plot, Series, foot
from socialbench.report.colours import MUTED, sector_colours
from socialbench.report.curves import FIRST, LAST, MARKS, log_place, share_at, thin, time_marks
from socialbench.report.tree import Report, Tree

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from socialbench.report.grid import Plane

PLACE = 30
COLUMNS = ("group", "name", "seconds", "share", "low", "high")
MOST_NAMED = 12
DAY = 86_400.0
WIDEST_NAME, NARROW_NAME = 3.0, 1.1
AXIS = Axis("Time since the customer wrote (logarithmic)", log=True, marks=MARKS)
NOTE = "A curve gives the share of customers with a first answer within a time; those never answered stay in the count."


def describe(report: Report) -> Chart | None:
    """Describe the curves of sectors, else of ranked brands; None where there are none."""
    sectors = [(sector["name"], sector["curve"]) for sector in report.tree["sectors"] if sector["curve"]]
    brands = [(brand["name"], brand["curve"]) for _, brand in report.ranked if brand["curve"]]
    by_sector = len(sectors) > 1
    curves = sectors if by_sector else brands
    if not curves:
        return None
    group = "sector" if by_sector else "brand"
    rows = tuple((group, name, *point) for name, curve in curves for point in thin(curve))
    return Chart(
        name="time-to-answer",
        title=title(curves, "sectors" if by_sector else "brands"),
        subtitle=f"Share of customers who have an answer after a time, by {group}; the unanswered stay in the count.",
        foot=foot(report.tree, f"n = {len(brands)} ranked brands" + ", each with equal weight in its sector" * by_sector),
        alt=f"Curves of {len(curves)} {group}s: share answered from one minute to one week, on a logarithmic axis.",
        columns=COLUMNS,
        rows=rows,
        axis=AXIS,
        plot=curve_plot(rows),
        notes=(NOTE,),
    )


def title(curves: Sequence[tuple[str, Sequence[Any]]], many: str) -> str:
    """The widest difference after a day: with names where intervals carry it, else as the range of what was found."""
    day = sorted((*_at_day(curve), name) for name, curve in curves)
    if len(day) == 1:
        return f"{words.name(day[0][3], 60)}: {words.share(day[0][0], 0.1)} have an answer within a day"
    least, most = day[0], day[-1]
    if least[2] is not None and most[1] is not None and least[2] < most[1]:
        shares = (words.share(end[0], 0.1) for end in (most, least))
        names = (words.name(end[3], 40) for end in (most, least))
        return "After a day {1} has answered {0}, {3} {2}".format(
            *(part for pair in zip(shares, names, strict=True) for part in pair)
        )
    low, high = (words.share(end[0], 0.1) for end in (least, most))
    if low == high:
        return f"After a day, {low} have an answer: the {len(curves)} {many} hardly differ"
    return f"After a day, between {low} and {high} have an answer, among {len(curves)} {many}"


def _at_day(curve: Sequence[Any]) -> tuple[float, float | None, float | None]:
    """The share answered after a day, and its interval where the curve has one."""
    reached = [point for point in curve if point[0] <= DAY]
    low, high = (reached[-1][2], reached[-1][3]) if reached else (None, None)
    return share_at(curve, DAY), low, high


def curve_plot(rows: Sequence[tuple[Any, ...]], stepped: bool = True) -> Plot:
    """The curves over minutes, whose powers of ten an office program can mark; `stepped` as they were counted."""
    curves = by_name(rows)
    colours = sector_colours(curves) if len(curves) <= MOST_NAMED else {}
    series = tuple(_series(name, corners(points, stepped), colours.get(name, MUTED)) for name, points in curves.items())
    minutes = {seconds / 60: text for seconds, text in MARKS.items()}
    time = Axis("Minutes since the customer wrote (logarithmic)", log=True, marks=minutes)
    return Plot("curves", series, x=time, y=Axis("Share of customers with an answer"), number="0%")


def _series(name: str, points: Sequence[tuple[float, float]], colour: str) -> Series:
    xs, ys = zip(*points, strict=True)
    return Series(words.name(name, 60), ys, xs=tuple(round(x / 60, 4) for x in xs), colour=colour)


def by_name(rows: Sequence[tuple[Any, ...]]) -> dict[str, list[Any]]:
    """The rows of a chart of curves, curve by curve: (seconds, share, low, high)."""
    curves: dict[str, list[Any]] = {}
    for _, name, *point in rows:
        curves.setdefault(name, []).append(point)
    return curves


def corners(points: Sequence[Sequence[Any]], stepped: bool = True) -> list[tuple[float, float]]:
    """A curve's corners from a minute to a week, in seconds and shares."""
    if not stepped:
        return [(point[0], point[1]) for point in points]
    made = [(FIRST, share_at(points, FIRST))]
    for point in points:
        if FIRST < point[0] <= LAST:
            made += [(point[0], made[-1][1]), (point[0], point[1])]
    return made if made[-1][0] == LAST else [*made, (LAST, made[-1][1])]


def draw(chart: Chart, stepped: bool = True) -> Figure:
    """Draw the curves with their names and last shares at the right end."""
    from socialbench.report.drawing import draw_dot, draw_line, fit, text_width
    from socialbench.report.grid import SHARES, draw_grid, name_ends, new_plane
    from socialbench.report.sheet import sheet

    size, widest = sheet().names, NARROW_NAME if sheet().narrow else WIDEST_NAME
    curves = by_name(chart.rows)
    named = len(curves) <= MOST_NAMED
    labels = {name: f"{fit(name, size, widest, strong=True)}  {words.share(points[-1][1])}" for name, points in curves.items()}
    room = max(text_width(label, size, True) for label in labels.values()) + 0.35 if named else 0.3
    plane = new_plane(chart, right=room)
    draw_grid(plane, {0.0: "1 min", **time_marks(chart.axis.marks)}, SHARES, (chart.axis.title, "Answered"))
    colours: Tree = sector_colours(curves) if named else {}
    style = {"linewidth": 2.2} if named else {"linewidth": 0.9, "alpha": 0.55}
    for name, points in curves.items():
        xs, ys = _in_inches(plane, corners(points, stepped))
        draw_line(plane.axes, xs, ys, color=colours.get(name, MUTED), solid_joinstyle="round", clip_on=False, **style)
        for x, y in zip(xs, ys, strict=True) if named and not stepped else ():
            draw_dot(plane.axes, x, y, 5, color=colours[name])
    if named:
        ends = [(points[-1][1] * plane.height, labels[name], colours[name]) for name, points in curves.items()]
        name_ends(plane, ends, size)
    return plane.figure


def _in_inches(plane: Plane, points: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    xs = [log_place(seconds, FIRST, LAST) * plane.width for seconds, _ in points]
    return xs, [share * plane.height for _, share in points]
