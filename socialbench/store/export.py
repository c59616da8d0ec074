"""The evidence behind every figure: messages and coverage as rows of plain values, streamed in a fixed order.

messages  network, origin, id, author_id, author_name, parent_id, root_id, quoted_id, sent_at, text, stars, lang,
          addressed (list of {account_id, account_name, how, basis, stream}), first_seen_at, last_seen_at, gone,
          kind and reply_kind (what the text is as a customer's message, and as a brand's reply), kind_version
coverage  network, origin, account_id, account_name, stream, direction, subject, since_at, until_at, gap, reason,
          assumed, sample

Moments are UTC milliseconds, absent values None, codes the lower-case names of `socialbench.model`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select

from socialbench.errors import UsageError
from socialbench.model import KIND_BITS, REPLY_KIND_SHIFT, Account, Basis, Gone, How, Kind, ReplyKind
from socialbench.store import schema
from socialbench.store.find import load_accounts
from socialbench.store.rows import pieces, select_in
from socialbench.store.spaces import load_spaces

CHUNK = 2_000

Out = dict[str, Any]


def export_rows(
    connection: Connection, what: str, since_at: int | None, until_at: int | None, accounts: Collection[int] | None
) -> Iterator[Out]:
    """Rows of "messages" sent in [since_at, until_at) by or to the accounts (None: all), or their "coverage" in it."""
    if what == "messages":
        yield from _messages(connection, since_at, until_at, accounts)
    elif what == "coverage":
        yield from _coverage(connection, since_at, until_at, accounts)
    else:
        raise UsageError(f"export {what}: there are messages and coverage")


def _messages(
    connection: Connection, since_at: int | None, until_at: int | None, accounts: Collection[int] | None
) -> Iterator[Out]:
    table = schema.message.c
    for (network, origin), space in load_spaces(connection).items():
        statement = _message_statement().where(table.space == space, table.sent_at.is_not(None))
        statement = _within(statement, table.sent_at, table.sent_at, since_at, until_at)
        if accounts is not None:
            addressed = select(schema.address.c.message).where(_in(schema.address.c.account, accounts))
            statement = statement.where(or_(_in(table.author, accounts), table.key.in_(addressed)))
        statement = statement.order_by(table.sent_at, func.length(table.id), table.id)
        result = connection.execution_options(yield_per=CHUNK).execute(statement)
        for rows in result.partitions(CHUNK):
            yield from _message_rows(connection, (network, origin), rows)


def _message_statement() -> Select[Any]:
    table, text = schema.message, schema.text
    parent, root, quoted = table.alias(), table.alias(), table.alias()
    ids = (parent.c.id.label("parent_id"), root.c.id.label("root_id"), quoted.c.id.label("quoted_id"))
    statement = select(table, text.c.text, text.c.author_name, *ids)
    statement = statement.join(text, text.c.message == table.c.key)
    for name, other in (("parent", parent), ("root", root), ("quoted", quoted)):
        statement = statement.join(other, other.c.key == table.c[name], isouter=True)
    return statement


def _message_rows(connection: Connection, space: tuple[str, str], rows: Sequence[Any]) -> Iterator[Out]:
    table = schema.address
    addresses = list(select_in(connection, select(table), table.c.message, [row.key for row in rows]))
    wanted = {row.account for row in addresses} | {row.author for row in rows if row.author is not None}
    accounts = load_accounts(connection, wanted)
    addressed: dict[int, list[Out]] = {}
    for row in sorted(addresses, key=lambda row: accounts[row.account].id):
        addressed.setdefault(row.message, []).append(_address(row, accounts[row.account]))
    for row in rows:
        yield _message_row(space, row, accounts.get(row.author), addressed.get(row.key, []))


def _message_row(space: tuple[str, str], row: Any, author: Account | None, addressed: list[Out]) -> Out:
    return {
        "network": space[0],
        "origin": space[1],
        "id": row.id,
        "author_id": author.id if author else None,
        "author_name": author.name if author else row.author_name,
        "parent_id": row.parent_id,
        "root_id": row.root_id,
        "quoted_id": row.quoted_id,
        "sent_at": row.sent_at,
        "text": row.text,
        "stars": row.stars,
        "lang": row.lang,
        "addressed": addressed,
        "first_seen_at": row.first_seen_at,
        "last_seen_at": row.last_seen_at,
        "gone": None if row.gone is None else Gone(row.gone).name.lower(),
        "kind": None if row.kind is None else Kind(row.kind & KIND_BITS).name.lower(),
        "reply_kind": _reply_kind(row.kind),
        "kind_version": row.kind_version,
    }


def _reply_kind(code: int | None) -> str | None:
    found = KIND_BITS if code is None else code >> REPLY_KIND_SHIFT & KIND_BITS
    return None if found == KIND_BITS else ReplyKind(found).name.lower()


def _address(row: Any, account: Account) -> Out:
    how, basis = How(row.how).name.lower(), Basis(row.basis).name.lower()
    return {"account_id": account.id, "account_name": account.name, "how": how, "basis": basis, "stream": row.stream}


def _coverage(
    connection: Connection, since_at: int | None, until_at: int | None, accounts: Collection[int] | None
) -> Iterator[Out]:
    table, account, space = schema.coverage.c, schema.account.c, schema.space.c
    statement = (
        select(schema.coverage)
        .join(schema.account, account.key == table.account)
        .join(schema.space, space.key == account.space)
        .order_by(space.network, space.origin, account.id, table.stream, table.subject, table.since_at, table.gap)
        .order_by(table.until_at, table.reason, table.assumed, table.sample, table.direction)
    )
    statement = _within(statement, table.until_at, table.since_at, since_at, until_at)
    if accounts is not None:
        statement = statement.where(_in(table.account, accounts))
    for rows in connection.execution_options(yield_per=CHUNK).execute(statement).partitions(CHUNK):
        found = load_accounts(connection, {row.account for row in rows})
        for row in rows:
            yield _coverage_row(row, found[row.account])


def _coverage_row(row: Any, account: Account) -> Out:
    return {
        "network": account.network,
        "origin": account.origin,
        "account_id": account.id,
        "account_name": account.name,
        "stream": row.stream,
        "direction": row.direction,
        "subject": row.subject,
        "since_at": row.since_at,
        "until_at": row.until_at,
        "gap": bool(row.gap),
        "reason": row.reason,
        "assumed": bool(row.assumed),
        "sample": row.sample,
    }


def _within(statement: Select[Any], last: Any, first: Any, since_at: int | None, until_at: int | None) -> Select[Any]:
    if since_at is not None:
        statement = statement.where(last >= since_at)
    return statement if until_at is None else statement.where(first < until_at)


def _in(column: Any, values: Collection[int]) -> Any:
    return or_(*(column.in_(piece) for piece in pieces(values))) if values else column.in_(())
