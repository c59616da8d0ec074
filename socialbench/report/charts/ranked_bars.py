"""Ranked bars: the figure that ranks, with its interval, from the first place down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from socialbench.report import words
from socialbench.report.chart import Axis, Chart, Plot, Series, foot
from socialbench.report.colours import BAR, MUTED
from socialbench.report.figures import Unit, unit_of
from socialbench.report.tree import Report, Tree

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from socialbench.report.columns import Column, Span

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
        subtitle=f"{_what(metric)}. {lead}. Whiskers: 95 % intervals; in brackets: places it could hold.",
        foot=foot(report.tree, f"n = {len(rows)} ranked brands"),
        alt=f"Bars of {words.label(metric).lower()} for {len(rows)} brands, from the first place down, each with its interval.",
        columns=COLUMNS,
        rows=tuple(rows),
        axis=Axis(metric),
        plot=_plot(metric, rows),
        notes=_notes(metric),
    )


def _plot(metric: str, rows: list[tuple[Any, ...]]) -> Plot:
    """The bars for an office program, which counts times in days."""
    unit = unit_of(metric)
    scale = 1 / 86_400 if unit is Unit.SECONDS else 1.0
    values, lows, highs = (tuple(None if row[part] is None else row[part] * scale for row in rows) for part in (5, 6, 7))
    series = Series(words.label(metric), values, lows=lows, highs=highs, colour=BAR)
    number = {Unit.SECONDS: "[h]:mm:ss", Unit.SHARE: "0%", Unit.SCORE: "0.0"}.get(unit, "General")
    names = tuple(f"{row[0]} ({row[1]}–{row[2]})  {words.name(row[3], 60)}" for row in rows)
    return Plot("bars", (series,), names, Axis("Brand"), Axis(_what(metric)), number)


def _notes(metric: str) -> tuple[str, ...]:
    places = "The places in brackets are those that a brand could hold, at 95 % confidence."
    return (f"{_what(metric)}. The whiskers are 95 % intervals.", places)


def _what(metric: str) -> str:
    if metric == "expectation_score":
        return "Score: of 100 customers, how many are answered within the time they expect"
    return words.label(metric)


def _title(report: Report) -> str:
    """Who stands first, with what, and which places it could hold; who else could is told by the key figures."""
    rows, metric = [brand for _, brand in report.ranked], report.tree["ranked_by"]
    leader = words.name(rows[0]["name"], 60)
    if len(rows) == 1:
        return f"{leader} is the only brand that can be ranked"
    shown, rank = words.figure(metric, rows[0]["metrics"][metric]), rows[0]["rank"]
    first = sum(brand["rank"]["value"] == rank["value"] for brand in rows)
    if first > 1:
        return f"{first} brands share the first place with {shown}"
    if rank["high"] == 1:
        return f"{leader} stands first with {shown}, and could hold no other place"
    return f"{leader} stands first with {shown}, and could hold any place up to {rank['high']}"


def draw(chart: Chart) -> Figure:
    """Draw the bars: rank, name, bar with whisker, number."""
    from socialbench.report.columns import Span, draw_scale, lay_out, letter_size, name_room

    layout = lay_out(chart, len(chart.rows))
    metric, first = chart.axis.title, layout.columns[0]
    unit, size = unit_of(metric), letter_size(first)
    largest = max([row[7] or row[5] or 0 for row in chart.rows] + [1e-9])
    full = 100.0 if unit is Unit.SCORE else 1.0 if unit is Unit.SHARE else largest
    start = size / 72 * 5.6
    names = name_room((row[3] for row in chart.rows), size, first.width * (0.34 if first.width < 4 else 0.36))
    number = size / 72 * (2.7 if unit is Unit.SCORE else 4.6)
    span = Span(start + names + 0.14, first.width - start - names - 0.14 - number)
    for column in layout.columns:
        draw_scale(column, span, {part: words.amount(unit, full * part).removesuffix(".0") for part in (0.0, 0.5, 1.0)})
    for index, column, y in layout.rows():
        _draw_row(column, y, (span, full, metric), dict(zip(COLUMNS, chart.rows[index], strict=True)))
    return layout.figure


def _draw_row(column: Column, y: float, scale: tuple[Span, float, str], row: Tree) -> None:
    from socialbench.report.columns import letter_size
    from socialbench.report.drawing import fit, write

    span, full, metric = scale
    axes, size = column.axes, letter_size(column)
    middle: dict[str, Any] = {"va": "center_baseline"}
    rank_end, name_start = size / 72 * 2.0, size / 72 * 5.6
    write(axes, rank_end, y, row["rank"], size, strong=True, ha="right", **middle)
    write(axes, rank_end + size / 72 * 0.45, y, f"({row['rank_low']}–{row['rank_high']})", size * 0.82, color=MUTED, **middle)
    write(axes, name_start, y, fit(row["brand"], size, span.start - name_start - 0.12), size, **middle)
    _draw_bar(column, y, (span.start, span.width / full), row)
    shown = words.figure(metric, {"value": row["value"], "low": row["low"], "high": row["high"]})
    write(axes, column.width, y, shown, size, strong=True, ha="right", **middle)


def _draw_bar(column: Column, y: float, scale: tuple[float, float], row: Tree) -> None:
    from socialbench.report.drawing import draw_box, draw_line

    start, unit = scale
    axes, height = column.axes, min(column.row * 0.5, 0.5)
    draw_box(axes, (start, y - height / 2), ((row["value"] or 0) * unit, height), BAR)
    if row["low"] is None or row["high"] is None:
        return
    low, high = start + row["low"] * unit, start + row["high"] * unit
    cap = height * 0.32
    draw_line(axes, (low, low, low, high, high, high), (y - cap, y + cap, y, y, y - cap, y + cap), solid_joinstyle="miter")
