"""What a request may ask: names, types and bounds of a query, strictly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

_Item = TypeVar("_Item")

Params = Mapping[str, str | int | bool | list[str]]


class RequestError(Exception):
    """An answer that is an error: HTTP status, the machine's word for it, and a sentence."""

    def __init__(self, status: int, error: str, message: str) -> None:
        self.status = status
        self.error = error
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter.

    `kind`: string, integer, boolean, moment, array (a repeated name) or list (joined by commas). `most` bounds a number
    or a length. `allowed`: the only values of a text, or of each of several; none: any.
    """

    kind: str
    required: bool = False
    default: int | bool | str | None = None
    least: int | None = None
    most: int | None = None
    allowed: frozenset[str] = frozenset()


Fields = Mapping[str, Field]
TEXT = Field("string")
NEEDED = Field("string", required=True)


def limit(default: int, most: int, least: int = 1) -> Field:
    """A size of a page."""
    return Field("integer", default=default, least=least, most=most)


def only(*values: str, required: bool = False) -> Field:
    """A text that is one of few."""
    return Field("string", required=required, allowed=frozenset(values))


def several(*values: str, required: bool = False, most: int | None = None) -> Field:
    """Texts joined by commas, each one of few."""
    return Field("list", required=required, most=most, allowed=frozenset(values))


def read_params(fields: Fields, query: Mapping[str, Sequence[str]]) -> Params:
    """The typed parameters of a request, defaults filled in. Raises `RequestError` (400) for what is not allowed."""
    unknown = sorted(set(query) - set(fields))
    if unknown:
        raise invalid(f"Unknown parameter: {unknown[0]}")
    params: dict[str, str | int | bool | list[str]] = {}
    for name, expected in fields.items():
        if name in query:
            params[name] = _read(name, expected, query[name])
        elif expected.required:
            raise invalid(f'Error: Params must have the property "{name}"')
        elif expected.default is not None:
            params[name] = expected.default
    return params


def invalid(message: str) -> RequestError:
    """The refusal of a malformed request."""
    return RequestError(400, "InvalidRequest", message)


def _read(name: str, expected: Field, values: Sequence[str]) -> str | int | bool | list[str]:
    if expected.kind == "array":
        return _several(name, expected, values)
    if len(values) > 1:
        raise invalid(f"Error: {name} must not be an array")
    if expected.kind == "list":
        return _several(name, expected, values[0].split(","))
    if expected.kind == "integer":
        return _number(name, expected, values[0])
    if expected.kind == "boolean":
        if values[0] not in ("true", "false"):
            raise invalid(f"Error: {name} must be a boolean")
        return values[0] == "true"
    if expected.kind == "moment":
        return _moment(name, values[0])
    return _several(name, expected, values)[0]


def _several(name: str, expected: Field, values: Sequence[str]) -> list[str]:
    if expected.most is not None and len(values) > expected.most:
        raise invalid(f"Error: {name} must not have more than {expected.most} elements")
    wrong = [value for value in values if expected.allowed and value not in expected.allowed]
    if wrong:
        raise invalid(f"Error: {name} must not be {wrong[0][:40]}")
    return list(values)


def _number(name: str, expected: Field, text: str) -> int:
    if not (text.isascii() and text.removeprefix("-").isdigit()):
        raise invalid(f"Error: {name} must be an integer")
    number = int(text)
    if expected.most is not None and number > expected.most:
        raise invalid(f"Error: {name} can not be greater than {expected.most}")
    if expected.least is not None and number < expected.least:
        raise invalid(f"Error: {name} can not be less than {expected.least}")
    return number


def _moment(name: str, text: str) -> str:
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        raise invalid(f"Error: {name} must be a date and time") from None
    if told.tzinfo is None:
        raise invalid(f"Error: {name} must be a date and time with a zone")
    return text


def slice_of(items: Sequence[_Item], size: int, token: str) -> tuple[Sequence[_Item], str | None]:
    """One page of items from the offset that `token` holds, and the next offset, if there is one. Raises ValueError."""
    start = int(token or 0)
    return items[start : start + size], str(start + size) if start + size < len(items) else None
