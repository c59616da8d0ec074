"""Coverage: from when to when everything visible was read, and where not.

What one sweep has read completely stays read: a later complete sweep over a gap closes it, a later gap over what was
read before changes nothing. Within one batch a gap cuts the coverage told beside it. So the stored intervals of a
stream never overlap a gap of it, and no order of saving shows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from socialbench.model import Coverage
from socialbench.store import schema
from socialbench.store.rows import delete_in, select_in, upsert

Interval = tuple[int, int]
Listing = tuple[str, str, str, str]
"""stream, direction, subject, sample"""
Kind = tuple[int, str, int]
"""gap, reason, assumed"""
Told = dict[Kind, list[Interval]]

_TABLE = schema.coverage
_LISTING = ("stream", "direction", "subject", "sample")
_KIND = ("gap", "reason", "assumed")
_PLACE = ("account", "stream", "direction")
_LOAD = select(_TABLE).where(*(_TABLE.c[name] == bindparam(name) for name in _PLACE)).order_by(_TABLE.c.since_at)
_LOAD_MOVED = select(_TABLE).where(_TABLE.c.account == bindparam("account")).order_by(_TABLE.c.since_at)
_DROP = _TABLE.delete().where(*(_TABLE.c[name] == bindparam(name) for name in ("account", *_LISTING)))


def save_coverage(connection: Connection, told: Sequence[Coverage], keys: Mapping[tuple[str, str, str], int]) -> None:
    """Save the intervals of a batch; `keys` are those of (network, origin, account id)."""
    batch: dict[tuple[int, Listing], Told] = {}
    for each in told:
        if each.until_at < each.since_at:
            raise ValueError(f"coverage of {each.stream} ends at {each.until_at} before it begins at {each.since_at}")
        account = keys[each.network, each.origin, each.account_id]
        listing = (each.stream, str(each.direction), each.subject, each.sample)
        kind = (int(each.gap), each.reason, int(each.assumed))
        batch.setdefault((account, listing), {}).setdefault(kind, []).append((each.since_at, each.until_at))
    _save(connection, batch)


def move_coverage(connection: Connection, old: int, new: int) -> None:
    """Give all coverage of one account to another."""
    told = connection.execute(_LOAD_MOVED, {"account": old})
    moved = {(new, listing): intervals for (_, listing), intervals in _read(told).items()}
    delete_in(connection, _TABLE.c.account, [old])
    _save(connection, moved)


def _save(connection: Connection, batch: Mapping[tuple[int, Listing], Told]) -> None:
    known = _load(connection, batch)
    for (account, listing), told in batch.items():
        before = known.get((account, listing), {})
        after = join(before, told)
        if after != before:
            place = {"account": account, **dict(zip(_LISTING, listing, strict=True))}
            if before:
                connection.execute(_DROP, place)
            rows = [
                {**place, **dict(zip(_KIND, kind, strict=True)), "since_at": since_at, "until_at": until_at}
                for kind, intervals in after.items()
                for since_at, until_at in intervals
            ]
            upsert(connection, _TABLE, rows)


def _load(connection: Connection, listings: Collection[tuple[int, Listing]]) -> dict[tuple[int, Listing], Told]:
    subjects: dict[tuple[int, str, str], set[str]] = {}
    for account, (stream, direction, subject, _) in listings:
        subjects.setdefault((account, stream, direction), set()).add(subject)
    found: dict[tuple[int, Listing], Told] = {}
    for (account, stream, direction), among in subjects.items():
        place = {"account": account, "stream": stream, "direction": direction}
        found |= _read(select_in(connection, _LOAD, _TABLE.c.subject, among, **place))
    return found


def _read(rows: Iterable[Row[Any]]) -> dict[tuple[int, Listing], Told]:
    found: dict[tuple[int, Listing], Told] = {}
    for row in rows:
        listing = (row.stream, row.direction, row.subject, row.sample)
        kind = (row.gap, row.reason, row.assumed)
        found.setdefault((row.account, listing), {}).setdefault(kind, []).append((row.since_at, row.until_at))
    return found


def join(before: Told, told: Told) -> Told:
    """What is known of one listing before and after a batch: no interval is empty, none touches its like, no gap is covered."""
    told_gaps = union(interval for kind, intervals in told.items() if kind[0] for interval in intervals)
    after: Told = {}
    for kind in before.keys() | told.keys():
        new = told.get(kind, [])
        after[kind] = union([*before.get(kind, []), *(new if kind[0] else minus(union(new), told_gaps))])
    covered = union(interval for kind, intervals in after.items() if not kind[0] for interval in intervals)
    cut = {kind: minus(intervals, covered) if kind[0] else intervals for kind, intervals in after.items()}
    return {kind: cut[kind] for kind in sorted(cut) if cut[kind]}


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The intervals in order, those that overlap or touch as one, the empty ones left out.

    >>> union([(5, 7), (0, 2), (2, 3), (9, 9)])
    [(0, 3), (5, 7)]
    """
    joined: list[Interval] = []
    for since_at, until_at in sorted(each for each in intervals if each[0] < each[1]):
        if joined and since_at <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], until_at))
        else:
            joined.append((since_at, until_at))
    return joined


def minus(intervals: Sequence[Interval], holes: Sequence[Interval]) -> list[Interval]:
    """The intervals without the holes, both as `union` gives them.

    >>> minus([(0, 10), (20, 30)], [(2, 3), (9, 25)])
    [(0, 2), (3, 9), (25, 30)]
    """
    left: list[Interval] = []
    first = 0
    for since_at, until_at in intervals:
        at = since_at
        while first < len(holes) and holes[first][1] <= since_at:
            first += 1
        for hole_since, hole_until in holes[first:]:
            if hole_since >= until_at:
                break
            if hole_since > at:
                left.append((at, hole_since))
            at = max(at, hole_until)
        if at < until_at:
            left.append((at, until_at))
    return left
