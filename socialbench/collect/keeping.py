"""What a sweep writes: a page, its messages, its raw answer, its cursor and its coverage, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from socialbench.collect.clock import Clock
from socialbench.collect.labelling import Labeller, Unlabelled
from socialbench.collect.network import Answer, Network
from socialbench.collect.progress import Progress
from socialbench.model import DAY_MS, Account, Basis, Coverage, Gone, Message, Order, Over, Page, Stream, Subject
from socialbench.store import Batch, Poll, RawPage, SaveCounts, Store


@dataclass(frozen=True, slots=True)
class SweepRules:
    """What the config says of all sweeps of a network. `floor_at`: nothing older is asked for; None asks for all."""

    run: int
    floor_at: int | None = None
    overlap_s: int = 72 * 3600
    follow_up_s: int = 7 * 86_400
    raw_days: int = 30
    cap: int | None = None
    full: bool = False


@dataclass(slots=True)
class Tally:
    """What came of the sweeps of one stream of a handle."""

    pages: int = 0
    items: int = 0
    new: int = 0
    dropped: int = 0
    missing: int = 0
    unread: int = 0
    capped: bool = False
    own_replies: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Threads in which the account replied: top -> (time of its newest reply, that reply's id)."""

    def add(self, other: Tally) -> None:
        """Count what `other` counted."""
        self.pages += other.pages
        self.items += other.items
        self.new += other.new
        self.dropped += other.dropped
        self.missing += other.missing
        self.unread += other.unread
        self.capped |= other.capped
        self.own_replies.update(other.own_replies)


@dataclass(frozen=True, slots=True)
class Job:
    """One listing to sweep, and where its counts go."""

    stream: Stream
    subject: Subject
    tally: Tally

    @property
    def account(self) -> Account:
        """Whose listing it is."""
        return self.subject.account

    @property
    def name(self) -> str:
        """The listing as messages name it."""
        return f"{self.account.network} {self.subject.handle.name} {self.stream.name}"


@dataclass(frozen=True, slots=True)
class PageRead:
    """A page as it was read: all its messages, those that are `kept` with their `kinds`, and the answers that it came in."""

    page: Page
    messages: Sequence[Message] = ()
    kept: Sequence[Message] = ()
    answers: Sequence[Answer] = ()
    kinds: Sequence[int] = ()


class Ending(Enum):
    """Whether a page ends its listing, and how."""

    OPEN = auto()
    COMPLETE = auto()
    CAPPED = auto()


