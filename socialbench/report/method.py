"""What a reader must know to believe a figure: rules, cut-offs, what was left out, what was really read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from socialbench.report import words
from socialbench.report.tree import Report, Tree, pointer

TOP_ON_NETWORK = 10
_NETWORK_METRICS = ("expectation_score", "answered_within_24h", "median_latency_s", "answered_median_s", "inbound_count")
_LEFT_OUT = {
    "negative": "answers dated before the message (their time is unknown)",
    "repeated": "repeated rows",
    "unlinked": "replies of brands whose parent is absent",
    "context": "messages fetched only because another points at them",
    "excluded": "messages excluded by the config",
    "gap": "messages in a gap of what was read",
    "unripe": "messages not yet watched for the whole follow-up",
    "automated": "automatic replies",
}
_UNITS = {
    "episode": "messages of one author to one brand in one thread; the score and the ranking count openers alone",
    "message": "each inbound message by itself",
    "opener": "first messages of threads",
    "silence": "an author's messages from one that follows 24 h without a word of either side",
}
_POPULATIONS = {
    "needs-response": "those that need a response",
    "all": "all inbound messages, needing a response or not",
    "questions": "those that ask a question",
}
_ANSWERS = {
    "human": "the first reply of the brand that is not automatic",
    "any": "the first reply of the brand, automatic ones too",
    "substantive": "the first reply of the brand that answers: no hand-off, no mere acknowledgement",
}


@dataclass(frozen=True, slots=True)
class MethodRow:
    """One line of the method page; `pointer` where its number stands in the JSON, '' for words alone."""

    label: str
    text: str
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class NetworkRow:
    """A brand on one network, with its place in `/brands`."""

    index: int
    brand: Tree
    figures: Tree


def method_rows(report: Report) -> Iterator[MethodRow]:
    """The rules of the run, in words."""
    tree = report.tree
    yield MethodRow(
        "Period", f"{words.moment(tree['period']['since'])} to {words.moment(tree['period']['until'])}, until exclusive"
    )
    yield MethodRow("Time zone", tree["period"]["timezone"])
    yield MethodRow("Read until", words.moment(tree["cut_off"]))
    yield MethodRow("Follow-up", words.duration(tree["follow_up_s"]), "/follow_up_s")
    yield MethodRow("Unit", f"{tree['unit']}: {_UNITS.get(tree['unit'], '')}")
    yield MethodRow("Population", f"{tree['population']}: {_POPULATIONS.get(tree['population'], '')}")
    yield MethodRow("Answer", f"{tree['answers']}: {_ANSWERS.get(tree['answers'], '')}")
    yield MethodRow("Preset", tree["preset"])
    yield MethodRow("Ranked by", f"{words.label(tree['ranked_by'])} ({tree['ranked_by']})")
    if tree["score"]["profile"]:
        yield MethodRow("Score profile", words.name(tree["score"]["profile"]), "/score/profile")
    if tree["score"]["source"]:
        yield MethodRow("Survey behind it", words.name(tree["score"]["source"]), "/score/source")
    for note in tree["notes"]:
        yield MethodRow("Note", words.name(note))
    yield from _left_out(report)
    for rule, versions in tree["rule_versions"].items():
        yield MethodRow(f"Rule version, {rule.replace('_', ' ')}", ", ".join(map(str, versions)))
    yield MethodRow("Config", tree["config_hash"])
    yield MethodRow("Program", f"socialbench {tree['version']}")


def _left_out(report: Report) -> Iterator[MethodRow]:
    tree = report.tree
    for reason, count in tree["exclusions"].items():
        yield MethodRow(f"Excluded: {reason}", words.number(count), pointer("exclusions", reason))
    if tree["not_in_config"]:
        yield MethodRow("Not in the config", words.number(tree["not_in_config"]), "/not_in_config")
    if tree["unattributed"]:
        yield MethodRow("To no brand", words.number(tree["unattributed"]), "/unattributed")


def left_out_reasons(report: Report) -> dict[str, str]:
    """The reasons for which any brand has messages left out or told apart, with what each means."""
    return {
        reason: meaning
        for reason, meaning in _LEFT_OUT.items()
        if any(brand["left_out"][reason] for brand in report.tree["brands"])
    }


def network_tables(report: Report) -> Iterator[tuple[str, list[str], list[NetworkRow]]]:
    """Per network its metrics and the ten brands with the highest score there (the shortest time, where none has one).

    Without places: no rank set is known within a network.
    """
    brands = list(enumerate(report.tree["brands"]))
    for network in sorted({network for _, brand in brands for network in brand["networks"]}):
        rows = [
            NetworkRow(i, brand, brand["networks"][network]["metrics"]) for i, brand in brands if network in brand["networks"]
        ]
        metrics = [metric for metric in _NETWORK_METRICS if any(_value(row, metric) is not None for row in rows)]
        if "answered_within_24h" in metrics and "answered_median_s" in metrics:
            metrics.remove("answered_median_s")
        if metrics:
            yield network, metrics, sorted(rows, key=_order)[:TOP_ON_NETWORK]


def _order(row: NetworkRow) -> tuple[bool, float, bool, float, str]:
    score, time = _value(row, "expectation_score"), _value(row, "answered_median_s")
    return score is None, -(score or 0.0), time is None, time or 0.0, row.brand["name"]


def _value(row: NetworkRow, metric: str) -> float | None:
    value: float | None = row.figures.get(metric, {}).get("value")
    return value


def coverage_rows(report: Report) -> Iterator[tuple[str, ...]]:
    """What was really read: brand, network and origin, account, stream, intervals, gaps, note."""
    for row in report.tree["coverage"]:
        place = f"{row['network']} {row['origin']}".strip()
        read = "; ".join(f"{words.moment(since)} to {words.moment(until)}" for since, until in row["intervals"])
        gaps = "; ".join(f"{words.moment(since)} to {words.moment(until)}: {reason}" for since, until, reason in row["gaps"])
        note = "; ".join(part for part in ("end assumed" if row["assumed"] else "", row["note"] or "") if part)
        yield row["brand"], place, row["account"], row["stream"], read or "nothing", gaps, note
