"""Every chart alone as SVG, letters as paths, each with its data as CSV."""

from __future__ import annotations

from collections.abc import Iterator

from socialbench.report.chart import chart_csv, described
from socialbench.report.output import Output
from socialbench.report.tree import Report

suffix = ".svg"
binary = False


def render(report: Report) -> Iterator[Output]:
    """Draw each chart that the report has data for."""
    from socialbench.report.drawing import to_svg

    for chart, module in described(report):
        yield Output(f"{chart.name}.svg", to_svg(module.draw(chart)).encode())
        yield Output(f"{chart.name}.csv", chart_csv(report, chart))
