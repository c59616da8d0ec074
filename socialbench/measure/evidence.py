"""The units behind each figure, one row each: what was asked, what answered it, and why it may be left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from socialbench.measure.counted import counted_of
from socialbench.measure.prepare import Prepared
from socialbench.measure.rules import Rules
from socialbench.model import Brand, How, Role


@dataclass(frozen=True, slots=True)
class Evidence:
    """One unit. Keys are the store's message keys, moments UTC ms; `left_out` names why it enters no rate, '' where it does."""

    brand: str
    network: str
    role: str
    first: int
    clock: int
    started_at: int
    how: str
    opener: bool
    needs_response: bool
    messages: int
    answer: int | None
    answered_at: int | None
    latency_s: float | None
    link_method: str
    answered: bool
    watched_s: float
    left_out: str


def evidence(brand: Brand, prepared: Prepared, rules: Rules) -> Iterator[Evidence]:
    """All units of a brand in the period, of the population or not, in the order of their first messages."""
    counted = counted_of(brand, prepared, rules)
    rows, units = counted.rows, counted.all_units
    threaded = set(counted.links.reply[counted.links.by_thread].tolist())
    keys = rows.key
    for place in range(len(units)):
        answer = int(units.answer[place])
        yield Evidence(
            brand=brand.name,
            network=units.network_names[int(units.network[place])],
            role=(Role.BRAND, Role.SUPPORT)[int(units.role[place])].value,
            first=int(keys[units.first[place]]),
            clock=int(keys[units.clock[place]]),
            started_at=int(units.start_at[place]),
            how=How(int(rows.how[units.clock[place]])).name.lower(),
            opener=bool(units.opener[place]),
            needs_response=bool(units.needs[place]),
            messages=int(units.messages[place]),
            answer=int(keys[answer]) if answer >= 0 else None,
            answered_at=int(rows.sent_at[answer]) if answer >= 0 else None,
            latency_s=None if np.isnan(units.latency_s[place]) else float(units.latency_s[place]),
            link_method="" if answer < 0 else "thread" if answer in threaded else "parent",
            answered=bool(units.answered[place]),
            watched_s=float(units.watched_s[place]),
            left_out=_reason(units.negative[place], units.unseen[place], bool(units.needs[place]), rules),
        )


def _reason(negative: bool, unseen: bool, needs: bool, rules: Rules) -> str:
    if rules.population != "all" and not needs:
        return "no question" if rules.population == "questions" else "no response needed"
    if negative:
        return "negative"
    return "gap" if unseen else ""
