"""Erase what one author or message left in the store, on request: texts, versions, names and raw answers."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from socialbench import console
from socialbench.cli.options import config_option, load_benchmark
from socialbench.errors import NoData, UsageError


@click.command
@click.argument("network")
@click.argument("who", metavar="NAME|ID")
@config_option()
@click.option("--origin", metavar="NAME", help="Host, site or sample within which the id holds; all by default.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def command(network: str, who: str, config: Path, origin: str | None, yes: bool) -> None:
    """Erase what one author (name or id) or one message (id) left in the store.

    Messages, texts, earlier versions, names and every raw answer that names them go; they cannot be brought back.

    \b
    Example:
      socialbench erase bluesky did:plc:abc -c uk-banks.yaml --yes
    """
    from socialbench.store import open_store

    benchmark = load_benchmark(config)
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError("erase asks before it erases: add --yes where nobody can answer")
        click.confirm(f"Erase {who} on {network} from {benchmark.store_url()}?", abort=True, err=True)
    with open_store(benchmark.store_url(), write=True) as store:
        counts = store.erase(network, who, origin)
    if not counts.messages and not counts.accounts:
        raise NoData(f"{network}: nothing of {who} is stored")
    console.info(f"erased: {counts.messages} messages, {counts.accounts} accounts, {counts.raw} raw answers")
