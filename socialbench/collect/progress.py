"""Where one sweep stands, and when it is at its end."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from socialbench.errors import LoopError
from socialbench.model import Account, Message, Order, Page, Stream
from socialbench.store import Cursor

_TAIL = 5
_IDLE_PAGES = 100
_REPEATED = 5


@dataclass(slots=True)
class Progress:
    """One sweep of a listing. `reached_at` is how far back it has read; `resumed`: it goes on where another was cut.

    `doubted`: it has ended, but nobody can tell yet whether at the listing's end or at a cap that moved meanwhile.
    """

    started_at: int
    since_at: int | None
    token: str | None = None
    complete_at: int | None = None
    reached_at: int | None = None
    pages: int = 0
    items: int = 0
    resumed: bool = False
    tokens: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    idle_pages: int = 0
    doubted: bool = False
    tail: deque[int] = field(default_factory=lambda: deque(maxlen=_TAIL))

    @classmethod
    def resume(cls, cursor: Cursor) -> Progress:
        """The sweep that `cursor` says was cut."""
        return cls(
            started_at=cursor.started_at or 0,
            since_at=cursor.since_at,
            token=cursor.token,
            complete_at=cursor.complete_at,
            reached_at=cursor.oldest_at,
            pages=cursor.pages,
            items=cursor.items,
            resumed=True,
            tokens={cursor.token} if cursor.token else set(),
        )

    def cursor(self, account: Account, stream: str, subject: str) -> Cursor:
        """What to store, so that a cut sweep goes on from here."""
        times = (self.started_at, self.since_at, self.reached_at, self.complete_at)
        return Cursor(account, stream, subject, self.token, *times, self.pages, self.items)

    def note(self, page: Page, messages: Sequence[Message], client_dated: bool) -> set[str]:
        """Count a page in; the ids in it that this sweep had not seen. Raises LoopError where the listing turns in a circle."""
        token = page.token or None
        if token is not None:
            if token in self.tokens:
                raise LoopError("a page token came a second time; the network's paging turns in a circle")
            self.tokens.add(token)
        fresh = {message.id for message in messages} - self.ids
        self.ids |= fresh
        # Empty pages are normal on some networks, pages that only repeat are not.
        self.idle_pages = 0 if fresh else self.idle_pages + (_REPEATED if messages else 1)
        if token is not None and self.idle_pages >= _IDLE_PAGES:
            raise LoopError("page after page brought nothing new; the network's paging does not end")
        self.token = token
        self.pages += 1
        self.items += len(page.items)
        self._reach([message.sent_at for message in messages], client_dated)
        return fresh

    def _reach(self, times: Sequence[int], client_dated: bool) -> None:
        # One backdated message must not make believe that all newer ones were read, so the last few together count.
        self.tail.extend(times)
        if client_dated and len(self.tail) < _TAIL:
            return
        reached = max(self.tail) if client_dated else min(times, default=None)
        if reached is not None:
            self.reached_at = reached if self.reached_at is None else min(self.reached_at, reached)


def is_past(stream: Stream, since_at: int | None, messages: Sequence[Message], known: set[str], client_dated: bool) -> bool:
    """Whether a newest-first listing has come to what earlier sweeps read.

    Where authors' programs date the messages, an old time alone proves nothing: only a page without any message
    that is not stored yet does.
    """
    if stream.order is not Order.NEWEST_FIRST or stream.filters_since or since_at is None or not messages:
        return False
    if any(message.sent_at >= since_at for message in messages):
        return False
    return not client_dated or all(message.id in known for message in messages)
