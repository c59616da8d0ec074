"""table: any CSV, by a column map: one row per message, or a message and its reply in one row.

Without an id, author + time + text identify a message. Without an author each message is its own author. Without a
direction, a row by the brand's own account is outbound.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from socialbench.collect.attribution import Attribution, short_hash
from socialbench.collect.brands import Brands
from socialbench.collect.maps import ColumnMap
from socialbench.collect.moments import CellError, parse_id, parse_ids, parse_moment, parse_number
from socialbench.collect.rows import Notes, Record, Rejected
from socialbench.collect.shapes import COMPLETE, Item, Shape, Source
from socialbench.errors import UsageError
from socialbench.model import Address, How, Linking, Message

REPLY = "#reply"
THREAD = "#thread"
"""Stands behind the name of a thread, so that it never meets a message's id."""


class TableReading:
    """Brands are named by --brand, a column, or else are the authors of outbound rows."""

    def __init__(self, source: Source, notes: Notes) -> None:
        self.brands = Brands()
        self.tally: Counter[str] = Counter()
        self._source = source
        self.notes = notes
        self._map = _map_of(source)
        self._brand_column = source.brand_column or self._map.columns.get("brand")
        if not (source.brand or self._brand_column or self._map.has("direction")):
            raise UsageError("table: whose messages are these? say --brand, --brand-column, or map a brand or direction column")
        self._attribution = Attribution(self.brands, self.tally, complete=source.sample == COMPLETE)
        if self._map.has("parent", "reply_text"):
            self._linking = Linking.PARENT
        else:
            self._linking = Linking.THREAD if self._map.has("thread") else Linking.NONE

    def read(self, record: Record) -> Iterable[Item | Rejected]:
        """A message, with its reply if the row holds one."""
        brand = self._brand(record)
        author = parse_id(self._cell(record, "author"))
        inbound = self._is_inbound(record, author, brand)
        message = self._message(record, author, brand, inbound)
        messages = [message]
        if inbound and brand and (self._cell(record, "reply_text").strip() or self._cell(record, "reply_time").strip()):
            try:
                messages.append(self._reply(record, message, brand))
            except CellError as error:
                yield Rejected(record.place, f"reply_{error.reason}", message.id + REPLY)
        edited = self._cell(record, "edited").strip()
        moments = [each.sent_at for each in messages] + ([self._moment(edited)] if edited else [])
        yield Item(message.id, tuple(messages), max(moments), inbound, brand or (None if inbound else author))

    def _brand(self, record: Record) -> str | None:
        if self._source.brand:
            return self._source.brand
        if self._brand_column is None:
            return None
        brand: str = record.cells[self._brand_column].strip()
        if not brand:
            raise CellError("no_brand")
        return self.brands.spell(brand)

    def _is_inbound(self, record: Record, author: str, brand: str | None) -> bool:
        if not self._map.has("direction"):
            return not (author and brand and author.casefold() == brand.casefold())
        word = self._cell(record, "direction").strip().casefold()
        if word in self._map.outbound:
            if not (author or brand):
                raise CellError("no_author")
            return False
        if word not in self._map.inbound:
            raise CellError("no_direction")
        return True

    def _message(self, record: Record, author: str, brand: str | None, inbound: bool) -> Message:
        sent_at = self._moment(self._cell(record, "time"))
        text = self._cell(record, "text")
        message_id = parse_id(self._cell(record, "id")) if self._map.has("id") else f"{author}/{sent_at}/{short_hash(text):016x}"
        if not message_id:
            raise CellError("no_id")
        parents = parse_ids(self._cell(record, "parent"))
        if len(parents) > 1:
            self.notes.add("several_parents", record.place)
        thread = parse_id(self._cell(record, "thread"))
        account = author if inbound else brand or author
        return Message(
            network=self._source.network,
            origin=self._source.origin,
            id=message_id,
            sent_at=sent_at,
            text=text,
            author_id=account or None,
            author_name=account or None,
            author_display_name=self._cell(record, "author_name") or None,
            parent_id=parents[0] if parents else None,
            root_id=thread + THREAD if thread and self._linking is Linking.THREAD else None,
            linking=self._linking,
            lang=self._cell(record, "lang").strip() or None,
            stars=self._stars(record) if inbound else None,
        )

    def _reply(self, record: Record, message: Message, brand: str) -> Message:
        return Message(
            network=message.network,
            origin=message.origin,
            id=parse_id(self._cell(record, "reply_id")) or message.id + REPLY,
            sent_at=self._moment(self._cell(record, "reply_time")),
            text=self._cell(record, "reply_text"),
            author_id=brand,
            author_name=brand,
            parent_id=message.id,
        )

    def _moment(self, cell: str) -> int:
        form = self._map.time_format
        if form is None or not cell.strip():
            return parse_moment(cell, self._source.zone)
        try:
            return parse_moment(datetime.strptime(cell.strip(), form).isoformat(), self._source.zone)  # noqa: DTZ007
        except ValueError as error:
            if type(error) is not ValueError:
                raise
            raise CellError("bad_time") from None

    def _stars(self, record: Record) -> int | None:
        try:
            stars = parse_number(self._cell(record, "stars"))
        except CellError:
            stars = -1
        if stars is None or 1 <= stars <= 5:
            return stars
        self.notes.add("stars_out_of_range", record.place)
        return None

    def _cell(self, record: Record, role: str) -> str:
        column = self._map.columns.get(role)
        return "" if column is None else str(record.cells[column])

    def note(self, item: Item, number: int) -> None:
        """Remember the brands and what they wrote."""
        if item.brand is None:
            return
        self.brands.add(item.brand)
        for message in item.messages[1:] if item.inbound else item.messages:
            self._attribution.note_outbound(message, item.brand, number)

    def settle(self, repeated: Sequence[int]) -> None:
        """Decide the brands' spellings and who wrote what."""
        self.brands.settle()
        self._attribution.settle(repeated)

    def finish(self, item: Item) -> Item:
        """The message with the brands that it speaks to; what a brand writes is never inbound."""
        message, *replies = item.messages
        author = self.brands.find(message.author_id)
        if author is not None:
            own = replace(message, author_id=author)
            return Item(item.key, (own, *replies), item.edited_at, False, author)
        if item.brand is not None and self._map.has("stars"):
            addressed: tuple[Address, ...] = (Address(How.REVIEW, item.brand),)
        else:
            addressed = self._attribution.addresses(message, item.brand)
        return replace(item, messages=(replace(message, addressed=addressed), *replies))


def columns_of(source: Source) -> tuple[str, ...]:
    """The columns that a file has to have: all that the map names, each once."""
    named = [*_map_of(source).columns.values(), *([source.brand_column] if source.brand_column else [])]
    return tuple(dict.fromkeys(named))


def _map_of(source: Source) -> ColumnMap:
    if source.column_map is None:
        raise UsageError("table: which column holds what? say --map FILE.yaml")
    return source.column_map


SHAPE = Shape(
    name="table",
    open=TableReading,
    columns=columns_of,
    id_column=lambda source: _map_of(source).columns.get("id", ""),
    network=None,
    mapped=True,
)
