"""Answered against heard: whether brands to which more is written answer more or less of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from socialbench.report import words
from socialbench.report.chart import Axis, Chart, Plot, Series, foot
from socialbench.report.colours import ACCENT, BAR, LIGHT
from socialbench.report.tree import Report

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from socialbench.report.grid import Plane

PLACE = 60
COLUMNS = ("rank", "brand", "sector", "inbound_count", "response_rate", "low", "high", "n")
FEWEST_FOR_A_RELATION = 8
MOST_NAMED = 16
LOG_FROM = 12
NAME_SIZE, NAME_ROOM, NARROW_ROOM = 11.5, 2.2, 1.4
STEPS = (1, 2, 5)


def describe(report: Report) -> Chart | None:
    """Describe volume and response rate of the ranked brands; None where fewer than two have both."""
    rows = []
    for _, brand in report.ranked:
        rate, heard = (brand["metrics"].get(metric, {}) for metric in ("response_rate", "inbound_count"))
        if rate.get("value") is not None and heard.get("value"):
            ends = (rate.get("low"), rate.get("high"), rate.get("n"))
            rows.append((brand["rank"]["label"], brand["name"], brand["sector"], heard["value"], rate["value"], *ends))
    if len(rows) < 2:
        return None
    watched = words.duration(report.tree["follow_up_s"])
    return Chart(
        name="rate-against-volume",
        title=_title(rows),
        subtitle=f"Share answered within {watched}, with 95 % intervals, against the number of inbound messages.",
        foot=foot(report.tree, f"n = {len(rows)} ranked brands"),
        alt=f"{len(rows)} brands as dots: inbound messages across, share answered upwards, each with its interval.",
        columns=COLUMNS,
        rows=tuple(rows),
        axis=Axis("Inbound messages", log=_is_log([row[3] for row in rows])),
        plot=_plot(rows),
        notes=(
            f"Answered: customers who need an answer and got one within {watched}. Inbound: all messages addressed to the brand.",
            "Any relation is told by Spearman's rank correlation with its 95 % interval.",
        ),
    )


def _plot(rows: Sequence[tuple[Any, ...]]) -> Plot:
    volumes, rates, lows, highs = (tuple(row[part] for row in rows) for part in (3, 4, 5, 6))
    series = Series("Brands", rates, xs=volumes, lows=lows, highs=highs, colour=ACCENT)
    names = tuple(words.name(row[1], 60) for row in rows)
    across = Axis("Inbound messages", log=_is_log(volumes))
    return Plot("points", (series,), names, across, Axis("Share answered"), "0%")


def _title(rows: Sequence[tuple[Any, ...]]) -> str:
    if len(rows) < FEWEST_FOR_A_RELATION:
        busiest, calmest = max(rows, key=lambda row: (row[3], row[1])), min(rows, key=lambda row: (row[3], row[1]))
        verb = _compared(busiest, calmest)
        if verb is None:
            return "The brand that hears most and the one that hears least cannot be told apart in what they answer"
        return f"{words.name(busiest[1], 40)} hears most, and answers {verb} of it than {words.name(calmest[1], 40)}"
    low, high = spearman_interval([row[3] for row in rows], [row[4] for row in rows])
    if low <= 0 <= high:
        return "How much a brand hears does not tell what share of it is answered"
    return f"Brands that hear more answer a {'larger' if low > 0 else 'smaller'} share of it"


def _compared(one: tuple[Any, ...], other: tuple[Any, ...]) -> str | None:
    """Whether a brand answers more or less than another; None where their intervals meet."""
    if None in (one[5], one[6], other[5], other[6]) or one[1] == other[1]:
        return None
    return "more" if one[5] > other[6] else "less" if one[6] < other[5] else None


def spearman_interval(xs: Sequence[float], ys: Sequence[float]) -> tuple[float, float]:
    """The 95 % interval of a rank correlation, by Fisher's z with the variance of Bonett and Wright.

    >>> low, high = spearman_interval([1, 2, 3, 4, 5, 6, 7], [2, 1, 4, 3, 7, 5, 6])
    >>> round(low, 2), round(high, 2)
    (0.03, 0.98)
    """
    one, other = _ranks(xs), _ranks(ys)
    middle = (len(xs) + 1) / 2
    spread = math.sqrt(sum((rank - middle) ** 2 for rank in one) * sum((rank - middle) ** 2 for rank in other))
    rho = sum((x - middle) * (y - middle) for x, y in zip(one, other, strict=True)) / spread if spread else 0.0
    rho = min(0.999, max(-0.999, rho))
    half = 1.959964 * math.sqrt((1 + rho * rho / 2) / (len(xs) - 3))
    return math.tanh(math.atanh(rho) - half), math.tanh(math.atanh(rho) + half)


def _ranks(values: Sequence[float]) -> list[float]:
    """Ranks from 1; ties share the mean of theirs."""
    ordered = sorted(values)
    first = {value: place for place, value in reversed(list(enumerate(ordered, 1)))}
    return [first[value] + (ordered.count(value) - 1) / 2 for value in values]


def _is_log(volumes: Sequence[float]) -> bool:
    return max(volumes) > LOG_FROM * min(volumes)


def draw(chart: Chart) -> Figure:
    """Draw dots with whiskers, the notable ones named where there is room."""
    from socialbench.report.drawing import draw_dot, draw_line
    from socialbench.report.grid import SHARES, draw_grid, new_plane

    plane = new_plane(chart, right=0.3)
    scale = _Scale([row[3] for row in chart.rows], log=chart.axis.log)
    draw_grid(plane, scale.marks(), SHARES, ("Inbound messages" + " (logarithmic)" * chart.axis.log, "Answered"))
    dots = [(scale.part(row[3]) * plane.width, row[4] * plane.height) for row in chart.rows]
    named = notable(chart.rows)
    size = 8.0 if len(dots) <= 40 else 6.0
    for (x, y), row in zip(dots, chart.rows, strict=True):
        if row[5] is not None and row[6] is not None:
            draw_line(plane.axes, (x, x), (row[5] * plane.height, row[6] * plane.height), color=LIGHT, zorder=1)
        draw_dot(plane.axes, x, y, size, color=BAR, markeredgecolor="none", zorder=2)
    _name_dots(plane, dots, chart.rows, named)
    return plane.figure


def notable(rows: Sequence[tuple[Any, ...]]) -> list[int]:
    """Which dots to name, most worth it first: both ends of volume and of rate, then the ends of the ranking."""
    ways = (
        sorted(range(len(rows)), key=lambda i: (-rows[i][3], rows[i][1])),
        sorted(range(len(rows)), key=lambda i: (rows[i][4], rows[i][1])),
        list(range(len(rows))),
        sorted(range(len(rows)), key=lambda i: (rows[i][3], rows[i][1])),
        sorted(range(len(rows)), key=lambda i: (-rows[i][4], rows[i][1])),
    )
    return list(dict.fromkeys(index for turn in zip(*ways, strict=True) for index in turn))[:MOST_NAMED]


def _name_dots(plane: Plane, dots: Sequence[tuple[float, float]], rows: Sequence[tuple[Any, ...]], named: Sequence[int]) -> None:
    """Names beside their dots, left out where no side of a dot is free."""
    from socialbench.report.drawing import draw_dot, fit, text_width, write
    from socialbench.report.sheet import sheet

    room = NARROW_ROOM if sheet().narrow else NAME_ROOM
    taken = [(x - 0.06, y - 0.06, x + 0.06, y + 0.06) for x, y in dots]
    for index in named:
        x, y = dots[index]
        text = fit(rows[index][1], NAME_SIZE, room)
        width, height = text_width(text, NAME_SIZE), NAME_SIZE / 72 * 1.15
        sides = [(x + 0.1, y - height / 2), (x - 0.1 - width, y - height / 2), (x - width / 2, y + 0.08)]
        sides += [(x - width / 2, y - 0.08 - height), (x + 0.07, y + 0.05), (x - 0.07 - width, y - 0.05 - height)]
        for left, bottom in sides:
            box = (left, bottom, left + width, bottom + height)
            if _within(box, plane) and not any(_meet(box, other) for other in taken):
                taken.append(box)
                draw_dot(plane.axes, x, y, 8.0, color=ACCENT, markeredgecolor="none", zorder=3)
                write(plane.axes, left, bottom + height * 0.24, text, NAME_SIZE, zorder=4)
                break


def _within(box: tuple[float, float, float, float], plane: Plane) -> bool:
    return box[0] >= 0.03 and box[1] >= 0 and box[2] <= plane.width + 0.25 and box[3] <= plane.height + 0.1


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


class _Scale:
    """An axis of counts with round marks: logarithmic, or from zero, or from below the least where zero is far."""

    def __init__(self, volumes: Sequence[float], log: bool) -> None:
        least, most = min(volumes), max(volumes)
        self.log, self.high = log, most * (1.15 if log else 1.06)
        self.step = _step((self.high - least) if least > most / 3 else self.high)
        below = math.floor(least * 0.96 / self.step) * self.step if least > most / 3 else 0.0
        self.low = least * 0.85 if log else below

    def part(self, value: float) -> float:
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def marks(self) -> dict[float, str]:
        if self.log:
            powers = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
            values = [step * 10.0**power for power in powers for step in STEPS]
        else:
            values = [self.low + self.step * count for count in range(int((self.high - self.low) / self.step) + 1)]
        return {self.part(value): words.number(value) for value in values if self.low <= value <= self.high and value % 1 == 0}


def _step(whole: float) -> float:
    """A round step, four to ten of which make a whole."""
    rough = 10.0 ** math.floor(math.log10(whole / 4))
    return max(1.0, max(rough * step for step in STEPS if rough * step <= whole / 4))
