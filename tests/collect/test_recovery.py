"""Whatever order, paging, cap, cut and lateness: all is recovered, or what is lost lies where coverage does not claim."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from itertools import accumulate, count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from socialbench.collect.http import World as Outside
from socialbench.collect.run import Task, collect
from socialbench.model import Order
from socialbench.store import open_store
from tests.collect.harness import NOW, Cut, ManualClock, Wire, benchmark
from tests.collect.scripted import HANDLE, Fault, Habit, Said, Server, World

HOUR = 3_600_000
OVERLAP_H = 24
BEGIN = NOW - 30 * 24 * HOUR
SPAN_H = 12 * 24
"""Everything is said in these hours, on the hour, so that many share a moment."""


Intervals = dict[tuple[str, str], list[tuple[int, int]]]
MESSAGES = "select m.id from message m join space s on s.key = m.space where s.origin = ? and m.sent_at is not null"
COVERAGE = """
select c.stream, c.subject, c.gap, c.since_at, c.until_at
from coverage c join account a on a.key = c.account join space s on s.key = a.space where s.origin = ?
"""


@dataclass(frozen=True)
class Run:
    """One run of the collector, begun `at`, of a config that asks for nothing before `since_at`."""

    at: int
    cut_after: int | None = None
    fault: Fault | None = None
    since_at: int | None = None


@dataclass(frozen=True)
class Seen:
    """The store after a run: message ids, and what it claims per (stream, subject); `asked`: requests of it per stream."""

    begun_at: int
    ended_at: int
    asked: Mapping[str, int]
    ids: frozenset[str]
    covered: Intervals
    gaps: Intervals

    def claims(self, each: Said) -> bool:
        """Whether it claims to have read the moment of a message where that stands."""
        return _holds(self.covered, each)

    def admits(self, each: Said) -> bool:
        """Whether it says that the moment was not read."""
        return _holds(self.gaps, each)


def _holds(intervals: Intervals, each: Said) -> bool:
    return any(since_at <= each.sent_at < until_at for since_at, until_at in intervals.get((each.stream, each.about), ()))


class Stand:
    """One store for many worlds, each of an origin of its own: a new one for each would take far longer than its runs."""

    def __init__(self, path: Path) -> None:
        self.store = open_store(str(path), write=True)
        self._path = path
        self._numbers = count(1)

    def recovered(self, world: World, runs: Sequence[Run]) -> list[Seen]:
        """Run after run over `world`; what the store holds after each."""
        world = replace(world, origin=f"world-{next(self._numbers)}")
        kind, bench, seen = world.network(), benchmark(HANDLE, overlap=f"{OVERLAP_H}h"), []
        for run in runs:
            clock = ManualClock(run.at)
            server = Server(world, clock, run.fault, run.cut_after)
            task = Task(bench, bench.brands, run.since_at, all_networks=lambda _name: kind)
            with suppress(Cut):
                asyncio.run(collect(task, self.store, Outside(clock, Wire(server.respond))))
            seen.append(self._looked(world.origin, run.at, clock.at, server.asked))
        return seen

    def _looked(self, origin: str, begun_at: int, ended_at: int, asked: Mapping[str, int]) -> Seen:
        with closing(sqlite3.connect(self._path)) as connection:
            ids = frozenset(row[0] for row in connection.execute(MESSAGES, [origin]))
            rows = list(connection.execute(COVERAGE, [origin]))
        intervals: tuple[Intervals, Intervals] = ({}, {})
        for stream, subject, gap, since_at, until_at in rows:
            intervals[gap].setdefault((stream, subject), []).append((since_at, until_at))
        return Seen(begun_at, ended_at, asked, ids, *intervals)


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    made = Stand(tmp_path_factory.mktemp("recovery") / "s.db")
    with made.store:
        yield made


def assert_claims_hold(world: World, seen: Sequence[Seen]) -> None:
    """After every run: what is claimed and was to be seen is there. A claim older than the message's showing is no lie."""
    for place, after in enumerate(seen):
        for each in world.messages:
            lost = not each.hidden and str(each.number) not in after.ids
            shown = [before for before in seen[: place + 1] if before.begun_at >= each.seen_at]
            if lost and shown and after.claims(each):
                told_before = any(before.claims(each) for before in seen[:place] if before.begun_at < each.seen_at)
                assert told_before, f"run {place} claims to have read {each}"
        for stream_covered in after.covered.values():
            assert all(until_at <= after.ended_at for _, until_at in stream_covered)


