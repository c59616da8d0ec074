"""What customers write about, by kind and by topic, and what share of each has an answer within a day."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from socialbench.report import words
from socialbench.report.chart import Axis, Chart, Plot, Series, foot
from socialbench.report.colours import ACCENT, BAR, INK, MUTED
from socialbench.report.tree import Report, Tree

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PLACE = 65
COLUMNS = ("group", "name", "inbound_count", "share", "answered_within_24h", "low", "high", "n")
ANSWERED = "answered_within_24h"
MOST_ROWS = 16
GUTTER, HEADING_ROOM = 0.7, 0.3
TALLEST_ROW, NARROW_ROW = 0.62, 0.34
Box = tuple[float, float, float, float]
HEADINGS = {"kinds": "Kind", "topics": "Topic"}


def describe(report: Report) -> Chart | None:
    """Describe kinds and topics over all brands; None where no brand's messages are told apart by them."""
    total = report.tree["totals"]["inbound_count"]
    rows = [row for group in HEADINGS for row in _rows(report, group, total)]
    if not rows or not total:
        return None
    brands = sum(bool(brand["kinds"] or brand["topics"]) for brand in report.tree["brands"])
    return Chart(
        name="topics-kinds",
        title=_title(rows),
        subtitle="Share of inbound messages, and of those that need an answer the share that has one within a day, "
        "with 95 % intervals; all brands together.",
        foot=foot(report.tree, f"n = {words.number(total)} inbound messages of {brands} brands"),
        alt=f"Bars of {len(rows)} kinds and topics: their share of the messages, and what share of each has an answer.",
        columns=COLUMNS,
        rows=tuple(rows),
        axis=Axis("Share"),
        plot=_plot(rows),
        notes=(
            "A message has one kind, and may have several topics or none. Shares answered are taken over all brands, each with "
            "the weight of its messages.",
        ),
    )


def _rows(report: Report, group: str, total: int) -> Iterator[tuple[Any, ...]]:
    """The most frequent first."""
    slices: dict[str, list[Tree]] = {}
    for brand in report.tree["brands"]:
        for name, cut in brand[group].items():
            slices.setdefault(name, []).append(cut["metrics"])
    found = [(sum(one.get("inbound_count", {}).get("value") or 0 for one in many), name, many) for name, many in slices.items()]
    for count, name, many in sorted(found, key=lambda row: (-row[0], row[1])):
        if count:
            yield (group, name, count, round(count / total, 4), *_pooled([one.get(ANSWERED, {}) for one in many]))


def _pooled(figures: Sequence[Tree]) -> tuple[float | None, float | None, float | None, int | None]:
    """A share over brands that answer independently: weighted by their n, with the width that their intervals give it."""
    known = [figure for figure in figures if figure.get("value") is not None and figure.get("n")]
    total = sum(figure["n"] for figure in known)
    if not total:
        return None, None, None, None
    value = sum(figure["value"] * figure["n"] for figure in known) / total
    if any(figure.get("low") is None or figure.get("high") is None for figure in known):
        return round(value, 4), None, None, total
    half = math.sqrt(sum(((figure["high"] - figure["low"]) / 2 * figure["n"]) ** 2 for figure in known)) / total
    return round(value, 4), round(max(0.0, value - half), 4), round(min(1.0, value + half), 4), total


def _title(rows: Sequence[tuple[Any, ...]]) -> str:
    """The kind answered least, where its interval lies under that of the one answered most; else the most frequent."""
    first = [row for row in rows if row[0] == rows[0][0]]
    told = [row for row in first if row[5] is not None]
    if len(told) > 1:
        worst, best = min(told, key=lambda row: row[4]), max(told, key=lambda row: row[4])
        if worst[6] < best[5]:
            low, high = (words.share(row[4], (row[6] - row[5]) / 2) for row in (worst, best))
            return f"{label(worst)}: {low} have an answer within a day; {label(best)}: {high}"
    return f"{label(first[0])}: {words.share(first[0][3], 0.1)} of all messages"


def label(row: Sequence[Any]) -> str:
    """A kind's or topic's name for people."""
    shown = words.name(row[1].replace("_", " ") if row[0] == "kinds" else row[1], 40)
    return shown[:1].upper() + shown[1:]


def _plot(rows: Sequence[tuple[Any, ...]]) -> Plot:
    shown = [row for group in HEADINGS for row in [row for row in rows if row[0] == group][:MOST_ROWS]]
    share = Series("Share of messages", tuple(row[3] for row in shown), colour=BAR)
    ends = [tuple(row[part] for row in shown) for part in (5, 6)]
    answered = Series("Answered within a day", tuple(row[4] for row in shown), lows=ends[0], highs=ends[1], colour=ACCENT)
    return Plot("bars", (share, answered), tuple(label(row) for row in shown), Axis("Kind or topic"), Axis("Share"), "0%")


