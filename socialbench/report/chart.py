"""A chart as a description: what it finds, its rows, its axes. Drawn by matplotlib here, natively by formats that can."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, Protocol, cast

from socialbench.report import words
from socialbench.report.cells import csv_bytes
from socialbench.report.tree import Report, Tree

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis measures and in which unit; `log`: on a logarithmic scale. `marks`: value -> its label."""

    title: str
    log: bool = False
    marks: dict[float, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Series:
    """One row of bars, one curve or one cloud of points: `ys` by category, or against `xs`. None: nothing there.

    `lows` and `highs` are the ends of the intervals, where there are any. `colour` is "#rrggbb".
    """

    name: str
    ys: tuple[float | None, ...]
    xs: tuple[float, ...] = ()
    lows: tuple[float | None, ...] = ()
    highs: tuple[float | None, ...] = ()
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart as an office program can draw and edit it itself.

    `bars`: horizontal bars by category, the first on top. `stacked`: the same, laid end to end, shares of 1.
    `curves`: XY lines. `points`: XY points, each category naming one. `slope`: lines between two or more columns
    (`categories`), one series per brand. `number` is an office number format ("0.0", "0%", "[h]:mm").
    """

    kind: Literal["bars", "stacked", "curves", "points", "slope"]
    series: tuple[Series, ...]
    categories: tuple[str, ...] = ()
    x: Axis | None = None
    y: Axis | None = None
    number: str = "General"


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart. `title` states the finding, `foot` its n and period, `alt` says in words what is to be seen.

    `columns` and `rows` are its data, as its CSV has them. `plot` is how pptx and xlsx draw it natively; None: it
    stands there as a picture. `notes`: the definitions of what it shows, for a speaker's notes.
    """

    name: str
    title: str
    subtitle: str
    foot: str
    alt: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    axis: Axis
    plot: Plot | None = None
    notes: tuple[str, ...] = ()


class ChartModule(Protocol):
    """One file of `charts/`: describes a chart from the Report, None where there is nothing to show, and draws it."""

    def describe(self, report: Report) -> Chart | None:
        """Say what the chart shows."""

    def draw(self, chart: Chart) -> Figure:
        """Draw it at slide size, 16:9."""


def chart_modules() -> list[ChartModule]:
    """Every file of `charts/`, by its place in the report."""
    from socialbench.report import charts

    modules = [importlib.import_module(f"{charts.__name__}.{found.name}") for found in pkgutil.iter_modules(charts.__path__)]
    return [cast(ChartModule, module) for module in sorted(modules, key=_order)]


def described(report: Report) -> Iterator[tuple[Chart, ChartModule]]:
    """Each chart that this report has data for."""
    for module in chart_modules():
        chart = module.describe(report)
        if chart is not None:
            yield chart, module


def foot(tree: Tree, count: str) -> str:
    """The line under a chart: n, period and zone, and what must be known before the chart is believed."""
    parts = [count, f"{words.period(tree['period'])} ({tree['period']['timezone']})", words.name(tree["benchmark"], 60)]
    heads = [head for head, holds in (("SIMULATED", tree["simulated"]), ("PROVISIONAL", tree["provisional"])) if holds]
    return " · ".join([*heads, *parts])


def chart_csv(report: Report, chart: Chart) -> bytes:
    """A chart's data; the last column says SIMULATED where it is."""
    state = "SIMULATED" if report.tree["simulated"] else None
    return csv_bytes((*chart.columns, "simulated"), [(*row, state) for row in chart.rows])


def _order(module: ModuleType) -> tuple[int, str]:
    return getattr(module, "PLACE", 100), module.__name__
