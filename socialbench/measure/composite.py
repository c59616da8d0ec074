"""Composites: percentiles of each metric among the brands that may be ranked, weighted (metrics.md, section 4)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np

from socialbench.measure.metrics import registry
from socialbench.measure.plan import Missing, Part, Plan
from socialbench.measure.ranking import labels
from socialbench.measure.result import BrandResult, Figure, Rank
from socialbench.measure.survival import Floats

DRAWS = 1_000
LOWEST, HIGHEST = 0.5, 1.5
RANGE = (0.025, 0.975)
NOTE = "ranked by a composite: the intervals of the places are 95 % ranges over weights times U(0.5, 1.5), not over other periods"

Percentiles = Mapping[str, float]


def percentiles(values: Mapping[str, float], high: bool) -> dict[str, float]:
    """Mid-rank percentile of each brand: 100 x (worse + half of the equal, itself among them) / all.

    >>> percentiles({"A": 60, "B": 60, "C": 900}, high=False)
    {'A': 66.66666666666667, 'B': 66.66666666666667, 'C': 16.666666666666668}
    """
    sign = 1.0 if high else -1.0
    every = [sign * value for value in values.values()]
    return {
        name: 100
        * (sum(other < sign * value for other in every) + sum(other == sign * value for other in every) / 2)
        / len(every)
        for name, value in values.items()
    }


def weighted(terms: Sequence[tuple[float, float | None]], zero: bool) -> float | None:
    """The mean of (weight, percentile) terms; one that is missing (None) is left out, or counts 0 with `zero`.

    >>> weighted([(1.0, 80.0), (1.0, None)], zero=False), weighted([(1.0, 80.0), (1.0, None)], zero=True)
    (80.0, 40.0)
    """
    there = [(weight, 0.0 if value is None else value) for weight, value in terms if zero or value is not None]
    total = sum(weight for weight, _ in there)
    return sum(weight * value for weight, value in there) / total if total else None


class Composite:
    """The composites of the brands that may be ranked, under any weights."""

    def __init__(self, results: Sequence[BrandResult], plan: Plan) -> None:
        self._names = sorted(result.name for result in results if result.gate.reason is None)
        self._parts = plan.composite
        self._missing: Missing = plan.missing
        self._sign = 1.0 if plan.high else -1.0
        mine = [result for result in results if result.gate.reason is None]
        self._ranks = {(part, name): _percentiles_of(mine, part, name) for part in plan.composite for name in part.metrics}

    def values(self, weights: Mapping[tuple[Part, str], float] | None = None) -> dict[str, float]:
        """Each brand's composite; a brand without any part has none. `weights`: factors of the parts' metrics."""
        found = {name: self._value(name, weights or {}) for name in self._names}
        return {name: value for name, value in found.items() if value is not None}

    def _value(self, brand: str, factors: Mapping[tuple[Part, str], float]) -> float | None:
        terms: list[tuple[float, float | None]] = []
        for part in self._parts:
            inner = [(factors.get((part, metric), 1.0), self._ranks[part, metric].get(brand)) for metric in part.metrics]
            # A network counts by its weight however many of its metrics are there; the factors scale it by their mean.
            scale = sum(factor for factor, _ in inner) / len(inner)
            terms.append((part.weight * scale, weighted(inner, zero=False)))
        if self._missing == "unranked" and any(value is None for _, value in terms):
            return None
        return weighted(terms, zero=self._missing == "zero") if any(value is not None for _, value in terms) else None

    def told(self, brand: str) -> str | None:
        """Which parts a brand lacks."""
        lacking = [
            f"{part.network} {metric}" if part.network else metric
            for part in self._parts
            for metric in part.metrics
            if brand not in self._ranks[part, metric]
        ]
        return f"without {', '.join(lacking)}" if lacking else None

    def ranges(self) -> dict[str, tuple[int, int]]:
        """The 95 % range of each brand's place when every weight is multiplied by U(0.5, 1.5), 1,000 times.

        The factors of a metric are seeded by its name, so that order and company change nothing.
        """
        names = sorted(self.values())
        draws = {key: _factors(key) for key in self._ranks}
        places = np.empty((DRAWS, len(names)))
        for draw in range(DRAWS):
            values = self.values({key: float(factors[draw]) for key, factors in draws.items()})
            row = self._sign * np.array([values[name] for name in names])
            places[draw] = 1 + (row[None, :] > row[:, None] + 1e-9).sum(axis=1)
        low = np.quantile(places, RANGE[0], axis=0, method="lower")
        high = np.quantile(places, RANGE[1], axis=0, method="higher")
        return {name: (int(low[at]), int(high[at])) for at, name in enumerate(names)}

    def ranked(self) -> dict[str, Rank]:
        """Places by the composite, each with its range over weights."""
        values = self.values()
        if not values:
            return {}
        names, ranges = sorted(values), self.ranges()
        printed = labels([self._sign * values[name] for name in names])
        return {
            name: Rank(place, min(place, ranges[name][0]), max(place, ranges[name][1]), label)
            for name, (place, label) in zip(names, printed, strict=True)
        }

    def figures(self) -> dict[str, Figure]:
        """The composites as figures, 0 to 100."""
        return {name: Figure(value, n=len(self._names), note=self.told(name)) for name, value in self.values().items()}


def _percentiles_of(results: Sequence[BrandResult], part: Part, metric: str) -> Percentiles:
    values = {}
    for result in results:
        if part.network is None:
            figure = result.metrics[metric]
        elif part.network in result.networks:
            figure = result.networks[part.network].metrics[metric]
        else:
            continue
        if figure.value is not None:
            values[result.name] = figure.value
    return percentiles(values, registry()[metric].better == "high") if values else {}


def _factors(key: tuple[Part, str]) -> Floats:
    part, metric = key
    seed = hashlib.blake2b(f"{part.network or ''}/{metric}".encode(), digest_size=8).digest()
    return np.random.default_rng(int.from_bytes(seed, "big")).uniform(LOWEST, HIGHEST, DRAWS)
