"""List unanswered messages that match the config's watch rules, oldest first, by owner; exit 7 when there are any."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from socialbench import console
from socialbench.cli.export import defused
from socialbench.cli.flagging import NOBODY, Flagged, flag, watches_of
from socialbench.cli.measuring import Asked, load_frames, make_rules
from socialbench.cli.options import (
    Selection,
    as_of_option,
    config_argument,
    filter_options,
    load_benchmark,
    now_ms,
    pass_settings,
    period_options,
    resolve_run_period,
)
from socialbench.console import Settings
from socialbench.errors import WatchMatched
from socialbench.model import HOUR_MS, Kind

if TYPE_CHECKING:
    from socialbench.config import Benchmark
    from socialbench.measure.prepare import Prepared
    from socialbench.model import Brand
    from socialbench.store.store import Store

STALE_MS = 2 * HOUR_MS
"""Who collects by cron every hour is up to date; what was read longer ago may hide an answer."""

TEXT_LETTERS = 160
_COLUMNS = {
    "owner": "owner",
    "brand": "brand",
    "network": "network",
    "handle": "handle",
    "author": "author",
    "sent": "sent at",
    "waiting": "waiting for",
    "reach": "reach",
    "kind": "kind",
    "words": "words",
    "id": "id",
    "text": "text",
    "note": "note",
}


@click.command()
@config_argument
@filter_options
@period_options
@as_of_option
@click.option("--owner", "owners", multiple=True, metavar="NAME", help="Only what is flagged to this owner (repeatable).")
@click.option("-f", "--format", "form", type=click.Choice(["table", "csv", "json"]), help="By default a table.")
@pass_settings
def command(
    settings: Settings, /, config: Path, selection: Selection, owners: tuple[str, ...], form: str | None, **asked: Any
) -> None:
    """List unanswered messages that match the config's watch rules, oldest first, by owner.

    A rule names words (any of them), an age, a reach (its author's followers, at least) and an owner; what it leaves out
    it does not ask. Without words it takes what needs a response. Answered is answered, however late; automatic answers
    are none. A message is marked where the brand's answers were not read in the last two hours. Without --period or
    --since everything stored is looked at, whatever the config's period. Never writes to the store.

    \b
    Exit code 7 when there are any, 0 when there are none:
      socialbench watch uk-banks.yaml -q > waiting.txt || mail -s "customers wait" desk < waiting.txt
      socialbench watch uk-banks.yaml --owner Ann -f csv --since 7d
    """
    benchmark = load_benchmark(config)
    rows = _rows(benchmark, selection, owners, asked)
    form = form or ("json" if settings.json else "table")
    _emit(benchmark, rows, form)
    if rows:
        counts = Counter(row["owner"] or "no owner" for row in rows)
        told = ", ".join(f"{owner}: {count}" for owner, count in counts.items())
        raise WatchMatched(f"{len(rows)} unanswered message{'s' * (len(rows) > 1)} to look after ({told})")
    console.info("no unanswered message matches the watch rules")


def _rows(benchmark: Benchmark, selection: Selection, owners: tuple[str, ...], asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    from socialbench.measure.prepare import prepare
    from socialbench.store import open_store

    watches = watches_of(benchmark, owners)
    # Topics cost a reading of all texts, and no rule asks for them.
    benchmark = benchmark.model_copy(update={"topics": {}})
    brands = selection.choose(benchmark)
    ends = [asked[name] for name in ("period", "since", "until")]
    period = resolve_run_period(benchmark, ends[0] if any(ends) else "all", ends[1], ends[2], now_ms())
    with open_store(benchmark.store_url()) as store:
        frames = load_frames(store)
        # A desk asks who waits, not how a study would count.
        plain = Asked(selection=selection, as_of=asked["as_of"], preset="default", follow_up=benchmark.follow_up)
        rules = make_rules(benchmark, plain, period, store, frames)
        prepared = prepare(frames, rules.as_of)
        now = now_ms() if rules.as_of is None else rules.as_of
        found = flag(watches, brands, prepared, rules, store, now)
        return list(_described(benchmark, found, _Places(store, prepared, brands, found), now))


class _Places:
    """Where each flagged message stands: its id and origin, and the handles that it speaks to."""

    def __init__(self, store: Store, prepared: Prepared, brands: Sequence[Brand], found: Sequence[Flagged]) -> None:
        from socialbench.measure.prepare import accounts_of

        frames = prepared.frames
        keys = sorted({one.waiting.message for one in found})
        self._ids = store.message_ids(keys)
        spaces = dict(zip(frames.spaces["key"].tolist(), frames.spaces["origin"].astype(str).tolist(), strict=True))
        wanted = frames.messages[frames.messages["key"].isin(keys)]
        self._origins = {key: spaces[space] for key, space in zip(wanted["key"].tolist(), wanted["space"].tolist(), strict=True)}
        handles = {brand.name: accounts_of(brand, frames) for brand in brands}
        self._handles: dict[tuple[str, int], list[str]] = {}
        addresses = frames.addresses[frames.addresses["message"].isin(keys)]
        for key, account in zip(addresses["message"].tolist(), addresses["account"].tolist(), strict=True):
            for brand, accounts in handles.items():
                if account in accounts:
                    self._handles.setdefault((brand, key), []).append(accounts[account].name)

    def id(self, key: int) -> str:
        """The network's id of a message."""
        return str(self._ids[key])

    def origin(self, key: int) -> str:
        """Within what the id holds."""
        return str(self._origins[key])

    def handle(self, brand: str, key: int) -> str:
        """The handles of a brand that a message speaks to."""
        return ", ".join(dict.fromkeys(self._handles.get((brand, key), [])))


def _described(benchmark: Benchmark, found: Sequence[Flagged], places: _Places, now: int) -> Iterator[dict[str, Any]]:
    for one in found:
        each = one.waiting
        stale = each.watched_until + STALE_MS < now
        notes = [f"not watched since {moment(benchmark, each.watched_until)}"] if stale else []
        notes += ["answered-only sample"] if each.answered_only else []
        yield {
            "owner": one.owner,
            "brand": each.brand,
            "network": each.network,
            "origin": places.origin(each.message),
            "handle": places.handle(each.brand, each.message),
            "author": (one.author.name or one.author.id) if one.author else None,
            "author_id": one.author.id if one.author else None,
            "sent_at": moment(benchmark, each.sent_at),
            "waiting_s": max(0, now - each.sent_at) // 1000,
            "reach": one.reach,
            "kind": Kind(each.kind).name.lower() if each.kind >= 0 else None,
            "words": list(one.words),
            "id": places.id(each.message),
            "text": shortened(one.text),
            "note": "; ".join(notes),
        }


def moment(benchmark: Benchmark, at: int) -> str:
    """A UTC moment (ms) in the report's zone, as ISO 8601 to the second."""
    from datetime import UTC, datetime, timedelta

    utc = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=at // 1000)
    return utc.astimezone(benchmark.zone).isoformat(timespec="seconds")


def shortened(text: str, letters: int = TEXT_LETTERS) -> str:
    """A text as one line of at most so many letters, its control characters shown as such."""
    line = console.printable(" ".join(text[: 8 * letters].split()))
    return line if len(line) <= letters else f"{line[: letters - 1].rstrip()}…"


def _emit(benchmark: Benchmark, rows: Sequence[Mapping[str, Any]], form: str) -> None:
    if form == "json":
        head = {"benchmark": benchmark.benchmark, "simulated": benchmark.simulated, "timezone": benchmark.timezone}
        console.emit_json({**head, "messages": rows})
        return
    if benchmark.simulated:
        console.info("SIMULATED: every message is invented")
    if form == "csv":
        _emit_csv(rows)
    elif rows:
        console.emit_table(list(_COLUMNS.values()), [_cells(row) for row in rows])
        console.info(f"times are those of {benchmark.timezone}")


def _emit_csv(rows: Sequence[Mapping[str, Any]]) -> None:
    import csv

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(_ORDER)
    for row in rows:
        cells = (", ".join(value) if isinstance(value, list) else value for value in (row[name] for name in _ORDER))
        writer.writerow([defused(cell) for cell in cells])


_ORDER = (
    "owner",
    "brand",
    "network",
    "origin",
    "handle",
    "author",
    "author_id",
    "sent_at",
    "waiting_s",
    "reach",
    "kind",
    "words",
    "id",
    "text",
    "note",
)


def _cells(row: Mapping[str, Any]) -> list[object]:
    from socialbench.report.words import duration

    told = {
        **row,
        "owner": row["owner"] or NOBODY,
        "sent": row["sent_at"][:16].replace("T", " "),
        "waiting": duration(row["waiting_s"]),
        "reach": None if row["reach"] is None else f"{row['reach']:,}",
        "words": ", ".join(row["words"]),
    }
    return [told[name] for name in _COLUMNS]
