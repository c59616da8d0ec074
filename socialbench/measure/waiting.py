"""Who waits for an answer: the messages of episodes that nobody of the brand has answered, for `watch`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from socialbench.measure.counted import counted_of
from socialbench.measure.load import Rows
from socialbench.measure.prepare import Prepared
from socialbench.measure.rules import Rules
from socialbench.measure.survival import Ints
from socialbench.measure.units import Units
from socialbench.model import Brand, Gone


@dataclass(frozen=True, slots=True)
class Waiting:
    """One message of an unanswered episode. Keys are the store's, -1 where unknown, moments UTC ms.

    `episode`: key of its first message. `needs`: the episode needs a response; `clock`: this message starts its clock.
    `watched_until`: from when on an answer might have been overlooked. `answered_only`: the sample leaves out what was
    not answered, so it says little of who waits.
    """

    brand: str
    network: str
    episode: int
    message: int
    author: int
    sent_at: int
    needs: bool
    clock: bool
    followers: int
    kind: int
    watched_until: int
    answered_only: bool


def waiting(brand: Brand, prepared: Prepared, rules: Rules) -> Iterator[Waiting]:
    """The messages without an answer to any message of their episode, however late; not those that their author took back.

    `rules` must count episodes, so that a nudge after an answered question is none, nor a question before one.
    """
    counted = counted_of(brand, prepared, rules)
    rows, units = counted.rows, counted.all_units
    member = np.flatnonzero(rows.inbound & (rows.gone != Gone.BY_AUTHOR))
    unit = units_of_rows(rows, units, member)
    open_ = unit >= 0
    open_[open_] = units.answer[unit[open_]] < 0
    member, unit = member[open_], unit[open_]
    until = counted.seen.observed_until(rows.space[member], rows.sent_at[member])
    for place, of, watched_until in zip(member.tolist(), unit.tolist(), until.tolist(), strict=True):
        yield Waiting(
            brand=brand.name,
            network=units.network_names[int(rows.network[place])],
            episode=int(rows.key[units.first[of]]),
            message=int(rows.key[place]),
            author=int(rows.author[place]),
            sent_at=int(rows.sent_at[place]),
            needs=bool(units.needs[of]),
            clock=place == int(units.clock[of]),
            followers=int(rows.followers[place]),
            kind=int(rows.kind[place]),
            watched_until=watched_until,
            answered_only=rows.answered_only,
        )


def units_of_rows(rows: Rows, units: Units, member: Ints) -> Ints:
    """The episode that each of these inbound rows belongs to, as its place in `units`; -1 before the first of its talk.

    An author's messages in a thread fall into episodes one after the other, so the last that began by then holds it.
    """
    count = max(len(rows.row), 1)
    itself = np.arange(len(rows.row))
    thread = np.where(rows.top >= 0, rows.top, itself)
    author = np.where(rows.author >= 0, rows.author, -2 - itself)
    talk = pd.factorize(thread * count + pd.factorize(author)[0])[0].astype(np.int64)
    starts = talk[units.first] * count + units.first
    order = np.argsort(starts, kind="stable")
    place = np.searchsorted(starts[order], talk[member] * count + member, side="right") - 1
    found = np.where(place >= 0, order[np.maximum(place, 0)], -1) if len(order) else np.full(len(member), -1)
    same = found >= 0
    same[same] = talk[units.first[found[same]]] == talk[member[same]]
    return np.where(same, found, -1).astype(np.int64)
