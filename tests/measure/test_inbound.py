"""How much needs a response, who turns from handle to handle, and whether one answer was enough."""

from __future__ import annotations

from dataclasses import replace

import pytest

from socialbench.measure.brand import measure
from socialbench.measure.prepare import prepare
from socialbench.measure.result import BrandResult, Figure
from socialbench.measure.rules import Rules
from socialbench.model import Brand, Handle, How, Role
from tests.measure.frames import ACME, DAY, MINUTE, START, World

RULES = Rules()
DAY_MIN = DAY / MINUTE
TWO = Brand("Acme", None, (Handle("x", "acme"), Handle("x", "acme_help", Role.SUPPORT)))
HELP = 2


def measured(world: World, brand: Brand = ACME, rules: Rules = RULES) -> BrandResult:
    return measure(brand, prepare(world.frames(), rules.as_of), rules)


def test_needs_response_share_counts_messages() -> None:
    """Three of four messages lead with the handle; n is the count of inbound messages."""
    world = World()
    for person in range(3):
        world.ask(100 + person, person * 60)
    world.say(200, 5, how=How.IN_TEXT)
    figure = measured(world).metrics["needs_response_share"]
    assert (figure.value, figure.n, figure.authors) == (0.75, 4, 4)


def test_needs_response_share_of_a_crowd_of_one_is_hardly_known() -> None:
    """Pitfall: 40 messages of one author are not 40 witnesses."""
    crowd, alone = World(), World()
    for place in range(80):
        facts = {"how": How.LEADING if place % 2 else How.IN_TEXT}
        alone.say(100 + place, place * 700, **facts)
        crowd.say(100 + place if place % 2 else 7, place * 700, **facts)
    wide, narrow = (measured(world).metrics["needs_response_share"] for world in (crowd, alone))
    assert wide.value == narrow.value == 0.5
    assert narrow.design_effect == pytest.approx(1, abs=0.2)
    assert wide.design_effect > 5
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)


def test_needs_response_share_keeps_to_the_period() -> None:
    world = World()
    world.ask(1_000, 0)
    world.say(1_001, DAY_MIN + 5, how=How.IN_TEXT)
    figure = measured(world, rules=replace(RULES, since_at=START + DAY)).metrics["needs_response_share"]
    assert (figure.value, figure.n) == (0.0, 1)


def two_handles() -> World:
    world = World()
    world.accounts.append((HELP, "acme_help"))
    world.cover(0, 60 * DAY_MIN)
    world.cover(0, 60 * DAY_MIN, account=HELP)
    return world


def hops(world: World, brand: Brand = TWO, rules: Rules = RULES) -> Figure:
    return measured(world, brand, rules).metrics["handle_hops"]


@pytest.mark.parametrize(("days", "expected"), [(1, 1.0), (7, 1.0), (7.001, 0.0)], ids=["a day", "7 days", "later"])
def test_handle_hops_are_within_seven_days(days: float, expected: float) -> None:
    world = two_handles()
    world.ask(100, 0)
    world.ask(100, days * DAY_MIN, account=HELP)
    world.ask(101, 5)
    figure = hops(world)
    assert (figure.value, figure.n) == (expected, 2)


def test_handle_hops_count_an_author_once_and_not_who_stays() -> None:
    world = two_handles()
    for minute, handle in ((0, 1), (10, HELP), (20, 1), (30, HELP)):
        world.ask(100, minute, account=handle)
    world.ask(101, 0)
    world.ask(101, 10)
    assert hops(world).value == 1.0


def test_handle_hops_are_no_message_to_both_handles_at_once() -> None:
    """Pitfall: two addresses of one message are one step, and the next message to either of them is none."""
    world = two_handles()
    for author, then in ((100, 1), (101, HELP)):
        both = world.ask(author, 0)
        world.addresses.append({"message": both, "account": HELP, "how": int(How.CARRIED), "basis": 0})
        world.ask(author, 10, account=then)
    assert hops(world).value == 0.0


def test_handle_hops_are_no_reply_to_the_handle_that_answered() -> None:
    """Pitfall: @acme_help answers what was asked of @acme; the thanks go to @acme_help by the brand's own doing."""
    world = two_handles()
    asked = world.ask(100, 0)
    answer = world.answer(asked, 5, author=HELP)
    world.say(100, 9, to=answer, how=How.REPLY, account=HELP)
    assert hops(world).value == 0.0


def test_handle_hops_look_back_before_the_period() -> None:
    world = two_handles()
    world.ask(100, 0)
    world.ask(100, DAY_MIN, account=HELP)
    figure = hops(world, rules=replace(RULES, since_at=START + DAY))
    assert (figure.value, figure.n) == (1.0, 1)


