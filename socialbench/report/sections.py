"""What stands between the ranking and the profiles: tables of figures by their pointers, without a word of markup.

Each section is left out where the report has nothing for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from socialbench.report import words
from socialbench.report.figures import Unit, unit_of
from socialbench.report.method import TOP_ON_NETWORK, network_tables
from socialbench.report.tree import Report, Tree, pointer

FEWEST_IN_SECTOR = 5
BEST = 3
WEEKS_ACROSS = 6
KEYS_ACROSS = 6
_DAY = "answered_within_24h"
_LEADING = (
    "expectation_score",
    "answered_within_30m",
    "answered_within_2h",
    _DAY,
    "response_rate",
    "median_latency_s",
    "p90_latency_s",
    "restricted_mean_s",
)
_CARD = ("expectation_score", "answered_within_2h", _DAY, "median_latency_s", "response_rate")
_REPLIES = ("handoff_rate", "automated_rate", "service_share", "response_index", "turns", "settled_by_one_share")
_HANDLES = ("inbound_count", _DAY, "median_latency_s")
_STAFFED = ("staffed_latency_s", "staffed_within_1h", "staffed_within_8h", "answered_off_hours_share")
_READ_ANEW = ("expectation_score", _DAY, "median_latency_s")
_READINGS = {
    "answers=any": "If automatic replies count as answers",
    "answers=human": "If only replies that are not automatic count",
    "answers=substantive": "If only answers of substance count",
    "population=all": "If every inbound message counts, needing a response or not",
    "population=questions": "If questions alone count",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of the JSON; `path` '' where there is none. `counted`: its n stands with it."""

    metric: str
    path: str = ""
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head: words of ours, or (with a `path`) the last part of a pointer, a name that somebody gave."""

    text: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A brand, with its place in `/brands`, and its figures."""

    index: int
    brand: Tree
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Brands downwards, figures across."""

    title: str
    lede: str
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A sector with five ranked brands or more: `index` in `/sectors`, its best brands, the metrics that it has."""

    index: int
    sector: Tree
    count: int
    best: tuple[tuple[int, Tree], ...]
    metrics: tuple[str, ...]


def industries(report: Report) -> list[Card]:
    """A card per sector with five ranked brands or more, by name."""
    ranked = Report(report.tree).ranked
    cards = []
    for index, sector in enumerate(report.tree["sectors"]):
        members = [row for row in ranked if row[1]["sector"] == sector["name"]]
        if len(members) >= FEWEST_IN_SECTOR:
            metrics = tuple(metric for metric in _CARD if is_known(sector["metrics"].get(metric)))
            cards.append(Card(index, sector, len(members), tuple(members[:BEST]), metrics))
    return cards


def networks(report: Report) -> Iterator[Table]:
    """Per network the ten brands with the highest scores there."""
    for network, metrics, rows in network_tables(report):
        at = [(metric, ("networks", network, "metrics")) for metric in metrics]
        heads = tuple(Head(words.label(metric)) for metric in metrics)
        yield Table(words.network(network), "", heads, tuple(_row(row.index, row.brand, at) for row in rows))


def leaders(report: Report) -> list[tuple[str, list[tuple[int, Tree]]]]:
    """Per metric the ranked brands with the three best figures; no test was made between them."""
    made = []
    for metric in _LEADING:
        known = [row for row in Report(report.tree).ranked if row[1]["metrics"].get(metric, {}).get("value") is not None]
        known.sort(key=lambda row: (_badness(metric, row[1]), row[1]["name"], row[0]))
        if len(known) > 1:
            made.append((metric, known[:BEST]))
    return made


def _badness(metric: str, brand: Tree) -> float:
    value = float(brand["metrics"][metric]["value"])
    return value if unit_of(metric) is Unit.SECONDS else -value


