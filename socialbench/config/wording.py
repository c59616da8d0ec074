"""Says what is wrong in plain words: where in the file, what, and what was probably meant."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from socialbench.config.shapes import YamlShape
from socialbench.config.source import Path_
from socialbench.config.vocabulary import did_you_mean, shown

_ITEM = {"brands": "brand", "exclude": "exclude", "watch": "watch"}
_SYNONYMS = {
    "title": "benchmark",
    "name": "benchmark",
    "tz": "timezone",
    "zone": "timezone",
    "companies": "brands",
    "accounts": "handles",
    "industry": "sector",
    "category": "sector",
    "database": "store",
    "db": "store",
    "opening_hours": "hours",
    "timezone": "zone",
    "regex": "pattern",
    "reason": "why",
    "from": "since",
    "to": "until",
    "start": "since",
    "end": "until",
}


def where(path: Path_, tree: object) -> str:
    """The path as people say it: `brand "Acme", handles.x`."""
    if not path:
        return ""
    head, rest = str(path[0]), list(path[1:])
    if head in _ITEM and rest and isinstance(rest[0], int):
        head = _item(head, rest.pop(0), tree)
    said = "".join(f" {part + 1}" if isinstance(part, int) else f".{_cut(part)}" for part in rest).lstrip(".")
    head = _cut(head) if head == str(path[0]) else head
    if not said:
        return head
    return f"{head}, {said}" if " " in head else f"{head}.{said}"


def _item(head: str, place: Any, tree: object) -> str:
    items = tree.get(head) if isinstance(tree, dict) else None
    item = items[place] if isinstance(items, list) and place < len(items) else None
    name = item.get("name") if isinstance(item, dict) else None
    return f'{_ITEM[head]} "{_cut(name)}"' if isinstance(name, str) and name.strip() else f"{_ITEM[head]} {place + 1}"


def _cut(text: str) -> str:
    short = "".join(letter if letter.isprintable() else " " for letter in text)
    return short if len(short) <= 40 else short[:37] + "..."


def say(error: ErrorDetails) -> str:
    """What a pydantic error means."""
    kind, value = error["type"], error["input"]
    if kind in _SAID:
        return _SAID[kind]
    if kind == "extra_forbidden":
        return f"unknown key{_key_hint(error['loc'])}"
    if kind in _SAID_OF_VALUE:
        return f"{_SAID_OF_VALUE[kind]}, not {shown(value)}{_hint(kind, value)}"
    if kind in {"value_error", "literal_error", "enum"}:
        return _say_choice(error)
    return _LIMITS.get(kind, _as_is)(error)


_SAID = {
    "missing": "is missing",
    "too_short": "must not be empty",
    "finite_number": "must be a number",
}

_SAID_OF_VALUE = {
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing_size": "must be a smaller number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "model_type": "must be a map of keys and values",
    "model_attributes_type": "must be a map of keys and values",
    "dict_type": "must be a map of keys and values",
    "mapping_type": "must be a map of keys and values",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
}


def _as_is(error: ErrorDetails) -> str:
    return error["msg"][:1].lower() + error["msg"][1:]


_LIMITS: Mapping[str, Callable[[ErrorDetails], str]] = {
    "greater_than_equal": lambda error: f"must be at least {error['ctx']['ge']:g}, not {shown(error['input'])}",
    "less_than_equal": lambda error: f"must be at most {error['ctx']['le']:g}, not {shown(error['input'])}",
    "greater_than": lambda error: f"must be more than {error['ctx']['gt']:g}, not {shown(error['input'])}",
}


def _say_choice(error: ErrorDetails) -> str:
    if error["type"] == "value_error":
        return error["msg"].removeprefix("Value error, ")
    expected = str(error["ctx"]["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
    hint = did_you_mean(error["input"], expected) if isinstance(error["input"], str) else ""
    return f"must be {' or '.join(expected)}, not {shown(error['input'])}{hint}"


def _hint(kind: str, value: object) -> str:
    if kind == "string_type" and isinstance(value, bool):
        return f'; text called so is written in quotes: "{str(value).lower()}"'
    if kind == "bool_type" and isinstance(value, str) and value.casefold() in {"yes", "no", "on", "off"}:
        return f"; did you mean {'true' if value.casefold() in {'yes', 'on'} else 'false'}?"
    return ""


def _key_hint(loc: tuple[str | int, ...]) -> str:
    key = str(loc[-1])
    known = _keys_at(YamlShape, list(loc[:-1]))
    near = did_you_mean(key, known)
    if near:
        return near
    folded = key.casefold()
    if _SYNONYMS.get(folded) in known:
        return f"; did you mean {_SYNONYMS[folded]}?"
    return f"; known here: {', '.join(sorted(known))}" if known else ""


def _keys_at(kind: Any, path: list[str | int]) -> list[str]:
    for part in path:
        kind = _step(kind, part)
    model = _model_in(kind)
    return list(model.model_fields) if model else []


def _step(kind: Any, part: str | int) -> Any:
    model = _model_in(kind)
    if model is not None:
        found = model.model_fields.get(str(part))
        return found.annotation if found else None
    return typing.get_args(kind)[-1 if isinstance(part, str) else 0] if typing.get_args(kind) else None


def _model_in(kind: Any) -> type[BaseModel] | None:
    if isinstance(kind, type) and not isinstance(kind, types.GenericAlias) and issubclass(kind, BaseModel):
        return kind
    if typing.get_origin(kind) in {typing.Union, types.UnionType}:
        return next((found for found in map(_model_in, typing.get_args(kind)) if found), None)
    return None
