"""Spaces: (network, origin), within which ids are unique."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from socialbench.store import schema
from socialbench.store.rows import next_key, upsert

Space = tuple[str, str]

_S = schema.space.c
_LOAD = select(_S.network, _S.origin, _S.key).order_by(_S.network, _S.origin)


def load_spaces(connection: Connection) -> dict[Space, int]:
    """The key of every space, ordered by network and origin."""
    return {(network, origin): key for network, origin, key in connection.execute(_LOAD)}


def save_spaces(connection: Connection, wanted: Iterable[Space]) -> dict[Space, int]:
    """The key of every space, those wanted included."""
    known = load_spaces(connection)
    missing = sorted(set(wanted) - known.keys())
    if missing:
        first = next_key(connection, schema.space.c.key)
        known |= {each: key for key, each in enumerate(missing, first)}
        upsert(connection, schema.space, [{"key": known[each], "network": each[0], "origin": each[1]} for each in missing])
    return known


def space_keys(connection: Connection, network: str, origin: str | None) -> list[int]:
    """The keys of a network's spaces, of all its origins where `origin` is None."""
    return [key for (name, place), key in load_spaces(connection).items() if name == network and origin in (None, place)]
