"""Write the evidence behind the figures: messages, episodes or coverage, as CSV or JSONL."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from socialbench import console
from socialbench.cli.labelling import explained
from socialbench.cli.measuring import Asked, load_frames, make_rules
from socialbench.cli.options import as_of_option, config_option, filter_options, load_benchmark, now_ms, period_options

if TYPE_CHECKING:
    from socialbench.config import Benchmark
    from socialbench.store.store import Store

FORMULA = ("=", "+", "-", "@", "\t", "\r")


@click.command
@click.argument("what", type=click.Choice(["messages", "episodes", "coverage"]))
@config_option()
@filter_options
@period_options
@as_of_option
@click.option("--unit", type=click.Choice(["episode", "message", "opener"]), help="What an episode row is.")
@click.option("--population", type=click.Choice(["needs-response", "all"]), help="Where the clock starts.")
@click.option("--answers", type=click.Choice(["human", "any"]), help="Which replies stop the clock.")
@click.option("--follow-up", metavar="DURATION", help="How long an answer is waited for, e.g. 7d.")
@click.option("-f", "--format", "form", type=click.Choice(["csv", "jsonl"]), help="By default from -o's ending, else csv.")
@click.option("-o", "--output", type=click.Path(path_type=Path, allow_dash=True), help="Where to; stdout by default.")
@click.option("--raw", is_flag=True, help="Leave CSV cells that begin like formulas as they are.")
def command(what: str, config: Path, form: str | None, output: Path | None, raw: bool, **asked: Any) -> None:
    """Write the evidence behind the figures, one row per message, episode or stretch of coverage.

    \b
    Examples:
      socialbench export episodes -c uk-banks.yaml -o episodes.csv
      socialbench export messages -c uk-banks.yaml -b "Metro*" -f jsonl
    """
    from socialbench.errors import NoData
    from socialbench.store import open_store

    benchmark = load_benchmark(config)
    period = (asked.pop("period"), asked.pop("since"), asked.pop("until"))
    request = Asked(period=period, **asked)
    form = form or ("jsonl" if output is not None and output.suffix in {".jsonl", ".ndjson"} else "csv")
    with open_store(benchmark.store_url()) as store:
        rows = (_episodes if what == "episodes" else _stored(what))(benchmark, request, store)
        count = _write(rows, form, output, raw)
    if not count:
        raise NoData(f"no {what} in the window: `socialbench status` says what is stored")
    console.info(f"{count} {what}" + (f" in {output}" if output is not None and str(output) != "-" else ""))


def _stored(what: str) -> Any:
    def rows(benchmark: Benchmark, asked: Asked, store: Store) -> Iterator[Mapping[str, Any]]:
        from socialbench.cli.options import resolve_run_period
        from socialbench.measure.prepare import accounts_of

        period = resolve_run_period(benchmark, *asked.period, now_ms())
        frames = store.frames()
        accounts = {key for brand in asked.selection.choose(benchmark) for key in accounts_of(brand, frames)}
        until_at = _earlier(period.until_at, asked.as_of, benchmark)
        found = store.export_rows(what, period.since_at, until_at, accounts)
        for row in found if what == "coverage" else explained(benchmark, found):
            yield {
                name: moment(value) if name.endswith("_at") and isinstance(value, int) else value for name, value in row.items()
            }

    return rows


def _earlier(until_at: int | None, as_of: str | None, benchmark: Benchmark) -> int | None:
    """The end of the period, or --as-of where that comes before it."""
    from socialbench.config import parse_moment

    if as_of is None:
        return until_at
    moment_at = parse_moment(as_of, benchmark.zone, now_ms())
    return moment_at if until_at is None else min(until_at, moment_at)


def _episodes(benchmark: Benchmark, asked: Asked, store: Store) -> Iterator[Mapping[str, Any]]:
    from socialbench.cli.options import resolve_run_period
    from socialbench.measure.evidence import evidence
    from socialbench.measure.prepare import prepare

    period = resolve_run_period(benchmark, *asked.period, now_ms())
    frames = load_frames(store)
    rules = make_rules(benchmark, asked, period, store, frames)
    prepared = prepare(frames, rules.as_of)
    for brand in asked.selection.choose(benchmark):
        found = list(evidence(brand, prepared, rules))
        keys = {key for unit in found for key in (unit.first, unit.clock, unit.answer) if key is not None}
        ids = store.message_ids(sorted(keys))
        for unit in found:
            yield {
                "brand": unit.brand,
                "network": unit.network,
                "role": unit.role,
                "unit": rules.unit,
                "message_id": ids[unit.first],
                "clock_id": ids[unit.clock],
                "clock_started_at": moment(unit.started_at),
                "how": unit.how,
                "opener": unit.opener,
                "needs_response": unit.needs_response,
                "messages": unit.messages,
                "answer_id": "" if unit.answer is None else ids[unit.answer],
                "answered_at": "" if unit.answered_at is None else moment(unit.answered_at),
                "latency_s": "" if unit.latency_s is None else unit.latency_s,
                "link_method": unit.link_method,
                "answered": unit.answered,
                "watched_s": unit.watched_s,
                "left_out": unit.left_out,
            }


def moment(at: int) -> str:
    """A UTC moment (ms) as ISO 8601."""
    from datetime import UTC, datetime, timedelta

    return (
        (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    )


def _write(rows: Iterator[Mapping[str, Any]], form: str, output: Path | None, raw: bool) -> int:
    """Stream the rows to a file, replaced whole, or to stdout; how many there were."""
    if output is None or str(output) == "-":
        return _stream(rows, form, sys.stdout, raw)
    try:
        # A device or a pipe takes what it is given; a file is replaced whole.
        return _pour(rows, form, output, raw) if output.exists() and not output.is_file() else _replace(rows, form, output, raw)
    except OSError as error:
        from socialbench.errors import UsageError

        raise UsageError(f"{output}: cannot be written ({error.strerror}); choose another place with -o") from error


def _pour(rows: Iterator[Mapping[str, Any]], form: str, output: Path, raw: bool) -> int:
    with output.open("w", encoding="utf-8", newline="") as file:
        return _stream(rows, form, file, raw)


def _replace(rows: Iterator[Mapping[str, Any]], form: str, output: Path, raw: bool) -> int:
    output.parent.mkdir(parents=True, exist_ok=True)
    beside = output.with_name(f".{output.name}.part")
    try:
        count = _pour(rows, form, beside, raw)
        beside.replace(output)
    finally:
        beside.unlink(missing_ok=True)
    return count


def _stream(rows: Iterator[Mapping[str, Any]], form: str, file: TextIO, raw: bool) -> int:
    import csv
    import json

    count = 0
    writer: csv.DictWriter[str] | None = None
    for row in rows:
        count += 1
        if form == "jsonl":
            file.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
            continue
        if writer is None:
            writer = csv.DictWriter(file, list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow(dict(row) if raw else {name: defused(value) for name, value in row.items()})
    return count


def defused(value: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    if isinstance(value, (list, tuple, dict)):
        import json

        value = json.dumps(value, ensure_ascii=False)
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
