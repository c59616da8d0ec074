"""The report as one html file: no request to anywhere, a strict content policy, readable on a phone and on paper."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from socialbench.report import fonts, method, sketch, table, words
from socialbench.report.chart import described
from socialbench.report.colours import ON_DARK, SECTOR_HUES, sector_colours
from socialbench.report.figures import Unit, unit_of
from socialbench.report.output import Output
from socialbench.report.tree import Report, Tree, pointer

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

suffix = ".html"
binary = False

PAGE = Path(__file__).parent.parent / "page"
NAME_LIMIT, TEXT_LIMIT = 120, 600
MARGIN = 0.045
"""A slide's margin, cut off where the page has its own."""
NOT_REACHED_SORTS = 1e15
PROFILE = (
    "expectation_score",
    "answered_within_30m",
    "answered_within_2h",
    "answered_within_24h",
    "response_rate",
    "median_latency_s",
    "p75_latency_s",
    "p90_latency_s",
    "restricted_mean_s",
    "answered_median_s",
    "handoff_rate",
    "automated_rate",
    "needs_response_share",
    "answered_count",
    "inbound_count",
)
MARKS = {
    "looks_automatic": "looks automatic",
    "depends_on_classification": "place depends on which messages are held to need a response",
    "mix_dependent": "place depends on the mix of networks",
    "answered_only": "answered messages alone were read",
}


def render(report: Report) -> Iterator[Output]:
    """Write report.html."""
    sectors = sector_colours(sector["name"] for sector in report.tree["sectors"])
    hues = dict(sorted(sectors.items()))
    style = (PAGE / "page.css").read_text("utf-8") + _fonts() + _hue_rules(hues)
    script = (PAGE / "page.js").read_text("utf-8")
    page = _environment(report).get_template("page.html.j2")
    text = page.render(
        report=report,
        tree=report.tree,
        style=_trusted(style),
        script=_trusted(script),
        policy=_policy(style, script),
        hue={name: f"s{number}" for number, name in enumerate(hues)},
        charts=[(chart, _inline(report, chart, module)) for chart, module in described(report)],
        metrics=table.metric_columns(report),
        full=_scale(report),
        networks=list(method.network_tables(report)),
        rows=list(method.method_rows(report)),
        reasons=method.left_out_reasons(report),
        profile=PROFILE,
        marks=MARKS,
    )
    yield Output("report.html", text.encode())


def figure_span(report: Report, metric: str, path: str) -> Markup:
    """A figure as html with the pointer that a test follows; its reason as a tip where there is none."""
    from markupsafe import Markup

    figure = report.resolve(path)
    tip = figure.get("refused") or "; ".join(part for part in (figure.get("note"), _counted(figure)) if part)
    title = Markup(' title="{}"').format(words.name(tip, 300)) if tip else ""
    return Markup('<span class="f" data-figure="{}"{}>{}</span>').format(path, title, words.figure(metric, figure))


def interval_span(report: Report, metric: str, path: str) -> Markup:
    """A figure's interval as small html, '' where it has none."""
    from markupsafe import Markup

    shown = words.interval(metric, report.resolve(path))
    if not shown:
        return Markup("")
    return Markup('<small class="i" data-figure="{}" data-part="interval">{}</small>').format(path, shown)


def bounds_span(report: Report, metric: str, path: str) -> Markup:
    """What a figure would be at most and at least, had the unknown times been known; '' where it does not matter."""
    from markupsafe import Markup

    shown = words.bounds(metric, report.resolve(path))
    if not shown:
        return Markup("")
    return Markup('<small class="i">bounds <span data-figure="{}/bounds" data-part="bounds">{}</span></small>').format(
        path, shown
    )


def _counted(figure: Tree) -> str:
    """What a figure rests on, for its tip."""
    names = (("n", "n"), ("authors", "authors"), ("design_effect", "design effect"))
    return ", ".join(f"{name} {figure[key]}" for key, name in names if figure.get(key) is not None)


def number_span(report: Report, path: str) -> Markup:
    """A plain number or word of the JSON with its pointer."""
    from markupsafe import Markup

    value = report.resolve(path)
    shown = words.number(value) if isinstance(value, int | float) else words.name(value, TEXT_LIMIT)
    return Markup('<span data-figure="{}">{}</span>').format(path, shown)


