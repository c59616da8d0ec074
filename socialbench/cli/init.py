"""Write a commented config to start from."""

from __future__ import annotations

from pathlib import Path

import click

from socialbench import console
from socialbench.cli.options import DEFAULT_CONFIG, pass_settings
from socialbench.console import Settings


@click.command()
@click.argument("path", type=click.Path(path_type=Path), default=DEFAULT_CONFIG)
@click.option("--force", is_flag=True, help="Replace what is there.")
@pass_settings
def command(settings: Settings, path: Path, force: bool) -> None:
    """Write a commented config to PATH (./socialbench.yaml), with its JSON Schema beside it for editors.

    Example: socialbench init uk-banks.yaml
    """
    import json

    from socialbench.config import schema, write_starter

    schema_path = path.with_name(f".{path.stem}.schema.json")
    write_starter(path, schema_path=f"./{schema_path.name}", force=force)
    schema_path.write_text(json.dumps(schema(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if settings.json:
        console.emit_json({"config": str(path), "schema": str(schema_path)})
    console.info(f"wrote {path}: name your brands in it, then run `socialbench check {path}`")
