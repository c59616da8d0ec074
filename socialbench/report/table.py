"""The ranking as a table: which columns this report has, for every format that prints one."""

from __future__ import annotations

from collections.abc import Sequence

from socialbench.report import words
from socialbench.report.tree import Report, Tree

_CANDIDATES = (
    "answered_within_24h",
    "median_latency_s",
    "p90_latency_s",
    "handoff_rate",
    "answered_count",
    "inbound_count",
)
_ALWAYS = ("inbound_count",)
_ANSWERED_ONLY = ("answered_count",)


def metric_columns(report: Report) -> list[str]:
    """The metrics beside a rank: that which ranks first, then those that any brand has a figure of.

    Plain counts of answers stand only where no rate can.
    """
    ranked_by = report.tree["ranked_by"]
    brands = report.tree["brands"]
    names = [name for name in _CANDIDATES if name != ranked_by and (name in _ALWAYS or _known(brands, name))]
    if "answered_within_24h" in names:
        names = [name for name in names if name not in _ANSWERED_ONLY]
    return [ranked_by, *names]


def _known(brands: Sequence[Tree], metric: str) -> bool:
    figures = [brand["metrics"].get(metric, {}) for brand in brands]
    return any(figure.get("value") is not None or figure.get("reached") is False for figure in figures)


def heads(report: Report) -> list[str]:
    """What must be said above any table of this report: SIMULATED, PROVISIONAL, and by what it is ranked if unusual."""
    tree, lines = report.tree, []
    if tree["simulated"]:
        lines.append("SIMULATED: these brands and messages are invented by the demo.")
    if tree["provisional"]:
        lines.append("PROVISIONAL: not every ranked brand has been watched to the period's end plus the follow-up.")
    if tree["ranked_by"] == "answered_median_s":
        lines.append("Ranked on answered_median_s: the sources hold answered messages alone, so no rate can be given.")
    elif tree["ranked_by"] != tree["score"]["name"]:
        lines.append(f"Ranked on {tree['ranked_by']}.")
    return lines


def title(report: Report) -> str:
    """Benchmark and period in one line."""
    period = report.tree["period"]
    return f"{words.name(report.tree['benchmark'], 100)}, {words.period(period)} ({period['timezone']})"


def summary(report: Report) -> str:
    """How many brands and messages, and up to when they were read."""
    totals = report.tree["totals"]
    brands = f"{totals['ranked']} of {totals['brands']} brands ranked"
    return (
        f"{brands} · {words.number(totals['inbound_count'])} inbound messages · read until {words.moment(report.tree['cut_off'])}"
    )


def rules(report: Report) -> str:
    """The rules of the run in one line, with the hash that names them."""
    tree = report.tree
    asked = f"preset {tree['preset']}, unit {tree['unit']}, population {tree['population']}, answers {tree['answers']}"
    program = f"config {tree['config_hash'][:12]}, socialbench {tree['version']}"
    return f"{asked}, follow-up {words.duration(tree['follow_up_s'])}; {program}"
