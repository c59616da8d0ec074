"""Who may be ranked (metrics.md, section 4, "Gate"); others are listed with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from socialbench.measure.observed import completeness
from socialbench.measure.result import Gate
from socialbench.measure.sample import Sample
from socialbench.measure.score import joined_units as join
from socialbench.measure.score import network_scores
from socialbench.model import Brand, Handle

MIN_MATURED = 50
MIN_AUTHORS = 30
MAX_OUTAGE = 0.02
MAX_ABSENT = 0.05


@dataclass(frozen=True)
class Reading:
    """What was read for a brand. `collected`: networks that the collector reads; `period`: [since, until) UTC ms."""

    brand: Brand
    accounts: Mapping[int, Handle]
    coverage: pd.DataFrame
    collected: frozenset[str]
    period: tuple[int | None, int | None]


def gate(sample: Sample, reading: Reading) -> Gate:
    """Whether a brand may be ranked on rates; an answered-only one on times alone."""
    if sample.answered_only:
        return _answered_gate(sample)
    parts = network_scores(sample)
    openers = join([part.units for part in parts]) if parts else sample.openers.where(sample.openers.timed)
    matured = openers.where(openers.watched_s >= sample.follow_up_s)
    authors = len(np.unique(matured.author))
    if len(matured) < MIN_MATURED:
        return Gate(
            f"{len(matured)} of {MIN_MATURED} messages that need a response and were watched for the follow-up",
            len(matured),
            authors,
        )
    if authors < MIN_AUTHORS:
        return Gate(f"{authors} of {MIN_AUTHORS} authors", len(matured), authors)
    if not parts:
        return Gate("no score: not watched long enough", len(matured), authors)
    return Gate(_coverage_reason(sample, reading), len(matured), authors)


def _answered_gate(sample: Sample) -> Gate:
    answered = sample.timed.where(sample.timed.answered)
    authors = len(np.unique(answered.author))
    reason = None
    if len(answered) < MIN_MATURED:
        reason = f"{len(answered)} of {MIN_MATURED} answered messages"
    elif authors < MIN_AUTHORS:
        reason = f"{authors} of {MIN_AUTHORS} authors"
    return Gate(reason, len(answered), authors)


def _coverage_reason(sample: Sample, reading: Reading) -> str | None:
    openers = sample.openers
    if len(openers) and np.count_nonzero(openers.parent_absent) / len(openers) > MAX_ABSENT:
        return "above 5 % of the openers answer a message that is absent"
    known = {(handle.network, handle.name) for handle in reading.accounts.values()}
    wanted = [handle for handle in reading.brand.handles if handle.network in reading.collected]
    never = [handle.name for handle in wanted if (handle.network, handle.name) not in known]
    found = completeness(reading.coverage, reading.accounts, reading.period, never)
    if found.never:
        return f"never collected: {', '.join(found.never)}"
    if found.capped:
        return f"a cap of the network cut {', '.join(found.capped)}"
    if found.outage_share >= MAX_OUTAGE:
        return f"coverage misses {100 * found.outage_share:.1f} % of the period"
    return None
