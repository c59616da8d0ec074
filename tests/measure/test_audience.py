"""Reach of the unanswered, engagement and growth, with numbers worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from socialbench.measure.brand import measure
from socialbench.measure.prepare import prepare
from socialbench.measure.result import BrandResult
from socialbench.measure.rules import Rules
from socialbench.model import Frames, Gone, How, Kind
from tests.measure.frames import ACME, DAY, HOUR, MINUTE, START, World

RULES = Rules()
DAY_MIN = DAY / MINUTE


def measured(frames: Frames, rules: Rules = RULES) -> BrandResult:
    return measure(ACME, prepare(frames, rules.as_of), rules)


class Grumbling(World):
    """Where all that customers write is a complaint."""

    def ask(self, author: int, minute: float, **facts: Any) -> int:
        return super().ask(author, minute, **{"kind": int(Kind.COMPLAINT), **facts})


def reach(world: World, rules: Rules = RULES) -> tuple[float | None, float | None, str | None]:
    metrics = measured(world.frames(), rules).metrics
    return metrics["unanswered_reach"].value, metrics["unanswered_reach_median"].value, metrics["unanswered_reach"].note


def test_reach_adds_up_authors_unanswered_after_a_day() -> None:
    """Never answered: 100; answered after 25 h: 40; after 23 h: 9,000, which does not count."""
    world = Grumbling()
    world.ask(100, 0, followers=100)
    world.answer(world.ask(101, 0, followers=40), 25 * 60)
    world.answer(world.ask(102, 0, followers=9_000), 23 * 60)
    assert reach(world) == (140.0, 70.0, None)


def test_reach_takes_each_author_once_by_the_latest_count() -> None:
    """Pitfall: the same author's followers are not added again with each message."""
    world = Grumbling()
    for day, followers in enumerate((100, 110, -1)):
        world.ask(100, day * 3 * DAY_MIN, followers=followers)
    assert reach(world) == (110.0, 110.0, None)


def test_reach_leaves_out_what_needs_no_response_or_was_not_watched() -> None:
    world = Grumbling()
    world.cover(0, 20 * DAY_MIN)
    world.ask(100, 0, followers=5)
    world.say(101, 0, how=How.IN_TEXT, followers=1_000, kind=int(Kind.PRAISE))
    world.ask(102, 20 * DAY_MIN - 60, followers=2_000)
    world.ask(103, 0, followers=4_000, gone=int(Gone.BY_AUTHOR), last_seen_at=START + HOUR)
    assert reach(world) == (5.0, 5.0, None)
    assert reach(world, replace(RULES, population="all")) == (5.0, 5.0, None)


def test_reach_tells_missing_counts() -> None:
    world = Grumbling()
    world.ask(100, 0)
    assert reach(world) == (None, None, "followers unknown of 1 of 1 authors")
    world.ask(101, 0, followers=0)
    assert reach(world) == (0.0, 0.0, "followers unknown of 1 of 2 authors")


def test_reach_of_nobody_unanswered_is_nothing() -> None:
    world = Grumbling()
    world.answer(world.ask(100, 0, followers=7), 5)
    assert reach(world) == (0.0, None, None)


def test_reach_beyond_the_follow_up_is_null() -> None:
    world = Grumbling()
    world.ask(100, 0, followers=7)
    assert reach(world, replace(RULES, follow_up_s=3600.0)) == (None, None, "longer than the follow-up")


def counted(world: World, engagement: dict[int, int], profiles: list[tuple[float, int]]) -> Frames:
    """The frames with engagement per message and (day, followers) of the brand's account."""
    rows = [{"account": 1, "seen_at": START + round(day * DAY), "followers": count, "posts": -1} for day, count in profiles]
    return replace(
        world.frames(),
        profiles=pd.DataFrame(rows, columns=["account", "seen_at", "followers", "posts"]).astype("int64"),
        engagement=pd.DataFrame({"message": list(engagement), "total": list(engagement.values())}, dtype="int64"),
    )


def test_engagement_is_per_post_and_follower_of_its_time() -> None:
    """30 of 1,000 on day 1, 10 of 2,000 on day 9: (.03 + .005) / 2."""
    world = World()
    first, second = world.say(1, 1 * DAY_MIN), world.say(1, 9 * DAY_MIN)
    figure = measured(counted(world, {second: 10, first: 30}, [(0, 1_000), (10, 2_000)])).metrics["engagement_rate"]
    assert (figure.value, figure.n, figure.note) == (pytest.approx(0.0175), 2, None)


def test_engagement_of_replies_counts_not() -> None:
    """Pitfall: a reply is service, no broadcast, however much it is liked; nor is a post that goes on with another."""
    world = World()
    post = world.say(1, 0)
    reply = world.answer(world.ask(100, 5), 10)
    more = world.say(1, 1, to=post)
    lost = world.say(1, 2, to=12_345)
    figure = measured(counted(world, {post: 20, reply: 900, more: 900, lost: 900}, [(0, 1_000)])).metrics["engagement_rate"]
    assert (figure.value, figure.n) == (0.02, 1)


def test_engagement_without_counts_or_followers_is_null_and_told() -> None:
    world = World()
    post = world.say(1, 0)
    bare = measured(world.frames()).metrics
    assert (bare["engagement_rate"].value, bare["follower_growth"].value) == (None, None)
    figure = measured(counted(world, {post: 5}, [(0, 0)])).metrics["engagement_rate"]
    assert (figure.value, figure.note) == (None, "no counts or followers stored of 1 of 1 posts")


def test_engagement_stands_per_week_and_in_the_period() -> None:
    world = World()
    first, second = world.say(1, 1 * DAY_MIN), world.say(1, 9 * DAY_MIN)
    world.ask(100, 9 * DAY_MIN)
    result = measured(counted(world, {first: 30, second: 10}, [(0, 1_000)]))
    assert result.weeks["2026-W24"].metrics["engagement_rate"].value == 0.01
    period = replace(RULES, since_at=START + 5 * DAY)
    assert measured(counted(world, {first: 30, second: 10}, [(0, 1_000)]), period).metrics["engagement_rate"].n == 1


PROFILES = [(-3.0, 500), (1.0, 1_000), (5.0, 900), (9.0, 1_100), (40.0, 5_000)]


def test_growth_is_between_the_first_and_last_profile_of_the_period() -> None:
    """1,000 to 1,100 in the first 30 days; what was seen before and after them changes nothing."""
    period = replace(RULES, since_at=START, until_at=START + 30 * DAY)
    figure = measured(counted(asked(), {}, PROFILES), period).metrics["follower_growth"]
    assert (figure.value, figure.n) == (0.1, 1)


def test_growth_can_be_a_loss_and_stops_at_as_of() -> None:
    figure = measured(counted(asked(), {}, PROFILES), replace(RULES, since_at=START, as_of=START + 6 * DAY)).metrics[
        "follower_growth"
    ]
    assert figure.value == pytest.approx(-0.1)


def test_growth_of_one_profile_is_unknown() -> None:
    period = replace(RULES, since_at=START, until_at=START + 2 * DAY)
    figure = measured(counted(asked(), {}, PROFILES), period).metrics["follower_growth"]
    assert (figure.value, figure.note) == (None, "fewer than two profiles seen of 1 of 1 accounts")


def asked() -> World:
    world = World()
    world.ask(100, 60)
    return world
