"""The Report: one frozen JSON tree that every format renders, so that all of them print the same figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from socialbench.report.theme import OURS, Theme

SCHEMA_VERSION = 1

Tree = Mapping[str, Any]
"""A node of the report: mappings, tuples, text, numbers, booleans and None, nothing else."""


@dataclass(frozen=True, slots=True)
class Looks:
    """How a report is to look, beside its figures.

    `template`: a company's .pptx, whose master the deck takes. `theme`: what stands in the place of our colours, font and
    logo. `fonts`: files for letters that our fonts have not.
    """

    template: Path | None = None
    theme: Theme = OURS
    fonts: tuple[Path, ...] = ()


@dataclass(slots=True)
class Studio:
    """What a report keeps while its formats are rendered: its drawn charts (`plates.py`), so that each is drawn once.

    `tell` is called with a chart's name, its place and how many there are before it is drawn.
    """

    plates: tuple[Any, ...] | None = None
    tell: Callable[[str, int, int], None] = lambda name, place, count: None


@dataclass(frozen=True, slots=True)
class Report:
    """`tree` is the JSON of the report (report/schema.json), rounded and frozen; `top` limits the printed ranking.

    `studio` belongs to this object alone: a copy (`dataclasses.replace`) begins with an empty one.
    """

    tree: Tree
    top: int | None = None
    looks: Looks = Looks()
    studio: Studio = field(default_factory=Studio, init=False, repr=False, compare=False)

    def resolve(self, pointer: str) -> Any:
        """Find what an RFC 6901 pointer names; KeyError or IndexError when there is nothing.

        >>> Report(freeze({"brands": [{"name": "a/b"}]})).resolve("/brands/0/name")
        'a/b'
        """
        node: Any = self.tree
        for part in pointer.split("/")[1:]:
            key = part.replace("~1", "/").replace("~0", "~")
            node = node[int(key)] if isinstance(node, tuple) else node[key]
        return node

    @property
    def ranked(self) -> list[tuple[int, Tree]]:
        """The ranked brands from the first place down, each with its index in `/brands`."""
        rows = [(index, brand) for index, brand in enumerate(self.tree["brands"]) if brand["rank"]]
        rows.sort(key=lambda row: (row[1]["rank"]["value"], row[1]["name"], row[0]))
        return rows[: self.top]

    @property
    def unranked(self) -> list[tuple[int, Tree]]:
        """The brands that are listed but not ranked, in the order of the config."""
        return [(index, brand) for index, brand in enumerate(self.tree["brands"]) if not brand["rank"]]


def freeze(node: Any) -> Any:
    """Copy a JSON value so that nobody can change it: mappings read-only, lists as tuples."""
    if isinstance(node, Mapping):
        return MappingProxyType({key: freeze(value) for key, value in node.items()})
    if isinstance(node, Sequence) and not isinstance(node, str):
        return tuple(freeze(value) for value in node)
    return node


def pointer(*parts: str | int) -> str:
    """Write an RFC 6901 pointer.

    >>> pointer("brands", 0, "networks", "a/b")
    '/brands/0/networks/a~1b'
    """
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)
