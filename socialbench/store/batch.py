"""What goes into a store and what comes back from it: frozen rows without behaviour.

Moments are UTC in whole milliseconds. Ids are those of the networks, keys are the store's own integers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from socialbench.model import Account, Basis, Coverage, Gone, Message


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the sweep of one stream of an account stands.

    `token` not None: a sweep was cut and resumes there, with its own `started_at` and `since_at`. `complete_at`:
    when the last complete sweep started, which is the claim of completeness. `oldest_at`: the oldest message seen.
    """

    account: Account
    stream: str
    subject: str
    token: str | None
    started_at: int | None
    since_at: int | None
    oldest_at: int | None
    complete_at: int | None
    pages: int
    items: int


@dataclass(frozen=True, slots=True)
class RawPage:
    """One answer as it came, its credentials already stripped, and the ids of the messages in it."""

    network: str
    origin: str
    account_id: str
    stream: str
    subject: str
    url: str
    fetched_at: int
    expires_at: int
    body: bytes
    message_ids: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Poll:
    """A thread below `root_id` was looked at for late replies to the account."""

    account: Account
    root_id: str
    checked_at: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """An import that is finished: the file's checksum makes a rerun a no-op.

    `repeated`: how many of its rows repeat another, by brand's account, one of the batch's, and UTC day (ms).
    """

    checksum: str
    file: str
    shape: str
    rows: int
    repeated: Mapping[tuple[Account, int], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction saves: a page of a stream, or a few thousand rows of a file.

    `basis` is that of every address of the batch; a message with `context` is saved with `Basis.CONTEXT`.
    `ghosts`: ids that a re-check no longer found, in the space `ghost_space` (network, origin); without it, in the
    space of the raw page, of the cursor or of the first message. `kinds`: a code per message, by the rules numbered
    `kind_version`; without, the messages are saved unlabelled. What a code means is the business of whoever gives it.
    """

    run: int
    seen_at: int
    stream: str
    basis: Basis
    messages: Sequence[Message]
    accounts: Sequence[Account] = ()
    raw: RawPage | None = None
    cursor: Cursor | None = None
    coverage: Sequence[Coverage] = ()
    polls: Sequence[Poll] = ()
    ledger: Ledger | None = None
    ghosts: Mapping[str, Gone] = field(default_factory=dict)
    ghost_space: tuple[str, str] | None = None
    kinds: Sequence[int] = ()
    kind_version: int | None = None


@dataclass(frozen=True, slots=True)
class SaveCounts:
    """What a save did with the messages of its batch; the three add up to the distinct messages in it."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0

    def __add__(self, other: SaveCounts) -> SaveCounts:
        return SaveCounts(self.new + other.new, self.updated + other.updated, self.unchanged + other.unchanged)


@dataclass(frozen=True, slots=True)
class EraseCounts:
    """What `erase` dropped."""

    accounts: int = 0
    messages: int = 0
    versions: int = 0
    raw: int = 0


@dataclass(frozen=True, slots=True)
class OpenThread:
    """A thread with a message addressed to the account: its top, its newest such message, its last poll."""

    root_id: str
    newest_at: int
    checked_at: int | None


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run of a command that wrote to the store. `ended_at` None: it is running, or was killed."""

    key: int
    command: str
    version: str
    config_hash: str
    started_at: int
    ended_at: int | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class CoverageStatus:
    """How far one stream of an account was read, over all its subjects: for `status`."""

    network: str
    origin: str
    account_id: str
    name: str | None
    stream: str
    since_at: int
    until_at: int
    gap_count: int
    assumed: bool


@dataclass(frozen=True, slots=True)
class StoreCounts:
    """How much a store holds. `stub_count`: ids referred to but never seen. `raw_bytes`: compressed."""

    message_count: int
    stub_count: int
    account_count: int
    version_count: int
    raw_count: int
    raw_bytes: int
