"""Holds requests strictly against the published lexicons: an unknown parameter or a bad limit is a violation."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

FOLDER = Path(__file__).parents[3] / "shared" / "contracts" / "bluesky"
needs_contracts = pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/contracts/bluesky is not here")

_FORMATS = {
    "at-uri": r"at://[^\s/]+(/[a-zA-Z0-9.-]+(/[A-Za-z0-9._~:-]+)?)?",
    "at-identifier": r"did:[a-z]+:[A-Za-z0-9._:%-]+|([a-z0-9-]+\.)+[a-z]+",
    "handle": r"([a-z0-9-]+\.)+[a-z]+",
    "did": r"did:[a-z]+:[A-Za-z0-9._:%-]+",
    "nsid": r"[a-z]+(\.[a-zA-Z]+)+",
}


@cache
def _method(nsid: str) -> dict[str, Any]:
    return json.loads((FOLDER / (nsid.replace(".", "/") + ".json")).read_text("utf-8"))["defs"]["main"]


def violations(request: httpx.Request) -> list[str]:
    """What of a request its lexicon forbids."""
    nsid = request.url.path.removeprefix("/xrpc/")
    method = _method(nsid)
    verb = {"query": "GET", "procedure": "POST"}[method["type"]]
    found = [] if request.method == verb else [f"{nsid}: {request.method} for {verb}"]
    if method["type"] == "procedure":
        return found + _body_violations(nsid, method, request.content)
    schema = method["parameters"]
    given = {name: request.url.params.get_list(name) for name in request.url.params}
    found += [f"{nsid}: lacks {name}" for name in schema.get("required", []) if name not in given]
    for name, values in given.items():
        if name not in schema["properties"]:
            found.append(f"{nsid}: {name} is unknown")
            continue
        found += [f"{nsid}: {problem}" for problem in _value_violations(name, schema["properties"][name], values)]
    return found


def _value_violations(name: str, schema: dict[str, Any], values: list[str]) -> list[str]:
    if schema["type"] == "array":
        found = [f"{name}: more than {schema['maxLength']}"] if len(values) > schema.get("maxLength", len(values)) else []
        return found + [problem for value in values for problem in _value_violations(name, schema["items"], [value])]
    (value,) = values
    if schema["type"] == "integer":
        low, high = schema.get("minimum", 0), schema.get("maximum", 10**9)
        return [] if re.fullmatch(r"\d+", value) and low <= int(value) <= high else [f"{name}: {value} is not {low} to {high}"]
    if schema["type"] == "boolean":
        return [] if value in ("true", "false") else [f"{name}: {value} is no boolean"]
    pattern = _FORMATS.get(schema.get("format", ""))
    known = schema.get("knownValues")
    if pattern and not re.fullmatch(pattern, value):
        return [f"{name}: {value} is no {schema['format']}"]
    return [f"{name}: {value} is none of {known}"] if known and value not in known else []


def _body_violations(nsid: str, method: dict[str, Any], content: bytes) -> list[str]:
    if "input" not in method:
        return [f"{nsid}: has a body"] if content else []
    body, schema = json.loads(content), method["input"]["schema"]
    found = [f"{nsid}: lacks {name}" for name in schema["required"] if name not in body]
    return found + [f"{nsid}: {name} is unknown" for name in body if name not in schema["properties"]]
