"""Every chart alone as SVG, letters as paths, each with its data as CSV."""

from __future__ import annotations

from collections.abc import Iterator

from socialbench.report.chart import chart_csv
from socialbench.report.output import Output
from socialbench.report.plates import plates
from socialbench.report.tree import Report

suffix = ".svg"
binary = False


def render(report: Report) -> Iterator[Output]:
    """Draw each chart that the report has data for."""
    for plate in plates(report):
        yield Output(f"{plate.chart.name}.svg", plate.svg().encode())
        yield Output(f"{plate.chart.name}.csv", chart_csv(report, plate.chart))
