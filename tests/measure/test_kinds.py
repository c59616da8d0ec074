"""Kinds, topics, hand-offs and thanks in the figures, with numbers worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialbench.measure.brand import measure
from socialbench.measure.prepare import prepare
from socialbench.measure.result import BrandResult, Figure
from socialbench.measure.rules import Rules
from socialbench.measure.sample import REFUSED_UNLABELLED
from socialbench.model import DISMISSED, REPLY_KIND_SHIFT, Frames, Gone, How, Kind, ReplyKind
from tests.measure.frames import ACME, DAY, MINUTE, START, World

RULES = Rules()
DAY_MIN = DAY / MINUTE
QUESTION, COMPLAINT, THANKS, PRAISE = int(Kind.QUESTION), int(Kind.COMPLAINT), int(Kind.THANKS) | DISMISSED, int(Kind.PRAISE)
SAID, TO_PRIVATE, BY_LINK = (int(kind) << REPLY_KIND_SHIFT for kind in (0, ReplyKind.HANDOFF_PRIVATE, ReplyKind.HANDOFF_LINK))


def measured(world: World, rules: Rules = RULES, frames: Frames | None = None) -> BrandResult:
    return measure(ACME, prepare(frames or world.frames(), rules.as_of), rules)


def asked(answers: list[int], kind: int = QUESTION, first: int = 100) -> World:
    """A question a day from a new author, answered after an hour by a reply of each code."""
    world = World()
    for place, code in enumerate(answers):
        world.answer(world.ask(first + place, place * 300, kind=kind), place * 300 + 60, kind=code)
    return world


def value(figure: Figure) -> float | None:
    assert figure.refused is None, figure.refused
    return figure.value


def test_kinds_hand_offs_are_shares_of_the_answers() -> None:
    """Of ten answers three ask for a private message and one gives a link: 4 / 10; who is not answered counts not."""
    world = asked([TO_PRIVATE] * 3 + [BY_LINK] + [SAID] * 6)
    world.ask(900, 0, kind=QUESTION)
    metrics = measured(world).metrics
    found = [value(metrics[name]) for name in ("handoff_rate", "handoff_private_rate", "handoff_link_rate")]
    assert found == [0.4, 0.3, 0.1]
    assert metrics["handoff_rate"].n == 10


def test_kinds_the_first_answer_decides_on_the_hand_off() -> None:
    """Pitfall: what follows the hand-off does not undo it."""
    world = asked([TO_PRIVATE])
    world.answer(1, 120, kind=SAID)
    assert value(measured(world).metrics["handoff_rate"]) == 1.0
    assert value(measured(world, replace(RULES, answers="substantive")).metrics["handoff_rate"]) == 0.0


def test_kinds_score_substantive_forgets_hand_offs() -> None:
    """Forty questions answered within 30 minutes, ten of these answers ask for a DM: 30 of 40."""
    world = World()
    for place in range(40):
        code = TO_PRIVATE if place < 10 else SAID
        world.answer(world.ask(100 + place, place * 300, kind=QUESTION), place * 300 + 5, kind=code)
    result = measured(world)
    assert value(result.metrics["expectation_score"]) == pytest.approx(100)
    assert value(result.metrics["score_substantive"]) == pytest.approx(75)
    assert value(result.variants["answers=substantive"]["expectation_score"]) == pytest.approx(75)
    assert value(result.variants["answers=substantive"]["response_rate"]) == pytest.approx(0.75)


def test_kinds_are_slices_that_add_up() -> None:
    world = asked([SAID] * 3)
    for place in range(2):
        world.ask(500 + place, place * 60, kind=COMPLAINT)
    world.say(1, 0)
    slices = measured(world).kinds
    assert {name: value(cut.metrics["inbound_count"]) for name, cut in slices.items()} == {"question": 3, "complaint": 2}
    assert {name: value(cut.metrics["inbound_share"]) for name, cut in slices.items()} == {"question": 0.6, "complaint": 0.4}
    assert {name: value(cut.metrics["answered_count"]) for name, cut in slices.items()} == {"question": 3, "complaint": 0}
    assert {name: value(cut.metrics["response_index"]) for name, cut in slices.items()} == {"question": 1, "complaint": 0}
    assert "service_share" not in slices["question"].metrics


def test_kinds_share_has_wilsons_interval() -> None:
    """Two of five: (.4 + .38416 -+ 1.96 sqrt(.24 / 5 + 3.8416 / 100)) / 1.76832."""
    world = asked([SAID] * 3)
    for place in range(2):
        world.ask(500 + place, place * 60, kind=COMPLAINT)
    result = measured(world)
    figure = result.kinds["complaint"].metrics["inbound_share"]
    assert (figure.low, figure.high) == pytest.approx((0.1176, 0.7693), abs=1e-4)
    assert (figure.n, figure.authors, figure.design_effect) == (5, 5, 1.0)
    whole = result.metrics["inbound_share"]
    assert (whole.low, whole.value, whole.high) == (1.0, 1.0, 1.0)


def test_kinds_of_a_unit_are_that_of_its_first_message() -> None:
    """A question and the complaint that nudges are one episode, of a question; as messages they are two kinds."""
    world = World()
    first = world.ask(100, 0, kind=QUESTION)
    world.say(100, 60, to=first, how=How.LEADING, kind=COMPLAINT)
    slices = measured(world).kinds
    assert {name: value(cut.metrics["unit_count"]) for name, cut in slices.items()} == {"question": 1, "complaint": 0}
    assert {name: value(cut.metrics["inbound_count"]) for name, cut in slices.items()} == {"question": 1, "complaint": 1}


def test_topics_overlap() -> None:
    world = asked([SAID] * 4)
    first, second, third = (1, 3, 5)
    rules = replace(
        RULES, topics={"billing": frozenset({first, second}), "outage": frozenset({second, third}), "none": frozenset()}
    )
    slices = measured(world, rules).topics
    assert {name: value(cut.metrics["unit_count"]) for name, cut in slices.items()} == {"billing": 2, "outage": 2}
    assert {name: value(cut.metrics["inbound_share"]) for name, cut in slices.items()} == {"billing": 0.5, "outage": 0.5}


def thanked(thanks: list[float], count: int, **more: int) -> World:
    """So many answered questions; the authors of the first say thanks, so many hours after the answer."""
    world = asked([SAID] * count)
    for place, hours in enumerate(thanks):
        world.say(100 + place, place * 300 + 60 + hours * 60, to=2 + 2 * place, how=How.REPLY, kind=THANKS, **more)
    return world


def test_thanked_rate_counts_thanks_within_72_hours() -> None:
    """Of forty answered three say thanks in time, one at 71 h and one at 73 h: 4 / 40."""
    metrics = measured(thanked([1, 2, 3, 71, 73], 40)).metrics
    figure = metrics["thanked_rate"]
    assert value(figure) == pytest.approx(0.1)
    assert figure.n == 40


def test_thanked_rate_takes_no_thanks_from_others_nor_before_the_answer() -> None:
    world = asked([SAID] * 40)
    world.say(999, 70, to=2, how=How.REPLY, kind=THANKS)
    world.say(101, 310, to=3, how=How.REPLY, kind=THANKS)
    world.say(102, 700, to=6, how=How.REPLY, kind=COMPLAINT)
    assert value(measured(world).metrics["thanked_rate"]) == 0.0


def test_thanked_rate_is_censored_where_nobody_looked() -> None:
    """Thirty answers watched for the 72 h, three thanked; ten more watched for a day without thanks leave in between."""
    world = asked([SAID] * 40)
    for place in range(3):
        world.say(100 + place, place * 300 + 61 + 48 * 60, to=2 + 2 * place, how=How.REPLY, kind=THANKS)
    # The last ten questions begin after minute 9,000; the 29th answer, at 8,760, is watched to the end of its 72 h.
    world.cover(0, 9_000 + 60 + 24 * 60)
    figure = measured(world).metrics["thanked_rate"]
    watched = sum(place * 300 + 60 + 72 * 60 <= 10_500 for place in range(40))
    assert watched == 21
    # At 48 h all with 48 h to watch are at risk: the 26 whose answer came by minute 7,620.
    at_risk = sum(place * 300 + 60 + 48 * 60 + 1 <= 10_500 for place in range(40))
    assert at_risk == 26
    assert value(figure) == pytest.approx(3 / 26)


def test_unlabelled_stores_refuse_what_needs_kinds() -> None:
    world = asked([-1] * 40, kind=-1)
    result = measured(world)
    names = ("handoff_rate", "handoff_private_rate", "handoff_link_rate", "thanked_rate", "score_substantive", "unanswered_reach")
    assert {result.metrics[name].refused for name in names} == {REFUSED_UNLABELLED}
    assert result.variants["answers=substantive"]["response_rate"].refused == REFUSED_UNLABELLED
    assert result.kinds == {}
    assert value(result.metrics["response_rate"]) == 1.0


_TALK = st.tuples(
    st.integers(0, 6), st.integers(0, 9000), st.integers(0, 400), st.booleans(), st.sampled_from([0, 2, 4, 5]), st.integers(0, 3)
)


@settings(max_examples=20, deadline=None)
@given(st.lists(_TALK, min_size=3, max_size=50), st.integers(0, 1000))
def test_kinds_do_not_hang_on_the_keys_of_the_store(talk: list[tuple[int, int, int, bool, int, int]], seed: int) -> None:
    world = World()
    for author, minute, wait, answered, kind, reply in talk:
        key = world.ask(100 + author, minute, kind=kind)
        if answered:
            answer = world.answer(key, minute + wait, kind=reply << REPLY_KIND_SHIFT)
            world.say(100 + author, minute + wait + 30, to=answer, how=How.REPLY, kind=THANKS)
    frames = world.frames()
    keys = frames.messages["key"].sample(frac=1, random_state=seed).tolist()
    new = {old: place + 10_000 for place, old in enumerate(keys)} | {-1: -1}
    messages = frames.messages.assign(**{c: frames.messages[c].map(lambda k: new.get(k, k)) for c in ("key", "parent", "root")})
    addresses = frames.addresses.assign(message=frames.addresses["message"].map(new))
    other = replace(frames, messages=messages, addresses=addresses)
    topics = {"billing": frozenset({1, 2, 3})}
    one = measured(world, replace(RULES, topics=topics), frames)
    two = measured(world, replace(RULES, topics={"billing": frozenset(new[key] for key in (1, 2, 3))}), other)
    assert (one.kinds, one.topics, one.variants, one.metrics) == (two.kinds, two.topics, two.variants, two.metrics)


def ignoring(hidden: Gone | None) -> World:
    """Half of eighty questions are answered after an hour; the others are ignored, and nine in ten of these taken away."""
    world = World()
    for place in range(80):
        facts = {}
        if place % 2 and place % 20 != 1 and hidden is not None:
            facts = {"gone": int(hidden), "gone_at": START, "last_seen_at": START + round(place * 300 * MINUTE)}
        key = world.ask(100 + place, place * 300, kind=QUESTION, **facts)
        if place % 2 == 0:
            world.answer(key, place * 300 + 60, kind=SAID)
    return world


_GOOD = ("expectation_score", "response_rate", "answered_within_24h", "score_substantive", "score_all_inbound")


@pytest.mark.parametrize("hidden", [Gone.BY_BRAND, Gone.UNKNOWN])
def test_a_brand_that_hides_what_it_ignores_gains_nothing(hidden: Gone) -> None:
    before, after = measured(ignoring(None)), measured(ignoring(hidden))
    for name in _GOOD:
        assert value(after.metrics[name]) == value(before.metrics[name])
    assert after.metrics["median_latency_s"] == before.metrics["median_latency_s"]
    assert after.kinds == before.kinds


def test_authors_that_take_back_their_messages_are_no_fault_of_the_brand() -> None:
    """The control: censored where the author deleted it, so that the test above can fail."""
    before, after = measured(ignoring(None)), measured(ignoring(Gone.BY_AUTHOR))
    assert (value(after.metrics["response_rate"]) or 0) > (value(before.metrics["response_rate"]) or 0) + 0.1


_RATES = (*_GOOD, "answered_within_2h", "thanked_rate")
_TIMES = ("median_latency_s", "p75_latency_s", "p90_latency_s", "restricted_mean_s")


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 9000), st.integers(0, 3000), st.booleans()), min_size=25, max_size=60),
    st.integers(0, 9000),
    st.sampled_from([QUESTION, COMPLAINT, THANKS, PRAISE]),
    st.sampled_from(["structural", "text"]),
    st.sampled_from([None, Gone.BY_BRAND, Gone.UNKNOWN]),
)
def test_an_ignored_message_by_a_new_author_improves_no_rate_time_or_score(
    talk: list[tuple[int, int, bool]], minute: int, kind: int, needs: str, gone: Gone | None
) -> None:
    world = World()
    for place, (at, wait, answered) in enumerate(talk):
        key = world.ask(100 + place, at, kind=QUESTION)
        if answered:
            world.answer(key, at + wait, kind=SAID)
    rules = replace(RULES, needs=needs)  # type: ignore[arg-type]
    before = measured(world, rules).metrics
    facts = {} if gone is None else {"gone": int(gone), "last_seen_at": START + round(minute * MINUTE)}
    world.ask(9_999, minute, kind=kind, **facts)
    after = measured(world, rules).metrics
    for name in _RATES:
        old, new = before[name].value, after[name].value
        assert old is None or new is None or new <= old + 1e-9, name
    for name in _TIMES:
        # "Not reached" is longer than any time; null without it says nothing.
        old, new = before[name].value, after[name].value
        assert old is None or new is None or new >= old - 1e-9, name
        assert before[name].reached is not False or new is None, name
