"""Invented runs for the report's tests: brands that never were, with figures that could be."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

from socialbench.measure.claims import claims_of
from socialbench.measure.metrics import registry
from socialbench.measure.result import BrandResult, Figure, Gate, LeftOut, Rank, RunResult, Slice
from socialbench.report.build import Context, ScoreText, build_report
from socialbench.report.tree import Report

DAY_S, WEEK_S = 86_400, 604_800
SECTORS = ("Banking", "Retail", "Travel", "Telecoms", "Energy", "Media")
STEMS = (
    "Harbour",
    "Lindenau",
    "Northwick",
    "Velo",
    "Ostra",
    "Calder",
    "Meridian",
    "Quill",
    "Tamarind",
    "Bright",
    "Fenwold",
    "Rowan",
    "Sable",
)
KINDS = ("Bank", "Stores", "Air", "Mobile", "Power", "Press", "& Sons", "Direct")
LONG_NAME = "The Worshipful Society of Inland Ferry Operators and Lighthouses"
RTL_NAME = "شركة المنارة للاتصالات"
HORIZONS = {
    "10m": 600,
    "15m": 900,
    "30m": 1800,
    "1h": 3600,
    "2h": 7200,
    "6h": 21_600,
    "12h": 43_200,
    "24h": DAY_S,
    "72h": 3 * DAY_S,
    "7d": WEEK_S,
}
SINCE = int(datetime(2026, 9, 30, 23, tzinfo=UTC).timestamp() * 1000)
UNTIL = int(datetime(2026, 11, 1, 0, tzinfo=UTC).timestamp() * 1000)
CUT_OFF = int(datetime(2026, 11, 9, 6, 30, tzinfo=UTC).timestamp() * 1000)


def names(count: int) -> list[str]:
    """Names of invented brands; among ten and more also a very long, a right-to-left and a Cyrillic one."""
    made = [f"{STEMS[i % len(STEMS)]} {KINDS[(i // len(STEMS) + i % len(STEMS)) % len(KINDS)]}" for i in range(count)]
    assert len(set(made)) == count
    if count > 9:
        made[4], made[7], made[9] = LONG_NAME, RTL_NAME, "Северная почта"
    return made


def wilson(events: float, n: int) -> tuple[float, float]:
    """Wilson's interval of a share, design effect 1."""
    p, z = events / n, 1.96
    centre, half = (p + z * z / (2 * n)) / (1 + z * z / n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, centre - half), min(1.0, centre + half)


def share(times: list[float], horizon: float) -> Figure:
    """The plain share answered by a time."""
    n, hits = len(times), sum(time <= horizon for time in times)
    low, high = wilson(hits, n)
    return Figure(
        hits / n, low, high, n=n, authors=n - n // 9, design_effect=1.8342, largest_author_share=12 / n, bounds=(low, high)
    )


def quantile(times: list[float], p: float) -> Figure:
    """An order statistic with rough ends; not reached where the time is infinite."""
    n, spread = len(times), 1.96 * math.sqrt(p * (1 - p) * len(times))
    ranks = [max(0, min(n - 1, math.ceil(p * n + shift) - 1)) for shift in (-spread, 0, spread)]
    low, value, high = (times[rank] for rank in ranks)
    ended = [end if end < WEEK_S else None for end in (low, value, high)]
    return Figure(ended[1], ended[0] if ended[0] is not None else WEEK_S, ended[2], n=n, reached=ended[1] is not None)


def slice_of(times: list[float]) -> dict[str, Figure]:
    """All metrics of a list of waiting times; infinite is never."""
    times = sorted(times)
    figures = {"inbound_count": Figure(round(len(times) * 1.37)), "answered_count": Figure(sum(t < WEEK_S for t in times))}
    figures |= {f"answered_within_{short}": share(times, horizon) for short, horizon in HORIZONS.items()}
    figures["response_rate"] = share(times, WEEK_S)
    figures |= {
        name: quantile(times, p) for name, p in (("median_latency_s", 0.5), ("p75_latency_s", 0.75), ("p90_latency_s", 0.9))
    }
    score = sum(w * (figures[f"answered_within_{h}"].value or 0) for h, w in (("30m", 30), ("2h", 22), ("24h", 29), ("7d", 19)))
    half = 196 * math.sqrt(max(score, 2) * max(2, 100 - score) / 1e4 / len(times)) * 1.3
    figures["expectation_score"] = Figure(
        score, max(0.0, score - half), min(100.0, score + half), len(times), len(times), 1.8, 12 / len(times)
    )
    figures["handoff_rate"] = Figure(0.18, 0.14, 0.23, n=len(times))
    return figures


def brand_result(name: str, sector: str, habit: tuple[float, float, int], random_: random.Random) -> BrandResult:
    """A brand that answers a share of `size` customers after a median of some seconds."""
    answers, median, size = habit
    times = [random_.lognormvariate(math.log(median), 1.4) if random_.random() < answers else math.inf for _ in range(size)]
    times = sorted(time if time < WEEK_S else math.inf for time in times)
    metrics = slice_of(times)
    cut = size * 2 // 3
    return BrandResult(
        name,
        sector,
        metrics,
        Gate(None if size >= 50 else f"only {size} openers matured (50 needed)", size, size - 3),
        variants={"answers=any": metrics},
        networks={"bluesky": Slice(slice_of(times[::2])), "x": Slice(slice_of(times[1::2]))},
        weeks={"2026-W41": Slice(slice_of(times[:cut]))},
        hours=[int(30 * (1 + math.sin((hour % 24 - 8) / 3.8))) if hour < 120 else 6 for hour in range(168)],
        curve=[(t, (i + 1) / size, *wilson(i + 1, size)) for i, t in enumerate(times) if t < WEEK_S and i % 8 == 0],
        left_out=LeftOut(negative=2, repeated=7),
        marks={"looks_automatic": median < 90},
        link_methods={"parent": 40, "thread": 3},
        score=metrics["expectation_score"].value,
        observed_until=CUT_OFF,
    )


