"""Say everything that is wrong with a config, or what it compares."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from socialbench import console
from socialbench.cli.looks import looks_of
from socialbench.cli.options import config_argument, load_benchmark, now_ms, pass_settings, resolve_run_period
from socialbench.cli.planning import emit_plan, make_plan, read_environment
from socialbench.console import Settings

if TYPE_CHECKING:
    from socialbench.config import Benchmark

_UNVERIFIED = "{}: nobody has looked yet whether they are the brands'; `check --online` asks the networks"
_NETWORKS = Path(__file__).parent.parent / "collect" / "networks"


@click.command()
@config_argument
@click.option("--online", is_flag=True, help="Also ask the networks whether the handles exist.")
@pass_settings
def command(settings: Settings, config: Path, online: bool) -> None:
    """Say everything that is wrong with CONFIG, each with its line; or, if nothing is, what it compares and takes.

    What collecting would ask, cost, show and hide is told as by `collect --dry-run`; no network is asked without --online.

    Example: socialbench check uk-banks.yaml
    """
    benchmark = _load(settings, config)
    looks_of(benchmark, None)
    told = _summary(benchmark)
    plan = make_plan(benchmark, benchmark.brands, read_environment())
    answers = _ask(benchmark) if online else []
    if settings.json:
        console.emit_json({"ok": True, **told, "plan": plan.tree(), **({"online": answers} if online else {})})
    else:
        _emit_summary(config, told)
        console.emit("")
        emit_plan(plan)
        _emit_answers(answers)
    _refuse_missing(answers)


def _load(settings: Settings, config: Path) -> Benchmark:
    from socialbench.errors import ConfigError

    try:
        return load_benchmark(config)
    except ConfigError as error:
        if settings.json:
            places = ("file", "line", "column", "where", "what")
            problems = [{place: getattr(problem, place) for place in places} for problem in error.problems]
            console.emit_json({"ok": False, "problems": problems})
        raise


def _ask(benchmark: Benchmark) -> list[dict[str, Any]]:
    from socialbench.collect.plan import check_online

    return check_online(benchmark)


def _emit_answers(answers: list[dict[str, Any]]) -> None:
    if answers:
        console.emit("")
        columns = ("brand", "network", "handle", "id", "said")
        console.emit_table(columns, [[answer[column] for column in columns] for answer in answers])


def _refuse_missing(answers: list[dict[str, Any]]) -> None:
    from socialbench.errors import NotFound

    missing = [answer for answer in answers if answer["id"] is None and not answer["said"].startswith("not asked")]
    if missing:
        first = missing[0]
        which = f"the first {first['handle']} on {first['network']}: {first['said']}"
        raise NotFound(f"{len(missing)} of {len(answers)} handles not found, {which}")


def _summary(benchmark: Benchmark) -> dict[str, Any]:
    period = resolve_run_period(benchmark, None, None, None, now_ms())
    handles = Counter(handle.network for _, handle in benchmark.handles())
    collectors = {path.stem for path in _NETWORKS.glob("*.py") if not path.stem.startswith("_")}
    return {
        "benchmark": benchmark.benchmark,
        "brands": len(benchmark.brands),
        "sectors": len({brand.sector for brand in benchmark.brands if brand.sector}),
        "networks": [
            {"network": network, "handles": count, "collected": _collected(benchmark, network, collectors)}
            for network, count in sorted(handles.items())
        ],
        "unverified": sum(handle.options.get("verified") is False for _, handle in benchmark.handles()),
        "timezone": benchmark.timezone,
        "period": {"label": period.label, "since": _told(period.since_at, benchmark), "until": _told(period.until_at, benchmark)},
        "store": console.redact(benchmark.store_url()),
        "config_hash": benchmark.config_hash,
    }


def _collected(benchmark: Benchmark, network: str, collectors: set[str]) -> str:
    if not benchmark.settings(network).collect:
        return "imports only (collect: false)"
    return "yes" if network in collectors else "imports only (no collector)"


def _told(at: int | None, benchmark: Benchmark) -> str | None:
    from datetime import datetime

    return None if at is None else datetime.fromtimestamp(at / 1000, benchmark.zone).isoformat()


def _emit_summary(config: Path, told: dict[str, Any]) -> None:
    period = told["period"]
    ends = f"{period['since'] or 'the first message'} to {period['until'] or 'the last'}, the end not included"
    console.emit(f"{config}: fine")
    console.emit_table(
        ["what", "is"],
        [
            ("benchmark", told["benchmark"]),
            ("brands", told["brands"]),
            ("sectors", told["sectors"]),
            *((f"handles on {one['network']}", f"{one['handles']}, collected: {one['collected']}") for one in told["networks"]),
            *([("handles not verified", _UNVERIFIED.format(told["unverified"]))] if told["unverified"] else []),
            ("zone", told["timezone"]),
            ("period", f"{period['label']} ({ends})" if period["label"] != "all" else "all"),
            ("store", told["store"]),
        ],
    )
