"""A report's charts, each drawn once in the looks that were asked for, whichever formats show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from socialbench.report.chart import Chart, ChartModule, described
from socialbench.report.colours import sector_colours
from socialbench.report.fonts import Faces, faces_of
from socialbench.report.theme import Theme
from socialbench.report.tree import Report, Studio

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_PHONE_BODY, _PHONE_LINE = 3.9, 0.2
"""Inches of a chart's body on a phone, and of one of its names there."""


@dataclass(slots=True)
class Plate:
    """A chart and its drawings; what was drawn once is kept."""

    chart: Chart
    module: ChartModule
    place: tuple[int, int]
    looks: tuple[Faces, Mapping[str, str]]
    studio: Studio
    figure: Figure | None = None
    kept: dict[str, bytes] = field(default_factory=dict)

    def png(self) -> bytes:
        """The chart at slide size."""
        from socialbench.report.drawing import to_png

        if "png" not in self.kept:
            self.kept["png"] = to_png(self._drawn())
        return self.kept["png"]

    def svg(self, transparent: bool = False) -> str:
        """The chart as SVG; `transparent` without its white ground."""
        from socialbench.report.drawing import on_paper, to_svg

        if "svg" not in self.kept:
            self.kept["svg"] = to_svg(self._drawn(), transparent=True).encode()
        drawn = self.kept["svg"].decode()
        return drawn if transparent else on_paper(drawn)

    def phone(self) -> str:
        """The chart on a phone's sheet as SVG, without ground."""
        from socialbench.report.drawing import body_low, body_top, faces, to_svg
        from socialbench.report.sheet import of_height, on_phone

        if "phone" not in self.kept:
            slope = self.chart.plot is not None and self.chart.plot.kind == "slope"
            body = max(_PHONE_BODY, _PHONE_LINE * len(self.chart.rows)) if slope else _PHONE_BODY
            with on_phone(), faces(self.looks[0]), of_height(body_top(self.chart) + body + body_low(self.chart)):
                self.kept["phone"] = to_svg(self._draw(self.chart), transparent=True).encode()
        return self.kept["phone"].decode()

    def _drawn(self) -> Figure:
        if self.figure is None:
            self.studio.tell(self.chart.name, *self.place)
            self.figure = self._draw(self.chart)
        return self.figure

    def _draw(self, chart: Chart) -> Figure:
        from socialbench.report.drawing import faces, recolour

        chosen, colours = self.looks
        with faces(chosen):
            figure = self.module.draw(chart)
        recolour(figure, colours)
        return figure


def plates(report: Report) -> tuple[Plate, ...]:
    """Each chart that the report has data for, with the colours of its theme."""
    if report.studio.plates is None:
        found = list(described(report))
        chosen = faces_of(report.looks)
        made = []
        for place, (chart, module) in enumerate(found):
            colours = _recoloured(chart, report.looks.theme)
            made.append(Plate(_repainted(chart, colours), module, (place, len(found)), (chosen, colours), report.studio))
        report.studio.plates = tuple(made)
    return report.studio.plates


def _recoloured(chart: Chart, theme: Theme) -> Mapping[str, str]:
    """Our colours to the theme's: the accent's, and of a chart that tells sectors apart theirs."""
    by_sector = chart.rows and chart.columns[0] == "group" and chart.rows[0][0] == "sector"
    ours = sector_colours({row[1] for row in chart.rows}) if by_sector else {}
    return {**theme.recoloured, **{ours[name]: colour for name, colour in theme.sectors.items() if name in ours}}


def _repainted(chart: Chart, colours: Mapping[str, str]) -> Chart:
    if chart.plot is None or not colours:
        return chart
    series = tuple(replace(one, colour=colours.get(one.colour, one.colour)) for one in chart.plot.series)
    return replace(chart, plot=replace(chart.plot, series=series))
