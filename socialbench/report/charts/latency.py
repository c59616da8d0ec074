"""Waiting times brand by brand: when half, three in four and nine in ten of the customers had an answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from socialbench.report import words
from socialbench.report.chart import Axis, Chart, foot
from socialbench.report.colours import ACCENT, BAR, INK, LIGHT, MUTED
from socialbench.report.curves import FIRST, LAST, MARKS, log_place, time_marks
from socialbench.report.tree import Report, Tree

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from socialbench.report.columns import Column, Span

PLACE = 40
TIMES = (("median", "median_latency_s"), ("p75", "p75_latency_s"), ("p90", "p90_latency_s"))
COLUMNS = (
    "rank",
    "brand",
    "sector",
    *(f"{time}_{part}" for time, _ in TIMES for part in ("seconds", "reached", "low", "high")),
    "n",
)
LONGEST_TITLE_MARK = 86_400.0


def describe(report: Report) -> Chart | None:
    """Describe the waiting times of the ranked brands, the shortest median first; None where no time is known."""
    rows = [_row(brand) for _, brand in report.ranked if "reached" in brand["metrics"].get("median_latency_s", {})]
    if not rows:
        return None
    rows.sort(key=lambda row: (row[3] is None, row[3] or 0.0, row[7] is None, row[7] or 0.0, row[1]))
    hopeless = sum(
        brand["metrics"]["median_latency_s"].get("reached") is False and _never_half(brand) for _, brand in report.ranked
    )
    return Chart(
        name="latency",
        title=_title(rows, hopeless, words.duration(report.tree["follow_up_s"])),
        subtitle="When half of the customers had an answer, and three in four, and nine in ten. The shortest median is on top.",
        foot=foot(report.tree, f"n = {len(rows)} ranked brands"),
        alt=f"For {len(rows)} brands the median, the third quartile and the ninth decile of the time to an answer, "
        "on a logarithmic axis from one minute to one week; open arrows where it is not reached.",
        columns=COLUMNS,
        rows=tuple(rows),
        axis=Axis("Time since the customer wrote (logarithmic)", log=True, marks=MARKS),
        notes=(
            "Times are those of all customers who need an answer, the unanswered included: 'not reached' says that fewer than "
            "this share were answered while they were watched.",
        ),
    )


def _row(brand: Tree) -> tuple[Any, ...]:
    figures = [brand["metrics"].get(metric, {}) for _, metric in TIMES]
    parts = [figure.get(part) for figure in figures for part in ("value", "reached", "low", "high")]
    return (brand["rank"]["label"], brand["name"], brand["sector"], *parts, figures[0].get("n"))


def _never_half(brand: Tree) -> bool:
    high = brand["metrics"].get("response_rate", {}).get("high")
    return high is not None and high < 0.5


def _title(rows: Sequence[tuple[Any, ...]], hopeless: int, watched: str) -> str:
    """At how many brands the median lies, upper end of its interval included, within the mark that parts them best.

    `hopeless` brands surely answer fewer than half of their customers in all the time that they are `watched`.
    """
    within = {mark: sum(row[6] is not None and row[6] <= mark for row in rows) for mark in MARKS if mark <= LONGEST_TITLE_MARK}
    mark = min(within, key=lambda mark: (not within[mark], abs(within[mark] - len(rows) / 2), mark))
    if len(rows) == 1:
        return _title_of_one(words.name(rows[0][1], 60), MARKS[mark] if within[mark] else None, watched if hopeless else None)
    if hopeless == len(rows):
        return f"None of {len(rows)} brands answers half of its customers, not even within {watched}"
    rest = f"; {hopeless} not within {watched}" if hopeless else ""
    if not within[mark]:
        return f"No brand of {len(rows)} surely answers half of its customers within {MARKS[max(within)]}{rest}"
    one = within[mark] == 1
    return (
        f"{within[mark]} of {len(rows)} brands {'answers' if one else 'answer'} half of {'its' if one else 'their'} customers "
        f"within {MARKS[mark]}{rest}"
    )


def _title_of_one(name: str, within: str | None, not_within: str | None) -> str:
    if within:
        return f"{name} answers half of its customers within {within}"
    return (
        f"{name} does not answer half of its customers within {not_within}"
        if not_within
        else f"How long customers of {name} wait"
    )


def draw(chart: Chart) -> Figure:
    """Draw a bar from the median on to nine in ten, the median a dot within its interval."""
    from socialbench.report.columns import Span, draw_scale, lay_out, letter_size, name_room

    layout = lay_out(chart, len(chart.rows), key=True)
    first = layout.columns[0]
    size = letter_size(first)
    names = name_room((row[1] for row in chart.rows), size, first.width * 0.40)
    span = Span(names + 0.16, first.width - names - 0.16 - size / 72 * 5.6)
    for column in layout.columns:
        draw_scale(column, span, time_marks())
    for index, column, y in layout.rows():
        _draw_row(column, y, span, dict(zip(COLUMNS, chart.rows[index], strict=True)))
    _draw_key(first)
    return layout.figure


def _draw_row(column: Column, y: float, span: Span, row: Tree) -> None:
    from socialbench.report.columns import letter_size
    from socialbench.report.drawing import draw_box, draw_dot, draw_line, fit, write

    axes, size = column.axes, letter_size(column)
    height = min(column.row * 0.34, 0.3)
    write(axes, 0, y, fit(row["brand"], size, span.start - 0.14), size, va="center_baseline")
    median, p75, p90 = (_place(span, row[f"{time}_seconds"], row[f"{time}_reached"]) for time, _ in TIMES)
    if row["median_low"] is not None:
        low, high = (_place(span, row[f"median_{end}"], False) for end in ("low", "high"))
        draw_box(axes, (low, y - height), (high - low, 2 * height), LIGHT)
    if p75 is not None and p90 is not None:
        arrow = 0.0 if row["p90_reached"] else _arrow_size(column) / 144
        draw_line(axes, (median, max(median, p90 - arrow)), (y, y), color=MUTED, linewidth=1.1)
        draw_box(axes, (median, y - height / 2), (p75 - median, height), BAR)
    _draw_end(column, y, span, row)
    if row["median_reached"]:
        draw_dot(axes, median, y, max(4.5, size * 0.55), color=ACCENT)
    shown = {
        "value": row["median_seconds"],
        "low": row["median_low"],
        "high": row["median_high"],
        "reached": row["median_reached"],
    }
    ink = INK if row["median_reached"] else MUTED
    figure = words.figure("median_latency_s", shown)
    write(axes, column.width, y, figure, size * 0.92, ha="right", va="center_baseline", color=ink)


def _draw_end(column: Column, y: float, span: Span, row: Tree) -> None:
    """Nine in ten: a tick where they have an answer, an open arrow past the week where they have none."""
    from socialbench.report.drawing import draw_dot, draw_line

    half = min(column.row * 0.2, 0.18)
    if row["p90_reached"]:
        x = span.x(log_place(row["p90_seconds"], FIRST, LAST))
        draw_line(column.axes, (x, x), (y - half, y + half), color=MUTED, linewidth=1.3)
    elif False in (row["p90_reached"], row["median_reached"]):
        draw_dot(
            column.axes, span.x(1), y, _arrow_size(column), marker=">", markerfacecolor="none", color=MUTED, markeredgewidth=1.1
        )


def _arrow_size(column: Column) -> float:
    return max(4.5, min(9.0, column.row * 26))


def _place(span: Span, seconds: float | None, reached: bool | None) -> Any:
    """Where a time stands: at the end of the axis when it is not reached, nowhere (None) when it is not known."""
    if seconds is None:
        return span.x(1) if reached is False else None
    return span.x(log_place(seconds, FIRST, LAST))


def _draw_key(column: Column) -> None:
    from socialbench.report.drawing import KEY, KEY_LINE, draw_box, draw_dot, draw_keys, draw_line

    axes = column.axes

    def median(x: float, y: float) -> None:
        draw_box(axes, (x, y - 0.07), (KEY, 0.14), LIGHT)
        draw_dot(axes, x + KEY / 2, y, 6, color=ACCENT)

    def ninth(x: float, y: float) -> None:
        draw_line(axes, (x, x + KEY), (y, y), color=MUTED, linewidth=1.1, clip_on=False)
        draw_line(axes, (x + KEY, x + KEY), (y - 0.05, y + 0.05), color=MUTED, clip_on=False)

    def open_end(x: float, y: float) -> None:
        draw_line(axes, (x, x + KEY - 0.09), (y, y), color=MUTED, linewidth=1.1, clip_on=False)
        draw_dot(axes, x + KEY - 0.05, y, 6, marker=">", markerfacecolor="none", color=MUTED, markeredgewidth=1.1)

    keys = (
        (median, "half, with 95 % interval"),
        (lambda x, y: draw_box(axes, (x, y - 0.035), (KEY, 0.07), BAR), "to three in four"),
        (ninth, "to nine in ten"),
        (open_end, "not reached"),
    )
    draw_keys(axes, KEY_LINE, keys)
