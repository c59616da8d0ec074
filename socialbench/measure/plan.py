"""What a rule set states beyond what is counted: what it ranks by, whom, over which stretch, and what it awards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

DEFAULT_RANK = "expectation_score"
ANSWERED_RANK = "answered_median_s"
"""What a benchmark is ranked by whose sources all hold nothing but answered messages."""
COMPOSITE = "composite_score"
NO_HORIZON_S = 3650 * 86_400.0
"""Ten years: longer than anybody waits, so that every answer counts."""

GateOf = Literal["openers", "units", "answered", "inbound"]
Missing = Literal["leaves", "zero", "unranked"]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a composite: metrics of equal weight, on one network or (None) over all of the brand."""

    weight: float
    metrics: tuple[str, ...]
    network: str | None = None


@dataclass(frozen=True, slots=True)
class GateRule:
    """What is counted before a brand is ranked, and whether its listings must have been read completely."""

    of: GateOf = "openers"
    coverage: bool = True


@dataclass(frozen=True, slots=True)
class Limit:
    """What a badge asks of one metric: at least, or at most, so much."""

    metric: str
    value: float
    at_least: bool = True


@dataclass(frozen=True, slots=True)
class Badge:
    """A pass mark: all limits, over the last `days` of the period, or (None) over its last whole calendar quarter."""

    limits: tuple[Limit, ...]
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """The units that count: those of the last `days` of the period, or the last `units` where these are more."""

    days: int
    units: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What a preset states beside unit, population, answers and follow-up.

    `high`: whether more is better. `composite`: the parts of `composite_score`, where that is ranked by; `lacking`: what the
    study had and no store holds. `times`: the preset's statistics of the time to an answer, `shows`: further figures of its
    own. `handles` "support-first": the support handles alone, where a brand has any. `clock` "staffed": plain times over the
    answered are counted in the stated hours, where a brand states any. `missing`: what a network does on which a brand
    has handles (or a composite a part) and no figure: it leaves the figure, counts 0 in it, or keeps the brand unranked.
    """

    rank_by: str = DEFAULT_RANK
    high: bool = True
    composite: tuple[Part, ...] = ()
    lacking: tuple[str, ...] = ()
    gate: GateRule = GateRule()
    badge: Badge | None = None
    stretch: Stretch | None = None
    times: tuple[str, ...] = ("median_latency_s",)
    shows: tuple[str, ...] = ()
    by_role: bool = False
    handles: Literal["all", "support-first"] = "all"
    clock: Literal["calendar", "staffed"] = "calendar"
    missing: Missing = "leaves"


@dataclass(frozen=True, slots=True)
class Preset:
    """One YAML of `presets/`. `tree`: all that it states, as written; `sole`: only replies that name one account count."""

    name: str
    unit: str
    population: str
    answers: str
    horizon_s: float
    units: int
    authors: int
    plan: Plan
    sole: bool = False
    summary: str = ""
    source: str = ""
    guesses: str = ""
    tree: Mapping[str, object] = field(default_factory=dict)
