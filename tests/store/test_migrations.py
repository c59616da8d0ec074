from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from socialbench.errors import StoreError
from socialbench.store import migrations, open_store, schema

NEWEST = len(migrations.find_migrations())


def test_migrations_make_the_tables_that_the_statements_name(url: str) -> None:
    with open_store(url, write=True) as store, store._engine.connect() as connection:
        found = inspect(connection)
        made = {name: {column["name"] for column in found.get_columns(name)} for name in found.get_table_names()}
        assert made == {name: set(table.columns.keys()) for name, table in schema.metadata.tables.items()}
        for name, table in schema.metadata.tables.items():
            assert found.get_pk_constraint(name)["constrained_columns"] == [column.name for column in table.primary_key], name


def test_migrations_are_in_the_ledger_once(url: str) -> None:
    for _ in range(2):
        with open_store(url, write=True) as store, store._engine.connect() as connection:
            rows = connection.execute(text("SELECT version, name FROM schema_version ORDER BY version")).all()
            assert [tuple(row) for row in rows] == [(step.number, step.name) for step in migrations.find_migrations()]


def test_migrations_refuse_a_newer_store(url: str) -> None:
    with open_store(url, write=True) as store, store._engine.begin() as connection:
        connection.execute(text("INSERT INTO schema_version VALUES (9999, 'tomorrow', 1)"))
    for write in (False, True):
        with pytest.raises(StoreError, match=f"has schema 9999, this program knows {NEWEST}: install a newer socialbench"):
            open_store(url, write=write)


def test_migrations_wait_for_a_writer(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_store(url, write=True).close()
    steps = [
        *migrations.find_migrations(),
        migrations.Migration(NEWEST + 1, "more", "CREATE TABLE more (key {int} PRIMARY KEY);"),
    ]
    monkeypatch.setattr(migrations, "find_migrations", lambda: steps)
    older = f"schema {NEWEST} is older than this program's {NEWEST + 1}; run `socialbench collect` or `import` once"
    with pytest.raises(StoreError, match=older):
        open_store(url)
    open_store(url, write=True).close()
    with open_store(url) as store, store._engine.connect() as connection:
        assert inspect(connection).has_table("more")


def test_migrations_that_fail_leave_nothing(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    open_store(url, write=True).close()
    broken = migrations.Migration(
        NEWEST + 1, "broken", "CREATE TABLE more (key {int} PRIMARY KEY); INSERT INTO nowhere VALUES (1);"
    )
    steps = [*migrations.find_migrations(), broken]
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "find_migrations", lambda: steps)
        with pytest.raises(StoreError, match="nowhere") as caught:
            open_store(url, write=True)
        assert isinstance(caught.value.__cause__, DBAPIError)
    with open_store(url, write=True) as store, store._engine.connect() as connection:
        assert not inspect(connection).has_table("more")


def test_migrations_are_numbered_without_holes(tmp_path: Path) -> None:
    (tmp_path / "0001_a.sql").touch()
    (tmp_path / "0003_b.sql").touch()
    with pytest.raises(ValueError, match="without holes"):
        migrations.find_migrations(tmp_path)
    (tmp_path / "0003_b.sql").rename(tmp_path / "two.sql")
    with pytest.raises(ValueError, match=r"NNNN_name\.sql"):
        migrations.find_migrations(tmp_path)
