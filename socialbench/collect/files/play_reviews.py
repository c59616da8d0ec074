"""play-reviews: Google Play reviews as scrapers write them, the developer's reply in the review's own row.

Reviewers have no id (`userName` is a placeholder for many), so each review is its own author. `at` is when the review
was last edited: a reply before it stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable

from socialbench.collect.moments import CellError, parse_id, parse_moment, parse_number
from socialbench.collect.rows import Record, Rejected
from socialbench.collect.shapes import Item, Plain, Shape, Source
from socialbench.model import Address, How, Message

COLUMNS = ("reviewId", "content", "score", "at", "replyContent", "repliedAt")
REPLY = "#reply"
"""What stands behind a review's id in the id of its reply."""


class PlayReading(Plain):
    """One item per row: the review, and its reply if there is one."""

    def read(self, record: Record) -> Iterable[Item | Rejected]:
        """A review with its reply; a reply that cannot be dated is rejected by itself."""
        cells = record.cells
        message_id = parse_id(cells["reviewId"])
        brand = self.source.brand or cells[str(self.source.brand_column)].strip()
        if not message_id or not brand:
            raise CellError("no_brand" if message_id else "no_id")
        brand = self.brands.spell(brand)
        review = Message(
            network=self.source.network,
            origin=self.source.origin,
            id=message_id,
            sent_at=parse_moment(cells["at"], self.source.zone),
            text=cells["content"],
            author_display_name=cells.get("userName") or None,
            stars=self._stars(record),
            addressed=(Address(How.REVIEW, brand),),
        )
        messages = [review]
        if cells["replyContent"].strip() or cells["repliedAt"].strip():
            try:
                messages.append(self._reply(record, review, brand))
            except CellError as error:
                yield Rejected(record.place, f"reply_{error.reason}", message_id + REPLY)
        yield Item(message_id, tuple(messages), max(message.sent_at for message in messages), True, brand)

    def _reply(self, record: Record, review: Message, brand: str) -> Message:
        return Message(
            network=self.source.network,
            origin=self.source.origin,
            id=review.id + REPLY,
            sent_at=parse_moment(record.cells["repliedAt"], self.source.zone),
            text=record.cells["replyContent"],
            author_id=brand,
            author_name=brand,
            parent_id=review.id,
        )

    def _stars(self, record: Record) -> int | None:
        try:
            stars = parse_number(record.cells["score"])
        except CellError:
            stars = -1
        if stars is None or 1 <= stars <= 5:
            return stars
        self.notes.add("stars_out_of_range", record.place)
        return None


def columns_of(source: Source) -> tuple[str, ...]:
    """The columns that a file has to have."""
    return (*COLUMNS, source.brand_column) if source.brand_column else COLUMNS


SHAPE = Shape(
    name="play-reviews",
    open=PlayReading,
    columns=columns_of,
    id_column=lambda source: "reviewId",
    network="googleplay",
)
