"""Time-to-answer by network: the mean of its brands at each horizon, joined; one network alone has no chart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from socialbench.report import words
from socialbench.report.chart import Chart, foot
from socialbench.report.charts import time_to_answer
from socialbench.report.tree import Report

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PLACE = 35
SECONDS = {"m": 60, "h": 3600, "d": 86_400}
HORIZON = re.compile(r"answered_within_(\d+)([mhd])")
Point = tuple[float, float, None, None]


def describe(report: Report) -> Chart | None:
    """Describe the networks on which ranked brands are heard; None where they are fewer than two."""
    curves = [(network, list(_curve(report, network))) for network in _networks(report)]
    curves = [(network, points) for network, points in curves if len(points) > 1]
    if len(curves) < 2:
        return None
    rows = tuple(("network", words.network(network), *point) for network, points in curves for point in points)
    brands = sum(bool(brand["networks"]) for _, brand in report.ranked)
    return Chart(
        name="time-by-network",
        title=time_to_answer.title([(words.network(network), points) for network, points in curves], "networks"),
        subtitle="Share of customers who have an answer after a time, by network; the mean of the brands that are heard there.",
        foot=foot(report.tree, f"n = {brands} ranked brands, each with equal weight in its network"),
        alt=f"Lines of {len(curves)} networks: share answered within ten minutes to a week, on a logarithmic axis.",
        columns=time_to_answer.COLUMNS,
        rows=rows,
        axis=time_to_answer.AXIS,
        plot=time_to_answer.curve_plot(rows, stepped=False),
        notes=(time_to_answer.NOTE,),
    )


def _networks(report: Report) -> list[str]:
    return sorted({network for _, brand in report.ranked for network in brand["networks"]})


def _curve(report: Report, network: str) -> Iterator[Point]:
    """The mean share at each horizon, over the ranked brands that have a share at every one of them."""
    slices = [brand["networks"][network]["metrics"] for _, brand in report.ranked if network in brand["networks"]]
    names = sorted({name for metrics in slices for name in metrics if HORIZON.fullmatch(name)}, key=_seconds)
    whole = [metrics for metrics in slices if all(metrics.get(name, {}).get("value") is not None for name in names)]
    for name in names if whole else ():
        yield float(_seconds(name)), round(sum(metrics[name]["value"] for metrics in whole) / len(whole), 4), None, None


def _seconds(metric: str) -> int:
    found = HORIZON.fullmatch(metric)
    return int(found[1]) * SECONDS[found[2]] if found else 0


def draw(chart: Chart) -> Figure:
    """Draw the lines with their names at the right end."""
    return time_to_answer.draw(chart, stepped=False)
