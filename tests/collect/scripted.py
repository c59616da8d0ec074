"""A network that is scripted to the moment: listings in any order and paging, cut short, late, refused; and what it showed.

It is served over a transport, in a protocol of its own: GET /{stream}?about=&since=&page= gives {"items", "next"}.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import httpx

from socialbench.collect.network import Facts, Network, Pace, Price, Refused, Session
from socialbench.errors import TokenRefused
from socialbench.model import (
    Account,
    Address,
    Direction,
    Handle,
    How,
    Json,
    Message,
    Order,
    Over,
    Page,
    Stream,
    Subject,
    Window,
)
from tests.collect.harness import Cut, ManualClock, answered

HANDLE = Handle("scripted", "acme")
BRAND = "id-acme"
STREAMS = {
    "own": Stream("own", Direction.OUTBOUND, Over.HANDLE, Order.NONE),
    "said": Stream("said", Direction.INBOUND, Over.HANDLE, Order.NONE),
    "replies": Stream("replies", Direction.INBOUND, Over.OWN_POSTS, Order.NONE),
    "talk": Stream("talk", Direction.INBOUND, Over.OPEN_THREADS, Order.NONE),
}


@dataclass(frozen=True)
class Said:
    """One message in the listing `stream`, shown from `seen_at` on. `top`: what it answers. `hidden` ones hold a place only."""

    number: int
    stream: str
    sent_at: int
    seen_at: int
    top: int | None = None
    hidden: bool = False

    @property
    def about(self) -> str:
        """The subject whose listing shows it."""
        return str(self.top) if self.stream in ("replies", "talk") else ""


@dataclass(frozen=True)
class Habit:
    """How a listing comes. `shift`: tokens are places, so they move with what is new; else they name the last item.

    `repeat` items of a page come again on the next; `empty`: before each further page comes an empty one. `cap`: it
    shows no more than its first so many. `own_tokens`: the network file makes the tokens, and there is no last page.
    `client_dated`: listed as they came to light, whatever their dates.
    """

    order: Order = Order.NEWEST_FIRST
    size: int = 2
    shift: bool = False
    repeat: int = 0
    empty: bool = False
    cap: int | None = None
    filters_since: bool = False
    own_tokens: bool = False
    client_dated: bool = False


@dataclass(frozen=True)
class Fault:
    """`stream` answers `status` from its request number `after` on; with `tokens` only to requests with a page token."""

    stream: str
    after: int
    status: int
    tokens: bool = False


@dataclass(frozen=True)
class World:
    """All that is ever said, and how each stream lists it. Worlds of different `origin` may share a store."""

    messages: Sequence[Said]
    habits: Mapping[str, Habit] = field(default_factory=dict)
    origin: str = ""

    def habit(self, stream: str) -> Habit:
        """How `stream` lists."""
        return self.habits.get(stream, Habit())

    def network(self) -> type[Network]:
        """A network file for this world."""
        habits = {name: self.habit(name) for name in STREAMS}
        streams = tuple(
            replace(stream, order=habits[name].order, cap=habits[name].cap, filters_since=habits[name].filters_since)
            for name, stream in STREAMS.items()
        )
        facts = replace(
            Scripted.facts,
            streams=streams,
            client_dated=any(habit.client_dated for habit in habits.values()),
            own_tokens=frozenset(name for name, habit in habits.items() if habit.own_tokens),
            prices={name: Price(page_items=habit.size) for name, habit in habits.items()},
        )
        return type("Scripted", (Scripted,), {"facts": facts, "origin": self.origin})


class Scripted(Network):
    """Speaks the protocol of `Server`."""

    facts: ClassVar[Facts] = Facts("scripted", tuple(STREAMS.values()), Pace(10_000, 1.0), "https://scripted.test")
    origin: ClassVar[str] = ""

    async def resolve(self, session: Session, handles: Sequence[Handle]) -> Sequence[Account | None]:
        return [Account("scripted", self.origin, f"id-{handle.name}", handle.name) for handle in handles]

    async def sizes(self, session: Session, stream: Stream, subjects: Sequence[Subject]) -> Mapping[str, int]:
        if stream.name != "replies":
            return {}
        answer = await session.fetch("sizes", {"about": ",".join(subject.id for subject in subjects)})
        return {id_: int(count) for id_, count in answer.json.items()}

    async def pages(
        self, session: Session, stream: Stream, subject: Subject, window: Window, token: str | None
    ) -> AsyncIterator[Page]:
        since = {"since": window.since_at} if stream.filters_since and window.since_at else {}
        while True:
            paged = {"page": token} if token else {}
            try:
                answer = await session.fetch(stream.name, {"about": subject.id, **since, **paged})
            except Refused as error:
                if token is None:
                    raise
                raise TokenRefused(str(error)) from error
            items, token = answer.json["items"], answer.json["next"]
            yield Page(items, token)
            if not token:
                return

    def parse(self, item: Json) -> Iterable[Message]:
        if item["hidden"]:
            return []
        top = None if item["top"] is None else str(item["top"])
        by_brand = item["stream"] == "own"
        addressed = () if by_brand else (Address(How.REPLY if top else How.LEADING, BRAND),)
        author = BRAND if by_brand else f"person-{item['id']}"
        told = {"parent_id": top, "root_id": top, "addressed": addressed}
        return [Message("scripted", self.origin, item["id"], item["at"], "text", author, **told)]


class Server:
    """Serves a world to one run, and takes a second for every answer. Dies after `cut_after` of them."""

    def __init__(self, world: World, clock: ManualClock, fault: Fault | None = None, cut_after: int | None = None) -> None:
        self.world, self.clock, self.fault, self.left = world, clock, fault, cut_after
        self.asked: dict[str, int] = {}

    def respond(self, request: httpx.Request) -> httpx.Response:
        """One answer of the world as it stands at this second."""
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise Cut
        self.clock.at += 1000
        stream, params = request.url.path.strip("/"), request.url.params
        if stream == "sizes":
            return answered(200, {id_: len(self._shown("replies", id_)) for id_ in params["about"].split(",")})
        self.asked[stream] = self.asked.get(stream, 0) + 1
        fault = self.fault
        if fault and fault.stream == stream and self.asked[stream] > fault.after and (params.get("page") or not fault.tokens):
            return answered(fault.status, {"error": "Fault"})
        since_at = int(params.get("since", 0))
        shown = [each for each in self._shown(stream, params["about"]) if each.sent_at >= since_at]
        habit = self.world.habit(stream)
        return answered(200, _page(shown[: habit.cap], habit, params.get("page", "")))

    def _shown(self, stream: str, about: str) -> list[Said]:
        now, order = self.clock.now(), self.world.habit(stream)
        shown = [each for each in self.world.messages if each.seen_at <= now and _is_listed(each, stream, about)]
        return sorted(shown, key=lambda each: _rank(each, order))


def _is_listed(each: Said, stream: str, about: str) -> bool:
    # A talk shows its top as well.
    return (each.stream, each.about) == (stream, about) or (stream == "talk" and str(each.number) == about)


def _rank(each: Said, habit: Habit) -> tuple[int, int]:
    at = each.seen_at if habit.client_dated else each.sent_at
    return {
        Order.NEWEST_FIRST: (-at, -each.number),
        Order.OLDEST_FIRST: (at, each.number),
        Order.NONE: (each.number * 7919 % 101, each.number),
    }[habit.order]


def _page(shown: Sequence[Said], habit: Habit, token: str) -> dict[str, Any]:
    kind, _, place = token.partition(" ")
    if kind == "empty":
        return {"items": [], "next": f"at {place}"}
    start = _start(shown, habit, place)
    page = shown[max(0, start - habit.repeat) : start + habit.size] if token else shown[: habit.size]
    end = start + habit.size
    further = None
    if end < len(shown) or (habit.own_tokens and page):
        last = page[-1]
        further = f"{'empty' if habit.empty else 'at'} {end if habit.shift else f'{last.number},{_rank(last, habit)[0]}'}"
    return {"items": [_item(each) for each in page], "next": further}


def _start(shown: Sequence[Said], habit: Habit, place: str) -> int:
    if not place:
        return 0
    if habit.shift:
        return int(place)
    number, rank = (int(part) for part in place.split(","))
    key = (rank, -number if habit.order is Order.NEWEST_FIRST else number)
    return sum(_rank(each, habit) <= key for each in shown)


def _item(each: Said) -> dict[str, Json]:
    shown = {"id": str(each.number), "at": each.sent_at, "stream": each.stream, "top": each.top, "hidden": each.hidden}
    return {"id": "-", "hidden": True} if each.hidden else shown
