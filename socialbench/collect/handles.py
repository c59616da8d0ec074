"""All streams of one handle, in the order in which one feeds the next: listings, own posts, re-checks, threads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from socialbench.collect.crowd import for_each
from socialbench.collect.due import is_due
from socialbench.collect.keeping import Job, Keeper, Tally
from socialbench.collect.network import Price, Session
from socialbench.collect.outcome import StreamResult
from socialbench.collect.purse import Purse
from socialbench.collect.sifting import Tracked
from socialbench.collect.sweep import Sweeper, noted
from socialbench.errors import CredentialError, NotFound, Stopped, StreamError
from socialbench.model import Account, Direction, Handle, Over, Stream, Subject

SUBJECTS_AT_ONCE = 4
SPARE_POLLS = 50
"""With no more open threads than this all of them are read in every run; more wait for their marks."""
SPARE_SIZES = 1000
"""Of so many threads that wait for their marks the sizes are compared in every run, where a network tells them; newest first."""
RECHECKED = 500
"""So many of the newest messages are looked up again, and all that are younger than follow_up."""
_PHASES = (Over.HANDLE, Over.OWN_POSTS, Over.KNOWN_IDS, Over.OPEN_THREADS)


@dataclass(frozen=True, slots=True)
class Team:
    """What all handles of one network share. `floors`: from when on earlier runs covered a stream of an account."""

    keeper: Keeper
    tracked: Tracked
    purse: Purse
    floors: Mapping[tuple[str, str, str], int]
    finish: Callable[[StreamResult], None]


@dataclass(slots=True)
class HandleRun:
    """Collects one handle."""

    team: Team
    brand: str
    handle: Handle
    account: Account
    session: Session
    _replies: dict[str, tuple[int, str]] = field(default_factory=dict)
    _own: set[str] = field(default_factory=set)
    _is_listed: bool = True

    async def collect(self) -> None:
        """Read all its streams; a stream that fails leaves the others running."""
        facts = self.team.keeper.network.facts
        for stream in sorted(facts.streams, key=lambda stream: _PHASES.index(stream.over)):
            result = StreamResult(self.brand, facts.name, self.handle.name, stream.name)
            try:
                result.left_out = await self._why_not(stream)
                if not result.left_out:
                    await self._read(stream, result.tally)
            except (StreamError, Stopped, CredentialError) as error:
                result.error = error
            self._replies.update(result.tally.own_replies)
            self._is_listed &= stream.over is not Over.HANDLE or not (result.error or result.tally.missing)
            self.team.finish(result)

    async def _why_not(self, stream: Stream) -> str:
        facts = self.team.keeper.network.facts
        if stream.needs_credentials and self.session.credential is None:
            return "it wants a credential of the brand"
        if stream.name in facts.own_account and await self.session.account_id() not in {None, self.account.id}:
            return f"the session belongs to another account than {self.handle.name}"
        return ""

    async def _read(self, stream: Stream, tally: Tally) -> None:
        if stream.over is Over.HANDLE:
            await self._sweeper.sweep(stream, Subject(self.account, self.handle), tally, self._reaches_floor(stream))
        elif stream.over is Over.OWN_POSTS:
            await self._read_posts(stream, tally)
        elif stream.over is Over.KNOWN_IDS:
            await self._read_all(stream, self._lookups(), tally)
        else:
            await self._read_threads(stream, tally)

    @property
    def _sweeper(self) -> Sweeper:
        return Sweeper(self.team.keeper, self.session, self.team.tracked, self.team.purse)

    def _reaches_floor(self, stream: Stream) -> bool:
        covered_from = self.team.floors.get((self.account.id, self.account.origin, stream.name))
        return covered_from is not None and covered_from <= (self.team.keeper.rules.floor_at or 0)

    def _subject(self, id_: str) -> Subject:
        return Subject(self.account, self.handle, id_)

    async def _read_posts(self, stream: Stream, tally: Tally) -> None:
        """Threads of the account's own posts; of old posts only those under which the network counts anything."""
        rules, clock, store = self.team.keeper.rules, self.team.keeper.clock, self.team.keeper.store
        posts = store.own_posts(self.account, rules.floor_at or 0)
        self._own = {id_ for id_, _ in posts}
        young_from = clock.now() - rules.follow_up_s * 1000
        started_at = clock.now()
        old = [self._subject(id_) for id_, sent_at in posts if sent_at < young_from]
        sizes = await self._sizes(stream, old)
        empty = [subject for subject in old if sizes.get(subject.id) == 0]
        self.team.keeper.save_untouched(Job(stream, self._subject(""), tally), empty, started_at)
        skipped = {subject.id for subject in empty}
        await self._read_all(stream, [self._subject(id_) for id_, _ in posts if id_ not in skipped], tally)

    async def _sizes(self, stream: Stream, subjects: Sequence[Subject]) -> Mapping[str, int]:
        price = self.team.keeper.network.facts.prices.get(stream.name, Price())
        with noted() as answers:
            try:
                return await self.team.keeper.network.sizes(self.session, stream, subjects) if subjects else {}
            except StreamError:
                return {}  # Then each is read, and tells itself what is wrong.
            finally:
                self.team.purse.settle(price, 0, len(answers))

    async def _read_threads(self, stream: Stream, tally: Tally) -> None:
        """Threads that are due; those that the network counts as empty need no request of their own."""
        started_at = self.team.keeper.clock.now()
        due, waiting = self._due_threads(stream)
        due += await self._grown(stream, waiting)
        sizes = await self._sizes(stream, due)
        empty = [subject for subject in due if sizes.get(subject.id) == 0]
        self.team.keeper.save_untouched(Job(stream, self._subject(""), tally), empty, started_at)
        await self._read_all(stream, [subject for subject in due if sizes.get(subject.id) != 0], tally)
        listings = (each for each in self.team.keeper.network.facts.streams if each.over is Over.HANDLE)
        if self._is_listed and all(each.direction is Direction.INBOUND for each in listings):
            # No listing holds the account's own words: until a run comes to here, nobody knows what it did not answer.
            self.team.keeper.save_watched(Job(stream, self._subject(""), tally), started_at)

    def _lookups(self) -> list[Subject]:
        rules, clock, store = self.team.keeper.rules, self.team.keeper.clock, self.team.keeper.store
        recent = store.recent_ids(self.account, clock.now() - rules.follow_up_s * 1000)
        if len(recent) < RECHECKED:
            recent = store.recent_ids(self.account, rules.floor_at or 0)[:RECHECKED]
        size = self.team.keeper.network.facts.lookup_size
        return [self._subject(" ".join(recent[start : start + size])) for start in range(0, len(recent), size)]

    async def _grown(self, stream: Stream, waiting: Sequence[Subject]) -> list[Subject]:
        """Threads that hold more than was last read of them; not all, as some count for ever what they do not show."""
        keeper = self.team.keeper
        if stream.name not in keeper.network.facts.counted_threads:
            return []
        sizes = await self._sizes(stream, waiting[:SPARE_SIZES])
        grown = []
        for subject in waiting:
            cursor = keeper.store.find_cursor(self.account, stream.name, subject.id)
            # What was read of a thread holds its top, which its size does not count.
            if sizes.get(subject.id, 0) >= max(cursor.items if cursor else 0, 1):
                grown.append(subject)
        return grown[:SPARE_POLLS]

    def _due_threads(self, stream: Stream) -> tuple[list[Subject], list[Subject]]:
        """Open threads whose next look is due, with threads in which the account took part unasked; and those that wait."""
        keeper = self.team.keeper
        now, floor_at, follow_up_s = keeper.clock.now(), keeper.rules.floor_at or 0, keeper.rules.follow_up_s
        threads = [thread for thread in keeper.store.open_threads(self.account, floor_at) if thread.root_id not in self._own]
        spare = len(threads) <= SPARE_POLLS
        due = [thread.root_id for thread in threads if spare or is_due(thread.newest_at, thread.checked_at, now, follow_up_s)]
        asked = set(due)
        waiting = [thread.root_id for thread in threads if thread.root_id not in asked]
        listed = {thread.root_id for thread in threads} | self._own
        for root_id, (newest_at, _) in self._replies.items():
            if root_id not in listed and newest_at >= floor_at:
                cursor = keeper.store.find_cursor(self.account, stream.name, root_id)
                if is_due(newest_at, cursor.complete_at if cursor else None, now, follow_up_s):
                    due.append(root_id)
        return [self._subject(root_id) for root_id in due], [self._subject(root_id) for root_id in waiting]

    async def _read_all(self, stream: Stream, subjects: Sequence[Subject], tally: Tally) -> None:
        """Sweep each subject. One that fails leaves the others running; the first failure is raised in the end."""
        failures: list[StreamError] = []

        async def read(subject: Subject) -> None:
            own = Tally()
            try:
                await self._sweeper.sweep(stream, subject, own)
                if own.missing and subject.id in self._replies:
                    # The top of the thread is gone; what stands below the account's own reply can still be seen.
                    await self._sweeper.sweep(stream, self._subject(self._replies[subject.id][1]), own)
            except NotFound:
                own.missing += 1
            except StreamError as failure:
                failures.append(failure)
            finally:
                tally.add(own)

        await for_each(subjects, SUBJECTS_AT_ONCE, read)
        if failures:
            raise failures[0]
