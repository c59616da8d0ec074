"""Holds requests strictly against OpenAPI and discovery documents: an unknown parameter or a bad value is a violation."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.collect.harness import Responder, answered

FOLDER = Path(__file__).parents[3] / "shared" / "contracts"
Checker = Callable[[httpx.Request], list[str]]


def needs(network: str) -> pytest.MarkDecorator:
    """Skips where the contracts of a network are absent."""
    return pytest.mark.skipif(not (FOLDER / network).is_dir(), reason=f"../shared/contracts/{network} is not here")


@cache
def _document(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / name).read_text("utf-8"))


def openapi(name: str, brackets: bool = False) -> Checker:
    """Checks GET requests against an OpenAPI 3 document. `brackets`: lists are spelled `name[]`, as Rails reads them."""

    def violations(request: httpx.Request) -> list[str]:
        document = _document(name)
        path, method = _operation(document, request.url.path)
        if method is None:
            return [f"{request.method} {request.url.path} is unknown"]
        known = {each["name"]: each for each in (_resolved(document, each) for each in method.get("parameters", ()))}
        found = [] if request.method == "GET" else [f"{path}: {request.method} for GET"]
        found += [f"{path}: lacks {each}" for each, said in known.items() if _lacks(request, each, said)]
        for parameter in request.url.params:
            said = known.get(parameter.removesuffix("[]") if brackets else parameter, {})
            if said.get("in") != "query" or (brackets and parameter.endswith("[]") is not _is_list(document, said)):
                found.append(f"{path}: {parameter} is unknown")
                continue
            values = request.url.params.get_list(parameter)
            schema = _resolved(document, said["schema"])
            if schema["type"] == "array" and said.get("explode") is False:
                found += [f"{path}: {parameter}: given twice"] * (len(values) > 1)
                values = ",".join(values).split(",")
            found += [f"{path}: {parameter}: {problem}" for problem in _problems(document, schema, values)]
        return found

    return violations


def _is_list(document: dict[str, Any], said: dict[str, Any]) -> bool:
    return bool(_resolved(document, said["schema"])["type"] == "array")


def _lacks(request: httpx.Request, name: str, said: dict[str, Any]) -> bool:
    return said["in"] == "query" and bool(said.get("required")) and name not in request.url.params


def _operation(document: dict[str, Any], asked: str) -> tuple[str, dict[str, Any] | None]:
    for path, methods in sorted(document["paths"].items(), key=lambda each: "{" in each[0]):
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), asked) and "get" in methods:
            return path, methods["get"]
    return asked, None


def _resolved(document: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in value:
        found: Any = document
        for step in value["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        value = found
    return value


def _problems(document: dict[str, Any], schema: dict[str, Any], values: list[str]) -> Iterator[str]:
    if schema["type"] == "array":
        if not schema.get("minItems", 0) <= len(values) <= schema.get("maxItems", len(values)):
            yield f"{len(values)} values"
        if schema.get("uniqueItems") and len(set(values)) < len(values):
            yield "a value stands twice"
        items = _resolved(document, schema["items"])
        for value in values:
            yield from _problems(document, items, [value])
        return
    if len(values) > 1:
        yield "given twice"
    value = values[0]
    if "enum" in schema and value not in schema["enum"]:
        yield f"{value} is none of the enum"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{value} has another form"
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        yield f"{len(value)} letters"
    if schema["type"] == "boolean" and value not in ("true", "false"):
        yield f"{value} is neither true nor false"
    if schema["type"] == "integer" and not _within(value, schema):
        yield f"{value} is out of bounds"
    if schema.get("format") == "date-time" and not _is_moment(value):
        yield f"{value} is no moment"


def _within(value: str, schema: dict[str, Any]) -> bool:
    # Some documents tell their limits in words alone.
    told = re.search(r"\bMax (\d+)\b", schema.get("description", ""))
    most = int(schema.get("maximum", told.group(1) if told else 2**31))
    return value.isdecimal() and int(schema.get("minimum", 0)) <= int(value) <= most


def _is_moment(value: str) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def discovery(name: str) -> Checker:
    """Checks GET requests against a discovery document of Google's."""

    def violations(request: httpx.Request) -> list[str]:
        document = _document(name)
        path = request.url.path.lstrip("/")
        methods = {method["path"]: method for method in _methods(document) if method["httpMethod"] == "GET"}
        if path not in methods or request.method != "GET":
            return [f"{request.method} {path} is unknown"]
        known = {**document["parameters"], **methods[path]["parameters"]}
        found = [
            f"{path}: lacks {each}" for each, said in known.items() if said.get("required") and each not in request.url.params
        ]
        for parameter in request.url.params:
            values = request.url.params.get_list(parameter)
            if parameter not in known:
                found.append(f"{path}: {parameter} is unknown")
                continue
            schema = known[parameter]
            if len(values) > 1 and not schema.get("repeated"):
                found.append(f"{path}: {parameter}: given twice")
            found += [f"{path}: {parameter}: {problem}" for value in values for problem in _problems(document, schema, [value])]
        return found

    return violations


def _methods(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from node.get("methods", {}).values()
    for resource in node.get("resources", {}).values():
        yield from _methods(resource)


def strict(respond: Responder, check: Checker, found: list[str]) -> Responder:
    """A server that refuses what its contract forbids, and notes it in `found`."""

    def checked(request: httpx.Request) -> httpx.Response:
        problems = check(request)
        found.extend(problems)
        return answered(400, {"title": "Invalid Request", "detail": "; ".join(problems)}) if problems else respond(request)

    return checked
