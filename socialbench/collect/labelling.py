"""Every message is labelled as it is saved, by the rules of the config that saves it, in a process beside ours.

Rules take a fifth of a millisecond a text: next to the requests of a run they would hold it up, on another core they
do not. Where that process ends before its time, messages are saved unlabelled; `reparse` labels them.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Sequence, Set
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection
from types import TracebackType
from typing import TYPE_CHECKING, Self

from socialbench.classify.kinds import Extensions, Rules, check, version
from socialbench.classify.language import is_detector_installed
from socialbench.errors import UsageError

if TYPE_CHECKING:
    from socialbench.config import Benchmark
    from socialbench.model import Message

LOG = logging.getLogger(__name__)
_ENDS_WITHIN_S = 5

_Row = tuple[str, str | None, int | None, bool]


def extensions_of(benchmark: Benchmark | None) -> Extensions:
    """A config's own patterns. Raises UsageError for a pattern or kind that cannot be used."""
    if benchmark is None:
        return Extensions()
    said = benchmark.rules
    replies = {name: getattr(said, name) for name in ("acknowledgement", "handoff_private", "handoff_link", "substantive")}
    found = Extensions(benchmark.kinds, {name: each for name, each in replies.items() if each}, benchmark.topics)
    try:
        check(found)
    except ValueError as error:
        raise UsageError(f"{benchmark.stem}.yaml: {error}") from None
    return found


def rules_of(benchmark: Benchmark | None) -> Rules:
    """The rules with a config's own patterns, compiled; half a second. Raises UsageError as `extensions_of`."""
    return Rules(extensions_of(benchmark))


class Labeller:
    """Labels messages by the rules with `extensions`, in a process beside ours; a context manager.

    The process starts as the context is entered, so that its start-up passes while the first requests are under way.
    """

    def __init__(self, extensions: Extensions | None = None) -> None:
        self._extensions = extensions or Extensions()
        self.version = version(self._extensions, is_detector_installed())
        self._asking = ThreadPoolExecutor(1, "labelling")
        self._here: Connection | None = None
        self._is_lost = False

    def __enter__(self) -> Self:
        self._asking.submit(self._start)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._asking.shutdown(cancel_futures=True)
        if self._here is not None:
            self._here.close()

    def submit(self, messages: Sequence[Message], brands: Set[str]) -> Future[tuple[int, ...]]:
        """The codes of messages, to come; none at all where they cannot be had. `brands`: ids of accounts that may reply."""
        rows = [(each.text, each.lang, each.stars, each.author_id in brands) for each in messages]
        return self._asking.submit(self._ask, rows)

    async def codes(self, messages: Sequence[Message], brands: Set[str]) -> tuple[int, ...]:
        """As `submit`, while other tasks go on."""
        return await asyncio.wrap_future(self.submit(messages, brands)) if messages else ()

    def _ask(self, rows: Sequence[_Row]) -> tuple[int, ...]:
        if self._is_lost:
            return ()
        try:
            here = self._start()
            here.send(rows)
            codes: tuple[int, ...] = here.recv()
        except (OSError, EOFError) as error:
            self._is_lost = True
            LOG.warning("messages are saved without kinds (%s); `socialbench reparse` labels them", type(error).__name__)
            return ()
        return codes

    def _start(self) -> Connection:
        if self._here is None:
            self._here = _start(self._extensions)
        return self._here


class Unlabelled(Labeller):
    """Labels nothing: for what only looks, and for tests of other things."""

    def __enter__(self) -> Self:
        return self

    def submit(self, messages: Sequence[Message], brands: Set[str]) -> Future[tuple[int, ...]]:
        """Nothing, at once."""
        done: Future[tuple[int, ...]] = Future()
        done.set_result(())
        return done


def _start(extensions: Extensions) -> Connection:
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, extensions), daemon=True)
    # Ctrl-C is for the run, which then closes this one; blocked from its birth on, it cannot break off its imports aloud.
    resource_tracker.ensure_running()  # Which unblocks it, once.
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
    there.close()  # So that either side sees the other end.
    return here


def _serve(there: Connection, extensions: Extensions) -> None:
    """Answer until the other side is gone, however it went."""
    rules = Rules(extensions)
    try:
        while True:
            rows = there.recv()
            there.send(tuple(rules.code(*row) for row in rows))
    except (EOFError, OSError):
        return
