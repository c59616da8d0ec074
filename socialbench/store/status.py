"""What the store says of itself: runs, imports, how far each stream was read, how much there is."""

from __future__ import annotations

from sqlalchemy import Connection, Table, func, select

from socialbench.model import Account
from socialbench.store import schema
from socialbench.store.batch import CoverageStatus, Cursor, RunRow, StoreCounts
from socialbench.store.find import load_accounts
from socialbench.store.rows import next_key, upsert


def begin_run(connection: Connection, command: str, version: str, config_hash: str, now: int) -> int:
    """Note that a command began to write; its key."""
    key = next_key(connection, schema.run.c.key)
    row = {"key": key, "command": command, "version": version, "config_hash": config_hash, "started_at": now}
    upsert(connection, schema.run, [{**row, "ended_at": None, "outcome": None}])
    return key


def end_run(connection: Connection, run: int, now: int, outcome: str) -> None:
    """Note that it ended, and how."""
    table = schema.run
    connection.execute(table.update().where(table.c.key == run).values(ended_at=now, outcome=outcome))


def load_runs(connection: Connection) -> list[RunRow]:
    """All runs, oldest first."""
    return [RunRow(*row) for row in connection.execute(select(schema.run).order_by(schema.run.c.key))]


def imported(connection: Connection, checksum: str) -> bool:
    """Whether the ledger holds a file of this checksum."""
    table = schema.import_ledger.c
    return connection.execute(select(table.checksum).where(table.checksum == checksum)).first() is not None


def latest_coverage(connection: Connection) -> list[CoverageStatus]:
    """One line per account and stream: its first and last covered moment and its gaps, over all subjects."""
    table = schema.coverage.c
    statement = select(
        table.account,
        table.stream,
        func.min(table.since_at).label("since_at"),
        func.max(table.until_at).label("until_at"),
        func.sum(table.gap).label("gap_count"),
        func.max(table.assumed).label("assumed"),
    ).group_by(table.account, table.stream)
    rows = list(connection.execute(statement))
    accounts = load_accounts(connection, {row.account for row in rows})
    lines = []
    for row in rows:
        account = accounts[row.account]
        place = (account.network, account.origin, account.id, account.name, row.stream)
        lines.append(CoverageStatus(*place, row.since_at, row.until_at, int(row.gap_count), bool(row.assumed)))
    return sorted(lines, key=lambda line: (line.network, line.origin, line.account_id, line.stream))


def load_cursors(connection: Connection) -> list[Cursor]:
    """Where every sweep stands."""
    rows = [dict(row._mapping) for row in connection.execute(select(schema.cursor))]
    accounts = load_accounts(connection, {row["account"] for row in rows})
    cursors = [Cursor(**row | {"account": accounts[row["account"]]}) for row in rows]
    return sorted(cursors, key=lambda cursor: (*_order(cursor.account), cursor.stream, cursor.subject))


def _order(account: Account) -> tuple[str, str, str]:
    return account.network, account.origin, account.id


def count(connection: Connection) -> StoreCounts:
    """How many rows of each kind there are."""

    def rows(table: Table) -> int:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())

    seen = connection.execute(select(func.count(schema.message.c.sent_at))).scalar_one()
    raw_bytes = connection.execute(select(func.sum(func.length(schema.raw.c.body)))).scalar_one()
    return StoreCounts(
        message_count=seen,
        stub_count=rows(schema.message) - seen,
        account_count=rows(schema.account),
        version_count=rows(schema.version),
        raw_count=rows(schema.raw),
        raw_bytes=int(raw_bytes or 0),
    )
