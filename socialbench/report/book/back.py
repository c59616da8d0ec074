"""The last pages: rules, what was left out, what was really read, and what the words mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from socialbench.report import words
from socialbench.report.book.printing import all_brands, name, plain, row, text
from socialbench.report.glossary import TERMS, defined
from socialbench.report.method import left_out_reasons, method_rows
from socialbench.report.tree import Report, Tree

GAPS_TOLD = 4
Strip = dict[str, Any]


def method(report: Report) -> list[list[str]]:
    """The rules of the run, in words."""
    return [[text(line.label, 60), text(line.text)] for line in method_rows(report)]


def left_out(report: Report, hues: Mapping[str, str]) -> dict[str, Any] | None:
    """Messages left out or told apart, by reason and brand; None where there are none."""
    reasons = left_out_reasons(report)
    if not reasons:
        return None
    return {
        "heads": [reason.capitalize() for reason in reasons],
        "meanings": [[reason.capitalize(), meaning] for reason, meaning in reasons.items()],
        "rows": [
            row(index, brand, [plain(words.number(brand["left_out"][reason])) for reason in reasons], hues)
            for index, brand in all_brands(report)
        ],
    }


def coverage(report: Report) -> list[dict[str, Any]]:
    """What was really read of each account: a strip per listing, those alike together, and its gaps in words."""
    accounts: dict[tuple[str, ...], list[Tree]] = {}
    for line in report.tree["coverage"]:
        accounts.setdefault((line["brand"], line["network"], line["origin"], line["account"]), []).append(line)
    return [
        {
            "name": name(brand),
            "place": text(f"{words.network(network)} {origin}".strip(), 60),
            "account": text(account, 60),
            "strips": _strips(lines, report.tree["period"]),
            "notes": _notes(lines),
        }
        for (brand, network, origin, account), lines in accounts.items()
    ]


def _strips(lines: Sequence[Tree], period: Tree) -> list[Strip]:
    strips: dict[str, Strip] = {}
    for line in lines:
        read = _spans(((since, until) for since, until in line["intervals"]), period)
        gaps = _spans(((since, until) for since, until, _ in line["gaps"]), period)
        strips.setdefault(repr((read, gaps)), {"read": read, "gaps": gaps, "streams": []})["streams"].append(line["stream"])
    return [strip | {"streams": text(", ".join(dict.fromkeys(strip["streams"])), 60)} for strip in strips.values()]


def _spans(spans: Iterable[tuple[str | None, str | None]], period: Tree) -> list[list[float]]:
    """Where the spans lie within the period, 0 to 1; those outside of it are left out."""
    if not period["since"] or not period["until"]:
        return []
    start = datetime.fromisoformat(period["since"])
    whole = max(1.0, (datetime.fromisoformat(period["until"]) - start).total_seconds())

    def place(moment: str | None, otherwise: float) -> float:
        if moment is None:
            return otherwise
        return round(min(1.0, max(0.0, (datetime.fromisoformat(moment) - start).total_seconds() / whole)), 4)

    placed = [[place(since, 0.0), place(until, 1.0)] for since, until in spans]
    return [span for span in placed if span[1] > span[0]]


def _notes(lines: Sequence[Tree]) -> list[str]:
    gaps = [
        f"{words.moment(since)} to {words.moment(until)}: {reason}" for line in lines for since, until, reason in line["gaps"]
    ]
    told = list(dict.fromkeys(gaps))
    more = [f"and {len(told) - GAPS_TOLD} more gaps"] if len(told) > GAPS_TOLD else []
    unread = sorted({line["stream"] for line in lines if not line["intervals"]})
    notes = [f"nothing read of {', '.join(unread)}"] if unread else []
    if any(line["assumed"] for line in lines):
        notes.append("end assumed from the newest row")
    notes += dict.fromkeys(line["note"] for line in lines if line["note"])
    return [text(note, 300) for note in (*told[:GAPS_TOLD], *more, *notes)]


def glossary(report: Report) -> list[list[str]]:
    """The words of this report, and each measure that it prints, by the alphabet."""
    metrics = {metric for brand in report.tree["brands"] for metric in brand["metrics"]}
    measures = {words.label(metric): text(meaning) for metric in metrics if (meaning := defined(report, metric))}
    return [[term, meaning] for term, meaning in sorted((TERMS | measures).items(), key=lambda one: one[0].lower())]
