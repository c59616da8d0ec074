"""The report as one html file: no request to anywhere, a strict content policy, readable on a phone and on paper."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from socialbench.report import method, sketch, table, words
from socialbench.report.colours import SECTOR_HUES
from socialbench.report.figures import Unit, unit_of
from socialbench.report.glossary import MARKS
from socialbench.report.output import Output
from socialbench.report.page import PAGE
from socialbench.report.theme import Logo, on_dark
from socialbench.report.tree import Report, Tree, pointer

if TYPE_CHECKING:
    from jinja2 import Environment

suffix = ".html"
binary = False

NOT_REACHED_SORTS = 1e15


def render(report: Report) -> Iterator[Output]:
    """Write report.html."""
    from socialbench.report.page import view
    from socialbench.report.page.frame import policy, style_text, trusted

    theme = report.looks.theme
    hues = dict(sorted(theme.hues(sector["name"] for sector in report.tree["sectors"]).items()))
    style, script = style_text(report) + _hue_rules(hues), (PAGE / "page.js").read_text("utf-8")
    text = (
        page_environment(report)
        .get_template("page.html.j2")
        .render(
            report=report,
            tree=report.tree,
            style=trusted(style),
            script=trusted(script),
            policy=policy(style, script),
            hue={name: f"s{number}" for number, name in enumerate(hues)},
            view=view.view_of(report),
            metrics=table.metric_columns(report),
            full=_scale(report),
            rows=list(method.method_rows(report)),
            reasons=method.left_out_reasons(report),
            marks=MARKS,
            logo=_logo(theme.logo),
            open_up_to=view.OPEN_UP_TO,
            long=view.LONG,
        )
    )
    yield Output("report.html", text.encode())


def sort_value(brand: Tree, metric: str) -> Any:
    """What a column sorts by: the figure, after all of them 'not reached', '' where there is none."""
    figure = brand["metrics"].get(metric, {})
    if figure.get("value") is None:
        return NOT_REACHED_SORTS if figure.get("reached") is False else ""
    return figure["value"]


def page_environment(report: Report) -> Environment:
    """Templates with what prints figures, names and sketches; whatever is not there is an error."""
    from socialbench.report.page import spans
    from socialbench.report.page.frame import templates

    made = templates()
    made.globals |= {
        "fig": lambda metric, path: spans.figure_span(report, metric, path),
        "whole": lambda metric, path: spans.whole_span(report, metric, path),
        "span": lambda metric, path: spans.interval_span(metric, path, report.resolve(path)),
        "counted": lambda metric, path: spans.counted_span(report, metric, path),
        "num": lambda *parts: spans.value_span(report, pointer(*parts)),
        "moment": lambda *parts: spans.moment_span(report, pointer(*parts)),
        "day": lambda *parts: spans.day_span(report, pointer(*parts)),
        "middle": lambda metric: spans.middle_span(report, metric),
        "key": spans.key_span,
        "remark": spans.remark_span,
        "none_here": spans.EMPTY,
        "at": pointer,
        "label": lambda metric: spans.unbroken(words.label(metric)),
        "hard": spans.unbroken,
        "sketch": sketch,
        "table": table,
        "sort_value": sort_value,
        "owner": lambda path: report.resolve("/".join(path.split("/")[:3])),
        "last": lambda path: path.rsplit("/", 1)[1],
    }
    return made


def _scale(report: Report) -> float:
    metric = report.tree["ranked_by"]
    if unit_of(metric) is Unit.SCORE:
        return 100.0
    figures: list[Mapping[str, Any]] = [brand["metrics"].get(metric, {}) for brand in report.tree["brands"]]
    return max([1e-9, *((figure.get("high") or figure.get("value") or 0.0) for figure in figures)])


def _logo(logo: Logo | None) -> str:
    return "" if logo is None else f"data:image/{logo.kind};base64,{base64.b64encode(logo.data).decode()}"


def _hue_rules(hues: Mapping[str, str]) -> str:
    """Sector chips, and on a dark screen lighter hues for them and for all curves, those of networks too."""
    light = "".join(f".s{number}{{background:{colour}}}" for number, colour in enumerate(hues.values()))
    dark = []
    for number, colour in enumerate(hues.values()):
        bright = on_dark(colour)
        dark.append(f'.s{number}{{background:{bright}}}svg.chart [stroke="{colour}"]{{stroke:{bright}}}')
        dark.append(f'svg.chart [fill="{colour}"]{{fill:{bright}}}')
    for colour in (hue for hue in SECTOR_HUES if hue not in hues.values()):
        dark.append(
            f'svg.chart [stroke="{colour}"]{{stroke:{on_dark(colour)}}}svg.chart [fill="{colour}"]{{fill:{on_dark(colour)}}}'
        )
    return f"{light}@media screen and (prefers-color-scheme: dark){{{''.join(dark)}}}"
