"""One brand, measured: a plain function of its rows (architecture.md, section 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from socialbench.measure.episodes import calendar_days, of_population, units
from socialbench.measure.gate import Reading, gate
from socialbench.measure.intervals import share_ends
from socialbench.measure.links import Links, link, looks_automatic
from socialbench.measure.load import Rows, in_period, load
from socialbench.measure.median import answered_median
from socialbench.measure.metrics import registry
from socialbench.measure.observed import Horizon, horizon
from socialbench.measure.prepare import Prepared, account_index, accounts_of
from socialbench.measure.result import BrandResult, Figure, LeftOut, Slice
from socialbench.measure.rules import Rules
from socialbench.measure.sample import Sample
from socialbench.measure.score import Score, expectation_score
from socialbench.measure.survival import Floats
from socialbench.measure.units import Units
from socialbench.model import DAY_MS, Brand, Handle, Role

VARIANT_METRICS = (
    "answered_count",
    "answered_within_2h",
    "answered_within_24h",
    "response_rate",
    "median_latency_s",
    "unit_count",
)
WEEK_METRICS = ("inbound_count", "answered_count", "answered_within_24h", "response_rate", "median_latency_s")
CURVE_POINTS = 80


@dataclass(frozen=True)
class Counted:
    """A brand's rows, links and units under one set of rules."""

    rows: Rows
    links: Links
    all_units: Units
    openers: Units
    rules: Rules

    @property
    def population(self) -> Units:
        """The units over which rates and times are taken."""
        return of_population(self.all_units, self.rules.population)


def _seen(accounts: Mapping[int, Handle], prepared: Prepared, rules: Rules) -> Horizon:
    spaces = account_index(prepared.frames)["space"].to_dict()
    return horizon(prepared.frames.coverage, {key: int(spaces[key]) for key in accounts}, rules.as_of)


def counted_of(brand: Brand, prepared: Prepared, rules: Rules) -> Counted:
    """A brand's rows, links and units."""
    accounts = accounts_of(brand, prepared.frames)
    return _count(load(prepared, accounts, rules), _seen(accounts, prepared, rules), rules, prepared.network_names)


def measure(brand: Brand, prepared: Prepared, rules: Rules) -> BrandResult:
    """Everything measured of one brand."""
    accounts = accounts_of(brand, prepared.frames)
    seen = _seen(accounts, prepared, rules)
    rows = load(prepared, accounts, rules)
    counted = _count(rows, seen, rules, prepared.network_names)
    sample = _sample(counted)
    score = expectation_score(sample, brand.name)
    metrics = _metrics(sample, score)
    share = metrics["response_rate"].value
    period = _span(rows, rules)
    return BrandResult(
        name=brand.name,
        sector=brand.sector,
        metrics=metrics,
        gate=gate(sample, Reading(brand, accounts, prepared.frames.coverage, rules)),
        variants=_variants(counted, seen, prepared.network_names),
        networks=_networks(counted, sample),
        roles=_roles(counted, sample),
        weeks=_weeks(counted, sample),
        hours=_hours(rows, rules),
        curve=_curve(sample),
        left_out=_left_out(counted),
        marks={
            "looks_automatic": looks_automatic(rows, counted.links, share),
            "depends_on_classification": False,
            "mix_dependent": False,
            "answered_only": rows.answered_only,
        },
        link_methods=_link_methods(counted.links),
        authors_known=sample.authors_known,
        score=score.figure.value,
        influence=answered_median(sample, brand.name)[1] if rows.answered_only else score.influence,
        observed_until=max((intervals[-1][1] for intervals in seen.spaces.values() if intervals), default=None),
        since_at=period[0],
        until_at=period[1],
        provisional=_provisional(sample),
    )


def _count(rows: Rows, seen: Horizon, rules: Rules, names: tuple[str, ...]) -> Counted:
    links = link(rows, rules)
    scored = replace(rules, unit="episode", population="needs-response")
    episodes = units(rows, links, seen, scored, names)
    same = rules.unit == "episode" and rules.population == "needs-response"
    all_units = episodes if same else units(rows, links, seen, rules, names)
    return Counted(rows, links, all_units, episodes.where(episodes.opener & episodes.needs), rules)


def _sample(counted: Counted) -> Sample:
    rows, rules = counted.rows, counted.rules
    current = in_period(rows.sent_at, rules)
    wanted = rows.opener if rules.unit == "opener" else rows.inbound
    authors = rows.author[rows.inbound]
    return Sample(
        units=counted.population,
        openers=counted.openers,
        inbound=int(np.count_nonzero(wanted & current)),
        all_units=len(counted.all_units),
        outbound=int(np.count_nonzero(rows.own & current)),
        replies=int(np.count_nonzero(rows.reply & current)),
        automated=int(np.count_nonzero(counted.links.automated & rows.reply & current)),
        answered_only=rows.answered_only,
        authors_known=bool(len(authors) == 0 or (authors >= 0).any()),
        clustered=rules.cluster == "auto",
        follow_up_s=rules.follow_up_s,
        profiles=dict(rules.profiles),
    )


