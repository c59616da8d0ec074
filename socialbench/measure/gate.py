"""Who may be ranked (metrics.md, section 4, "Gate"); others are listed with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from socialbench.measure.metrics import registry
from socialbench.measure.observed import completeness
from socialbench.measure.plan import DEFAULT_RANK
from socialbench.measure.result import Gate
from socialbench.measure.rules import Rules
from socialbench.measure.sample import REFUSED_ANSWERED_ONLY, REFUSED_UNLABELLED, Authored, Sample
from socialbench.measure.score import joined_units as join
from socialbench.measure.score import network_scores
from socialbench.model import Brand, Handle

MAX_OUTAGE = 0.02
MAX_ABSENT = 0.05


@dataclass(frozen=True)
class Reading:
    """What was read for a brand, and the rules that it is judged by."""

    brand: Brand
    accounts: Mapping[int, Handle]
    coverage: pd.DataFrame
    rules: Rules


def gate(sample: Sample, reading: Reading) -> Gate:
    """Whether a brand may be ranked by the run's metric; an answered-only one on times and shares of the answered alone."""
    plan = reading.rules.plan
    if sample.answered_only and plan.rank_by == DEFAULT_RANK:
        return _units_gate(sample.answered, "answered messages", reading.rules)
    entry = registry()[plan.rank_by]
    if sample.answered_only and entry.answered_only == "refused":
        return Gate(REFUSED_ANSWERED_ONLY, 0, 0)
    if sample.unlabelled and entry.over == "population":
        return Gate(REFUSED_UNLABELLED, 0, 0)
    found = _openers_gate(sample, reading) if plan.gate.of == "openers" else _of_preset(sample, reading.rules)
    reason = found.reason or _missing_network(sample, reading)
    if reason is None and plan.gate.coverage:
        reason = _coverage_reason(sample, reading)
    return replace(found, reason=reason)


def _of_preset(sample: Sample, rules: Rules) -> Gate:
    if rules.plan.gate.of == "units":
        return _units_gate(sample.timed, "messages of the population", rules)
    if rules.plan.gate.of == "answered":
        return _units_gate(sample.answered, "answered messages", rules)
    return _units_gate(sample.heard, "inbound messages", rules)


def _missing_network(sample: Sample, reading: Reading) -> str | None:
    """A network of the brand's handles without a unit, where the preset leaves such brands unranked."""
    if reading.rules.plan.missing != "unranked":
        return None
    there = {sample.units.network_names[code] for code in np.unique(sample.units.network).tolist()}
    missing = sorted({handle.network for handle in reading.brand.handles} - there)
    return f"nothing on {', '.join(missing)}" if missing else None


def _openers_gate(sample: Sample, reading: Reading) -> Gate:
    rules = reading.rules
    parts = network_scores(sample)
    openers = join([part.units for part in parts]) if parts else sample.openers.where(sample.openers.timed)
    matured = openers.where(openers.watched_s >= sample.follow_up_s)
    authors = len(np.unique(matured.author))
    if len(matured) < rules.min_units:
        return Gate(
            f"{len(matured)} of {rules.min_units} messages that need a response and were watched for the follow-up",
            len(matured),
            authors,
        )
    if authors < rules.min_authors:
        return Gate(f"{authors} of {rules.min_authors} authors", len(matured), authors)
    if not parts and rules.plan.rank_by == DEFAULT_RANK:
        return Gate("no score: not watched long enough", len(matured), authors)
    return Gate(None, len(matured), authors)


def _units_gate(units: Authored | None, called: str, rules: Rules) -> Gate:
    count = 0 if units is None else len(units)
    authors = 0 if units is None else len(np.unique(units.author))
    reason = None
    if count < rules.min_units:
        reason = f"{count} of {rules.min_units} {called}"
    elif authors < rules.min_authors:
        reason = f"{authors} of {rules.min_authors} authors"
    return Gate(reason, count, authors)


def _coverage_reason(sample: Sample, reading: Reading) -> str | None:
    openers = sample.openers
    if len(openers) and np.count_nonzero(openers.parent_absent) / len(openers) > MAX_ABSENT:
        return "above 5 % of the openers answer a message that is absent"
    known = {(handle.network, handle.name) for handle in reading.accounts.values()}
    wanted = [handle for handle in reading.brand.handles if handle.network in reading.rules.collected]
    never = [handle.name for handle in wanted if (handle.network, handle.name) not in known]
    found = completeness(reading.coverage, reading.accounts, (reading.rules.since_at, reading.rules.until_at), never)
    if found.never:
        return f"never collected: {', '.join(found.never)}"
    if found.capped:
        return f"a cap of the network cut {', '.join(found.capped)}"
    if found.outage_share >= MAX_OUTAGE:
        return f"coverage misses {100 * found.outage_share:.1f} % of the period"
    return None
