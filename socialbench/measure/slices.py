"""Cuts of a brand: networks, handle roles, weeks, kinds, topics, and the same brand with one definition changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from socialbench.measure.counted import Counted, Cut, Told, cut_of, recount, sample_of
from socialbench.measure.load import in_period
from socialbench.measure.metrics import registry
from socialbench.measure.result import Figure, Slice
from socialbench.measure.rules import Rules
from socialbench.measure.sample import REFUSED_UNLABELLED, Sample
from socialbench.measure.score import Score, expectation_score
from socialbench.measure.survival import Bools, Ints
from socialbench.model import DAY_MS, Kind, Role

VARIANT_METRICS = (
    "answered_count",
    "answered_within_2h",
    "answered_within_24h",
    "response_rate",
    "median_latency_s",
    "unit_count",
)
WEEK_METRICS = (
    "inbound_count",
    "answered_count",
    "answered_within_24h",
    "response_rate",
    "median_latency_s",
    "needs_response_share",
    "staffed_latency_s",
    "unanswered_reach",
    "engagement_rate",
)
STAFFED = "staffed"
SUBSTANTIVE = "answers=substantive"
NOT_BY_TEXT = frozenset({"service_share", "engagement_rate", "follower_growth", "handle_hops"})
"""What does not hang on what a message says: the brand's own posts, accounts and handles."""


def figures_of(sample: Sample, score: Score) -> dict[str, Figure]:
    """All metrics of a whole brand."""
    entries = [entry for entry in registry().values() if entry.given in {"everywhere", "brand"}]
    return {entry.name: score.figure if entry.name == "expectation_score" else entry.of(sample) for entry in entries}


def _slice(sample: Sample, but: Collection[str] = ()) -> Slice:
    entries = (entry for entry in registry().values() if entry.given == "everywhere" and entry.name not in but)
    return Slice({entry.name: entry.of(sample) for entry in entries})


def networks(counted: Counted, sample: Sample, whole: Mapping[str, Figure]) -> dict[str, Slice]:
    """Each network that the brand has rows on. `whole`: the figures of the brand."""
    rows, found = counted.rows, {}
    handles = set(sample.written.networks) if sample.written is not None else set()
    for code, name in enumerate(counted.all_units.network_names):
        mask = rows.network == code
        if mask.any() and mask.all() and handles == {name}:
            # A brand of one network is its own slice: measuring it again would cost as much as the brand.
            entries = registry()
            return {name: Slice({metric: figure for metric, figure in whole.items() if entries[metric].given == "everywhere"})}
        if mask.any():
            found[name] = _slice(cut_of(sample, counted, Cut(counted.all_units.network == code, mask, network=code)))
    return found


def roles(counted: Counted, sample: Sample) -> dict[str, Slice]:
    """Each role of handles that was written to, where there are two."""
    rows, found = counted.rows, {}
    for code, role in enumerate((Role.BRAND, Role.SUPPORT)):
        mask = (rows.role == code) & (rows.inbound | rows.own)
        if (mask & rows.inbound).any():
            found[role.value] = _slice(cut_of(sample, counted, Cut(counted.all_units.role == code, mask, role=role)))
    return found if len(found) > 1 else {}


def weeks(counted: Counted, sample: Sample) -> dict[str, Slice]:
    """ISO weeks of the units' starts, in the report's zone."""
    week, rows_week = _iso_weeks(counted.all_units.day), _iso_weeks(counted.day)
    entries = registry()
    found: dict[str, Slice] = {}
    for label in sorted(set(week.tolist())):
        cut = cut_of(sample, counted, Cut(week == label, rows_week == label))
        found[label] = Slice({name: entries[name].of(cut) for name in WEEK_METRICS})
    return found


def kinds(counted: Counted, sample: Sample) -> dict[str, Slice]:
    """Each kind of message that came in; none where messages of the period are not labelled.

    Messages count by their own kind, units by that of their first message, so each is of one kind.
    """
    rows = counted.rows
    if sample.labels is None or not sample.labels.complete:
        return {}
    found = {kind.name.lower(): _said(counted, sample, rows.kind == kind) for kind in Kind}
    return {name: cut for name, cut in found.items() if cut is not None}


def topics(counted: Counted, sample: Sample) -> dict[str, Slice]:
    """Each topic of the config; a message may be on several, a unit is on those of its first message."""
    found = {}
    for topic, keys in sorted(counted.rules.topics.items()):
        on = np.isin(counted.rows.key, np.array(sorted(keys), dtype=np.int64))
        found[topic] = _said(counted, sample, np.asarray(on, dtype=np.bool_))
    return {name: cut for name, cut in found.items() if cut is not None}


def _said(counted: Counted, sample: Sample, mask: Bools) -> Slice | None:
    """The inbound messages of a mask over the rows, the replies to them, and the units that begin with one."""
    rows, links = counted.rows, counted.links
    said = rows.inbound & mask
    if not (said & in_period(rows.sent_at, counted.rules)).any():
        return None
    replies = np.zeros(len(rows.row), dtype=np.bool_)
    replies[links.reply[said[links.target]]] = True
    cut = Cut(mask[counted.all_units.first], np.asarray(said | replies, dtype=np.bool_))
    return _slice(cut_of(sample, counted, cut), NOT_BY_TEXT)


def _iso_weeks(days: Ints) -> np.ndarray:
    distinct, inverse = np.unique(days, return_inverse=True)
    calendar = pd.to_datetime(distinct * DAY_MS, unit="ms").isocalendar()
    labels = np.array([f"{row.year}-W{row.week:02d}" for row in calendar.itertuples()], dtype=object)
    return labels[inverse] if len(days) else np.zeros(0, dtype=object)


def variants(counted: Counted, told: Told, sample: Sample) -> Mapping[str, Mapping[str, Figure]]:
    """The same brand with one definition changed, beside the figures of the run."""
    found: dict[str, dict[str, Figure]] = {}
    entries = registry()
    for label, changed in _changes(counted.rules):
        if label == SUBSTANTIVE and told.substantive is None:
            refused = Figure(None, refused=REFUSED_UNLABELLED)
            found[label] = dict.fromkeys((*VARIANT_METRICS, "expectation_score"), refused)
            continue
        again = told.substantive if label == SUBSTANTIVE else None
        other = sample_of(again or recount(counted, changed), told)
        found[label] = {name: entries[name].of(other) for name in VARIANT_METRICS}
        found[label]["expectation_score"] = expectation_score(other).figure
    if sample.desk is not None:
        found[STAFFED] = {entry.name: entry.of(sample) for entry in entries.values() if entry.given == STAFFED}
        found[STAFFED]["staffed_latency_s"] = entries["staffed_latency_s"].of(sample)
    return found


def _changes(rules: Rules) -> Sequence[tuple[str, Rules]]:
    changes: list[tuple[str, Rules]] = []
    if rules.population != "all":
        changes.append(("population=all", replace(rules, population="all")))
    if rules.answers != "any":
        changes.append(("answers=any", replace(rules, answers="any")))
    if rules.answers != "substantive":
        changes.append((SUBSTANTIVE, replace(rules, answers="substantive")))
    return changes