def _metrics(sample: Sample, score: Score | None = None) -> dict[str, Figure]:
    found = {name: entry.of(sample) for name, entry in registry().items()}
    found["expectation_score"] = (score or expectation_score(sample)).figure
    return found


def _cut(sample: Sample, counted: Counted, mask: np.ndarray, rows_mask: np.ndarray) -> Sample:
    """The sample of some units and rows of a brand. `mask`: over all units."""
    rows = counted.rows
    kept = counted.all_units.where(mask)
    current = in_period(rows.sent_at, counted.rules) & rows_mask
    wanted = rows.opener if counted.rules.unit == "opener" else rows.inbound
    firsts = np.zeros(len(rows.row), dtype=np.bool_)
    firsts[kept.first] = True
    return replace(
        sample,
        units=of_population(kept, counted.rules.population),
        openers=counted.openers.where(rows_mask[counted.openers.first]),
        inbound=int(np.count_nonzero(wanted & current)),
        all_units=len(kept),
        outbound=int(np.count_nonzero(rows.own & current)),
        replies=int(np.count_nonzero(rows.reply & current)),
        automated=int(np.count_nonzero(counted.links.automated & rows.reply & current)),
    )


def _networks(counted: Counted, sample: Sample) -> dict[str, Slice]:
    rows, found = counted.rows, {}
    for code, name in enumerate(counted.all_units.network_names):
        mask = rows.network == code
        if mask.any():
            cut = _cut(sample, counted, counted.all_units.network == code, mask)
            found[name] = Slice(_metrics(cut))
    return found


def _roles(counted: Counted, sample: Sample) -> dict[str, Slice]:
    rows, found = counted.rows, {}
    for code, role in enumerate((Role.BRAND, Role.SUPPORT)):
        mask = (rows.role == code) & rows.inbound
        if mask.any():
            found[role.value] = Slice(_metrics(_cut(sample, counted, counted.all_units.role == code, mask)))
    return found if len(found) > 1 else {}


def _weeks(counted: Counted, sample: Sample) -> dict[str, Slice]:
    """ISO weeks of the units' starts, in the report's zone."""
    week = _iso_weeks(counted.all_units.day)
    rows_week = _iso_weeks(_days(counted.rows, counted.rules))
    found: dict[str, Slice] = {}
    for label in sorted(set(week.tolist())):
        cut = _cut(sample, counted, week == label, rows_week == label)
        entries = registry()
        found[label] = Slice({name: entries[name].of(cut) for name in WEEK_METRICS})
    return found


def _days(rows: Rows, rules: Rules) -> np.ndarray:
    return calendar_days(rows.sent_at, rules.zone.key)


def _iso_weeks(days: np.ndarray) -> np.ndarray:
    distinct, inverse = np.unique(days, return_inverse=True)
    calendar = pd.to_datetime(distinct * DAY_MS, unit="ms").isocalendar()
    labels = np.array([f"{row.year}-W{row.week:02d}" for row in calendar.itertuples()], dtype=object)
    return labels[inverse] if len(days) else np.zeros(0, dtype=object)


def _hours(rows: Rows, rules: Rules) -> list[int]:
    """Inbound messages by hour of the week, Monday 0 h first, in the report's zone."""
    moments = rows.sent_at[rows.inbound & in_period(rows.sent_at, rules)]
    local = pd.DatetimeIndex(pd.to_datetime(moments, unit="ms", utc=True)).tz_convert(rules.zone.key)
    cell = np.asarray(local.day_of_week, dtype=np.int64) * 24 + np.asarray(local.hour, dtype=np.int64)
    counts: list[int] = np.bincount(cell, minlength=168).tolist()
    return counts


def _variants(counted: Counted, seen: Horizon, names: tuple[str, ...]) -> Mapping[str, Mapping[str, Figure]]:
    """The same brand with one definition changed, beside the figures of the run."""
    found: dict[str, dict[str, Figure]] = {}
    entries = registry()
    for label, changed in _changes(counted.rules):
        sample = _sample(_count(counted.rows, seen, changed, names))
        found[label] = {name: entries[name].of(sample) for name in VARIANT_METRICS}
        found[label]["expectation_score"] = expectation_score(sample).figure
    return found


def _changes(rules: Rules) -> Sequence[tuple[str, Rules]]:
    changes: list[tuple[str, Rules]] = []
    if rules.population != "all":
        changes.append(("population=all", replace(rules, population="all")))
    if rules.answers != "any":
        changes.append(("answers=any", replace(rules, answers="any")))
    return changes


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
