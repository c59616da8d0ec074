"""One author's history with the brands of a config: what was written, what came back, and on which handles."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from socialbench import console
from socialbench.cli.options import now_ms
from socialbench.cli.watch import moment, shortened
from socialbench.errors import NoData, UsageError
from socialbench.model import Kind, ReplyKind

if TYPE_CHECKING:
    from socialbench.config import Benchmark, Period
    from socialbench.console import Settings
    from socialbench.measure.counted import Counted
    from socialbench.measure.prepare import Prepared
    from socialbench.measure.rules import Rules
    from socialbench.model import Account, Brand, Frames, Handle
    from socialbench.store.store import Store

TO_BRAND, FROM_BRAND = "to brand", "from brand"


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose history: `author` is a person of the author map, or a network's author id or name; the rest tells them apart."""

    author: str
    networks: tuple[str, ...] = ()
    origin: str | None = None
    period: tuple[str | None, str | None, str | None] = (None, None, None)
    as_of: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One message. Keys are the store's, moments UTC ms. `answers`: key of what a reply of the brand answers."""

    brand: str
    network: str
    handles: tuple[str, ...]
    direction: str
    message: int
    sent_at: int
    kind: str | None
    automated: bool = False
    answers: int | None = None
    latency_s: float | None = None


@dataclass(frozen=True, slots=True)
class Hop:
    """The author went on from handles of a brand to others of it, within 7 days."""

    brand: str
    sent_at: int
    before: tuple[str, ...]
    now: tuple[str, ...]


@dataclass(frozen=True)
class History:
    """Everything between one author and the brands, in time's order. `person`: by the author map, None without."""

    person: str | None
    accounts: Sequence[Account]
    lines: Sequence[Line]
    hops: Sequence[Hop]
    ids: Mapping[int, str] = field(default_factory=dict)
    texts: Mapping[int, str] = field(default_factory=dict)


def show_author(settings: Settings, benchmark: Benchmark, asked: Asked) -> None:
    """Write an author's history to stdout. Raises NoData where the store has none, UsageError where the name fits several."""
    from socialbench.store import open_store

    with open_store(benchmark.store_url()) as store:
        history = history_of(benchmark, store, asked)
    if settings.json:
        console.emit_json(_tree(benchmark, history))
    else:
        _show(benchmark, history)


def history_of(benchmark: Benchmark, store: Store, asked: Asked) -> History:
    """What one author wrote to the brands of the config and got back, as far as it is stored."""
    from socialbench.cli.measuring import load_frames
    from socialbench.config import parse_moment
    from socialbench.measure.prepare import accounts_of, prepare
    from socialbench.measure.rules import Rules

    as_of = None if asked.as_of is None else parse_moment(asked.as_of, benchmark.zone, now_ms())
    frames = load_frames(store)
    person, keys = _who(benchmark, store, frames, asked)
    period = _period(benchmark, asked)
    rules = Rules(answers="any", population="all", zone=benchmark.zone, as_of=as_of, persons=dict.fromkeys(keys, asked.author))
    prepared = prepare(frames, as_of)
    messages = frames.messages
    mine = set(messages.loc[messages["author"].isin(keys), "key"].tolist())
    addressed = set(frames.addresses.loc[frames.addresses["message"].isin(mine), "account"].tolist())
    lines: list[Line] = []
    hops: list[Hop] = []
    for brand in benchmark.brands:
        accounts = accounts_of(brand, frames)
        if addressed.intersection(accounts):
            one = _Exchange(brand, accounts, prepared, rules, keys)
            lines += one.lines()
            hops += one.hops()
    lines = sorted((line for line in lines if _within(line.sent_at, period)), key=lambda line: line.sent_at)
    hops = sorted((hop for hop in hops if _within(hop.sent_at, period)), key=lambda hop: hop.sent_at)
    if not lines:
        raise NoData(f"{asked.author}: wrote nothing to the brands of {benchmark.stem}.yaml in the window")
    shown = sorted({line.message for line in lines} | {line.answers for line in lines if line.answers is not None})
    found, texts = store.authors(sorted(keys)), store.texts(shown)
    lines = [_with_pattern(benchmark, line, texts.get(line.message, "")) for line in lines]
    return History(person, [found[key] for key in sorted(found)], lines, hops, store.message_ids(shown), texts)


def _period(benchmark: Benchmark, asked: Asked) -> Period:
    """What the command line asks for; the config's period bounds reports, not what somebody wrote."""
    from socialbench.cli.options import resolve_run_period

    period, since, until = asked.period
    return resolve_run_period(benchmark, period if any(asked.period) else "all", since, until, now_ms())


