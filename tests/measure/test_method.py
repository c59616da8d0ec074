"""docs/method.md is of the shape that `make bench` writes; its numbers are those of the run that it names."""

from __future__ import annotations

from importlib import import_module

import pytest

from tests.bench.labelled_sets import REAL
from tests.bench.page import BENCHES, PAGE, PICTURES, block, made_of, read, shape
from tests.bench.result import Result, share


@pytest.mark.parametrize("name", BENCHES)
def test_block_is_what_the_bench_writes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if name == "labelled_sets" and not REAL.exists():
        pytest.skip("../shared/real is not there")
    module = import_module(f"tests.bench.{name}")
    if name == "bootstrap":
        monkeypatch.setattr(module, "DRAWS", 20)
    if name == "rank_sets":
        monkeypatch.setattr(module.ranking, "DRAWS", 200)
    results = list(module.simulate(2))
    assert shape(read(name)) == shape(block(name, results, made_of(name, 2, 0.0)))


@pytest.mark.parametrize("name", [name for name in BENCHES if name != "labelled_sets"])
def test_picture_of_the_bench_is_there_and_small(name: str) -> None:
    assert f"pictures/method-{name}.png" in PAGE.read_text("utf-8")
    assert (PICTURES / f"method-{name}.png").stat().st_size < 120_000


@pytest.mark.parametrize(
    ("value", "error", "verdict"), [(94, 1, "held"), (93, 1, "not decided"), (91.9, 1, "NOT HELD"), (93, None, "NOT HELD")]
)
def test_limit_is_broken_beyond_two_errors(value: float, error: float | None, verdict: str) -> None:
    assert Result("coverage", value, "%", least=94, error=error).verdict == verdict


def test_error_of_a_share_is_that_of_its_mean_over_worlds() -> None:
    """Of 0, 1, 1, 0: a standard deviation of sqrt(1 / 3) over sqrt(4)."""
    found = share("hits", [0.0, 1.0, 1.0, 0.0])
    assert (found.value, found.error) == (50.0, pytest.approx(100 * (1 / 3) ** 0.5 / 2))
