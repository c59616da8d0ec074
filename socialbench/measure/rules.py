"""The definitions of one run, and the names by which reports call them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from zoneinfo import ZoneInfo

from socialbench.model import DAY_MS

Unit = Literal["episode", "message", "opener"]
Population = Literal["needs-response", "all"]
Answers = Literal["human", "any"]
Cluster = Literal["auto", "none"]

QUIET_MS = DAY_MS
"""After an answer, a message later than this opens the next episode; without links, so does silence this long."""

SKEW_MS = 120_000
"""On networks where clients date messages, an answer up to this long before the start is set to 0."""

CLIENT_DATED = frozenset({"bluesky", "mastodon"})
"""Networks where clients or several servers date messages."""

RULE_VERSION = 1
"""Needs-response by its structural half: how addressed, stars, opener."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What one run counts, and how. Moments are UTC ms, `follow_up_s` seconds.

    `since_at`/`until_at` bound the starts of units (None: all). `as_of`: nothing later is believed.
    `excluded`: message keys left out by the config, `not_addressed`: taken out of the inbound by corrections,
    `automated`: keys of replies that a pattern of the config calls automatic. `collected`: networks whose
    handles the collector reads, so that a handle without coverage is a gap. `min_units`, `min_authors`: what the
    gate asks for before a brand is ranked.
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

    @property
    def follow_up_ms(self) -> int:
        """`follow_up_s` in milliseconds."""
        return round(self.follow_up_s * 1000)
