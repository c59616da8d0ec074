"""One brand's rows: who speaks to it, what it says, and what stands above what (metrics.md, sections 1 and 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from socialbench.measure.prepare import Prepared
from socialbench.measure.rules import Rules
from socialbench.measure.survival import Bools, Ints
from socialbench.model import DISMISSED, KIND_BITS, REPLY_KIND_SHIFT, Basis, Handle, How, Kind, Linking, Role

_FACTS = frozenset(
    {"sent_at", "author", "space", "root", "linking", "stars", "gone", "last_seen_at", "bot", "text_hash", "key", "followers"}
)

FIVE_STARS_DOWN_TO = 4
"""Reviews of this many stars or more need a response only with a question, request or complaint."""


@dataclass(frozen=True)
class Rows:
    """The brand's messages, those addressed to it, and whatever stands above them, in the store's order.

    `row`: place in the run's frames. `parent`: place here, -1 without one. `own`: written by the brand.
    `inbound`: addressed to it, independently found (or answered-only, where that is all there is). `how`, `role`
    hold for inbound rows, `role` for own ones too. `reply`: an own row that answers somebody else, or goes on doing
    so. `top`: the topmost row above or at each row that is inbound or a reply of the brand, -1 without one; it names
    the thread. `followers`: of the author, -1 where unknown. `kind`, `reply_kind`: what the text is as a customer's
    message and as a brand's reply, -1 where it was not labelled; `dismissed`: its words need no response.
    """

    row: Ints
    sent_at: Ints
    author: Ints
    space: Ints
    network: Ints
    parent: Ints
    parent_absent: Bools
    root: Ints
    linking: Ints
    own: Bools
    inbound: Bools
    how: Ints
    role: Ints
    needs: Bools
    reply: Bools
    top: Ints
    opener: Bools
    stars: Ints
    gone: Ints
    last_seen_at: Ints
    bot: Ints
    text_hash: Ints
    key: Ints
    followers: Ints
    kind: Ints
    reply_kind: Ints
    dismissed: Bools
    answered_only: bool
    context: int
    excluded: int
    repeated: int

    def places(self, rows: Ints) -> Ints:
        """Places here of rows of the run's frames, -1 for those that are none of the brand's."""
        return _places(self.row)(rows)


@dataclass(frozen=True)
class _Addressed:
    rows: Ints
    how: Ints
    role: Ints
    answered_only: bool
    context: int
    excluded: int


def load(prepared: Prepared, accounts: Mapping[int, Handle], rules: Rules) -> Rows:
    """Direction and addressing of one brand's messages. `accounts`: the brand's account keys."""
    addressed = _addressed(prepared, accounts, rules)
    own_all = np.isin(prepared.columns["author"], np.array(sorted(accounts), dtype=np.int64))
    row = _with_ancestors(prepared, np.union1d(np.flatnonzero(own_all), addressed.rows))
    facts = {name: values[row] for name, values in prepared.columns.items() if name in _FACTS}
    local = _places(row)
    at, count = local(addressed.rows), len(row)
    inbound, how, role = np.zeros(count, dtype=np.bool_), np.full(count, -1, dtype=np.int64), np.zeros(count, dtype=np.int64)
    inbound[at], how[at], role[at] = True, addressed.how, addressed.role
    own, absent = own_all[row], prepared.parent_absent[row]
    role[own] = _own_roles(facts["author"][own], accounts)
    parent = _without_cycles(local(prepared.parent[row]))
    reply, top = _threading(facts, own, inbound, parent, absent)
    opener = np.asarray(inbound & (top == np.arange(count)), dtype=np.bool_)
    kind, reply_kind, dismissed = _kinds(facts["key"], prepared.columns["kind"][row], rules)
    needs = _needs_response(opener, how, facts["stars"])
    if rules.needs == "text":
        needs = _needs_by_text(needs, inbound & ~((how == How.REVIEW) & (facts["stars"] >= 0)), kind, dismissed)
    needs = _needs_by_hand(needs, facts["key"], inbound, rules.kinds)
    return Rows(
        row=row,
        network=prepared.network[row],
        parent=parent,
        parent_absent=absent,
        own=own,
        inbound=inbound,
        how=how,
        role=role,
        needs=needs,
        kind=kind,
        reply_kind=reply_kind,
        dismissed=dismissed,
        reply=reply,
        top=top,
        opener=opener,
        answered_only=addressed.answered_only,
        context=addressed.context,
        excluded=addressed.excluded,
        repeated=_repeated(prepared, accounts, rules),
        **facts,
    )


def _repeated(prepared: Prepared, accounts: Mapping[int, Handle], rules: Rules) -> int:
    """Rows of imported files that repeat another of the brand's, of days that begin within the period."""
    frame = prepared.frames.repeated
    if frame is None:
        return 0
    mine = np.isin(frame["account"].to_numpy(dtype=np.int64), np.array(sorted(accounts), dtype=np.int64))
    counted = mine & in_period(frame["day_at"].to_numpy(dtype=np.int64), rules)
    return int(frame["row_count"].to_numpy(dtype=np.int64)[counted].sum())


