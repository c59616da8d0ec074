"""Fetch what can be seen of the brands' accounts into the store; run it again to go on."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from socialbench import __version__, console
from socialbench.cli.options import (
    Selection,
    config_argument,
    filter_options,
    load_benchmark,
    now_ms,
    pass_settings,
    resolve_run_period,
)
from socialbench.cli.planning import emit_plan, make_plan, read_environment
from socialbench.console import Settings

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from socialbench.collect.http import World
    from socialbench.collect.outcome import Outcome, StreamResult
    from socialbench.collect.run import Task
    from socialbench.config import Benchmark
    from socialbench.model import Brand
    from socialbench.store import Store


@click.command()
@config_argument
@filter_options
@click.option("--max-time", metavar="DURATION", help="Stop cleanly after so long, e.g. 20m; exit 5 says when to come again.")
@click.option("--full", is_flag=True, help="Read everything again instead of going on where the last run ended.")
@click.option("--dry-run", is_flag=True, help="Only say what would be asked, what it costs and what stays hidden.")
@pass_settings
def command(settings: Settings, /, config: Path, selection: Selection, max_time: str | None, full: bool, dry_run: bool) -> None:
    """Fetch what can be seen of the brands' accounts into the store.

    A run goes on where the last one ended, however that ended. Credentials come from SOCIALBENCH_<NETWORK>_TOKEN
    (or ..._TOKEN_FILE, or .env); --dry-run says which are missing.

    \b
    Examples:
      socialbench collect uk-banks.yaml --dry-run
      socialbench collect uk-banks.yaml --max-time 20m
    """
    benchmark = load_benchmark(config)
    brands = selection.choose(benchmark)
    if dry_run:
        _tell_plan(settings, benchmark, brands)
        return
    deadline_at = _deadline(max_time)
    outcome = _collect(benchmark, brands, full, deadline_at)
    _conclude(settings, benchmark, outcome)
    click.get_current_context().exit(outcome.exit_code)


def _deadline(max_time: str | None) -> int | None:
    from socialbench.config import parse_duration

    return None if max_time is None else now_ms() + parse_duration(max_time) * 1000


def _collect(benchmark: Benchmark, brands: tuple[Brand, ...], full: bool, deadline_at: int | None) -> Outcome:
    from platformdirs import user_state_path

    from socialbench.collect.clock import WallClock
    from socialbench.collect.http import World
    from socialbench.collect.labelling import Labeller, extensions_of
    from socialbench.collect.run import Task
    from socialbench.collect.sessions import Sessions
    from socialbench.store import open_store

    since_at = resolve_run_period(benchmark, None, None, None, now_ms()).since_at
    world = World(WallClock(now_ms()), deadline_at=deadline_at, sessions=Sessions(user_state_path("socialbench") / "sessions"))
    labeller = Labeller(extensions_of(benchmark))
    with open_store(benchmark.store_url(), write=True) as store, labeller, console.progress() as display:
        return _run(Task(benchmark, brands, since_at, full, read_environment(), labeller=labeller), store, world, display)


def _run(task: Task, store: Store, world: World, display: Progress) -> Outcome:
    """Run the collector; a signal ends it between two pages, and then goes its usual way."""
    import asyncio
    import signal

    from socialbench.cli import Terminated
    from socialbench.collect.run import collect

    came: list[signal.Signals] = []

    async def run() -> Outcome:
        loop, this = asyncio.get_running_loop(), asyncio.current_task()

        def stop(number: signal.Signals) -> None:
            came.append(number)
            if this is not None:
                this.cancel()

        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop, number)
        try:
            return await collect(task, store, world, _ShownOn(display))
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)

    try:
        return asyncio.run(run())
    except asyncio.CancelledError:
        raise (Terminated if signal.SIGTERM in came else KeyboardInterrupt) from None


class _ShownOn:
    """Shows a run on a progress display where there is a terminal, else as one line per stream.

    What failed is counted on the display; it is told once, in the closing table.
    """

    def __init__(self, display: Progress) -> None:
        self._display = display
        self._bars: dict[str, TaskID] = {}
        self._failed: Counter[str] = Counter()

    def expect(self, network: str, stream_count: int) -> None:
        """So many streams of a network are about to be read."""
        self._bars[network] = self._display.add_task(network, total=stream_count)

    def finish(self, result: StreamResult) -> None:
        """A stream is done, or was left out."""
        if self._display.disable:
            (console.info if result.error is None and not (result.tally.capped or result.tally.unread) else console.warn)(
                result.line
            )
            return
        console.detail(result.line)
        self._failed[result.network] += result.error is not None
        if result.network in self._bars:
            failed = self._failed[result.network]
            shown = f"{result.network} ({failed} failed)" if failed else result.network
            self._display.update(self._bars[result.network], advance=1, description=shown)


def _conclude(settings: Settings, benchmark: Benchmark, outcome: Outcome) -> None:
    for network, why in outcome.skipped.items():
        console.info(f"{network}: skipped: {why}")
    for unit, amount in outcome.spent.items():
        console.info(f"spent: about {amount:.2f} {unit}")
    failures = outcome.failures
    if settings.json:
        console.emit_json(_tree(benchmark, outcome))
    elif failures:
        rows = [(each.brand, each.network, each.handle, each.stream, each.reason) for each in failures]
        console.emit_table(["brand", "network", "handle", "stream", "what failed, and what to do"], rows)
    if outcome.capped:
        count = len(outcome.capped)
        console.warn(f"{count} stream{'s' * (count > 1)} cut by a network's cap: `socialbench status` shows the gaps in coverage")
    tallies = [result.tally for result in outcome.results]
    console.info(
        f"{sum(tally.items for tally in tallies)} messages in {sum(tally.pages for tally in tallies)} pages, "
        f"{sum(tally.new for tally in tallies)} new; store: {console.redact(benchmark.store_url())}"
    )
    if outcome.exit_code == 5:
        console.warn(_come_again(benchmark, outcome.resume_at))


def _come_again(benchmark: Benchmark, resume_at: int | None) -> str:
    if resume_at is None:
        return "stopped before the end; everything fetched is saved, and the next run goes on from there"
    return f"stopped before the end; everything fetched is saved: come again at {_told(benchmark, resume_at)}"


def _told(benchmark: Benchmark, at: int) -> str:
    from datetime import datetime

    # Rounded up: a second too early would be turned away again.
    return datetime.fromtimestamp(-(-at // 1000), benchmark.zone).isoformat(sep=" ", timespec="seconds")


def _tree(benchmark: Benchmark, outcome: Outcome) -> dict[str, Any]:
    resume_at = outcome.resume_at
    return {
        "exit_code": outcome.exit_code,
        "resume_at": None if resume_at is None else _told(benchmark, resume_at),
        "skipped": outcome.skipped,
        "spent": outcome.spent,
        "version": __version__,
        "streams": [
            {
                "brand": each.brand,
                "network": each.network,
                "handle": each.handle,
                "stream": each.stream,
                "messages": each.tally.items,
                "new": each.tally.new,
                "to_others": each.tally.dropped,
                "missing": each.tally.missing,
                "capped": each.tally.capped,
                "left_out": each.left_out,
                "error": None if each.error is None else console.redact(str(each.error)),
            }
            for each in outcome.results
        ],
    }


def _tell_plan(settings: Settings, benchmark: Benchmark, brands: tuple[Brand, ...]) -> None:
    plan = make_plan(benchmark, brands, read_environment())
    if settings.json:
        console.emit_json(plan.tree())
    else:
        emit_plan(plan)
