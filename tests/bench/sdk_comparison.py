"""A network collected by us, beside its own SDK reading the same pages.

`python -m tests.bench.sdk_comparison NETWORK URL BRANDS PAGES` collects, and leaves what it took in reading.json.
Ours does the whole of `collect`: parse, sift, label, and keep messages and raw answers in a store; an SDK parses and keeps
nothing. Ours reads the one stream that the SDK can list as well, at a pace that never makes it wait, with as many
connections as the network's own facts allow. The server's count says that both asked for as many pages.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.request import urlopen

from socialbench.collect.http import World
from socialbench.collect.labelling import Labeller
from socialbench.collect.network import Network, find_network
from socialbench.collect.run import Task, collect
from socialbench.config import Benchmark, NetworkSettings
from socialbench.model import Brand, Handle
from socialbench.store import open_store
from tests.bench.child import ROOT
from tests.bench.result import Result
from tests.bench.served_pages import ITEMS
from tests.bench.served_shapes import handle_of

WAIT_MS = 50
SLOWEST = 1.5
"""Of the time that a network answering in WAIT_MS takes by itself."""
MOST_GROWTH_MB = 50
NO_SLOWER = 1.0
_STREAMS = {"bluesky": "mentions", "mastodon": "statuses"}
_INSTALLED_WITHIN_S = 600


@dataclass(frozen=True)
class Load:
    """So many full pages of each of so many brands of a network."""

    network: str
    brand_count: int
    page_count: int

    @property
    def messages(self) -> int:
        """On all of them."""
        return self.brand_count * self.page_count * ITEMS[self.network]


@dataclass(frozen=True)
class Rival:
    """An SDK's client: in words, by its name among the readers, and how many requests it has under way.

    `few`: of so many brands it reads in a run that is not full, where all of them would take it minutes.
    """

    said: str
    reader: str
    width: int
    few: int = 50


@dataclass(frozen=True)
class Reading:
    """What a reader took: seconds, seconds of processor (its own process; the labelling one beside it), peak memory."""

    requests: int
    took_s: float
    cpu_s: float
    beside_s: float = 0.0
    peak_mb: float = 0.0

    @property
    def page_ms(self) -> float:
        """Milliseconds from request to request."""
        return 1000 * self.took_s / self.requests

    @property
    def page_cpu_ms(self) -> float:
        """Milliseconds of the reader's own processor for each answer."""
        return 1000 * self.cpu_s / self.requests


@contextmanager
def served(load: Load, wait_ms: int = WAIT_MS) -> Iterator[str]:
    """The network in a process of its own; its address."""
    words = [
        sys.executable,
        "-m",
        "tests.bench.served_pages",
        load.network,
        str(load.brand_count),
        str(load.page_count),
        str(wait_ms),
    ]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.terminate()


@contextmanager
def installed(package: str) -> Iterator[Path | None]:
    """The Python of an environment into which `package` was installed, None (and said so) where that cannot be done."""
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder) / "bin" / "python"
        try:
            subprocess.run([sys.executable, "-m", "venv", folder], check=True, capture_output=True)
            words = [str(python), "-m", "pip", "install", "--quiet", "--prefer-binary", package]
            subprocess.run(words, check=True, capture_output=True, timeout=_INSTALLED_WITHIN_S)
        except (subprocess.SubprocessError, OSError) as error:
            print(
                f"   SKIPPED: {package} cannot be installed here ({type(error).__name__}); nothing is compared with it",
                flush=True,
            )
            yield None
            return
        yield python


def collected(load: Load, url: str) -> Reading:
    """Ours."""
    words = ["tests.bench.sdk_comparison", load.network, url, str(load.brand_count), str(load.page_count)]
    return _reading(Path(sys.executable), words, load, url)


def read_by(python: Path, rival: Rival, load: Load, url: str) -> Reading:
    """An SDK's."""
    return _reading(python, ["tests.bench.sdk_readers", rival.reader, url, str(load.brand_count), str(rival.width)], load, url)


def _reading(python: Path, words: Sequence[str], load: Load, url: str) -> Reading:
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        subprocess.run([str(python), "-m", *words], cwd=folder, env=environment, check=True)
        said = json.loads((Path(folder) / "reading.json").read_text("utf-8"))
    with urlopen(f"{url}/count") as answer:
        requests = int(answer.read())
    assert said["messages"] == load.messages, f"{words[0]} read {said['messages']} messages of {load.messages}"
    del said["messages"]
    return Reading(requests, **said)


