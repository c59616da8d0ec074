"""Measured brands made by hand, for what is done with them afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from socialbench.measure.result import BrandResult, Figure, Gate, Influence, Slice

NAMES = ("expectation_score", "score_all_inbound", "score_standardised", "needs_response_share")


def figure(value: float | None, half: float = 1.0) -> Figure:
    """A figure with ends `half` to either side, of 400 units by as many authors."""
    return Figure(value) if value is None else Figure(value, value - half, value + half, n=400, authors=400)


def measured(name: str, sector: str | None = None, *, half: float = 1.0, days: int = 90, **values: float | None) -> BrandResult:
    """A brand that may be ranked, with these figures; the score's marks are not asked for where a figure is not given."""
    metrics = {metric: figure(None) for metric in NAMES} | {metric: figure(value, half) for metric, value in values.items()}
    return BrandResult(name, sector, metrics, Gate(None, 400, 400), influence=Influence({}, {}, (half / 1.96) ** 2, days))


def on_networks(brand: BrandResult, networks: Mapping[str, Mapping[str, float]]) -> BrandResult:
    """The brand with figures per network."""
    slices = {network: Slice({name: figure(value) for name, value in values.items()}) for network, values in networks.items()}
    return replace(brand, networks=slices)
