"""Rank intervals: which places each brand could hold, and where one tier ends and the next begins."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING, Any

from socialbench.report import words
from socialbench.report.chart import Axis, Chart, foot
from socialbench.report.colours import ACCENT, BAR, FAINT, MUTED
from socialbench.report.tree import Report, Tree

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from socialbench.report.columns import Column, Layout, Span

PLACE = 15
COLUMNS = ("rank", "place", "rank_low", "rank_high", "brand", "sector", "tier", "separated_from_count")


def describe(report: Report) -> Chart | None:
    """Describe the places of the ranked brands; None where there are fewer than two."""
    rows = []
    for _, brand in report.ranked:
        rank = brand["rank"]
        place = (rank["label"], rank["value"], rank["low"], rank["high"])
        rows.append((*place, brand["name"], brand["sector"], rank["tier"], len(rank["separated_from"])))
    if len(rows) < 2:
        return None
    tiers = len({row[6] for row in rows if row[6] is not None})
    bands = " Shaded by tier: its first brand can be told apart from all of the next tier." if tiers else ""
    return Chart(
        name="rank-intervals",
        title=_title(rows, report.tree["totals"]["ranked"]),
        subtitle=f"The places that a brand could hold, at 95 % confidence.{bands}",
        foot=foot(report.tree, f"n = {len(rows)} ranked brands"),
        alt=f"For each of {len(rows)} brands a line from the best to the worst place it could hold, and a dot at its place.",
        columns=COLUMNS,
        rows=tuple(rows),
        axis=Axis("Place"),
        notes=(
            "The set of places holds a brand's true place with 95 % confidence; two brands are told apart only where the "
            "difference of their scores is beyond chance, whatever the order in which they stand.",
        ),
    )


def _title(rows: Sequence[tuple[Any, ...]], ranked: int) -> str:
    told = sum(row[7] for row in rows) // 2
    pairs = ranked * (ranked - 1) // 2
    if told and len(rows) == ranked:
        return f"Of {words.number(pairs)} pairs of brands, {words.number(told)} can be told apart"
    wide = median(row[3] - row[2] + 1 for row in rows)
    if wide <= 1:
        return "Most brands can hold no other place than theirs"
    return f"Half of the brands could hold any of {wide:.0f} places or more"


def draw(chart: Chart) -> Figure:
    """Draw a line from the best to the worst place, tiers as bands behind."""
    from socialbench.report.columns import Span, draw_scale, lay_out, letter_size, name_room

    layout = lay_out(chart, len(chart.rows))
    first = layout.columns[0]
    size = letter_size(first)
    number = size / 72 * 2.2
    names = name_room((row[4] for row in chart.rows), size, first.width * 0.42)
    tier = 0.6 if any(row[6] is not None for row in chart.rows) else 0.15
    span = Span(number + names + 0.25, first.width - number - names - 0.25 - tier)
    last = max(row[3] for row in chart.rows)
    _draw_tiers(layout, chart)
    for column in layout.columns:
        draw_scale(column, span, {_part(place, last): str(place) for place in _marks(last, span.width)})
    _write_axis(first, span)
    for index, column, y in layout.rows():
        _draw_row(column, y, (span, last), dict(zip(COLUMNS, chart.rows[index], strict=True)))
    return layout.figure


def _write_axis(column: Column, span: Span) -> None:
    from socialbench.report.drawing import write

    write(column.axes, span.start - 0.14, column.bottom + 0.19, "Place", 10.5, color=MUTED, ha="right")


def _part(place: int, last: int) -> float:
    return (place - 1) / max(1, last - 1)


def _marks(last: int, inches: float) -> list[int]:
    """The first, the last, and round places between them as the width carries."""
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000) if last / step <= max(2.0, inches / 0.5))
    inner = [place for place in range(step, last, step) if place > 1 and last - place >= step * 0.6]
    return [1, *inner, last]


def _draw_tiers(layout: Layout, chart: Chart) -> None:
    """Every second tier shaded; each named at its first brand, and again where a column begins."""
    from socialbench.report.drawing import draw_box, write

    before: tuple[Any, Any] = (None, None)
    for index, column, y in layout.rows():
        tier = chart.rows[index][6]
        if tier is None:
            continue
        if tier % 2:
            draw_box(column.axes, (-0.08, y - column.row / 2), (column.width + 0.16, column.row), FAINT, zorder=-1)
        if before != (tier, column.first):
            write(
                column.axes,
                column.width,
                y,
                f"tier {tier}",
                min(10.0, column.row * 42),
                color=MUTED,
                ha="right",
                va="center_baseline",
            )
        before = (tier, column.first)


def _draw_row(column: Column, y: float, scale: tuple[Span, int], row: Tree) -> None:
    from socialbench.report.columns import letter_size
    from socialbench.report.drawing import draw_dot, draw_line, fit, write

    (span, last), axes, size = scale, column.axes, letter_size(column)
    number = size / 72 * 2.0
    write(axes, number, y, row["rank"], size, strong=True, ha="right", va="center_baseline")
    write(axes, number + 0.1, y, fit(row["brand"], size, span.start - number - 0.28), size, va="center_baseline")
    low, high = (span.x(_part(row[end], last)) for end in ("rank_low", "rank_high"))
    thick = max(3.0, min(9.0, column.row * 72 * 0.3))
    draw_line(axes, (low, high), (y, y), color=BAR, linewidth=thick, solid_capstyle="round")
    draw_dot(axes, span.x(_part(row["place"], last)), y, thick * 1.15, color=ACCENT, markeredgecolor="none")
