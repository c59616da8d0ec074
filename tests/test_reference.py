"""The figures of the real samples against the reference figures in `../shared/README.md` (another reading of the same rules)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.run import run

REAL = Path(__file__).parents[2] / "shared" / "real"
ANY_TIME = ("--population", "all", "--answers", "any", "--follow-up", "3650d")

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="needs ../shared/real")


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return tmp_path


def brands(here: Path, *options: str) -> dict[str, Any]:
    done = run(here, "report", "c.yaml", *options, "-f", "json", "-o", "out.json")
    assert done.returncode == 0, done.stderr
    return {brand["name"]: brand for brand in json.loads((here / "out.json").read_text("utf-8"))["brands"]}


def imported(here: Path, shape: str, *arguments: str) -> str:
    done = run(here, "import", shape, *arguments, "-c", "c.yaml")
    assert done.returncode == 0, done.stderr
    return done.stderr


def value(brand: dict[str, Any], name: str) -> Any:
    return brand["metrics"][name]["value"]


def interval(brand: dict[str, Any], name: str) -> tuple[float, float, float]:
    figure = brand["metrics"][name]
    return figure["value"], figure["low"], figure["high"]


def test_twcs_sample_gives_the_reference(here: Path) -> None:
    imported(here, "twcs", str(REAL / "twcs-head-1000" / "sample_head_1000.csv"))
    found = brands(here, "--unit", "message", *ANY_TIME)
    expected = {
        "ChipotleTweets": (60, 55, 9.55),
        "AmazonHelp": (41, 36, 9.57),
        "AppleSupport": (35, 30, 8.32),
        "AskeBay": (29, 17, 50.28),
    }
    for name, (inbound, answered, minutes) in expected.items():
        brand = found[name]
        assert (value(brand, "inbound_count"), value(brand, "answered_count")) == (inbound, answered)
        assert round(value(brand, "answered_median_s") / 60, 2) == minutes
    assert sum(value(brand, "inbound_count") for brand in found.values()) == 508
    assert sum(value(brand, "answered_count") for brand in found.values()) == 419
    assert all(brand["metrics"]["response_rate"]["refused"] for brand in found.values())


def test_twcs_sample_again_adds_nothing(here: Path) -> None:
    path = str(REAL / "twcs-head-1000" / "sample_head_1000.csv")
    imported(here, "twcs", path)
    before = (brands(here), (here / "data" / "c.db").stat().st_size)
    assert "nothing to add" in imported(here, "twcs", path)
    assert (brands(here), (here / "data" / "c.db").stat().st_size) == before


def test_ibm_conversations_give_the_reference(here: Path) -> None:
    imported(here, "conversations", *(str(REAL / "ibm-cdp" / name) for name in ("dev.json", "test.json")))
    found = brands(here, "--unit", "opener", *ANY_TIME)
    for name, count, minutes in (("RockstarSupport", 146, 3.07), ("MojangSupport", 108, 697.90), ("Google", 107, 8362.95)):
        assert value(found[name], "inbound_count") == count
        assert round(value(found[name], "answered_median_s") / 60, 2) == minutes
    assert value(found["TeamYouTube"], "inbound_count") == 84


@pytest.fixture(scope="module")
def byu(tmp_path_factory: pytest.TempPathFactory) -> Path:
    here = tmp_path_factory.mktemp("byu")
    path = str(REAL / "play-byu" / "app_reviews.csv")
    imported(here, "play-reviews", path, "--brand", "by.U", "--timezone", "Asia/Jakarta", "--sample", "complete")
    return here


def test_play_reviews_message_by_message_give_the_reference(byu: Path) -> None:
    brand = brands(byu, "--unit", "message", *ANY_TIME)["by.U"]
    assert (value(brand, "inbound_count"), value(brand, "answered_count")) == (3000, 2990)
    assert brand["left_out"]["negative"] == 2
    assert round(value(brand, "answered_median_s") / 60, 2) == 5.46


def test_play_reviews_with_the_defaults_give_the_reference(byu: Path) -> None:
    brand = brands(byu)["by.U"]
    assert (value(brand, "unit_count"), value(brand, "answered_count"), brand["left_out"]["negative"]) == (1399, 1390, 2)
    assert interval(brand, "answered_within_2h") == pytest.approx((0.9721, 0.9418, 0.9997), abs=1.5e-4)
    assert interval(brand, "answered_within_24h") == pytest.approx((0.9950, 0.9889, 0.9982), abs=1.5e-4)
    assert interval(brand, "response_rate") == pytest.approx((0.9950, 0.9889, 0.9982), abs=1.5e-4)
    assert interval(brand, "median_latency_s") == (322, 289, 379)
    assert interval(brand, "expectation_score") == pytest.approx((98.93, 97.95, 99.62), abs=0.015)
    assert brand["marks"]["looks_automatic"]


@pytest.fixture(scope="module")
def anz(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    here = tmp_path_factory.mktemp("anz")
    path = str(REAL / "play-anz" / "app_reviews.csv")
    return here, imported(here, "play-reviews", path, "--brand-column", "appId", "--timezone", "UTC", "--sample", "complete")


def test_reviews_of_several_apps_count_repeats_and_negative_times(anz: tuple[Path, str]) -> None:
    here, said = anz
    assert "453 repeated" in said
    found = brands(here, "--unit", "message", *ANY_TIME)
    brand = found["com.anz.android.gomoney"]
    assert (brand["left_out"]["repeated"], sum(each["left_out"]["repeated"] for each in found.values())) == (206, 453)
    assert (value(brand, "inbound_count"), value(brand, "answered_count"), brand["left_out"]["negative"]) == (922, 126, 27)


def test_reviews_of_several_apps_with_the_defaults_give_the_reference(anz: tuple[Path, str]) -> None:
    found = brands(anz[0])
    go, pacific = found["com.anz.android.gomoney"], found["com.anz.anzpacific"]
    assert (value(go, "unit_count"), value(go, "answered_count"), go["left_out"]["negative"]) == (583, 92, 18)
    assert interval(go, "answered_within_2h") == pytest.approx((0.0071, 0.0028, 0.0181), abs=1.5e-4)
    assert interval(go, "answered_within_24h") == pytest.approx((0.0551, 0.0384, 0.0781), abs=1.5e-4)
    assert interval(go, "response_rate") == pytest.approx((0.1654, 0.1325, 0.2029), abs=1.5e-4)
    assert go["metrics"]["response_rate"]["bounds"] == pytest.approx((0.1602, 0.1911), abs=1.5e-4)
    assert go["metrics"]["median_latency_s"]["reached"] is False
    assert interval(go, "expectation_score") == pytest.approx((8.72, 7.15, 10.88), abs=0.015)
    assert (value(pacific, "unit_count"), value(pacific, "answered_count")) == (126, 4)
    assert interval(pacific, "answered_within_2h") == pytest.approx((0, 0, 0.0296), abs=1.5e-4)
    assert interval(pacific, "response_rate") == pytest.approx((0.0320, 0.0125, 0.0793), abs=1.5e-4)
    assert interval(pacific, "expectation_score") == pytest.approx((1.84, 0.57, 6.08), abs=0.015)
    assert [(b["rank"]["value"], b["rank"]["low"], b["rank"]["high"]) for b in (go, pacific)] == [(1, 1, 1), (2, 2, 2)]
