"""Saving a batch: messages, addresses, accounts, raw answer, cursor, coverage, polls and ledger in the caller's transaction."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from sqlalchemy import Connection

from socialbench.model import Account, Basis, Message
from socialbench.store.accounts import AccountId, Seen, resolve_names, save_accounts
from socialbench.store.address import save_addresses
from socialbench.store.aliases import alias_groups, join_aliases
from socialbench.store.batch import Batch, SaveCounts
from socialbench.store.coverage import save_coverage
from socialbench.store.marks import mark_gone, save_cursor, save_ledger, save_polls, save_raw, save_repeated
from socialbench.store.message import MessageId, Saved, find_keys, first_key, read_message, save_counts, save_rows, save_stubs
from socialbench.store.rows import Row
from socialbench.store.spaces import Space, save_spaces
from socialbench.store.texts import clean, fold_name


class Ids(NamedTuple):
    """The ids that a message names, fit to be stored, within the space of that key."""

    space: int
    id: str
    author: str | None
    parent: str | None
    root: str | None
    quoted: str | None


class Saving:
    """One batch on its way into the store: the keys of the spaces, accounts and messages that it names."""

    def __init__(self, connection: Connection, batch: Batch) -> None:
        self.connection = connection
        self.batch = batch
        self.ghost_space = _ghost_space(batch)
        self.spaces = save_spaces(connection, self._spaces())
        self.ids = [self._ids(message) for message in batch.messages]
        self.accounts = save_accounts(connection, self._accounts(), batch.seen_at)
        self.names = resolve_names(connection, self._names(), batch.seen_at)
        self.free = first_key(connection)
        self.messages, self.stubs = self._message_keys()

    def space(self, of: Message | Account) -> int:
        """The key of a message's or account's space."""
        return self.spaces[of.network, of.origin]

    def _ids(self, message: Message) -> Ids:
        if not message.id:
            raise ValueError(f"a message of {message.network} has no id")
        author, parent, root, quoted = message.author_id, message.parent_id, message.root_id, message.quoted_id
        return Ids(
            self.space(message),
            clean(message.id),
            None if author is None else clean(author),
            clean(parent) if parent else None,
            clean(root) if root else None,
            clean(quoted) if quoted else None,
        )

    def _spaces(self) -> Iterator[Space]:
        batch = self.batch
        yield from {(each.network, each.origin) for each in batch.messages}
        yield from {(each.network, each.origin) for each in batch.accounts}
        yield from {(each.network, each.origin) for each in batch.coverage}
        yield from {(poll.account.network, poll.account.origin) for poll in batch.polls}
        if batch.raw:
            yield batch.raw.network, batch.raw.origin
        if batch.cursor:
            yield batch.cursor.account.network, batch.cursor.account.origin
        if self.ghost_space:
            yield self.ghost_space

    def _accounts(self) -> dict[AccountId, Seen]:
        batch = self.batch
        seen: dict[AccountId, Seen] = {}
        for ids, message in zip(self.ids, batch.messages, strict=True):
            if ids.author is not None:
                author = _seen(seen, (ids.space, ids.author))
                if message.author_name or message.author_display_name:
                    author.add(message.author_name, message.author_display_name)
            for address in message.addressed:
                if address.account_id is not None:
                    _seen(seen, (ids.space, clean(address.account_id))).add(address.name)
        pointed = [poll.account for poll in batch.polls] + ([batch.cursor.account] if batch.cursor else [])
        for account in (*batch.accounts, *pointed):
            sight = _seen(seen, (self.space(account), clean(account.id)))
            sight.add(account.name, account.display_name)
            sight.profile = account
        self._referred(seen)
        return seen

    def _referred(self, seen: dict[AccountId, Seen]) -> None:
        """Accounts that are only pointed at: no sighting of their own, so one known by name alone stays so."""
        places = [(each.network, each.origin, each.account_id) for each in self.batch.coverage]
        if self.batch.raw:
            places.append((self.batch.raw.network, self.batch.raw.origin, self.batch.raw.account_id))
        for network, origin, id_ in places:
            seen.setdefault((self.spaces[network, origin], clean(id_)), Seen(shown=not id_.startswith("@")))

    def _names(self) -> dict[tuple[int, str], str]:
        named = {}
        for ids, message in zip(self.ids, self.batch.messages, strict=True):
            for address in message.addressed:
                if address.account_id is None and address.name and (folded := fold_name(address.name)):
                    named[ids.space, folded] = clean(address.name).strip().lstrip("@")
        return named

    def _message_keys(self) -> tuple[dict[MessageId, int], dict[MessageId, int]]:
        own = dict.fromkeys((ids.space, ids.id) for ids in self.ids)
        referred = dict.fromkeys((ids.space, other) for ids in self.ids for other in ids[3:] if other is not None)
        referred |= dict.fromkeys(self._pointed())
        grouped: dict[MessageId, tuple[str, ...]] = {}
        for ids, message in zip(self.ids, self.batch.messages, strict=True):
            if message.aliases:
                own_id = (ids.space, ids.id)
                grouped[own_id] = (*grouped.get(own_id, ()), *map(clean, message.aliases))
        aliases = dict.fromkeys((space, alias) for (space, _), others in grouped.items() for alias in others)
        keys = find_keys(self.connection, own | referred | aliases)
        free = join_aliases(self.connection, alias_groups(grouped), keys, self.free)
        return keys, _add_keys(keys, own, referred, free)

    def _pointed(self) -> Iterator[MessageId]:
        for poll in self.batch.polls:
            yield self.space(poll.account), clean(poll.root_id)
        raw = self.batch.raw
        if raw:
            yield from ((self.spaces[raw.network, raw.origin], clean(id_)) for id_ in raw.message_ids if id_)


def save_batch(connection: Connection, batch: Batch) -> SaveCounts:
    """Save everything of the batch; the caller's transaction makes it all or nothing."""
    with _uncollected():
        return _save_batch(connection, batch)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the search for cycles, which rows never form: it would look at every row of a batch, for a sixth of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _save_batch(connection: Connection, batch: Batch) -> SaveCounts:
    saving = Saving(connection, batch)
    save_stubs(connection, saving.stubs)
    rows = [_read(saving, ids, message) for ids, message in zip(saving.ids, batch.messages, strict=True)]
    for row, kind in zip(rows, batch.kinds, strict=True) if batch.kinds else ():
        row["kind"], row["kind_version"] = kind, batch.kind_version
    saved = save_rows(connection, rows, saving.free)
    addressed = save_addresses(connection, list(_addresses(saving, rows)), saved.seen_before)
    counts = {row["key"]: message.counts for row, message in zip(rows, batch.messages, strict=True) if message.counts}
    save_counts(connection, counts, saved.seen_before, batch.seen_at)
    if saving.ghost_space:
        mark_gone(connection, saving.spaces[saving.ghost_space], batch.ghosts, batch.seen_at)
    _save_marks(saving)
    return _count(saved, addressed)


