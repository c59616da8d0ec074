"""What a run of `collect` came to: stream by stream, and as an exit code."""

from __future__ import annotations

from dataclasses import dataclass, field

from socialbench.collect.keeping import Tally
from socialbench.errors import CredentialError, SocialbenchError, Stopped


@dataclass(slots=True)
class StreamResult:
    """One stream of one handle. `error`: it failed or was stopped; `left_out`: why it was not even tried."""

    brand: str
    network: str
    handle: str
    stream: str
    tally: Tally = field(default_factory=Tally)
    error: SocialbenchError | None = None
    left_out: str = ""

    @property
    def line(self) -> str:
        """One line for a log or a pipe."""
        head = f"{self.network} {self.handle} {self.stream}:"
        if self.left_out:
            return f"{head} left out: {self.left_out}"
        tally = self.tally
        said = f"{tally.items} messages, {tally.new} new, {tally.pages} pages"
        said += f", {tally.dropped} to others" if tally.dropped else ""
        said += f", closed or gone: {tally.missing}" if tally.missing else ""
        said += f", no answer for {tally.unread} of its threads: see the gaps in coverage" if tally.unread else ""
        said += ", cut by the network's cap: see the gap in coverage" if tally.capped else ""
        if self.error is None:
            return f"{head} {said}"
        return f"{head} {said}; {self.reason}" if tally.pages else f"{head} {self.reason}"

    @property
    def reason(self) -> str:
        """What failed, and what to do, without the words that say where: they stand beside it."""
        said = str(self.error or "")
        for place in (f"{self.network} {self.handle} {self.stream}: ", f"{self.network} {self.handle}: ", f"{self.network}: "):
            said = said.removeprefix(place)
        return said


@dataclass(slots=True)
class Outcome:
    """All streams of a run, the networks that nothing collects, and what was spent by unit."""

    results: list[StreamResult] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    spent: dict[str, float] = field(default_factory=dict)

    @property
    def failures(self) -> list[StreamResult]:
        """The streams that failed or were stopped."""
        return [result for result in self.results if result.error is not None]

    @property
    def capped(self) -> list[StreamResult]:
        """The streams that a network's own cap cut, which is a gap in coverage and no failure."""
        return [result for result in self.results if result.tally.capped]

    @property
    def resume_at(self) -> int | None:
        """When all that was stopped can go on, UTC in ms; None where nothing was stopped or nobody knows."""
        moments = [result.error.resume_at for result in self.results if isinstance(result.error, Stopped)]
        return max((moment for moment in moments if moment is not None), default=None)

    @property
    def exit_code(self) -> int:
        """4 where credentials let nothing start, 5 where something was stopped, 3 where something failed, else 0."""
        tried = [result for result in self.results if not result.left_out]
        refused = [result for result in tried if isinstance(result.error, CredentialError)]
        # A stream that had nothing to ask for has not started either.
        started = [result for result in tried if result.error is not None or result.tally.pages]
        if started and len(refused) == len(started):
            return 4
        if any(isinstance(result.error, Stopped) for result in tried):
            return 5
        return 3 if self.failures else 0

    @property
    def word(self) -> str:
        """How the run is noted in the store."""
        return {0: "complete", 3: "partial", 4: "no credentials", 5: "stopped"}[self.exit_code]
