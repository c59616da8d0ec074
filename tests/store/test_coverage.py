from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from socialbench.model import Coverage, Direction
from socialbench.store import CoverageStatus, open_store
from socialbench.store.coverage import Interval, minus, union
from tests.store.invented import ACME, batch, covered

intervals = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=6)


def stored(url: str, *batches: Sequence[Coverage]) -> list[tuple[int, int, bool, str]]:
    with open_store(url, write=True) as store:
        for each in batches:
            store.save(batch([], coverage=each))
        rows = store.frames().coverage.to_dict("records")
    return [(row["since_at"], row["until_at"], row["gap"], row["reason"]) for row in rows]


def test_coverage_that_touches_is_one_interval(url: str) -> None:
    assert stored(url, [covered(0, 10)], [covered(10, 20)], [covered(15, 18)], [covered(30, 30)]) == [(0, 20, False, "")]


def test_coverage_of_a_later_sweep_closes_a_gap(url: str) -> None:
    cut = [covered(10, 20), covered(0, 10, gap=True, reason="stopped")]
    assert stored(url, cut, [covered(4, 12)]) == [(0, 4, True, "stopped"), (4, 20, False, "")]


def test_coverage_is_cut_by_the_gaps_told_beside_it(url: str) -> None:
    told = [covered(0, 30), covered(10, 20, gap=True, reason="cap")]
    assert stored(url, told) == [(0, 10, False, ""), (10, 20, True, "cap"), (20, 30, False, "")]


def test_coverage_once_read_stays_read(url: str) -> None:
    assert stored(url, [covered(0, 30)], [covered(10, 40, gap=True, reason="cap")]) == [(0, 30, False, ""), (30, 40, True, "cap")]


def test_coverage_keeps_subjects_and_samples_apart(url: str) -> None:
    rows = [covered(0, 10, subject="p1"), covered(5, 20, subject="p2"), covered(0, 20, sample="answered-only")]
    assert sorted(stored(url, rows)) == [(0, 10, False, ""), (0, 20, False, ""), (5, 20, False, "")]


def test_coverage_status_has_one_line_per_stream(url: str) -> None:
    posts = covered(5, 8, stream="posts", direction=Direction.OUTBOUND, assumed=True)
    with open_store(url, write=True) as store:
        store.save(batch([], accounts=[ACME], coverage=[covered(0, 9), covered(9, 12, gap=True, reason="cap"), posts]))
        place = ("bluesky", "", "did:acme", "acme.example")
        assert store.latest_coverage() == [
            CoverageStatus(*place, "mentions", 0, 12, 1, False),
            CoverageStatus(*place, "posts", 5, 8, 0, True),
        ]


def points(told: Sequence[Interval]) -> set[int]:
    return {point for since_at, until_at in told for point in range(since_at, until_at)}


@given(intervals, intervals)
def test_coverage_arithmetic_is_that_of_sets(one: list[Interval], other: list[Interval]) -> None:
    assert points(union(one)) == points(one)
    assert points(minus(union(one), union(other))) == points(one) - points(other)
    assert all(a[1] < b[0] for a, b in zip(union(one), union(one)[1:], strict=False))
