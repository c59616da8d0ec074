"""Figures as other tools print them: plain shares, differences and bands, for their presets (metrics.md, section 5)."""

from __future__ import annotations

import math

import numpy as np

from socialbench.measure.intervals import plain_ends
from socialbench.measure.metrics import metric
from socialbench.measure.result import Figure
from socialbench.measure.sample import Sample, clusters_of, described
from socialbench.measure.survival import Bools
from socialbench.measure.totals import Weighed, figure_of, mean_of
from socialbench.measure.units import Units

BANDS_S = (0.0, 600.0, 3_600.0, 43_200.0, math.inf)
BANDS = ("under_10m", "from_10m_to_1h", "from_1h_to_12h", "over_12h")
_DOC = """Share of the answered units whose answer took {said}; it forgets the unanswered.

    Answers after 9 min 59 s, 10 min, an hour and 12 h and a second, one for each band, and a message without one: 1 / 4.

    >>> from socialbench.measure.metrics import registry
    >>> from socialbench.measure.sample import example
    >>> sample = example([(599, 604_800), (600, 604_800), (3_600, 604_800), (43_201, 604_800), (None, 604_800)])
    >>> registry()["{name}_share"].of(sample).value
    0.25

    Pitfall: the four add up to 1 however many customers are ignored; an answer's edge (10 min, 1 h, 12 h) is a choice.
    """


def _share(units: Units, flags: Bools, sample: Sample) -> Figure:
    if not len(units):
        return Figure(None, n=0)
    ends = plain_ends(flags, clusters_of(units, sample.clustered))
    value = float(np.mean(flags))
    return described(units, value, low=ends.low, high=ends.high, design_effect=ends.design_effect)


def _answered(sample: Sample) -> Weighed | None:
    return mean_of(sample.timed, sample.timed.answered.astype(np.float64))


def _matured(sample: Sample) -> Units:
    return sample.timed.where(sample.timed.watched_s >= sample.follow_up_s)


def _matured_answered(sample: Sample) -> Weighed | None:
    units = _matured(sample)
    return mean_of(units, units.answered.astype(np.float64))


def _surplus(sample: Sample) -> Weighed | None:
    sign = np.where(sample.timed.answered, 1.0, -1.0)
    return Weighed(float(sign.sum()), sample.timed, sign) if len(sign) else None


@metric("answered_share", unit="share", better="high", answered_only="refused", weigh=_answered)
def answered_share(sample: Sample) -> Figure:
    """Share of all units that are answered so far, within the follow-up; how long the others were watched is not asked.

    Two of four are answered, though the last was only just sent.

    >>> from socialbench.measure.sample import example
    >>> answered_share(example([(60, 604_800), (60, 604_800), (None, 604_800), (None, 5)])).value
    0.5

    Pitfall: Fresh messages pull it down: over a day it shows .44 where .60 are answered in the end. See
    answered_within.
    """
    return _share(sample.timed, sample.timed.answered, sample)


@metric("matured_answered_share", unit="share", better="high", answered_only="refused", weigh=_matured_answered)
def matured_answered_share(sample: Sample) -> Figure:
    """Share of the units watched for the whole follow-up, whether or not answered, that were answered within it.

    Of three watched for the week two are answered; a fourth was sent a moment ago.

    >>> from socialbench.measure.sample import example
    >>> figure = matured_answered_share(example([(60, 604_800), (60, 604_800), (None, 604_800), (None, 5)]))
    >>> round(figure.value, 4), figure.n
    (0.6667, 3)

    Pitfall: It forgets the youngest messages, and so the last week; where collection stopped early nothing may be
    left.
    """
    units = _matured(sample)
    return _share(units, units.answered, sample)


@metric("answered_minus_ignored_count", unit="count", better="high", answered_only="refused", weigh=_surplus)
def answered_minus_ignored_count(sample: Sample) -> Figure:
    """Units answered minus units not answered, in absolute numbers; below 0 where most are ignored.

    Three answered, one not.

    >>> from socialbench.measure.sample import example
    >>> answered_minus_ignored_count(example([(60, 900)] * 3 + [(None, 900)])).value
    2.0

    Pitfall: It grows with volume: a brand written to twice as often stands twice as high with the same habits.
    """
    return figure_of(_surplus(sample), sample.clustered)


def _register(name: str, low_s: float, high_s: float, said: str) -> None:
    def inside(sample: Sample) -> Bools:
        waits = sample.answered.latency_s
        # An hour belongs to the band that it opens, twelve hours to the one that they close: "over 12 h" is over.
        below = waits <= high_s if high_s == BANDS_S[3] else waits < high_s
        above = waits > low_s if low_s == BANDS_S[3] else waits >= low_s
        return np.asarray(above & below, dtype=np.bool_)

    def weigh(sample: Sample) -> Weighed | None:
        return mean_of(sample.answered, inside(sample).astype(np.float64))

    def compute(sample: Sample) -> Figure:
        return _share(sample.answered, inside(sample), sample)

    compute.__doc__ = _DOC.format(said=said, name=name)
    metric(f"{name}_share", unit="share", better="high" if low_s == 0 else "none", weigh=weigh)(compute)


_SAID = ("less than 10 min", "10 to 60 min", "1 to 12 h", "more than 12 h")
for _name, _low, _high, _words in zip(BANDS, BANDS_S, BANDS_S[1:], _SAID, strict=False):
    _register(_name, _low, _high, _words)
