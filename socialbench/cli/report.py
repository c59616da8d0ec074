"""Rank the brands of a config from what is stored: terminal, html, md, json, csv, xlsx, pptx, pdf, png, svg."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from socialbench import console
from socialbench.cli.looks import looks_of
from socialbench.cli.measuring import Asked, Measured, measure_benchmark
from socialbench.cli.options import (
    Selection,
    as_of_option,
    config_argument,
    filter_options,
    load_benchmark,
    output_options,
    pass_settings,
    period_options,
)

if TYPE_CHECKING:
    from socialbench.config import Benchmark
    from socialbench.console import Settings

_DRAWN = frozenset({"html", "pdf", "png", "svg"})
"""Formats with drawn charts, whose fonts may lack a name's letters."""


@click.command
@config_argument
@filter_options
@period_options
@as_of_option
@click.option("--unit", type=click.Choice(["episode", "message", "opener"]), help="What is counted.")
@click.option("--population", type=click.Choice(["needs-response", "all"]), help="Which units rates are taken over.")
@click.option("--answers", type=click.Choice(["human", "any", "substantive"]), help="Which replies stop the clock.")
@click.option("--cluster", type=click.Choice(["auto", "none"]), help="Intervals by author and day, or as in textbooks.")
@click.option("--follow-up", metavar="DURATION", help="How long an answer is waited for, e.g. 7d.")
@click.option("--preset", metavar="NAME", help="A set of definitions; `socialbench list presets`.")
@click.option("--compare-with", metavar="PERIOD|FILE.json", help="Print places moved since then, where both are certain.")
@click.option("--top", type=click.IntRange(1), metavar="N", help="Print the first N places; files keep all.")
@click.option("--jobs", type=click.IntRange(1), default=1, metavar="N", help="Processes to measure with.")
@click.option(
    "--template",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE.pptx",
    help="A company's deck whose master pptx takes; else the config's report.template.",
)
@output_options()
@pass_settings
def command(
    settings: Settings, /, config: Path, formats: tuple[str, ...], output: Path | None, force: bool, **asked: Any
) -> None:
    """Rank the brands of a config from what is stored.

    Without -f the ranking goes to the terminal and html, json, csv and png into reports/<stem>/<period>/.
    Never writes to the store.

    \b
    Examples:
      socialbench report uk-banks.yaml --period last-month
      socialbench report -f json -o - | jq '.brands[0]'
    """
    del force
    benchmark = load_benchmark(config)
    compare_with, template = asked.pop("compare_with"), asked.pop("template")
    measured = measure_benchmark(benchmark, _asked(asked))
    if compare_with is not None:
        measured = _with_moves(measured, benchmark, asked, compare_with)
    _write(measured, benchmark, settings, formats, output, template)


def _asked(given: dict[str, Any]) -> Asked:
    rest = dict(given)
    period = (rest.pop("period"), rest.pop("since"), rest.pop("until"))
    selection: Selection = rest.pop("selection")
    return Asked(period=period, selection=selection, **rest)


def _with_moves(measured: Measured, benchmark: Benchmark, asked: dict[str, Any], compare_with: str) -> Measured:
    from dataclasses import replace

    from socialbench.measure.moves import places_of_report, with_moves

    if compare_with.endswith(".json"):
        before = places_of_report(Path(compare_with))
    else:
        earlier = measure_benchmark(benchmark, _asked(asked | {"period": compare_with, "since": None, "until": None}))
        before = dict(earlier.run.ranks)
    return replace(measured, run=with_moves(measured.run, before))


def _write(
    measured: Measured,
    benchmark: Benchmark,
    settings: Settings,
    formats: tuple[str, ...],
    output: Path | None,
    template: Path | None,
) -> None:
    from dataclasses import replace

    from socialbench.report.fonts import missing_in
    from socialbench.report.output import Destination, report_folder, write_outputs

    report = replace(measured.report(), looks=looks_of(benchmark, template))
    folder = report_folder(Path("reports"), benchmark.stem, measured.period.label)
    wanted = ("json",) if settings.json and not formats else formats
    missing = missing_in(report) if not wanted or _DRAWN.intersection(wanted) else None
    if missing is not None:
        console.warn(missing)
    path = None if output is None else str(output)
    with console.progress() as progress:
        task = progress.add_task("drawing", total=1.0)
        to = Destination(
            path,
            folder,
            sys.stdout.buffer,
            console.out(),
            lambda what, done: progress.update(task, description=what, completed=done),
        )
        written = write_outputs(report, wanted, to)
    for path_written in written:
        console.info(f"wrote {path_written}")
