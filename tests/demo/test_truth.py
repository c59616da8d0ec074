"""The known facts, worked out by hand for a world of a few posts."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from socialbench.demo.pen import Draft, Pen
from socialbench.demo.roster import BrandSpec, Habit
from socialbench.demo.truth import BrandTruth, Facts, truth
from socialbench.demo.world import PERIOD, Person, Post, World
from socialbench.model import DAY_MS, HOUR_MS, How

MINUTE_MS = 60_000
SPEC = BrandSpec("Acme", "Retail", "acme", Habit(rate=1, median_min=1), {"bluesky": 1})
BRAND = Person("did:plc:" + "a" * 24, "acme.test", "Acme", brand="Acme")
HELP = Person("did:plc:" + "h" * 24, "help.acme.test", "Acme Help", brand="Acme")
ANN = Person("did:plc:" + "b" * 24, "ann.test", "Ann")
BEN = Person("did:plc:" + "c" * 24, "ben.test", "Ben")
assert PERIOD.since_at is not None
NOON = PERIOD.since_at + 10 * DAY_MS


class SteadyPen(Pen):
    """Every post is seen by the network exactly one second after it was written."""

    def _lag(self) -> int:
        return 1000


class Tale:
    """Posts told by hand; times are minutes after NOON."""

    def __init__(self) -> None:
        self.pen = SteadyPen(Random(1))

    def facts(self) -> Facts:
        return self.brand().all

    def asks(self, author: Person, minute: float, how: How = How.LEADING, **more: object) -> Post:
        return self._write(author, minute, {"Acme": how}, more)

    def says(self, author: Person, minute: float, **more: object) -> Post:
        return self._write(author, minute, {}, more)

    def _write(self, author: Person, minute: float, addressed: dict[str, How], more: dict[str, object]) -> Post:
        draft = Draft(author, NOON + round(minute * MINUTE_MS), "text", addressed=addressed, **more)  # type: ignore[arg-type]
        return self.pen.write(draft)

    def brand(self, search_cap: int = 100) -> BrandTruth:
        people = (BRAND, HELP, ANN, BEN)
        return truth(World(1, (SPEC,), people, tuple(self.pen.posts), search_cap=search_cap))["Acme"]


def test_truth_counts_a_small_world_as_by_hand() -> None:
    tale = Tale()
    quick = tale.asks(ANN, 0)
    reply = tale.says(BRAND, 20, parent=quick)
    tale.asks(ANN, 25, How.REPLY, parent=reply)  # thanks: inbound, a follow-up
    slow = tale.asks(BEN, 30)
    nudge = tale.asks(BEN, 600, parent=slow)  # inbound, a follow-up of its own opener
    tale.says(HELP, 30 + 23 * 60, parent=nudge)  # answers the opener's thread after 23 h, by the other handle
    tale.asks(BEN, 50)  # never answered
    tale.asks(ANN, 60, How.IN_TEXT)  # inbound; needs no response by rule version 1
    facts = tale.facts()
    assert facts.inbound_count == 6
    assert facts.inbound_by_how == {How.LEADING: 4, How.REPLY: 1, How.IN_TEXT: 1}
    assert (facts.unit_count, facts.openers, facts.authors) == (4, 3, 2)
    assert facts.answered_human == {"30m": 1, "2h": 1, "24h": 2, "7d": 2}
    assert facts.answered_any == facts.answered_human
    assert tale.brand().score is None  # fewer than twenty
    assert 100 * sum(w * facts.share(h) for h, w in {"30m": 0.30, "2h": 0.22, "24h": 0.29, "7d": 0.19}.items()) == pytest.approx(
        100 * (0.30 / 3 + 0.22 / 3 + 0.29 * 2 / 3 + 0.19 * 2 / 3)
    )


def test_truth_lets_no_machine_answer_for_humans() -> None:
    tale = Tale()
    opener = tale.asks(ANN, 0)
    tale.says(BRAND, 0.5, parent=opener, automated=True)
    tale.says(BRAND, 300, parent=opener)
    facts = tale.facts()
    assert facts.answered_any == {"30m": 1, "2h": 1, "24h": 1, "7d": 1}
    assert facts.answered_human == {"30m": 0, "2h": 0, "24h": 1, "7d": 1}


def test_truth_waits_no_longer_than_a_week() -> None:
    tale = Tale()
    opener = tale.asks(ANN, 0)
    tale.says(BRAND, 7 * 24 * 60 + 1, parent=opener)
    assert tale.facts().answered_human["7d"] == 0


def test_truth_takes_a_reply_shortly_before_its_question_as_at_once() -> None:
    tale = Tale()
    opener = tale.asks(ANN, 10)
    tale.says(BRAND, 9, parent=opener)
    other = tale.asks(BEN, 10)
    tale.says(BRAND, 7, parent=other)
    assert tale.facts().answered_human["30m"] == 1


def test_truth_counts_under_a_broadcast_but_asks_for_no_answer_there() -> None:
    tale = Tale()
    news = tale.says(BRAND, 0)
    tale.asks(ANN, 5, How.REPLY, parent=news)
    tale.asks(BEN, 6, parent=news)  # begins with the handle
    facts = tale.facts()
    assert (facts.inbound_count, facts.openers) == (2, 1)


def test_truth_neither_counts_what_is_deleted_nor_looks_above_it() -> None:
    tale = Tale()
    gone = tale.asks(ANN, 0, deleted=True)
    tale.says(BRAND, 5, parent=gone)
    again = tale.asks(ANN, 60, parent=gone)
    tale.says(BRAND, 70, parent=again)
    facts = tale.facts()
    assert (facts.inbound_count, facts.openers) == (1, 1)
    assert facts.answered_human["30m"] == 1


def test_truth_is_bounded_by_the_period() -> None:
    tale = Tale()
    tale.asks(ANN, -10 * 24 * 60 - 1)  # a minute before the period
    early = tale.asks(BEN, -10 * 24 * 60 - 5)
    tale.asks(BEN, -10 * 24 * 60 + 5, parent=early)  # in it, but a follow-up of what was before
    facts = tale.facts()
    assert (facts.inbound_count, facts.openers) == (1, 0)


def test_truth_marks_a_brand_whose_listing_is_cut() -> None:
    tale = Tale()
    for minute in range(3):
        tale.pen.write(Draft(ANN, NOON + minute * HOUR_MS, "@acme.test help", linked={"acme.test": BRAND.id}))
    assert tale.brand(search_cap=3).complete
    assert not tale.brand(search_cap=2).complete


def test_truth_does_not_count_what_a_brand_says_to_itself() -> None:
    tale = Tale()
    tale.asks(HELP, 0)
    assert tale.facts().inbound_count == 0


def test_truth_takes_what_stands_under_a_reply_of_the_brand_as_a_follow_up() -> None:
    tale = Tale()
    gossip = tale.says(ANN, 0)
    reply = tale.says(BRAND, 5, parent=gossip)
    tale.asks(BEN, 9, parent=reply)
    facts = tale.facts()
    assert (facts.inbound_count, facts.openers) == (1, 0)


def test_truth_dates_a_post_by_the_network_where_the_clock_is_ahead() -> None:
    tale = Tale()
    ahead = replace(ANN, skew_ms=50 * MINUTE_MS)
    opener = tale.asks(ahead, 0)
    tale.says(BRAND, 31, parent=opener)
    # Seen by the network a second after it was written; the brand's own clock is right: 31 min less that second.
    assert opener.sent_at == NOON + 1000
    assert tale.facts().answered_human["30m"] == 0


def test_truth_lets_a_reply_to_a_bystander_answer_nobody() -> None:
    tale = Tale()
    opener = tale.asks(ANN, 0)
    bystander = tale.says(BEN, 5, parent=opener)
    tale.says(BRAND, 10, parent=bystander)
    assert tale.facts().answered_human["7d"] == 0
