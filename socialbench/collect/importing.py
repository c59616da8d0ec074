"""Importing files: survey, then save, each in one stream over all files.

Nothing is dropped in silence: each row is a message, empty, repeated, or left out under a reason. The order of files
and rows changes nothing. A crash between batches leaves no coverage and no ledger: the same import again mends it.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path

from socialbench.collect.labelling import Labeller, Unlabelled
from socialbench.collect.rows import Notes, Place, Rejected
from socialbench.collect.scanning import Found, Scan, Watch
from socialbench.collect.shapes import COMPLETE, Item, Reading, Shape, Source
from socialbench.collect.survey import Survey
from socialbench.errors import NoData, UsageError
from socialbench.model import DAY_MS, Account, Basis, Coverage, Direction, Message
from socialbench.store import Batch, Ledger, SaveCounts, Store

STREAM = "import"
REPEATED = "repeated"
IN_FUTURE = "in_future"
AFTER_OBSERVED = "after_observed_until"

BATCH = 2_000
"""Messages in one transaction, or a few more: an item is never parted."""

_READ_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Job:
    """One import. `observed_until` is a UTC moment in ms, None to take it from the rows; `now` dates the import."""

    shape: Shape
    files: tuple[Path, ...]
    source: Source
    now: int
    encoding: str = "utf-8"
    observed_until: int | None = None

    def checksum(self) -> str:
        """Of the files' content, in whatever order, and of all that is said about them."""
        source, columns = self.source, self.source.column_map
        said: list[object] = [self.shape.name, self.encoding, self.observed_until, source.zone and str(source.zone)]
        said += [source.network, source.origin, source.sample, source.brand, source.brand_column]
        if columns is not None:
            said += [sorted(columns.columns.items()), columns.time_format, sorted(columns.outbound), sorted(columns.inbound)]
        text = json.dumps([sorted(_hash_file(path) for path in self.files), said])
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(slots=True)
class Outcome:
    """What an import did. `rows` are all rows but empty ones; `left_out` counts rows, and parts such as a reply."""

    rows: int = 0
    empty_lines: int = 0
    repeated: int = 0
    messages: int = 0
    replies: int = 0
    """Those of the messages that a brand wrote."""
    not_in_config: int = 0
    """Rows of brands whose account no handle of the config names."""
    left_out: Counter[str] = field(default_factory=Counter)
    notes: Notes = field(default_factory=Notes)
    attributed_by: dict[str, int] = field(default_factory=dict)
    coverage: tuple[Coverage, ...] = ()
    saved: SaveCounts = field(default_factory=SaveCounts)


@dataclass(frozen=True, slots=True)
class Sink:
    """Where the second pass writes. Without a store nothing is saved; `reject` is told each row that is left out."""

    store: Store | None = None
    run: int = 0
    reject: Callable[[Rejected], None] = lambda rejected: None


