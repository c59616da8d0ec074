"""How far each handle was read: last complete sweep, covered until, gaps, messages, threads waiting."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from socialbench import console
from socialbench.cli.options import Selection, config_argument, filter_options, load_benchmark, pass_settings
from socialbench.console import Settings

if TYPE_CHECKING:
    from socialbench.config import Benchmark
    from socialbench.model import Account, Brand
    from socialbench.store import Store

Row = dict[str, Any]


@click.command()
@config_argument
@filter_options
@pass_settings
def command(settings: Settings, /, config: Path, selection: Selection) -> None:
    """Say how far each handle was read, stream by stream, and what is missing.

    Example: socialbench status uk-banks.yaml --json
    """
    from socialbench.store import open_store

    benchmark = load_benchmark(config)
    with open_store(benchmark.store_url()) as store:
        rows = _rows(benchmark, selection.choose(benchmark), store)
        counts, runs = store.counts(), store.runs()
    last = runs[-1] if runs else None
    if settings.json:
        run = (
            None
            if last is None
            else {"command": last.command, "started": _told(benchmark, last.started_at), "outcome": last.outcome}
        )
        console.emit_json({"streams": rows, "messages": counts.message_count, "last_run": run})
        return
    _emit(rows)
    if last is not None:
        ended = last.outcome or "it was killed, or is running"
        console.info(f"{counts.message_count} messages; last run: {last.command} at {_told(benchmark, last.started_at)}, {ended}")


def _rows(benchmark: Benchmark, brands: Sequence[Brand], store: Store) -> list[Row]:
    streams = _streams(benchmark, store)
    rows: list[Row] = []
    for brand in brands:
        for handle in brand.handles:
            head = {"brand": brand.name, "network": handle.network, "handle": handle.name}
            accounts = store.find_accounts(handle.network, handle.name, handle.origin)
            found = [line for account in accounts for line in streams.get(_key(account), [])]
            nothing = {"account": None, "stream": None, "complete": None, "since": None, "until": None, "gaps": 0, "cut": False}
            rows += [{**head, **line} for line in found] or [{**head, **nothing, "messages": 0}]
    return rows


def _key(account: Account) -> tuple[str, str, str]:
    return account.network, account.origin, account.id


def _streams(benchmark: Benchmark, store: Store) -> dict[tuple[str, str, str], list[Row]]:
    """What is known of each account, by stream: coverage over all subjects, and the cursors."""
    complete: dict[tuple[str, str, str, str], int] = {}
    cut: set[tuple[str, str, str, str]] = set()
    for cursor in store.cursors():
        place = (*_key(cursor.account), cursor.stream)
        if cursor.complete_at is not None:
            complete[place] = max(cursor.complete_at, complete.get(place, 0))
        if cursor.token:
            cut.add(place)
    found: dict[tuple[str, str, str], list[Row]] = {}
    messages = _messages(store)
    covered = {(line.network, line.origin, line.account_id, line.stream): line for line in store.latest_coverage()}
    for place in sorted(complete.keys() | cut | covered.keys()):
        line = covered.get(place)
        row = {
            "account": place[2],
            "stream": place[3],
            "complete": _told(benchmark, complete.get(place)),
            "since": _told(benchmark, line.since_at) if line and line.since_at > 0 else None,
            "until": _told(benchmark, line.until_at) if line else None,
            "gaps": line.gap_count if line else 0,
            "cut": place in cut,
            "messages": messages.get(place, 0),
        }
        found.setdefault(place[:3], []).append(row)
    return found


def _messages(store: Store) -> dict[tuple[str, str, str, str], int]:
    """Messages addressed to each account, by the stream that showed them first."""
    frames = store.frames()
    spaces = {row["key"]: (row["network"], row["origin"]) for row in frames.spaces.to_dict("records")}
    accounts = {row["key"]: (*spaces[row["space"]], row["id"]) for row in frames.accounts.to_dict("records")}
    counted = frames.addresses.groupby(["account", "stream"], observed=True).size().reset_index(name="messages")
    return {(*accounts[row["account"]], row["stream"]): row["messages"] for row in counted.to_dict("records")}


def _told(benchmark: Benchmark, at: int | None) -> str | None:
    from datetime import datetime

    return None if at is None else datetime.fromtimestamp(at // 1000, benchmark.zone).isoformat(sep=" ", timespec="seconds")


def _emit(rows: Sequence[Row]) -> None:
    columns = ["brand", "network", "handle", "stream", "last complete sweep", "covered from", "covered until", "gaps", "inbound"]
    names = ("brand", "network", "handle", "stream", "complete", "since", "until", "gaps", "messages")
    cells = []
    for row in rows:
        line = [row[name] for name in names]
        if row["stream"] is None:
            line[3] = "never read"
        if row["cut"]:
            line[4] = f"{line[4] or 'none'} (cut, goes on)"
        cells.append(line)
    console.emit_table(columns, cells)
