"""What the templates are given: the sections that this report has, its charts by section, its brands one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from socialbench.report import profile, sections, sketch, words
from socialbench.report.book.printing import on_scale, scaled
from socialbench.report.figures import Unit, unit_of
from socialbench.report.glossary import TERMS, defined
from socialbench.report.page.inline import inline_svg
from socialbench.report.plates import plates as all_plates
from socialbench.report.table import metric_columns
from socialbench.report.tree import Report, Tree, pointer

LEFT_TO_OTHERS = frozenset({"coverage"})
"""Charts that the page prints as a table with its own strips."""
_SECTION = {
    "time-to-answer": "industries",
    "time-by-network": "networks",
    "topics-kinds": "asked",
    "hours": "asked",
    "rank-moves": "trends",
}
OPEN_UP_TO = 6
"""So many profiles stand open; more are opened one by one, and all of them in print."""
LONG = 40
"""Tables with more rows are folded away on the screen."""


@dataclass(frozen=True, slots=True)
class Plate:
    """A chart on the page, and as a phone shows it."""

    drawing: Markup
    narrow: Markup


@dataclass(frozen=True, slots=True)
class Standing:
    """A line of a scorecard: where the brand stands among all, as a picture, '' for counts."""

    metric: str
    picture: Markup
    sector: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A brand's page; `sector` is its sector's place in `/sectors`, None without one."""

    index: int
    brand: Tree
    sector: int | None
    standings: tuple[Standing, ...]
    remarks: tuple[profile.Remark, ...]
    weekly: str
    weeks: tuple[tuple[str, str], ...]
    weeks_drawn: Markup
    slices: tuple[tuple[str, str], ...]
    sliced: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class View:
    """Everything that the page prints but the ranking and the method."""

    plates: Mapping[str, list[Plate]]
    cards: list[sections.Card]
    cardless: list[str]
    networks: list[sections.Table]
    leaders: list[tuple[str, list[tuple[int, Tree]]]]
    asked: list[sections.Table]
    handles: list[sections.Table]
    replies: list[sections.Table]
    moved: list[tuple[int, Tree]]
    weekly: sections.Table | None
    profiles: list[Profile]
    glossary: list[tuple[str, str, str]]
    kept: Markup
    curves: Mapping[int, str]
    coverage: list[list[tuple[int, Tree]]]
    contents: list[tuple[str, str]] = field(default_factory=list)


def view_of(report: Report) -> View:
    """Find what this report has to show."""
    whole = Report(report.tree)
    grounds = {metric: f"g{number}" for number, metric in enumerate(profile.SCORECARD) if _has_axis(metric)}
    curves = {index: f"k{index}" for index, sector in enumerate(whole.tree["sectors"]) if sector["curve"]}
    cards = sections.industries(whole)
    carded = {card.index for card in cards}
    view = View(
        plates=_plates(report),
        cards=cards,
        cardless=[sector["name"] for index, sector in enumerate(whole.tree["sectors"]) if index not in carded],
        networks=list(sections.networks(whole)),
        leaders=sections.leaders(whole),
        asked=list(sections.asked(whole)),
        handles=list(sections.handles(whole)),
        replies=list(sections.replies(whole)),
        moved=sections.moved(whole),
        weekly=sections.weekly(whole),
        profiles=[_profile(whole, index, brand, grounds) for index, brand in sections.all_brands(whole)],
        glossary=_glossary(whole),
        kept=_kept(whole, grounds, curves),
        curves=curves,
        coverage=_by_account(whole),
    )
    view.contents.extend(_contents(whole, view))
    return view


def _plates(report: Report) -> Mapping[str, list[Plate]]:
    plates: dict[str, list[Plate]] = {}
    letters: dict[str, str] = {}
    for number, plate in enumerate(all_plates(report)):
        chart = plate.chart
        if chart.name in LEFT_TO_OTHERS:
            continue
        said = f"{chart.title}. {chart.alt}"
        wide = inline_svg(plate.svg(transparent=True), f"c{number}", said, letters)
        narrow = inline_svg(plate.phone(), f"p{number}", said, letters)
        plates.setdefault(_SECTION.get(chart.name, "ranking"), []).append(Plate(wide, narrow))
    return plates


def _contents(report: Report, view: View) -> Iterator[tuple[str, str]]:
    """The sections that there are, by their ids, in their order."""
    tree, plates = report.tree, view.plates
    there = {
        "key": ("Key figures", tree["findings"]),
        "ranking": ("The ranking", True),
        "unranked": ("Listed, not ranked", report.unranked),
        "industries": ("Industries", view.cards or plates.get("industries")),
        "networks": ("By network", view.networks or plates.get("networks")),
        "leaders": ("Leaders by measure", view.leaders),
        "asked": ("What customers ask" if view.asked else "When customers write", view.asked or plates.get("asked")),
        "handles": ("Handles and hours", view.handles),
        "replies": ("Hand-offs and automatic answers", view.replies),
        "trends": ("Trends", view.moved or view.weekly or plates.get("trends")),
        "profiles": ("Brand profiles", True),
        "method": ("Method", True),
        "coverage": ("Coverage", tree["coverage"]),
        "glossary": ("Glossary", True),
    }
    yield from ((key, title) for key, (title, holds) in there.items() if holds)


