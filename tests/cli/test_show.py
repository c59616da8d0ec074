"""`show BRAND`: one brand on the terminal, with its place among all."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.run import run

HEAD = "tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id\n"
CONFIG = """\
benchmark: Two shops
timezone: UTC
period: all
min_units: 20
min_authors: 20
networks: {x: {collect: false}}
brands:
  - {name: Acme Shop, sector: Retail, handles: {x: acme}}
  - {name: Acme Travel, sector: Travel, handles: {x: acmetravel}}
  - {name: Silent & Sons, handles: {x: silent}}
"""
MINUTES = 30
"""Every second customer of the first brand is answered after so long, of the second all."""


def moment(day: int, minute: int) -> str:
    return f"2026-10-{day:02d} {10 + minute // 60:02d}:{minute % 60:02d}:00 +0000"


def rows() -> str:
    """Thirty customers ask each brand, one a day."""
    written, number = [], 100
    for shop, step in (("acme", 2), ("acmetravel", 1)):
        for day in range(1, 31):
            asked, number = number, number + 2
            answered = day % step == 0
            reply = str(asked + 1) if answered else ""
            written.append(f"{asked},{shop}{day},True,{moment(day, 0)},@{shop} where is my order?,{reply},")
            if answered:
                written.append(f"{asked + 1},{shop},False,{moment(day, MINUTES)},@{shop}{day} on its way,,{asked}")
    return HEAD + "\n".join(written) + "\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("show")
    (place / "shops.yaml").write_text(CONFIG)
    (place / "rows.csv").write_text(rows())
    told = ["--timezone", "UTC", "--sample", "complete", "--observed-until", "2026-11-20"]
    done = run(place, "import", "twcs", "rows.csv", "-c", "shops.yaml", *told)
    assert done.returncode == 0, done.stderr
    return place


def test_show_prints_place_scorecard_curve_and_coverage(folder: Path) -> None:
    done = run(folder, "show", "acme shop", "-c", "shops.yaml")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "Acme Shop - Retail - x"
    assert re.search(r"^Place 2 \(\d-2\) of 2$", done.stdout, re.MULTILINE)
    assert re.search(r"^Answered +50 % +32-68 +50\.0 % +75\.0 %$", done.stdout, re.MULTILINE)
    assert re.search(r"^ *1 h  #{20}\.{20}  50 % \(32-68\)$", done.stdout, re.MULTILINE)
    assert re.search(r"^x twcs +acme +import +1 October 2026, 10:00 to 20 November 2026", done.stdout, re.MULTILINE)
    assert done.stdout.isascii()


def test_show_says_why_a_brand_is_not_ranked(folder: Path) -> None:
    done = run(folder, "show", "Silent & Sons", "-c", "shops.yaml")
    assert done.returncode == 0, done.stderr
    assert re.search(r"^Listed, not ranked: \S+", done.stdout, re.MULTILINE)
    assert "Coverage: nothing was read of this brand" in done.stdout


def test_show_json_is_the_brand_of_the_report(folder: Path) -> None:
    shown = json.loads(run(folder, "show", "*travel", "-c", "shops.yaml", "--json").stdout)
    report = json.loads(run(folder, "report", "shops.yaml", "-f", "json").stdout)
    assert shown["brand"] == report["brands"][1]
    assert shown["sector"]["name"] == "Travel"
    assert {row["brand"] for row in shown["coverage"]} == {"Acme Travel"}


@pytest.mark.parametrize(
    ("brand", "said"),
    [
        ("acme*", "'acme*' fits 2 brands: Acme Shop, Acme Travel; name one"),
        ("Acme Shp", "no brand of the config is called 'Acme Shp'; did you mean 'Acme Shop'?"),
    ],
)
def test_show_wants_one_brand_of_the_config(folder: Path, brand: str, said: str) -> None:
    done = run(folder, "show", brand, "-c", "shops.yaml")
    assert done.returncode == 2
    assert done.stderr.startswith(said)
    assert done.stdout == ""
