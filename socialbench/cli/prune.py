"""Drop raw answers that have expired; messages, texts and coverage stay."""

from __future__ import annotations

from pathlib import Path

import click

from socialbench import console
from socialbench.cli.options import config_argument, load_benchmark, now_ms


@click.command
@config_argument
@click.option("--dry-run", is_flag=True, help="Say how many, drop none.")
def command(config: Path, dry_run: bool) -> None:
    """Drop raw answers that have expired; messages, texts and coverage stay.

    \b
    Example:
      socialbench prune uk-banks.yaml --dry-run
    """
    from socialbench.store import open_store

    with open_store(load_benchmark(config).store_url(), write=not dry_run) as store:
        count = store.count_expired(now_ms()) if dry_run else store.prune(now_ms())
    console.info(f"{count} raw answers {'would be' if dry_run else 'were'} dropped")
