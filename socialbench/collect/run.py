"""One run of `collect`: networks, handles and their streams, many at once, one writer, one outcome."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from socialbench import __version__
from socialbench.collect.credentials import find_credential, missing, prefix_of
from socialbench.collect.crowd import for_each
from socialbench.collect.handles import HandleRun, Team
from socialbench.collect.http import Client, HttpSession, World
from socialbench.collect.keeping import Keeper, SweepRules
from socialbench.collect.labelling import Labeller, Unlabelled
from socialbench.collect.network import Network, Price, find_network
from socialbench.collect.outcome import Outcome, StreamResult
from socialbench.collect.purse import Purse
from socialbench.collect.redact import Redactor
from socialbench.collect.sifting import Tracked, names_of
from socialbench.collect.sweep import noted
from socialbench.config.boards import is_loopback
from socialbench.errors import CredentialError, NotFound, SocialbenchError, Stopped, StreamError
from socialbench.model import Account, Basis, Brand, Handle
from socialbench.store import Batch, Store

if TYPE_CHECKING:
    from socialbench.config import Benchmark

HANDLES_AT_ONCE = 16
DEFAULT_OVERLAP_S = 72 * 3600


@dataclass(frozen=True, slots=True)
class Task:
    """What to collect: the brands asked for, of which benchmark, from when on, with which environment, labelled by whom."""

    benchmark: Benchmark
    brands: tuple[Brand, ...]
    since_at: int | None = None
    full: bool = False
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)
    all_networks: Callable[[str], type[Network] | None] = find_network
    labeller: Labeller = field(default_factory=Unlabelled)


class Watcher(Protocol):
    """Is told how a run goes on."""

    def expect(self, network: str, stream_count: int) -> None:
        """So many streams of a network are about to be read."""
        ...

    def finish(self, result: StreamResult) -> None:
        """A stream is done, or was left out."""
        ...


class Silence:
    """A watcher that says nothing."""

    def expect(self, network: str, stream_count: int) -> None:
        """Nothing."""

    def finish(self, result: StreamResult) -> None:
        """Nothing."""


async def collect(task: Task, store: Store, world: World, watcher: Watcher | None = None) -> Outcome:
    """Collect everything that `task` asks for into `store`. Failures of streams are in the outcome, not raised.

    Raises StoreError; KeyboardInterrupt and cancellation pass through after the run was noted as interrupted.
    """
    # What is loaded by now stays: without it the search for cycles would look at all modules for every few pages.
    gc.freeze()
    run = store.begin_run("collect", __version__, task.benchmark.config_hash, world.clock.now())
    outcome = Outcome()
    word = "interrupted"
    try:
        async with Client(world) as client:
            runs = [
                _NetworkRun(task, store, client, run, outcome, watcher or Silence(), name, pairs)
                for name, pairs in _by_network(task.brands).items()
            ]
            await for_each(runs, len(runs), _NetworkRun.collect)
        word = outcome.word
    except SocialbenchError:
        word = "failed"
        raise
    finally:
        store.end_run(run, world.clock.now(), word)
    return outcome


def _by_network(brands: Sequence[Brand]) -> dict[str, list[tuple[Brand, Handle]]]:
    found: dict[str, list[tuple[Brand, Handle]]] = {}
    for brand in brands:
        for handle in brand.handles:
            found.setdefault(handle.network, []).append((brand, handle))
    return dict(sorted(found.items()))


def _tracked_by_origin(resolved: Sequence[tuple[Brand, Handle, Account, HttpSession]]) -> dict[str, Tracked]:
    # Ids are unique within an origin only: account 7 of one host is nobody to the other.
    found: dict[str, list[tuple[Account, Sequence[str]]]] = {}
    for _, handle, account, _ in resolved:
        found.setdefault(account.origin, []).append((account, names_of(handle.name, account)))
    return {origin: Tracked.of(accounts) for origin, accounts in found.items()}


def _refuse_strangers(prefix: str, urls: Sequence[str]) -> None:
    """A credential belongs to one host, and travels encrypted, except on this machine. Raises CredentialError."""
    hosts = sorted({urlsplit(url).netloc.casefold() for url in urls})
    if len(hosts) > 1:
        raise CredentialError(
            f"{prefix}_TOKEN would go to {' and '.join(hosts)}, but belongs to one of them; "
            "give each handle `credentials:` with the beginning of its own variables' names"
        )
    plain = [url for url in urls if urlsplit(url).scheme != "https" and not is_loopback(urlsplit(url).hostname)]
    if plain:
        raise CredentialError(f"{prefix}_TOKEN would travel unencrypted to {plain[0]}; write https:// there")


@dataclass(slots=True)
class _NetworkRun:
    task: Task
    store: Store
    client: Client
    run: int
    outcome: Outcome
    watcher: Watcher
    name: str
    pairs: list[tuple[Brand, Handle]]

    async def collect(self) -> None:
        settings = self.task.benchmark.settings(self.name)
        kind = self.task.all_networks(self.name)
        if not settings.collect or kind is None:
            self.outcome.skipped[self.name] = (
                "the config says collect: false" if kind else "nothing collects it; import its files"
            )
            return
        options = {**settings.options, **({"url": settings.url} if settings.url else {})}
        network = kind(options)
        network.listed = tuple(handle for _, handle in self.task.benchmark.handles(self.name))
        purse = Purse(self.name, settings.budget)
        resolved = await self._resolved(network, purse)
        team = self._team(network, Tracked.of([]), purse)
        tracked = _tracked_by_origin(resolved)
        self.watcher.expect(self.name, len(resolved) * len(network.facts.streams))
        await for_each(
            [
                HandleRun(replace(team, tracked=tracked[account.origin]), brand.name, handle, account, session)
                for brand, handle, account, session in resolved
            ],
            HANDLES_AT_ONCE,
            HandleRun.collect,
        )
        for unit, amount in team.purse.spent.items():
            self.outcome.spent[unit] = self.outcome.spent.get(unit, 0.0) + amount

    def _team(self, network: Network, tracked: Tracked, purse: Purse) -> Team:
        settings = self.task.benchmark.settings(self.name)
        rules = SweepRules(
            run=self.run,
            floor_at=self._floor_at(),
            overlap_s=DEFAULT_OVERLAP_S if settings.overlap_s is None else settings.overlap_s,
            follow_up_s=self.task.benchmark.follow_up_s,
            raw_days=self.task.benchmark.raw_days,
            cap=settings.cap,
            full=self.task.full,
        )
        clock = self.client.world.clock
        keeper = Keeper(network, self.store, clock, rules, self.task.labeller)
        floors = {
            (line.account_id, line.origin, line.stream): line.since_at
            for line in self.store.latest_coverage()
            if line.network == self.name
        }
        return Team(keeper, tracked, purse, floors, self._finish)

    def _floor_at(self) -> int | None:
        # Episodes belong to the period by their start, so what they may have begun with is loaded too.
        since_at = self.task.since_at
        return None if since_at is None else max(0, since_at - self.task.benchmark.follow_up_s * 1000)

    async def _resolved(self, network: Network, purse: Purse) -> list[tuple[Brand, Handle, Account, HttpSession]]:
        found: list[tuple[Brand, Handle, Account, HttpSession]] = []
        for session, pairs in self._sessions(network):
            price = replace(network.facts.prices.get("account", Price()), page_items=len(pairs))
            try:
                purse.reserve(price)
                with noted() as answers:
                    accounts = await network.resolve(session, [handle for _, handle in pairs])
                purse.settle(price, sum(account is not None for account in accounts), len(answers))
            except (StreamError, Stopped, CredentialError) as error:
                for brand, handle in pairs:
                    self._finish(StreamResult(brand.name, self.name, handle.name, "account", error=error))
                continue
            for (brand, handle), account in zip(pairs, accounts, strict=True):
                if account is None:
                    absent = NotFound(f"{self.name} {handle.name}: there is no such account; check the handle in the config")
                    self._finish(StreamResult(brand.name, self.name, handle.name, "account", error=absent))
                else:
                    found.append((brand, handle, account, session))
        if found:
            profiles = [account for _, _, account, _ in found]
            self.store.save(Batch(self.run, self.client.world.clock.now(), "profile", Basis.CONTEXT, [], accounts=profiles))
        return found

    def _sessions(self, network: Network) -> list[tuple[HttpSession, list[tuple[Brand, Handle]]]]:
        """One session per credential and host, each with the handles that it serves."""
        settings = self.task.benchmark.settings(self.name)
        groups: dict[tuple[str, str], list[tuple[Brand, Handle]]] = {}
        for brand, handle in self.pairs:
            url = handle.url or settings.url or network.home(handle) or network.facts.default_url
            groups.setdefault((prefix_of(handle, settings.credentials), url), []).append((brand, handle))
        sessions = []
        for (prefix, url), pairs in groups.items():
            try:
                credential = find_credential(network.facts, prefix, self.task.environ)
                if credential is not None:
                    _refuse_strangers(prefix, [host for each, host in groups if each == prefix])
                self._refuse_missing(network, prefix, credential is None)
            except CredentialError as error:
                for brand, handle in pairs:
                    self._finish(StreamResult(brand.name, self.name, handle.name, "account", error=error))
                continue
            sessions.append((HttpSession(self.client, network, credential, url, Redactor()), pairs))
        return sessions

    def _refuse_missing(self, network: Network, prefix: str, keyless: bool) -> None:
        if keyless and any(need.required for need in network.facts.needs):
            raise CredentialError(f"{self.name}: set " + "; ".join(missing(network.facts, prefix, self.task.environ)))

    def _finish(self, result: StreamResult) -> None:
        self.outcome.results.append(result)
        self.watcher.finish(result)
