"""Curves against scipy's, and their influence values against Greenwood's variance and finite differences."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from socialbench.measure.intervals import Clusters, quantile_ends, share_ends, t_quantile, watch, wilson
from socialbench.measure.survival import curve

PAIRS = st.lists(st.tuples(st.integers(0, 50), st.booleans()), min_size=2, max_size=60)


def _scipy(pairs: list[tuple[int, bool]]) -> stats._survival.ECDFResult:
    sample = stats.CensoredData(
        uncensored=[time for time, event in pairs if event], right=[time for time, event in pairs if not event]
    )
    return stats.ecdf(sample)


def _watched(pairs: list[tuple[int, bool]], enabled: bool = False) -> object:
    count = len(pairs)
    each = np.arange(count)
    return watch(
        np.array([float(time) for time, _ in pairs]),
        np.array([event for _, event in pairs]),
        Clusters(each, each, count, count, enabled),
        100.0,
    )


@given(PAIRS)
def test_curve_equals_scipy(pairs: list[tuple[int, bool]]) -> None:
    found = curve([time for time, _ in pairs], [event for _, event in pairs])
    expected = _scipy(pairs).sf
    for time in range(52):
        assert found.answered_by(time) == pytest.approx(1 - expected.evaluate(time), abs=1e-9)


@given(PAIRS)
def test_textbook_band_equals_scipy_log_log(pairs: list[tuple[int, bool]]) -> None:
    watched = _watched(pairs)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        band = _scipy(pairs).sf.confidence_interval(0.95, method="log-log")
    for time in range(51):
        share = watched.plain.answered_by(time)
        if 0 < share < 1:
            ends = share_ends(watched, time)
            assert ends.low == pytest.approx(1 - band.high.evaluate(time), abs=1e-9)
            assert ends.high == pytest.approx(1 - band.low.evaluate(time), abs=1e-9)


@given(PAIRS, st.integers(0, 50))
def test_influence_squares_sum_to_greenwood(pairs: list[tuple[int, bool]], horizon: int) -> None:
    found = curve([time for time, _ in pairs], [event for _, event in pairs])
    left = 1 - found.answered_by(horizon)
    if left == 0:
        return
    total = 0.0
    for time in sorted({t for t, event in pairs if event and t <= horizon}):
        risk = sum(t >= time for t, _ in pairs)
        deaths = sum(t == time and event for t, event in pairs)
        total += deaths / (risk * (risk - deaths))
    assert float(np.sum(found.influence(horizon) ** 2)) == pytest.approx(left * left * total, abs=1e-12)


@pytest.mark.parametrize("which", ["influence", "restricted_mean_influence"])
def test_influence_is_the_derivative_in_a_units_weight(which: str) -> None:
    """A weight of 1 + 1/1000 for one unit, as 1,001 copies among 1,000 of each other."""
    pairs = [(5.0, True), (5.0, False), (9.0, True), (12.0, False), (20.0, True), (30.0, False)]
    base = curve([t for t, _ in pairs], [e for _, e in pairs])
    value = {"influence": lambda c: c.answered_by(15.0), "restricted_mean_influence": lambda c: c.restricted_mean(15.0)}[which]
    for place, extra in enumerate(pairs):
        many = [pair for pair in pairs for _ in range(1000)] + [extra]
        moved = curve([t for t, _ in many], [e for _, e in many])
        derivative = (value(moved) - value(base)) * 1000
        assert getattr(base, which)(15.0)[place] == pytest.approx(derivative, rel=2e-2, abs=1e-3)


@pytest.mark.parametrize("degrees", [1, 2, 3, 9, 29, 58, 200])
def test_t_quantile_equals_scipy(degrees: int) -> None:
    assert t_quantile(degrees) == pytest.approx(float(stats.t.ppf(0.975, degrees)), abs=1e-9)


@given(st.integers(1, 500), st.integers(0, 500))
def test_wilson_equals_scipy(n: int, events: int) -> None:
    events = min(events, n)
    z = 1.96
    expected = stats.binomtest(events, n).proportion_ci(2 * stats.norm.cdf(z) - 1, method="wilson")
    assert wilson(events / n, n) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_silent_brand_has_a_width() -> None:
    ends = share_ends(_watched([(100, False)] * 40, enabled=True), 50.0)
    assert ends.low == 0.0
    assert ends.high == pytest.approx(1.96**2 / (40 + 1.96**2))


def test_clusters_widen_and_never_narrow() -> None:
    """Ten authors of ten equal messages each know no more than ten messages do: the design effect is near ten."""
    author = np.repeat(np.arange(20), 10)
    event = np.repeat(np.arange(20) % 2 == 0, 10)
    duration = np.where(event, 10.0, 100.0)
    day = np.arange(200)
    together = watch(duration, event, Clusters(author, day, 20, 200), 100.0)
    alone = watch(duration, event, Clusters(day, day, 200, 200), 100.0)
    assert 9 < share_ends(together, 50.0).design_effect < 10.5
    assert share_ends(alone, 50.0).design_effect == 1.0


def test_under_ten_days_authors_only() -> None:
    day = np.repeat(np.arange(2), 50)
    each = np.arange(100)
    event = day == 0
    found = watch(np.where(event, 10.0, 100.0), event, Clusters(each, day, 100, 2), 100.0)
    assert share_ends(found, 50.0).design_effect == 1.0


def test_quantile_interval_may_stay_open() -> None:
    low, high = quantile_ends(_watched([(10, True)] * 11 + [(100, False)] * 10, enabled=True), 0.5)
    assert (low, high) == (10.0, None)


def test_interval_is_centred_on_the_pseudo_authors() -> None:
    """10 of 40 answered, and 2 of 4 pseudo-authors: 12 / 44, its binomial variance, t with 39 days - 1."""
    each = np.arange(40)
    event = each < 10
    found = watch(np.where(event, 10.0, 100.0), event, Clusters(each, each, 40, 40), 100.0)
    share = 12 / 44
    half = float(stats.t.ppf(0.975, 39)) * np.sqrt(share * (1 - share) / 44)
    ends = share_ends(found, 50.0)
    assert (ends.low, ends.high) == pytest.approx((share - half, share + half), abs=1e-9)


def test_one_author_with_much_of_it_leaves_few_degrees_of_freedom() -> None:
    """8 of 28 by one author: (8 + 20)^2 / (8^2 + 20) = 9.33 authors, so t with 8; with 2 of 28, under a tenth, with 27."""
    day, event = np.arange(28), np.arange(28) % 2 == 0
    for largest, degrees in ((8, 8), (2, 27)):
        author = np.maximum(day - largest + 1, 0)
        found = watch(np.where(event, 10.0, 100.0), event, Clusters(author, day, 29 - largest, 28), 100.0)
        variance, _ = found.padded_clusters.variance(found.padded.influence(50.0))
        ends = share_ends(found, 50.0)
        assert (ends.high - ends.low) / 2 == pytest.approx(float(stats.t.ppf(0.975, degrees)) * np.sqrt(variance), abs=1e-9)


def test_variance_adds_authors_and_days_and_takes_the_units_away_once() -> None:
    """Ten authors on each of ten days: 10 x 10^2 by author, as much by day, 100 alone."""
    each = np.arange(100)
    clusters = Clusters(each // 10, each % 10, 10, 10)
    assert clusters.variance(np.ones(100)) == (1900.0, 100.0)
