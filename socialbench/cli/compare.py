"""Put presets side by side on the same brands: each one's figure and place, and who changes rank."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from socialbench import __version__, console
from socialbench.cli.measuring import Asked, find_facts, load_frames, owners_of
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
from socialbench.cli.ruling import DEFAULT, find_several, rules_under
from socialbench.console import Settings
from socialbench.errors import NoData, UsageError

if TYPE_CHECKING:
    from socialbench.config import Benchmark, Period
    from socialbench.measure.plan import Preset
    from socialbench.measure.result import RunResult
    from socialbench.measure.rules import Rules
    from socialbench.measure.switchboard import Cell, Ruled

ENDINGS = (".csv", ".json", ".md")
COLUMNS_AT_ONCE = 3


@click.command
@config_argument
@filter_options
@period_options
@as_of_option
@click.option("--preset", "names", multiple=True, metavar="NAME", help="A preset to compare (repeatable); by default all.")
@click.option("--jobs", type=click.IntRange(1), default=1, metavar="N", help="Processes to measure with.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, allow_dash=True), metavar="FILE", help="Where to: .csv, .json or .md."
)
@pass_settings
def command(
    settings: Settings,
    /,
    config: Path,
    selection: Selection,
    names: tuple[str, ...],
    output: Path | None,
    jobs: int,
    as_of: str | None,
    **ends: str | None,
) -> None:
    """Put presets side by side on the same brands: the same stored messages by each one's rules.

    The first column is `default`; places moved against it are marked. A preset that has no figure for a brand says
    "not defined here"; one whose gate keeps it out gives the figure without a place.

    \b
    Examples:
      socialbench compare uk-banks.yaml --preset banks-2012 --preset socially-devoted
      socialbench compare uk-banks.yaml -o presets.md
    """
    if output is not None and str(output) != "-" and output.suffix not in ENDINGS:
        raise UsageError(f"{output}: compare writes {', '.join(ENDINGS)}")
    benchmark = load_benchmark(config)
    period = (ends["period"], ends["since"], ends["until"])
    asked = Asked(period=period, as_of=as_of, jobs=jobs, selection=selection)
    tree = _compared(benchmark, asked, _presets(names))
    _write(tree, settings, output)


def _presets(names: Sequence[str]) -> list[Preset]:
    """`default`, then those asked for, each once."""
    from socialbench.measure.preset import load_preset, preset_names

    return [load_preset(name) for name in dict.fromkeys((DEFAULT, *(names or preset_names())))]


def _compared(benchmark: Benchmark, asked: Asked, presets: Sequence[Preset]) -> dict[str, Any]:
    """Load the store once, measure by each preset. Raises NoData where nobody wrote to any brand in the window."""
    from socialbench.measure.switchboard import side_by_side
    from socialbench.store import open_store

    period = resolve_run_period(benchmark, *asked.period, now_ms())
    with open_store(benchmark.store_url()) as store:
        frames = load_frames(store)
        facts = find_facts(benchmark, asked, period, store, frames)
        several = frozenset[int]()
        if any(preset.sole for preset in presets):
            several = find_several(store, frames, set(owners_of(benchmark.brands, frames)))
    ruled = side_by_side(_runs(benchmark, asked, presets, replace(facts, several=several), frames))
    return _tree(benchmark, asked, period, ruled)


def _runs(
    benchmark: Benchmark, asked: Asked, presets: Sequence[Preset], facts: Rules, frames: Any
) -> Iterator[tuple[Preset, RunResult]]:
    from socialbench.measure.engine import run

    brands = asked.selection.choose(benchmark)
    with console.progress() as progress:
        task = progress.add_task("measuring", total=len(presets) * len(brands))
        for preset in presets:
            rules = rules_under(preset, facts, benchmark, replace(asked, preset=preset.name))
            if not preset.sole:
                rules = replace(rules, several=frozenset())
            measured = run(brands, frames, rules, jobs=asked.jobs, done=lambda _name: progress.advance(task))
            if not any(brand.metrics["inbound_count"].value for brand in measured.brands):
                raise NoData("nobody wrote to the brands in the window: `socialbench status` says what is stored")
            yield preset, measured


def _tree(benchmark: Benchmark, asked: Asked, period: Period, ruled: Sequence[Ruled]) -> dict[str, Any]:
    from socialbench.report.build import iso_moment

    brands = asked.selection.choose(benchmark)
    return {
        "schema_version": 1,
        "benchmark": benchmark.benchmark,
        "version": __version__,
        "config_hash": benchmark.hash_with({"presets": [one.preset.tree for one in ruled]}),
        "simulated": benchmark.simulated,
        "period": {
            "since": iso_moment(period.since_at, benchmark.zone),
            "until": iso_moment(period.until_at, benchmark.zone),
            "timezone": benchmark.timezone,
        },
        "presets": [
            {
                "name": one.preset.name,
                **one.preset.tree,
                "ranked_by": one.ranked_by,
                "ranked": sum(cell.rank is not None for cell in one.cells.values()),
                "notes": list(one.notes),
            }
            for one in ruled
        ],
        "brands": [
            {
                "name": brand.name,
                "sector": brand.sector,
                "presets": {one.preset.name: _cell(one.cells[brand.name], one.ranked_by) for one in ruled},
            }
            for brand in brands
        ],
    }


def _cell(cell: Cell, metric: str) -> dict[str, Any]:
    from socialbench.report.figures import figure_tree, figures_tree

    rank = cell.rank
    return {
        "metric": metric,
        "figure": figure_tree(metric, cell.figure),
        "rank": None
        if rank is None
        else {"value": rank.value, "label": rank.label, "low": rank.low, "high": rank.high, "tier": rank.tier},
        "moved": cell.moved,
        "why": cell.why,
        "times": figures_tree(cell.times),
        "shows": figures_tree(cell.shows),
        "roles": {role: figures_tree(figures) for role, figures in cell.roles.items()},
        "badge": None if cell.award is None else {"earned": cell.award.earned, "why": cell.award.why},
    }


def _write(tree: dict[str, Any], settings: Settings, output: Path | None) -> None:
    import json

    from socialbench.report.switches import comma_separated, markdown

    if output is None or str(output) == "-":
        if settings.json:
            console.emit_json(tree)
        else:
            _print(tree)
        return
    if output.suffix == ".json":
        text = json.dumps(tree, ensure_ascii=False, indent=2) + "\n"
    else:
        text = comma_separated(tree) if output.suffix == ".csv" else markdown(tree)
    _replace(output, text)
    console.info(f"wrote {output}")


def _print(tree: dict[str, Any]) -> None:
    """A few presets to a table, so that each fits a window; on a pipe one table holds all."""
    from socialbench.report.switches import definitions, table

    if tree["simulated"]:
        console.emit("SIMULATED: every brand and message is invented")
    columns, rows = table(tree)
    step = COLUMNS_AT_ONCE if console.out().is_terminal else len(columns)
    for start in range(1, len(columns), step):
        part = slice(start, start + step)
        console.emit_table([columns[0], *columns[part]], [[row[0], *row[part]] for row in rows])
    for name, said in definitions(tree):
        console.info(f"{name}: {said}")


def _replace(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, "utf-8", newline="\n")
        beside.replace(path)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}); choose another place with -o") from error
    finally:
        beside.unlink(missing_ok=True)