def compare(network: str, package: str, rivals: Sequence[Rival], full: bool) -> Iterator[Result]:
    """50 brands of 20 pages, beside each rival; `package` is what its SDK is installed by."""
    load = Load(network, 50, 20)
    with served(load) as url:
        ours = collected(load, url)
        small = collected(replace(load, brand_count=5), url)
        yield from _own(load, ours, small)
        with installed(package) as python:
            if python is None:
                return
            for rival in rivals:
                size = load if full else replace(load, brand_count=rival.few)
                yield from _beside(ours, rival, size, read_by(python, rival, size, url))


def _own(load: Load, ours: Reading, small: Reading) -> Iterator[Result]:
    width = served_kind(load.network).facts.pace.concurrency
    ideal_s = ours.requests * WAIT_MS / 1000 / width
    what = f"{load.network}, {load.brand_count} handles of {load.page_count} pages of {ITEMS[load.network]}"
    yield Result(f"{what}, collected", ours.requests, f"requests, {width} at once")
    yield Result(f"{what}, collected", ours.took_s, "s")
    yield Result(f"{what}, collected", ours.page_cpu_ms, "ms of processor for a page")
    yield Result(f"{what}, labelled beside", 1000 * ours.beside_s / ours.requests, "ms of processor for a page")
    yield Result(f"{what}, collected to ideal", ours.took_s / ideal_s, "times as long", SLOWEST)
    yield Result(f"{what}, memory above 5 handles", ours.peak_mb - small.peak_mb, "MB", MOST_GROWTH_MB)


def _beside(ours: Reading, rival: Rival, size: Load, theirs: Reading) -> Iterator[Result]:
    what = f"{rival.said} (parses, keeps nothing), {size.brand_count} of the handles"
    yield Result(what, theirs.requests, f"requests, {rival.width} at once")
    yield Result(what, theirs.took_s, "s")
    yield Result(what, theirs.page_cpu_ms, "ms of processor for a page")
    yield Result(f"ours to {rival.said}, for a page", ours.page_ms / theirs.page_ms, "times as long", NO_SLOWER)


def served_kind(network: str) -> type[Network]:
    """Our network, of which only the stream is read that the SDK lists too, and which lets as many requests through as come."""
    kind = find_network(network)
    assert kind is not None
    streams = tuple(stream for stream in kind.facts.streams if stream.name == _STREAMS[network])
    facts = replace(kind.facts, streams=streams, pace=replace(kind.facts.pace, requests=1_000_000, per_s=1.0))
    return type("Served", (kind,), {"facts": facts})


async def _collect(load: Load, url: str) -> int:
    ends = {"bluesky": ".example.test", "mastodon": ""}[load.network]
    names = [f"{handle_of(brand)}{ends}" for brand in range(load.brand_count)]
    brands = tuple(Brand(f"Brand {name}", None, (Handle(load.network, name),)) for name in names)
    made = Benchmark(stem="b", benchmark="B", networks={load.network: NetworkSettings(url=url)}, brands=brands)
    with open_store("s.db", write=True) as store, Labeller() as labeller:
        task = Task(made, brands, all_networks=served_kind, labeller=labeller)
        outcome = await collect(task, store, World())
        assert outcome.exit_code == 0, outcome.results
        return store.counts().message_count


def main(network: str, url: str, brand_count: str, page_count: str) -> None:
    """What `collected` starts."""
    load = Load(network, int(brand_count), int(page_count))
    started, used = time.monotonic(), time.process_time()
    messages = asyncio.run(_collect(load, url))
    took: dict[str, float] = {"took_s": time.monotonic() - started, "cpu_s": time.process_time() - used, "messages": messages}
    for child in multiprocessing.active_children():
        child.join()
    beside = resource.getrusage(resource.RUSAGE_CHILDREN)
    took |= {"beside_s": beside.ru_utime + beside.ru_stime, "peak_mb": _peak_mb()}
    Path("reading.json").write_text(json.dumps(took), encoding="utf-8")


def _peak_mb() -> float:
    # The kernel's ru_maxrss begins at what the parent held; this is the process's own.
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = next(line for line in status.read_text("utf-8").splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
