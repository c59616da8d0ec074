"""Maps `measure` over the brands of a run: in this process or over several; the same bytes from each."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from socialbench.measure.brand import measure
from socialbench.measure.claims import claims_of
from socialbench.measure.composite import NOTE, Composite
from socialbench.measure.marks import marked
from socialbench.measure.metrics import Unit, registry
from socialbench.measure.mix import standardise
from socialbench.measure.plan import ANSWERED_RANK, COMPOSITE, DEFAULT_RANK, Plan
from socialbench.measure.prepare import Prepared, prepare
from socialbench.measure.preset import parts_text
from socialbench.measure.ranking import Scored, rank
from socialbench.measure.result import BrandResult, Figure, Rank, RunResult
from socialbench.measure.rules import Rules
from socialbench.model import Brand, Frames

SECTOR_METRICS = (
    "expectation_score",
    "answered_within_2h",
    "answered_within_24h",
    "response_rate",
    "median_latency_s",
    "p90_latency_s",
)
PRINTED_DECIMALS: Mapping[Unit, int] = {"points": 1, "s": 0, "share": 3, "count": 0, "ratio": 2}
"""To what figures are rounded before ties are told."""


@dataclass(frozen=True)
class _Task:
    prepared: Prepared
    rules: Rules


_task: _Task | None = None


def _take(task: _Task) -> None:
    global _task
    _task = task


def _measure_one(brand: Brand) -> BrandResult:
    if _task is None:
        raise RuntimeError("a worker was given a brand before its task")
    return measure(brand, _task.prepared, _task.rules)


def run(
    brands: Sequence[Brand], frames: Frames, rules: Rules, *, jobs: int = 1, done: Callable[[str], None] | None = None
) -> RunResult:
    """Measure and rank all brands. `jobs`: processes; `done` is called with each brand's name when it is measured."""
    task = _Task(prepare(frames, rules.as_of), rules)
    results = []
    for result in _map(task, brands, jobs):
        results.append(result)
        if done is not None:
            done(result.name)
    return assemble(results, frames, rules)


def _map(task: _Task, brands: Sequence[Brand], jobs: int) -> Sequence[BrandResult]:
    if jobs <= 1 or len(brands) < 2:
        return [measure(brand, task.prepared, task.rules) for brand in brands]
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("fork" if "fork" in methods else "spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_take, initargs=(task,)) as pool:
        return list(pool.map(_measure_one, brands))


def assemble(results: Sequence[BrandResult], frames: Frames, rules: Rules) -> RunResult:
    """The run of these results: what it is ranked by, the places, the sectors, and what hangs on the whole benchmark."""
    plan = _plan(results, rules.plan)
    notes: tuple[str, ...] = ()
    if plan.rank_by == COMPOSITE:
        results, ranks = _by_composite(results, plan)
        notes = (NOTE, f"composite of percentiles, with weights: {parts_text(plan.composite)}")
    else:
        ranks = _ranks(results, plan)
    spans = [(r.since_at, r.until_at) for r in results if r.since_at is not None and r.until_at]
    since = rules.since_at if rules.since_at is not None else min((a for a, _ in spans if a), default=None)
    until = rules.until_at if rules.until_at is not None else max((b for _, b in spans if b), default=None)
    return RunResult(
        brands=tuple(marked(standardise(results, ranks), ranks, plan.rank_by)),
        ranks=ranks,
        ranked_by=plan.rank_by,
        cut_off=_cut_off(results, rules),
        since_at=since,
        until_at=until,
        provisional=any(result.provisional for result in results if result.name in ranks),
        sectors=_sectors(results, ranks),
        sector_curves=_sector_curves(results, ranks),
        notes=notes,
        claims=claims_of(results, sorted(ranks), plan.rank_by, plan.high),
    )


def _plan(results: Sequence[BrandResult], plan: Plan) -> Plan:
    """A benchmark whose sources are all answered-only is ranked by the times of the answered instead of the score."""
    counted = [result for result in results if result.metrics["inbound_count"].value]
    answered_only = bool(counted) and all(result.marks["answered_only"] for result in counted)
    return replace(plan, rank_by=ANSWERED_RANK, high=False) if answered_only and plan.rank_by == DEFAULT_RANK else plan


def _ranks(results: Sequence[BrandResult], plan: Plan) -> dict[str, Rank]:
    scored = []
    for result in results:
        value = result.metrics[plan.rank_by].value
        if result.gate.reason is None and value is not None:
            scored.append(Scored(result.name, value, result.influence))
    decimals = PRINTED_DECIMALS[registry()[plan.rank_by].unit]
    return dict(rank(scored, high_is_better=plan.high, decimals=decimals))


def _by_composite(results: Sequence[BrandResult], plan: Plan) -> tuple[Sequence[BrandResult], dict[str, Rank]]:
    composite = Composite(results, plan)
    figures = composite.figures()
    known = [
        replace(result, metrics={**result.metrics, COMPOSITE: figures[result.name]}) if result.name in figures else result
        for result in results
    ]
    return known, composite.ranked()


def _cut_off(results: Sequence[BrandResult], rules: Rules) -> int | None:
    """The moment up to which the store is believed: as asked, else the latest that any source claims."""
    if rules.as_of is not None:
        return rules.as_of
    latest = max((result.observed_until for result in results if result.observed_until is not None), default=None)
    # An interval ends a millisecond behind the last message that it holds: whole seconds are what a reader expects.
    return None if latest is None else latest // 1000 * 1000


def _members(results: Sequence[BrandResult], ranks: dict[str, Rank]) -> dict[str, list[BrandResult]]:
    found: dict[str, list[BrandResult]] = {}
    for result in results:
        if result.sector is not None and result.name in ranks:
            found.setdefault(result.sector, []).append(result)
    return found


def _sectors(results: Sequence[BrandResult], ranks: dict[str, Rank]) -> dict[str, dict[str, Figure]]:
    """The unweighted mean over a sector's ranked brands."""
    sectors = {}
    for sector, members in _members(results, ranks).items():
        figures = {}
        for name in SECTOR_METRICS:
            values = [value for member in members if (value := member.metrics[name].value) is not None]
            figures[name] = Figure(float(np.mean(values)) if values else None, n=len(values))
        sectors[sector] = figures
    return sectors


def _sector_curves(
    results: Sequence[BrandResult], ranks: dict[str, Rank]
) -> dict[str, list[tuple[float, float, float | None, float | None]]]:
    """Mean curves of sectors, each ranked brand weighing the same."""
    curves: dict[str, list[tuple[float, float, float | None, float | None]]] = {}
    for sector, members in _members(results, ranks).items():
        by_time: dict[float, list[float]] = {}
        for member in members:
            for at, share, _, _ in member.curve:
                by_time.setdefault(at, []).append(share)
        curves[sector] = [
            (at, float(np.mean(shares)), None, None) for at, shares in sorted(by_time.items()) if len(shares) == len(members)
        ]
    return curves