def _within(at: int, period: Period) -> bool:
    return (period.since_at is None or at >= period.since_at) and (period.until_at is None or at < period.until_at)


def _with_pattern(benchmark: Benchmark, line: Line, text: str) -> Line:
    if line.direction == TO_BRAND or line.automated:
        return line
    return replace(line, automated=any(re.search(pattern, text, re.IGNORECASE) for pattern in benchmark.rules.automated))


def _who(benchmark: Benchmark, store: Store, frames: Frames, asked: Asked) -> tuple[str | None, list[int]]:
    """(person of the author map, account keys) of the author asked for."""
    persons = {
        person: [
            key
            for network, ids in sorted(networks.items())
            if not asked.networks or network in asked.networks
            for each in ids
            for key in store.account_keys(network, each, asked.origin)
        ]
        for person, networks in benchmark.author_map.items()
    }
    named = [person for person in persons if person.casefold() == asked.author.casefold()]
    if named and persons[named[0]]:
        return named[0], persons[named[0]]
    writers = set(frames.messages["author"].tolist())
    keys = [
        key
        for network in asked.networks or benchmark.used_networks
        for key in store.account_keys(network, asked.author, asked.origin)
        if key in writers
    ]
    person = next((person for person, theirs in persons.items() if keys and set(keys) <= set(theirs)), None)
    if person is not None:
        return person, persons[person]
    return None, [_only(store.authors(keys), asked)]


def _only(found: Mapping[int, Account], asked: Asked) -> int:
    """The one account that is meant: an id outranks a name. Raises where there is none, or more than one."""
    exact = {key: account for key, account in found.items() if account.id == asked.author} or found
    if len(exact) == 1:
        return next(iter(exact))
    where = f" on {', '.join(asked.networks)}" if asked.networks else ""
    if not exact:
        raise NoData(f"{asked.author}: nobody of that id or name{where} wrote anything that is stored")
    told = "; ".join(
        " ".join(dict.fromkeys(part for part in (one.network, one.origin, one.id, one.name) if part)) for one in exact.values()
    )
    raise UsageError(f"{asked.author}: {len(exact)} authors are called so ({told}); tell them apart with -n, --origin or the id")


class _Exchange:
    """What one author and one brand wrote to each other."""

    def __init__(
        self, brand: Brand, accounts: Mapping[int, Handle], prepared: Prepared, rules: Rules, authors: Collection[int]
    ) -> None:
        from socialbench.measure.counted import counted_of

        self._brand, self._accounts, self._prepared, self._rules = brand, accounts, prepared, rules
        self._authors = frozenset(authors)
        self._counted: Counted = counted_of(brand, prepared, rules)
        rows = self._counted.rows
        self._mine = {place for place, author in enumerate(rows.author.tolist()) if author in self._authors}
        self._to = self._addressed()
        # Also what was fetched for context alone, which no figure counts: this is history, not measure.
        self._asked = {place for place in self._mine if rows.inbound[place] or int(rows.key[place]) in self._to}

    def _addressed(self) -> dict[int, tuple[str, ...]]:
        """Message key -> the brand's handles that it speaks to."""
        keys = {int(self._counted.rows.key[place]) for place in self._mine}
        frame = self._prepared.frames.addresses
        frame = frame[frame["message"].isin(keys) & frame["account"].isin(list(self._accounts))]
        found: dict[int, tuple[str, ...]] = {}
        for key, account in zip(frame["message"].tolist(), frame["account"].tolist(), strict=True):
            found[key] = tuple(dict.fromkeys((*found.get(key, ()), self._accounts[account].name)))
        return found

    def lines(self) -> Iterator[Line]:
        """The author's messages to the brand, and its replies to them and to nobody else."""
        rows = self._counted.rows
        for place in sorted(self._asked):
            kind = int(rows.kind[place])
            yield self._line(place, TO_BRAND, Kind(kind).name.lower() if kind >= 0 else None)
        for place, target in sorted(self._replies().items()):
            kind = int(rows.reply_kind[place])
            line = self._line(place, FROM_BRAND, ReplyKind(kind).name.lower() if kind >= 0 else None)
            latency = (int(rows.sent_at[place]) - int(rows.sent_at[target])) / 1000
            yield replace(
                line,
                automated=bool(self._counted.links.automated[place]),
                answers=int(rows.key[target]),
                latency_s=latency if latency >= 0 else None,
            )

    def _replies(self) -> dict[int, int]:
        """Place of each reply -> place of the author's message that it answers; further parts of a reply answer the same."""
        rows, links = self._counted.rows, self._counted.links
        pairs = zip(links.reply.tolist(), links.target.tolist(), strict=True)
        found = {reply: target for reply, target in pairs if target in self._asked}
        for place in range(len(rows.row)):
            above = int(rows.parent[place])
            if rows.own[place] and place not in found and (above in self._asked or above in found):
                found[place] = found.get(above, above)
        return found

    def _line(self, place: int, direction: str, kind: str | None) -> Line:
        rows = self._counted.rows
        key = int(rows.key[place])
        own = self._accounts.get(int(rows.author[place]))
        return Line(
            brand=self._brand.name,
            network=self._prepared.network_names[int(rows.network[place])],
            handles=(own.name,) if own is not None and direction == FROM_BRAND else self._to.get(key, ()),
            direction=direction,
            message=key,
            sent_at=int(rows.sent_at[place]),
            kind=kind,
        )

    def hops(self) -> Iterator[Hop]:
        """Where the author went on to another handle of the brand."""
        from socialbench.measure.hops import written_to

        rows = self._counted.rows
        written = written_to(self._brand, self._accounts, self._prepared, rows, self._rules)
        # The author's accounts are one person, and persons have numbers below 0.
        for sent_at, before, now in written.of(-1).steps():
            several = len({handle.network for handle in (*before, *now)}) > 1
            yield Hop(self._brand.name, sent_at, _called(before, several), _called(now, several))