def assert_all_is_there(world: World, last: Seen) -> None:
    """Nothing lost, no gap."""
    assert last.gaps == {}
    assert {str(each.number) for each in world.messages if not each.hidden} == last.ids


def assert_losses_are_gaps(world: World, last: Seen) -> None:
    """Each message of the handle's listings is there, or the last run says that its moment was not read."""
    for each in world.messages:
        if each.stream in ("said", "own") and not each.hidden and str(each.number) not in last.ids:
            assert last.admits(each), f"{each} is lost without a word"


hours = st.integers(0, SPAN_H)


@st.composite
def habits(draw: st.DrawFn, capped: bool) -> Habit:
    """Any listing that a network might have."""
    order = draw(st.sampled_from(list(Order)))
    size = draw(st.integers(1, 4))
    own_tokens = draw(st.booleans())
    shift = not own_tokens and draw(st.booleans())
    return Habit(
        order=order,
        size=size,
        shift=shift,
        repeat=0 if own_tokens else draw(st.integers(0, 2)),
        empty=not own_tokens and draw(st.booleans()),
        cap=draw(st.none() | st.integers(1, 8)) if capped else None,
        filters_since=draw(st.booleans()),
        own_tokens=own_tokens,
    )


@st.composite
def worlds(draw: st.DrawFn, capped: bool) -> World:
    """Posts of the brand, messages to it, and what is said below both; some come to light up to the overlap later."""
    drawn: list[Said] = []
    for number in range(1, draw(st.integers(1, 16)) + 1):
        tops = [each for each in drawn if each.stream in ("own", "said") and each.top is None and not each.hidden]
        below = draw(st.sampled_from([None, *tops]))
        sent_at = BEGIN + draw(hours) * HOUR if below is None else below.sent_at + draw(hours) * HOUR
        stream = draw(st.sampled_from(("own", "said")))
        if below is not None:
            stream = "replies" if below.stream == "own" else draw(st.sampled_from(("talk", "own")))
        late = draw(st.sampled_from((0, 0, 1, OVERLAP_H)))
        hidden = draw(st.integers(0, 7)) == 0
        drawn.append(Said(number, stream, sent_at, sent_at + late * HOUR, below.number if below else None, hidden))
    return World(drawn, {name: draw(habits(capped)) for name in ("own", "said", "replies", "talk")})


faults = st.builds(
    Fault,
    st.sampled_from(("own", "said", "replies", "talk")),
    st.integers(0, 3),
    st.sampled_from((400, 403, 404, 500)),
    st.booleans(),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Run]:
    """Runs that are cut and refused, and at last, when all is shown, one that is neither."""
    gaps = draw(st.lists(st.integers(1, 5 * 24), max_size=4))
    runs = []
    for at in accumulate(gaps, initial=draw(hours)):
        cut_after = draw(st.none() | st.integers(0, 12))
        runs.append(Run(BEGIN + at * HOUR, cut_after, draw(st.none() | faults)))
    last = max(NOW, runs[-1].at) + HOUR
    return [*runs, Run(last)]