def _own_roles(author: Ints, accounts: Mapping[int, Handle]) -> Ints:
    support = [key for key, handle in accounts.items() if handle.role == Role.SUPPORT]
    return np.isin(author, np.array(support, dtype=np.int64)).astype(np.int64)


def _threading(facts: Mapping[str, Ints], own: Bools, inbound: Bools, parent: Ints, absent: Bools) -> tuple[Bools, Ints]:
    """(reply, top) of each row, by parents where they are known, by flat threads, by silence where there are no links."""
    linking, root, space = facts["linking"], facts["root"], facts["space"]
    upper = np.where(linking == Linking.PARENT, parent, -1)
    reply = _replies(own, upper, absent) | _flat_replies(own, linking, root, space)
    top = _flat_tops(_tops(inbound | reply, upper), inbound | reply, linking, root, space)
    return reply, _linkless_tops(top, inbound, linking, facts["author"], space, facts["sent_at"])


def _needs_response(opener: Bools, how: Ints, stars: Ints) -> Bools:
    """Rule version 1, the structural half: openers that lead with the handle or stand on its page, reviews of up to 3 stars."""
    spoken_to = np.isin(how, (How.LEADING, How.POST))
    reviewed = (how == How.REVIEW) & (stars >= 0) & (stars < FIVE_STARS_DOWN_TO)
    return np.asarray(opener & (spoken_to | reviewed), dtype=np.bool_)


def _needs_by_text(structural: Bools, starless: Bools, kind: Ints, dismissed: Bools) -> Bools:
    """Rule version 2: a question, request or complaint wherever it stands, and what is addressed unless its words ask nothing.

    `starless`: inbound that is no review with stars. These are the author's own verdict, where words go wrong: three of
    them with "ok, but" read as praise. A message that was not labelled is read by its structure alone.
    """
    asks = starless & (kind >= 0) & (kind <= Kind.COMPLAINT)
    return np.asarray(asks | (structural & ~(dismissed & starless)), dtype=np.bool_)


def _needs_by_hand(needs: Bools, key: Ints, inbound: Bools, kinds: Mapping[int, int]) -> Bools:
    """Who says that a message is a question, or thanks, outranks how it is addressed."""
    if not kinds:
        return needs
    said = np.array([kinds.get(each, -1) for each in key.tolist()], dtype=np.int64)
    return np.asarray(np.where(said >= 0, inbound & (said <= Kind.COMPLAINT), needs), dtype=np.bool_)


