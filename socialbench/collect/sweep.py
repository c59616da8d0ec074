"""One sweep of one listing: windows, cursors, the loop guard. Everything that holds for all networks.

A cursor is a claim of completeness: only a listing read to its end moves it. A page, its messages, its raw answer
and the cursor are one transaction, so that a run may be killed anywhere.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from socialbench.collect.http import taken
from socialbench.collect.keeping import Ending, Job, Keeper, PageRead, Tally
from socialbench.collect.network import Answer, Price, Session
from socialbench.collect.progress import Progress, is_past
from socialbench.collect.purse import Purse
from socialbench.collect.sifting import Tracked, sift
from socialbench.collect.tracing import SHAPE_ERRORS, failing_path
from socialbench.errors import AnswerError, CredentialError, Forbidden, LoopError, NotFound, TokenRefused, Unreachable
from socialbench.model import DAY_MS, Message, Over, Page, Stream, Subject, Window

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    from socialbench.store import Cursor

_ADVICE = "the network may have changed; the raw answer is kept"


@dataclass(frozen=True, slots=True)
class Sweeper:
    """Sweeps the listings of one network through one session."""

    keeper: Keeper
    session: Session
    tracked: Tracked
    purse: Purse

    async def sweep(self, stream: Stream, subject: Subject, tally: Tally, floor_covered: bool = True) -> None:
        """Read `stream` for `subject` to its end, save each page as it comes, and count in `tally`.

        A sweep that was cut is first brought to its end; then what came since is read. `floor_covered`: earlier
        complete sweeps reach back to the window's beginning. Raises StreamError, Stopped, CredentialError.
        """
        job = Job(stream, subject, tally)
        cursor = self._cursor(job)
        cut = None
        if cursor is not None and cursor.token and not self.keeper.rules.full:
            cut = Progress.resume(cursor)
            if await self._finish_cut(job, cut):
                floor_covered |= (cursor.since_at or 0) <= (self.keeper.rules.floor_at or 0)
            cursor = self._cursor(job)
        fresh = self._fresh(cursor, floor_covered)
        await self._read(job, fresh)
        if cut is not None and cut.doubted:
            self._settle_doubt(job, cut, fresh)

    def _cursor(self, job: Job) -> Cursor | None:
        if job.stream.over is Over.KNOWN_IDS:
            return None
        return self.keeper.store.find_cursor(job.account, job.stream.name, job.subject.id)

    async def _finish_cut(self, job: Job, progress: Progress) -> bool:
        before = progress.pages
        try:
            await self._read(job, progress)
        except (TokenRefused, AnswerError, Unreachable):
            if progress.pages > before:
                raise
            # The token leads nowhere any more: sweep again, from where the last complete sweep allows.
            return False
        return True

    def _settle_doubt(self, job: Job, cut: Progress, fresh: Progress) -> None:
        # What came since the cut took places under the cap; only if all together fit, the resumed listing was whole.
        cap = self._cap(job.stream)
        if cap is None or job.tally.capped or self._shown(job, cut) + self._shown(job, fresh) >= cap:
            job.tally.capped = True
        else:
            self.keeper.save_claim(job, cut)

    def _fresh(self, cursor: Cursor | None, floor_covered: bool) -> Progress:
        rules = self.keeper.rules
        complete_at = cursor.complete_at if cursor is not None else None
        since_at = rules.floor_at
        if complete_at is not None and floor_covered and not rules.full:
            since_at = max(0, complete_at - rules.overlap_s * 1000)
        return Progress(started_at=self.keeper.clock.now(), since_at=since_at, complete_at=complete_at)

    async def _read(self, job: Job, progress: Progress) -> None:
        try:
            await self._read_pages(job, progress)
        except (Forbidden, NotFound, CredentialError) as error:
            # A credential may be good for some listings only: what it does not open is a loss like any other.
            self.keeper.save_gap(job, progress, "closed" if isinstance(error, NotFound) else "forbidden")
            raise
        except LoopError as error:
            self.keeper.save_gap(job, progress, "refused", forget_token=True)
            raise LoopError(f"{job.name}: {error}") from error

    async def _read_pages(self, job: Job, progress: Progress) -> None:
        reach = self.keeper.network.reach(job.stream, job.subject, progress.started_at)
        since_at = progress.since_at if reach is None else max(progress.since_at or 0, reach)
        window = Window(since_at, None)
        listing = self.keeper.network.pages(self.session, job.stream, job.subject, window, progress.token)
        with noted() as answers:
            async with aclosing(cast("AsyncGenerator[Page, None]", listing)) as pages:
                while (page := await self._next_page(job, pages, answers)) is not None:
                    if await self._take(job, progress, page, answers):
                        return
                    answers.clear()
            self.keeper.save_end(job, progress)

    async def _next_page(self, job: Job, pages: AsyncIterator[Page], answers: list[Answer]) -> Page | None:
        price = self.keeper.network.facts.prices.get(job.stream.name, Price())
        page: Page | None = None
        self.purse.reserve(price)
        try:
            page = await anext(pages, None)
        except SHAPE_ERRORS as error:
            self.keeper.save_raw(job, answers, [])
            raise AnswerError(f"{job.name}: the answer has another shape ({_told(error)}); {_ADVICE}") from error
        except AnswerError as error:
            self.keeper.save_raw(job, answers, [])
            raise AnswerError(f"{job.name}: {error}") from error
        finally:
            self.purse.settle(price, self._charged(job, price, page) if page else 0, len(answers))
        return page

    def _charged(self, job: Job, price: Price, page: Page) -> int:
        if not price.once_a_day:
            return len(page.items)
        ids = [item.get(price.once_a_day) for item in page.items if isinstance(item, dict)]
        texts = {id_ for id_ in ids if isinstance(id_, str)}
        day_at = self.keeper.clock.now() // DAY_MS * DAY_MS
        return self.purse.first_today(texts - self.keeper.store.seen_since(job.account, texts, day_at), day_at)

    async def _take(self, job: Job, progress: Progress, page: Page, answers: Sequence[Answer]) -> bool:
        """Save a page; whether it was the last."""
        messages = self._parsed(job, page, answers)
        sifted = sift(messages, job.stream, job.subject, self.tracked, job.stream.name in self.keeper.network.facts.whole_threads)
        kinds = await self.keeper.labeller.codes(sifted.kept, self.tracked.ids)
        fresh = progress.note(page, messages, self.keeper.network.facts.client_dated)
        read = PageRead(page, messages, sifted.kept, answers, kinds)
        ending = self._ending(job, progress, read, bool(fresh))
        counts = self.keeper.save_page(job, progress, read, ending)
        job.tally.pages += 1
        job.tally.items += len(sifted.kept)
        job.tally.new += counts.new
        job.tally.dropped += sifted.dropped_count
        job.tally.missing += page.missing
        job.tally.unread += len(page.unread)
        job.tally.capped |= ending is Ending.CAPPED and not progress.doubted
        _note_replies(job, sifted.kept)
        return ending is not Ending.OPEN

    def _ending(self, job: Job, progress: Progress, read: PageRead, fresh: bool) -> Ending:
        facts = self.keeper.network.facts
        ids = [message.id for message in read.kept]
        # Only where dates prove nothing it matters what is stored already.
        asked = ids and facts.client_dated and progress.since_at is not None
        known = self.keeper.store.known_ids(job.account, job.stream.name, ids) if asked else set()
        if is_past(job.stream, progress.since_at, read.kept or read.messages, known, facts.client_dated):
            return Ending.COMPLETE
        if self._is_capped(job, progress, read.page):
            return Ending.CAPPED
        # Items that hold no message (all hidden, all private) say nothing of the listing's end.
        stale = job.stream.name in facts.own_tokens and not fresh and not (read.page.items and not read.messages)
        if progress.token is not None and not stale:
            return Ending.OPEN
        progress.doubted = progress.resumed and self._cap(job.stream) is not None
        return Ending.CAPPED if progress.doubted else Ending.COMPLETE

    def _is_capped(self, job: Job, progress: Progress, page: Page) -> bool:
        cap = self._cap(job.stream)
        shown = self._shown(job, progress) if progress.token is None else progress.items
        return page.capped or (cap is not None and shown >= cap)

    def _cap(self, stream: Stream) -> int | None:
        told = self.keeper.rules.cap
        return stream.cap if stream.cap is None or told is None else told

    def _shown(self, job: Job, progress: Progress) -> int:
        # Pages may be short, so a listing that ends is also measured by what its pages could have held.
        price = self.keeper.network.facts.prices.get(job.stream.name)
        return max(progress.items, progress.pages * price.page_items if price is not None else 0)

    def _parsed(self, job: Job, page: Page, answers: Sequence[Answer]) -> list[Message]:
        parse = self.keeper.network.parse
        messages: list[Message] = []
        failure: tuple[int, BaseException] | None = None
        for place, item in enumerate(page.items):
            try:
                messages += (_sound(message) for message in parse(item))
            except SHAPE_ERRORS as wrong:
                failure = failure or (place, wrong)
        if failure is None:
            return messages
        # The raw answer is linked to all messages that can be told in it, so that `erase` finds it.
        self.keeper.save_raw(job, answers, messages)
        place, error = failure
        where = f"item {place}, {failing_path(parse, page.items[place])}"
        raise AnswerError(f"{job.name}: {where}: {_told(error)}; {_ADVICE}") from error


@contextmanager
def noted() -> Iterator[list[Answer]]:
    """The answers that this task fetches meanwhile."""
    # Set and reset in one task, so that sweeps beside this one keep their own.
    answers: list[Answer] = []
    token = taken.set(answers)
    try:
        yield answers
    finally:
        taken.reset(token)


def _note_replies(job: Job, kept: Sequence[Message]) -> None:
    for message in kept:
        # Where a reply does not tell its thread, what it answers stands for the thread's top.
        top = message.root_id or message.parent_id
        if message.author_id != job.account.id or message.parent_id is None or top is None:
            continue
        newest = job.tally.own_replies.get(top, (0, ""))
        job.tally.own_replies[top] = max(newest, (message.sent_at, message.id))


def _sound(message: Message) -> Message:
    # A network's numbers for texts would only come to light in the store, where nobody could tell the item.
    kinds = ((message.id, str), (message.text, str), (message.sent_at, int), (message.author_id or "", str))
    if not message.id or not all(isinstance(value, kind) for value, kind in kinds):
        raise TypeError
    return message


def _told(error: BaseException) -> str:
    # Never the value itself: it may be anybody's words.
    kinds: dict[type[BaseException], str] = {KeyError: "the field is missing", IndexError: "the list is too short"}
    return kinds.get(type(error), "the value is of another kind")


__all__ = ["Sweeper", "noted"]
