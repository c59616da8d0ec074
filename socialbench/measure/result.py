"""What measuring yields: figures with their intervals, per brand and per slice. No markup, no rounding.

Shares are 0 to 1, durations seconds, scores 0 to 100. A figure that may not be given holds `refused`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `reached` is None but for quantiles, where False means "not reached" (value None).

    `high` None with `low` set: an open upper end. `bounds`: all unknown times unanswered, all answered.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    authors: int | None = None
    design_effect: float | None = None
    largest_author_share: float | None = None
    bounds: tuple[float, float] | None = None
    reached: bool | None = None
    refused: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Slice:
    """All metrics of one cut of a brand (all of it, a network, a role, a week ...)."""

    metrics: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether a brand may be ranked: `reason` None, or why not. `matured`: openers matured for follow_up, `authors` theirs."""

    reason: str | None
    matured: int
    authors: int


@dataclass(frozen=True, slots=True)
class Influence:
    """The score's influence, summed by cluster, for covariances between brands.

    `by_author` maps "network/origin/author id" to the author's summed influence, `by_day` a day number
    (calendar days in the report's zone since 1970) to the day's. `variance` is that of the score, `days` the
    number of days with a unit, `degrees` the degrees of freedom of its standard error (None: days - 1).
    """

    by_author: Mapping[str | int, float]
    by_day: Mapping[int, float]
    variance: float
    days: int
    degrees: int | None = None


@dataclass(frozen=True, slots=True)
class NetworkPart:
    """What one network brings to a score of several whose weights are given: shares of 1, with the pseudo-authors but in `value`.

    `sizes`: units of each author. `alone`, `by_authors`, `pseudo`: squared influences, summed over units,
    over authors and over the pseudo-authors alone; `by_day` the influence of each calendar day (since 1970).
    """

    network: str
    value: float
    centre: float
    n: int
    sizes: Sequence[int]
    alone: float
    by_authors: float
    by_day: Mapping[int, float]
    pseudo: float
    clustered: bool = True


@dataclass(frozen=True, slots=True)
class Award:
    """Whether a preset's badge was earned, None where that cannot be told, and why: each limit with the figure."""

    earned: bool | None
    why: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of the findings family that the data carry at 5 % together: `best` or `worst` of all in a metric,
    `apart` (two brands), `under_half` (a share under one half), `strength` or `weakness` (a sector against the other
    sectors). `subjects`: brands, or the sector.
    """

    kind: str
    metric: str
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Messages left out, by reason (metrics.md, section 2)."""

    negative: int = 0
    repeated: int = 0
    unlinked: int = 0
    context: int = 0
    excluded: int = 0
    gap: int = 0
    unripe: int = 0
    automated: int = 0


@dataclass(frozen=True, slots=True)
class BrandResult:
    """Everything measured of one brand.

    `curve`: rows (seconds, share answered, low, high). `weeks`: ISO week label -> metrics. `hours`: 168 inbound
    counts, Monday 0 h first, in the report's zone. `marks`: looks_automatic, depends_on_classification,
    mix_dependent, answered_only. `networks`: network -> Slice. `parts`: the score's, network by network. `since_at`,
    `until_at`: first and last message. `award`: the preset's badge, None where it has none.
    """

    name: str
    sector: str | None
    metrics: Mapping[str, Figure]
    gate: Gate
    variants: Mapping[str, Mapping[str, Figure]] = field(default_factory=dict)
    networks: Mapping[str, Slice] = field(default_factory=dict)
    roles: Mapping[str, Slice] = field(default_factory=dict)
    kinds: Mapping[str, Slice] = field(default_factory=dict)
    topics: Mapping[str, Slice] = field(default_factory=dict)
    weeks: Mapping[str, Slice] = field(default_factory=dict)
    hours: Sequence[int] = ()
    curve: Sequence[tuple[float, float, float | None, float | None]] = ()
    left_out: LeftOut = LeftOut()
    marks: Mapping[str, bool] = field(default_factory=dict)
    link_methods: Mapping[str, int] = field(default_factory=dict)
    authors_known: bool = True
    score: float | None = None
    influence: Influence | None = None
    parts: Sequence[NetworkPart] = ()
    observed_until: int | None = None
    since_at: int | None = None
    until_at: int | None = None
    provisional: bool = False
    notes: Sequence[str] = ()
    award: Award | None = None


@dataclass(frozen=True, slots=True)
class Rank:
    """A place with its 95 % confidence set. `label` is the printed place ("3", "7 ="); `tier` counts from 1.

    `separated_from`: names of brands whose place is told apart from this one's.
    """

    value: int
    low: int
    high: int
    label: str
    tier: int | None = None
    move: int | None = None
    separated_from: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class RunResult:
    """All brands of a run in the config's order, with the ranks of those that passed the gate.

    `ranked_by` names the metric. `cut_off` is the moment up to which the store is believed. `since_at` and
    `until_at` are the resolved period. `claims`: what the findings family carries.
    """

    brands: Sequence[BrandResult]
    ranks: Mapping[str, Rank]
    ranked_by: str
    cut_off: int | None
    since_at: int | None
    until_at: int | None
    provisional: bool
    sectors: Mapping[str, Mapping[str, Figure]] = field(default_factory=dict)
    sector_curves: Mapping[str, Sequence[tuple[float, float, float | None, float | None]]] = field(default_factory=dict)
    notes: Sequence[str] = ()
    claims: Sequence[Claim] = ()
