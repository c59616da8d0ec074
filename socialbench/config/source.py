"""YAML 1.2 with places: a tree of plain values, and the line and column of each key and value.

PyYAML's own rules misread lists of brands (`NO` becomes False, `9:30` becomes 570, of two equal keys the last wins), so
only its scanner and composer are used here: true and false, decimal numbers, null and merges (`<<`) are told from text
by our rules, everything else is text. Numbers keep their spelling in `source`, for a handle `007` is no 7.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from socialbench.errors import ConfigError, Problem, UsageError

Path_ = tuple[str | int, ...]
"""Where a value stands in the tree: keys and places in lists, from the top."""

Place = tuple[int, int]
"""Line and column, counted from 1."""

MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 40
_FREE_VISITS = 100_000
_MAX_EXPANSION = 10
_MAX_DIGITS = 400

if TYPE_CHECKING:
    _Base = yaml.SafeLoader
else:
    _Base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_RESOLVERS = (
    ("tag:yaml.org,2002:bool", r"true|false|True|False|TRUE|FALSE", "tTfF"),
    ("tag:yaml.org,2002:int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    (
        "tag:yaml.org,2002:float",
        r"[-+]?(?:(?:0|[1-9][0-9]*)\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[-+]?(?:0|[1-9][0-9]*)[eE][-+]?[0-9]+",
        "-+.0123456789",
    ),
    ("tag:yaml.org,2002:null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("tag:yaml.org,2002:merge", r"<<", "<"),
)
_TAG = "tag:yaml.org,2002:"
_UNPRINTABLE = re.compile("[^\x09\x0a\x0d\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Loader(_Base):
    """Scanner and composer of PyYAML with the scalars of YAML 1.2."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own attribute
    depth = 0

    def descend_resolver(self, current_node: yaml.Node | None, current_index: object) -> None:
        """Count the levels: the composer written in C would nest until the stack is full, and take the program with it."""
        self.depth += 1
        if self.depth > MAX_DEPTH and current_node is not None:
            raise yaml.MarkedYAMLError(problem="nesting", problem_mark=current_node.start_mark)

    def ascend_resolver(self) -> None:
        """One level up again."""
        self.depth -= 1


for _tag, _pattern, _firsts in _RESOLVERS:
    for _first in _firsts:
        _Loader.yaml_implicit_resolvers.setdefault(_first, []).append((_tag, re.compile(rf"(?:{_pattern})\Z")))


class Whole(int):
    """A whole number and how it was written."""

    source: str


class Fraction(float):
    """A decimal number and how it was written."""

    source: str


@dataclass(slots=True)
class Source:
    """A parsed file: its tree, where each key and value stands, and what was wrong already."""

    file: str
    tree: object
    keys: Mapping[Path_, Place] = field(default_factory=dict)
    values: Mapping[Path_, Place] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def place(self, path: Path_, *, key: bool = False) -> Place:
        """Line and column of `path` (of its key, if asked), else of the nearest parent that has one."""
        if key and path in self.keys:
            return self.keys[path]
        for length in range(len(path), -1, -1):
            if path[:length] in self.values:
                return self.values[path[:length]]
        return (1, 1)


def read_source(path: Path) -> Source:
    """Read and parse `path`. Raises ConfigError where nothing of it can be understood, UsageError where it cannot be read."""
    text = _decode(path, _read(path))
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
    except yaml.YAMLError as error:
        raise ConfigError((_syntax_problem(str(path), text, error),)) from None
    finally:
        loader.dispose()
    if node is None:
        raise ConfigError((Problem(str(path), 1, 1, "", "the file is empty; `socialbench init` writes one to start from"),))
    builder = _Builder(str(path))
    tree = builder.build(node, ())
    return Source(str(path), tree, builder.keys, builder.values, tuple(builder.problems))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except IsADirectoryError:
        raise UsageError(f"{path}: a folder, not a config") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {(error.strerror or str(error)).lower()}") from None
    if len(data) > MAX_BYTES:
        raise UsageError(f"{path}: larger than {MAX_BYTES // 1024 // 1024} MB; is this a config, or the data?")
    return data


