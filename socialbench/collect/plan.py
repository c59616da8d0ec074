"""What a run would do, without doing it: requests, cost, what will be visible, which credential is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from socialbench.collect.credentials import find_credential, missing, prefix_of
from socialbench.collect.guide import limits, shows
from socialbench.collect.guide import pace as told_pace
from socialbench.collect.handles import RECHECKED
from socialbench.collect.network import Network, Price, find_network
from socialbench.errors import CredentialError, SocialbenchError
from socialbench.model import Account, Brand, Handle, Over, Stream

if TYPE_CHECKING:
    from socialbench.config import Benchmark
    from socialbench.store import Store


@dataclass(frozen=True, slots=True)
class PlannedStream:
    """One stream of one handle; 'account' is looking the handle up.

    `requests` the next run will make, as far as the last one tells; None: nobody knows before the first. `at_most`:
    where the network itself cuts. `cost` is that of the requests, at full pages, in `unit`; of one request where their
    number is not known. `left_out`: why the stream is not read at all.
    """

    brand: str
    network: str
    handle: str
    stream: str
    requests: int | None
    at_most: int | None
    cost: float
    unit: str
    visible: str
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class PlannedNetwork:
    """What all handles of a network take together, how much it allows, what it hides and what credential is missing.

    `least_s`: the known requests at the network's pace. `missing`: one line per variable that is not set.
    """

    network: str
    access: str
    handles: int
    requests: int
    unknown: int
    cost: float
    unit: str
    budget: float | None
    quota: int | None
    pace: str
    least_s: float
    invisible: str
    needed: bool
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """All streams of a run, what each network takes and hides at our access, and the networks that nothing collects."""

    streams: tuple[PlannedStream, ...]
    networks: tuple[PlannedNetwork, ...]
    skipped: Mapping[str, str]

    def tree(self) -> dict[str, Any]:
        """The plan as plain values."""
        return {
            "streams": [asdict(each) for each in self.streams],
            "networks": [asdict(each) for each in self.networks],
            "skipped": dict(self.skipped),
        }


def make_plan(benchmark: Benchmark, brands: Sequence[Brand], store: Store | None, environ: Mapping[str, str]) -> Plan:
    """What collecting `brands` would take. `store`: what is there already, None before the first run."""
    streams: list[PlannedStream] = []
    skipped: dict[str, str] = {}
    accesses: dict[tuple[str, str], _Access] = {}
    for handle_of in ((brand, handle) for brand in brands for handle in brand.handles):
        network = handle_of[1].network
        kind, settings = find_network(network), benchmark.settings(network)
        if kind is None or not settings.collect:
            skipped[network] = "nothing collects it; import its files" if kind is None else "the config says collect: false"
            continue
        prefix = prefix_of(handle_of[1], settings.credentials)
        access = accesses.setdefault((network, prefix), _Access(kind, prefix, environ, settings.budget))
        planned = [_looked_up(handle_of, access), *(_planned(handle_of, stream, access, store) for stream in kind.facts.streams)]
        access.streams += planned
        streams += planned
    return Plan(tuple(streams), tuple(access.summed() for access in accesses.values()), skipped)


class _Access:
    """One network under one credential."""

    def __init__(self, kind: type[Network], prefix: str, environ: Mapping[str, str], budget: float | None) -> None:
        self.kind, self.budget = kind, budget
        self.streams: list[PlannedStream] = []
        try:
            self.credential = find_credential(kind.facts, prefix, environ)
        except CredentialError:
            self.credential = None  # Told as missing; `collect` names the file.
        self.missing = tuple(missing(kind.facts, prefix, environ)) if self.credential is None else ()

    def summed(self) -> PlannedNetwork:
        """What the streams take together."""
        facts, pace = self.kind.facts, self.kind.facts.pace
        access = "none" if self.credential is None else "token"
        read = [each for each in self.streams if not each.left_out]
        requests = sum(each.requests or 0 for each in read)
        return PlannedNetwork(
            network=facts.name,
            access=access,
            handles=len({(each.brand, each.handle) for each in self.streams}),
            requests=requests,
            unknown=sum(each.requests is None for each in read),
            cost=sum(each.cost for each in read if each.requests is not None),
            unit=next((price.unit for price in facts.prices.values()), "USD"),
            budget=self.budget,
            quota=pace.quota,
            pace=told_pace(pace),
            least_s=requests * max(pace.gap_s, pace.per_s / pace.requests),
            invisible=facts.invisible.get(access, "nothing known"),
            needed=any(need.required for need in facts.needs),
            missing=self.missing,
        )


def _looked_up(handle_of: tuple[Brand, Handle], access: _Access) -> PlannedStream:
    brand, handle = handle_of
    price = access.kind.facts.prices.get("account", Price())
    cost = price.per_request + price.per_item
    return PlannedStream(brand.name, handle.network, handle.name, "account", 1, 1, cost, price.unit, "who the handle is")


def _planned(handle_of: tuple[Brand, Handle], stream: Stream, access: _Access, store: Store | None) -> PlannedStream:
    brand, handle = handle_of
    facts = access.kind.facts
    price = facts.prices.get(stream.name, Price())
    left_out = "it wants a credential" if stream.needs_credentials and access.credential is None else ""
    requests = 0 if left_out else _requests(store, handle, stream, facts.lookup_size)
    limit = limits(facts, stream)
    return PlannedStream(
        brand=brand.name,
        network=handle.network,
        handle=handle.name,
        stream=stream.name,
        requests=requests,
        at_most=-(-stream.cap // price.page_items) if stream.cap and stream.over is Over.HANDLE else None,
        cost=0.0 if left_out else (1 if requests is None else requests) * (price.per_request + price.page_items * price.per_item),
        unit=price.unit,
        visible=f"{shows(stream)} ({limit})" if limit else shows(stream),
        left_out=left_out,
    )


def _requests(store: Store | None, handle: Handle, stream: Stream, lookup_size: int) -> int | None:
    account = _account(store, handle)
    if store is None or account is None:
        return None
    if stream.over is Over.OWN_POSTS:
        return len(store.own_posts(account, 0))
    if stream.over is Over.OPEN_THREADS:
        return len(store.open_threads(account, 0))
    if stream.over is Over.KNOWN_IDS:
        return -(-min(len(store.recent_ids(account, 0)), RECHECKED) // lookup_size)
    cursor = store.find_cursor(account, stream.name)
    return max(1, cursor.pages) if cursor is not None else None


def _account(store: Store | None, handle: Handle) -> Account | None:
    found = store.find_accounts(handle.network, handle.name, handle.origin) if store is not None else []
    return found[0] if found else None


def check_online(benchmark: Benchmark) -> list[dict[str, Any]]:
    """Ask each network whether the handles of `benchmark` exist. One row per handle; `id` None where it does not."""
    import asyncio
    import os
    from pathlib import Path

    from socialbench.collect.credentials import read_environment

    return asyncio.run(_check_online(benchmark, read_environment(os.environ, Path.cwd())))


async def _check_online(benchmark: Benchmark, environ: Mapping[str, str]) -> list[dict[str, Any]]:
    from socialbench.collect.http import Client, HttpSession, World
    from socialbench.collect.redact import Redactor

    rows = []
    async with Client(World()) as client:
        for brand, handle in benchmark.handles():
            kind, settings = find_network(handle.network), benchmark.settings(handle.network)
            row: dict[str, Any] = {"brand": brand.name, "network": handle.network, "handle": handle.name, "id": None, "said": ""}
            rows.append(row)
            if kind is None or not settings.collect:
                row["said"] = "not asked: nothing collects this network"
                continue
            network = kind({**settings.options, **({"url": settings.url} if settings.url else {})})
            url = handle.url or settings.url or network.home(handle) or kind.facts.default_url
            try:
                credential = find_credential(kind.facts, prefix_of(handle, settings.credentials), environ)
                (account,) = await network.resolve(HttpSession(client, network, credential, url, Redactor()), [handle])
            except SocialbenchError as error:
                row["said"] = str(error)
                continue
            row["id"] = account.id if account else None
            row["said"] = "exists" if account else "there is no such account"
    return rows