steady = settings(
    max_examples=30,
    phases=[Phase.generate],
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@steady
@given(world=worlds(capped=False), runs=histories())
def test_recovery_loses_nothing_without_a_cap(stand: Stand, world: World, runs: list[Run]) -> None:
    seen = stand.recovered(world, runs)
    assert_claims_hold(world, seen)
    assert_all_is_there(world, seen[-1])


@steady
@given(world=worlds(capped=True), runs=histories())
def test_recovery_admits_what_caps_hide(stand: Stand, world: World, runs: list[Run]) -> None:
    seen = stand.recovered(world, runs)
    assert_claims_hold(world, seen)
    assert_losses_are_gaps(world, seen[-1])


def mentions(count: int, habit: Habit, *, hidden: Sequence[int] = (), step_h: int = 1) -> World:
    """`count` messages to the brand, `step_h` apart, and nothing else."""
    hours_in = [BEGIN + number * step_h * HOUR for number in range(count)]
    return World([Said(n, "said", at, at, hidden=n in hidden) for n, at in enumerate(hours_in, 1)], {"said": habit})


def test_recovery_reads_on_behind_a_page_that_holds_no_message(stand: Stand) -> None:
    world = mentions(6, Habit(own_tokens=True), hidden=(3, 4))
    (after,) = stand.recovered(world, [Run(NOW)])
    assert after.ids == {"1", "2", "5", "6"}


def test_recovery_admits_what_a_cap_hides_of_the_same_moment(stand: Stand) -> None:
    world = mentions(4, Habit(cap=2), step_h=0)
    (after,) = stand.recovered(world, [Run(NOW)])
    assert after.ids == {"3", "4"}
    assert after.gaps == {("said", ""): [(0, BEGIN + 1)]}


def test_recovery_of_a_cut_listing_admits_that_its_cap_moved_on(stand: Stand) -> None:
    # Eight are there; the run dies after two. Six more come, and now they are all that the listing shows.
    world = mentions(14, Habit(cap=6))
    _, after = stand.recovered(world, [Run(BEGIN + 7 * HOUR, cut_after=2), Run(BEGIN + 13 * HOUR)])
    assert after.ids == {str(number) for number in range(7, 15)}
    assert not any(after.claims(each) for each in world.messages[:6])


def test_recovery_of_a_cut_listing_below_its_cap_leaves_no_gap(stand: Stand) -> None:
    world = mentions(6, Habit(cap=100))
    _, after = stand.recovered(world, [Run(NOW, cut_after=2), Run(NOW + HOUR)])
    assert_all_is_there(world, after)


def test_recovery_of_backdated_messages_is_not_claimed_beyond_a_cap(stand: Stand) -> None:
    # Listed as they came to light; the last one shown is dated a day back, and would make believe all of that day was read.
    world = mentions(12, Habit(cap=7, size=1, client_dated=True))
    late = replace(world.messages[5], sent_at=world.messages[5].sent_at - 24 * HOUR)
    world = replace(world, messages=[*world.messages[:5], late, *world.messages[6:]])
    (after,) = stand.recovered(world, [Run(NOW)])
    assert after.ids == {"6", "7", "8", "9", "10", "11", "12"}
    assert not any(after.claims(each) for each in world.messages[:5])


def test_recovery_of_a_cut_listing_reads_what_a_longer_window_asks_for(stand: Stand) -> None:
    # Cut on its way to the sixth (a follow-up before the window); the config then asks for all, which that does not hold.
    world = mentions(10, Habit(filters_since=True), step_h=24)
    middle = Run(NOW, cut_after=3, since_at=BEGIN + 12 * 24 * HOUR)
    _, after = stand.recovered(world, [middle, Run(NOW + HOUR)])
    assert_all_is_there(world, after)
    assert all(after.claims(each) for each in world.messages)


def test_recovery_of_a_longer_window_that_was_cut_is_not_begun_anew(stand: Stand) -> None:
    # Twenty in ten pages: eight answers of the second run, the account's records among them; the third reads the rest, and a day.
    world = mentions(20, Habit(filters_since=True), step_h=24)
    whole = Run(NOW, since_at=BEGIN + 22 * 24 * HOUR)
    _, cut, after = stand.recovered(world, [whole, Run(NOW + HOUR, cut_after=8), Run(NOW + 2 * HOUR)])
    assert cut.asked["said"] + after.asked["said"] <= 10 + 2
    assert_all_is_there(world, after)
