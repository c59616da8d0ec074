"""Rank moves: the places of brands before and now, of those alone whose sets of places do not meet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from socialbench.report import words
from socialbench.report.chart import Axis, Chart, Plot, Series, foot
from socialbench.report.colours import ACCENT, MUTED, RULE, WARN
from socialbench.report.tree import Report

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from socialbench.report.grid import Plane

PLACE = 80
COLUMNS = ("brand", "sector", "before", "now", "move")
MOST_NAMED = 30
NAME_ROOM, NARROW_ROOM = 4.6, 2.6
BEFORE = 0.22


def describe(report: Report) -> Chart | None:
    """Describe the moves against the run compared with; None where none is beyond doubt or nothing is compared."""
    rows = []
    for _, brand in report.ranked:
        rank = brand["rank"]
        if rank["move"]:
            rows.append((brand["name"], brand["sector"], rank["value"] + rank["move"], rank["value"], rank["move"]))
    if not rows:
        return None
    ranked = report.tree["totals"]["ranked"]
    return Chart(
        name="rank-moves",
        title=_title(rows, ranked),
        subtitle="Places in the run compared with, and now; only moves whose 95 % sets of places do not meet are drawn.",
        foot=foot(report.tree, f"n = {ranked} ranked brands, {len(rows)} moved"),
        alt=f"Lines of {len(rows)} brands from their place before to their place now; the first place is on top.",
        columns=COLUMNS,
        rows=tuple(rows),
        axis=Axis("Place"),
        plot=_plot(rows),
        notes=(
            "A move is given only where the places that a brand could hold before and those it could hold now have none in "
            "common; both runs are measured with the same rules.",
        ),
    )


def _plot(rows: Sequence[tuple[Any, ...]]) -> Plot:
    series = tuple(Series(words.name(row[0], 60), (row[2], row[3]), colour=_colour(row)) for row in rows)
    return Plot("slope", series, ("Before", "Now"), Axis(""), Axis("Place (1 is the first)"), "0")


def _title(rows: Sequence[tuple[Any, ...]], ranked: int) -> str:
    if len(rows) == 1:
        name, move = words.name(rows[0][0], 50), rows[0][4]
        return f"{name} alone moved beyond doubt: {_places(abs(move))} {'up' if move > 0 else 'down'}"
    up = sum(row[4] > 0 for row in rows)
    ways = (
        f": {up} up, {len(rows) - up} down"
        if 0 < up < len(rows)
        else f", {'all' if len(rows) > 2 else 'both'} {'up' if up else 'down'}"
    )
    return f"{len(rows)} of {ranked} brands moved beyond doubt{ways}"


def _places(count: int) -> str:
    return "1 place" if count == 1 else f"{count} places"


def _colour(row: tuple[Any, ...]) -> str:
    return ACCENT if row[4] > 0 else WARN


def draw(chart: Chart) -> Figure:
    """Draw the lines, the places before at their left, places, names and moves now at their right."""
    from socialbench.report.drawing import draw_dot, draw_line, write
    from socialbench.report.grid import new_plane
    from socialbench.report.sheet import sheet

    room = NARROW_ROOM if sheet().narrow else NAME_ROOM
    plane = new_plane(chart, right=room)
    last = max(max(row[2], row[3]) for row in chart.rows)
    left, right = plane.width * BEFORE, plane.width
    for x, text in ((left, "before"), (right, "now")):
        draw_line(plane.axes, (x, x), (0, plane.height), color=RULE, linewidth=0.8, zorder=0)
        write(plane.axes, x, -0.24, text, 12, color=MUTED, ha="center")
    write(plane.axes, left - 0.5, -0.52, "Place; the first is on top", 11, color=MUTED)
    largest = sorted(chart.rows, key=lambda row: (-abs(row[4]), row[3], row[0]))[:MOST_NAMED]
    for row in chart.rows:
        ends = [_height(plane, place, last) for place in row[2:4]]
        width = 2.0 if row in largest else 0.9
        draw_line(
            plane.axes, (left, right), ends, color=_colour(row), linewidth=width, linestyle="-" if row[4] > 0 else (0, (5, 1.6))
        )
        for x, y in zip((left, right), ends, strict=True):
            draw_dot(plane.axes, x, y, 6 if row in largest else 4, color=_colour(row), markeredgecolor="none")
    _name(plane, largest, last, (left, room))
    return plane.figure


def _height(plane: Plane, place: int, last: int) -> float:
    return plane.height * (1 - (place - 1) / max(1, last - 1))


def _name(plane: Plane, rows: Sequence[tuple[Any, ...]], last: int, sides: tuple[float, float]) -> None:
    from socialbench.report.drawing import draw_line, fit, write
    from socialbench.report.grid import LABEL_RISE, name_ends, spread
    from socialbench.report.sheet import sheet

    (left, room), names = sides, sheet().names
    size = max(8.0, min(names, plane.height / len(rows) * 72 / LABEL_RISE))
    ends = []
    for row in rows:
        moved = f"{'+' if row[4] > 0 else '−'}{abs(row[4])}"
        text = f"{row[3]}  {fit(row[0], size, room - 1.1, strong=True)}  {moved}"
        ends.append((_height(plane, row[3], last), text, _colour(row)))
    name_ends(plane, ends, size)
    before: dict[int, str] = {row[2]: _colour(row) for row in rows}
    places = sorted(before)
    heights = [_height(plane, place, last) for place in places]
    for place, y, label in zip(places, heights, spread(heights, size / 72 * LABEL_RISE, plane.height), strict=True):
        draw_line(plane.axes, (left - 0.06, left - 0.16, left - 0.22), (y, label, label), color=MUTED, linewidth=0.7)
        write(plane.axes, left - 0.27, label, str(place), size, color=MUTED, ha="right", va="center_baseline")
