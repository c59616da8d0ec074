"""What a brand brings to a ranking by any metric: its figure's influence by author and day."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from socialbench.measure.intervals import Z95
from socialbench.measure.median import answered_median
from socialbench.measure.metrics import registry
from socialbench.measure.metrics.rates import HORIZONS_S
from socialbench.measure.plan import ANSWERED_RANK, DEFAULT_RANK
from socialbench.measure.result import Figure, Influence
from socialbench.measure.sample import Sample
from socialbench.measure.score import Score, by_cluster
from socialbench.measure.totals import influence_of

_SHARES = {f"answered_within_{label}": float(seconds) for label, seconds in HORIZONS_S.items()}


def standing(sample: Sample, rank_by: str, score: Score, metrics: Mapping[str, Figure], label: str) -> Influence | None:
    """The influence of the figure that the run ranks by; None where no interval is known, so that nothing is told apart.

    Means, sums, shares by Kaplan-Meier and the score have theirs by author and day; every other metric has the variance of
    its interval alone, as if brands shared neither.
    """
    if rank_by == DEFAULT_RANK:
        return answered_median(sample, label)[1] if sample.answered_only else score.influence
    if rank_by == ANSWERED_RANK:
        return answered_median(sample, label)[1]
    figure, entry = metrics[rank_by], registry()[rank_by]
    if figure.value is None:
        return None
    if entry.weigh is not None:
        return influence_of(entry.weigh(sample), sample.clustered, label)
    if rank_by in _SHARES or rank_by == "response_rate":
        return _share(sample, _SHARES.get(rank_by, sample.follow_up_s), label)
    if figure.low is None or figure.high is None or not np.isfinite(figure.high):
        return None
    half = max(figure.value - figure.low, figure.high - figure.value)
    return Influence({}, {}, (half / Z95) ** 2, 0)


def _share(sample: Sample, horizon_s: float, label: str) -> Influence:
    watched = sample.watched
    influence = watched.padded.influence(horizon_s)
    variance, _ = watched.padded_clusters.variance(influence)
    return by_cluster(watched.padded_clusters, influence, sample.timed, variance, label)
