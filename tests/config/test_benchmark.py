"""What a Benchmark answers: its hash, its store, and which brands and period a command line asks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from socialbench.config import Benchmark, combine_period, select_brands
from socialbench.errors import UsageError
from tests.config.written import loaded, write

TEXT = """\
benchmark: Test
period: 2026-10
store: one.db
networks: {x: {credentials: ACME}}
brands:
  - name: Acme Bank
    sector: Banking
    handles: {x: [acme, {name: acme_help, role: support, credentials: ACME_X}], bluesky: acme.example}
  - {name: Borough, sector: Banking, handles: {x: borough}}
  - {name: "Cable [1]", sector: Telecom, handles: {bluesky: cable.example}}
"""
NOW = 1_795_359_600_000


@pytest.fixture
def benchmark(tmp_path: Path) -> Benchmark:
    return loaded(tmp_path, TEXT)


@pytest.mark.parametrize(
    ("old", "new"),
    [("one.db", "two.db"), ("ACME_X", "OTHER"), ("{credentials: ACME}", "{}"), ("benchmark: Test", "benchmark:   Test # note")],
)
def test_config_hash_leaves_out_store_credentials_and_comments(tmp_path: Path, benchmark: Benchmark, old: str, new: str) -> None:
    assert loaded(tmp_path, TEXT.replace(old, new)).config_hash == benchmark.config_hash


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2026-10", "2026-09"),
        ("acme_help", "acme_care"),
        ("support", "brand"),
        ("Telecom", "Banking"),
        ("period:", "follow_up: 6d\nperiod:"),
    ],
)
def test_config_hash_changes_with_what_changes_figures(tmp_path: Path, benchmark: Benchmark, old: str, new: str) -> None:
    assert loaded(tmp_path, TEXT.replace(old, new)).config_hash != benchmark.config_hash


def test_config_hash_does_not_depend_on_the_name_of_the_file(tmp_path: Path, benchmark: Benchmark) -> None:
    from socialbench.config import load

    assert load(write(tmp_path, TEXT, "other.yaml")).config_hash == benchmark.config_hash
    assert benchmark.hash_with({"preset": "x"}) != benchmark.config_hash


def test_store_url_of_a_server_stays_as_it_is(tmp_path: Path) -> None:
    url = "postgresql://someone@db.example/bench"
    assert loaded(tmp_path, TEXT.replace("one.db", url)).store_url(tmp_path) == url


@pytest.mark.parametrize(
    ("brands", "networks", "sectors", "names"),
    [
        ((), (), (), ["Acme Bank", "Borough", "Cable [1]"]),
        (("acme*",), (), (), ["Acme Bank"]),
        (("BOROUGH", "cable [1]"), (), (), ["Borough", "Cable [1]"]),
        ((), ("bluesky",), (), ["Acme Bank", "Cable [1]"]),
        ((), (), ("bank?ng",), ["Acme Bank", "Borough"]),
        ((), ("bluesky",), ("Banking",), ["Acme Bank"]),
    ],
)
def test_selection_narrows_brands(
    benchmark: Benchmark, brands: tuple[str, ...], networks: tuple[str, ...], sectors: tuple[str, ...], names: list[str]
) -> None:
    chosen = select_brands(benchmark, brands, networks, sectors)
    assert [brand.name for brand in chosen] == names
    assert {handle.network for brand in chosen for handle in brand.handles} <= set(networks or ("x", "bluesky"))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ((("Boroug",), (), ()), "no brand 'Boroug' in this benchmark; did you mean Borough?"),
        (((), ("twitter",), ()), "no network 'twitter' in this benchmark; did you mean x?"),
        (((), (), ("Zoo*",)), "no sector 'Zoo*' in this benchmark"),
    ],
)
def test_selection_that_fits_nothing_is_refused(benchmark: Benchmark, asked: tuple[tuple[str, ...], ...], said: str) -> None:
    with pytest.raises(UsageError) as raised:
        select_brands(benchmark, *asked)
    assert str(raised.value) == said


def test_period_of_a_run_is_the_options_else_the_config(benchmark: Benchmark) -> None:
    assert combine_period(benchmark, (None, None, None), NOW).label == "2026-10"
    assert combine_period(benchmark, ("all", None, None), NOW).label == "all"
    assert combine_period(benchmark, (None, "2026-10-03", "2026-10-05"), NOW).label == "2026-10-03--2026-10-05"
    assert combine_period(benchmark, (None, "2026-10-03", None), NOW).label == "from-2026-10-03"


def test_period_of_a_run_is_given_once_and_forwards(benchmark: Benchmark) -> None:
    with pytest.raises(UsageError, match="--period says both ends"):
        combine_period(benchmark, ("all", "2026-10-03", None), NOW)
    with pytest.raises(UsageError, match="before it starts"):
        combine_period(benchmark, (None, "2026-10-03", "2026-10-03"), NOW)
