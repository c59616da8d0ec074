"""Every chart alone as PNG at slide size, each with its data as CSV."""

from __future__ import annotations

from collections.abc import Iterator

from socialbench.report.chart import chart_csv, described
from socialbench.report.output import Output
from socialbench.report.tree import Report

suffix = ".png"
binary = True


def render(report: Report) -> Iterator[Output]:
    """Draw each chart that the report has data for."""
    from socialbench.report.drawing import to_png

    for chart, module in described(report):
        yield Output(f"{chart.name}.png", to_png(module.draw(chart)))
        yield Output(f"{chart.name}.csv", chart_csv(report, chart))
