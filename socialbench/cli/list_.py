"""List networks, metrics, formats, presets or shapes of files, each with a line on what it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from socialbench import console
from socialbench.cli.options import pass_settings
from socialbench.console import Settings

_ROOT = Path(__file__).parent.parent
_SUMMARY = re.compile(r'\A\s*[rR]?"""(.+?)(?:\n\s*\n|""")', re.DOTALL)

Row = tuple[str, str]


@click.command()
@click.argument("what", type=click.Choice(["networks", "metrics", "formats", "presets", "files"]))
@pass_settings
def command(settings: Settings, what: str) -> None:
    """List networks, metrics, formats, presets or shapes of files, each with a line on what it is.

    Example: socialbench list networks
    """
    rows = _LISTS[what]()
    if settings.json:
        console.emit_json([{"name": name, "what": said} for name, said in rows])
    elif rows:
        console.emit_table([what[:-1] if what != "files" else "shape", "what"], rows)
    else:
        console.info(f"no {what} in this installation")


def _modules(folder: str) -> list[Row]:
    return [(path.stem, _first_line(path)) for path in sorted((_ROOT / folder).glob("*.py")) if not path.stem.startswith("_")]


def _networks() -> list[Row]:
    """Those with a collector, then those that imports may name."""
    from socialbench.config import NETWORKS

    collected = _modules("collect/networks")
    names = {name for name, _ in collected}
    return [*collected, *((name, "imports only") for name in NETWORKS if name not in names)]


def _files() -> list[Row]:
    return [(name.replace("_", "-"), said) for name, said in _modules("collect/files")]


def _metrics() -> list[Row]:
    from socialbench.measure.metrics import registry

    return [(name, metric.definition) for name, metric in registry().items()]


def _presets() -> list[Row]:
    import yaml

    rows = []
    for path in sorted((_ROOT / "measure" / "presets").glob("*.yaml")):
        tree = yaml.safe_load(path.read_text("utf-8"))
        said = tree.get("description") or tree.get("title") or tree.get("source") if isinstance(tree, dict) else ""
        rows.append((path.stem, str(said or "").strip().split("\n")[0]))
    return rows


def _first_line(path: Path) -> str:
    found = _SUMMARY.match(path.read_text("utf-8"))
    return " ".join(found[1].split()) if found else ""


_LISTS: Mapping[str, Callable[[], list[Row]]] = {
    "networks": _networks,
    "metrics": _metrics,
    "formats": lambda: _modules("report/formats"),
    "presets": _presets,
    "files": _files,
}
