"""The whole Report as JSON, schema 1 (report/schema.json): the same figures that every other format prints."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from socialbench.report.output import Output
from socialbench.report.tree import Report

suffix = ".json"
binary = False

_ENCODE = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
"""Made once: `json.dumps` makes an encoder per call, and a report of a hundred brands has a million nodes."""
_LEAVES = frozenset({str, int, float, bool})


def render(report: Report) -> Iterator[Output]:
    """Write report.json: indented, but lists of numbers on one line."""
    yield Output("report.json", (_write(report.tree, "") + "\n").encode())


def _write(node: Any, indent: str) -> str:
    if node is None or type(node) in _LEAVES:
        return _ENCODE(node)
    inner = indent + "  "
    if isinstance(node, Mapping) and node:
        lines = (f"{inner}{_plain(key)}: {_write(value, inner)}" for key, value in node.items())
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    if isinstance(node, tuple) and any(isinstance(item, Mapping | tuple) for item in node):
        return "[\n" + ",\n".join(inner + _write(item, inner) for item in node) + f"\n{indent}]"
    return _plain(node)


def _plain(node: Any) -> str:
    return _ENCODE(dict(node) if isinstance(node, Mapping) else node)
