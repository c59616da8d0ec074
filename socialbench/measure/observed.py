"""Until when an answer would have been seen (metrics.md, `observed_until` and section 6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from socialbench.measure.survival import Ints
from socialbench.model import Direction, Handle

Interval = tuple[int, int]
IMPORT = "import"
"""The stream under which imported files are covered."""


def join_assumed(coverage: pd.DataFrame) -> pd.DataFrame:
    """Coverage with the assumed stretches of each account's imports made one, from the first row to the newest.

    Nobody stated up to when such a file was watched; taking each file for itself would cut a hole where a file was
    split, and the same rows in one file would measure otherwise.
    """
    assumed = coverage["assumed"].to_numpy(dtype=np.bool_) & ~coverage["gap"].to_numpy(dtype=np.bool_)
    if not assumed.any():
        return coverage
    keys = ["account", "stream", "direction", "subject", "sample"]
    grouped = coverage[assumed].groupby(keys, sort=False, observed=True)
    joined = coverage[assumed].drop_duplicates(keys).copy()
    joined["since_at"] = grouped["since_at"].transform("min")
    joined["until_at"] = grouped["until_at"].transform("max")
    kept: pd.DataFrame = pd.concat([coverage[~assumed], joined]).sort_index(kind="stable").reset_index(drop=True)
    return kept


def coverage_of(coverage: pd.DataFrame, account_spaces: Mapping[int, int]) -> pd.DataFrame:
    """The rows of a brand's accounts, imports joined over its handles of one space. `account_spaces`: accounts with spaces.

    A file is read of a brand and not of a handle, so where one handle first or last wrote is no edge of it: a help handle
    that wrote once would end the watch over all the others. An assumed end is the newest of any handle; a stated one holds.
    """
    mine = coverage[coverage["account"].isin(list(account_spaces))]
    imported = (mine["stream"] == IMPORT) & ~mine["gap"]
    part = mine[imported]
    if part["account"].nunique() < 2:
        return mine
    mine, space = mine.copy(), part["account"].map(account_spaces)
    begins = part["since_at"] == part.groupby("account")["since_at"].transform("min")
    oldest = part.groupby(space)["since_at"].transform("min")
    mine.loc[imported, "since_at"] = part["since_at"].where(~begins, oldest)
    assumed = part[part["assumed"].to_numpy(dtype=np.bool_)]
    mine.loc[assumed.index, "until_at"] = assumed.groupby(space[assumed.index])["until_at"].transform("max")
    return mine


def merge(intervals: Iterable[Interval]) -> list[Interval]:
    """Half-open intervals joined where they touch or overlap.

    >>> merge([(5, 9), (0, 5), (20, 30)])
    [(0, 9), (20, 30)]
    """
    joined: list[Interval] = []
    for since, until in sorted(pair for pair in intervals if pair[0] < pair[1]):
        if joined and since <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], until))
        else:
            joined.append((since, until))
    return joined


def intersect(left: Sequence[Interval], right: Sequence[Interval]) -> list[Interval]:
    """What two sorted lists of intervals have in common.

    >>> intersect([(0, 9), (20, 30)], [(5, 25)])
    [(5, 9), (20, 25)]
    """
    return merge((max(a, c), min(b, d)) for a, b in left for c, d in right)


def uncovered(since: int, until: int, covered: Sequence[Interval]) -> list[Interval]:
    """The parts of [since, until) that no interval covers.

    >>> uncovered(0, 10, [(2, 5)])
    [(0, 2), (5, 10)]
    """
    gaps, at = [], since
    for start, end in covered:
        if end <= since or start >= until:
            continue
        if start > at:
            gaps.append((at, start))
        at = max(at, end)
    if at < until:
        gaps.append((at, until))
    return gaps


@dataclass(frozen=True)
class Horizon:
    """Per space (network and origin): when all of the brand's outbound listings were read completely."""

    spaces: Mapping[int, Sequence[Interval]]

    def observed_until(self, space: Ints, start_at: Ints) -> Ints:
        """First moment at or after each start that is not completely covered; the start itself where it is not."""
        until = start_at.copy()
        for key, intervals in self.spaces.items():
            mine = space == key
            if not intervals or not mine.any():
                continue
            since = np.array([pair[0] for pair in intervals])
            end = np.array([pair[1] for pair in intervals])
            place = np.searchsorted(since, start_at[mine], side="right") - 1
            inside = (place >= 0) & (start_at[mine] < end[place])
            until[mine] = np.where(inside, end[place], start_at[mine])
        return until

    def last(self, space: Ints) -> Ints:
        """The end of the last covered interval of each unit's space; 0 where nothing was read."""
        ends = {key: intervals[-1][1] for key, intervals in self.spaces.items() if intervals}
        return np.array([ends.get(int(key), 0) for key in space], dtype=np.int64)