def sort_value(brand: Tree, metric: str) -> Any:
    """What a column sorts by: the figure, after all of them 'not reached', '' where there is none."""
    figure = brand["metrics"].get(metric, {})
    if figure.get("value") is None:
        return NOT_REACHED_SORTS if figure.get("reached") is False else ""
    return figure["value"]


def inline_svg(text: str, name: str, label: str) -> Markup:
    """Make a drawn SVG part of the page: no inline style (the policy forbids it), no id that another chart has."""
    from markupsafe import Markup

    body = text[text.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", body, flags=re.DOTALL)
    width, height = (float(number) for number in re.findall(r"[\d.]+", body[body.index("viewBox") :])[2:4])
    box = f"{width * MARGIN:.1f} 0 {width * (1 - 2 * MARGIN):.1f} {height:.1f}"
    head = Markup('<svg class="chart" viewBox="{}" role="img" aria-label="{}"').format(box, label)
    body = re.sub(r"<svg[^>]*>", lambda _: head + ">", body, count=1)
    body = re.sub(r' style="([^"]*)"', _attributes, body)
    body = re.sub(r'\b(id="|(?:xlink:)?href="#|url\(#)', lambda found: _renamed(found.group(1), name), body)
    return Markup(re.sub(r"\n\s*", "\n", body).strip())  # noqa: S704 - drawn by us; letters are paths


def _renamed(start: str, name: str) -> str:
    return f"{start.removeprefix('xlink:')}{name}-"


def _attributes(found: re.Match[str]) -> str:
    pairs = [pair.split(":", 1) for pair in found.group(1).split(";") if ":" in pair]
    return "".join(f' {key.strip()}="{value.strip()}"' for key, value in pairs)


def _inline(report: Report, chart: Any, module: Any) -> Markup:
    from socialbench.report.drawing import to_svg

    return inline_svg(to_svg(module.draw(chart), transparent=True), chart.name, f"{chart.title}. {chart.alt}")


def _environment(report: Report) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(PAGE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters["network"] = words.network
    made.globals |= {
        "fig": lambda metric, *parts: figure_span(report, metric, pointer(*parts)),
        "span": lambda metric, *parts: interval_span(report, metric, pointer(*parts)),
        "bounds": lambda metric, *parts: bounds_span(report, metric, pointer(*parts)),
        "num": lambda *parts: number_span(report, pointer(*parts)),
        "at": pointer,
        "words": words,
        "sketch": sketch,
        "table": table,
        "sort_value": sort_value,
        "name": lambda text: words.name(text, NAME_LIMIT),
        "last": lambda path: path.rsplit("/", 1)[1],
        "brand_of": lambda path: report.tree["brands"][int(path.split("/")[2])],
        "finding_figures": lambda finding: [path.split("/")[1:] for path in finding["figures"]],
    }
    return made


def _scale(report: Report) -> float:
    metric = report.tree["ranked_by"]
    if unit_of(metric) is Unit.SCORE:
        return 100.0
    figures: list[Mapping[str, Any]] = [brand["metrics"].get(metric, {}) for brand in report.tree["brands"]]
    return max([1e-9, *((figure.get("high") or figure.get("value") or 0.0) for figure in figures)])


def _fonts() -> str:
    rule = (
        '@font-face{{font-family:"SB Text";font-weight:{};font-display:block;src:url(data:font/woff;base64,{}) format("woff")}}\n'
    )
    faces = ((400, fonts.REGULAR), (600, fonts.SEMIBOLD))
    return "".join(rule.format(weight, fonts.web_font(family)) for weight, family in faces)


def _hue_rules(hues: Mapping[str, str]) -> str:
    """Sector chips, and on a dark screen lighter hues for them and for the curves."""
    light = "".join(f".s{number}{{background:{colour}}}" for number, colour in enumerate(hues.values()))
    dark = []
    for number, colour in enumerate(hues.values()):
        bright = ON_DARK[SECTOR_HUES.index(colour)]
        dark.append(f'.s{number}{{background:{bright}}}svg.chart [stroke="{colour}"]{{stroke:{bright}}}')
        dark.append(f'svg.chart [fill="{colour}"]{{fill:{bright}}}')
    return f"{light}@media screen and (prefers-color-scheme: dark){{{''.join(dark)}}}"


def _policy(style: str, script: str) -> str:
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (style, script)]
    rules = f"style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; font-src data:; img-src data:"
    return f"default-src 'none'; {rules}; base-uri 'none'; form-action 'none'"


def _trusted(text: str) -> Markup:
    from markupsafe import Markup

    return Markup(text)  # noqa: S704 - our own files
