"""Answered-within bands: of a hundred customers, how many had an answer by when, brand by brand."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from socialbench.report import words
from socialbench.report.chart import Axis, Chart, Plot, Series, foot
from socialbench.report.colours import BANDS, FAINT, MUTED, RULE
from socialbench.report.tree import Report

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from socialbench.report.columns import Column, Span

PLACE = 20
HORIZONS = (("30m", "30 min"), ("2h", "2 h"), ("24h", "24 h"), ("7d", "7 days"))
METRICS = tuple(f"answered_within_{short}" for short, _ in HORIZONS)
COLUMNS = ("rank", "brand", *METRICS, *(f"{metric}_{end}" for metric in METRICS for end in ("low", "high")))
TOLD = 2 + len(METRICS) + 2 * METRICS.index("answered_within_2h")
"""Where a row holds both ends of the share within two hours."""
BAND_NAMES = (*(f"within {long}" for _, long in HORIZONS), "not within 7 days")


def describe(report: Report) -> Chart | None:
    """Describe the bands of all ranked brands whose shares are known at every horizon; None where there are none."""
    rows = []
    for _, brand in report.ranked:
        figures = [brand["metrics"].get(metric, {}) for metric in METRICS]
        values = [figure.get("value") for figure in figures]
        if None not in values:
            ends = (figure.get(end) for figure in figures for end in ("low", "high"))
            rows.append((brand["rank"]["label"], brand["name"], *values, *ends))
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
        plot=_plot(rows),
        notes=(
            "A band is the share of customers who need an answer and got their first one within its time; the unanswered stay "
            "in the count.",
        ),
    )


def _plot(rows: list[tuple[Any, ...]]) -> Plot:
    bands = [_bands(row[2 : 2 + len(METRICS)]) for row in rows]
    series = tuple(
        Series(name, tuple(band[place] for band in bands), colour=colour)
        for place, (name, colour) in enumerate(zip(BAND_NAMES, (*BANDS, FAINT), strict=True))
    )
    names = tuple(words.name(row[1], 60) for row in rows)
    return Plot("stacked", series, names, Axis("Brand"), Axis("Share of customers"), "0%")


def _bands(shares: Sequence[float]) -> list[float]:
    """What each horizon adds to the one before, and the rest: together 1."""
    reached = [0.0, *(max(shares[: place + 1]) for place in range(len(shares))), 1.0]
    return [round(after - before, 6) for before, after in pairwise(reached)]


def _title(rows: list[tuple[Any, ...]]) -> str:
    """How many brands answer half of their customers within two hours, lower ends of the intervals included."""
    quick = sum((row[TOLD] or 0.0) >= 0.5 for row in rows)
    open_ = sum((row[TOLD] or 0.0) < 0.5 <= (1.0 if row[TOLD + 1] is None else row[TOLD + 1]) for row in rows)
    if quick == len(rows) > 1:
        return "Every ranked brand answers at least half of its customers within two hours"
    unsure = f"; {open_} more perhaps" if open_ else ""
    if not quick:
        none = "No ranked brand surely answers" if open_ else "No ranked brand answers"
        return f"{none} half of its customers within two hours"
    if len(rows) == 1:
        return f"{words.name(rows[0][1], 60)} answers at least half of its customers within two hours"
    verb, whose = ("answers", "its") if quick == 1 else ("answer", "their")
    return f"{quick} of {len(rows)} brands {verb} half of {whose} customers within 2 h{unsure}"


def draw(chart: Chart) -> Figure:
    """Draw the bands, darkest for the soonest, with the key above them."""
    from socialbench.report.columns import Span, draw_scale, lay_out, letter_size, name_room

    layout = lay_out(chart, len(chart.rows), key=True)
    first = layout.columns[0]
    size = letter_size(first)
    names = name_room((row[1] for row in chart.rows), size, first.width * 0.42)
    span = Span(names + 0.14, first.width - names - 0.14 - size / 72 * 3.5)
    for column in layout.columns:
        draw_scale(column, span, {0.0: "0 %", 0.5: "50 %", 1.0: "100 %"})
    for index, column, y in layout.rows():
        _draw_row(column, y, span, chart.rows[index])
    _draw_key(first)
    return layout.figure


def _draw_row(column: Column, y: float, span: Span, row: tuple[Any, ...]) -> None:
    from socialbench.report.columns import letter_size
    from socialbench.report.drawing import draw_box, fit, write

    axes, size = column.axes, letter_size(column)
    height = min(column.row * 0.62, 0.6)
    write(axes, 0, y, fit(row[1], size, span.start - 0.12), size, va="center_baseline")
    draw_box(axes, (span.start, y - height / 2), (span.width, height), FAINT, edgecolor=RULE, linewidth=0.6)
    before = 0.0
    for colour, share in zip(BANDS, row[2 : 2 + len(METRICS)], strict=True):
        if share > before:
            draw_box(axes, (span.x(before), y - height / 2), ((share - before) * span.width, height), colour)
            before = share
    write(axes, column.width, y, words.share(before), size * 0.92, color=MUTED, ha="right", va="center_baseline")


def _draw_key(column: Column) -> None:
    from socialbench.report.drawing import KEY, KEY_LINE, draw_box, draw_keys

    def box(colour: str) -> Any:
        return lambda x, y: draw_box(column.axes, (x, y - 0.07), (KEY, 0.14), colour, edgecolor=RULE, linewidth=0.6)

    keys = [(box(colour), name) for colour, name in zip((*BANDS, FAINT), BAND_NAMES, strict=True)]
    draw_keys(column.axes, KEY_LINE, [*keys, (None, "at the right: within 7 days")])
