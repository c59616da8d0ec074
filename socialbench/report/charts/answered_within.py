"""Answered-within bands: of a hundred customers, how many had an answer by when, brand by brand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from socialbench.report import words
from socialbench.report.chart import Axis, Chart, foot
from socialbench.report.colours import BANDS, FAINT, MUTED, RULE
from socialbench.report.tree import Report, Tree

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from socialbench.report.columns import Column

PLACE = 20
HORIZONS = (("30m", "30 min"), ("2h", "2 h"), ("24h", "24 h"), ("7d", "7 days"))
COLUMNS = ("rank", "brand", *(f"answered_within_{short}" for short, _ in HORIZONS))
SWATCH = 0.14


def describe(report: Report) -> Chart | None:
    """Describe the bands of all ranked brands whose shares are known at every horizon; None where there are none."""
    rows = []
    for _, brand in report.ranked:
        values = [brand["metrics"].get(metric, {}).get("value") for metric in COLUMNS[2:]]
        if None not in values:
            rows.append((brand["rank"]["label"], brand["name"], *values))
    if not rows:
        return None
    return Chart(
        name="answered-within",
        title=_title(rows),
        subtitle="Share of customers who need an answer and have one within 30 minutes, 2 hours, a day, a week. "
        "Brands in the order of the ranking.",
        foot=foot(report.tree, f"n = {len(rows)} ranked brands"),
        alt=f"Stacked bands for {len(rows)} brands: answered within 30 minutes, 2 hours, 24 hours, 7 days, and not.",
        columns=COLUMNS,
        rows=tuple(rows),
        axis=Axis("Share of customers"),
    )


def _title(rows: list[tuple[Any, ...]]) -> str:
    quick = sum(row[3] >= 0.5 for row in rows)
    if quick == len(rows):
        return "Every ranked brand answers at least half of its customers within two hours"
    if quick == 0:
        return "No ranked brand answers half of its customers within two hours"
    return f"{quick} of {len(rows)} ranked brands answer at least half of their customers within two hours"


def draw(chart: Chart) -> Figure:
    """Draw the bands, darkest for the soonest, with the key above them."""
    from socialbench.report.columns import lay_out

    layout = lay_out(chart, len(chart.rows))
    for index, column, y in layout.rows():
        _draw_row(column, y, dict(zip(COLUMNS, chart.rows[index], strict=True)))
    _draw_key(layout.columns[0])
    return layout.figure


def _draw_row(column: Column, y: float, row: Tree) -> None:
    from matplotlib.patches import Rectangle

    from socialbench.report.columns import letter_size
    from socialbench.report.drawing import fit, write

    axes, size = column.axes, letter_size(column)
    name_width = min(column.width * 0.36, 3.4)
    start = name_width + 0.1
    width = column.width - start - size / 72 * 2.9
    height = min(column.row * 0.62, 0.6)
    write(axes, 0, y, fit(row["brand"], size, name_width), size, va="center_baseline")
    axes.add_patch(Rectangle((start, y - height / 2), width, height, facecolor=FAINT, edgecolor=RULE, linewidth=0.6))
    before = 0.0
    for colour, metric in zip(BANDS, COLUMNS[2:], strict=True):
        step = max(0.0, row[metric] - before)
        axes.add_patch(Rectangle((start + before * width, y - height / 2), step * width, height, color=colour, linewidth=0))
        before = max(before, row[metric])
    write(axes, column.width, y, words.share(before), size * 0.92, color=MUTED, ha="right", va="center_baseline")


def _draw_key(column: Column) -> None:
    from matplotlib.patches import Rectangle

    from socialbench.report.drawing import text_width, write

    x, y, size = 0.0, -0.16, 11
    for colour, text in [*zip(BANDS, (f"within {long}" for _, long in HORIZONS), strict=True), (FAINT, "not within 7 days")]:
        box = Rectangle((x, y - SWATCH), SWATCH, SWATCH, facecolor=colour, edgecolor=RULE, linewidth=0.6, clip_on=False)
        column.axes.add_patch(box)
        write(column.axes, x + SWATCH + 0.08, y, text, size, color=MUTED)
        x += SWATCH + 0.08 + text_width(text, size) + 0.3
    write(column.axes, x, y, "at the right: answered within 7 days", size, color=MUTED)
