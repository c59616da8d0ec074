"""Kinds given anew: what is stored is read out in chunks, and each chunk's codes are written back in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, or_, select

from socialbench.store import schema

_M, _T = schema.message.c, schema.text.c
_UPDATE = (
    schema.message.update()
    .where(_M.key == bindparam("message"))
    .values(kind=bindparam("code"), kind_version=bindparam("rules_version"))
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A stored message as rules read it. `kind` and `kind_version` are what it was labelled with, None: not yet."""

    key: int
    author: int | None
    text: str
    lang: str | None
    stars: int | None
    kind: int | None
    kind_version: int | None


def load_labelled(connection: Connection, after_key: int, limit: int, but_version: int | None) -> list[Labelled]:
    """Messages by key, from `after_key` on; with `but_version` only those not labelled by these rules yet."""
    columns = (_M.key, _M.author, _T.text, _M.lang, _M.stars, _M.kind, _M.kind_version)
    statement = select(*columns).join(schema.text, _T.message == _M.key).where(_M.key > after_key)
    if but_version is not None:
        statement = statement.where(or_(_M.kind_version.is_(None), _M.kind_version != but_version))
    return [Labelled(*row) for row in connection.execute(statement.order_by(_M.key).limit(limit))]


def save_labels(connection: Connection, codes: Sequence[tuple[int, int]], version: int) -> None:
    """Write (message key, code) pairs under the number of the rules that gave them."""
    if codes:
        rows = [{"message": key, "code": code, "rules_version": version} for key, code in codes]
        connection.execute(_UPDATE, rows)


def count_labelled(connection: Connection) -> dict[int | None, int]:
    """How many messages are labelled by which rules; None: by none."""
    statement = select(_M.kind_version, func.count()).where(_M.sent_at.is_not(None)).group_by(_M.kind_version)
    return {row[0]: row[1] for row in connection.execute(statement)}
