"""What is true of the simulated world, worked out from the world's own knowledge and by none of the product's code.

Everything is counted over the world's period (`PERIOD`: October 2026 in London), a message belonging to it by
`Post.sent_at`, over posts that were not deleted and that somebody who is not the brand can see:

- `inbound_count`: posts that the world itself addressed to the brand, by anybody but the brand's accounts. Not so on
  Mastodon, where no token of the brand is at hand, what names the brand without standing below its own words
  (`hidden_count`): no reader can see that.
- `unit_count`: those of them with nothing said to the brand and no reply of the brand above them, however they speak
  to it (the `inbound_count` of `socialbench report --unit opener`).
- `openers`: those of these that begin with the handle, or that stand on the brand's own page (comments under its
  videos, topics of its board): the needs-response openers of rule version 1, over which the rates, the times and the
  score of `socialbench report --unit opener` are taken.
- `answered`: how many of the openers had a reply of the brand (to them, or to something later said to the brand
  below them) within 30 min, 2 h, 24 h, 7 d of being sent; up to 120 s before counts as at once. `answered_any` lets
  a machine's reply count (`--answers any`), `answered_human` does not (the default).

Every opener was watched for seven days, so a share of these counts is what the Kaplan-Meier estimate must give.
A brand whose listing is capped is marked `complete=False`: no reader can see all that is counted here.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from socialbench.demo.roster import BrandSpec
from socialbench.demo.world import PERIOD, Post, World, visible
from socialbench.model import DAY_MS, HOUR_MS, How, Window

HORIZONS_MS: Mapping[str, int] = {"30m": HOUR_MS // 2, "2h": 2 * HOUR_MS, "24h": DAY_MS, "7d": 7 * DAY_MS}
RANKED_OPENERS, RANKED_AUTHORS = 50, 30
"""A brand with fewer openers, or fewer authors of them, is listed and not ranked."""
_SCORED_OPENERS = 20
_CLOCK_TOLERANCE_MS = 120_000
_SOCIAL = {"30m": 0.30, "2h": 0.22, "24h": 0.29, "7d": 0.19}
_FORUM = {"2h": 0.25, "24h": 0.35, "7d": 0.40}

Wait = int | None
"""Milliseconds until an answer; None: there is none."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a brand on one network or on all; the module's docstring says exactly what each counts.

    `inbound_by_how` splits `inbound_count` by `How`. `authors`: distinct authors of the openers. `waits`: of each
    opener (for an answer by anybody, for one by a human).
    """

    inbound_count: int
    inbound_by_how: Mapping[How, int]
    hidden_count: int
    unit_count: int
    authors: int
    waits: tuple[tuple[Wait, Wait], ...]

    @property
    def openers(self) -> int:
        """How many messages needed a response."""
        return len(self.waits)

    @property
    def answered_any(self) -> Mapping[str, int]:
        """Openers answered by anybody within each horizon."""
        return _within([anybody for anybody, _ in self.waits])

    @property
    def answered_human(self) -> Mapping[str, int]:
        """Openers answered by a human within each horizon."""
        return _within([human for _, human in self.waits])

    def share(self, horizon: str, human: bool = True) -> float:
        """Share of the openers answered within a horizon of `HORIZONS_MS`, 0 to 1."""
        answered = self.answered_human if human else self.answered_any
        return answered[horizon] / self.openers

    @property
    def median_s(self) -> float | None:
        """Seconds within which half of the openers were answered by a human; None: not within the seven days."""
        waits = sorted(human for _, human in self.waits if human is not None and human <= HORIZONS_MS["7d"])
        place = math.ceil(self.openers / 2)
        return waits[place - 1] / 1000 if 0 < place <= len(waits) else None


@dataclass(frozen=True, slots=True)
class BrandTruth:
    """A brand's facts on all its networks together and on each."""

    brand: str
    complete: bool
    all: Facts
    networks: Mapping[str, Facts]

    @property
    def score(self) -> float | None:
        """The expectation score that these counts give, 0 to 100: the mean of the networks with enough openers, by openers."""
        scored = {name: facts for name, facts in self.networks.items() if facts.openers >= _SCORED_OPENERS}
        total = sum(facts.openers for facts in scored.values())
        if not total:
            return None
        return 100 * sum(_score(name, facts) * facts.openers for name, facts in scored.items()) / total

    @property
    def ranked(self) -> bool:
        """Whether the gate lets it be ranked."""
        return self.complete and self.all.openers >= RANKED_OPENERS and self.all.authors >= RANKED_AUTHORS


