"""Collecting many brands from loopback, beside a bare loop that fetches the same pages and keeps nothing."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from socialbench.collect.http import World
from socialbench.collect.labelling import Labeller
from socialbench.collect.run import Task, collect
from socialbench.config import Benchmark, NetworkSettings
from socialbench.model import Brand, Handle
from socialbench.store import open_store
from tests.bench.child import ROOT, in_child
from tests.bench.paged import ITEMS, WIDTH, Paged
from tests.bench.result import Result

SLOW_MS = 50
SLOWEST = 1.5
"""Of the time that a network answering in SLOW_MS takes by itself."""
MOST_GROWTH_MB = 50


@dataclass(frozen=True)
class Load:
    """How much is collected, from a network that takes `wait_ms` for an answer."""

    brand_count: int
    page_count: int
    wait_ms: int = 0

    @property
    def requests(self) -> int:
        """Of one run."""
        return self.brand_count * self.page_count

    @property
    def messages(self) -> int:
        """Of one run."""
        return self.requests * ITEMS

    @property
    def words(self) -> list[str]:
        """As told on a command line."""
        return [str(self.brand_count), str(self.page_count), str(self.wait_ms)]


@contextmanager
def served(load: Load) -> Iterator[str]:
    """The network in a process of its own; its address."""
    words = [sys.executable, "-m", "tests.bench.paged", *load.words]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.terminate()


def timed(kind: str, load: Load, url: str) -> tuple[float, float]:
    """Collect, or fetch bare, in a process of its own: seconds without its start, and its peak memory in MB."""
    with tempfile.TemporaryDirectory() as folder:
        _, peak = in_child(["-m", "tests.bench.collect_speed", kind, url, *load.words], Path(folder))
        return float((Path(folder) / "took").read_text()), peak


def run(full: bool) -> Iterator[Result]:
    """100 brands as fast as it goes; then against a network that takes its time."""
    yield from _fast(Load(100, 40 if full else 10))
    yield from _slow(Load(50, 20, SLOW_MS), Load(5, 20, SLOW_MS))


def _fast(load: Load) -> Iterator[Result]:
    with served(load) as url:
        bare_s, bare_mb = timed("bare", load, url)
        took_s, peak = timed("collect", load, url)
    what = f"{load.brand_count} brands, {load.requests:,} pages of {ITEMS}"
    yield Result(f"{what}, bare", load.requests / bare_s, "requests/s")
    yield Result(f"{what}, collected", load.requests / took_s, "requests/s")
    yield Result(f"{what}, collected", load.messages / took_s, "messages/s")
    yield Result(f"{what}, collected to bare", took_s / bare_s, "times as long")
    yield Result(f"{what}, memory above bare", peak - bare_mb, "MB")


def _slow(load: Load, small: Load) -> Iterator[Result]:
    with served(load) as url:
        bare_s, _ = timed("bare", load, url)
        took_s, peak = timed("collect", load, url)
        _, small_peak = timed("collect", small, url)
    ideal_s = load.requests * load.wait_ms / 1000 / WIDTH
    what = f"{load.brand_count} handles of {load.page_count} pages, {load.wait_ms} ms an answer"
    yield Result(f"{what}, bare to ideal", bare_s / ideal_s, "times as long")
    yield Result(f"{what}, collected to ideal", took_s / ideal_s, "times as long", SLOWEST)
    yield Result(f"{what}, memory above {small.brand_count} handles", peak - small_peak, "MB", MOST_GROWTH_MB)


async def _bare(url: str, load: Load) -> None:
    waiting = iter(range(load.brand_count))

    async def read(client: httpx.AsyncClient) -> None:
        for brand in waiting:
            token: str | None = "0"
            while token:
                answer = await client.get(f"{url}/brand-{brand}/{token}")
                token = json.loads(answer.content)["next"]

    async with httpx.AsyncClient() as client:
        await asyncio.gather(*(read(client) for _ in range(WIDTH)))


async def _collect(url: str, load: Load) -> None:
    brands = tuple(Brand(f"Brand {each}", None, (Handle("paged", f"brand-{each}"),)) for each in range(load.brand_count))
    settings, labeller = {"paged": NetworkSettings(url=url)}, Labeller()
    made = Benchmark(stem="b", benchmark="B", networks=settings, brands=brands)
    task = Task(made, brands, all_networks=lambda _name: Paged, labeller=labeller)
    with open_store("s.db", write=True) as store, labeller:
        outcome = await collect(task, store, World())
        assert outcome.exit_code == 0
        assert store.counts().message_count == load.messages


def main(kind: str, url: str, *numbers: str) -> None:
    """What `timed` starts."""
    work = {"bare": _bare, "collect": _collect}[kind]
    started = time.monotonic()
    asyncio.run(work(url, Load(*map(int, numbers))))
    Path("took").write_text(str(time.monotonic() - started))


if __name__ == "__main__":
    main(*sys.argv[1:])
