"""Places, their sets, ties and tiers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as student

from socialbench.measure.ranking import Scored, covariance, labels, rank
from socialbench.measure.result import Influence


def scored(name: str, value: float, error: float = 1.0) -> Scored:
    return Scored(name, value, Influence({}, {}, error * error, 30))


def test_ranks_far_apart_are_certain() -> None:
    found = rank([scored("A", 90), scored("B", 50), scored("C", 10)])
    assert [(r.value, r.low, r.high) for r in (found["A"], found["B"], found["C"])] == [(1, 1, 1), (2, 2, 2), (3, 3, 3)]
    assert [found[name].tier for name in "ABC"] == [1, 2, 3]
    assert found["B"].separated_from == ("A", "C")


def test_ranks_near_together_are_not() -> None:
    found = rank([scored("A", 50.5), scored("B", 50.3), scored("C", 50.0)])
    assert all((r.low, r.high, r.tier) == (1, 3, 1) for r in found.values())


def test_rank_pair_at_the_critical_value_follows_the_normal_distribution() -> None:
    """With two brands the critical value is that of |N(0, 1)|: 1.96 standard errors of the difference, plus the 2 % margin."""
    error = np.sqrt(2)
    assert rank([scored("A", 50 + 2.1 * error), scored("B", 50)])["A"].high == 1
    assert rank([scored("A", 50 + 1.9 * error), scored("B", 50)])["A"].high == 2


def test_rank_low_is_better_for_times() -> None:
    found = rank([scored("slow", 900), scored("quick", 60)], high_is_better=False, decimals=0)
    assert (found["quick"].value, found["slow"].value) == (1, 2)


def test_ties_share_a_place_and_the_next_is_skipped() -> None:
    assert labels([70.0, 69.94, 69.96, 50.0]) == [(1, "1 ="), (3, "3"), (1, "1 ="), (4, "4")]


def test_ties_round_half_to_even() -> None:
    assert labels([0.25, 0.2]) == [(1, "1 ="), (1, "1 =")]
    assert labels([0.35, 0.4]) == [(1, "1 ="), (1, "1 =")]


def test_shared_authors_and_days_are_covariances() -> None:
    left = Scored("L", 1, Influence({"ann": 2.0, "bob": 1.0}, {5: 3.0}, 10, 12))
    right = Scored("R", 1, Influence({"ann": 0.5}, {5: 1.0, 6: 9.0}, 10, 12))
    few = Scored("F", 1, Influence({"ann": 0.5}, {5: 1.0}, 10, 9))
    assert covariance([left, right])[0, 1] == pytest.approx(2 * 0.5 + 3 * 1)
    assert covariance([left, few])[0, 1] == pytest.approx(2 * 0.5)


def test_negative_eigenvalues_are_set_to_zero() -> None:
    left = Scored("L", 1, Influence({"ann": 5.0}, {}, 1, 12))
    right = Scored("R", 1, Influence({"ann": 5.0}, {}, 1, 12))
    assert np.linalg.eigvalsh(covariance([left, right])).min() > -1e-9


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0, 100), min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_ranks_do_not_depend_on_the_order_of_the_list(values: list[float], shuffle: object) -> None:
    brands = [scored(f"brand {place}", value, 3.0) for place, value in enumerate(values)]
    mixed = list(brands)
    shuffle.shuffle(mixed)
    assert rank(mixed) == rank(brands)


def test_a_brand_without_variance_is_told_apart_by_any_difference() -> None:
    found = rank([scored("A", 50.1, 0.0), scored("B", 50.0, 0.0)])
    assert (found["A"].high, found["B"].low) == (1, 2)


def test_tiers_run_from_each_leader_to_before_the_first_that_it_beats() -> None:
    """A beats C and not B; B does not beat C: the tier of C begins with C all the same, since A leads the first."""
    found = rank([scored("A", 60), scored("B", 57.5), scored("C", 55), scored("D", 10)])
    assert [found[name].tier for name in "ABCD"] == [1, 1, 2, 3]
    assert "C" not in found["B"].separated_from


def test_tiers_split_equal_brands_in_few_worlds() -> None:
    """At 5 % together two of 40 worlds are expected to print a second tier; more than six come once in two hundred times."""
    draw = np.random.default_rng(4)
    worlds = [[scored(f"b{place}", float(draw.normal(50, 1))) for place in range(6)] for _ in range(40)]
    assert sum(max(found.tier or 0 for found in rank(world).values()) > 1 for world in worlds) <= 6


def test_a_brand_without_a_known_interval_is_told_apart_from_nobody() -> None:
    found = rank([Scored("A", 90, None), scored("B", 50), scored("C", 10)])
    assert (found["A"].value, found["A"].low, found["A"].high) == (1, 1, 3)
    assert found["B"].separated_from == ("C",)


@pytest.mark.parametrize(("days", "degrees"), [(10, 9), (28, 27), (59, 58)])
def test_tier_of_two_brands_at_the_critical_value_follows_students_t(days: int, degrees: int) -> None:
    """The place follows the normal distribution, the border between tiers Student's t of as many days less one."""
    critical = float(student.ppf(0.975, degrees)) * np.sqrt(2)
    tiers = []
    for times in (1.07, 0.93):
        brands = [Scored(name, value, Influence({}, {}, 1.0, days)) for name, value in (("A", 50 + times * critical), ("B", 50))]
        tiers.append(rank(brands)["B"].tier)
    assert tiers == [2, 1]


def test_tier_of_brands_of_many_days_follows_the_normal_distribution() -> None:
    brands = [Scored(name, value, Influence({}, {}, 1.0, 60)) for name, value in (("A", 50 + 2.04 * np.sqrt(2)), ("B", 50))]
    assert rank(brands)["B"].tier == 2