def _decode(path: Path, data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ConfigError((Problem(str(path), 1, 1, "", "not UTF-8 but UTF-16; save the file as UTF-8"),))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        line, column = _place_in(before)
        what = f"not UTF-8: byte {data[error.start]:#04x}; save the file as UTF-8"
        raise ConfigError((Problem(str(path), line, column, "", what),)) from None
    bad = _UNPRINTABLE.search(text)
    if bad:
        line, column = _place_in(text[: bad.start()])
        what = f"the control character U+{ord(bad[0]):04X} is not allowed; write it in double quotes as an escape"
        raise ConfigError((Problem(str(path), line, column, "", what),))
    return text


def _place_in(before: str) -> Place:
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


_PLAIN_WORDS = (
    ("expected a single document", "holds more than one YAML document (a line of ---); leave one"),
    ("found undefined alias", "this alias (*name) has no anchor (&name) before it"),
    ("mapping values are not allowed", "a ': ' where none can stand; check the indentation, and quote text that holds ': '"),
    ("could not find expected ':'", "a key without ':'; check this line and the one before it"),
    (
        "did not find expected key",
        "the indentation does not fit the lines above, or a quote or bracket is not closed before this",
    ),
    ("did not find expected '-' indicator", "the indentation does not fit the list above"),
    ("while scanning a quoted scalar", "a quote is opened here and not closed"),
    ("did not find expected ',' or", "a bracket is opened and not closed, or a comma is missing before this"),
    ("block sequence entries are not allowed", "a '- ' where none can stand; check the indentation"),
    ("nesting", f"nested deeper than {MAX_DEPTH} levels"),
)


def _syntax_problem(file: str, text: str, error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    said = f"{getattr(error, 'context', None) or ''} {getattr(error, 'problem', None) or ''}".strip() or str(error)
    if mark is None:
        return Problem(file, 1, 1, "", f"not YAML: {' '.join(said.split())}")
    lines = text.splitlines()
    line = lines[mark.line] if mark.line < len(lines) else ""
    return Problem(file, mark.line + 1, mark.column + 1, "", _in_plain_words(said, line, mark.column))


def _in_plain_words(said: str, line: str, column: int) -> str:
    at = line[column : column + 1]
    if at == "@":
        return "text cannot start with @ here: quote handles that start with @, or leave the @ out"
    if at in {"`", "%"} and "cannot start any token" in said:
        return f"text cannot start with {at} here: quote it"
    if "\t" in line[: len(line) - len(line.lstrip())] or at == "\t":
        return "a tab in the indentation: indent with blanks"
    return next((plain for jargon, plain in _PLAIN_WORDS if jargon in said), f"not YAML: {' '.join(said.split())}")


class _Builder:
    """Turns YAML nodes into plain values, and notes the place of each."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.keys: dict[Path_, Place] = {}
        self.values: dict[Path_, Place] = {}
        self.problems: list[Problem] = []
        self._seen: set[int] = set()
        self._merging: set[int] = set()
        self._visits = 0

    def build(self, node: yaml.Node, path: Path_) -> object:
        """The plain value of `node`. Raises ConfigError where aliases multiply beyond all use."""
        self._watch(node, path)
        self.values[path] = _place(node)
        if isinstance(node, yaml.MappingNode):
            return self._build_map(node, path)
        if isinstance(node, yaml.SequenceNode):
            self._check_tag(node, "seq", path)
            return [self.build(child, (*path, place)) for place, child in enumerate(node.value)]
        assert isinstance(node, yaml.ScalarNode), "YAML knows maps, lists and scalars"
        return self._build_scalar(node, path)

    def _watch(self, node: yaml.Node, path: Path_) -> None:
        # An alias stands for its whole tree: nine aliases of nine aliases, ten levels deep, are three billion values.
        self._visits += 1
        self._seen.add(id(node))
        if len(path) > MAX_DEPTH:
            raise ConfigError((self._problem(node, path[:3], f"nested deeper than {MAX_DEPTH} levels"),))
        if self._visits > _FREE_VISITS and self._visits > _MAX_EXPANSION * len(self._seen):
            raise ConfigError((self._problem(node, path[:3], "aliases (*name) of aliases multiply beyond all use"),))

    def _build_map(self, node: yaml.MappingNode, path: Path_) -> dict[str, object]:
        self._check_tag(node, "map", path)
        built: dict[str, object] = {}
        own: dict[str, Place] = {}
        merged: list[yaml.Node] = []
        for key_node, value_node in node.value:
            if key_node.tag == f"{_TAG}merge":
                merged.append(value_node)
                continue
            key = self._key(key_node, path)
            if key is None:
                continue
            if key in own:
                self.problems.append(self._problem(key_node, (*path, key), f"this key stands twice; first in line {own[key][0]}"))
                continue
            own[key] = self.keys[(*path, key)] = _place(key_node)
            built[key] = self.build(value_node, (*path, key))
        for value_node in merged:
            self._merge(value_node, path, built)
        return built

    def _merge(self, node: yaml.Node, path: Path_, built: dict[str, object]) -> None:
        for source in node.value if isinstance(node, yaml.SequenceNode) else [node]:
            if not isinstance(source, yaml.MappingNode):
                self.problems.append(self._problem(node, path, "<< takes a map, or a list of maps"))
                return
            if id(source) in self._merging:
                self.problems.append(self._problem(node, path, "<< merges a map into itself"))
                return
            self._watch(source, (*path, "<<"))
            self._inherit(source, path, built)

    def _inherit(self, source: yaml.MappingNode, path: Path_, built: dict[str, object]) -> None:
        scratch = _Builder(self.file)
        scratch._seen, scratch._visits, scratch._merging = self._seen, self._visits, self._merging | {id(source)}
        inherited = scratch._build_map(source, path)
        self._visits = scratch._visits
        self.problems += [found for found in scratch.problems if found not in self.problems]
        for key, value in inherited.items():
            if key not in built:
                built[key] = value
                self._adopt(scratch, (*path, key))

    def _adopt(self, other: _Builder, path: Path_) -> None:
        for mine, theirs in ((self.keys, other.keys), (self.values, other.values)):
            mine.update({place: mark for place, mark in theirs.items() if place[: len(path)] == path})

    def _key(self, node: yaml.Node, path: Path_) -> str | None:
        if isinstance(node, yaml.ScalarNode) and node.value:
            return str(node.value)
        what = "a key must be a word; quote text that holds ? or { or [" if node.value else "an empty key"
        self.problems.append(self._problem(node, path, what))
        return None

    def _build_scalar(self, node: yaml.ScalarNode, path: Path_) -> object:
        kind = node.tag.removeprefix(_TAG)
        if kind == "null":
            return None
        if kind == "bool" and node.value.casefold() in {"true", "false"}:
            return node.value.casefold() == "true"
        if kind in {"int", "float"}:
            return _number(kind, node.value)
        if kind not in {"str", "merge"}:
            self.problems.append(self._problem(node, path, f"the tag {node.tag[:40]!r} is not allowed; write plain values"))
        return str(node.value)

    def _check_tag(self, node: yaml.Node, kind: str, path: Path_) -> None:
        if node.tag != f"{_TAG}{kind}":
            self.problems.append(self._problem(node, path, f"the tag {node.tag[:40]!r} is not allowed; write plain values"))

    def _problem(self, node: yaml.Node, path: Path_, what: str) -> Problem:
        line, column = _place(node)
        return Problem(self.file, line, column, ", ".join(map(str, path)), what)


def _place(node: yaml.Node) -> Place:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _number(kind: str, text: str) -> object:
    # Beyond these digits Python refuses to convert, and no setting of ours is that large.
    if len(text) > _MAX_DIGITS:
        return text
    try:
        number = Whole(text) if kind == "int" else Fraction(text)
    except ValueError:
        return text
    if isinstance(number, Fraction) and number in (float("inf"), float("-inf")):
        return text
    number.source = text
    return number


def walk(tree: object, path: Path_ = ()) -> Iterator[tuple[Path_, object]]:
    """Every value under `tree` with its path, parents first."""
    yield path, tree
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from walk(value, (*path, key))
    elif isinstance(tree, list):
        for place, value in enumerate(tree):
            yield from walk(value, (*path, place))