def _kinds(key: Ints, code: Ints, rules: Rules) -> tuple[Ints, Ints, Bools]:
    """(kind, kind as a reply, dismissed) of each row; corrections by hand outrank the rules."""
    known = code >= 0
    kind = np.where(known, code & KIND_BITS, -1)
    reply_kind = np.where(known, (code >> REPLY_KIND_SHIFT) & KIND_BITS, -1)
    reply_kind = np.where(reply_kind == KIND_BITS, -1, reply_kind)
    dismissed = known & ((code & DISMISSED) > 0)
    if rules.kinds:
        by_hand = np.array([rules.kinds.get(each, -1) for each in key.tolist()], dtype=np.int64)
        kind = np.where(by_hand >= 0, by_hand, kind)
        dismissed = np.where(by_hand >= 0, by_hand > Kind.COMPLAINT, dismissed)
    return kind, reply_kind, np.asarray(dismissed, dtype=np.bool_)


def _addressed(prepared: Prepared, accounts: Mapping[int, Handle], rules: Rules) -> _Addressed:
    """Rows addressed to the brand, one each: the strongest basis decides whether, the first fitting how is kept."""
    frame = prepared.frames.addresses
    account = frame["account"].to_numpy(dtype=np.int64)
    mine = np.isin(account, np.array(sorted(accounts), dtype=np.int64)) & (prepared.address_row >= 0)
    row = prepared.address_row[mine]
    how = frame["how"].to_numpy(dtype=np.int64)[mine]
    basis = frame["basis"].to_numpy(dtype=np.int64)[mine]
    support = np.array([accounts[key].role == Role.SUPPORT for key in account[mine].tolist()], dtype=np.int64)
    foreign = ~np.isin(prepared.columns["author"][row], np.array(sorted(accounts), dtype=np.int64))
    row, how, basis, support = row[foreign], how[foreign], basis[foreign], support[foreign]
    order = np.lexsort((support, how, row))
    row, how, basis, support = row[order], how[order], basis[order], support[order]
    first = np.flatnonzero(np.concatenate(([True], row[1:] != row[:-1]))) if len(row) else np.zeros(0, dtype=np.int64)
    best = np.minimum.reduceat(basis, first) if len(row) else basis
    row, how, support = row[first], _by_parent(prepared, row[first], how[first], accounts), support[first]
    answered_only = bool(len(best)) and not bool((best == Basis.INDEPENDENT).any()) and bool((best == Basis.ANSWERED_ONLY).any())
    counted = best == (Basis.ANSWERED_ONLY if answered_only else Basis.INDEPENDENT)
    out = struck(prepared.columns["key"][row], rules.excluded | rules.not_addressed)
    keep = counted & ~out
    current = in_period(prepared.columns["sent_at"][row], rules)
    return _Addressed(
        row[keep],
        how[keep],
        support[keep],
        answered_only,
        int(np.count_nonzero((best == Basis.CONTEXT) & current)),
        int(np.count_nonzero(counted & out & current)),
    )


def struck(keys: Ints, out: frozenset[int]) -> Bools:
    """Which of these message keys are among those taken out."""
    return np.isin(keys, np.array(sorted(out), dtype=np.int64))


def _by_parent(prepared: Prepared, row: Ints, how: Ints, accounts: Mapping[int, Handle]) -> Ints:
    """A message that answers one of the brand's is a `reply`, whatever else it is, unless it is a review or a post."""
    parent = prepared.parent[row]
    author = np.where(parent >= 0, prepared.columns["author"][parent], -1)
    answers = np.isin(author, np.array(sorted(accounts), dtype=np.int64))
    return np.where(answers, np.minimum(how, int(How.REPLY)), how)


def _with_ancestors(prepared: Prepared, rows: Ints) -> Ints:
    """These rows and everything above them, sorted."""
    known = rows
    frontier = rows
    while len(frontier):
        above = np.unique(prepared.parent[frontier])
        frontier = np.setdiff1d(above[above >= 0], known, assume_unique=True)
        known = np.union1d(known, frontier)
    return known.astype(np.int64)


class _places:  # noqa: N801 - used as a function
    """Places of rows in a sorted list of rows, -1 for those not in it."""

    def __init__(self, rows: Ints) -> None:
        self._rows = rows

    def __call__(self, rows: Ints) -> Ints:
        if not len(self._rows):
            return np.full(len(rows), -1, dtype=np.int64)
        place = np.minimum(np.searchsorted(self._rows, rows), len(self._rows) - 1)
        return np.where((rows >= 0) & (self._rows[place] == rows), place, -1).astype(np.int64)


