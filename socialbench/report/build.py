"""Figures in, one immutable Report out. No markup, no printing: the JSON of design/report.md and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from socialbench.measure.result import BrandResult, Rank, RunResult, Slice
from socialbench.report.figures import curve_rows, figures_tree
from socialbench.report.findings import find_findings
from socialbench.report.sectors import sector_trees
from socialbench.report.tree import SCHEMA_VERSION, Report, freeze

MARKS = ("looks_automatic", "depends_on_classification", "mix_dependent", "answered_only")
SLICES = ("networks", "roles", "kinds", "topics", "weeks")
LEFT_OUT = ("negative", "repeated", "unlinked", "context", "excluded", "gap", "unripe", "automated")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ScoreText:
    """The score's name, the profiles that weigh it, and the survey behind them, as sentences to print."""

    name: str = "expectation_score"
    profile: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What a run was asked, and what was read for it; everything in a report that is not a figure.

    `coverage` rows: brand, network, origin, account, stream, intervals [(since_at, until_at)], gaps
    [(since_at, until_at, reason)], assumed, note; moments in UTC ms. `exclusions`: reason -> messages;
    `rule_versions`: rule -> versions met in the store. `period_label` names the folder of the outputs.
    `definitions`: what each measure means, in a sentence, as its registry has it.
    """

    benchmark: str
    timezone: str
    config_hash: str
    version: str
    preset: str = "default"
    unit: str = "episode"
    population: str = "needs-response"
    answers: str = "human"
    follow_up_s: int = 7 * 86_400
    score: ScoreText = ScoreText()
    period_label: str = "all"
    coverage: Sequence[Mapping[str, Any]] = ()
    not_in_config: int = 0
    unattributed: int = 0
    simulated: bool = False
    rule_versions: Mapping[str, Sequence[int]] = field(default_factory=dict)
    exclusions: Mapping[str, int] = field(default_factory=dict)
    definitions: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()


def build_report(run: RunResult, context: Context, top: int | None = None) -> Report:
    """Build the Report of a run: every number rounded once, every brand of the config listed, ranked or not."""
    zone = ZoneInfo(context.timezone)
    brands = [_brand_tree(brand, run.ranks.get(brand.name), run.ranked_by, zone) for brand in run.brands]
    tree: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "simulated": context.simulated,
        "provisional": run.provisional,
        "benchmark": context.benchmark,
        "version": context.version,
        "config_hash": context.config_hash,
        "period": {
            "since": iso_moment(run.since_at, zone),
            "until": iso_moment(run.until_at, zone),
            "timezone": context.timezone,
        },
        "cut_off": iso_moment(run.cut_off, zone),
        "follow_up_s": context.follow_up_s,
        "preset": context.preset,
        "unit": context.unit,
        "population": context.population,
        "answers": context.answers,
        "score": {"name": context.score.name, "profile": context.score.profile, "source": context.score.source},
        "ranked_by": run.ranked_by,
        "totals": _totals(brands),
        "brands": brands,
        "not_in_config": context.not_in_config,
        "unattributed": context.unattributed,
        "sectors": sector_trees(run, brands),
        "coverage": [_coverage_tree(row, zone) for row in context.coverage],
        "rule_versions": {rule: list(context.rule_versions[rule]) for rule in sorted(context.rule_versions)},
        "exclusions": {reason: context.exclusions[reason] for reason in sorted(context.exclusions)},
        "notes": [*run.notes, *context.notes],
    }
    tree["definitions"] = _definitions(tree, context.definitions)
    tree["findings"] = find_findings(tree, run.claims)
    return Report(freeze(_encodable(tree)), top)


def iso_moment(at: int | None, zone: ZoneInfo) -> str | None:
    """Write a moment (UTC ms) in the report's zone, to the second, or to the millisecond where it has any."""
    if at is None:
        return None
    return (EPOCH + timedelta(milliseconds=at)).astimezone(zone).isoformat(timespec="milliseconds" if at % 1000 else "seconds")


def _brand_tree(brand: BrandResult, rank: Rank | None, ranked_by: str, zone: ZoneInfo) -> dict[str, Any]:
    reason = None if rank else brand.gate.reason or f"has no {ranked_by}"
    return {
        "name": brand.name,
        "sector": brand.sector,
        "rank": _rank_tree(rank) if rank else None,
        "not_ranked_because": reason,
        "provisional": brand.provisional,
        "gate": {"matured": brand.gate.matured, "authors": brand.gate.authors},
        "marks": {mark: bool(brand.marks.get(mark, False)) for mark in MARKS},
        "authors_known": brand.authors_known,
        "observed_until": iso_moment(brand.observed_until, zone),
        "metrics": figures_tree(brand.metrics),
        "variants": {name: figures_tree(brand.variants[name]) for name in sorted(brand.variants)},
        "networks": _slices(brand.networks),
        "roles": _slices(brand.roles),
        "kinds": _slices(brand.kinds),
        "topics": _slices(brand.topics),
        "weeks": _slices(brand.weeks),
        "hours": [int(count) for count in brand.hours],
        "curve": curve_rows(brand.curve),
        "left_out": {reason: int(getattr(brand.left_out, reason)) for reason in LEFT_OUT},
        "link_methods": {method: int(brand.link_methods[method]) for method in sorted(brand.link_methods)},
        "notes": list(brand.notes),
        "badge": None if brand.award is None else {"earned": brand.award.earned, "why": brand.award.why},
    }


def _rank_tree(rank: Rank) -> dict[str, Any]:
    return {
        "value": rank.value,
        "low": rank.low,
        "high": rank.high,
        "label": rank.label,
        "tier": rank.tier,
        "move": rank.move,
        "separated_from": list(rank.separated_from),
    }


def _slices(slices: Mapping[str, Slice]) -> dict[str, Any]:
    return {name: {"metrics": figures_tree(slices[name].metrics)} for name in sorted(slices)}


def _coverage_tree(row: Mapping[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    return {
        "brand": row["brand"],
        "network": row["network"],
        "origin": row["origin"],
        "account": row["account"],
        "stream": row["stream"],
        "intervals": [[iso_moment(since, zone), iso_moment(until, zone)] for since, until in row["intervals"]],
        "gaps": [[iso_moment(since, zone), iso_moment(until, zone), reason] for since, until, reason in row["gaps"]],
        "assumed": bool(row["assumed"]),
        "note": row["note"],
    }


def _definitions(tree: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, str]:
    """The meanings of the measures of which this report has figures, so that its JSON can be read alone."""
    figures = [brand["metrics"] for brand in tree["brands"]] + [sector["metrics"] for sector in tree["sectors"]]
    for brand in tree["brands"]:
        figures += brand["variants"].values()
        figures += (cut["metrics"] for part in SLICES for cut in brand[part].values())
    seen = sorted({metric for each in figures for metric in each if metric in known})
    return {metric: known[metric].replace("`", "") for metric in seen}


def _totals(brands: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    inbound = (brand["metrics"].get("inbound_count", {}).get("value") or 0 for brand in brands)
    return {
        "brands": len(brands),
        "ranked": sum(brand["rank"] is not None for brand in brands),
        "inbound_count": sum(inbound),
        "networks": len({network for brand in brands for network in brand["networks"]}),
    }


def _encodable(node: Any) -> Any:
    """Replace lone surrogates: a name that no encoding can write must not stop a report."""
    if isinstance(node, str):
        return node.encode("utf-8", "replace").decode()
    if isinstance(node, dict):
        return {_encodable(key): _encodable(value) for key, value in node.items()}
    return [_encodable(item) for item in node] if isinstance(node, list) else node
