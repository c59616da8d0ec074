"""One brand, measured: a plain function of its rows (architecture.md, section 5)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from socialbench.measure.award import award, told_of_award
from socialbench.measure.counted import Counted, Cut, count, cut_of, end_of, horizon_of, sample_of, spaces_of, told_of
from socialbench.measure.gate import Reading, gate
from socialbench.measure.intervals import share_ends
from socialbench.measure.links import Links, looks_automatic
from socialbench.measure.load import Rows, in_period, load
from socialbench.measure.mix import parts_of
from socialbench.measure.observed import coverage_of
from socialbench.measure.prepare import Prepared, accounts_of
from socialbench.measure.result import BrandResult, Figure, LeftOut
from socialbench.measure.rules import Rules
from socialbench.measure.sample import Sample
from socialbench.measure.score import expectation_score
from socialbench.measure.slices import figures_of, kinds, networks, roles, topics, variants, weeks
from socialbench.measure.standing import standing
from socialbench.measure.survival import Floats
from socialbench.model import Brand, Handle, Role

CURVE_POINTS = 80


def measure(brand: Brand, prepared: Prepared, rules: Rules) -> BrandResult:
    """Everything measured of one brand; what hangs on the whole benchmark is added by the engine."""
    accounts = accounts_of(brand, prepared.frames)
    seen = horizon_of(accounts, prepared, rules)
    rows = load(prepared, accounts, rules)
    counted = count(rows, seen, rules, prepared.network_names)
    told = told_of(brand, accounts, prepared, counted)
    sample = _addressed(sample_of(counted, told), counted, accounts)
    score = expectation_score(sample, brand.name)
    metrics = figures_of(sample, score)
    read = coverage_of(prepared.frames.coverage, spaces_of(accounts, prepared))
    period, badge = _span(rows, rules), rules.plan.badge
    earned = None if badge is None else award(sample, counted, badge, (period[0], end_of(seen, rules, period[1])))
    return BrandResult(
        name=brand.name,
        sector=brand.sector,
        metrics=metrics,
        gate=gate(sample, Reading(brand, accounts, read, rules)),
        variants=variants(counted, told, sample),
        networks=networks(counted, sample, metrics),
        roles=roles(counted, sample),
        kinds=kinds(counted, sample),
        topics=topics(counted, sample),
        weeks=weeks(counted, sample),
        hours=_hours(rows, rules),
        curve=_curve(sample),
        left_out=_left_out(counted),
        marks=_marks(counted, metrics),
        link_methods=_link_methods(counted.links),
        authors_known=sample.authors_known,
        score=score.figure.value,
        influence=standing(sample, rules.plan.rank_by, score, metrics, brand.name),
        parts=parts_of(sample),
        observed_until=max((intervals[-1][1] for intervals in seen.spaces.values() if intervals), default=None),
        since_at=period[0],
        until_at=period[1],
        provisional=_provisional(sample),
        notes=told_of_award(earned),
        award=earned,
    )


def _marks(counted: Counted, metrics: Mapping[str, Figure]) -> dict[str, bool]:
    """What holds of a brand by itself; the other marks compare brands, and are the engine's to set."""
    return {
        "looks_automatic": looks_automatic(counted.rows, counted.links, metrics["response_rate"].value),
        "depends_on_classification": False,
        "mix_dependent": False,
        "answered_only": counted.rows.answered_only,
    }


def _addressed(sample: Sample, counted: Counted, accounts: Mapping[int, Handle]) -> Sample:
    """The support handles' part, where the preset asks for it and the brand has any; else the whole."""
    roles = {handle.role for handle in accounts.values()}
    if counted.rules.plan.handles == "all" or Role.SUPPORT not in roles:
        return sample
    support = Cut(counted.all_units.role == 1, counted.rows.role == 1, role=Role.SUPPORT)
    return cut_of(sample, counted, support)


def _hours(rows: Rows, rules: Rules) -> list[int]:
    """Inbound messages by hour of the week, Monday 0 h first, in the report's zone."""
    moments = rows.sent_at[rows.inbound & in_period(rows.sent_at, rules)]
    local = pd.DatetimeIndex(pd.to_datetime(moments, unit="ms", utc=True)).tz_convert(rules.zone.key)
    cell = np.asarray(local.day_of_week, dtype=np.int64) * 24 + np.asarray(local.hour, dtype=np.int64)
    counts: list[int] = np.bincount(cell, minlength=168).tolist()
    return counts


def _curve(sample: Sample) -> list[tuple[float, float, float | None, float | None]]:
    """The answered-within curve at fixed times on a log scale, as far as it was watched by 20 units."""
    if sample.answered_only or not len(sample.timed):
        return []
    points: list[tuple[float, float, float | None, float | None]] = []
    for at in curve_times(sample.follow_up_s):
        if sample.matured(float(at)) < 20:
            break
        ends = share_ends(sample.watched, float(at))
        points.append((float(at), sample.watched.plain.answered_by(float(at)), ends.low, ends.high))
    return points


def curve_times(follow_up_s: float) -> Floats:
    """Seconds at which curves are given: 30 s to the follow-up, evenly on a log scale, whole seconds."""
    longest = max(follow_up_s, 60.0)
    return np.unique(np.round(np.geomspace(30.0, longest, CURVE_POINTS)))


def _left_out(counted: Counted) -> LeftOut:
    population, rows = counted.population, counted.rows
    open_ended = ~population.answered & ~population.negative
    unripe = open_ended & ~population.unseen & ~population.gapped & (population.watched_s < counted.rules.follow_up_s)
    return LeftOut(
        negative=int(population.messages[population.negative].sum()),
        repeated=rows.repeated,
        unlinked=counted.links.unlinked,
        context=rows.context,
        excluded=rows.excluded,
        gap=int(population.messages[open_ended & (population.unseen | population.gapped)].sum()),
        unripe=int(population.messages[unripe].sum()),
        automated=int(np.count_nonzero(counted.links.automated & rows.reply & in_period(rows.sent_at, counted.rules))),
    )


def _link_methods(links: Links) -> dict[str, int]:
    thread = int(np.count_nonzero(links.by_thread))
    return {"parent": len(links.by_thread) - thread, "thread": thread}


def _span(rows: Rows, rules: Rules) -> tuple[int, int]:
    """First and last moment of the brand's period: the run's, else its messages'."""
    moments = rows.sent_at[rows.inbound | rows.own]
    since = rules.since_at if rules.since_at is not None else int(moments.min(initial=2**62)) if len(moments) else 0
    until = rules.until_at if rules.until_at is not None else int(moments.max(initial=0)) + 1 if len(moments) else 0
    return since, until


def _provisional(sample: Sample) -> bool:
    """Whether an opener that counts for the ranking is still watched for less than the follow-up."""
    timed = sample.openers.where(sample.openers.timed)
    return bool(np.any((timed.watched_s < sample.follow_up_s) & ~timed.answered & ~timed.gapped))
