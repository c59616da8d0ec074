"""Whole brands: counts, the gate, what is left out, and what must not matter."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialbench.measure.brand import measure
from socialbench.measure.engine import run
from socialbench.measure.prepare import prepare
from socialbench.measure.result import BrandResult
from socialbench.measure.rules import Rules
from socialbench.model import Basis, Brand, Frames, Handle, How
from tests.measure.frames import ACME, DAY, MINUTE, START, World

RULES = Rules()


def asked(count: int, answered: int, *, wait: float = 30.0, basis: Basis = Basis.INDEPENDENT) -> World:
    """`count` customers ask, an hour apart; the first `answered` are answered after `wait` minutes."""
    world = World()
    for place in range(count):
        key = world.ask(100 + place, place * 60, basis=basis)
        if place < answered:
            world.answer(key, place * 60 + wait)
    return world


def measured(world: World, rules: Rules = RULES) -> BrandResult:
    return measure(ACME, prepare(world.frames(), rules.as_of), rules)


def test_rate_is_answered_over_watched() -> None:
    figure = measured(asked(80, 60)).metrics["response_rate"]
    assert figure.value == pytest.approx(0.75)
    assert figure.low is not None
    assert figure.high is not None
    assert figure.low < 0.75 < figure.high


def test_mean_time_has_no_end_below_zero() -> None:
    """Two answers after a minute, one after a day: the mean is 28,840 s and its error as large."""
    world = World()
    for author, wait in ((7, 1), (8, 1), (9, 1440)):
        world.answer(world.ask(author, author), author + wait)
    figure = measured(world).metrics["answered_mean_s"]
    assert (figure.low, figure.value) == (0.0, 28_840.0)
    assert figure.high is not None
    assert figure.high > 86_400


def test_score_of_half_answered_at_once_is_half() -> None:
    assert measured(asked(80, 40, wait=0)).metrics["expectation_score"].value == pytest.approx(50)


def test_score_weighs_the_survey_times() -> None:
    """All answered after 60 min: .22 A(2 h) + .29 A(24 h) + .19 A(7 d), and nothing within 30 min."""
    assert measured(asked(80, 80, wait=60)).metrics["expectation_score"].value == pytest.approx(70)


@pytest.mark.parametrize(("count", "part"), [(49, "49 of 50"), (50, None)], ids=["one short", "enough"])
def test_gate_asks_for_fifty_openers(count: int, part: str | None) -> None:
    reason = measured(asked(count, 10)).gate.reason
    assert reason is None if part is None else part in str(reason)


def test_gate_asks_for_thirty_authors() -> None:
    world = World()
    for place in range(60):
        world.ask(100 + place % 29, place * 60)
    assert "29 of 30 authors" in str(measured(world).gate.reason)


def test_gate_refuses_a_capped_listing() -> None:
    world = asked(80, 60)
    world.cover(0, 30 * DAY / MINUTE)
    world.cover(0, 2000, stream="mentions", direction="inbound", gap=True, reason="cap")
    world.cover(2000, 30 * DAY / MINUTE, stream="mentions", direction="inbound")
    assert "cap" in str(measured(world).gate.reason)


def test_gate_refuses_outages_of_two_percent() -> None:
    world = asked(80, 60)
    world.cover(0, 20 * DAY / MINUTE)
    world.cover(21 * DAY / MINUTE, 30 * DAY / MINUTE)
    assert "coverage misses 3.3 %" in str(measured(world).gate.reason)


def test_gate_takes_the_silence_before_the_first_row_of_a_file_for_no_outage() -> None:
    """Asked for thirty days, the first message after one of them: 3.3 % of a listing, and nothing of a file."""
    whole = replace(RULES, since_at=START, until_at=START + 30 * DAY)
    for stream, reason in (("import", None), ("records", "coverage misses 3.3 % of the period")):
        world = asked(80, 60)
        world.cover(DAY / MINUTE, 60 * DAY / MINUTE, stream=stream)
        brand = Brand("Acme", None, (Handle("x", "acme"),))
        assert measure(brand, prepare(world.frames()), whole).gate.reason == reason


def test_gate_names_a_handle_that_was_never_collected() -> None:
    brand = Brand("Acme", None, (Handle("x", "acme"), Handle("x", "acme_help")))
    result = measure(brand, prepare(asked(80, 60).frames()), replace(RULES, collected=frozenset({"x"})))
    assert result.gate.reason == "never collected: acme_help"


def test_answered_only_sample_gives_counts_and_refuses_rates() -> None:
    result = measured(asked(60, 60, basis=Basis.ANSWERED_ONLY))
    assert (result.metrics["inbound_count"].value, result.metrics["answered_median_s"].value) == (60.0, 1800.0)
    assert all(
        result.metrics[name].refused for name in ("response_rate", "answered_within_2h", "median_latency_s", "expectation_score")
    )
    assert (result.gate.reason, result.curve) == (None, [])


def test_complete_source_outranks_an_answered_only_one() -> None:
    world = asked(80, 60)
    world.ask(999, 3, basis=Basis.ANSWERED_ONLY)
    result = measured(world)
    assert (result.metrics["inbound_count"].value, result.marks["answered_only"]) == (80.0, False)


def test_negative_time_is_unknown_and_bounds_are_printed() -> None:
    world = asked(78, 58)
    for place in (78, 79):
        key = world.ask(100 + place, place * 60)
        world.answer(key, place * 60 - 5)
    figure = measured(world).metrics["response_rate"]
    assert figure.value == pytest.approx(58 / 78)
    assert figure.bounds == pytest.approx((58 / 80, 60 / 80))
    assert measured(world).left_out.negative == 2


def test_not_watched_long_enough_is_null() -> None:
    world = asked(40, 40)
    world.cover(0, 40 * 60)
    figure = measured(world).metrics["response_rate"]
    assert (figure.value, figure.note) == (None, "not watched long enough")


def test_median_not_reached_is_a_value_of_its_own() -> None:
    figure = measured(asked(80, 20)).metrics["median_latency_s"]
    assert (figure.value, figure.reached) == (None, False)


def test_excluded_message_leaves_the_counts_and_is_told() -> None:
    world = asked(80, 60)
    result = measured(world, replace(RULES, excluded=frozenset({1})))
    assert (result.metrics["inbound_count"].value, result.left_out.excluded) == (79.0, 1)


def test_unlinked_reply_is_told() -> None:
    world = asked(5, 0)
    world.say(1, 500, parent=12345)
    assert measured(world).left_out.unlinked == 1


def test_population_all_stands_beside() -> None:
    world = asked(60, 60)
    for place in range(60):
        world.say(500 + place, place * 60 + 7, how=How.IN_TEXT)
    result = measured(world)
    assert result.metrics["response_rate"].value == pytest.approx(1)
    assert result.variants["population=all"]["response_rate"].value == pytest.approx(0.5)


def test_empty_store_measures_to_nothing() -> None:
    world = World()
    world.say(1, 0)
    result = measured(world)
    assert (result.metrics["inbound_count"].value, result.gate.matured) == (0.0, 0)


def shuffled(frames: Frames, seed: int) -> Frames:
    """The same store with other keys."""
    keys = frames.messages["key"].sample(frac=1, random_state=seed).tolist()
    new = {old: place + 10_000 for place, old in enumerate(keys)} | {-1: -1}
    messages = frames.messages.assign(**{c: frames.messages[c].map(lambda k: new.get(k, k)) for c in ("key", "parent", "root")})
    addresses = frames.addresses.assign(message=frames.addresses["message"].map(new))
    return Frames(messages, addresses, frames.accounts, frames.coverage, frames.spaces)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 9000), st.integers(0, 400), st.booleans()), min_size=3, max_size=60),
    st.integers(0, 1000),
)
def test_keys_of_the_store_do_not_matter(talk: list[tuple[int, int, int, bool]], seed: int) -> None:
    world = World()
    for author, minute, wait, answered in talk:
        key = world.ask(100 + author, minute)
        if answered:
            world.answer(key, minute + wait)
    frames = world.frames()
    one, other = (measure(ACME, prepare(f), RULES) for f in (frames, shuffled(frames, seed)))
    assert one.metrics == other.metrics
    assert one.weeks == other.weeks


@settings(max_examples=20, deadline=None)
@given(st.integers(20, 80), st.integers(0, 20), st.integers(0, 70))
def test_an_ignored_message_of_a_new_author_never_improves(count: int, answered: int, place: int) -> None:
    world = asked(count, answered)
    before = measured(world).metrics
    world.ask(9_999, place * 60)
    after = measured(world).metrics
    for name in ("response_rate", "answered_within_2h", "expectation_score"):
        assert after[name].value <= before[name].value + 1e-12
    assert pd.notna(after["inbound_count"].value)


def test_jobs_change_nothing() -> None:
    world = asked(80, 60)
    world.accounts.append((2, "other"))
    for place in range(60):
        world.ask(900 + place, place * 60, account=2)
    world.cover(0, 60 * DAY / MINUTE)
    world.cover(0, 60 * DAY / MINUTE, account=2)
    brands = [ACME, Brand("Other", "Retail", (Handle("x", "other"),))]
    one, two = (run(brands, world.frames(), RULES, jobs=jobs) for jobs in (1, 2))
    assert one == two
    assert one.ranks["Acme"].value == 1


def test_a_listed_brand_moves_no_other() -> None:
    world = asked(80, 60)
    world.accounts.append((2, "other"))
    world.cover(0, 60 * DAY / MINUTE)
    world.cover(0, 60 * DAY / MINUTE, account=2)
    for place in range(60):
        world.ask(900 + place, place * 60, account=2)
    alone = run([ACME], world.frames(), RULES).brands[0]
    beside = run([ACME, Brand("Other", "Retail", (Handle("x", "other"),))], world.frames(), RULES).brands[0]
    assert alone.metrics == beside.metrics


def test_score_of_two_networks_holds_the_uncertainty_of_their_weights() -> None:
    """One network answers all, the other none: which share of messages each brings is half of the score's error."""
    world = asked(40, 40, wait=0)
    frames = world.frames()
    second = asked(40, 0).frames()
    moved = second.messages.assign(key=second.messages["key"] + 1000, space=2, author=second.messages["author"] + 5000)
    addresses = second.addresses.assign(message=second.addresses["message"] + 1000, account=2)
    both = Frames(
        pd.concat([frames.messages, moved], ignore_index=True),
        pd.concat([frames.addresses, addresses], ignore_index=True),
        pd.concat([frames.accounts, frames.accounts.assign(key=2, space=2)], ignore_index=True),
        pd.concat([frames.coverage, frames.coverage.assign(account=2)], ignore_index=True),
        pd.DataFrame([{"key": 1, "network": "x", "origin": ""}, {"key": 2, "network": "bluesky", "origin": ""}]),
    )
    brand = Brand("Acme", None, (Handle("x", "acme"), Handle("bluesky", "acme")))
    figure = measure(brand, prepare(both), RULES).metrics["expectation_score"]
    assert figure.value == pytest.approx(50)
    assert (figure.high - figure.low) / 2 > 100 * 1.96 * (0.25 / 88) ** 0.5


