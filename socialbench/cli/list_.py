"""List networks, metrics, formats, presets or shapes of files, each with a line on what it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

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
    if what == "networks":
        _tell_networks(settings)
        return
    rows = _LISTS[what]()
    if settings.json:
        console.emit_json([{"name": name, "what": said} for name, said in rows])
    elif rows:
        console.emit_table([what[:-1] if what != "files" else "shape", "what"], rows)
    else:
        console.info(f"no {what} in this installation")


def _modules(folder: str) -> list[Row]:
    return [(path.stem, _first_line(path)) for path in sorted((_ROOT / folder).glob("*.py")) if not path.stem.startswith("_")]


def _tell_networks(settings: Settings) -> None:
    """Those with a collector and their facts, then those that imports may name."""
    from socialbench.collect.guide import tell
    from socialbench.collect.network import networks
    from socialbench.config import NETWORKS

    told = [tell(kind) for kind in networks().values()]
    others = sorted(set(NETWORKS) - {each["name"] for each in told})
    if settings.json:
        console.emit_json([*told, *({"name": name, "what": "imports only"} for name in others)])
        return
    for each in told:
        console.emit(f"{each['name']}  {each['what'].splitlines()[0]}")
        for label, said in _facts(each):
            console.emit(f"  {label:<12}{said}")
        console.emit("")
    console.emit(f"imports only: {', '.join(others)}")


def _facts(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "access", told["access"]
    for need in told["credentials"]:
        yield "", f"{need['variable']}: {need['what']}; {need['how']}"
    yield from (("price", told["price"]), ("pace", told["pace"]), ("links", told["links"]))
    for access, hidden in told["invisible"].items():
        yield "not visible", f"{access}: {hidden}"
    for place, stream in enumerate(told["streams"]):
        limits = f" ({stream['limits']})" if stream["limits"] else ""
        yield "" if place else "streams", f"{stream['name']}: {stream['shows']}{limits}"
    yield "tried on", told["tried_on"]


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
        said = tree["summary"] if isinstance(tree, dict) else ""
        rows.append((path.stem, str(said or "").strip().split("\n")[0]))
    return rows


def _first_line(path: Path) -> str:
    found = _SUMMARY.match(path.read_text("utf-8"))
    return " ".join(found[1].split()) if found else ""


_LISTS: Mapping[str, Callable[[], list[Row]]] = {
    "metrics": _metrics,
    "formats": lambda: _modules("report/formats"),
    "presets": _presets,
    "files": _files,
}
