"""Ranked bars: the figure that ranks, with its interval, from the first place down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from socialbench.report import words
from socialbench.report.chart import Axis, Chart, foot
from socialbench.report.colours import BAR, INK, MUTED
from socialbench.report.figures import Unit, unit_of
from socialbench.report.tree import Report, Tree

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from socialbench.report.columns import Column

PLACE = 10
COLUMNS = ("rank", "rank_low", "rank_high", "brand", "sector", "value", "low", "high")


def describe(report: Report) -> Chart | None:
    """Describe the ranking as bars; None where nobody is ranked."""
    metric, rows = report.tree["ranked_by"], []
    for _, brand in report.ranked:
        figure, rank = brand["metrics"][metric], brand["rank"]
        ends = (figure.get("low"), figure.get("high"))
        rows.append((rank["label"], rank["low"], rank["high"], brand["name"], brand["sector"], figure["value"], *ends))
    if not rows:
        return None
    lead = "Shorter is better" if unit_of(metric) is Unit.SECONDS else "Higher is better"
    return Chart(
        name="ranked-bars",
        title=_title(report),
        subtitle=f"{_what(metric)}, with 95 % intervals; places a brand could hold in brackets. {lead}.",
        foot=foot(report.tree, f"n = {len(rows)} ranked brands"),
        alt=f"Bars of {words.label(metric).lower()} for {len(rows)} brands, from the first place down, each with its interval.",
        columns=COLUMNS,
        rows=tuple(rows),
        axis=Axis(metric),
    )


def _what(metric: str) -> str:
    if metric == "expectation_score":
        return "Score: the chance in 100 that a customer is answered within the time such a customer expects"
    return words.label(metric)


def _title(report: Report) -> str:
    rows = [brand for _, brand in report.ranked]
    leader, able = rows[0], [brand for brand in rows if brand["rank"]["low"] == 1]
    if len(rows) == 1:
        return f"{words.name(leader['name'], 60)} is the only brand that can be ranked"
    if len(able) == 1:
        return f"{words.name(leader['name'], 60)} leads, and no other brand can hold the first place"
    return f"{len(able)} of {report.tree['totals']['ranked']} brands could hold the first place"


def draw(chart: Chart) -> Figure:
    """Draw the bars: rank, name, bar with whisker, number."""
    from socialbench.report.columns import lay_out

    layout = lay_out(chart, len(chart.rows))
    largest = max([row[7] or row[5] or 0 for row in chart.rows] + [1e-9])
    full = 100.0 if unit_of(chart.axis.title) is Unit.SCORE else largest
    for index, column, y in layout.rows():
        _draw_row(column, y, dict(zip(COLUMNS, chart.rows[index], strict=True)), (chart.axis.title, full))
    return layout.figure


def _draw_row(column: Column, y: float, row: Tree, scale: tuple[str, float]) -> None:
    from socialbench.report.columns import letter_size
    from socialbench.report.drawing import fit, write

    metric, full = scale
    axes, size = column.axes, letter_size(column)
    middle: dict[str, Any] = {"va": "center_baseline"}
    rank_end, number_width = size / 72 * 2.0, size / 72 * (4.6 if unit_of(metric) is Unit.SECONDS else 2.7)
    name_start = rank_end + size / 72 * 3.5
    bar_start = name_start + min(column.width * 0.36, 3.2)
    bar_width = column.width - bar_start - number_width
    write(axes, rank_end, y, row["rank"], size, strong=True, ha="right", **middle)
    write(axes, rank_end + size / 72 * 0.45, y, f"({row['rank_low']}–{row['rank_high']})", size * 0.82, color=MUTED, **middle)
    write(axes, name_start, y, fit(row["brand"], size, bar_start - name_start - 0.22), size, **middle)
    _draw_bar(column, y, (bar_start, bar_width / full), row)
    shown = words.figure(metric, {"value": row["value"], "low": row["low"], "high": row["high"]})
    write(axes, column.width, y, shown, size, strong=True, ha="right", **middle)


def _draw_bar(column: Column, y: float, scale: tuple[float, float], row: Tree) -> None:
    from matplotlib.patches import Rectangle

    start, unit = scale
    axes, height = column.axes, min(column.row * 0.5, 0.5)
    axes.add_patch(Rectangle((start, y - height / 2), (row["value"] or 0) * unit, height, color=BAR, linewidth=0))
    if row["low"] is None or row["high"] is None:
        return
    low, high = start + row["low"] * unit, start + row["high"] * unit
    axes.plot([low, high], [y, y], color=INK, linewidth=1.3, solid_capstyle="butt")
    for end in (low, high):
        axes.plot([end, end], [y - height * 0.32, y + height * 0.32], color=INK, linewidth=1.3, solid_capstyle="butt")
