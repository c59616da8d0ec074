"""What the charts say, held against figures made by hand."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

import pytest
from scipy.stats import spearmanr  # type: ignore[import-untyped]

from socialbench.report.chart import Chart, described
from socialbench.report.charts import (
    answered_within,
    coverage,
    hours,
    latency,
    rank_intervals,
    rank_moves,
    rate_against_volume,
    time_by_network,
    time_to_answer,
    topics_kinds,
)
from socialbench.report.tree import Report
from tests.report.sample import sample_report
from tests.report.told_apart import changed, full_report

WEEK = 604_800


def charts_of(report: Report) -> dict[str, Chart]:
    return {chart.name: chart for chart, _ in described(report)}


def with_figures(metric: str, *figures: dict[str, Any]) -> Report:
    """The sample of three with figures of one metric, brand by brand in the order of the ranking."""

    def put(tree: dict[str, Any]) -> None:
        ranked = sorted((brand for brand in tree["brands"] if brand["rank"]), key=lambda brand: brand["rank"]["value"])
        for brand, figure in zip(ranked, figures, strict=True):
            brand["metrics"][metric] = {"n": 90, **figure}

    return changed(sample_report(3), put)


def share(value: float, low: float, high: float) -> dict[str, Any]:
    return {"value": value, "low": low, "high": high}


def test_ranked_bars_hold_the_figures_of_the_report(report: Report) -> None:
    chart = charts_of(report)["ranked-bars"]
    scores = [brand["metrics"]["expectation_score"] for _, brand in report.ranked]
    assert [row[3] for row in chart.rows] == [brand["name"] for _, brand in report.ranked]
    assert chart.plot is not None
    assert chart.plot.series[0].ys == tuple(score["value"] for score in scores)
    assert chart.plot.series[0].highs == tuple(score["high"] for score in scores)


def test_plots_are_whole() -> None:
    for chart in charts_of(full_report()).values():
        if chart.plot is None:
            continue
        for series in chart.plot.series:
            assert len(series.ys) == len(series.xs or chart.plot.categories), chart.name
            assert all(len(ends) in (0, len(series.ys)) for ends in (series.lows, series.highs))
            assert series.colour.startswith("#")


def test_stacked_bands_are_what_each_horizon_adds_and_make_one_together(report: Report) -> None:
    plot = charts_of(report)["answered-within"].plot
    assert plot is not None
    columns = list(zip(*(series.ys for series in plot.series), strict=True))
    assert all(sum(bands) == pytest.approx(1.0) and min(bands) >= 0 for bands in columns)
    first = report.ranked[0][1]["metrics"]
    assert columns[0][0] == pytest.approx(first["answered_within_30m"]["value"])
    assert columns[0][4] == pytest.approx(1 - first["answered_within_7d"]["value"])


def test_a_time_that_ranks_is_in_days_for_an_office_program() -> None:
    def rank_by_time(tree: dict[str, Any]) -> None:
        tree["ranked_by"] = "answered_median_s"
        for brand in tree["brands"]:
            brand["metrics"]["answered_median_s"] = {"value": 43_200, "low": None, "high": None, "n": 5}

    plot = charts_of(changed(sample_report(3), rank_by_time))["ranked-bars"].plot
    assert plot is not None
    assert plot.number == "[h]:mm:ss"
    assert plot.series[0].ys == (0.5, 0.5, 0.5)


@pytest.mark.parametrize(
    ("figures", "title"),
    [
        (
            (share(0.9, 0.8, 0.95), share(0.6, 0.5, 0.7), share(0.3, 0.2, 0.4)),
            "2 of 3 brands answer half of their customers within 2 h",
        ),
        (
            (share(0.9, 0.8, 0.95), share(0.6, 0.4, 0.7), share(0.3, 0.2, 0.4)),
            "1 of 3 brands answers half of its customers within 2 h; 1 more perhaps",
        ),
        ((share(0.6, 0.4, 0.7),) * 3, "No ranked brand surely answers half of its customers within two hours"),
        ((share(0.3, 0.2, 0.4),) * 3, "No ranked brand answers half of its customers within two hours"),
        ((share(0.9, 0.8, 0.95),) * 3, "Every ranked brand answers at least half of its customers within two hours"),
    ],
)
def test_answered_within_counts_only_brands_whose_interval_carries_it(figures: Any, title: str) -> None:
    chart = answered_within.describe(with_figures("answered_within_2h", *figures))
    assert chart is not None
    assert chart.title == title


def median(value: float | None, low: float | None, high: float | None) -> dict[str, Any]:
    return {"value": value, "reached": value is not None, "low": low, "high": high}


def test_latency_counts_only_medians_whose_upper_end_is_within_the_mark() -> None:
    medians = (median(400, 300, 599), median(500, 400, 700), median(None, 90_000, None))
    chart = latency.describe(with_figures("median_latency_s", *medians))
    assert chart is not None
    assert chart.title.startswith("1 of 3 brands answers half of its customers within 10 min")
    assert [row[3] for row in chart.rows] == [400, 500, None]


def test_latency_says_at_how_many_brands_half_surely_have_no_answer() -> None:
    def lose(tree: dict[str, Any]) -> None:
        ranked = [brand for brand in tree["brands"] if brand["rank"]]
        for brand, rate in zip(ranked, (share(0.8, 0.7, 0.9), share(0.4, 0.3, 0.49), share(0.4, 0.3, 0.51)), strict=True):
            reached = rate["value"] > 0.5
            brand["metrics"] |= {
                "response_rate": rate,
                "median_latency_s": median(*((60, 50, 70) if reached else (None, None, None))),
            }

    chart = latency.describe(changed(sample_report(3), lose))
    assert chart is not None
    assert chart.title == "1 of 3 brands answers half of its customers within 10 min; 1 not within 7 days"


def test_time_to_answer_names_sectors_only_where_their_intervals_are_apart() -> None:
    def put(bounds: list[tuple[float, float]]) -> Report:
        def change(tree: dict[str, Any]) -> None:
            for sector, (low, high) in zip(tree["sectors"], bounds, strict=True):
                sector["curve"] = [[3600, (low + high) / 2, low, high]]

        return changed(sample_report(3), change)

    apart, meeting = (time_to_answer.describe(put(bounds)) for bounds in ([(0.2, 0.4), (0.6, 0.8)], [(0.2, 0.6), (0.4, 0.8)]))
    assert apart is not None
    assert meeting is not None
    assert apart.title == "After a day Retail has answered 70 %, Banking 30 %"
    assert meeting.title == "After a day, between 40 % and 60 % have an answer, among 2 sectors"


def test_time_by_network_is_the_mean_of_its_brands() -> None:
    report = sample_report(3)
    chart = time_by_network.describe(report)
    assert chart is not None
    found = {(row[1], row[2]): row[3] for row in chart.rows}
    shares = [brand["networks"]["x"]["metrics"]["answered_within_24h"]["value"] for _, brand in report.ranked]
    assert found["X", 86_400.0] == pytest.approx(sum(shares) / 3, abs=1e-4)


def test_time_by_network_needs_two_networks() -> None:
    def keep_one(tree: dict[str, Any]) -> None:
        for brand in tree["brands"]:
            brand["networks"].pop("x")

    assert time_by_network.describe(changed(sample_report(3), keep_one)) is None


def test_rank_correlation_lies_where_scipy_puts_it() -> None:
    xs, ys = [3, 9, 9, 1, 40, 17, 5, 22], [0.2, 0.5, 0.4, 0.4, 0.9, 0.1, 0.3, 0.8]
    low, high = rate_against_volume.spearman_interval(xs, ys)
    rho = float(spearmanr(xs, ys).statistic)
    half = 1.959964 * ((1 + rho * rho / 2) / 5) ** 0.5
    assert (low, high) == pytest.approx((math.tanh(math.atanh(rho) - half), math.tanh(math.atanh(rho) + half)))


def test_rate_against_volume_compares_few_brands_by_their_intervals() -> None:
    def put(tree: dict[str, Any], middle: float) -> None:
        ranked = sorted((brand for brand in tree["brands"] if brand["rank"]), key=lambda brand: brand["rank"]["value"])
        for volume, (brand, rate) in enumerate(zip(ranked, (middle, 0.5, 0.3), strict=True), 1):
            brand["metrics"]["inbound_count"] = {"value": 100 * volume}
            brand["metrics"]["response_rate"] = share(rate, rate - 0.1, rate + 0.1)

    apart = rate_against_volume.describe(changed(sample_report(3), lambda tree: put(tree, 0.8)))
    meeting = rate_against_volume.describe(changed(sample_report(3), lambda tree: put(tree, 0.4)))
    assert apart is not None
    assert meeting is not None
    assert apart.title.endswith(f"hears most, and answers less of it than {apart.rows[0][1]}")
    assert meeting.title.endswith("cannot be told apart in what they answer")


def test_hours_are_averaged_over_the_days_of_the_period() -> None:
    """October 2026 has four Mondays and five Thursdays; on Sunday the 25th, 1 h comes twice in London."""

    def put(tree: dict[str, Any]) -> None:
        for place, brand in enumerate(tree["brands"]):
            brand["hours"] = [0] * 168 if place else [8, *[0] * 71, 10, *[0] * 72, 5, *[0] * 22]
            assert len(brand["hours"]) == 168

    chart = hours.describe(changed(sample_report(3), put))
    assert chart is not None
    found = {(row[0], row[1]): row[2:] for row in chart.rows}
    assert found["Monday", 0] == (8, 4, 2.0)
    assert found["Thursday", 0] == (10, 5, 2.0)
    assert found["Sunday", 1] == (5, 5, 1.0)
    assert sum(row[3] for row in chart.rows) == 31 * 24 + 1
    assert chart.title == "100 % of messages come outside Monday to Friday, 9 to 17 h"
    assert "n = 23 inbound messages of 3 brands" in chart.foot


def test_hours_are_left_out_where_none_are_known() -> None:
    def forget(tree: dict[str, Any]) -> None:
        for brand in tree["brands"]:
            brand["hours"] = []

    assert hours.describe(changed(sample_report(3), forget)) is None


def test_rank_intervals_count_the_pairs_that_are_told_apart() -> None:
    def tell(tree: dict[str, Any]) -> None:
        one, other, _ = (brand for brand in tree["brands"] if brand["rank"])
        one["rank"]["separated_from"], other["rank"]["separated_from"] = [other["name"]], [one["name"]]

    chart = rank_intervals.describe(changed(sample_report(3), tell))
    assert chart is not None
    assert chart.title == "Of 3 pairs of brands, 1 can be told apart"
    assert rank_intervals.describe(sample_report(1)) is None


def test_rank_moves_lead_from_the_place_before() -> None:
    def move(tree: dict[str, Any]) -> None:
        ranked = {brand["rank"]["value"]: brand["rank"] for brand in tree["brands"] if brand["rank"]}
        ranked[1]["move"], ranked[3]["move"] = 2, -1

    assert rank_moves.describe(sample_report(3)) is None
    chart = rank_moves.describe(changed(sample_report(3), move))
    assert chart is not None
    assert [row[2:] for row in chart.rows] == [(3, 1, 2), (2, 3, -1)]
    assert chart.title == "2 of 3 brands moved beyond doubt: 1 up, 1 down"
    assert chart.plot is not None
    assert chart.plot.series[0].ys == (3, 1)


def test_kinds_are_pooled_by_their_messages() -> None:
    def put(tree: dict[str, Any]) -> None:
        tree["totals"]["inbound_count"] = 1000
        figures = (
            ({"value": 0.2, "low": 0.1, "high": 0.3, "n": 100}, 150),
            ({"value": 0.8, "low": 0.6, "high": 1.0, "n": 300}, 450),
        )
        for brand, (figure, count) in zip(tree["brands"], figures, strict=False):
            brand["kinds"] = {"order_status": {"metrics": {"inbound_count": {"value": count}, "answered_within_24h": figure}}}

    chart = topics_kinds.describe(changed(sample_report(3), put))
    assert chart is not None
    group, name, count, part, value, low, high, n = chart.rows[0]
    assert (group, name, count, part, n) == ("kinds", "order_status", 600, 0.6, 400)
    assert value == pytest.approx((0.2 * 100 + 0.8 * 300) / 400)
    assert (high - low) / 2 == pytest.approx(((0.1 * 100) ** 2 + (0.2 * 300) ** 2) ** 0.5 / 400, abs=1e-4)
    assert chart.title == "Order status: 60 % of all messages"
    assert topics_kinds.describe(sample_report(3)) is None


def entry(account: str, intervals: list[tuple[str, str]], gaps: list[tuple[str, str, str]]) -> dict[str, Any]:
    names = {"brand": "Acme", "network": "x", "origin": "", "account": account, "stream": "mentions"}
    return names | {"intervals": intervals, "gaps": gaps, "assumed": False, "note": ""}


def day(number: int) -> str:
    return datetime(2026, 10, number, tzinfo=UTC).isoformat()


def test_coverage_counts_time_read_twice_once_and_nothing_outside_of_the_period() -> None:
    def put(tree: dict[str, Any]) -> None:
        tree["period"] = {"since": day(1), "until": day(11), "timezone": "UTC"}
        twice = [("2026-09-20T00:00:00+00:00", day(5)), (day(3), day(6))]
        tree["coverage"] = [entry("half", twice, [(day(6), day(8), "cap")]), entry("all", [(day(1), day(20))], [])]
        tree["coverage"].append(entry("none", [], []))

    chart = coverage.describe(changed(sample_report(3), put))
    assert chart is not None
    shares = {row[3]: row[9] for row in chart.rows}
    assert shares == {"half": 0.5, "all": 1.0, "none": 0.0}
    assert [row[8] for row in chart.rows if row[5] == "gap"] == ["cap"]
    assert chart.title == "1 of 3 handles was read for the whole period; 1 has known gaps"
    assert list(chart.axis.marks.values()) == ["1 Oct", "10 Oct"]


def test_coverage_draws_the_least_read_handles_and_lists_them_all() -> None:
    chart = charts_of(sample_report(100))["coverage"]
    assert len({row[:4] for row in chart.rows}) == 200
    assert "the 104 least read are drawn" in chart.subtitle
    assert charts_of(sample_report(3))["coverage"].subtitle.endswith("the worst of them.")


def test_coverage_is_left_out_where_none_is_known() -> None:
    def forget(tree: dict[str, Any]) -> None:
        tree["coverage"] = []

    assert coverage.describe(changed(sample_report(3), forget)) is None