@dataclass(frozen=True, slots=True)
class Keeper:
    """Writes what one network's sweeps find."""

    network: Network
    store: Store
    clock: Clock
    rules: SweepRules
    labeller: Labeller = field(default_factory=Unlabelled)

    def save_page(self, job: Job, progress: Progress, read: PageRead, ending: Ending) -> SaveCounts:
        """Save a page and, where it ends the listing, the claim of what was read."""
        batch = self._batch(job, progress)
        if ending is not Ending.OPEN:
            batch = self._ended(job, progress, ending, read.page.missing)
        coverage = [*batch.coverage, *self._unread(job, progress, read.page)]
        raw = self._raw(job, read.answers, read.kept)
        batch = replace(batch, coverage=coverage, messages=read.kept, raw=raw, ghosts=self._ghosts(read))
        return self.store.save(replace(batch, kinds=read.kinds, kind_version=self.labeller.version))

    def _unread(self, job: Job, progress: Progress, page: Page) -> list[Coverage]:
        """A gap for each thread that the listing names and the network does not answer for."""
        gap = self._coverage(job, progress.since_at or 0, progress.started_at, "outage")
        return [replace(gap, subject=id_) for id_ in page.unread]

    def save_end(self, job: Job, progress: Progress) -> None:
        """Claim completeness for a listing that ended without a further page."""
        self.store.save(self._ended(job, progress, Ending.COMPLETE, False))

    def save_claim(self, job: Job, progress: Progress) -> None:
        """Claim completeness for a listing that was noted as cut short and has proven whole."""
        covered = self._coverage(job, progress.since_at or 0, progress.started_at, "")
        self.store.save(replace(self._plain(job), coverage=[covered]))

    def save_watched(self, job: Job, started_at: int) -> None:
        """Claim that the account's answers were seen, in all threads where it might give one, up to `started_at`."""
        covered = self._coverage(job, self.rules.floor_at or 0, started_at, "")
        self.store.save(replace(self._plain(job), coverage=[covered]))

    def save_gap(self, job: Job, progress: Progress, reason: str, forget_token: bool = False) -> None:
        """Note that what the window holds was not read, and why."""
        if job.stream.over is Over.KNOWN_IDS:
            return
        gap = self._coverage(job, progress.since_at or 0, progress.started_at, reason)
        if forget_token:
            progress.token = None
        batch = self._batch(job, progress) if forget_token else self._plain(job)
        self.store.save(replace(batch, coverage=[gap]))

    def save_raw(self, job: Job, answers: Sequence[Answer], messages: Sequence[Message]) -> None:
        """Keep answers that could not be read, so that they can be read later."""
        raw = self._raw(job, answers, messages)
        if raw is not None:
            self.store.save(replace(self._plain(job), raw=raw))

    def save_untouched(self, job: Job, subjects: Sequence[Subject], started_at: int) -> None:
        """Claim completeness for listings of which the network says that they are empty."""
        coverage = [self._coverage(Job(job.stream, subject, job.tally), 0, started_at, "") for subject in subjects]
        polled = subjects if job.stream.over is Over.OPEN_THREADS else ()
        polls = [Poll(job.account, subject.id, started_at) for subject in polled]
        if coverage:
            self.store.save(replace(self._plain(job), coverage=coverage, polls=polls))

    def _ended(self, job: Job, progress: Progress, ending: Ending, missing: bool) -> Batch:
        since_at, until_at = progress.since_at or 0, max(progress.started_at, progress.since_at or 0)
        coverage = [self._coverage(job, since_at, until_at, "closed" if missing else "")]
        if ending is Ending.CAPPED:
            newest_first = job.stream.order is Order.NEWEST_FIRST and progress.reached_at is not None
            # Others of the same moment as the last that was shown may be hidden, so that moment belongs to the gap.
            gap_until = min((progress.reached_at or until_at) + 1, until_at) if newest_first else until_at
            if gap_until > since_at:
                coverage.append(self._coverage(job, since_at, gap_until, "cap"))
        reach = self.network.reach(job.stream, job.subject, progress.started_at)
        if reach is not None and reach > since_at:
            coverage.append(self._coverage(job, since_at, min(reach, until_at), "expired"))
        progress.token = None
        # A listing that was closed may open again: what it hides meanwhile is then to be read from where it was complete.
        if not (missing and job.stream.over is Over.HANDLE):
            progress.complete_at = progress.started_at
        if job.stream.over is Over.KNOWN_IDS:
            return self._plain(job)  # Looking up what is known reads no listing, so it claims nothing.
        threads = job.stream.over is Over.OPEN_THREADS
        polls = [Poll(job.account, job.subject.id, progress.started_at)] if threads else []
        return replace(self._batch(job, progress), coverage=coverage, polls=polls)

    def _batch(self, job: Job, progress: Progress) -> Batch:
        if job.stream.over is Over.KNOWN_IDS:
            return self._plain(job)
        return replace(self._plain(job), cursor=progress.cursor(job.account, job.stream.name, job.subject.id))

    def _plain(self, job: Job) -> Batch:
        space = (job.account.network, job.account.origin)
        return Batch(self.rules.run, self.clock.now(), job.stream.name, self._basis(job), [], ghost_space=space)

    def _basis(self, job: Job) -> Basis:
        return Basis.INDEPENDENT if job.stream.independent else Basis.CONTEXT

    def _coverage(self, job: Job, since_at: int, until_at: int, reason: str) -> Coverage:
        return Coverage(
            network=job.account.network,
            origin=job.account.origin,
            account_id=job.account.id,
            stream=job.stream.name,
            direction=job.stream.direction,
            since_at=since_at,
            until_at=until_at,
            subject=job.subject.id,
            gap=bool(reason),
            reason=reason,
        )

    def _ghosts(self, read: PageRead) -> dict[str, Gone]:
        alive = {message.id for message in read.messages}
        gone = {id_: why for item in read.page.items for id_, why in self.network.gone(item).items()}
        return {id_: why for id_, why in gone.items() if id_ not in alive}

    def _raw(self, job: Job, answers: Sequence[Answer], messages: Sequence[Message]) -> RawPage | None:
        if not answers or self.rules.raw_days == 0:
            return None
        body = answers[0].body if len(answers) == 1 else _joined(answers)
        fetched_at = answers[0].fetched_at
        return RawPage(
            network=job.account.network,
            origin=job.account.origin,
            account_id=job.account.id,
            stream=job.stream.name,
            subject="" if job.stream.over is Over.KNOWN_IDS else job.subject.id,
            url=" ".join(answer.url for answer in answers),
            fetched_at=fetched_at,
            expires_at=fetched_at + self.rules.raw_days * DAY_MS,
            body=body,
            message_ids=[message.id for message in messages],
        )


def _joined(answers: Sequence[Answer]) -> bytes:
    # A page that took several requests is kept as one JSON array of their answers.
    return b"[" + b",".join(answer.body.strip() or json.dumps(None).encode() for answer in answers) + b"]"