class Importer:
    """Carries a job out: `survey` first, then `save`. `known` tells which account ids the config names."""

    def __init__(
        self,
        job: Job,
        watch: Watch,
        known: Callable[[str], bool] = lambda account_id: True,
        labeller: Labeller | None = None,
    ) -> None:
        self._job = job
        self._labeller = labeller or Unlabelled()
        self._held: tuple[list[Message], Future[tuple[int, ...]]] | None = None
        self._watch = watch
        self._known = known
        self._reading: Reading = job.shape.open(job.source, Notes())
        self._repeated = bytearray()
        self._repeats = Counter[tuple[str, int]]()

    def survey(self) -> tuple[str, ...]:
        """Read all files once and write nothing; returns the account ids of the brands, sorted.

        Raises UsageError for files that cannot be read as this shape, NoData where no row can be imported.
        """
        survey, left_out = Survey(), Counter[str]()
        scan = self._scan(Notes())
        oldest_at: int | None = None
        for found in scan.read(self._job.files):
            if isinstance(found, Rejected):
                left_out[found.reason] += 1
                continue
            self._reading.note(found.item, len(survey))
            survey.add(found.item)
            sent_at = found.item.messages[0].sent_at
            oldest_at = sent_at if oldest_at is None else min(oldest_at, sent_at)
        self._check(scan.rows, left_out, oldest_at)
        self._repeated = survey.repeated()
        self._reading.settle(self._repeated)
        return tuple(self._reading.brands)

    def _scan(self, notes: Notes) -> Scan:
        job = self._job
        return Scan(job.shape, job.source, job.encoding, self._reading, notes, self._watch)

    def _check(self, rows: int, left_out: Counter[str], oldest_at: int | None) -> None:
        names = ", ".join(str(path) for path in self._job.files)
        if oldest_at is None:
            told = "".join(f", {count:,} {reason}" for reason, count in sorted(left_out.items()))
            raise NoData(f"{names}: nothing to import ({rows:,} rows{told})")
        if not len(self._reading.brands):
            raise NoData(f"{names}: no brand found: not one row was written by a brand")
        until_at = self._job.observed_until
        if until_at is not None and until_at <= oldest_at:
            raise UsageError(f"{names}: --observed-until lies before the oldest row")

    def save(self, sink: Sink, ledger: Callable[[int], Ledger] | None = None) -> Outcome:
        """Read all files again and save. Coverage and `ledger`, given the count of rows, come with the last transaction."""
        outcome = Outcome()
        scan = self._scan(outcome.notes)
        self._reading.notes = outcome.notes
        waiting: list[Message] = []
        number = 0
        for found in scan.read(self._job.files):
            if isinstance(found, Rejected):
                self._leave_out(found, outcome, sink)
                continue
            waiting += self._take(found, number, outcome, sink)
            number += 1
            if len(waiting) >= BATCH:
                outcome.saved += self._hand_over(sink, waiting)
                waiting = []
        if number != len(self._repeated):
            raise UsageError("a file changed while it was read: import it again")
        outcome.rows, outcome.empty_lines = scan.rows, scan.empty_lines
        outcome.attributed_by = dict(sorted(self._reading.tally.items()))
        outcome.coverage = self._coverage()
        outcome.saved += self._hand_over(sink, waiting)
        outcome.saved += self._save_held(sink, outcome.coverage, ledger(outcome.rows) if ledger else None)
        return outcome

    def _leave_out(self, rejected: Rejected, outcome: Outcome, sink: Sink) -> None:
        outcome.left_out[rejected.reason] += 1
        sink.reject(rejected)

    def _take(self, found: Found, number: int, outcome: Outcome, sink: Sink) -> tuple[Message, ...]:
        if number >= len(self._repeated) or self._repeated[number]:
            outcome.repeated += 1
            self._repeat(found.item)
            sink.reject(Rejected(found.place, REPEATED, found.item.messages[0].id))
            return ()
        item = self._reading.finish(found.item)
        touched = {item.brand} if item.brand is not None else set()
        for message in item.messages:
            touched |= self._measure(message, found.place, outcome)
        outcome.not_in_config += bool(touched) and not any(map(self._known, touched))
        return item.messages

    def _repeat(self, item: Item) -> None:
        """Count a copy that lost for the brands whose message it is, by day."""
        tally = Counter(self._reading.tally)
        messages = self._reading.finish(item).messages
        self._reading.tally.clear()
        self._reading.tally.update(tally)
        day_at = messages[0].sent_at // DAY_MS * DAY_MS
        self._repeats.update((brand, day_at) for brand in set().union(*map(self._brands_of, messages)))

    def _brands_of(self, message: Message) -> set[str]:
        author = self._reading.brands.find(message.author_id)
        spoken_to = {address.account_id for address in message.addressed if address.account_id is not None}
        return spoken_to if author is None else spoken_to | {author}

    def _measure(self, message: Message, place: Place, outcome: Outcome) -> set[str]:
        """Count a message and widen the spans of the brands that it belongs to, which are returned."""
        brands, touched = self._reading.brands, self._brands_of(message)
        for brand in touched:
            # A row dated ahead of today says nothing of how long the others were watched.
            brands.widen(brand, min(message.sent_at, self._job.now))
        outcome.messages += 1
        outcome.replies += brands.find(message.author_id) is not None
        if message.sent_at > self._job.now + DAY_MS:
            outcome.notes.add(IN_FUTURE, place)
        if self._job.observed_until is not None and message.sent_at >= self._job.observed_until:
            outcome.notes.add(AFTER_OBSERVED, place)
        return touched

    def _coverage(self) -> tuple[Coverage, ...]:
        stated = self._job.observed_until
        rows = []
        for brand, span in sorted(self._reading.brands.spans.items()):
            # The newest row was seen, so the half-open interval ends just behind it.
            until_at = span.newest_at + 1 if stated is None else stated
            if until_at > span.oldest_at:
                rows.append(self._cover(brand, span.oldest_at, until_at, assumed=stated is None))
        return tuple(rows)

    def _cover(self, brand: str, since_at: int, until_at: int, *, assumed: bool) -> Coverage:
        source = self._job.source
        return Coverage(
            network=source.network,
            origin=source.origin,
            account_id=brand,
            stream=STREAM,
            direction=Direction.BOTH,
            since_at=since_at,
            until_at=until_at,
            assumed=assumed,
            sample=source.sample,
        )

    def _hand_over(self, sink: Sink, messages: list[Message]) -> SaveCounts:
        """Have a batch labelled, and meanwhile save the one before."""
        labelled = self._labeller.submit(messages, self._reading.brands.ids) if sink.store is not None else None
        saved = self._save_held(sink)
        self._held = (messages, labelled) if labelled is not None else None
        return saved

    def _save_held(self, sink: Sink, coverage: Sequence[Coverage] = (), ledger: Ledger | None = None) -> SaveCounts:
        if sink.store is None or self._held is None:
            return SaveCounts()
        (messages, labelled), self._held = self._held, None
        source = self._job.source
        made = {brand: Account(source.network, source.origin, brand, name=brand) for brand in self._reading.brands}
        if ledger is not None:
            told = {(made[brand], day_at): count for (brand, day_at), count in self._repeats.items() if brand in made}
            ledger = replace(ledger, repeated=told)
        return sink.store.save(
            Batch(
                run=sink.run,
                seen_at=self._job.now,
                stream=STREAM,
                basis=Basis.INDEPENDENT if source.sample == COMPLETE else Basis.ANSWERED_ONLY,
                messages=messages,
                accounts=tuple(made.values()) if ledger is not None else (),
                coverage=coverage,
                ledger=ledger,
                kinds=labelled.result(),
                kind_version=self._labeller.version,
            )
        )


def _hash_file(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_READ_BLOCK):
                digest.update(block)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from error
    return digest.hexdigest()
