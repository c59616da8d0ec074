"""A network so small that each of its faults can be seen: pages of numbers, one listing, one parser."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import ClassVar

from socialbench.collect.network import Auth, Facts, Need, Network, Pace, Session
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

HANDLE = Handle("small", "acme")
HOST = "https://small.test"


class Small(Network):
    """Lists what was said to an account, newest first: {"items": [...], "next": token}."""

    facts: ClassVar[Facts] = Facts(
        name="small",
        streams=(Stream("said", Direction.INBOUND, Over.HANDLE, Order.NEWEST_FIRST),),
        pace=Pace(
            requests=1000,
            per_s=1,
            remaining=("X-Left",),
            reset=("X-Reset",),
            body_wait=(("backoff",), ("extras", "wait_seconds")),
        ),
        default_url=HOST,
        needs=(Need("TOKEN", "a key", "ask for one"),),
        auth=Auth.BEARER,
    )

    async def resolve(self, session: Session, handles: Sequence[Handle]) -> Sequence[Account | None]:
        return [Account("small", "", f"id-{handle.name}", handle.name) for handle in handles]

    async def pages(
        self, session: Session, stream: Stream, subject: Subject, window: Window, token: str | None
    ) -> AsyncIterator[Page]:
        while True:
            answer = await session.fetch(stream.name, {"page": token} if token else None)
            token = answer.json.get("next")
            yield Page(answer.json["items"], token, capped=bool(answer.json.get("capped")))
            if not token:
                return

    def parse(self, item: Json) -> Iterable[Message]:
        addressed = (Address(How.LEADING, name=item["to"]),)
        return [Message("small", "", item["id"], item["at"], item["text"], item["author"]["id"], addressed=addressed)]


def said(number: int, at: int, to: str = "acme") -> dict[str, Json]:
    """One item of the listing."""
    return {"id": str(number), "at": at, "text": f"no. {number}", "author": {"id": f"person-{number}"}, "to": to}
