"""A report in which everything is known: tiers, moves, pairs told apart, kinds, topics."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

from socialbench.measure.result import BrandResult, Rank, RunResult, Slice
from socialbench.report.build import build_report
from socialbench.report.formats import json as json_format
from socialbench.report.tree import Report, freeze
from tests.report.sample import context, run_result, slice_of

KINDS = ("question", "complaint", "praise", "technical")
TOPICS = ("Delivery", "Billing and refunds", "كلمة المرور", "Очень длинное название темы для проверки ширины строки", "$taff")


def cut(names: tuple[str, ...], random_: random.Random) -> dict[str, Slice]:
    """Slices under names, each rarer and better answered than the one before."""
    slices = {}
    for place, name in enumerate(names):
        share = 0.3 + 0.1 * place
        times = [random_.lognormvariate(8, 1.4) if random_.random() < share else math.inf for _ in range(60 - 9 * place)]
        slices[name] = Slice(slice_of(times))
    return slices


def moved(place: int, rank: Rank, brands: list[BrandResult]) -> Rank:
    """The rank with a tier of four places and, each third brand, a move of seven places up or down."""
    move = None if place % 3 else 7 if place % 2 or rank.value < 8 else -7
    apart = [brand.name for brand in brands if brand.name][: place % 5]
    return replace(rank, tier=1 + place // 4, move=move, separated_from=apart)


@cache
def full_report(count: int = 30) -> Report:
    """The sample run with everything that a chart can show."""
    run: RunResult = run_result(count)
    random_ = random.Random(3)
    brands = [replace(brand, kinds=cut(KINDS, random_), topics=cut(TOPICS, random_)) for brand in run.brands]
    order = sorted(run.ranks, key=lambda name: (run.ranks[name].value, name))
    ranks = {name: moved(place, run.ranks[name], brands) for place, name in enumerate(order)}
    made = replace(run, brands=brands, ranks=ranks)
    return build_report(made, context(made))


def changed(report: Report, change: Callable[[dict[str, Any]], None]) -> Report:
    """A report whose tree was changed by hand."""
    tree: dict[str, Any] = json.loads(next(json_format.render(report)).data)
    change(tree)
    return Report(freeze(tree))
