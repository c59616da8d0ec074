"""The schema's history: one SQL file per step, `NNNN_name.sql`, found by folder and applied in order.

Each step and its row in the ledger `schema_version` are one transaction, so a store is never between two steps.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, text

from socialbench.errors import StoreError
from socialbench.store import schema

_FILE = re.compile(r"(\d{4})_(\w+)\.sql")
_WORDS = {
    "sqlite": {"int": "INTEGER", "text": "TEXT", "blob": "BLOB", "strict": "STRICT", "clustered": "STRICT, WITHOUT ROWID"},
    "postgresql": {"int": "BIGINT", "text": 'TEXT COLLATE "C"', "blob": "BYTEA", "strict": "", "clustered": ""},
}
_LEDGER = "CREATE TABLE schema_version (version {int} PRIMARY KEY, name {text} NOT NULL, applied_at {int} NOT NULL) {strict}"


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema: its number, its name and its statements, still with the words of no dialect."""

    number: int
    name: str
    script: str

    def statements(self, dialect: str) -> list[str]:
        """The statements in the words of a dialect ('sqlite' or 'postgresql')."""
        lines = [line for line in self.script.splitlines() if not line.lstrip().startswith("--")]
        script = "\n".join(lines).format_map(_WORDS[dialect])
        return [statement.strip() for statement in script.split(";") if statement.strip()]


def find_migrations(folder: Path = Path(__file__).parent) -> list[Migration]:
    """All steps of the folder in order. Their numbers are 1, 2, 3 ...; anything else is a fault of the program."""
    found = []
    for path in sorted(folder.glob("*.sql")):
        match = _FILE.fullmatch(path.name)
        if not match:
            raise ValueError(f"{path.name}: a migration is called NNNN_name.sql")
        found.append(Migration(int(match[1]), match[2], path.read_text("utf-8")))
    if [each.number for each in found] != list(range(1, len(found) + 1)):
        raise ValueError(f"{folder}: migrations are numbered 0001, 0002 ... without holes")
    return found


def applied(connection: Connection) -> int:
    """The number of the newest step in the ledger, 0 where the ledger is not there yet."""
    if not connection.dialect.has_table(connection, "schema_version"):
        return 0
    ledger = schema.schema_version
    return connection.execute(ledger.select().order_by(ledger.c.version.desc()).limit(1)).scalar() or 0


def apply(connection: Connection, migration: Migration, now: int) -> None:
    """Carry out one step and write it into the ledger; the caller's transaction holds both."""
    dialect = connection.dialect.name
    if migration.number == 1:
        connection.execute(text(_LEDGER.format_map(_WORDS[dialect])))
    for statement in migration.statements(dialect):
        connection.exec_driver_sql(statement)
    row = {"version": migration.number, "name": migration.name, "applied_at": now}
    connection.execute(schema.schema_version.insert(), row)


def check_age(found: int, newest: int, where: str) -> None:
    """A store made by a newer program is refused: its rows may mean what this one cannot know."""
    if found > newest:
        raise StoreError(
            f"{where}: it has schema {found}, this program knows {newest}: install a newer socialbench, or use another store"
        )
