"""Ids that are one message: edit histories, and stubs that turn out to be one of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, literal, select

from socialbench.store import schema
from socialbench.store.address import move_addresses
from socialbench.store.message import MessageId, join_sightings, load_rows, save_texts
from socialbench.store.rows import delete_in, insert_into, upsert

_REFERENCES = (schema.message.c.parent, schema.message.c.root, schema.message.c.quoted)


def join_aliases(connection: Connection, groups: Iterable[Sequence[MessageId]], keys: dict[MessageId, int], free: int) -> int:
    """Give the ids of each group one key, in `keys` and in the store; the next free key.

    A key that was a stub, or a message of its own, is merged into the other: all that points at it moves.
    """
    for group in groups:
        known = sorted({keys[each] for each in group if each in keys})
        if not known:
            known, free = [free], free + 1
        for old in known[1:]:
            _merge(connection, old, known[0])
            keys.update({each: known[0] for each, key in keys.items() if key == old})
        keys.update(dict.fromkeys(group, known[0]))
        rows = [{"space": space, "id": id_, "message": known[0]} for space, id_ in group]
        upsert(connection, schema.alias, rows)
    return free


def _merge(connection: Connection, old: int, new: int) -> None:
    for column in _REFERENCES:
        connection.execute(schema.message.update().where(column == old).values({column.name: new}))
    move_addresses(connection, schema.address.c.message, old, new)
    _move(connection, old, new)
    connection.execute(schema.alias.update().where(schema.alias.c.message == old).values(message=new))
    _join_rows(connection, old, new)


def _move(connection: Connection, old: int, new: int) -> None:
    for table, name in (
        (schema.raw_message, "message"),
        (schema.poll, "root"),
        (schema.version, "message"),
        (schema.engagement, "message"),
    ):
        names = [column.name for column in table.columns]
        values = [literal(new).label(name) if each == name else table.c[each] for each in names]
        moved = insert_into(connection, table).from_select(names, select(*values).where(table.c[name] == old))
        connection.execute(moved.on_conflict_do_nothing(index_elements=list(table.primary_key.columns)))
        delete_in(connection, table.c[name], [old])


def _join_rows(connection: Connection, old: int, new: int) -> None:
    rows = load_rows(connection, [old, new])
    delete_in(connection, schema.message.c.key, [old])
    delete_in(connection, schema.text.c.message, [old])
    if old not in rows:
        return
    row, version = join_sightings(rows[new], rows[old]) if new in rows else (rows[old] | {"key": new, "message": new}, None)
    upsert(connection, schema.message, [row])
    save_texts(connection, [row])
    upsert(connection, schema.version, [version] if version else [])


def alias_groups(ids: Mapping[MessageId, Sequence[str]]) -> list[list[MessageId]]:
    """The ids of each message that has more than one."""
    return [[each, *((each[0], other) for other in others if other != each[1])] for each, others in ids.items()]
