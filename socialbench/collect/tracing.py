"""Which field made a parser fail: the item is parsed once more through a wrapper that remembers the last path read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from socialbench.model import Json

SHAPE_ERRORS = (KeyError, TypeError, ValueError, AttributeError, IndexError)
"""What a parser raises where an item has another shape than it knows."""


class _Trail:
    def __init__(self) -> None:
        self.path = ""


class _Object(dict[str, Any]):
    """A JSON object that notes which of its fields was read last."""

    def __init__(self, value: dict[str, Any], path: str, trail: _Trail) -> None:
        super().__init__(value)
        self._path, self._trail = path, trail

    def __getitem__(self, key: str) -> Any:
        path = self._note(key)
        return _wrapped(super().__getitem__(key), path, self._trail)

    def get(self, key: str, default: Any = None) -> Any:
        path = self._note(key)
        return _wrapped(super().get(key, default), path, self._trail)

    def _note(self, key: str) -> str:
        self._trail.path = f"{self._path}.{key}".lstrip(".")
        return self._trail.path


class _Array(list[Any]):
    """A JSON array that notes which of its elements was read last."""

    def __init__(self, value: list[Any], path: str, trail: _Trail) -> None:
        super().__init__(_wrapped(each, f"{path}[{place}]", trail) for place, each in enumerate(value))


def _wrapped(value: Any, path: str, trail: _Trail) -> Any:
    if isinstance(value, dict):
        return _Object(value, path, trail)
    return _Array(value, path, trail) if isinstance(value, list) else value


def failing_path(parse: Callable[[Json], Iterable[object]], item: Json) -> str:
    """The path of the field at which `parse` fails on `item`.

    >>> failing_path(lambda item: [item["post"]["author"]["did"]], {"post": {"author": {}}})
    'post.author.did'
    """
    trail = _Trail()
    with suppress(*SHAPE_ERRORS):
        list(parse(_wrapped(item, "", trail)))
    return trail.path or "the item itself"
