"""What a run would do, without doing it: requests, cost, what will be visible, which credential is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from socialbench.collect.credentials import find_credential, missing, prefix_of
from socialbench.collect.network import Credential, Network, Price, find_network
from socialbench.errors import CredentialError, SocialbenchError
from socialbench.model import Account, Brand, Handle, Over, Stream

if TYPE_CHECKING:
    from socialbench.config import Benchmark
    from socialbench.store import Store


@dataclass(frozen=True, slots=True)
class PlannedStream:
    """One stream of one handle. `requests` is a guess from the last sweep; None where none was made yet."""

    brand: str
    network: str
    handle: str
    stream: str
    requests: int | None
    cost: float
    unit: str
    visible: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """All streams of a run, the networks that nothing collects, and what each network hides at our access."""

    streams: tuple[PlannedStream, ...]
    skipped: Mapping[str, str]
    invisible: Mapping[str, str]

    def tree(self) -> dict[str, Any]:
        """The plan as plain values."""
        return {
            "streams": [asdict(each) for each in self.streams],
            "skipped": dict(self.skipped),
            "invisible": dict(self.invisible),
        }


def make_plan(benchmark: Benchmark, brands: Sequence[Brand], store: Store | None, environ: Mapping[str, str]) -> Plan:
    """What collecting `brands` would take. `store`: what is there already, None before the first run."""
    streams: list[PlannedStream] = []
    skipped: dict[str, str] = {}
    invisible: dict[str, str] = {}
    for brand in brands:
        for handle in brand.handles:
            kind = find_network(handle.network)
            settings = benchmark.settings(handle.network)
            if kind is None or not settings.collect:
                skipped[handle.network] = (
                    "nothing collects it; import its files" if kind is None else "the config says collect: false"
                )
                continue
            prefix = prefix_of(handle, settings.credentials)
            credential = _credential(kind, prefix, environ)
            access = "none" if credential is None else "token"
            invisible[f"{handle.network} ({access})"] = kind.facts.invisible.get(access, "nothing known")
            lacking = tuple(missing(kind.facts, prefix, environ)) if credential is None else ()
            streams += [_planned(brand, handle, stream, kind, (store, credential, lacking)) for stream in kind.facts.streams]
    return Plan(tuple(streams), skipped, invisible)


def _credential(kind: type[Network], prefix: str, environ: Mapping[str, str]) -> Credential | None:
    try:
        return find_credential(kind.facts, prefix, environ)
    except CredentialError:
        return None  # Told as missing; `collect` names the file.


def _planned(
    brand: Brand,
    handle: Handle,
    stream: Stream,
    kind: type[Network],
    known: tuple[Store | None, Credential | None, tuple[str, ...]],
) -> PlannedStream:
    store, credential, lacking = known
    price = kind.facts.prices.get(stream.name, Price())
    requests = _requests(store, handle, stream)
    cost = (requests or 1) * (price.per_request + price.page_items * price.per_item)
    needed = stream.needs_credentials and credential is None
    visible = "left out: it wants a credential" if needed else _visible(stream)
    return PlannedStream(
        brand.name,
        handle.network,
        handle.name,
        stream.name,
        0 if needed else requests,
        0.0 if needed else cost,
        price.unit,
        visible,
        lacking,
    )


def _requests(store: Store | None, handle: Handle, stream: Stream) -> int | None:
    account = _account(store, handle)
    if store is None or account is None:
        return None
    if stream.over is Over.OWN_POSTS:
        return len(store.own_posts(account, 0))
    if stream.over is Over.OPEN_THREADS:
        return len(store.open_threads(account, 0))
    cursor = store.find_cursor(account, stream.name)
    return max(1, cursor.pages) if cursor is not None else None


def _account(store: Store | None, handle: Handle) -> Account | None:
    found = store.find_accounts(handle.network, handle.name, handle.origin) if store is not None else []
    return found[0] if found else None


def _visible(stream: Stream) -> str:
    words = {
        Over.HANDLE: "the account's own messages" if stream.direction == "outbound" else "messages to the account",
        Over.OWN_POSTS: "what stands under the account's posts",
        Over.OPEN_THREADS: "late replies in threads with the account",
        Over.KNOWN_IDS: "whether stored messages are still there",
    }
    said = words[stream.over] + (f", at most {stream.cap:,}" if stream.cap else "")
    return said if stream.independent else f"{said} (never counted as inbound by itself)"


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
            url = handle.url or settings.url or kind.facts.default_url
            try:
                credential = find_credential(kind.facts, prefix_of(handle, settings.credentials), environ)
                (account,) = await network.resolve(HttpSession(client, network, credential, url, Redactor()), [handle])
            except SocialbenchError as error:
                row["said"] = str(error)
                continue
            row["id"] = account.id if account else None
            row["said"] = "exists" if account else "there is no such account"
    return rows
