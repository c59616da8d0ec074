"""Kaplan-Meier curves of the time to an answer, and what each unit contributes to them.

An unanswered unit is right-censored: it stays among those at risk up to the moment until which it was watched,
and counts after an answer at the same moment. Oracle: scipy.stats.ecdf (held by a test).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Curve:
    """The share still unanswered after each answer time.

    `duration_s`, `answered`: one entry per unit. `time_s`: the distinct answer times; `risk`, `hazard` and
    `unanswered` (the survival function right after the time) stand beside them.
    """

    duration_s: Floats
    answered: Bools
    time_s: Floats
    risk: Ints
    hazard: Floats
    unanswered: Floats
    burden: Floats
    """Cumulated hazard / (risk (1 - hazard)), with a leading 0: the at-risk part of the influence."""
    place: Ints
    """How many answer times are not later than each unit's duration."""
    gain: Floats
    """The event part of each unit's influence: 1 / (risk (1 - hazard)) at its time, 0 without an answer."""

    def answered_by(self, horizon_s: float) -> float:
        """Share answered by `horizon_s`.

        Three units: answered after 60 s, watched 90 s without an answer, answered after 120 s. By 60 s one in
        three is answered; at 120 s one of one is, so the rest, 2/3, is answered too.

        >>> c = curve([60, 90, 120], [True, False, True])
        >>> round(c.answered_by(60), 4), c.answered_by(120)
        (0.3333, 1.0)
        """
        place = int(np.searchsorted(self.time_s, horizon_s, side="right"))
        return float(1.0 - self.unanswered[place - 1]) if place else 0.0

    def quantile(self, share: float) -> float | None:
        """Smallest time by which at least `share` is answered; None where the curve does not reach it.

        >>> curve([1, 2, 3, 9], [True, True, True, False]).quantile(0.5)
        2.0
        >>> curve([1, 2, 9, 9], [True, False, False, False]).quantile(0.5) is None
        True
        """
        # 1e-12 lets a share that is exact on paper (1 - 0.5) be reached in floating point.
        reached = self.unanswered <= 1.0 - share + 1e-12
        return float(self.time_s[int(np.argmax(reached))]) if bool(reached.any()) else None

    def influence(self, horizon_s: float) -> Floats:
        """Derivative of `answered_by(horizon_s)` in each unit's weight; the squares sum to Greenwood's variance."""
        place = int(np.searchsorted(self.time_s, horizon_s, side="right"))
        left = self.unanswered[place - 1] if place else 1.0
        if place == 0 or left == 0.0:
            return np.zeros_like(self.duration_s)
        value = np.where(self.place <= place, self.gain, 0.0) - self.burden[np.minimum(self.place, place)]
        return np.asarray(left * value, dtype=np.float64)

    def restricted_mean(self, horizon_s: float) -> float:
        """Area under the unanswered share up to `horizon_s`, in seconds.

        One unit answered after 10 s, one never: 10 s x 1 + 90 s x 1/2.

        >>> curve([10, 100], [True, False]).restricted_mean(100)
        55.0
        """
        inside = self.time_s < horizon_s
        edges = np.concatenate(([0.0], self.time_s[inside], [horizon_s]))
        heights = np.concatenate(([1.0], self.unanswered[inside]))
        return float(np.sum(np.diff(edges) * heights))

    def restricted_mean_influence(self, horizon_s: float) -> Floats:
        """Derivative of `restricted_mean(horizon_s)` in each unit's weight."""
        inside = self.time_s < horizon_s
        times, heights = self.time_s[inside], self.unanswered[inside]
        steps = np.diff(np.concatenate((times, [horizon_s])))
        after = np.cumsum((steps * heights)[::-1])[::-1]
        rate = np.diff(self.burden)[inside]
        burden = np.concatenate(([0.0], np.cumsum(after * rate)))
        value = burden[np.minimum(self.place, len(times))]
        event = self.answered & (self.duration_s < horizon_s)
        value[event] -= after[self.place[event] - 1] * self.gain[event]
        return np.asarray(value, dtype=np.float64)


def curve(duration_s: npt.ArrayLike, answered: npt.ArrayLike) -> Curve:
    """The Kaplan-Meier curve of units that were answered, or watched in vain, for `duration_s` seconds."""
    duration = np.asarray(duration_s, dtype=np.float64)
    event = np.asarray(answered, dtype=np.bool_)
    time, count = np.unique(duration[event], return_counts=True)
    risk = len(duration) - np.searchsorted(np.sort(duration), time, side="left")
    hazard = count / np.maximum(risk, 1)
    with np.errstate(divide="ignore"):
        weight = np.where(hazard < 1.0, 1.0 / (risk * (1.0 - hazard)), 0.0)
    place = np.searchsorted(time, duration, side="right")
    gain = np.zeros(len(duration))
    gain[event] = weight[place[event] - 1]
    return Curve(
        duration_s=duration,
        answered=event,
        time_s=time,
        risk=risk.astype(np.int64),
        hazard=hazard,
        unanswered=np.asarray(np.cumprod(1.0 - hazard), dtype=np.float64),
        burden=np.concatenate(([0.0], np.cumsum(hazard * weight))),
        place=place.astype(np.int64),
        gain=gain,
    )
