"""Sectors: their figures, their curve, and what share of the best third they hold."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from socialbench.measure.result import RunResult
from socialbench.report.figures import Unit, curve_rows, figures_tree, round_figure
from socialbench.report.findings import sector_claim


def sector_trees(run: RunResult, brands: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One entry per sector of the config, by name; shares are of the ranked brands, None when nobody is ranked.

    The best third are the places up to a third of the ranked brands, rounded up; ties at its edge are in it.
    """
    names = sorted({brand["sector"] for brand in brands if brand["sector"]})
    ranked = [brand for brand in brands if brand["rank"]]
    edge = math.ceil(len(ranked) / 3)
    best = [brand for brand in ranked if brand["rank"]["value"] <= edge]
    return [
        {
            "name": name,
            "brands": [brand["name"] for brand in brands if brand["sector"] == name],
            "share_of_ranked": _share_in(name, ranked),
            "share_of_top_third": _share_in(name, best),
            "metrics": figures_tree(run.sectors.get(name, {})),
            "curve": curve_rows(run.sector_curves.get(name, ())),
            "strength": sector_claim(name, "strength", run.claims),
            "weakness": sector_claim(name, "weakness", run.claims),
        }
        for name in names
    ]


def _share_in(sector: str, brands: Sequence[Mapping[str, Any]]) -> float | int | None:
    if not brands:
        return None
    return round_figure(Unit.SHARE, sum(brand["sector"] == sector for brand in brands) / len(brands))
