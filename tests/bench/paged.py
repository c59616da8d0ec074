"""Many brands and pages on loopback, answered after a while: `python -m tests.bench.paged BRANDS PAGES WAIT_MS`."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import ClassVar

from socialbench.collect.network import Facts, Network, Pace, Session
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

ITEMS = 50
WIDTH = 4
"""So many requests at once the network takes."""
_NEWEST_AT = 1_790_000_000_000
_TEXT = "Hello there, my order has not come yet and nobody answers the telephone. What can be done about it? "


class Paged(Network):
    """GET /BRAND/PAGE gives {"items": [...], "next": token}."""

    facts: ClassVar[Facts] = Facts(
        name="paged",
        streams=(Stream("said", Direction.INBOUND, Over.HANDLE, Order.NEWEST_FIRST),),
        pace=Pace(requests=1_000_000, per_s=1.0, concurrency=WIDTH),
        default_url="http://127.0.0.1",
    )

    async def resolve(self, session: Session, handles: Sequence[Handle]) -> Sequence[Account | None]:
        return [Account("paged", "", handle.name, handle.name) for handle in handles]

    async def pages(
        self, session: Session, stream: Stream, subject: Subject, window: Window, token: str | None
    ) -> AsyncIterator[Page]:
        while True:
            answer = await session.fetch(f"{subject.account.id}/{token or 0}")
            token = answer.json["next"]
            yield Page(answer.json["items"], token)
            if not token:
                return

    def parse(self, item: Json) -> Iterable[Message]:
        addressed = (Address(How.LEADING, item["to"]),)
        return [Message("paged", "", item["id"], item["at"], item["text"], item["by"], addressed=addressed)]


def page_body(brand: int, page: int, page_count: int) -> bytes:
    """One answer."""
    first = page * ITEMS
    items = [
        {
            "id": f"{brand}-{number}",
            "at": _NEWEST_AT - number * 60_000,
            "text": _TEXT + str(number),
            "by": f"person-{(brand * 31 + number) % 20_000}",
            "to": f"brand-{brand}",
        }
        for number in range(first, first + ITEMS)
    ]
    return json.dumps({"items": items, "next": str(page + 1) if page + 1 < page_count else None}).encode()


class _Answering(asyncio.Protocol):
    def __init__(self, answers: dict[bytes, bytes], wait_s: float) -> None:
        self._answers, self._wait_s, self._heard = answers, wait_s, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._heard += data
        while b"\r\n\r\n" in self._heard:
            head, _, self._heard = self._heard.partition(b"\r\n\r\n")
            answer = self._answers[head.split(b" ", 2)[1]]
            asyncio.get_running_loop().call_later(self._wait_s, self._transport.write, answer)


async def _serve(brand_count: int, page_count: int, wait_s: float) -> None:
    answers = {}
    for brand in range(brand_count):
        for page in range(page_count):
            body = page_body(brand, page, page_count)
            head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
            answers[f"/brand-{brand}/{page}".encode()] = head + body
    server = await asyncio.get_running_loop().create_server(lambda: _Answering(answers, wait_s), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) / 1000))