def test_handle_hops_of_one_handle_are_null() -> None:
    world = two_handles()
    world.ask(100, 0)
    figure = hops(world, ACME)
    assert (figure.value, figure.note) == (None, "one handle alone")


def over_networks() -> tuple[World, Brand]:
    """One person asks on X as 100 and on Bluesky as 200; the frames' spaces are set by `spaced`."""
    world = two_handles()
    world.ask(100, 0)
    world.ask(200, 60, account=HELP, space=2)
    return world, Brand("Acme", None, (Handle("x", "acme"), Handle("bluesky", "acme_help")))


def spaced(world: World, brand: Brand, rules: Rules) -> BrandResult:
    frames = world.frames()
    spaces = frames.spaces.loc[[0, 0]].assign(key=[1, 2], network=["x", "bluesky"]).reset_index(drop=True)
    accounts = frames.accounts.assign(space=frames.accounts["key"])
    return measure(brand, prepare(replace(frames, spaces=spaces, accounts=accounts)), rules)


def test_handle_hops_over_networks_are_refused_without_an_author_map() -> None:
    result = spaced(*over_networks(), RULES)
    assert "needs an author map" in result.metrics["handle_hops"].refused
    assert result.networks["x"].metrics["handle_hops"].note == "one handle alone"


def test_handle_hops_over_networks_follow_the_author_map() -> None:
    mapped = spaced(*over_networks(), replace(RULES, persons={100: "Jo", 200: "Jo"})).metrics["handle_hops"]
    others = spaced(*over_networks(), replace(RULES, persons={100: "Jo", 200: "Mo"})).metrics["handle_hops"]
    assert (mapped.value, mapped.n, others.value, others.n) == (1.0, 1, 0.0, 2)


def test_handle_hops_without_a_map_say_that_networks_stand_alone() -> None:
    world, brand = over_networks()
    three = replace(brand, handles=(*brand.handles, Handle("x", "acme_news")))
    figure = spaced(world, three, RULES).metrics["handle_hops"]
    assert (figure.value, figure.note) == (0.0, "within each network alone: no author map")


def settled(world: World, rules: Rules = RULES) -> tuple[float | None, int | None]:
    figure = measured(world, rules=rules).metrics["settled_by_one_share"]
    return figure.value, figure.n


def test_settled_by_one_answer_is_the_last_word() -> None:
    """Silent after the answer; asks again in the thread; gets a second answer; never answered."""
    world = World()
    world.answer(world.ask(100, 0), 10)
    asked = world.ask(101, 0)
    world.say(101, 30, to=world.answer(asked, 10), how=How.REPLY)
    asked = world.ask(102, 0)
    world.answer(asked, 10)
    world.answer(asked, 600)
    world.ask(103, 0)
    assert settled(world) == (pytest.approx(1 / 3), 3)


def test_settled_by_an_answer_in_parts_is_settled() -> None:
    """Pitfall: 1/2 and 2/2, the second replying to the first, are one answer."""
    world = World()
    part = world.answer(world.ask(100, 0), 10)
    world.say(1, 11, to=part)
    assert settled(world) == (1.0, 1)


def test_settled_is_not_undone_by_others_nor_after_the_follow_up() -> None:
    world = World()
    asked = world.ask(100, 0)
    answer = world.answer(asked, 10)
    world.say(300, 20, to=answer, how=How.REPLY)
    world.say(100, 8 * DAY_MIN, to=answer, how=How.REPLY)
    world.ask(100, 50)
    assert settled(world)[0] == 1.0


def test_settled_needs_the_whole_follow_up_watched() -> None:
    world = World()
    world.answer(world.ask(100, 0), 10)
    world.cover(0, DAY_MIN)
    assert settled(world) == (None, 0)


def test_settled_is_the_same_for_each_unit() -> None:
    world = World()
    asked = world.ask(100, 0)
    world.say(100, 30, to=world.answer(asked, 10), how=How.REPLY)
    world.answer(world.ask(101, 0), 10)
    for unit in ("episode", "message", "opener"):
        assert settled(world, replace(RULES, unit=unit)) == (0.5, 2)


def test_roles_count_the_own_messages_of_their_handles() -> None:
    """Two answers by @acme_help to one question there, none by @acme: its response index is 2, not 0."""
    world = two_handles()
    asked = world.ask(100, 0, account=HELP)
    world.answer(asked, 5, author=HELP)
    world.answer(asked, 6, author=HELP)
    world.ask(101, 0)
    found = measured(world, TWO).roles
    assert [found[role].metrics["response_index"].value for role in ("brand", "support")] == [0.0, 2.0]
