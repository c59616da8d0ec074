"""What a shape of export is: one file in `files/`, which turns records into items. Found by folder.

A shape's module defines `SHAPE`. Every file is read twice: the first pass only surveys (which brands, which rows are
repeated, who answered whom), the second finishes each item with its addresses. So the order of rows and files
changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from socialbench.collect.brands import Brands
from socialbench.collect.rows import Notes, Record, Rejected
from socialbench.model import Message

if TYPE_CHECKING:
    from socialbench.collect.maps import ColumnMap

FILES = Path(__file__).parent / "files"

COMPLETE = "complete"
ANSWERED_ONLY = "answered-only"


@dataclass(frozen=True, slots=True)
class Source:
    """What is said about the files of one import.

    `zone` dates naive times; None refuses them. `sample` is 'complete' or 'answered-only'. `brand` is the account id
    that every row belongs to, `brand_column` the column that names it row by row.
    """

    network: str
    origin: str
    sample: str
    zone: tzinfo | None = None
    brand: str | None = None
    brand_column: str | None = None
    column_map: ColumnMap | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """What is repeated, or not, as a whole: a message, or a review with its reply.

    Of items with one `key` the one with the later `edited_at` wins, then the longer text. `brand` is the account id
    of the brand whose row it is, None where the row names none. `inbound`: a customer's words, else a brand's.
    """

    key: str
    messages: tuple[Message, ...]
    edited_at: int
    inbound: bool
    brand: str | None = None


class Reading(Protocol):
    """One import under way; it lives through both passes."""

    brands: Brands
    notes: Notes
    tally: Counter[str]
    """Counts of the second pass, such as `replier`: told in the summary under their names."""

    def read(self, record: Record) -> Iterable[Item | Rejected]:
        """Items of a record. Raises CellError or NaiveTimeError where a cell cannot be read."""
        ...

    def note(self, item: Item, number: int) -> None:
        """First pass: remember what other items will need of this one. Items are numbered from 0."""
        ...

    def settle(self, repeated: Sequence[int]) -> None:
        """Between the passes; `repeated[number]` tells which items lost against their better copies."""
        ...

    def finish(self, item: Item) -> Item:
        """Second pass: the item with its addresses."""
        ...


@dataclass(frozen=True, slots=True)
class Shape:
    """The facts of a shape. `network` None: the user or the map has to say.

    `columns` are needed in a CSV header; `id_column` is '' where none holds the id. `objects`: the file is a list of
    JSON objects. `names_brands`: its rows say which brand is meant, so --brand has no place. `mapped`: needs a map.
    """

    name: str
    open: Callable[[Source, Notes], Reading]
    columns: Callable[[Source], tuple[str, ...]]
    id_column: Callable[[Source], str]
    network: str | None
    origin: str = ""
    sample: str = COMPLETE
    names_brands: bool = False
    objects: bool = False
    mapped: bool = False


@dataclass(slots=True)
class Plain:
    """A reading whose items need nothing of each other: base of shapes that name the brand in each row."""

    source: Source
    notes: Notes
    brands: Brands = field(default_factory=Brands)
    tally: Counter[str] = field(default_factory=Counter)

    def note(self, item: Item, number: int) -> None:
        """Remember the spelling of the brand."""
        if item.brand is not None:
            self.brands.add(item.brand)

    def settle(self, repeated: Sequence[int]) -> None:
        """Decide the spellings of the brands."""
        self.brands.settle()

    def finish(self, item: Item) -> Item:
        """Nothing is added: the row said all."""
        return item


def shape_names() -> list[str]:
    """Names of all shapes: the files of the folder.

    >>> "play-reviews" in shape_names()
    True
    """
    return sorted(path.stem.replace("_", "-") for path in FILES.glob("*.py") if not path.stem.startswith("_"))


def load_shape(name: str) -> Shape:
    """The shape called `name`, one of `shape_names()`."""
    shape: Shape = import_module(f"socialbench.collect.files.{name.replace('-', '_')}").SHAPE
    return shape
