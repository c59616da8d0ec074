"""Who wrote to the brand on which of its handles, for the authors that go on to another (metrics.md, handle_hops)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from socialbench.measure.load import Rows, in_period
from socialbench.measure.prepare import Prepared
from socialbench.measure.rules import Rules
from socialbench.measure.survival import Bools, Ints
from socialbench.model import DAY_MS, Brand, Handle, How

WITHIN_MS = 7 * DAY_MS


@dataclass(frozen=True)
class Written:
    """One entry per message and handle that it is addressed to, in time's order, from before the period too.

    `person`: a code per author, one for all accounts that the config's author map calls one person. `handle`: place in
    `handles`, those of the cut. `message`: a number per message. `current`: sent in the period. `mapped`: the config has
    an author map. Messages without an author's id are left out, and replies to the brand's own words: there the brand
    chose the handle.
    """

    person: Ints
    sent_at: Ints
    handle: Ints
    message: Ints
    current: Bools
    handles: tuple[Handle, ...]
    mapped: bool = False

    @property
    def networks(self) -> list[str]:
        """The network of each handle."""
        return [handle.network for handle in self.handles]

    def among(self, wanted: Sequence[bool]) -> Written:
        """What was written to some of the handles."""
        kept = np.array(wanted, dtype=np.bool_)
        number = np.cumsum(kept) - 1
        entries = self._where(kept[self.handle])
        handles = tuple(handle for handle, keep in zip(self.handles, wanted, strict=True) if keep)
        return replace(entries, handle=number[entries.handle].astype(np.int64), handles=handles)

    def writers(self) -> int:
        """Authors who wrote in the period."""
        return len(np.unique(self.person[self.current]))

    def hoppers(self) -> int:
        """Those of them who had written within the 7 days before, and not to this handle.

        One message to two handles at once is no hop, and the next to one of the two is none either.
        """
        person, code = np.unique(self.person, return_inverse=True)
        lowest, highest = np.full(len(person), len(self.handles)), np.full(len(person), -1)
        np.minimum.at(lowest, code, self.handle)
        np.maximum.at(highest, code, self.handle)
        several = self._where(highest[code] > lowest[code])
        return sum(_hops(list(talk)) for _, talk in groupby(several._messages(), key=lambda message: message[0]))

    def of(self, person: int) -> Written:
        """What one person wrote."""
        return self._where(np.asarray(self.person == person, dtype=np.bool_))

    def steps(self) -> Iterator[tuple[int, tuple[Handle, ...], tuple[Handle, ...]]]:
        """(sent_at, from which handles, to which) of each hop of all persons, in time's order."""
        found = [step for _, talk in groupby(self._messages(), key=lambda message: message[0]) for step in _steps(list(talk))]
        for sent_at, before, now in sorted(found, key=lambda step: step[0]):
            yield sent_at, self._named(before), self._named(now)

    def _named(self, places: frozenset[int]) -> tuple[Handle, ...]:
        return tuple(self.handles[place] for place in sorted(places))

    def _messages(self) -> Iterator[tuple[int, int, bool, frozenset[int]]]:
        """(person, sent_at, current, handles) of each message, by person, in time's order."""
        order = np.lexsort((self.message, self.sent_at, self.person))
        columns = (self.person, self.sent_at, self.current, self.message, self.handle)
        entries = zip(*(column[order].tolist() for column in columns), strict=True)
        for (person, sent_at, current, _), same in groupby(entries, key=lambda entry: entry[:4]):
            yield person, sent_at, current, frozenset(entry[4] for entry in same)

    def _where(self, keep: Bools) -> Written:
        names = ("person", "sent_at", "handle", "message", "current")
        return replace(self, **{name: getattr(self, name)[keep] for name in names})


def _hops(talk: Sequence[tuple[int, int, bool, frozenset[int]]]) -> bool:
    return next(_steps(talk), None) is not None


def _steps(talk: Sequence[tuple[int, int, bool, frozenset[int]]]) -> Iterator[tuple[int, frozenset[int], frozenset[int]]]:
    """(sent_at, handles before, handles now) of each message that goes on to another handle."""
    latest: dict[frozenset[int], int] = {}
    for _, sent_at, current, handles in talk:
        left = [(at, before) for before, at in latest.items() if sent_at - at <= WITHIN_MS and not handles <= before]
        if current and left:
            yield sent_at, max(left, key=lambda pair: pair[0])[1], handles
        latest[handles] = sent_at


def written_to(brand: Brand, accounts: Mapping[int, Handle], prepared: Prepared, rows: Rows, rules: Rules) -> Written:
    """What was written to the brand, from all addresses of its inbound messages. `accounts`: the brand's account keys."""
    account = prepared.frames.addresses["account"].to_numpy(dtype=np.int64)
    mine = np.flatnonzero(np.isin(account, np.array(sorted(accounts), dtype=np.int64)))
    place = rows.places(prepared.address_row[mine])
    kept = place >= 0
    kept &= rows.inbound[place] & (rows.author[place] >= 0) & (rows.how[place] != How.REPLY)
    account, place = account[mine[kept]], place[kept]
    keys, code = np.unique(account, return_inverse=True)
    numbers = np.array([brand.handles.index(accounts[key]) for key in keys.tolist()], dtype=np.int64)
    return Written(
        person=_persons(rows.author[place], rules.persons or {}),
        sent_at=rows.sent_at[place],
        handle=numbers[code] if len(keys) else place,
        message=place,
        current=np.asarray(in_period(rows.sent_at[place], rules), dtype=np.bool_),
        handles=brand.handles,
        mapped=rules.persons is not None,
    )


def _persons(author: Ints, persons: Mapping[int, str]) -> Ints:
    """Authors with all accounts of one person as one: those of the map have numbers below 0."""
    codes = {name: -1 - number for number, name in enumerate(sorted(set(persons.values())))}
    keys = np.array(sorted(persons), dtype=np.int64)
    if not len(keys):
        return author
    person = np.array([codes[persons[key]] for key in keys.tolist()], dtype=np.int64)
    place = np.minimum(np.searchsorted(keys, author), len(keys) - 1)
    return np.where(keys[place] == author, person[place], author).astype(np.int64)
