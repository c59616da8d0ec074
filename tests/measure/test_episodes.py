"""Episodes, clocks and answers, each worked out on paper."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from socialbench.measure.brand import measure
from socialbench.measure.episodes import units
from socialbench.measure.links import link
from socialbench.measure.load import load
from socialbench.measure.observed import horizon
from socialbench.measure.prepare import accounts_of, prepare
from socialbench.measure.rules import Rules
from socialbench.measure.units import Units
from socialbench.model import Basis, Gone, How, Linking
from tests.measure.frames import ACME, DAY, HOUR, MINUTE, START, World, brand

ALL = Rules(population="all")


def units_of(world: World, rules: Rules = ALL, who: Any = ACME) -> Units:
    frames = world.frames()
    prepared = prepare(frames, rules.as_of)
    accounts = accounts_of(who, frames)
    rows = load(prepared, accounts, rules)
    seen = horizon(frames.coverage, dict.fromkeys(accounts, 1), rules.as_of)
    return units(rows, link(rows, rules), seen, rules, prepared.network_names)


def minutes(found: Units) -> list[float]:
    return [round(value / 60, 3) for value in found.latency_s.tolist()]


def test_episode_takes_the_first_answer_and_its_clock_starts_at_the_first_message() -> None:
    world = World()
    first = world.ask(7, 0)
    world.answer(first, 30)
    world.answer(first, 45)
    found = units_of(world)
    assert (minutes(found), found.messages.tolist(), found.opener.tolist()) == ([30.0], [1], [True])


def test_episode_nudge_before_the_answer_is_no_new_case() -> None:
    world = World()
    first = world.ask(7, 0)
    nudge = world.say(7, 20, to=first, how=How.CARRIED)
    world.answer(nudge, 50)
    found = units_of(world)
    assert (minutes(found), found.messages.tolist()) == ([50.0], [2])


def test_episode_after_an_answer_stays_open_for_24_hours() -> None:
    world = World()
    first = world.ask(7, 0)
    answer = world.answer(first, 60)
    world.say(7, 60 + 24 * 60, to=answer, how=How.REPLY)
    world.say(7, 61 + 24 * 60, to=answer, how=How.REPLY)
    found = units_of(world)
    assert (found.messages.tolist(), found.opener.tolist()) == ([2, 1], [True, False])


def test_episode_answered_anew_opens_the_next() -> None:
    world = World()
    first = world.ask(7, 0)
    answer = world.answer(first, 60)
    again = world.say(7, 70, to=answer, how=How.REPLY)
    world.answer(again, 75)
    found = units_of(world)
    assert (minutes(found), found.opener.tolist()) == ([60.0, 5.0], [True, False])


def test_episode_unanswered_is_open_until_start_plus_follow_up() -> None:
    world = World()
    first = world.ask(7, 0)
    week = 7 * 24 * 60
    world.say(7, week, to=first, how=How.CARRIED)
    world.say(7, week + 1, to=first, how=How.CARRIED)
    assert units_of(world).messages.tolist() == [2, 1]


def test_episode_of_another_author_in_the_thread_is_a_follow_up() -> None:
    world = World()
    first = world.ask(7, 0)
    world.say(8, 5, to=first, how=How.CARRIED)
    found = units_of(world)
    assert found.opener.tolist() == [True, False]


def test_episode_under_a_broadcast_is_an_opener_each() -> None:
    world = World()
    news = world.say(1, 0)
    world.say(1, 1, to=news)
    world.say(7, 5, to=news, how=How.REPLY)
    world.say(8, 6, to=2, how=How.REPLY)
    assert units_of(world).opener.tolist() == [True, True]


def test_clock_starts_at_the_first_message_that_needs_a_response() -> None:
    world = World()
    stranger = world.say(9, 0)
    cheer = world.say(7, 10, to=stranger, how=How.CARRIED)
    world.answer(cheer, 12)
    found = units_of(world, Rules())
    assert (minutes(found), found.needs.tolist()) == ([2.0], [False])


def test_answer_before_the_clock_counts_only_for_the_message_that_starts_it() -> None:
    world = World()
    first = world.ask(7, 10)
    world.answer(first, 5)
    found = units_of(world)
    assert (found.negative.tolist(), found.answered.tolist()) == ([True], [False])


def test_answer_dated_before_a_client_dated_message_within_the_skew_is_set_to_zero() -> None:
    world = World(network="bluesky")
    first = world.ask(7, 10)
    world.answer(first, 8)
    other = world.ask(8, 20)
    world.answer(other, 17.9)
    found = units_of(world, who=brand(network="bluesky"))
    assert (found.latency_s.tolist()[0], found.negative.tolist()) == (0.0, [False, True])


def test_sibling_handle_answers_and_is_no_customer() -> None:
    world = World(accounts=[(1, "acme"), (2, "acmehelp")])
    world.cover(0, 60 * DAY / MINUTE)
    world.cover(0, 60 * DAY / MINUTE, account=2)
    first = world.ask(7, 0)
    world.say(2, 9, to=first, how=How.LEADING)
    found = units_of(world, who=brand(handles=(("acme", "brand"), ("AcmeHelp", "support"))))
    assert (len(found), minutes(found)) == (1, [9.0])


def test_message_to_both_handles_is_one_message() -> None:
    world = World(accounts=[(1, "acme"), (2, "acmehelp")])
    first = world.ask(7, 0)
    world.addresses.append({"message": first, "account": 2, "how": int(How.IN_TEXT), "basis": 0})
    found = units_of(world, who=brand(handles=(("acme", "brand"), ("AcmeHelp", "support"))))
    assert (len(found), found.role.tolist()) == (1, [0])


def test_flat_thread_links_to_the_latest_author_waiting() -> None:
    world = World()
    flat = {"root": 1, "linking": int(Linking.THREAD)}
    world.say(7, 0, how=How.POST, **flat)
    world.say(8, 10, how=How.POST, **flat)
    world.say(1, 12, **flat)
    world.say(1, 30, **flat)
    found = units_of(world, replace(ALL, unit="message"))
    assert minutes(found) == [30.0, 2.0]


@pytest.mark.parametrize(("answers", "expected"), [("human", 60.0), ("any", 1.0)])
def test_automatic_reply_in_a_flat_thread_takes_no_message_from_the_human_one(answers: Any, expected: float) -> None:
    world = World()
    flat = {"root": 1, "linking": int(Linking.THREAD)}
    world.say(7, 0, how=How.POST, **flat)
    world.say(1, 1, bot=1, **flat)
    world.say(1, 60, **flat)
    assert minutes(units_of(world, replace(ALL, answers=answers))) == [expected]


def test_opener_unit_is_answered_by_a_reply_to_a_later_message_of_its_thread() -> None:
    world = World()
    first = world.ask(7, 0)
    friend = world.say(8, 5, to=first, how=How.CARRIED)
    world.answer(friend, 25)
    found = units_of(world, replace(ALL, unit="opener"))
    assert minutes(found) == [25.0]


def test_opener_unit_is_one_message_so_that_what_is_left_out_stays_within_the_count() -> None:
    world = World()
    first = world.ask(7, 10)
    world.ask(7, 12, to=first)
    world.answer(first, 5)
    result = measure(ACME, prepare(world.frames()), replace(ALL, unit="opener"))
    assert (result.metrics["inbound_count"].value, result.left_out.negative) == (1.0, 1)


def test_parent_fetched_as_context_never_counts() -> None:
    world = World()
    first = world.ask(7, 0, basis=Basis.CONTEXT)
    world.answer(first, 3)
    assert len(units_of(world)) == 0
    result = measure(ACME, prepare(world.frames()), ALL)
    assert (result.metrics["inbound_count"].value, result.left_out.context) == (0.0, 1)


def test_outbound_gap_censors_at_its_beginning() -> None:
    world = World()
    world.cover(0, 100)
    world.cover(200, 30 * DAY / MINUTE)
    early = world.ask(7, 10)
    world.answer(early, 250)
    world.ask(8, 150)
    found = units_of(world)
    assert found.duration_s.tolist()[0] == 90 * 60
    assert (found.answered.tolist(), found.unseen.tolist()) == ([False, False], [False, True])
    assert found.gapped.tolist() == [True, True]


@pytest.mark.parametrize(("gone", "seconds"), [(Gone.BY_AUTHOR, 3600.0), (Gone.BY_BRAND, 604_800.0), (Gone.UNKNOWN, 604_800.0)])
def test_deleted_message_is_censored_only_where_its_author_took_it_back(gone: Gone, seconds: float) -> None:
    world = World()
    world.ask(7, 0, gone=int(gone), gone_at=START + 2 * HOUR, last_seen_at=START + HOUR)
    assert units_of(world).duration_s.tolist() == [seconds]


def test_parent_that_is_absent_counts_as_nothing_above_and_is_told() -> None:
    world = World()
    world.ask(7, 0, parent=99)
    found = units_of(world)
    assert (found.opener.tolist(), found.parent_absent.tolist()) == ([True], [True])


def test_cycle_of_parents_ends() -> None:
    world = World()
    world.ask(7, 0, parent=2)
    world.ask(8, 1, parent=1)
    assert len(units_of(world)) == 2


def test_unknown_authors_are_an_episode_each() -> None:
    world = World()
    for minute in (0, 1, 2):
        world.say(-1, minute, how=How.REVIEW, stars=1)
    found = units_of(world)
    assert (len(found), len(set(found.author.tolist()))) == (3, 3)


def test_without_links_silence_of_24_hours_opens() -> None:
    world = World()
    none = {"linking": int(Linking.NONE)}
    world.ask(7, 0, **none)
    world.ask(7, 24 * 60, **none)
    world.ask(7, 49 * 60, **none)
    assert units_of(world).opener.tolist() == [True, True]
    assert units_of(world).messages.tolist() == [2, 1]


def test_period_takes_units_by_their_start_and_believes_later_answers() -> None:
    world = World()
    first = world.ask(7, 0)
    second = world.ask(8, 100)
    world.answer(first, 500)
    world.answer(second, 500)
    found = units_of(world, replace(ALL, since_at=START + 50 * MINUTE, until_at=START + 200 * MINUTE))
    assert minutes(found) == [400.0]


def test_as_of_forgets_what_came_later() -> None:
    world = World()
    first = world.ask(7, 0)
    world.answer(first, 500)
    found = units_of(world, replace(ALL, as_of=START + 400 * MINUTE))
    assert (found.answered.tolist(), found.duration_s.tolist()) == ([False], [400 * 60.0])


def test_template_faster_than_a_minute_is_automatic_and_answers_only_any() -> None:
    world = World()
    for person in range(25):
        key = world.ask(100 + person, person * 60)
        world.answer(key, person * 60 + 0.2, text_hash=5)
    human = measure(ACME, prepare(world.frames()), Rules())
    anyone = measure(ACME, prepare(world.frames()), Rules(answers="any"))
    assert (human.metrics["answered_count"].value, human.left_out.automated) == (0.0, 25)
    assert anyone.metrics["answered_count"].value == 25.0
    assert human.variants["answers=any"]["answered_count"].value == 25.0


def test_slow_templates_stay_human_and_earn_the_note() -> None:
    world = World()
    for person in range(25):
        key = world.ask(100 + person, person * 60)
        world.answer(key, person * 60 + 5, text_hash=5)
    result = measure(ACME, prepare(world.frames()), Rules())
    assert (result.metrics["answered_count"].value, result.marks["looks_automatic"]) == (25.0, True)


def test_reply_to_a_later_message_dated_before_the_start_is_no_answer() -> None:
    world = World()
    first = world.ask(7, 10)
    nudge = world.say(7, 20, to=first, how=How.CARRIED)
    world.answer(nudge, 5)
    found = units_of(world)
    assert (found.negative.tolist(), found.answer.tolist()) == ([False], [-1])


@pytest.mark.parametrize(("stars", "needs"), [(1, True), (3, True), (4, False), (-1, False)])
def test_review_needs_a_response_up_to_three_stars(stars: int, needs: bool) -> None:
    world = World()
    world.say(7, 0, how=How.REVIEW, stars=stars)
    assert units_of(world).needs.tolist() == [needs]


def test_message_that_leads_under_a_broadcast_is_a_reply_and_needs_none_by_structure() -> None:
    world = World()
    news = world.say(1, 0)
    world.ask(7, 5, to=news)
    world.ask(8, 6)
    assert units_of(world).needs.tolist() == [False, True]


def test_flat_thread_with_a_named_parent_links_to_it() -> None:
    world = World()
    flat = {"root": 1, "linking": int(Linking.THREAD)}
    first = world.say(7, 0, how=How.POST, **flat)
    world.say(8, 10, how=How.POST, **flat)
    world.say(1, 12, to=first, **flat)
    assert minutes(units_of(world, replace(ALL, unit="message")))[0] == 12.0


def test_two_handles_are_watched_only_where_both_are() -> None:
    world = World(accounts=[(1, "acme"), (2, "acmehelp")])
    world.cover(0, 400)
    world.cover(0, 1000, account=2)
    world.ask(7, 100)
    found = units_of(world, who=brand(handles=(("acme", "brand"), ("AcmeHelp", "support"))))
    assert found.watched_s.tolist() == [300 * 60.0]


def test_what_is_left_out_is_counted_within_the_period() -> None:
    world = World()
    struck = [world.ask(7, minute) for minute in (0, 3000)]
    world.ask(8, 1, basis=Basis.CONTEXT)
    world.ask(8, 3001)
    for minute in (2, 3002):
        world.say(1, minute, parent=99999)
    rules = replace(ALL, since_at=START + 2000 * MINUTE, until_at=START + 4000 * MINUTE, excluded=frozenset(struck))
    left_out = measure(ACME, prepare(world.frames()), rules).left_out
    assert (left_out.excluded, left_out.context, left_out.unlinked) == (1, 0, 1)


def test_observed_until_of_an_import_is_that_of_all_handles_of_a_brand() -> None:
    world = World(accounts=[(1, "acme"), (2, "acme_help")])
    world.answer(world.ask(7, 0), 30)
    world.ask(8, 60)
    world.cover(0, 20_000, stream="import", assumed=True)
    # The help handle wrote once, a week behind: a file says nothing of when a handle was not read.
    world.cover(10_080, 10_090, stream="import", assumed=True, account=2)
    both = brand(handles=[("acme", "brand"), ("acme_help", "support")])
    assert units_of(world, who=both).watched_s.tolist() == [20_000 * 60, 19_940 * 60]


def test_observed_until_that_was_stated_for_a_handle_holds_for_the_brand() -> None:
    world = World(accounts=[(1, "acme"), (2, "acme_help")])
    world.ask(7, 0)
    world.cover(0, 20_000, stream="import")
    world.cover(100, 5_000, stream="import", account=2)
    both = brand(handles=[("acme", "brand"), ("acme_help", "support")])
    assert units_of(world, who=both).watched_s.tolist() == [5_000 * 60]


def test_observed_until_of_listings_takes_each_handle_for_itself() -> None:
    world = World(accounts=[(1, "acme"), (2, "acme_help")])
    world.ask(7, 200)
    world.cover(0, 20_000)
    world.cover(100, 5_000, account=2)
    both = brand(handles=[("acme", "brand"), ("acme_help", "support")])
    assert units_of(world, who=both).watched_s.tolist() == [4_800 * 60]


def test_silence_of_an_author_is_not_broken_by_a_reply_before_their_first_word() -> None:
    """A review that was edited after its reply is a unit of its own, of unknown time, and answers nobody else's."""
    world = World()
    world.ask(7, 0)
    world.answer(world.ask(8, 100), 50)
    found = units_of(world, Rules(unit="silence", population="all"))
    assert found.messages.tolist() == [1, 1]
    assert found.negative.tolist() == [False, True]
    assert found.answered.tolist() == [False, False]
