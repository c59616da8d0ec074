"""The units that are counted: one row each, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from socialbench.measure.survival import Bools, Floats, Ints


@dataclass(frozen=True, slots=True)
class Units:
    """One entry per unit in each column, in the order of their first messages.

    `start_at`: the clock's start (UTC ms). `day`: its calendar day in the report's zone, since 1970. `author`: a
    code per author. `network`, `role`: codes into `network_names` and ("brand", "support"). `latency_s`: time to
    the answer, NaN without one. `watched_s`: how long an answer would have been seen (observed_until - start).
    `duration_s`, `answered`: what enters the curve, at most the follow-up. `negative`: an answer dated before the
    start. `unseen`: not watched at its start. `gapped`: watched for less than the follow-up because a listing
    has a hole. `needs`: needs a response. `opener`: no follow-up. `messages`: how many it holds. `first`: row of
    its first message, `clock`: of the message that starts the clock; `answer`: row of the answer, or -1. `settled`: the
    answer was the last word.
    """

    start_at: Ints
    day: Ints
    author: Ints
    network: Ints
    role: Ints
    latency_s: Floats
    watched_s: Floats
    duration_s: Floats
    answered: Bools
    negative: Bools
    unseen: Bools
    gapped: Bools
    needs: Bools
    opener: Bools
    parent_absent: Bools
    settled: Bools
    messages: Ints
    first: Ints
    clock: Ints
    answer: Ints
    network_names: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.start_at)

    def where(self, keep: npt.NDArray[np.bool_]) -> Units:
        """The units for which `keep` is true."""
        columns = {field.name: getattr(self, field.name)[keep] for field in fields(self) if field.name != "network_names"}
        return replace(self, **columns)

    @property
    def timed(self) -> Bools:
        """Units that enter curves: watched from their start, and no answer of unknown time."""
        return np.asarray(~self.negative & ~self.unseen, dtype=np.bool_)


def made_up(
    pairs: Sequence[tuple[float | None, float]], *, authors: Sequence[int] | None = None, follow_up_s: float = 604_800.0
) -> Units:
    """Units for worked examples: (seconds to the answer or None, seconds watched), an author and a day each by default.

    >>> made_up([(60, 1000), (None, 1000)]).answered.tolist()
    [True, False]
    """
    count = len(pairs)
    latency = np.array([np.nan if wait is None else wait for wait, _ in pairs], dtype=np.float64)
    watched = np.array([seen for _, seen in pairs], dtype=np.float64)
    horizon = np.minimum(watched, follow_up_s)
    answered = np.nan_to_num(latency, nan=np.inf) <= horizon
    zeros, no = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.bool_)
    days = np.arange(count, dtype=np.int64)
    return Units(
        start_at=days * 86_400_000,
        day=days,
        author=days if authors is None else np.array(authors, dtype=np.int64),
        network=zeros,
        role=zeros,
        latency_s=latency,
        watched_s=watched,
        duration_s=np.where(answered, np.nan_to_num(latency), horizon),
        answered=np.asarray(answered & ~(latency < 0), dtype=np.bool_),
        negative=np.asarray(latency < 0, dtype=np.bool_),
        unseen=no,
        gapped=no,
        needs=~no,
        opener=~no,
        parent_absent=no,
        settled=np.asarray(answered & ~(latency < 0), dtype=np.bool_),
        messages=zeros + 1,
        first=days,
        clock=days,
        answer=zeros - 1,
        network_names=("x",),
    )
