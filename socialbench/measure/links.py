"""Which of the brand's messages answers which inbound message (metrics.md, `link_method` and reading 7)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from socialbench.measure.load import Rows, in_period, struck, threads
from socialbench.measure.rules import Rules
from socialbench.measure.survival import Bools, Ints
from socialbench.model import Linking, ReplyKind

TEMPLATE_COUNT = 20
TEMPLATE_SHARE = 0.05
TEMPLATE_MEDIAN_MS = 60_000
LOOKS_SHARE = 0.5
LOOKS_ANSWERED = 0.95


@dataclass(frozen=True)
class Links:
    """`target[i]` (an inbound row) is answered by `reply[i]` (an own row), sorted by target, then reply.

    `by_thread[i]`: linked by the thread alone. `unlinked`: replies whose parent is absent. `automated`: own rows
    that are automatic answers; they are in `target`/`reply` only where the run counts them.
    """

    target: Ints
    reply: Ints
    by_thread: Bools
    unlinked: int
    automated: Bools
    template: Bools

    def first(self, count: int) -> Ints:
        """The earliest counting reply of each row, -1 without one."""
        found = np.full(count, -1, dtype=np.int64)
        found[self.target[::-1]] = self.reply[::-1]
        return found


def link(rows: Rows, rules: Rules) -> Links:
    """Replies by the id of the message answered; in flat threads each answers the latest author waiting there."""
    template = _templates(rows)
    target, reply, by_thread = _pairs(rows, rows.own)
    automated = _automated(rows, rules, target, reply, template)
    counting = _counts(rows, rules, automated) & ~struck(rows.key, rules.several)
    if not counting[reply].all():
        # In a flat thread a reply that does not count must not take the message from the one that does.
        target, reply, by_thread = _pairs(rows, rows.own & counting)
    lost = rows.own & rows.parent_absent & (rows.linking != Linking.THREAD)
    unlinked = int(np.count_nonzero(lost & in_period(rows.sent_at, rules)))
    return Links(target, reply, by_thread, unlinked, automated, template)


def _pairs(rows: Rows, speaking: Bools) -> tuple[Ints, Ints, Bools]:
    """(answered, answering, by the thread alone) for the own rows that are `speaking`, sorted by what is answered."""
    direct = np.flatnonzero(speaking & (rows.linking != Linking.THREAD) & (rows.parent >= 0))
    direct = direct[rows.inbound[rows.parent[direct]]]
    flat_target, flat_reply = _by_thread(rows, speaking)
    target = np.concatenate((rows.parent[direct], flat_target))
    reply = np.concatenate((direct, flat_reply))
    by_thread = np.concatenate((np.zeros(len(direct), dtype=np.bool_), np.ones(len(flat_reply), dtype=np.bool_)))
    order = np.lexsort((reply, target))
    return target[order], reply[order], by_thread[order]


def _counts(rows: Rows, rules: Rules, automated: Bools) -> Bools:
    """Which own rows stop the clock: all, those by people, or those that say more than "we look into it, please DM us".

    A reply that was not labelled is taken for substantive.
    """
    if rules.answers == "any":
        return np.ones(len(rows.row), dtype=np.bool_)
    if rules.answers == "human":
        return np.asarray(~automated, dtype=np.bool_)
    return np.asarray(~automated & (rows.reply_kind <= ReplyKind.SUBSTANTIVE), dtype=np.bool_)


def _by_thread(rows: Rows, speaking: Bools) -> tuple[Ints, Ints]:
    """Pairs of flat threads; a named parent outranks the thread."""
    target: list[int] = []
    reply: list[int] = []
    for thread in threads(rows.linking, rows.root, rows.space):
        said = thread[rows.inbound[thread] | speaking[thread]]
        if speaking[said].any():
            _link_thread(rows, said, target, reply)
    return np.array(target, dtype=np.int64), np.array(reply, dtype=np.int64)


def _link_thread(rows: Rows, thread: Ints, target: list[int], reply: list[int]) -> None:
    waiting: dict[int, int] = {}
    for place in thread.tolist():
        author = int(rows.author[place]) if rows.author[place] >= 0 else -2 - place
        if rows.inbound[place]:
            waiting.pop(author, None)
            waiting[author] = place
        elif rows.own[place]:
            above = int(rows.parent[place])
            if above >= 0 and rows.inbound[above]:
                target.append(above)
                reply.append(place)
                waiting = {who: at for who, at in waiting.items() if at != above}
            elif waiting:
                latest = next(reversed(waiting))
                target.append(waiting.pop(latest))
                reply.append(place)


def _templates(rows: Rows) -> Bools:
    """Replies whose normalised text stands 20 times or more among the brand's replies."""
    replies = np.flatnonzero(rows.reply)
    found = np.zeros(len(rows.row), dtype=np.bool_)
    if len(replies):
        _, inverse, counts = np.unique(rows.text_hash[replies], return_inverse=True, return_counts=True)
        found[replies] = counts[inverse] >= TEMPLATE_COUNT
    return found


def _automated(rows: Rows, rules: Rules, target: Ints, reply: Ints, template: Bools) -> Bools:
    """A pattern of the config, the network's bot flag, or a template with a median latency under a minute."""
    automated = np.asarray(rows.own & ((rows.bot == 1) | np.isin(rows.key, np.array(sorted(rules.automated), dtype=np.int64))))
    replies = int(np.count_nonzero(rows.reply))
    linked = template[reply]
    hashes, waits = rows.text_hash[reply[linked]], rows.sent_at[reply[linked]] - rows.sent_at[target[linked]]
    for value in np.unique(hashes):
        same = rows.reply & (rows.text_hash == value)
        count = int(np.count_nonzero(same))
        if count >= TEMPLATE_SHARE * replies and float(np.median(waits[hashes == value])) < TEMPLATE_MEDIAN_MS:
            automated = automated | same
    return np.asarray(automated, dtype=np.bool_)


def looks_automatic(rows: Rows, links: Links, answered_share: float | None) -> bool:
    """At least half of the replies are templates and at least 95 % are answered: a note that changes no figure."""
    replies = int(np.count_nonzero(rows.reply))
    if not replies or answered_share is None:
        return False
    return bool(np.count_nonzero(links.template & rows.reply) / replies >= LOOKS_SHARE and answered_share >= LOOKS_ANSWERED)
