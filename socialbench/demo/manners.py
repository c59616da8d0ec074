"""How people talk on each network: how conversations begin there, what a question looks like, who keeps the time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from socialbench.model import How


@dataclass(frozen=True, slots=True)
class Manner:
    """The manners of one network.

    `forms`: how conversations begin, weighted: `leading` (a question of its own), `plain` (one whose handle is no link),
    `in_text`, `passing` (the brand is only named), `under` (a question under a broadcast of the brand), `comment` (a
    word there), `quote`. `asks`: how a question of its own speaks to the brand. `named`: questions begin with the
    handle. `prefixed`: replies begin with the handle of whom they answer. `joining`: share of questions under somebody
    else's post. `news_days`: days between two broadcasts. `own_clocks`: authors' programs date the posts. `grain_ms`:
    times are told in such steps. `gone`: share of questions that are deleted. `blocks`: people block each other.
    `hands`: so many persons answer for the brand under names of their own, 0: one account does. `crowds`: share of
    questions that several others join.
    """

    forms: Mapping[str, int]
    asks: How = How.LEADING
    named: bool = True
    prefixed: bool = False
    joining: float = 0.0
    news_days: int = 3
    own_clocks: bool = False
    grain_ms: int = 1
    gone: float = 0.0
    blocks: bool = False
    hands: int = 0
    crowds: float = 0.0


MANNERS: Mapping[str, Manner] = MappingProxyType(
    {
        "bluesky": Manner(
            {"leading": 62, "in_text": 7, "plain": 6, "passing": 5, "comment": 16, "quote": 4},
            joining=0.86,
            own_clocks=True,
            gone=0.012,
            blocks=True,
        ),
        "x": Manner(
            {"leading": 78, "in_text": 5, "passing": 4, "comment": 9, "quote": 4},
            prefixed=True,
            joining=0.94,
            news_days=7,
            gone=0.012,
        ),
        # Comments stand under videos, which are no messages; broadcasts are the brand's own few comments.
        "youtube": Manner({"leading": 86, "comment": 14}, asks=How.POST, named=False, news_days=14, grain_ms=1000, crowds=0.05),
        "mastodon": Manner({"under": 70, "comment": 22, "leading": 8}, prefixed=True),
        "discourse": Manner({"leading": 92, "comment": 8}, asks=How.POST, named=False, news_days=12, hands=3),
    }
)

WITH_TOKEN = Manner({"leading": 84, "in_text": 3, "under": 6, "comment": 7}, prefixed=True)
"""Mastodon as it is where the brand's people are used to being called by name, and its own token shows that."""
