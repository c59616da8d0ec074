"""Invented messages, batches and stores for the tests of the store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from socialbench.model import Account, Address, Basis, Coverage, Direction, Frames, How, Message
from socialbench.store import Batch, Store, open_store

T0 = 1_760_000_000_000
ACME = Account("bluesky", "", "did:acme", name="acme.example")


def message(id_: str, sent_at: int = T0, text: str = "hello", **more: Any) -> Message:
    """A message on bluesky by somebody, unless `more` says otherwise."""
    facts = {"network": "bluesky", "origin": "", "author_id": "did:jo"} | more
    return Message(id=id_, sent_at=sent_at, text=text, **facts)


def to_acme(how: How = How.LEADING) -> tuple[Address, ...]:
    """Addressed to ACME by its id."""
    return (Address(how, account_id=ACME.id),)


def batch(messages: Iterable[Message], seen_at: int = T0 + 1000, **more: Any) -> Batch:
    """A batch of an independent listing, unless `more` says otherwise."""
    facts: dict[str, Any] = {"run": 1, "stream": "mentions", "basis": Basis.INDEPENDENT} | more
    return Batch(seen_at=seen_at, messages=tuple(messages), **facts)


def covered(since_at: int, until_at: int, **more: Any) -> Coverage:
    """What ACME's mentions were read of."""
    facts = {"network": "bluesky", "origin": "", "account_id": ACME.id, "stream": "mentions", "direction": Direction.INBOUND}
    return Coverage(since_at=since_at, until_at=until_at, **(facts | more))


def saved(url: str, batches: Sequence[Batch]) -> Store:
    """The store after these batches, open for writing."""
    store = open_store(url, write=True)
    for each in batches:
        store.save(each)
    return store


def plain(frames: Frames, texts: dict[int, str] | None = None, ids: dict[int, str] | None = None) -> dict[str, list[Any]]:
    """The frames as lists of rows in their order, every key replaced by what it stands for."""
    spaces = {row.key: (row.network, row.origin) for row in frames.spaces.itertuples()}
    accounts = {row.key: (spaces[row.space], row.id) for row in frames.accounts.itertuples()}
    ids = ids or {}
    rows = []
    for row in frames.messages.to_dict("records"):
        key = row.pop("key")
        author = row.pop("author")
        links = [ids.get(row.pop(name)) for name in ("parent", "root", "quoted")]
        row["lang"] = None if row["lang"] != row["lang"] else row["lang"]
        rows.append((spaces[row.pop("space")], ids.get(key), (texts or {}).get(key), author != -1, links, row))
    addresses = [(ids.get(row[0]), accounts[row[1]], *row[2:]) for row in frames.addresses.to_numpy().tolist()]
    coverage = [(accounts[row[1]], *row[2:]) for row in frames.coverage.itertuples()]
    names = [(accounts[row.key], row.name, row.names) for row in frames.accounts.itertuples()]
    assert frames.profiles is not None
    assert frames.engagement is not None
    return {
        "messages": rows,
        "addresses": addresses,
        "coverage": coverage,
        "accounts": names,
        "spaces": list(spaces.values()),
        "profiles": [(accounts[row[0]], *row[1:]) for row in frames.profiles.to_numpy().tolist()],
        "engagement": [(ids.get(row[0]), row[1]) for row in frames.engagement.to_numpy().tolist()],
    }


def contents(store: Store) -> dict[str, list[Any]]:
    """All that the store's frames hold, with ids and texts for keys."""
    frames = store.frames()
    links = {int(key) for name in ("key", "parent", "root", "quoted") for key in frames.messages[name] if key >= 0}
    keys = sorted(links)
    return plain(frames, store.texts(keys), store.message_ids(keys))
