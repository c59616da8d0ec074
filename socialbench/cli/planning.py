"""How `check` and `collect --dry-run` show a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socialbench import console

if TYPE_CHECKING:
    from collections.abc import Mapping

    from socialbench.collect.plan import Plan, PlannedNetwork, PlannedStream
    from socialbench.config import Benchmark
    from socialbench.model import Brand

_COLUMNS = ("brand", "network", "handle", "stream", "requests", "cost", "what it shows")
_SUMS = ("network", "handles", "requests", "of", "cost", "at least", "pace")


def make_plan(benchmark: Benchmark, brands: tuple[Brand, ...], environ: Mapping[str, str]) -> Plan:
    """The plan of a run, with what the store tells of the last one; without a store, as before the first."""
    from socialbench.collect import plan
    from socialbench.errors import StoreError
    from socialbench.store import open_store

    try:
        with open_store(benchmark.store_url()) as store:
            return plan.make_plan(benchmark, brands, store, environ)
    except StoreError:
        return plan.make_plan(benchmark, brands, None, environ)


def read_environment() -> dict[str, str]:
    """The process's variables, over those of `.env` in the working directory."""
    import os
    from pathlib import Path

    from socialbench.collect.credentials import read_environment

    return read_environment(os.environ, Path.cwd())


def emit_plan(plan: Plan) -> None:
    """The plan as tables: every stream, what each network takes, what it hides, which credential is missing."""
    if plan.streams:
        console.emit_table(_COLUMNS, [_stream(each) for each in plan.streams])
        console.emit("")
        console.emit_table(_SUMS, [_sum(each) for each in plan.networks])
    for network in plan.networks:
        console.emit("")
        console.emit(f"{network.network} ({_access(network)}): not visible: {network.invisible}")
        for line in network.missing:
            console.emit(f"  {'missing' if network.needed else 'missing, would show more'}: {line}")
    for name, why in plan.skipped.items():
        console.emit("")
        console.emit(f"{name}: skipped: {why}")


def _stream(each: PlannedStream) -> tuple[object, ...]:
    named = (each.brand, each.network, each.handle, each.stream)
    if each.left_out:
        return (*named, 0, "", f"left out: {each.left_out}")
    return (*named, _count(each), _cost(each.cost, each.unit, each.requests is None), each.visible)


def _count(each: PlannedStream) -> str:
    if each.requests is not None:
        return f"{each.requests:,}"
    return "?" if each.at_most is None else f"? (at most {each.at_most:,})"


def _cost(cost: float, unit: str, each: bool = False) -> str:
    return "" if not cost else f"{cost:,.2f} {unit}" + (" each" if each else "")


def _sum(network: PlannedNetwork) -> tuple[object, ...]:
    requests = f"{network.requests:,}" + (f", {network.unknown} streams not known yet" if network.unknown else "")
    quota = f"{network.quota:,} a day" if network.quota else ""
    budget = "" if network.budget is None else f", budget {network.budget:,.2f}"
    cost = (_cost(network.cost, network.unit) or "nothing") + budget
    return network.network, network.handles, requests, quota, cost, _span(network.least_s), network.pace


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def _access(network: PlannedNetwork) -> str:
    return "no credential" if network.access == "none" else "with a credential"