def draw(chart: Chart) -> Figure:
    """Draw kinds and topics side by side: a bar of the share, a dot with its interval for the answers."""
    from socialbench.report.drawing import LEFT, bare, new_figure
    from socialbench.report.sheet import sheet

    groups = [[row for row in chart.rows if row[0] == group][:MOST_ROWS] for group in HEADINGS]
    groups = [rows for rows in groups if rows]
    boxes, row, extra = (_stacked if sheet().narrow else _side_by_side)(chart, groups)
    figure, total = new_figure(chart, extra), sheet().height + extra
    for rows, (left, top, width, height) in zip(groups, boxes, strict=True):
        bottom = total - top - height
        axes = bare(figure.add_axes((LEFT + left / sheet().width, bottom / total, width / sheet().width, height / total)))
        axes.set_xlim(0, width)
        axes.set_ylim(height, 0)
        _draw_group(axes, rows, (width, row))
    return figure


def _side_by_side(chart: Chart, groups: Sequence[Sequence[Any]]) -> tuple[list[Box], float, float]:
    """The groups' boxes in inches from the upper left of the body, the height of a row, and what the page grows by."""
    from socialbench.report.drawing import LEFT, RIGHT, body_low, body_top
    from socialbench.report.sheet import sheet

    page, top = sheet(), body_top(chart, key=True)
    width = ((RIGHT - LEFT) * page.width - GUTTER * (len(groups) - 1)) / len(groups)
    body = page.height - top - body_low(chart)
    row = min(TALLEST_ROW, body / max(len(rows) for rows in groups))
    return [(number * (width + GUTTER), top, width, body) for number in range(len(groups))], row, 0.0


def _stacked(chart: Chart, groups: Sequence[Sequence[Any]]) -> tuple[list[Box], float, float]:
    """The same, the groups one under the other."""
    from socialbench.report.drawing import LEFT, RIGHT, body_low, body_top
    from socialbench.report.sheet import sheet

    page, row, boxes, top = sheet(), NARROW_ROW, [], body_top(chart) + HEADING_ROOM
    for rows in groups:
        boxes.append((0.0, top, (RIGHT - LEFT) * page.width, row * len(rows)))
        top += row * len(rows) + GUTTER
    return boxes, row, top - GUTTER + body_low(chart) - page.height


def _draw_group(axes: Axes, rows: Sequence[tuple[Any, ...]], size: tuple[float, float]) -> None:
    from socialbench.report.drawing import rule_line, write

    width, height = size
    letters = max(8.0, min(15.0, height * 72 * 0.5))
    names, number = width * 0.29, letters / 72 * 3.2
    bars = (names + 0.1, width * 0.28 - number)
    dots = (names + width * 0.28 + 0.3, width * 0.43 - 0.5 - number)
    most = max(row[3] for row in rows)
    write(axes, 0, -0.18, HEADINGS[rows[0][0]], 11, color=MUTED)
    write(axes, bars[0], -0.18, "share of messages", 11, color=MUTED)
    write(axes, dots[0], -0.18, "answered within a day", 11, color=MUTED)
    for part, text in ((0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %")):
        rule_line(axes, dots[0] + part * dots[1], 0, height * len(rows))
        write(axes, dots[0] + part * dots[1], height * len(rows) + 0.2, text, 10, color=MUTED, ha="center")
    for index, row in enumerate(rows):
        _draw_row(axes, (index + 0.5) * height, row, (letters, names, bars, (*dots, width), most))


def _draw_row(axes: Axes, y: float, row: tuple[Any, ...], places: tuple[Any, ...]) -> None:
    from socialbench.report.drawing import draw_box, draw_dot, draw_line, fit, write

    letters, names, bars, dots, most = places
    style: dict[str, Any] = {"va": "center_baseline"}
    high = letters / 72 * 0.8
    write(axes, 0, y, fit(label(row), letters, names - 0.1), letters, **style)
    long = row[3] / most * bars[1]
    draw_box(axes, (bars[0], y - high / 2), (long, high), BAR)
    write(
        axes, bars[0] + long + 0.08, y, words.share(row[3], 0.1 if row[3] >= 0.1 else None), letters * 0.9, color=MUTED, **style
    )
    if row[4] is None:
        write(axes, dots[2], y, words.NO_FIGURE, letters, color=MUTED, ha="right", **style)
        return
    if row[5] is not None:
        draw_line(axes, (dots[0] + row[5] * dots[1], dots[0] + row[6] * dots[1]), (y, y), color=INK)
    draw_dot(axes, dots[0] + row[4] * dots[1], y, max(5.0, letters * 0.55), color=ACCENT)
    half = None if row[5] is None else (row[6] - row[5]) / 2
    write(axes, dots[2], y, words.share(row[4], half), letters, strong=True, ha="right", **style)
