"""What the collector's tests share: a clock that only sleeping moves, a scripted network on no wire, a store to look into."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

from socialbench.collect.http import World
from socialbench.collect.network import Network
from socialbench.collect.outcome import Outcome
from socialbench.collect.run import Task, collect
from socialbench.config import Benchmark, NetworkSettings
from socialbench.model import Brand, Handle
from socialbench.store import open_store

NOW = 1_795_000_000_000
"""2026-11-18T11:06:40Z."""
Responder = Callable[[httpx.Request], httpx.Response]


class ManualClock:
    """Stands still but for those who sleep; remembers how long they did. Chance is always one half."""

    def __init__(self, now: int = NOW) -> None:
        self.at = now
        self.slept: list[float] = []

    def now(self) -> int:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        until = self.at + round(seconds * 1000)
        await asyncio.sleep(0)
        self.at = max(self.at, until)  # Those who sleep at once sleep together.

    def chance(self) -> float:
        return 0.5


class Cut(BaseException):
    """Stands for SIGKILL: no code of ours may catch it and carry on."""


class Wire(httpx.AsyncBaseTransport):
    """Answers by a function, notes the requests, and dies after `cut_after` answers."""

    def __init__(self, respond: Responder, cut_after: int | None = None) -> None:
        self._respond = respond
        self._left = cut_after
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self._left is not None:
            if self._left == 0:
                raise Cut
            self._left -= 1
        self.requests.append(request)
        await asyncio.sleep(0)
        return self._respond(request)


def answered(status: int = 200, body: Any = None, headers: Mapping[str, str] | None = None) -> httpx.Response:
    """An answer with a JSON body, or with bytes as they are."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return httpx.Response(status, headers=dict(headers or {}), stream=httpx.ByteStream(content))


def benchmark(*handles: Handle, **settings: Any) -> Benchmark:
    """One brand with these handles; `settings` are those of their network."""
    network = handles[0].network
    networks = {network: NetworkSettings(**settings)}
    return Benchmark(stem="t", benchmark="T", networks=networks, brands=(Brand("Acme", None, handles),))


def run_collect(
    path: Path, bench: Benchmark, wire: Wire, *, kind: type[Network] | None = None, clock: ManualClock | None = None, **more: Any
) -> Outcome:
    """One run of the collector into the store at `path`. `more`: environ, deadline_at, full, since_at, sessions."""
    deadline_at, sessions = more.pop("deadline_at", None), more.pop("sessions", None)
    task = Task(bench, bench.brands, **more)
    if kind is not None:
        task = Task(bench, bench.brands, all_networks=lambda name: kind if name == kind.facts.name else None, **more)
    world = World(clock or ManualClock(), wire, deadline_at, sessions=sessions)
    with open_store(str(path), write=True) as store:
        return asyncio.run(collect(task, store, world))


MESSAGES = """
select m.id, m.sent_at, x.text, a.id, p.id, r.id, m.gone from message m left join text x on x.message = m.key
left join account a on a.key = m.author left join message p on p.key = m.parent left join message r on r.key = m.root
"""
ADDRESSES = (
    "select m.id, a.id, d.how, d.basis from address d join message m on m.key = d.message join account a on a.key = d.account"
)
COVERAGE = """
select a.id, c.stream, c.subject, c.gap, c.reason, c.since_at, c.until_at
from coverage c join account a on a.key = c.account
"""


def contents(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What a store holds, without its keys: messages, addresses, coverage."""
    with sqlite3.connect(path) as connection:
        found = {name: sorted(connection.execute(sql), key=repr) for name, sql in _QUESTIONS.items()}
    connection.close()
    return found


_QUESTIONS = {"messages": MESSAGES, "addresses": ADDRESSES, "coverage": COVERAGE}


def every_byte(path: Path) -> bytes:
    """All that a store's files hold, and all raw answers in it unpacked."""
    import zlib

    with sqlite3.connect(path) as connection:
        rows = [row[0] for row in connection.execute("select body from raw")]
    connection.close()
    files = b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    return files + b"".join(_unpacked(row, zlib) for row in rows)


def _unpacked(body: bytes, zlib: Any) -> bytes:
    try:
        return zlib.decompress(body)
    except zlib.error:
        return body
