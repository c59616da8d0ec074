"""Say what this installation is and whether its parts work: for bug reports and for oneself."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from socialbench import __version__, console
from socialbench.cli.options import config_argument, load_benchmark, pass_settings
from socialbench.console import Settings
from socialbench.errors import SocialbenchError

PACKAGES = ("click", "httpx", "matplotlib", "numpy", "pandas", "pydantic", "pyyaml", "rich", "sqlalchemy", "psycopg", "tzdata")
SAFE_SQLITE = (3, 51, 3)


@click.command
@config_argument
@pass_settings
def command(settings: Settings, /, config: Path) -> None:
    """Say what this installation is and whether its parts work.

    \b
    Example:
      socialbench doctor uk-banks.yaml --json
    """
    rows = [*_installation(), *_benchmark(config)]
    if settings.json:
        console.emit_json(dict(rows))
        return
    console.emit_table(("what", "found"), rows)


def _installation() -> Iterator[tuple[str, str]]:
    import sqlite3

    yield "socialbench", __version__
    yield "python", f"{platform.python_version()} ({sys.executable})"
    yield "system", platform.platform()
    note = (
        "" if sqlite3.sqlite_version_info >= SAFE_SQLITE else " (before 3.51.3: one writer at a time, which socialbench keeps to)"
    )
    yield "sqlite", sqlite3.sqlite_version + note
    for package in PACKAGES:
        try:
            yield package, version(package)
        except PackageNotFoundError:
            yield package, "not installed"


def _benchmark(config: Path) -> Iterator[tuple[str, str]]:
    from socialbench.store import open_store

    yield "config", str(config)
    try:
        benchmark = load_benchmark(config)
        yield "store", console.redact(benchmark.store_url())
        with open_store(benchmark.store_url()) as store:
            counts = store.counts()
        yield "messages", str(counts.message_count)
    except SocialbenchError as error:
        yield "problem", str(error)
