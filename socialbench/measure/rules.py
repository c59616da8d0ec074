"""The definitions of one run, and the names by which reports call them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from zoneinfo import ZoneInfo

from socialbench.measure.plan import Plan
from socialbench.model import DAY_MS

Unit = Literal["episode", "message", "opener", "silence"]
Population = Literal["needs-response", "all", "questions"]
Answers = Literal["human", "any", "substantive"]
Cluster = Literal["auto", "none"]
Needs = Literal["structural", "text"]

QUIET_MS = DAY_MS
"""After an answer, a message later than this opens the next episode; without links, so does silence this long."""

SKEW_MS = 120_000
"""On networks where clients date messages, an answer up to this long before the start is set to 0."""

CLIENT_DATED = frozenset({"bluesky", "mastodon"})
"""Networks where clients or several servers date messages."""

RULE_VERSIONS: Mapping[Needs, int] = {"structural": 1, "text": 2}
"""Needs-response by its structural half (how addressed, stars, opener), or by what the text says too."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What one run counts, and how. Moments are UTC ms, `follow_up_s` seconds.

    `since_at`/`until_at` bound the starts of units (None: all). `as_of`: nothing later is believed.
    `excluded`: message keys left out by the config, `not_addressed`: taken out of the inbound by corrections,
    `automated`: keys of replies that a pattern of the config calls automatic. `collected`: networks whose
    handles the collector reads, so that a handle without coverage is a gap. `min_units`, `min_authors`: what the
    gate asks for before a brand is ranked. `holidays`: brand's name -> days and countries on which its desk is closed.
    `persons`: author key -> the person of the config's author map; None where it has none. `needs`: whether texts say
    what needs a response. `kinds`: message key -> kind, corrected by hand. `topics`: topic -> keys of the messages on it.
    `several`: keys of replies that name several accounts, where the preset does not count these. `plan`: what else the
    preset states.
    """

    unit: Unit = "episode"
    population: Population = "needs-response"
    answers: Answers = "human"
    cluster: Cluster = "auto"
    follow_up_s: float = 7 * 86_400.0
    since_at: int | None = None
    until_at: int | None = None
    as_of: int | None = None
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    excluded: frozenset[int] = frozenset()
    not_addressed: frozenset[int] = frozenset()
    automated: frozenset[int] = frozenset()
    collected: frozenset[str] = frozenset()
    min_units: int = 50
    min_authors: int = 30
    profiles: Mapping[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    holidays: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    persons: Mapping[int, str] | None = None
    needs: Needs = "structural"
    kinds: Mapping[int, int] = field(default_factory=dict)
    topics: Mapping[str, frozenset[int]] = field(default_factory=dict)
    several: frozenset[int] = frozenset()
    plan: Plan = field(default_factory=Plan)

    @property
    def follow_up_ms(self) -> int:
        """`follow_up_s` in milliseconds."""
        return round(self.follow_up_s * 1000)