def _called(handles: Sequence[Handle], several: bool) -> tuple[str, ...]:
    return tuple(f"{handle.name} on {handle.network}" if several else handle.name for handle in handles)


def _tree(benchmark: Benchmark, history: History) -> dict[str, Any]:
    accounts = [
        {"network": one.network, "origin": one.origin, "id": one.id, "name": one.name, "display_name": one.display_name}
        for one in history.accounts
    ]
    return {
        "benchmark": benchmark.benchmark,
        "simulated": benchmark.simulated,
        "timezone": benchmark.timezone,
        "person": history.person,
        "accounts": accounts,
        "messages": [_row(benchmark, history, line) for line in history.lines],
        "handle_hops": [
            {"brand": hop.brand, "sent_at": moment(benchmark, hop.sent_at), "from": list(hop.before), "to": list(hop.now)}
            for hop in history.hops
        ],
    }


def _row(benchmark: Benchmark, history: History, line: Line) -> dict[str, Any]:
    return {
        "sent_at": moment(benchmark, line.sent_at),
        "direction": line.direction.replace(" ", "_"),
        "brand": line.brand,
        "network": line.network,
        "handles": list(line.handles),
        "id": history.ids[line.message],
        "kind": line.kind,
        "automated": line.automated,
        "answers": None if line.answers is None else history.ids[line.answers],
        "latency_s": line.latency_s,
        "text": history.texts.get(line.message, ""),
    }


def _show(benchmark: Benchmark, history: History) -> None:
    from socialbench.report.words import duration

    called = ", ".join(
        f"{one.name or one.id} on {one.network}{f' {one.origin}' if one.origin else ''} (id {one.id})" for one in history.accounts
    )
    head = f"{history.person}: {called}" if history.person else called
    console.emit(console.printable(head))
    if benchmark.simulated:
        console.emit("SIMULATED: every message is invented")
    rows = [
        (
            moment(benchmark, line.sent_at)[:16].replace("T", " "),
            line.direction,
            line.brand,
            line.network,
            ", ".join(line.handles),
            "automated" if line.automated else line.kind,
            None if line.latency_s is None else f"after {duration(line.latency_s)}",
            shortened(history.texts.get(line.message, "")),
        )
        for line in history.lines
    ]
    console.emit_table(["sent at", "direction", "brand", "network", "handle", "kind", "answered", "text"], rows)
    for hop in history.hops:
        at = moment(benchmark, hop.sent_at)[:16].replace("T", " ")
        console.emit(console.printable(f"{at}: went from {', '.join(hop.before)} to {', '.join(hop.now)} of {hop.brand}"))
    sent = sum(line.direction == TO_BRAND for line in history.lines)
    told = f"{sent} to brands, {len(history.lines) - sent} back, {len(history.hops)} handle hops"
    console.info(f"{told}; times are those of {benchmark.timezone}")
