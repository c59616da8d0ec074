"""The simulated world: always the same for a seed, and as odd as the real network is."""

from __future__ import annotations

import re

import pytest

from socialbench.demo.atproto import cid_of, post_record
from socialbench.demo.ids import content_id
from socialbench.demo.roster import CAPPED, SPARSE, roster
from socialbench.demo.tell import tell_world
from socialbench.demo.truth import truth
from socialbench.demo.world import ENDS_AT, PERIOD, STARTS_AT, World
from socialbench.model import DAY_MS, HOUR_MS, How


def prints(world: World, brand: str | None = None) -> list[tuple[str, str, str]]:
    return [
        (post.id, str(post.created_at), post.text)
        for post in world.posts
        if brand is None or (post.author.brand == brand and post.parent is None)
    ]


def test_world_is_the_same_for_a_seed(world: World) -> None:
    assert prints(tell_world(seed=7, brands=12)) == prints(world)


def test_world_differs_between_seeds(world: World) -> None:
    mine, other = prints(world), prints(tell_world(seed=8, brands=12))
    # Boards count from 1 whatever the seed.
    ids = [{id_ for id_, _, _ in told if not id_.startswith("forum.")} for told in (mine, other)]
    assert all(ids)
    assert not ids[0] & ids[1]


def test_world_tells_a_brand_the_same_story_whoever_else_is_there(world: World) -> None:
    alone = tell_world(seed=7, brands=1)
    name = alone.specs[0].name
    assert prints(alone, name) == prints(world, name) != []


def test_world_has_thirty_brands_in_six_sectors() -> None:
    sectors = [spec.sector for spec in roster()]
    assert len(sectors) == 30
    assert {sector: sectors.count(sector) for sector in sectors} == dict.fromkeys(
        ("Travel", "Telecom", "Banking", "Retail", "Media", "Utilities"), 5
    )


@pytest.mark.parametrize("count", [0, 31, -1])
def test_roster_refuses_numbers_of_brands_that_it_does_not_have(count: int) -> None:
    with pytest.raises(ValueError, match="1 to 30 brands"):
        roster(count)


def test_world_gives_every_account_its_own_handle_and_every_post_its_own_id(world: World) -> None:
    assert len({(person.network, person.home, person.handle) for person in world.people}) == len(world.people)
    assert len({(person.network, person.home, person.id) for person in world.people}) == len(world.people)
    assert len({(post.network, post.author.home, post.id) for post in world.posts}) == len(world.posts)


def test_world_knows_every_author_it_lets_speak(world: World) -> None:
    assert {post.author for post in world.posts} <= set(world.people)


def test_world_lies_within_its_weeks_and_watches_every_opener_for_seven_days(world: World) -> None:
    assert all(STARTS_AT <= post.sent_at < ENDS_AT for post in world.posts)
    assert PERIOD.until_at is not None
    assert PERIOD.since_at is not None
    assert PERIOD.until_at + 7 * DAY_MS <= ENDS_AT
    assert PERIOD.since_at + HOUR_MS <= STARTS_AT + 7 * DAY_MS


def test_world_writes_created_at_in_four_shapes(world: World) -> None:
    shapes = {re.sub(r"\d", "0", post_record(post)["createdAt"]) for post in world.shown("bluesky")}
    assert shapes == {
        "0000-00-00T00:00:00.000Z",
        "0000-00-00T00:00:00.000000Z",
        "0000-00-00T00:00:00.000000+00:00",
        "0000-00-00T00:00:00-00:00",
    }


def test_world_has_the_oddities_of_the_real_network(world: World) -> None:
    gone = {post.id for post in world.posts if post.deleted}
    shown = world.shown("bluesky")
    assert any(post.parent is not None and post.parent.id in gone for post in shown)
    assert any(post.created_at > post.indexed_at for post in shown)
    assert any(len(post.addressed) > 1 for post in shown)
    assert any(post.addressed and "@" in post.text and not post.mentions for post in shown)
    assert any(post.quoted is not None for post in shown)
    assert world.blocks
    assert {post.lang for post in shown} == {"en", "de", "es"}


def test_world_answers_a_message_before_its_time_only_within_the_tolerance(world: World) -> None:
    waits = [post.sent_at - post.parent.sent_at for post in world.posts if post.parent is not None and post.author.brand]
    assert -120_000 < min(waits) < 0


def test_world_hides_nothing_said_to_a_brand_behind_a_block(world: World) -> None:
    for post in world.posts:
        lower = post if How.REPLY in post.addressed.values() else None
        while lower is not None and lower.parent is not None:
            assert not world.blocked(lower.author.id, lower.parent.author.id), post.id
            lower = lower.parent


def test_world_mentions_stand_where_their_bytes_say(world: World) -> None:
    people = {(person.network, person.id): person.handle for person in world.people}
    for post in world.posts:
        for mention in post.mentions:
            named = post.text.encode()[mention.start : mention.end].decode()
            assert named.casefold() == "@" + people[post.network, mention.id]


def test_world_content_ids_are_those_of_the_records(world: World) -> None:
    assert all(cid_of(post) == content_id(post_record(post)) for post in world.shown("bluesky")[::50])


def test_whole_world_is_small_enough_to_be_collected_in_a_minute() -> None:
    whole = tell_world()
    facts = truth(whole)
    assert len(whole.posts) <= 12_000
    assert [name for name, fact in facts.items() if not fact.complete] == [CAPPED]
    assert [name for name, fact in facts.items() if not fact.ranked] == [CAPPED, SPARSE]
    assert facts["Kabelhain"].all.answered_any["7d"] == 0
    twin, original = facts["Ledgerlea"], facts["Penngrove Savings"]
    assert (twin.all.inbound_count, twin.score) == (original.all.inbound_count, original.score)


def test_whole_world_has_several_ranked_brands_on_each_network() -> None:
    facts = [fact for fact in truth(tell_world()).values() if fact.ranked]
    networks = ("bluesky", "x", "youtube", "mastodon", "discourse")
    scored = {name: sum(name in fact.networks and fact.networks[name].openers >= 20 for fact in facts) for name in networks}
    assert scored == {"bluesky": 18, "x": 8, "youtube": 11, "mastodon": 3, "discourse": 4}


def test_whole_world_spreads_sectors_and_networks() -> None:
    assert all(1 <= len(spec.talks) <= 3 for spec in roster())
    for network in ("bluesky", "x", "youtube", "mastodon"):
        assert len({spec.sector for spec in roster() if network in spec.talks}) >= 5, network
    assert any(fact.hidden_count for brand in truth(tell_world()).values() for fact in brand.networks.values())
