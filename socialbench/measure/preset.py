"""Presets: named sets of definitions, one YAML file each in `presets/`."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from socialbench.config import parse_duration
from socialbench.errors import UsageError
from socialbench.measure.metrics import registry
from socialbench.measure.plan import COMPOSITE, NO_HORIZON_S, Badge, GateRule, Limit, Part, Plan, Preset, Stretch

FOLDER = Path(__file__).parent / "presets"
STATED = (
    "summary",
    "unit",
    "population",
    "answers",
    "clock",
    "horizon",
    "time",
    "rank_by",
    "direction",
    "gate",
    "badge",
    "missing_network",
    "source",
    "guesses",
)
"""What every preset states."""
FURTHER = {
    "replies_naming": "any",
    "handles": "all",
    "stretch": "none",
    "shows": (),
    "split": "none",
    "composite": (),
    "lacking": (),
}
"""What it may state, and what holds where it does not."""
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "unit": ("episode", "message", "opener", "silence"),
    "population": ("needs-response", "all", "questions"),
    "answers": ("human", "any", "substantive"),
    "clock": ("calendar", "staffed"),
    "direction": ("high", "low"),
    "missing_network": ("leaves", "zero", "unranked"),
    "replies_naming": ("any", "one"),
    "handles": ("all", "support-first"),
    "split": ("none", "role"),
}
_LIMIT = re.compile(r"(>=|<=) (\d+(?:\.\d+)?)")


def preset_names() -> list[str]:
    """The presets there are."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def load_preset(name: str) -> Preset:
    """A preset by its name. Raises UsageError for one that does not exist."""
    names = preset_names()
    if name not in names:
        near = difflib.get_close_matches(name.casefold(), names, 1, 0.5)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise UsageError(f"preset {name!r} is not known{hint}; there are: {', '.join(names)}")
    return read_preset(FOLDER / f"{name}.yaml")


def read_preset(path: Path) -> Preset:
    """The preset that a file states. Raises UsageError where it leaves out an item, or states one that is not known."""
    import yaml

    tree: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    missing, unknown = [key for key in STATED if key not in tree], sorted(set(tree) - {*STATED, *FURTHER})
    if missing or unknown:
        raise UsageError(f"{path}: states no {', '.join(missing)}" if missing else f"{path}: unknown: {', '.join(unknown)}")
    full: dict[str, Any] = {**FURTHER, **tree}
    for key, choices in _CHOICES.items():
        if full[key] not in choices:
            raise UsageError(f"{path}: {key} must be {' or '.join(choices)}, not {full[key]!r}")
    return Preset(
        name=path.stem,
        unit=full["unit"],
        population=full["population"],
        answers=full["answers"],
        horizon_s=NO_HORIZON_S if full["horizon"] == "none" else float(parse_duration(full["horizon"])),
        units=int(full["gate"]["units"]),
        authors=int(full["gate"]["authors"]),
        plan=_plan(full),
        sole=full["replies_naming"] == "one",
        summary=full["summary"],
        source=full["source"],
        guesses=full["guesses"],
        tree=tree,
    )


def _plan(tree: Mapping[str, Any]) -> Plan:
    return Plan(
        rank_by=_metric(tree["rank_by"]),
        high=tree["direction"] == "high",
        composite=tuple(_part(part) for part in tree["composite"]),
        lacking=tuple(tree["lacking"]),
        gate=GateRule(tree["gate"]["of"], tree["gate"]["coverage"] == "complete"),
        badge=_badge(tree["badge"]),
        stretch=None if tree["stretch"] == "none" else Stretch(tree["stretch"]["days"], tree["stretch"]["units"]),
        times=tuple(_metric(name) for name in tree["time"]),
        shows=tuple(_metric(name) for name in tree["shows"]),
        by_role=tree["split"] == "role",
        handles=tree["handles"],
        clock=tree["clock"],
        missing=tree["missing_network"],
    )


def _part(tree: Mapping[str, Any]) -> Part:
    return Part(float(tree["weight"]), tuple(_metric(name) for name in tree["kpis"]), tree.get("network"))


def _badge(tree: Any) -> Badge | None:
    if tree == "none":
        return None
    limits = []
    for name, text in tree["needs"].items():
        found = _LIMIT.fullmatch(text)
        if found is None:
            raise UsageError(f"a badge asks {name} for '>= number' or '<= number', not {text!r}")
        limits.append(Limit(_metric(name), float(found[2]), found[1] == ">="))
    return Badge(tuple(limits), None if tree["over"] == "quarter" else round(parse_duration(tree["over"]) / 86_400))


def composite_plan(rank_by: str | Mapping[str, float]) -> Plan:
    """The plan of a config's own `rank_by`: a metric, or metrics with their weights. Raises UsageError."""
    if isinstance(rank_by, str):
        return Plan(rank_by=_ranking(rank_by), high=registry()[rank_by].better == "high")
    parts = tuple(Part(float(weight), (_ranking(name),)) for name, weight in rank_by.items())
    return Plan(rank_by=COMPOSITE, composite=parts)


def _ranking(name: str) -> str:
    metric = registry()[_metric(name)]
    if metric.better == "none" or metric.given == "staffed" or name == COMPOSITE:
        raise UsageError(f"rank_by: {name} cannot be ranked by: more of it is neither better nor worse, or it is no brand's own")
    return name


def _metric(name: str) -> str:
    if name not in registry():
        near = difflib.get_close_matches(str(name).casefold(), list(registry()), 1, 0.6)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise UsageError(f"rank_by: there is no metric {name!r}{hint}; `socialbench list metrics`")
    return name


def notes_of(preset: Preset) -> Sequence[str]:
    """What a report says of the preset that it was made by."""
    plan = preset.plan
    said = [f"preset {preset.name}: {preset.summary}", f"preset's source: {preset.source}", f"preset's guesses: {preset.guesses}"]
    said.append(f"preset's time statistic: {', '.join(plan.times)}, {plan.clock} time; horizon: {preset.tree['horizon']}")
    if plan.composite:
        said.append("composite of percentiles: " + parts_text(plan.composite))
    if plan.lacking:
        said.append(f"missing here: {', '.join(plan.lacking)}")
    return said


def parts_text(parts: Sequence[Part]) -> str:
    """The parts of a composite with their weights, as a sentence.

    >>> parts_text([Part(40, ("response_rate", "turns"), "x"), Part(1, ("response_rate",))])
    'x 40 (response_rate, turns); response_rate 1'
    """
    return "; ".join(
        f"{part.network} {part.weight:g} ({', '.join(part.metrics)})" if part.network else f"{part.metrics[0]} {part.weight:g}"
        for part in parts
    )