def truth(world: World, period: Window = PERIOD) -> dict[str, BrandTruth]:
    """The known facts of every brand, by its name."""
    replies: dict[Post, list[Post]] = {}
    for post in visible(world.posts):
        if post.parent is not None:
            replies.setdefault(post.parent, []).append(post)
    return {spec.name: _brand_truth(world, spec, period, replies) for spec in world.specs}


def _brand_truth(world: World, spec: BrandSpec, period: Window, replies: Mapping[Post, list[Post]]) -> BrandTruth:
    since, until = period.since_at or 0, period.until_at or 1 << 62
    said = [post for post in visible(world.posts) if _speaks_to(post, spec.name) and since <= post.sent_at < until]
    names = sorted({post.network for post in said})
    networks = {name: _facts([post for post in said if post.network == name], spec, replies) for name in names}
    return BrandTruth(spec.name, not world.capped(spec.name), _facts(said, spec, replies), networks)


def _facts(said: Sequence[Post], spec: BrandSpec, replies: Mapping[Post, list[Post]]) -> Facts:
    inbound = [post for post in said if not _is_hidden(post, spec)]
    units = [post for post in inbound if _opens(post, spec)]
    openers = [post for post in units if post.addressed[spec.name] in (How.LEADING, How.POST)]
    waits = [list(_waits(opener, spec, replies)) for opener in openers]
    return Facts(
        inbound_count=len(inbound),
        inbound_by_how=Counter(post.addressed[spec.name] for post in inbound),
        hidden_count=len(said) - len(inbound),
        unit_count=len(units),
        authors=len({(post.network, post.author.id) for post in openers}),
        waits=tuple((_first(each), _first([wait for wait in each if not wait[1]])) for each in waits),
    )


def _speaks_to(post: Post, brand: str) -> bool:
    return brand in post.addressed and post.author.brand != brand


def _is_hidden(post: Post, spec: BrandSpec) -> bool:
    """Whether only the brand itself can see that it is spoken to."""
    if post.network != "mastodon" or spec.token or post.root.author.brand == spec.name:
        return False
    return post.addressed[spec.name] not in (How.REPLY, How.QUOTE)


def _opens(post: Post, spec: BrandSpec) -> bool:
    """Nothing said to the brand and no reply of the brand stands above; what is deleted hides all above it."""
    above = post.parent
    while above is not None and not above.deleted:
        replies = above.author.brand == spec.name and above.parent is not None
        if replies or (_speaks_to(above, spec.name) and not _is_hidden(above, spec)):
            return False
        above = above.parent
    return True


def _waits(opener: Post, spec: BrandSpec, replies: Mapping[Post, list[Post]]) -> Iterator[tuple[int, bool]]:
    """(milliseconds, by a machine) of every reply of the brand to the opener or to what is said to it further down."""
    below = [opener]
    while below:
        post = below.pop()
        for reply in replies.get(post, ()):
            below.append(reply)
            wait = reply.sent_at - opener.sent_at
            if reply.author.brand == spec.name and _speaks_to(post, spec.name) and wait >= -_CLOCK_TOLERANCE_MS:
                yield max(0, wait), reply.automated


def _first(waits: Sequence[tuple[int, bool]]) -> Wait:
    return min((wait for wait, _ in waits), default=None)


def _within(waits: Sequence[Wait]) -> dict[str, int]:
    return {name: sum(wait is not None and wait <= horizon for wait in waits) for name, horizon in HORIZONS_MS.items()}


def _score(network: str, facts: Facts) -> float:
    weights = _FORUM if network == "discourse" else _SOCIAL
    return sum(weight * facts.share(horizon) for horizon, weight in weights.items())