def horizon(coverage: pd.DataFrame, account_spaces: Mapping[int, int], as_of: int | None) -> Horizon:
    """The outbound horizon of a brand. `account_spaces`: its account keys with their spaces.

    Several listings of one account complete each other; several handles must all be covered.
    """
    rows = coverage_of(coverage, account_spaces)
    rows = rows[(rows["subject"] == "") & ~rows["gap"]]
    rows = rows[rows["direction"] != Direction.INBOUND.value]
    per_account: dict[int, list[Interval]] = {}
    for account, since_at, until_at in _columns(rows, "account", "since_at", "until_at"):
        until = until_at if as_of is None else min(until_at, as_of)
        per_account.setdefault(account, []).append((since_at, until))
    spaces: dict[int, Sequence[Interval]] = {}
    for account, space in account_spaces.items():
        covered = merge(per_account.get(account, []))
        spaces[space] = intersect(spaces[space], covered) if space in spaces else covered
    return Horizon(spaces)


def _columns(rows: pd.DataFrame, *names: str) -> Iterable[tuple[int, ...]]:
    return zip(*(rows[name].to_numpy(dtype=np.int64).tolist() for name in names), strict=True)


def _pairs(rows: pd.DataFrame) -> list[Interval]:
    return [(since, until) for since, until in _columns(rows, "since_at", "until_at")]


@dataclass(frozen=True, slots=True)
class Completeness:
    """What the gate asks of coverage: a cap that cut the period, and the share of its hours that no listing read."""

    capped: Sequence[str]
    outage_share: float
    never: Sequence[str]


def completeness(
    coverage: pd.DataFrame, accounts: Mapping[int, Handle], period: tuple[int | None, int | None], missing: Sequence[str]
) -> Completeness:
    """How completely the brand's listings were read over the period. `missing`: handles that were never collected.

    An open end of the period is the listing's own: a source that began later or ended earlier has no outage there. So is the
    beginning of a file: nobody says from when on it is complete, and before its first row it may well hold nothing.
    """
    rows = coverage[coverage["account"].isin(list(accounts)) & (coverage["subject"] == "")]
    capped: set[str] = set()
    worst = 0.0
    for (account, stream), part in rows.groupby(["account", "stream"], sort=True, observed=True):
        cut = part["gap"].to_numpy(dtype=np.bool_)
        begun = int(part["since_at"].min())
        since = begun if period[0] is None else max(begun, period[0]) if stream == IMPORT else period[0]
        until = int(part["until_at"].max()) if period[1] is None else period[1]
        holes = uncovered(since, until, merge(_pairs(part[~cut])))
        caps = _pairs(part[cut & (part["reason"] == "cap").to_numpy(dtype=np.bool_)])
        if intersect(holes, merge(caps)):
            capped.add(f"{accounts[int(str(account))].name} ({stream})")
        if until > since:
            worst = max(worst, sum(b - a for a, b in holes) / (until - since))
    return Completeness(sorted(capped), worst, missing)