def _jumps(count: int) -> range:
    return range(max(count, 1).bit_length() + 1)


def _without_cycles(parent: Ints) -> Ints:
    """Parents with every row that never reaches a top (a cycle made by a hostile or broken source) made a top itself."""
    itself = np.arange(len(parent))
    jump = np.where(parent >= 0, parent, itself)
    step = jump
    for _ in _jumps(len(parent)):
        step = step[step]
    return np.where(jump[step] == step, parent, -1)


def _replies(own: Bools, parent: Ints, parent_absent: Bools) -> Bools:
    """Own rows that answer somebody else, directly or by continuing an own reply; an absent parent is somebody else's."""
    itself = np.arange(len(own))
    step = np.where(own & (parent >= 0) & own[parent], parent, itself)
    for _ in _jumps(len(own)):
        step = step[step]
    return np.asarray(own & ((parent[step] >= 0) | parent_absent[step]), dtype=np.bool_)


def _tops(wanted: Bools, parent: Ints) -> Ints:
    """The topmost wanted row at or above each row, -1 without one, by pointer jumping."""
    itself = np.arange(len(wanted))
    jump = np.where(parent >= 0, parent, itself)
    top = np.where(wanted, itself, -1)
    for _ in _jumps(len(wanted)):
        above = top[jump]
        top = np.where(above >= 0, above, top)
        jump = jump[jump]
    return top


def threads(linking: Ints, root: Ints, space: Ints) -> list[Ints]:
    """Rows of each flat thread, in the store's order."""
    flat = np.flatnonzero((linking == Linking.THREAD) & (root >= 0))
    if not len(flat):
        return []
    order = np.lexsort((flat, root[flat], space[flat]))
    flat = flat[order]
    edges = np.flatnonzero((np.diff(root[flat]) != 0) | (np.diff(space[flat]) != 0)) + 1
    return np.split(flat, edges)


def _flat_replies(own: Bools, linking: Ints, root: Ints, space: Ints) -> Bools:
    """Own rows of flat threads behind somebody else's."""
    found = np.zeros(len(own), dtype=np.bool_)
    for thread in threads(linking, root, space):
        others = np.logical_or.accumulate(~own[thread])
        found[thread] = own[thread] & others
    return found


def _flat_tops(top: Ints, wanted: Bools, linking: Ints, root: Ints, space: Ints) -> Ints:
    """On flat networks the comment thread or topic is the branch: its first wanted row is the top of all behind it."""
    top = top.copy()
    for thread in threads(linking, root, space):
        first = np.flatnonzero(wanted[thread])
        if len(first):
            top[thread] = np.where(np.arange(len(thread)) >= first[0], thread[first[0]], -1)
    return top


def _linkless_tops(top: Ints, inbound: Bools, linking: Ints, author: Ints, space: Ints, sent_at: Ints) -> Ints:
    """Without links the first message after 24 h without a word opens."""
    from socialbench.measure.rules import QUIET_MS

    rows = np.flatnonzero((linking == Linking.NONE) & inbound & (author >= 0))
    top = top.copy()
    if not len(rows):
        return top
    order = np.lexsort((rows, author[rows], space[rows]))
    rows = rows[order]
    new = np.concatenate(
        ([True], (np.diff(author[rows]) != 0) | (np.diff(space[rows]) != 0) | (np.diff(sent_at[rows]) > QUIET_MS))
    )
    top[rows] = rows[np.flatnonzero(new)[np.cumsum(new) - 1]]
    return top


def in_period(moment_at: Ints, rules: Rules) -> np.ndarray:
    """Whether moments lie in the run's half-open period."""
    keep = np.ones(len(moment_at), dtype=np.bool_)
    if rules.since_at is not None:
        keep &= moment_at >= rules.since_at
    if rules.until_at is not None:
        keep &= moment_at < rules.until_at
    return keep
