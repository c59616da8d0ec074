"""The column map of the shape `table`: a small YAML that says which column holds what.

    network: trustpilot
    columns: {id: review, author: user, time: created, text: body, stars: rating, reply_text: answer, reply_time: answered}

Also `origin`, `sample`, `timezone`, `time_format` (as strptime takes it), and for the column `direction` the words
`outbound` and `inbound`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from socialbench.config.source import Source as YamlSource
from socialbench.config.source import read_source
from socialbench.config.vocabulary import did_you_mean
from socialbench.errors import ConfigError, Problem

ROLES = (
    "id", "author", "author_name", "time", "text", "edited", "parent", "thread", "direction", "brand", "stars", "lang",
    "reply_id", "reply_text", "reply_time",
)  # fmt: skip
"""What a column can hold."""

_TEXTS = ("network", "origin", "sample", "timezone", "time_format")
_WORDS = ("outbound", "inbound")
_SAMPLES = ("complete", "answered-only")
_NETWORK = re.compile(r"[a-z][a-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Which column plays which role; None where the map does not say. Words of directions are case-folded."""

    columns: Mapping[str, str]
    network: str | None = None
    origin: str | None = None
    sample: str | None = None
    timezone: str | None = None
    time_format: str | None = None
    outbound: frozenset[str] = field(default=frozenset({"outbound", "out", "brand", "company", "agent", "reply"}))
    inbound: frozenset[str] = field(default=frozenset({"inbound", "in", "customer", "client", "user", "author"}))

    def has(self, *roles: str) -> bool:
        """Whether a column is named for any of the roles."""
        return any(role in self.columns for role in roles)


def load_map(path: Path) -> ColumnMap:
    """Read a column map. Raises ConfigError with all problems."""
    source = read_source(path)
    problems = [*source.problems, *_check(source)]
    if problems:
        raise ConfigError(tuple(problems))
    tree = source.tree
    assert isinstance(tree, dict), "checked above"
    texts = {key: str(tree[key]) for key in _TEXTS if tree.get(key) is not None}
    words = {
        key: frozenset(_text(source, (key, place)).casefold() for place in range(len(tree[key]))) for key in _WORDS if key in tree
    }
    columns = {role: _text(source, ("columns", role)) for role in tree["columns"]}
    return ColumnMap(columns, **texts, **words)  # type: ignore[arg-type]


def _text(source: YamlSource, path: tuple[str | int, ...]) -> str:
    value: object = source.tree
    for step in path:
        value = value[step]  # type: ignore[index]
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(getattr(value, "source", value)).strip()


def _check(source: YamlSource) -> list[Problem]:
    tree = source.tree
    if not isinstance(tree, dict) or not isinstance(tree.get("columns"), dict):
        return [_problem(source, (), "columns", "is missing: write `columns: {time: ..., text: ..., author: ...}`")]
    known = {*_TEXTS, *_WORDS, "columns"}
    found = [_problem(source, (key,), key, f"unknown key{did_you_mean(str(key), known)}") for key in tree if key not in known]
    found += [
        _problem(source, (key,), key, "write a list of words")
        for key in _WORDS
        if key in tree and not isinstance(tree[key], list)
    ]
    columns = tree["columns"]
    for role, column in columns.items():
        path = ("columns", role)
        if role not in ROLES:
            found.append(
                _problem(
                    source, path, f"columns.{role}", f"unknown role{did_you_mean(str(role), ROLES)}; roles are {', '.join(ROLES)}"
                )
            )
        elif column is None or isinstance(column, (dict, list)) or not str(column).strip():
            found.append(_problem(source, path, f"columns.{role}", "write the name of one column"))
    found += [_problem(source, ("columns",), "columns", f"{role} is missing") for role in ("time", "text") if role not in columns]
    if ("reply_text" in columns) != ("reply_time" in columns):
        found.append(_problem(source, ("columns",), "columns", "reply_text and reply_time belong together"))
    return found + _check_texts(source, tree)


def _check_texts(source: YamlSource, tree: Mapping[str, object]) -> list[Problem]:
    found = []
    sample, network = tree.get("sample"), tree.get("network")
    if sample is not None and sample not in _SAMPLES:
        found.append(_problem(source, ("sample",), "sample", f"write one of {', '.join(_SAMPLES)}"))
    if network is not None and not _NETWORK.fullmatch(str(network)):
        found.append(_problem(source, ("network",), "network", "write a name in small letters, such as trustpilot"))
    return found


def _problem(source: YamlSource, path: tuple[str, ...], where: str, what: str) -> Problem:
    line, column = source.place(path, key=True)
    return Problem(source.file, line, column, str(where), what)
