"""Shares answered, by Kaplan-Meier, with bounds where times are unknown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from socialbench.measure.intervals import share_ends
from socialbench.measure.metrics import metric
from socialbench.measure.result import Figure
from socialbench.measure.sample import Sample
from socialbench.measure.survival import curve

HORIZONS_S = {
    "10m": 600,
    "15m": 900,
    "30m": 1_800,
    "1h": 3_600,
    "2h": 7_200,
    "6h": 21_600,
    "12h": 43_200,
    "24h": 86_400,
    "72h": 259_200,
    "7d": 604_800,
}
MIN_MATURED = 20
UNKNOWN_SHARE = 0.01
_SAID = """Kaplan-Meier share of units answered within {label}; needs 20 units matured for it.

    With unknown times above 1 % of the answers it has bounds: all of these unanswered, all answered.

    Twenty messages watched for a week: five answered at {label} to the second, five a second later, ten never: 5 / 20.

    >>> from socialbench.measure.metrics import registry
    >>> from socialbench.measure.sample import example
    >>> sample = example([({horizon_s}, 604_802)] * 5 + [({horizon_s} + 1, 604_802)] * 5 + [(None, 604_802)] * 10)
    >>> round(registry()["answered_within_{label}"].of(sample).value, 4)
    0.25

    Pitfall: the plain share of those answered by now mixes messages watched for a minute and for a month. Here the unanswered
    stay in, up to when they were watched; a table joined to its answers would have lost them, and the share be 1.
    """


def answered_within(sample: Sample, horizon_s: float) -> Figure:
    """Kaplan-Meier share answered by a horizon; needs 20 units matured for it."""
    if horizon_s > sample.follow_up_s:
        return Figure(None, n=len(sample.timed), note="longer than the follow-up")
    if sample.matured(horizon_s) < MIN_MATURED:
        return Figure(None, n=len(sample.timed), note="not watched long enough")
    ends = share_ends(sample.watched, horizon_s)
    return sample.figure(
        sample.watched.plain.answered_by(horizon_s),
        low=ends.low,
        high=ends.high,
        design_effect=ends.design_effect,
        bounds=_bounds(sample, horizon_s),
    )


def _bounds(sample: Sample, horizon_s: float) -> tuple[float, float] | None:
    """The share if all answers of unknown time were none, and if all came at once."""
    units = sample.units
    unknown = units.negative & ~units.unseen
    answers = np.count_nonzero(sample.timed.answered) + np.count_nonzero(unknown)
    if not answers or np.count_nonzero(unknown) / answers <= UNKNOWN_SHARE:
        return None
    kept = units.where(~units.unseen)
    censored = np.minimum(kept.watched_s, sample.follow_up_s)
    worst = curve(np.where(kept.negative, censored, kept.duration_s), kept.answered)
    best = curve(np.where(kept.negative, 0.0, kept.duration_s), kept.answered | kept.negative)
    return worst.answered_by(horizon_s), best.answered_by(horizon_s)


def _register(label: str, horizon_s: int) -> None:
    def compute(sample: Sample) -> Figure:
        return answered_within(sample, horizon_s)

    compute.__doc__ = _SAID.format(label=label, horizon_s=horizon_s)
    metric(f"answered_within_{label}", unit="share", better="high", minimum=MIN_MATURED, answered_only="refused")(compute)


for _label, _horizon in HORIZONS_S.items():
    _register(_label, _horizon)


@metric("response_rate", unit="share", better="high", minimum=MIN_MATURED, answered_only="refused")
def response_rate(sample: Sample) -> Figure:
    """Kaplan-Meier share of units answered within the follow-up.

    Twenty messages watched for a week, five of them answered: 5 / 20.

    >>> from socialbench.measure.sample import example
    >>> round(response_rate(example([(60, 604_800)] * 5 + [(None, 604_800)] * 15)).value, 4)
    0.25

    Pitfall: A cap or an outage that loses messages on days of surge lifts it; such gaps are told and not ranked.
    """
    return replace(answered_within(sample, sample.follow_up_s))
