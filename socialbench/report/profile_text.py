"""One brand's profile as plain text: its place, scorecard, curve, weeks and coverage, for a terminal or a pipe."""

from __future__ import annotations

from collections.abc import Iterator

from socialbench.report import words
from socialbench.report.figures import Unit, unit_of
from socialbench.report.profile import middle, remarks, scorecard, weeks
from socialbench.report.sections import is_known
from socialbench.report.table import heads, rules, title
from socialbench.report.tree import Report, Tree

BAR = 40
SCORE_HEADS = ("measure", "brand", "95 %", "sector mean", "middle of all")
COVERAGE_HEADS = ("network", "account", "listing", "read", "gaps and notes")
_HORIZONS = ("10m", "30m", "1h", "2h", "6h", "12h", "24h", "72h", "7d")
_FULL, _PLAIN = "█", "#"


def head_lines(report: Report, index: int) -> Iterator[str]:
    """Who it is, in which benchmark, its place or why it has none, and what must be known before it is believed."""
    brand = report.tree["brands"][index]
    parts = [words.name(brand["name"]), words.name(brand["sector"]) if brand["sector"] else "", ", ".join(brand["networks"])]
    yield " · ".join(part for part in parts if part)
    yield title(report)
    yield from heads(report)
    yield ""
    rank = brand["rank"]
    if rank is None:
        yield f"Listed, not ranked: {words.name(brand['not_ranked_because'])}"
    else:
        move = f", moved {rank['move']:+d}" if rank["move"] else ""
        yield f"Place {words.place(rank)} of {words.number(report.tree['totals']['ranked'])}{move}"
    for pieces in remarks(report, index):
        yield "".join(piece.text for piece in pieces)


def score_rows(report: Report, index: int) -> list[list[str]]:
    """The scorecard: the brand, its interval, the mean of its sector's ranked brands, the middle of all ranked brands."""
    brand = report.tree["brands"][index]
    means: Tree = next((sector["metrics"] for sector in report.tree["sectors"] if sector["name"] == brand["sector"]), {})
    rows = []
    for metric in scorecard(brand):
        figure = brand["metrics"][metric]
        span, between = words.interval(metric, figure), words.bounds(metric, figure)
        ends = span + (f", bounds {between}" if between else "")
        others = [words.figure(metric, means.get(metric)), words.figure(metric, middle(report, metric))]
        rows.append([words.label(metric), words.figure(metric, figure), ends, *others])
    return rows


def curve_lines(report: Report, index: int, plain: bool) -> Iterator[str]:
    """The share answered after ten minutes, an hour, a day ..., each as a bar."""
    metrics = report.tree["brands"][index]["metrics"]
    shown = [(horizon, f"answered_within_{horizon}") for horizon in _HORIZONS]
    rows = [(words.label(metric).removeprefix("Within "), metrics[metric]) for _, metric in shown if _is_given(metrics, metric)]
    yield from _bars("response_rate", rows, plain)


def week_lines(report: Report, index: int, plain: bool) -> tuple[str, list[str]]:
    """What the weeks are shown by, and a bar per week."""
    metric, found = weeks(report.tree["brands"][index], index)
    return words.label(metric), list(_bars(metric, [(week, report.resolve(path)) for week, path in found], plain))


def coverage_rows(report: Report, index: int) -> list[list[str]]:
    """What was really read of each of the brand's accounts."""
    name = report.tree["brands"][index]["name"]
    rows = []
    for row in report.tree["coverage"]:
        if row["brand"] != name:
            continue
        read = "; ".join(f"{words.moment(since)} to {words.moment(until)}" for since, until in row["intervals"]) or "nothing"
        gaps = [f"{words.moment(since)} to {words.moment(until)}: {reason}" for since, until, reason in row["gaps"]]
        notes = [*gaps, *(["end assumed"] if row["assumed"] else []), *([row["note"]] if row["note"] else [])]
        place = f"{row['network']} {row['origin']}".strip()
        rows.append([place, words.name(row["account"], 40), row["stream"], read, "; ".join(notes)])
    return rows


def foot_line(report: Report) -> str:
    """The rules of the run."""
    return f"Places in brackets: those that a brand could hold; intervals are 95 %. {rules(report)}"


def _is_given(metrics: Tree, metric: str) -> bool:
    return is_known(metrics.get(metric))


def _bars(metric: str, rows: list[tuple[str, Tree]], plain: bool) -> Iterator[str]:
    """A line per figure: its name, a bar of 0 to 100 %, its value and interval."""
    wide = max((len(name) for name, _ in rows), default=0)
    scale = 100.0 if unit_of(metric) is Unit.SCORE else 1.0
    for name, figure in rows:
        filled = round(BAR * min(1.0, max(0.0, (figure["value"] or 0.0) / scale)))
        span = words.interval(metric, figure)
        bar = (_PLAIN if plain else _FULL) * filled + ("." if plain else "·") * (BAR - filled)
        yield f"{name:>{wide}}  {bar}  {words.figure(metric, figure)}{f' ({span})' if span else ''}"
