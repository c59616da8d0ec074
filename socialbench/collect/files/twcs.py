"""twcs: "Customer Support on Twitter", one row per message, `inbound` False for the brands' own.

`response_tweet_id` is only a hint and is not read: who answered is told by the answer's `in_response_to_tweet_id`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from socialbench.collect.attribution import Attribution
from socialbench.collect.brands import Brands
from socialbench.collect.moments import CellError, parse_id, parse_ids, parse_moment
from socialbench.collect.rows import Notes, Record, Rejected
from socialbench.collect.shapes import ANSWERED_ONLY, COMPLETE, Item, Shape, Source
from socialbench.model import Linking, Message

COLUMNS = ("tweet_id", "author_id", "inbound", "created_at", "text", "in_response_to_tweet_id")
_TRUTH = {"true": True, "1": True, "1.0": True, "t": True, "false": False, "0": False, "0.0": False, "f": False}


class TwcsReading:
    """Brands are the authors of outbound rows; a row by one of them is never inbound."""

    def __init__(self, source: Source, notes: Notes) -> None:
        self.brands = Brands()
        self.tally: Counter[str] = Counter()
        self._source = source
        self.notes = notes
        self._attribution = Attribution(self.brands, self.tally, complete=source.sample == COMPLETE)

    def read(self, record: Record) -> Iterable[Item | Rejected]:
        """One message. Raises CellError for cells that cannot be read."""
        cells = record.cells
        message_id, author = parse_id(cells["tweet_id"]), parse_id(cells["author_id"])
        inbound = _TRUTH.get(cells["inbound"].strip().casefold())
        for value, reason in ((message_id, "no_id"), (author, "no_author"), (inbound is not None, "no_direction")):
            if not value:
                raise CellError(reason)
        parents = parse_ids(cells["in_response_to_tweet_id"])
        if len(parents) > 1:
            self.notes.add("several_parents", record.place)
        message = Message(
            network=self._source.network,
            origin=self._source.origin,
            id=message_id,
            sent_at=parse_moment(cells["created_at"], self._source.zone),
            text=cells["text"],
            author_id=author,
            author_name=author,
            parent_id=parents[0] if parents else None,
            linking=Linking.PARENT,
        )
        yield Item(message_id, (message,), message.sent_at, bool(inbound), None if inbound else author)

    def note(self, item: Item, number: int) -> None:
        """Remember what brands wrote."""
        if item.brand is not None:
            self.brands.add(item.brand)
            self._attribution.note_outbound(item.messages[0], item.brand, number)

    def settle(self, repeated: Sequence[int]) -> None:
        """Decide the brands' spellings and who answered what first."""
        self.brands.settle()
        self._attribution.settle(repeated)

    def finish(self, item: Item) -> Item:
        """A customer's message with the brand that it speaks to; a brand's under the brand's own spelling."""
        (message,) = item.messages
        brand = self.brands.find(message.author_id)
        if brand is not None:
            own = message if brand == message.author_id else replace(message, author_id=brand)
            return Item(item.key, (own,), item.edited_at, False, brand)
        addressed = self._attribution.addresses(message)
        return Item(item.key, (replace(message, addressed=addressed),), item.edited_at, True) if addressed else item


SHAPE = Shape(
    name="twcs",
    open=TwcsReading,
    columns=lambda source: COLUMNS,
    id_column=lambda source: "tweet_id",
    network="x",
    origin="twcs",
    sample=ANSWERED_ONLY,
    names_brands=True,
)
