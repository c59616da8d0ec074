"""Print the JSON Schema of the config, or of the JSON report."""

from __future__ import annotations

import json
from importlib.resources import files

import click

from socialbench import console
from socialbench.errors import UsageError


@click.command()
@click.argument("what", type=click.Choice(["config", "report"]), default="config")
def command(what: str) -> None:
    """Print the JSON Schema of the config (by default), or of the JSON report.

    Example: socialbench schema > socialbench.schema.json
    """
    if what == "report":
        source = files("socialbench.report").joinpath("schema.json")
        if not source.is_file():
            raise UsageError("this installation lacks socialbench/report/schema.json; install socialbench again")
        console.emit_json(json.loads(source.read_text("utf-8")))
        return
    from socialbench.config import schema

    console.emit_json(schema())