def _save_marks(saving: Saving) -> None:
    batch, connection = saving.batch, saving.connection
    places = {(network, origin, id_): key for (network, origin), space in saving.spaces.items()
              for (where, id_), key in saving.accounts.items() if where == space} if batch.coverage else {}  # fmt: skip
    save_coverage(connection, batch.coverage, places)
    if batch.raw:
        space = saving.spaces[batch.raw.network, batch.raw.origin]
        messages = {saving.messages[space, clean(id_)] for id_ in batch.raw.message_ids if id_}
        save_raw(connection, batch.raw, space, saving.accounts[space, clean(batch.raw.account_id)], messages)
    if batch.cursor:
        account = batch.cursor.account
        save_cursor(connection, batch.cursor, saving.accounts[saving.space(account), clean(account.id)])
    polls: dict[tuple[int, int], int] = {}
    for poll in batch.polls:
        space = saving.space(poll.account)
        pair = (saving.accounts[space, clean(poll.account.id)], saving.messages[space, clean(poll.root_id)])
        polls[pair] = max(polls.get(pair, poll.checked_at), poll.checked_at)
    save_polls(connection, polls)
    if batch.ledger:
        save_ledger(connection, batch.ledger, batch.run, batch.seen_at)
        told = batch.ledger.repeated.items()
        counts = {(saving.accounts[saving.space(account), clean(account.id)], day): count for (account, day), count in told}
        save_repeated(connection, batch.ledger.checksum, counts)


def _read(saving: Saving, ids: Ids, message: Message) -> Row:
    space, keys = ids.space, saving.messages
    key = keys[space, ids.id]
    parent = None if ids.parent is None else keys[space, ids.parent]
    row = read_message(message, saving.batch.seen_at)
    row["key"] = row["message"] = key
    row["space"] = space
    row["id"] = ids.id
    row["author"] = None if ids.author is None else saving.accounts[space, ids.author]
    row["parent"] = None if parent == key else parent
    row["root"] = None if ids.root is None else keys[space, ids.root]
    row["quoted"] = None if ids.quoted is None else keys[space, ids.quoted]
    return row


def _seen(seen: dict[AccountId, Seen], id_: AccountId) -> Seen:
    found = seen.get(id_)
    if found is None:
        found = seen[id_] = Seen()
    return found


def _addresses(saving: Saving, rows: list[Row]) -> Iterator[Row]:
    batch = saving.batch
    for row, message in zip(rows, batch.messages, strict=True):
        basis = Basis.CONTEXT if message.context else batch.basis
        for address in message.addressed:
            if address.account_id is not None:
                account = saving.accounts[row["space"], clean(address.account_id)]
            elif address.name and (folded := fold_name(address.name)):
                account = saving.names[row["space"], folded]
            else:
                continue
            yield {
                "message": row["key"],
                "account": account,
                "how": int(address.how),
                "basis": int(basis),
                "stream": batch.stream,
                "first_seen_at": batch.seen_at,
            }


def _add_keys(
    keys: dict[MessageId, int], own: Mapping[MessageId, object], referred: Mapping[MessageId, None], free: int
) -> dict[MessageId, int]:
    """Give every id without a key one, those of the batch's messages first; the stubs among them."""
    for each in own:
        if each not in keys:
            keys[each], free = free, free + 1
    stubs = {}
    for each in referred:
        if each not in keys:
            keys[each] = stubs[each] = free
            free += 1
    return stubs


def _ghost_space(batch: Batch) -> Space | None:
    if not batch.ghosts:
        return None
    if batch.ghost_space:
        return batch.ghost_space
    account = batch.cursor.account if batch.cursor else next((poll.account for poll in batch.polls), None)
    source = batch.raw or account or next(iter(batch.messages), None)
    if source is None:
        raise ValueError("a batch of ghosts alone needs ghost_space")
    return source.network, source.origin


def _count(saved: Saved, addressed: set[int]) -> SaveCounts:
    new = len(saved.rows.keys() - saved.seen_before)
    updated = len(saved.changed | addressed)
    return SaveCounts(new=new, updated=updated, unchanged=len(saved.seen_before) - updated)
