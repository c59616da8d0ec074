"""Saving a batch: messages, addresses, accounts, raw answer, cursor, coverage, polls and ledger in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection

from socialbench.model import Account, Basis, Message
from socialbench.store.accounts import AccountId, Seen, resolve_names, save_accounts
from socialbench.store.address import save_addresses
from socialbench.store.aliases import alias_groups, join_aliases
from socialbench.store.batch import Batch, SaveCounts
from socialbench.store.coverage import save_coverage
from socialbench.store.marks import mark_gone, save_cursor, save_ledger, save_polls, save_raw
from socialbench.store.message import MessageId, Saved, find_keys, first_key, read_message, save_counts, save_rows, save_stubs
from socialbench.store.rows import Row
from socialbench.store.spaces import Space, save_spaces
from socialbench.store.texts import clean, fold_name


class Saving:
    """One batch on its way into the store: the keys of the spaces, accounts and messages that it names."""

    def __init__(self, connection: Connection, batch: Batch) -> None:
        self.connection = connection
        self.batch = batch
        self.ghost_space = _ghost_space(batch)
        self.spaces = save_spaces(connection, self._spaces())
        self.accounts = save_accounts(connection, self._accounts(), batch.seen_at)
        self.names = resolve_names(connection, self._names(), batch.seen_at)
        self.messages, self.stubs = self._message_keys()

    def space(self, of: Message | Account) -> int:
        """The key of a message's or account's space."""
        return self.spaces[of.network, of.origin]

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
        for message in batch.messages:
            space = self.space(message)
            if message.author_id is not None:
                author = seen.setdefault((space, clean(message.author_id)), Seen())
                author.add(message.author_name, message.author_display_name)
            for address in message.addressed:
                if address.account_id is not None:
                    seen.setdefault((space, clean(address.account_id)), Seen()).add(address.name)
        pointed = [poll.account for poll in batch.polls] + ([batch.cursor.account] if batch.cursor else [])
        for account in (*batch.accounts, *pointed):
            sight = seen.setdefault((self.space(account), clean(account.id)), Seen())
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
        for message in self.batch.messages:
            for address in message.addressed:
                if address.account_id is None and address.name and (folded := fold_name(address.name)):
                    named[self.space(message), folded] = clean(address.name).strip().lstrip("@")
        return named

    def _message_keys(self) -> tuple[dict[MessageId, int], dict[MessageId, int]]:
        own: dict[MessageId, tuple[str, ...]] = {}
        referred: dict[MessageId, None] = {}
        for message in self.batch.messages:
            own_id = (self.space(message), _id(message))
            own[own_id] = (*own.get(own_id, ()), *map(clean, message.aliases))
            for other in (message.parent_id, message.root_id, message.quoted_id):
                if other:
                    referred[own_id[0], clean(other)] = None
        referred |= dict.fromkeys(self._pointed())
        grouped = {each: aliases for each, aliases in own.items() if aliases}
        wanted = own.keys() | referred.keys() | {(each[0], alias) for each, aliases in grouped.items() for alias in aliases}
        keys = find_keys(self.connection, wanted)
        free = first_key(self.connection)
        if grouped:
            free = join_aliases(self.connection, alias_groups(grouped), keys, free)
        return keys, _add_keys(keys, own, referred, free)

    def _pointed(self) -> Iterator[MessageId]:
        for poll in self.batch.polls:
            yield self.space(poll.account), clean(poll.root_id)
        raw = self.batch.raw
        if raw:
            yield from ((self.spaces[raw.network, raw.origin], clean(id_)) for id_ in raw.message_ids if id_)


def save_batch(connection: Connection, batch: Batch) -> SaveCounts:
    """Save everything of the batch; the caller's transaction makes it all or nothing."""
    saving = Saving(connection, batch)
    save_stubs(connection, saving.stubs)
    rows = [_read(saving, message) for message in batch.messages]
    saved = save_rows(connection, rows)
    addressed = save_addresses(connection, list(_addresses(saving, rows)), saved.seen_before)
    counts = {row["key"]: message.counts for row, message in zip(rows, batch.messages, strict=True)}
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


def _read(saving: Saving, message: Message) -> Row:
    space = saving.space(message)
    key = saving.messages[space, clean(message.id)]
    author = None if message.author_id is None else saving.accounts[space, clean(message.author_id)]
    parent = _reference(saving, space, message.parent_id)
    keys = {
        "key": key,
        "space": space,
        "author": author,
        "parent": None if parent == key else parent,
        "root": _reference(saving, space, message.root_id),
        "quoted": _reference(saving, space, message.quoted_id),
    }
    return read_message(message, keys, saving.batch.seen_at)


def _reference(saving: Saving, space: int, id_: str | None) -> int | None:
    return saving.messages[space, clean(id_)] if id_ else None


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


def _id(message: Message) -> str:
    if not message.id:
        raise ValueError(f"a message of {message.network} has no id")
    return clean(message.id)


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