def _by_account(report: Report) -> list[list[tuple[int, Tree]]]:
    """The rows of coverage, each with its place in `/coverage`, the listings of one account together."""
    found: dict[tuple[str, ...], list[tuple[int, Tree]]] = {}
    for place, row in enumerate(report.tree["coverage"]):
        found.setdefault((row["brand"], row["network"], row["origin"], row["account"]), []).append((place, row))
    return list(found.values())


def _has_axis(metric: str) -> bool:
    return unit_of(metric) in (Unit.SHARE, Unit.SECONDS, Unit.SCORE)


def _kept(report: Report, grounds: Mapping[str, str], curves: Mapping[int, str]) -> Markup:
    """Drawn once for all profiles and cards: where the ranked brands stand, and the sectors' curves."""
    places = {}
    for metric, name in grounds.items():
        found = (on_scale(metric, brand["metrics"].get(metric, {}).get("value")) for _, brand in report.ranked)
        places[name] = sorted({place for place in found if place is not None})
    drawn = {name: report.tree["sectors"][index]["curve"] for index, name in curves.items()}
    return sketch.kept_grounds(places) + sketch.kept_curves(drawn)


def _profile(report: Report, index: int, brand: Tree, grounds: Mapping[str, str]) -> Profile:
    names = [sector["name"] for sector in report.tree["sectors"]]
    sector = names.index(brand["sector"]) if brand["sector"] else None
    means: Tree = report.tree["sectors"][sector]["metrics"] if sector is not None else {}
    standings = []
    for metric in profile.scorecard(brand):
        path = f"/sectors/{sector}/metrics/{metric}" if sections.is_known(means.get(metric)) else ""
        standings.append(Standing(metric, _stand(metric, brand, means, grounds), path))
    weekly, weeks = profile.weeks(brand, index)
    slices, sliced = _slices(brand, index)
    return Profile(
        index,
        brand,
        sector,
        tuple(standings),
        tuple(profile.remarks(report, index)),
        weekly,
        tuple(weeks),
        _weeks_drawn(report, weekly, weeks),
        slices,
        sliced,
    )


def _stand(metric: str, brand: Tree, means: Tree, grounds: Mapping[str, str]) -> Markup:
    if metric not in grounds:
        return Markup()
    figure = brand["metrics"].get(metric)
    place = scaled(metric, figure)
    ends = None if None in (place["low"], place["high"]) else (place["low"], place["high"])
    return sketch.stand(grounds[metric], place["at"], ends, on_scale(metric, means.get(metric, {}).get("value")))


def _weeks_drawn(report: Report, metric: str, weeks: list[tuple[str, str]]) -> Markup:
    figures = [report.resolve(path) for _, path in weeks]
    if len(figures) < 2:
        return Markup()
    points = [(figure["value"], figure.get("low"), figure.get("high")) for figure in figures]
    return sketch.weeks_picture(points, f"{words.label(metric)}, week by week")


def _slices(brand: Tree, index: int) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """(name, pointer) of a brand's networks, and of its roles where it has several; and the metrics that any of them has."""
    cuts = [(words.network(key), "networks", key) for key in brand["networks"]]
    if len(brand["roles"]) > 1:
        cuts += [(f"{words.name(key, 20).capitalize()} handle", "roles", key) for key in brand["roles"]]
    if len(cuts) < 2:
        return (), ()
    metrics = [
        metric
        for metric in ("expectation_score", "answered_within_24h", "median_latency_s", "answered_median_s", "inbound_count")
        if any(sections.is_known(brand[part][key]["metrics"].get(metric)) for _, part, key in cuts)
    ]
    if "answered_within_24h" in metrics and "answered_median_s" in metrics:
        metrics.remove("answered_median_s")
    return tuple((called, pointer("brands", index, part, key, "metrics")) for called, part, key in cuts), tuple(metrics)


def _glossary(report: Report) -> list[tuple[str, str, str]]:
    """The words of the page and the measures that it prints, each in a sentence; of a measure's also the pointer to it."""
    printed = dict.fromkeys([*metric_columns(report), *profile.SCORECARD])
    seen = {metric for brand in report.tree["brands"] for metric in [*brand["metrics"], *brand["variants"].get("staffed", {})]}
    measures = {words.label(metric): metric for metric in [*printed, *sorted(seen)] if metric in seen and defined(report, metric)}
    terms = [(term, said, "") for term, said in TERMS.items()]
    return [*terms, *((name, defined(report, key), pointer("definitions", key)) for name, key in measures.items())]
