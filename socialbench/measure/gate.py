"""Who may be ranked (metrics.md, section 4, "Gate"); others are listed with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from socialbench.measure.observed import completeness
from socialbench.measure.result import Gate
from socialbench.measure.rules import Rules
from socialbench.measure.sample import Sample
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
    """Whether a brand may be ranked on rates; an answered-only one on times alone."""
    if sample.answered_only:
        return _answered_gate(sample, reading.rules)
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
    if not parts:
        return Gate("no score: not watched long enough", len(matured), authors)
    return Gate(_coverage_reason(sample, reading), len(matured), authors)


def _answered_gate(sample: Sample, rules: Rules) -> Gate:
    answered = sample.timed.where(sample.timed.answered)
    authors = len(np.unique(answered.author))
    reason = None
    if len(answered) < rules.min_units:
        reason = f"{len(answered)} of {rules.min_units} answered messages"
    elif authors < rules.min_authors:
        reason = f"{authors} of {rules.min_authors} authors"
    return Gate(reason, len(answered), authors)


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
