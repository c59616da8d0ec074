"""Holds answers against the published lexicons: a small reader of the subset that the demo uses."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[3] / "shared" / "contracts" / "bluesky"
needs_contracts = pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/contracts/bluesky is not here")

FORMATS = {
    "at-uri": r"at://did:plc:[a-z2-7]{24}/[a-zA-Z.]+/[a-z2-7A-Za-z]+",
    "cid": r"b[a-z2-7]{58}",
    "did": r"did:plc:[a-z2-7]{24}",
    "handle": r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?",
    "datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,20})?(Z|[+-]\d\d:\d\d)",
    "language": r"[a-z]{2}(-[A-Z]{2})?",
    "nsid": r"[a-z]+(\.[a-zA-Z]+)+",
    "uri": r"https?://\S+",
}


@cache
def lexicon(nsid: str) -> dict[str, Any]:
    """The definitions of one lexicon."""
    return json.loads((FOLDER / (nsid.replace(".", "/") + ".json")).read_text("utf-8"))["defs"]


def output_problems(nsid: str, answer: Any) -> list[str]:
    """What of an answer the lexicon of a method forbids."""
    return list(_problems(lexicon(nsid)["main"]["output"]["schema"], answer, nsid, "$"))


def record_problems(record: Any) -> list[str]:
    """What of a record its own lexicon forbids."""
    nsid = record["$type"]
    return list(_problems(lexicon(nsid)["main"]["record"], record, nsid, "$"))


def _problems(schema: dict[str, Any], value: Any, nsid: str, at: str):
    kind = schema["type"]
    if kind == "ref":
        home, found = _resolve(schema["ref"], nsid)
        yield from _problems(found, value, home, at)
    elif kind == "union":
        refs = {ref if not ref.startswith("#") else nsid + ref: ref for ref in schema["refs"]}
        named = value.get("$type")
        if named not in refs:
            yield f"{at}: $type {named} is none of {sorted(refs)}"
        else:
            home, found = _resolve(refs[named], nsid)
            yield from _problems(found, value, home, at)
    elif kind == "object":
        yield from _object_problems(schema, value, nsid, at)
    elif kind == "array":
        if not isinstance(value, list):
            yield f"{at}: no array"
            return
        for place, item in enumerate(value):
            yield from _problems(schema["items"], item, nsid, f"{at}[{place}]")
    elif kind == "unknown":
        if isinstance(value, dict) and str(value.get("$type", "")).startswith("app.bsky.feed.post"):
            yield from (f"{at}{problem}" for problem in record_problems(value))
    else:
        yield from _scalar_problems(schema, value, at)


def _object_problems(schema: dict[str, Any], value: Any, nsid: str, at: str):
    if not isinstance(value, dict):
        yield f"{at}: no object"
        return
    known = schema.get("properties", {})
    for name in schema.get("required", []):
        if name not in value:
            yield f"{at}: lacks {name}"
    for name, item in value.items():
        if name in known:
            yield from _problems(known[name], item, nsid, f"{at}.{name}")
        elif name != "$type":
            yield f"{at}: {name} is unknown"


def _scalar_problems(schema: dict[str, Any], value: Any, at: str):
    expected = {"string": str, "integer": int, "boolean": bool}[schema["type"]]
    if type(value) is not expected:
        yield f"{at}: {value!r} is no {schema['type']}"
    elif "const" in schema and value != schema["const"]:
        yield f"{at}: {value!r} is not {schema['const']!r}"
    elif "format" in schema and not re.fullmatch(FORMATS[schema["format"]], value):
        yield f"{at}: {value!r} is no {schema['format']}"
    elif "maxGraphemes" in schema and len(value) > schema["maxGraphemes"]:
        yield f"{at}: longer than {schema['maxGraphemes']}"


def _resolve(ref: str, nsid: str) -> tuple[str, dict[str, Any]]:
    home, _, name = ref.partition("#")
    home = home or nsid
    return home, lexicon(home)[name or "main"]
