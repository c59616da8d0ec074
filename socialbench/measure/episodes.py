"""Units from rows: episodes, single messages or openers, each with its clock and its answer (metrics.md, sections 1 and 7)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from socialbench.measure.links import Links
from socialbench.measure.load import Rows, in_period
from socialbench.measure.observed import Horizon
from socialbench.measure.rules import CLIENT_DATED, QUIET_MS, SKEW_MS, Population, Rules
from socialbench.measure.settled import settled
from socialbench.measure.survival import Ints
from socialbench.measure.units import Units
from socialbench.model import DAY_MS, Gone


@dataclass
class _Drafts:
    """Units while they are being found: rows of the first message, the clock and the answer, and how many messages."""

    first: Ints
    clock: Ints
    answer: Ints
    messages: Ints
    needs: np.ndarray


def units(rows: Rows, links: Links, seen: Horizon, rules: Rules, names: tuple[str, ...]) -> Units:
    """All units of a brand that start in the period, whatever the population; the clock follows `rules.population`."""
    drafts = _DRAFT[rules.unit](rows, links, rules)
    order = np.argsort(drafts.first, kind="stable")
    drafts = _Drafts(drafts.first[order], drafts.clock[order], drafts.answer[order], drafts.messages[order], drafts.needs[order])
    found = _timed(drafts, rows, seen, rules, names)
    found = replace(found, settled=settled(rows, links, found.first, found.answer, found.start_at + rules.follow_up_ms))
    return found.where(in_period(found.start_at, rules))


def _per_message(rows: Rows, links: Links, rules: Rules) -> _Drafts:
    """Each inbound message, answered by the first reply to it."""
    del rules
    message = np.flatnonzero(rows.inbound)
    return _Drafts(message, message, links.first(len(rows.row))[message], np.ones_like(message), rows.needs[message])


def _per_opener(rows: Rows, links: Links, rules: Rules) -> _Drafts:
    """Each opener, answered by the first reply to it, or later than it to any message of its thread."""
    del rules
    opener = np.flatnonzero(rows.opener)
    answer = np.full(len(rows.row), -1, dtype=np.int64)
    thread = rows.top[links.target]
    fits = (thread >= 0) & ((links.target == thread) | (rows.sent_at[links.reply] >= rows.sent_at[thread]))
    order = np.argsort(links.reply[fits], kind="stable")[::-1]
    answer[thread[fits][order]] = links.reply[fits][order]
    return _Drafts(opener, opener, answer[opener], np.ones_like(opener), rows.needs[opener])


def _per_episode(rows: Rows, links: Links, rules: Rules) -> _Drafts:
    """Messages of one author in one thread, cut where an answered case has been quiet or a new answer begins."""
    inbound = np.flatnonzero(rows.inbound)
    thread = np.where(rows.top[inbound] >= 0, rows.top[inbound], inbound)
    author = np.where(rows.author[inbound] >= 0, rows.author[inbound], -2 - inbound)
    order = np.lexsort((inbound, author, thread))
    inbound, thread, author = inbound[order], thread[order], author[order]
    new = np.ones(len(inbound), dtype=np.bool_)
    new[1:] = (np.diff(thread) != 0) | (np.diff(author) != 0)
    starts = np.flatnonzero(new)
    sizes = np.diff(np.append(starts, len(inbound)))
    single = inbound[starts[sizes == 1]]
    singles = _Drafts(single, single, links.first(len(rows.row))[single], np.ones_like(single), rows.needs[single])
    several = [inbound[start : start + size] for start, size in zip(starts, sizes, strict=True) if size > 1]
    return _joined(singles, _Talks(rows, links, rules).drafts(several))


def _per_silence(rows: Rows, links: Links, rules: Rules) -> _Drafts:
    """An author's messages to the brand from one that follows 24 h without a word of either side, whatever the thread.

    Words are the author's messages and the replies linked to them. The answer is the earliest reply to the first message,
    or to a later one if sent after the first.
    """
    del rules
    inbound = np.flatnonzero(rows.inbound)
    author = np.where(rows.author >= 0, rows.author, -2 - np.arange(len(rows.row)))
    whose = np.concatenate((inbound, links.target))
    word = np.concatenate((inbound, links.reply))
    order = np.lexsort((word, author[whose], rows.space[whose]))
    whose, word, asked = whose[order], word[order], (np.arange(len(word)) < len(inbound))[order]
    same = np.zeros(len(word), dtype=np.bool_)
    same[1:] = (np.diff(author[whose]) == 0) & (np.diff(rows.space[whose]) == 0)
    near = np.zeros(len(word), dtype=np.bool_)
    near[1:] = np.diff(rows.sent_at[word]) <= QUIET_MS
    opens = asked & ~(same & near)
    # A reply dated before the author's first message (an edited review) is no word that it could follow.
    place, group = np.flatnonzero(asked), np.cumsum(~same)[asked]
    opens[place[np.diff(group, prepend=0) > 0]] = True
    talk, first = np.cumsum(opens), word[opens]
    messages = np.bincount(talk[asked], minlength=len(first) + 1)[1:]
    needs = np.bincount(talk[asked], weights=rows.needs[word[asked]], minlength=len(first) + 1)[1:] > 0
    of_row = np.zeros(len(rows.row), dtype=np.int64)
    of_row[word[asked]] = talk[asked]
    start = first[of_row[links.target] - 1]
    fits = (links.target == start) | (rows.sent_at[links.reply] >= rows.sent_at[start])
    answer = np.full(len(rows.row), np.iinfo(np.int64).max)
    np.minimum.at(answer, start[fits], links.reply[fits])
    answer = np.where(answer == np.iinfo(np.int64).max, -1, answer)
    return _Drafts(first, first, answer[first], messages.astype(np.int64), np.asarray(needs, dtype=np.bool_))


_DRAFT = {"message": _per_message, "opener": _per_opener, "episode": _per_episode, "silence": _per_silence}


def _joined(left: _Drafts, right: _Drafts) -> _Drafts:
    return _Drafts(*(np.concatenate((getattr(left, name), getattr(right, name))) for name in vars(left)))


class _Talks:
    """Cuts talks of several messages by one author into episodes."""

    def __init__(self, rows: Rows, links: Links, rules: Rules) -> None:
        self._sent = rows.sent_at
        self._needs = rows.needs
        self._follow_up = rules.follow_up_ms
        self._wants_need = rules.population == "needs-response"
        self._target, self._reply = links.target, links.reply

    def drafts(self, talks: list[Ints]) -> _Drafts:
        """One draft per episode of all talks."""
        found: list[tuple[int, int, int, int, bool]] = []
        for talk in talks:
            for episode in self._episodes(talk.tolist()):
                found.append(self._draft(episode))
        table = np.array(found, dtype=np.int64).reshape(-1, 5)
        return _Drafts(table[:, 0], table[:, 1], table[:, 2], table[:, 3], table[:, 4].astype(np.bool_))

    def _replies(self, message: int) -> Ints:
        low, high = np.searchsorted(self._target, [message, message + 1])
        return self._reply[low:high]

    def _episodes(self, talk: list[int]) -> list[list[int]]:
        """An episode is open until its first message + follow_up; after its first answer, for 24 h or until answered anew."""
        episodes: list[list[int]] = []
        current: list[int] = []
        for message in talk:
            if current and self._opens(current, message):
                episodes.append(current)
                current = []
            current.append(message)
        episodes.append(current)
        return episodes

    def _opens(self, current: list[int], message: int) -> bool:
        sent = int(self._sent[message])
        if sent > int(self._sent[current[0]]) + self._follow_up:
            return True
        answered = self._answer(current)
        if answered < 0 or int(self._sent[answered]) > sent:
            return False
        return sent > int(self._sent[answered]) + QUIET_MS or len(self._replies(message)) > 0

    def _clock(self, episode: list[int]) -> int:
        if self._wants_need:
            return next((message for message in episode if self._needs[message]), episode[0])
        return episode[0]

    def _answer(self, episode: list[int]) -> int:
        """The earliest reply to the message that starts the clock, or to any other if sent after it; -1 without one."""
        clock = self._clock(episode)
        start = self._sent[clock]
        fitting = [
            int(reply)
            for message in episode
            for reply in self._replies(message).tolist()
            if message == clock or self._sent[reply] >= start
        ]
        return min(fitting, default=-1)

    def _draft(self, episode: list[int]) -> tuple[int, int, int, int, bool]:
        needs = any(bool(self._needs[message]) for message in episode)
        return episode[0], self._clock(episode), self._answer(episode), len(episode), needs


def calendar_days(moment_at: Ints, zone: str) -> Ints:
    """Calendar days since 1970 of UTC moments (ms) in a zone."""
    local = pd.DatetimeIndex(pd.to_datetime(moment_at, unit="ms", utc=True)).tz_convert(zone).tz_localize(None)
    return np.asarray(local.as_unit("ms").asi8 // DAY_MS, dtype=np.int64)


def _latency(drafts: _Drafts, rows: Rows, names: tuple[str, ...]) -> np.ndarray:
    answered = drafts.answer >= 0
    wait = np.where(answered, rows.sent_at[drafts.answer] - rows.sent_at[drafts.clock], 0).astype(np.float64)
    skewed = np.isin(rows.network[drafts.clock], [code for code, name in enumerate(names) if name in CLIENT_DATED])
    wait = np.where(skewed & (wait < 0) & (wait >= -SKEW_MS), 0.0, wait)
    return np.where(answered, wait / 1000.0, np.nan)


def _timed(drafts: _Drafts, rows: Rows, seen: Horizon, rules: Rules, names: tuple[str, ...]) -> Units:
    clock = drafts.clock
    start = rows.sent_at[clock]
    latency = _latency(drafts, rows, names)
    until = seen.observed_until(rows.space[clock], start)
    watched = (until - start) / 1000.0
    deleted = np.isin(rows.gone[clock], [int(Gone.BY_AUTHOR)]) & (rows.last_seen_at[clock] >= 0)
    last_seen = np.maximum(rows.last_seen_at[clock] - start, 0) / 1000.0
    horizon = np.minimum(watched, rules.follow_up_s)
    negative = latency < 0
    with np.errstate(invalid="ignore"):
        answered = (latency <= horizon) & ~negative
    censored = np.where(deleted, np.minimum(horizon, last_seen), horizon)
    author = rows.author[clock]
    return Units(
        start_at=start,
        day=calendar_days(start, rules.zone.key),
        author=np.where(author >= 0, author, -2 - rows.row[clock]),
        network=rows.network[clock],
        role=rows.role[drafts.first],
        latency_s=latency,
        watched_s=watched,
        duration_s=np.where(answered, np.nan_to_num(latency), censored),
        answered=np.asarray(answered, dtype=np.bool_),
        negative=np.asarray(negative, dtype=np.bool_),
        unseen=np.asarray(until <= start, dtype=np.bool_),
        gapped=np.asarray((watched < rules.follow_up_s) & (until < seen.last(rows.space[clock])), dtype=np.bool_),
        needs=drafts.needs,
        opener=rows.opener[drafts.first],
        parent_absent=rows.parent_absent[drafts.first],
        settled=np.zeros(len(start), dtype=np.bool_),
        messages=drafts.messages,
        first=drafts.first,
        clock=clock,
        answer=drafts.answer,
        network_names=names,
    )


def of_population(all_units: Units, population: Population) -> Units:
    """The units over which rates and times are taken."""
    return all_units if population == "all" else all_units.where(all_units.needs)