def asked(report: Report) -> Iterator[Table]:
    """How each kind and each topic is answered, brand by brand, and how far unanswered complaints reach."""
    yield from _matrix(report, "kinds", "Kinds of messages")
    yield from _matrix(report, "topics", "Topics")
    reach = [metric for metric in ("unanswered_reach", "unanswered_reach_median") if _some(report, metric)]
    if reach:
        at = [(metric, ("metrics",)) for metric in reach]
        rows = [(index, brand) for index, brand in all_brands(report) if brand["metrics"].get(reach[0], {}).get("value")]
        rows.sort(key=lambda row: (-row[1]["metrics"][reach[0]]["value"], row[1]["name"], row[0]))
        lede = "Followers of the authors whose messages had no answer after a day, each author once; the ten largest."
        heads = tuple(Head(words.label(metric)) for metric in reach)
        yield Table("Unanswered, by reach", lede, heads, tuple(_row(*row, at) for row in rows[:TOP_ON_NETWORK]))


def _matrix(report: Report, part: str, title: str) -> Iterator[Table]:
    """Brands by kinds or topics, the frequent ones first, a few at a time."""
    seen: dict[str, float] = {}
    first: dict[str, int] = {}
    for index, brand in enumerate(report.tree["brands"]):
        for key, cut in brand[part].items():
            seen[key] = seen.get(key, 0) + (cut["metrics"].get("inbound_count", {}).get("value") or 0)
            first.setdefault(key, index)
    rows = [row for row in all_brands(report) if row[1][part]]
    told = {key for key in seen if any(is_known(found(brand, (part, key, "metrics"), _DAY)) for _, brand in rows)}
    keys = sorted(told, key=lambda key: (-seen[key], key))
    lede = "Answered within a day, with the interval and what entered the figure, wherever enough did. "
    lede += "The most frequent stand first."
    for start in range(0, len(keys), KEYS_ACROSS):
        shown = keys[start : start + KEYS_ACROSS]
        at = [(_DAY, (part, key, "metrics")) for key in shown]
        heads = tuple(Head(key, pointer("brands", first[key], part, key)) for key in shown)
        yield Table(title + (", continued" if start else ""), lede, heads, tuple(_row(*row, at, counted=True) for row in rows))


def handles(report: Report) -> Iterator[Table]:
    """Help handle against brand handle, and calendar time against the hours that somebody sat at the desk."""
    both = [row for row in all_brands(report) if {"brand", "support"} <= set(row[1]["roles"])]
    if both:
        metrics = [m for m in _HANDLES if any(is_known(found(b, ("roles", "support", "metrics"), m)) for _, b in both)]
        at = [(m, ("roles", role, "metrics")) for m in metrics for role in ("brand", "support")]
        heads = tuple(Head(f"{words.label(m)}, {role}") for m in metrics for role in ("brand handle", "help handle"))
        lede = "Brands that have both; each message counts for the handle that it was addressed to."
        yield Table("Help handle against brand handle", lede, heads, tuple(_row(*row, at) for row in both))
    desk = [row for row in all_brands(report) if row[1]["variants"].get("staffed")]
    own = [m for m in _STAFFED if any(is_known(found(brand, ("variants", "staffed"), m)) for _, brand in desk)]
    if own:
        columns: list[tuple[str, tuple[str, ...]]] = [("median_latency_s", ("metrics",))]
        columns += [(metric, ("variants", "staffed")) for metric in own]
        heads = (Head("Median time, by the calendar"), *(Head(words.label(metric)) for metric in own))
        lede = "Brands that state their hours: the same waits by the calendar, and counted while the desk was staffed."
        yield Table("Calendar against staffed hours", lede, heads, tuple(_row(*row, columns) for row in desk))


def replies(report: Report) -> Iterator[Table]:
    """Hand-offs, automatic answers, and what changes when the same messages are read by another rule."""
    metrics = [metric for metric in _REPLIES if _some(report, metric)]
    if metrics:
        at = [(metric, ("metrics",)) for metric in metrics]
        heads = tuple(Head(words.label(metric)) for metric in metrics)
        lede = "Answers that only send the customer elsewhere, automatic ones, and how much of what a brand says is service."
        yield Table("What the replies are", lede, heads, tuple(_row(*row, at) for row in all_brands(report)))
    for variant, title in _READINGS.items():
        yield from _reading(report, variant, title)


