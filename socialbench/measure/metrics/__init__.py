"""The metrics: one function each, found by folder, with one entry in one registry.

A metric is a function of a `Sample` that yields a `Figure`; its first docstring line is its definition and its
doctest a number worked out by hand.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from socialbench.measure.result import Figure
from socialbench.measure.sample import REFUSED_ANSWERED_ONLY, REFUSED_UNLABELLED, Sample
from socialbench.measure.totals import Weigh

Better = Literal["high", "low", "none"]
AnsweredOnly = Literal["given", "refused"]
Unit = Literal["count", "share", "s", "points", "ratio"]
Given = Literal["everywhere", "brand", "staffed"]
"""Of a brand and each of its slices; of a brand alone; in the variant of that name."""
Over = Literal["population", "brand"]
"""Counted over the population of the run, or over what does not hang on it."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One entry: `minimum` is the n below which the figure is null, `answered_only` what such a sample does to it.

    `weigh`: what each unit contributes to a mean or a sum, so that brands can be ranked by it.
    """

    name: str
    unit: Unit
    better: Better
    minimum: int
    answered_only: AnsweredOnly
    compute: Callable[[Sample], Figure]
    given: Given = "everywhere"
    over: Over = "population"
    weigh: Weigh | None = None

    @property
    def definition(self) -> str:
        """The first line of the function's docstring."""
        return (self.compute.__doc__ or "").strip().splitlines()[0]

    def of(self, sample: Sample) -> Figure:
        """The metric's figure, or its refusal."""
        if self.answered_only == "refused" and sample.answered_only:
            return Figure(None, refused=REFUSED_ANSWERED_ONLY)
        if self.over == "population" and sample.unlabelled:
            return Figure(None, refused=REFUSED_UNLABELLED)
        return self.compute(sample)


_REGISTRY: dict[str, Metric] = {}


def metric(
    name: str,
    *,
    unit: Unit,
    better: Better = "none",
    minimum: int = 0,
    answered_only: AnsweredOnly = "given",
    given: Given = "everywhere",
    **more: Any,
) -> Callable[[Callable[[Sample], Figure]], Callable[[Sample], Figure]]:
    """Enter a function into the registry under `name`. `more`: `over` and `weigh` of the entry."""

    def enter(compute: Callable[[Sample], Figure]) -> Callable[[Sample], Figure]:
        _REGISTRY[name] = Metric(name, unit, better, minimum, answered_only, compute, given, **more)
        return compute

    return enter


@cache
def registry() -> dict[str, Metric]:
    """All metrics by name, in the order of their files and places, whichever file was imported first."""
    for module in sorted(info.name for info in pkgutil.iter_modules(__path__)):
        importlib.import_module(f"{__name__}.{module}")
    return dict(sorted(_REGISTRY.items(), key=lambda entry: entry[1].compute.__module__))
