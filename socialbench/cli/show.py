"""Show one brand: its place, scorecard, time to answer, weeks, coverage, and why it is not ranked."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from socialbench import console
from socialbench.cli.measuring import Asked, measure_benchmark
from socialbench.cli.options import as_of_option, config_option, did_you_mean, load_benchmark, pass_settings, period_options

if TYPE_CHECKING:
    from socialbench.config import Benchmark
    from socialbench.console import Settings
    from socialbench.report.tree import Report


@click.command
@click.argument("brand", required=False)
@config_option()
@click.option("--author", metavar="ID", help="The history of one author instead: an id, a name, or a person of the author map.")
@click.option("-n", "--network", "networks", multiple=True, metavar="NAME", help="Of --author: only this network (repeatable).")
@click.option("--origin", metavar="NAME", help="Of --author: host, site or sample within which the id holds.")
@period_options
@as_of_option
@click.option("--unit", type=click.Choice(["episode", "message", "opener"]), help="What is counted.")
@click.option("--population", type=click.Choice(["needs-response", "all"]), help="Which units rates are taken over.")
@click.option("--answers", type=click.Choice(["human", "any", "substantive"]), help="Which replies stop the clock.")
@click.option("--follow-up", metavar="DURATION", help="How long an answer is waited for, e.g. 7d.")
@click.option("--preset", metavar="NAME", help="A set of definitions; `socialbench list presets`.")
@click.option("--jobs", type=click.IntRange(1), default=1, metavar="N", help="Processes to measure with.")
@pass_settings
def command(settings: Settings, /, brand: str | None, config: Path, **asked: Any) -> None:
    """Show one brand of the benchmark beside its sector and all ranked brands, or the history of one author.

    Every brand is measured, for its place among them. With --author: all that this author wrote to the brands and got
    back, over all handles, and over networks where the config's author_map says who is one person; nothing but what is
    stored, and `socialbench erase` drops it on request. Never writes to the store.

    \b
    Examples:
      socialbench show "Metro Bank" -c uk-banks.yaml
      socialbench show "metro*" -c uk-banks.yaml --period 2026-10 --json
      socialbench show --author 4711 -n x -c uk-banks.yaml
    """
    from socialbench.errors import UsageError

    benchmark = load_benchmark(config)
    who = {name: asked.pop(name) for name in ("author", "networks", "origin")}
    if (brand is None) == (who["author"] is None):
        raise UsageError("show one thing: a BRAND, or --author ID")
    if brand is None:
        _show_author(settings, benchmark, who, asked)
        return
    if who["networks"] or who["origin"]:
        raise UsageError("-n and --origin tell authors apart: they go with --author")
    name = _chosen(brand, benchmark)
    period = (asked.pop("period"), asked.pop("since"), asked.pop("until"))
    report = measure_benchmark(benchmark, Asked(period=period, **asked)).report()
    index = [one.name for one in benchmark.brands].index(name)
    if settings.json:
        console.emit_json(_tree(report, index))
        return
    _show(report, index)


def _show_author(settings: Settings, benchmark: Benchmark, who: dict[str, Any], asked: dict[str, Any]) -> None:
    from socialbench.cli.authors import Asked as Wanted
    from socialbench.cli.authors import show_author

    period = (asked["period"], asked["since"], asked["until"])
    show_author(settings, benchmark, Wanted(**who, period=period, as_of=asked["as_of"]))


def _chosen(text: str, benchmark: Benchmark) -> str:
    """The one brand of the config that `text` names; case is folded, * and ? match. Raises UsageError."""
    from socialbench.errors import UsageError

    names = [brand.name for brand in benchmark.brands]
    wanted = text.casefold()
    found = [name for name in names if name.casefold() == wanted] or [
        name for name in names if fnmatchcase(name.casefold(), wanted)
    ]
    if len(found) > 1:
        raise UsageError(f"{text!r} fits {len(found)} brands: {_some(found)}; name one")
    if not found:
        raise UsageError(f"no brand of the config is called {text!r}{did_you_mean(text, names)}; there are: {_some(names)}")
    return found[0]


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:12]) + (f" and {len(listed) - 12} more" if len(listed) > 12 else "")


def _tree(report: Report, index: int) -> dict[str, Any]:
    """The brand as the report's JSON has it, with its sector, what was read of it, and the rules of the run."""
    import json

    from socialbench.report.formats import json as json_format

    whole = json.loads(next(json_format.render(report)).data)
    brand = whole["brands"][index]
    kept = ("schema_version", "simulated", "provisional", "benchmark", "period", "cut_off", "preset", "ranked_by")
    sector = next((sector for sector in whole["sectors"] if sector["name"] == brand["sector"]), None)
    coverage = [row for row in whole["coverage"] if row["brand"] == brand["name"]]
    return {key: whole[key] for key in kept} | {"brand": brand, "sector": sector, "coverage": coverage}


def _show(report: Report, index: int) -> None:
    from socialbench.report import profile_text
    from socialbench.report.words import ascii_signs

    plain = not sys.stdout.isatty()

    def say(line: str) -> None:
        console.emit(console.printable(ascii_signs(line) if plain else line))

    def table(heads: Iterable[str], rows: Iterable[list[str]]) -> None:
        console.emit_table(list(heads), [[ascii_signs(cell) if plain else cell for cell in row] for row in rows])

    for line in profile_text.head_lines(report, index):
        say(line)
    say("")
    table(profile_text.SCORE_HEADS, profile_text.score_rows(report, index))
    weekly, weeks = profile_text.week_lines(report, index, plain)
    curve = list(profile_text.curve_lines(report, index, plain))
    for head, lines in (("Answered within", curve), (f"{weekly}, week by week", weeks)):
        if lines:
            say(f"\n{head}")
            for line in lines:
                say(f"  {line}")
    coverage = profile_text.coverage_rows(report, index)
    say("\nCoverage" if coverage else "\nCoverage: nothing was read of this brand")
    if coverage:
        table(profile_text.COVERAGE_HEADS, coverage)
    say("")
    say(profile_text.foot_line(report))
