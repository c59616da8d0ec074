"""What is true of the simulated world, worked out from the world's own knowledge and by none of the product's code.

Everything is counted over the world's period (`PERIOD`: October 2026 in London), a message belonging to it by
`Post.sent_at`, over posts that were not deleted:

- `inbound_count`: posts that the world itself addressed to the brand, by anybody but the brand's accounts.
- `unit_count`: those of them with nothing said to the brand and no reply of the brand above them, however they speak
  to it (the `inbound_count` of `socialbench report --unit opener`).
- `openers`: those of these that begin with the handle: the needs-response openers of rule version 1, over which the
  rates, the times and the score of `socialbench report --unit opener` are taken.
- `answered`: how many of the openers had a reply of the brand (to them, or to something later said to the brand
  below them) within 30 min, 2 h, 24 h, 7 d of being sent; up to 120 s before counts as at once. `answered_any` lets
  a machine's reply count (`--answers any`), `answered_human` does not (the default).

Every opener was watched for seven days, so a share of these counts is what the Kaplan-Meier estimate must give.
A brand whose listing is capped is marked `complete=False`: no reader can see all that is counted here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from socialbench.demo.world import PERIOD, Post, World, visible
from socialbench.model import DAY_MS, HOUR_MS, How, Window

HORIZONS_MS: Mapping[str, int] = {"30m": HOUR_MS // 2, "2h": 2 * HOUR_MS, "24h": DAY_MS, "7d": 7 * DAY_MS}
_CLOCK_TOLERANCE_MS = 120_000
_WEIGHTS = {"30m": 0.30, "2h": 0.22, "24h": 0.29, "7d": 0.19}


@dataclass(frozen=True, slots=True)
class BrandTruth:
    """The known facts of one brand; the module's docstring says exactly what each counts.

    `inbound_by_how` splits `inbound_count` by `How`. `authors`: distinct authors of the openers.
    """

    brand: str
    complete: bool
    inbound_count: int
    inbound_by_how: Mapping[How, int]
    unit_count: int
    openers: int
    authors: int
    answered_any: Mapping[str, int]
    answered_human: Mapping[str, int]

    def share(self, horizon: str, human: bool = True) -> float:
        """Share of the openers answered within a horizon of `HORIZONS_MS`, 0 to 1."""
        answered = self.answered_human if human else self.answered_any
        return answered[horizon] / self.openers

    @property
    def score(self) -> float:
        """The expectation score that these counts give with the profile of X, 0 to 100."""
        return 100 * sum(weight * self.share(horizon) for horizon, weight in _WEIGHTS.items())


def truth(world: World, period: Window = PERIOD) -> dict[str, BrandTruth]:
    """The known facts of every brand, by its name."""
    replies: dict[str, list[Post]] = {}
    for post in visible(world.posts):
        if post.parent is not None:
            replies.setdefault(post.parent.uri, []).append(post)
    return {spec.name: _brand_truth(world, spec.name, period, replies) for spec in world.specs}


def _brand_truth(world: World, brand: str, period: Window, replies: Mapping[str, list[Post]]) -> BrandTruth:
    since, until = period.since_at or 0, period.until_at or 1 << 62
    inbound = [post for post in visible(world.posts) if _speaks_to(post, brand) and since <= post.sent_at < until]
    units = [post for post in inbound if _opens(post, brand)]
    openers = [post for post in units if post.addressed[brand] is How.LEADING]
    waits = [list(_waits(opener, brand, replies)) for opener in openers]
    return BrandTruth(
        brand=brand,
        complete=not world.capped(brand),
        inbound_count=len(inbound),
        inbound_by_how=Counter(post.addressed[brand] for post in inbound),
        unit_count=len(units),
        openers=len(openers),
        authors=len({post.author.did for post in openers}),
        answered_any=_within([min((wait for wait, _ in each), default=None) for each in waits]),
        answered_human=_within([min((wait for wait, robot in each if not robot), default=None) for each in waits]),
    )


def _speaks_to(post: Post, brand: str) -> bool:
    return brand in post.addressed and post.author.brand != brand


def _opens(post: Post, brand: str) -> bool:
    """Nothing said to the brand and no reply of the brand stands above; what is deleted hides all above it."""
    above = post.parent
    while above is not None and not above.deleted:
        replies = above.author.brand == brand and above.parent is not None
        if replies or _speaks_to(above, brand):
            return False
        above = above.parent
    return True


def _waits(opener: Post, brand: str, replies: Mapping[str, list[Post]]) -> Iterator[tuple[int, bool]]:
    """(milliseconds, by a machine) of every reply of the brand to the opener or to what is said to it further down."""
    below = [opener]
    while below:
        post = below.pop()
        for reply in replies.get(post.uri, ()):
            below.append(reply)
            wait = reply.sent_at - opener.sent_at
            if reply.author.brand == brand and _speaks_to(post, brand) and wait >= -_CLOCK_TOLERANCE_MS:
                yield max(0, wait), reply.automated


def _within(waits: list[int | None]) -> dict[str, int]:
    return {name: sum(wait is not None and wait <= horizon for wait in waits) for name, horizon in HORIZONS_MS.items()}
