"""conversations: a JSON list of talks between customers and one company each, ending in the company's link.

Turns say who speaks (`client`, `client1`: customers; `agent`: the company) but not whom they answer, so messages are
linked by thread; talks that share messages are one thread. The last turn (`agentURL`) has no time: its id gives it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from socialbench.classify.addressing import handles_in, mention_how
from socialbench.collect.attribution import short_hash
from socialbench.collect.brands import Brands
from socialbench.collect.moments import CellError, parse_id, parse_moment, refined_moment
from socialbench.collect.rows import Notes, Place, Record, Rejected, mend, note_dirt
from socialbench.collect.shapes import ANSWERED_ONLY, COMPLETE, Item, Shape, Source
from socialbench.collect.threads import Threads
from socialbench.model import Address, How, Json, Linking, Message


class ConversationReading:
    """One item per turn and company; every client turn is inbound to the company, named or not."""

    def __init__(self, source: Source, notes: Notes) -> None:
        self.brands = Brands()
        self.tally: Counter[str] = Counter()
        self._source = source
        self.notes = notes
        self._threads = Threads()

    def read(self, record: Record) -> Iterable[Item | Rejected]:
        """The turns of one talk, the last one too. Raises CellError where the talk names no company."""
        company = _text(_part(record.cells, "dialogHeader"), "company").strip()
        if not company:
            raise CellError("no_brand")
        company = self.brands.spell(mend(company))
        turns = record.cells.get("dialogContent")
        turns = list(turns) if isinstance(turns, list) else []
        last = _part(record.cells, "agentURL")
        found = [
            self._attempt(record.place, turn, company, number > 0)
            for number, turn in enumerate([*turns, last] if last else turns)
        ]
        messages = [item.messages[0] for item in found if isinstance(item, Item)]
        top = min(messages, key=lambda message: (message.sent_at, len(message.id), message.id)).id if messages else ""
        for item in found:
            yield item if isinstance(item, Rejected) else replace(item, messages=(replace(item.messages[0], root_id=top),))

    def _attempt(self, place: Place, turn: Json, company: str, is_later: bool) -> Item | Rejected:
        try:
            return self._read_turn(place, turn, company, is_later)
        except CellError as error:
            message_id = _text(turn, "tweet_ID") if isinstance(turn, dict) else ""
            return Rejected(place, f"turn_{error.reason}", mend(message_id))

    def _read_turn(self, place: Place, turn: Json, company: str, is_later: bool) -> Item:
        if not isinstance(turn, dict):
            raise CellError("broken")
        text = _text(turn, "message") or _text(turn, "url_utterance")
        client = next((mend(value) for key, value in turn.items() if key.startswith("client") and isinstance(value, str)), None)
        speaker = client or mend(_text(turn, "agent")).strip() or company
        stated = _text(turn, "datetime")
        given = parse_id(_text(turn, "tweet_ID"))
        sent_at = refined_moment(parse_moment(stated, self._source.zone) if stated else None, given)
        if sent_at is None:
            raise CellError("no_time")
        if "\0" in text or "\0" in given:
            raise CellError("nul_byte")
        if note_dirt(text, place, self.notes):
            text = mend(text)
        message_id = mend(given) or f"{speaker}/{sent_at}/{short_hash(text):016x}"
        message = Message(
            network=self._source.network,
            origin=self._source.origin,
            id=message_id,
            sent_at=sent_at,
            text=text,
            author_id=speaker,
            author_name=speaker,
            linking=Linking.THREAD,
            addressed=self._addresses(text, company, is_later) if client else (),
        )
        return Item(f"{message_id} {company.casefold()}", (message,), sent_at, client is not None, company)

    def _addresses(self, text: str, company: str, is_later: bool) -> tuple[Address, ...]:
        names = {company: None}
        if self._source.sample == COMPLETE:
            names |= {brand: None for name in handles_in(text) if (brand := self.brands.find(name)) is not None}
        hows = ((name, mention_how(text, name, is_later)) for name in names)
        return tuple(Address(How.POST if how is None else how, name) for name, how in hows)

    def note(self, item: Item, number: int) -> None:
        """Remember the company, and which messages stand in one talk."""
        if item.brand is not None:
            self.brands.add(item.brand)
        self._threads.add(item.messages[0])

    def settle(self, repeated: Sequence[int]) -> None:
        """Decide spellings, and which talks are one thread."""
        self.brands.settle()
        self._threads.settle()

    def finish(self, item: Item) -> Item:
        """The turn under its thread's top; what a brand says is never inbound."""
        (message,) = item.messages
        root = self._threads.root(message)
        author = self.brands.find(message.author_id)
        if author is None and item.inbound:
            return replace(item, messages=(replace(message, root_id=root),))
        # An agent under a name that is no company of the file speaks for the company of the talk.
        brand = author or item.brand
        message = replace(message, root_id=root, author_id=brand, author_name=brand, addressed=())
        return replace(item, messages=(message,), inbound=False, brand=brand)


def _part(cells: Mapping[str, Json], key: str) -> Mapping[str, Json]:
    part = cells.get(key)
    return part if isinstance(part, dict) else {}


def _text(cells: Mapping[str, Json], key: str) -> str:
    value = cells.get(key)
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


SHAPE = Shape(
    name="conversations",
    open=ConversationReading,
    columns=lambda source: (),
    id_column=lambda source: "",
    network="x",
    sample=ANSWERED_ONLY,
    names_brands=True,
    objects=True,
)