def test_p90_needs_five_on_its_far_side() -> None:
    assert measured(asked(49, 49)).metrics["p90_latency_s"].note == "too few"
    assert measured(asked(50, 50)).metrics["p90_latency_s"].value == 1800.0


def test_scores_that_print_alike_tie() -> None:
    """40 of 121 and 41 of 124 answered at once: 33.06 and 33.06, printed 33.1."""
    world = asked(121, 40, wait=0)
    world.accounts.append((2, "other"))
    for place in range(124):
        key = world.ask(900 + place, place * 60, account=2)
        if place < 41:
            world.say(2, place * 60, to=key)
    world.cover(0, 60 * DAY / MINUTE)
    world.cover(0, 60 * DAY / MINUTE, account=2)
    found = run([ACME, Brand("Other", None, (Handle("x", "other"),))], world.frames(), RULES)
    assert [found.ranks[name].label for name in ("Acme", "Other")] == ["1 =", "1 ="]
    assert found.brands[0].score != found.brands[1].score


def test_automatic_share_of_a_network_counts_that_network_alone() -> None:
    """25 automatic replies on X, one answer by hand on Bluesky: 1 of 1 there is not automatic."""
    world = World()
    for person in range(25):
        world.answer(world.ask(100 + person, person * 60), person * 60 + 0.2, text_hash=5)
    world.accounts.append((2, "acme"))
    world.say(2, 91, to=world.ask(7, 90, account=2, space=2), space=2)
    world.cover(0, 60 * DAY / MINUTE)
    world.cover(0, 60 * DAY / MINUTE, account=2)
    frames = world.frames()
    accounts = frames.accounts.assign(space=frames.accounts["key"])
    spaces = pd.DataFrame([{"key": 1, "network": "x", "origin": ""}, {"key": 2, "network": "bluesky", "origin": ""}])
    both = Frames(frames.messages, frames.addresses, accounts, frames.coverage, spaces)
    brand = Brand("Acme", None, (Handle("x", "acme"), Handle("bluesky", "acme")))
    networks = measure(brand, prepare(both), RULES).networks
    assert [networks[name].metrics["automated_rate"].value for name in ("x", "bluesky")] == [1.0, 0.0]
