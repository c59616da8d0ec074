"""The score with one mix of networks for all brands of a benchmark (metrics.md: score_standardised).

Every other figure of a brand is its own affair. This one hangs on who else is listed, by definition: the mix is that of
the ranked brands together, and is known only when all of them are measured.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from socialbench.measure.intervals import PSEUDO, Clusters, clustered_variance, design_effect
from socialbench.measure.result import BrandResult, Figure, NetworkPart
from socialbench.measure.sample import Sample
from socialbench.measure.score import NetworkScore, network_scores

NAME = "score_standardised"
NO_MIX = "the mix of networks is that of a whole benchmark"


def parts_of(sample: Sample) -> tuple[NetworkPart, ...]:
    """What each network of a brand brings to its standardised score."""
    return () if sample.answered_only else tuple(_part(score) for score in network_scores(sample))


def _part(score: NetworkScore) -> NetworkPart:
    centre, influence = score.padded()
    clusters = score.watched.padded_clusters
    real = len(score.units)
    _, first, code = np.unique(clusters.day[:real], return_index=True, return_inverse=True)
    sums = np.bincount(code, weights=influence[:real])
    return NetworkPart(
        network=score.network,
        value=score.value,
        centre=centre,
        n=real,
        sizes=np.bincount(clusters.author[:real]).tolist(),
        alone=float(np.sum(influence * influence)),
        by_authors=float(np.sum(np.bincount(clusters.author, weights=influence) ** 2)),
        by_day={int(score.units.day[at]): float(total) for at, total in zip(first, sums, strict=True)},
        pseudo=float(np.sum(influence[-PSEUDO:] ** 2)),
        clustered=clusters.enabled,
    )


def network_mix(results: Sequence[BrandResult], ranked: Collection[str]) -> dict[str, float]:
    """Each network's share of the scored episodes of the ranked brands; of all brands where none is ranked."""
    chosen = [result for result in results if result.name in ranked] or list(results)
    counts: dict[str, int] = {}
    for part in (part for result in chosen for part in result.parts):
        counts[part.network] = counts.get(part.network, 0) + part.n
    total = sum(counts.values())
    return {network: counts[network] / total for network in sorted(counts)}


def standardise(results: Sequence[BrandResult], ranked: Collection[str]) -> list[BrandResult]:
    """The brands with their standardised scores, once all are measured."""
    mix = network_mix(results, ranked)
    return [
        result
        if result.metrics[NAME].refused
        else replace(result, metrics={**result.metrics, NAME: standardised(result.parts, mix)})
        for result in results
    ]


def standardised(parts: Sequence[NetworkPart], mix: Mapping[str, float]) -> Figure:
    """The score (0 to 100) of a brand's networks weighted by `mix`, over the networks that it has a score on.

    The weights are no part of the variance: they are not the brand's.
    """
    own = [part for part in parts if mix.get(part.network, 0.0) > 0]
    if not own:
        return Figure(None, n=0, note="not watched long enough on any network of the mix" if mix else NO_MIX)
    total = sum(mix[part.network] for part in own)
    weights = [mix[part.network] / total for part in own]
    variance, alone = _variance(own, weights)
    clusters = _clusters(own)
    half = clusters.quantile() * math.sqrt(variance)
    centre = math.fsum(weight * part.centre for weight, part in zip(weights, own, strict=True))
    n = sum(part.n for part in own)
    value = math.fsum(weight * part.value for weight, part in zip(weights, own, strict=True))
    return Figure(
        100 * value,
        low=100 * min(value, max(0.0, centre - half)),
        high=100 * max(value, min(1.0, centre + half)),
        n=n,
        authors=clusters.authors,
        design_effect=design_effect(variance, alone),
        largest_author_share=max(max(part.sizes) for part in own) / n,
        note=_missing(own, mix),
    )


def _missing(own: Sequence[NetworkPart], mix: Mapping[str, float]) -> str | None:
    missing = [f"{name} ({100 * share:.0f} %)" for name, share in mix.items() if name not in {part.network for part in own}]
    return f"no score on {', '.join(missing)} of the mix: weighted over the other networks" if missing else None


def _clusters(parts: Sequence[NetworkPart]) -> Clusters:
    """The authors and the number of days behind the parts; an author is one network's."""
    sizes = [size for part in parts for size in part.sizes]
    days = len({day for part in parts for day in part.by_day})
    author = np.repeat(np.arange(len(sizes)), sizes)
    return Clusters(author, np.zeros_like(author), len(sizes), days, all(part.clustered for part in parts))


def _variance(parts: Sequence[NetworkPart], weights: Sequence[float]) -> tuple[float, float]:
    clusters = _clusters(parts)
    pairs = list(zip(weights, parts, strict=True))
    alone = math.fsum(weight**2 * part.alone for weight, part in pairs)
    if not clusters.enabled:
        return alone, alone
    days: dict[int, float] = {}
    for weight, part in pairs:
        for day, total in part.by_day.items():
            days[day] = days.get(day, 0.0) + weight * total
    by_day = math.fsum(total**2 for total in days.values()) + math.fsum(weight**2 * part.pseudo for weight, part in pairs)
    by_author = math.fsum(weight**2 * part.by_authors for weight, part in pairs)
    return clustered_variance(by_author, by_day, alone, clusters.days), alone