def _reading(report: Report, variant: str, title: str) -> Iterator[Table]:
    rows = [row for row in all_brands(report) if row[1]["variants"].get(variant)]
    metrics = [m for m in _READ_ANEW if any(is_known(found(brand, ("variants", variant), m)) for _, brand in rows)]
    cuts = (("as ranked", ("metrics",)), ("this reading", ("variants", variant)))
    changed = [(index, brand) for index, brand in rows if any(len(_readings(brand, metric, cuts)) > 1 for metric in metrics)]
    if changed:
        at = [(metric, path) for metric in metrics for _, path in cuts]
        heads = tuple(Head(f"{words.label(metric)}, {called}") for metric in metrics for called, _ in cuts)
        same = len(rows) - len(changed)
        left = f" Brands whose figures stay as they are are left out: {words.number(same)}." if same else ""
        yield Table(title, f"The same messages, read another way.{left}", heads, tuple(_row(*row, at) for row in changed))


def _readings(brand: Tree, metric: str, cuts: Sequence[tuple[str, tuple[str, ...]]]) -> set[str]:
    """How a figure is printed under each reading, each once."""
    return {words.figure(metric, found(brand, path, metric)) for _, path in cuts}


def moved(report: Report) -> list[tuple[int, Tree]]:
    """Brands whose place moved where both rank sets are disjoint, the furthest up first."""
    rows = [row for row in Report(report.tree).ranked if row[1]["rank"]["move"]]
    return sorted(rows, key=lambda row: (-row[1]["rank"]["move"], row[1]["rank"]["value"], row[1]["name"], row[0]))


def weekly(report: Report) -> Table | None:
    """The share answered week by week: the latest weeks, all brands that have any; None with fewer than two weeks."""
    metric = weekly_metric(report.tree["brands"])
    rows = [row for row in all_brands(report) if any(is_known(cut["metrics"].get(metric)) for cut in row[1]["weeks"].values())]
    first = {week: index for index, brand in reversed(rows) for week in brand["weeks"]}
    weeks = sorted(first)[-WEEKS_ACROSS:]
    if len(weeks) < 2:
        return None
    at = [(metric, ("weeks", week, "metrics")) for week in weeks]
    heads = tuple(Head(week, pointer("brands", first[week], "weeks", week)) for week in weeks)
    lede = f"{words.label(metric)}, by the week in which the customer wrote."
    return Table("Week by week", lede, heads, tuple(_row(*row, at) for row in rows))


def weekly_metric(brands: Sequence[Tree]) -> str:
    """The share that most weeks have: within a day, or within the follow-up."""

    def known(metric: str) -> int:
        return sum(is_known(cut["metrics"].get(metric)) for brand in brands for cut in brand["weeks"].values())

    return max((_DAY, "response_rate"), key=known)


def all_brands(report: Report) -> list[tuple[int, Tree]]:
    """The ranked brands by their places, then the others in the config's order."""
    whole = Report(report.tree)
    return [*whole.ranked, *whole.unranked]


def found(brand: Tree, path: Sequence[str], metric: str) -> Tree | None:
    """A figure below a brand, None where there is none."""
    node: Tree = brand
    for key in path:
        node = node.get(key, {})
    figure: Tree | None = node.get(metric)
    return figure


def is_known(figure: Mapping[str, object] | None) -> bool:
    """Whether a figure has something to print: a value, or that its time was not reached."""
    return figure is not None and (figure.get("value") is not None or figure.get("reached") is False)


def _some(report: Report, metric: str) -> bool:
    return any(is_known(brand["metrics"].get(metric)) for brand in report.tree["brands"])


def _row(index: int, brand: Tree, at: Sequence[tuple[str, tuple[str, ...]]], counted: bool = False) -> Row:
    """The cells of a row: (metric, path below the brand) each; a figure that is not there leaves its cell empty."""
    cells = [
        Cell(metric, pointer("brands", index, *path, metric), counted) if found(brand, path, metric) is not None else Cell(metric)
        for metric, path in at
    ]
    return Row(index, brand, tuple(cells))
