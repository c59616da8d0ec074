"""The expectation score: the chance to be answered within the time that such a customer expects (metrics.md, section 3)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from socialbench.measure.intervals import PSEUDO, Clusters, Watched, design_effect
from socialbench.measure.result import Figure, Influence
from socialbench.measure.sample import REFUSED_ANSWERED_ONLY, Sample, clusters_of, described, watched_of
from socialbench.measure.survival import Floats
from socialbench.measure.units import Units

Profile = tuple[tuple[float, float], ...]
"""(weight, horizon in seconds) per term; weights sum to 1."""

MIN_MATURED = 20
_DAY, _WEEK = 86_400.0, 604_800.0
SOCIAL: Profile = ((0.30, 1_800.0), (0.22, 7_200.0), (0.29, _DAY), (0.19, _WEEK))
FORUM: Profile = ((0.25, 7_200.0), (0.35, _DAY), (0.40, _WEEK))
FACEBOOK: Profile = ((0.29, 7_200.0), (0.22, _DAY), (0.49, _WEEK))
FORUMS = frozenset({"discourse", "stackexchange", "github", "googleplay", "appstore", "trustpilot"})
SURVEYED = frozenset({"x", "facebook"})
SOURCE = (
    "Oracle survey for X (30 % expect an answer in 30 min, 22 % in 2 h, 29 % the same day)"
    " and Facebook (29 % in 2 h, 22 % the same day)"
)
CONVENTION = "the last term (any answer within a week), 'same day' read as 24 h, and every other network: convention, no survey"
NM_INCITE: Mapping[str, Profile] = {
    "x": ((0.53, 7_200.0), (0.30, _DAY), (0.17, _WEEK)),
    "facebook": ((0.71, _DAY), (0.29, _WEEK)),
}


def profile_of(network: str, profiles: Mapping[str, Profile]) -> Profile:
    """The terms of a network's score: the run's own, else Facebook's, the forums' or X's.

    >>> profile_of("googleplay", {})[0]
    (0.25, 7200.0)
    """
    if network in profiles:
        return profiles[network]
    if network == "facebook":
        return FACEBOOK
    return FORUM if network in FORUMS else SOCIAL


@dataclass(frozen=True, slots=True)
class NetworkScore:
    """One network's score (0 to 1) with the units and curve behind it."""

    network: str
    value: float
    units: Units
    watched: Watched
    profile: Profile

    def padded(self) -> tuple[float, Floats]:
        """(centre, influence) with the pseudo-authors."""
        centre = sum(weight * self.watched.padded.answered_by(horizon) for weight, horizon in self.profile)
        parts = [weight * self.watched.padded.influence(horizon) for weight, horizon in self.profile]
        return centre, np.sum(parts, axis=0)


def network_scores(sample: Sample) -> list[NetworkScore]:
    """The score of each network of the sample; a network that lacks a term is left out."""
    timed = sample.openers.where(sample.openers.timed)
    found = []
    for code, network in enumerate(timed.network_names):
        units = timed.where(timed.network == code)
        profile = profile_of(network, sample.profiles)
        longest = max(horizon for _, horizon in profile)
        if longest > sample.follow_up_s or np.count_nonzero(units.watched_s >= longest) < MIN_MATURED:
            continue
        watched = watched_of(units, sample)
        value = sum(weight * watched.plain.answered_by(horizon) for weight, horizon in profile)
        found.append(NetworkScore(network, value, units, watched, profile))
    return found


@dataclass(frozen=True, slots=True)
class Score:
    """The brand's score as a figure (0 to 100), and its influence by cluster for comparisons between brands."""

    figure: Figure
    influence: Influence | None


def expectation_score(sample: Sample, label: str = "") -> Score:
    """The mean of the network scores, weighted by the units that enter each curve; the weights are part of the variance.

    `label` names the brand, so that authors without an id are nobody else's.

    Twenty of forty messages on X answered at once, the others never: half of the customers, 50 of 100.

    >>> from socialbench.measure.sample import example
    >>> score = expectation_score(example([(0, 604_800)] * 20 + [(None, 604_800)] * 20))
    >>> round(score.figure.value, 6)
    50.0
    """
    if sample.answered_only:
        return Score(Figure(None, refused=REFUSED_ANSWERED_ONLY), None)
    parts = network_scores(sample)
    if not parts:
        return Score(Figure(None, n=int(np.count_nonzero(sample.openers.timed)), note="not watched long enough"), None)
    counts = np.array([part.watched.n for part in parts], dtype=np.float64)
    shares = counts / counts.sum()
    value = float(np.sum(shares * [part.value for part in parts]))
    units, influence, centre = _joined(parts, shares, counts.sum())
    clusters = _padded_clusters(parts, units, sample)
    variance, alone = clusters.variance(influence)
    half = clusters.quantile() * math.sqrt(variance)
    figure = described(
        units,
        100 * value,
        # Near 0 and 100 the pseudo-authors of several networks may pull the centre past the value itself.
        low=100 * min(value, max(0.0, centre - half)),
        high=100 * max(value, min(1.0, centre + half)),
        design_effect=design_effect(variance, alone),
    )
    return Score(figure, by_cluster(clusters, 100 * influence, units, 10_000 * variance, label))


def _joined(parts: Sequence[NetworkScore], shares: Floats, total: float) -> tuple[Units, Floats, float]:
    """Units of all networks, their influence followed by the pseudo-authors', and the padded centre."""
    padded = [part.padded() for part in parts]
    centre = float(sum(share * mean for share, (mean, _) in zip(shares, padded, strict=True)))
    real, pseudo = [], []
    for share, (mean, influence) in zip(shares, padded, strict=True):
        real.append(share * influence[:-PSEUDO] + (mean - centre) / total)
        pseudo.append(share * influence[-PSEUDO:])
    units = joined_units([part.units for part in parts])
    return units, np.concatenate(real + pseudo), centre


def joined_units(parts: Sequence[Units]) -> Units:
    """The units of several parts in one table."""
    names = [field.name for field in fields(Units) if field.name != "network_names"]
    return Units(
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in names}, network_names=parts[0].network_names
    )


def _padded_clusters(parts: Sequence[NetworkScore], units: Units, sample: Sample) -> Clusters:
    clusters = clusters_of(units, sample.clustered)
    extra = np.arange(PSEUDO * len(parts))
    return Clusters(
        np.concatenate((clusters.author, clusters.authors + extra)),
        np.concatenate((clusters.day, clusters.days + extra)),
        clusters.authors,
        clusters.days,
        clusters.enabled,
    )


def by_cluster(clusters: Clusters, influence: Floats, units: Units, variance: float, label: str) -> Influence:
    """Summed influences by author and by day, pseudo-authors left out: nobody shares them. In the figure's own unit.

    `label` names the brand: an author without an id is nobody else's.
    """
    count = len(units)
    author_codes, author_first = np.unique(clusters.author[:count], return_index=True)
    day_codes, day_first = np.unique(clusters.day[:count], return_index=True)
    authors = np.bincount(clusters.author[:count], weights=influence[:count])
    days = np.bincount(clusters.day[:count], weights=influence[:count])
    by_author: dict[str | int, float] = {}
    for code, first in zip(author_codes, author_first, strict=True):
        key = int(units.author[first])
        by_author[key if key >= 0 else f"{label}:{key}"] = float(authors[code])
    by_day = {int(units.day[first]): float(days[code]) for code, first in zip(day_codes, day_first, strict=True)}
    return Influence(by_author, by_day, variance, clusters.days, clusters.degrees)