def run_result(count: int = 30, seed: int = 7) -> RunResult:
    """A run over `count` brands, some too small to be ranked, one whose figures are refused."""
    random_ = random.Random(seed)
    brands = []
    for index, name in enumerate(names(count)):
        size = 22 + index if count > 5 and index % 9 == 8 else 80 + random_.randrange(500)
        habit = (random_.choice([0.15, 0.4, 0.7, 0.9, 0.98]), random_.choice([60, 900, 7000, 40_000]), size)
        brands.append(brand_result(name, SECTORS[index % (len(SECTORS) if count > 3 else 2)], habit, random_))
    if count > 5:
        brands[5] = refused_brand(brands[5].name)
    ranks, by = ranks_of(brands), "expectation_score"
    claims = claims_of(brands, list(ranks), by, high=True)
    run = RunResult(brands, ranks, by, CUT_OFF, SINCE, UNTIL, False, sector_means(brands), sector_curves(brands))
    return replace(run, claims=claims)


def refused_brand(name: str) -> BrandResult:
    """A brand known from an answered-only sample: counts alone."""
    why = "answered-only sample: no rate can be made of it"
    figures = {"inbound_count": Figure(212), "answered_count": Figure(180), "answered_median_s": Figure(571.4, n=180)}
    figures |= {metric: Figure(None, refused=why) for metric in ("expectation_score", "answered_within_24h", "median_latency_s")}
    return BrandResult(
        name, "Media", figures, Gate("answered-only sample", 0, 0), marks={"answered_only": True}, authors_known=False
    )


def ranks_of(brands: list[BrandResult], metric: str = "expectation_score") -> dict[str, Rank]:
    """Places by the printed score, ties shared; a place's interval counts who lies clearly above and below."""
    ranked = sorted((b for b in brands if b.gate.reason is None), key=lambda b: -(b.metrics[metric].value or 0))
    printed = [round(b.metrics[metric].value or 0, 1) for b in ranked]
    ranks = {}
    for index, brand in enumerate(ranked):
        mine = brand.metrics[metric]
        above = sum((other.metrics[metric].low or 0) > (mine.high or 0) for other in ranked)
        below = sum((other.metrics[metric].high or 0) < (mine.low or 0) for other in ranked)
        value = printed.index(printed[index]) + 1
        label = f"{value} =" if printed.count(printed[index]) > 1 else str(value)
        ranks[brand.name] = Rank(value, above + 1, len(ranked) - below, label)
    return ranks


def sector_curves(brands: list[BrandResult]) -> dict[str, list[tuple[float, float, float | None, float | None]]]:
    """Per sector the mean of its brands' curves, at forty times."""
    curves = {}
    for sector in {brand.sector for brand in brands if brand.sector and brand.curve}:
        members = [b.curve for b in brands if b.sector == sector and b.curve]
        times = [60 * (WEEK_S / 60) ** (step / 39) for step in range(40)]
        at = [sum(max([0.0, *(p[1] for p in curve if p[0] <= time)]) for curve in members) / len(members) for time in times]
        curves[sector] = [(time, value, None, None) for time, value in zip(times, at, strict=True)]
    return curves


def context(run: RunResult, **changes: object) -> Context:
    """What would be known of such a run."""
    rows = [
        {
            "brand": brand.name,
            "network": network,
            "origin": "",
            "account": f"acct-{index}",
            "stream": "mentions",
            "intervals": [(SINCE, UNTIL)]
            if index % 4
            else [(SINCE, SINCE + 12 * DAY_S * 1000), (SINCE + 14 * DAY_S * 1000, UNTIL)],
            "gaps": [] if index % 4 else [(SINCE + 12 * DAY_S * 1000, SINCE + 14 * DAY_S * 1000, "cap")],
            "assumed": index % 5 == 0,
            "note": "",
        }
        for index, brand in enumerate(run.brands)
        for network in ("bluesky", "x")
    ]
    facts = {
        "benchmark": "Service Index",
        "timezone": "Europe/London",
        "config_hash": "3f" * 32,
        "version": "0.1.0",
        "score": ScoreText("expectation_score", "default", "Oracle (X: 30 % in 30 min, 81 % the same day)"),
        "coverage": rows,
        "rule_versions": {"needs_response": [1]},
        "exclusions": {"prize draw": 12},
        "definitions": {name: metric.definition for name, metric in registry().items()},
    }
    return Context(**(facts | changes))  # type: ignore[arg-type]


@cache
def sample_report(count: int = 30, **changes: object) -> Report:
    """A ready Report of invented brands."""
    run = run_result(count)
    return build_report(run, context(run, **changes))


def sector_means(brands: list[BrandResult]) -> dict[str, dict[str, Figure]]:
    """Per sector the mean score of its brands that have one."""
    means = {}
    for sector in {brand.sector for brand in brands if brand.sector}:
        values = [v for b in brands if b.sector == sector and (v := b.metrics["expectation_score"].value) is not None]
        means[sector] = {"expectation_score": Figure(sum(values) / len(values), n=len(values))} if values else {}
    return means
