"""Copy the store to a new file, while others may read and write."""

from __future__ import annotations

from pathlib import Path

import click

from socialbench import console
from socialbench.cli.options import config_argument, load_benchmark


@click.command
@config_argument
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The new file.")
@click.option("--force", is_flag=True, help="Replace what is there.")
def command(config: Path, output: Path, force: bool) -> None:
    """Copy the store to a new file, while others may read and write.

    \b
    Example:
      socialbench backup uk-banks.yaml -o backup.db
    """
    from socialbench.errors import UsageError
    from socialbench.store import open_store

    if output.exists():
        if not force:
            raise UsageError(f"{output} is there already: name another file or add --force")
        output.unlink()
    with open_store(load_benchmark(config).store_url()) as store:
        store.backup(output)
    console.info(f"wrote {output}")
