"""What each method takes: names, types and bounds of its query, as the published lexicons state them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

Params = Mapping[str, str | int | bool | list[str]]


class RequestError(Exception):
    """An answer that is an error: HTTP status, the machine's word for it, and a sentence."""

    def __init__(self, status: int, error: str, message: str) -> None:
        self.status = status
        self.error = error
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter. `kind`: string, integer, boolean or array (of strings); `most` bounds a number or a length."""

    kind: str
    required: bool = False
    default: int | bool | str | None = None
    least: int | None = None
    most: int | None = None


def _limit(default: int) -> Field:
    return Field("integer", default=default, least=1, most=100)


_TEXT = Field("string")
_NEEDED = Field("string", required=True)

METHODS: Mapping[str, Mapping[str, Field]] = MappingProxyType(
    {
        "com.atproto.identity.resolveHandle": {"handle": _NEEDED},
        "com.atproto.repo.describeRepo": {"repo": _NEEDED},
        "com.atproto.repo.listRecords": {
            "repo": _NEEDED,
            "collection": _NEEDED,
            "limit": _limit(50),
            "cursor": _TEXT,
            "reverse": Field("boolean"),
        },
        "app.bsky.actor.getProfile": {"actor": _NEEDED},
        "app.bsky.actor.getProfiles": {"actors": Field("array", required=True, most=25)},
        "app.bsky.feed.getPosts": {"uris": Field("array", required=True, most=25)},
        "app.bsky.feed.getQuotes": {"uri": _NEEDED, "cid": _TEXT, "limit": _limit(50), "cursor": _TEXT},
        "app.bsky.feed.getPostThread": {
            "uri": _NEEDED,
            "depth": Field("integer", default=6, least=0, most=1000),
            "parentHeight": Field("integer", default=80, least=0, most=1000),
        },
        "app.bsky.feed.searchPosts": {
            "q": _NEEDED,
            "sort": Field("string", default="latest"),
            "since": _TEXT,
            "until": _TEXT,
            "mentions": _TEXT,
            "author": _TEXT,
            "lang": _TEXT,
            "domain": _TEXT,
            "url": _TEXT,
            "tag": Field("array"),
            "limit": _limit(25),
            "cursor": _TEXT,
        },
        "app.bsky.notification.listNotifications": {
            "reasons": Field("array"),
            "limit": _limit(50),
            "priority": Field("boolean"),
            "cursor": _TEXT,
            "seenAt": _TEXT,
        },
    }
)


def read_params(method: str, query: Mapping[str, Sequence[str]]) -> Params:
    """The typed parameters of a request, defaults filled in. Raises `RequestError` (400) for what the lexicon forbids."""
    fields = METHODS[method]
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
        if expected.most is not None and len(values) > expected.most:
            raise invalid(f"Error: {name} must not have more than {expected.most} elements")
        return list(values)
    if len(values) > 1:
        raise invalid(f"Error: {name} must not be an array")
    if expected.kind == "integer":
        return _number(name, expected, values[0])
    if expected.kind == "boolean":
        if values[0] not in ("true", "false"):
            raise invalid(f"Error: {name} must be a boolean")
        return values[0] == "true"
    return values[0]


def _number(name: str, expected: Field, text: str) -> int:
    if not (text.isascii() and text.removeprefix("-").isdigit()):
        raise invalid(f"Error: {name} must be an integer")
    number = int(text)
    if expected.most is not None and number > expected.most:
        raise invalid(f"Error: {name} can not be greater than {expected.most}")
    if expected.least is not None and number < expected.least:
        raise invalid(f"Error: {name} can not be less than {expected.least}")
    return number
