"""compare, as people run it: presets side by side on invented tweets."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.run import run

HEADER = "tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id"
CONFIG = """\
benchmark: Two shops
networks: {x: {collect: false}}
brands:
  - {name: Quick, sector: Shops, handles: {x: quick}}
  - {name: =Much, sector: Shops, handles: {x: much}}
"""
WATCHED = ("--sample", "complete", "--observed-until", "2026-06-30T00:00Z")
BASE, HOW_MANY = 1000, 60


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Quick answers 54 of 60 after 5 min; Much, asked twice as much, 60 of 120 after 2 h but writes to each twice."""
    path = tmp_path_factory.mktemp("compare")
    rows = [HEADER]
    for number in range(HOW_MANY):
        rows += talk(number, "quick", 5, 1, number % 10 != 0)
        rows += talk(100 + number, "much", 120, 2, number % 2 == 0)
        rows += talk(200 + number, "much", 120, 2, number % 2 == 0)
    (path / "a.csv").write_text("\n".join(rows), "utf-8")
    (path / "shops.yaml").write_text(CONFIG, "utf-8")
    done = run(path, "import", "twcs", "a.csv", "-c", "shops.yaml", *WATCHED)
    assert done.returncode == 0, done.stderr
    return path


def talk(number: int, brand: str, minutes: int, replies: int, answered: bool) -> list[str]:
    """A question at 10:00 on one of 60 days, and its replies."""
    first, month, day = BASE + 10 * number, 4 + number % 60 // 30, 1 + number % 30
    lines = [f"{first},c{number},True,{stamp(month, day, 0)},@{brand} where is my order?,,"]
    if answered:
        lines += [
            f"{first + n},{brand},False,{stamp(month, day, minutes)},@c{number} it is here,,{first}"
            for n in range(1, replies + 1)
        ]
    return lines


def stamp(month: int, day: int, minutes: int) -> str:
    from datetime import UTC, datetime, timedelta

    return (datetime(2026, month, day, 10, tzinfo=UTC) + timedelta(minutes=minutes)).strftime("%a %b %d %H:%M:%S +0000 %Y")


def compared(folder: Path, *options: str) -> dict[str, Any]:
    done = run(folder, "compare", "shops.yaml", *options, "--json")
    assert done.returncode == 0, done.stderr
    tree: dict[str, Any] = json.loads(done.stdout)
    return tree


def test_compare_marks_who_changes_rank(folder: Path) -> None:
    """By answered minus ignored both are 54 - 6 and 60 - 60; by replies per message 54 / 60 and 120 / 120."""
    tree = compared(folder, "--preset", "banks-2012", "--preset", "sky-virgin-2012")
    assert [preset["name"] for preset in tree["presets"]] == ["default", "banks-2012", "sky-virgin-2012"]
    quick, much = (brand["presets"] for brand in tree["brands"])
    assert [quick[name]["rank"]["value"] for name in quick] == [1, 2, 1]
    assert [much[name]["moved"] for name in much] == [0, 1, 0]
    assert (quick["banks-2012"]["figure"]["value"], much["banks-2012"]["figure"]["value"]) == (0.9, 1.0)
    assert tree["presets"][1]["guesses"].startswith('"Most appropriate handle set"')


def test_compare_prints_a_row_a_brand_and_marks_moves(folder: Path) -> None:
    done = run(folder, "compare", "shops.yaml", "--preset", "banks-2012", "--preset", "help-desk")
    assert done.returncode == 0
    heading, quick, much = done.stdout.splitlines()
    assert heading.split() == ["brand", "default", "banks-2012", "help-desk"]
    assert "▼1, 0.90" in quick
    assert "▲1, 1" in much
    assert "5 min" in quick
    assert "help-desk: Help desk" in done.stderr


def test_compare_says_where_a_preset_has_no_figure(folder: Path) -> None:
    """From a sample of answered messages alone no rate is made; bands of the answered are."""
    alone = folder / "alone"
    alone.mkdir()
    (alone / "shops.yaml").write_text(CONFIG, "utf-8")
    done = run(alone, "import", "twcs", "../a.csv", "-c", "shops.yaml", "--sample", "answered-only")
    assert done.returncode == 0, done.stderr
    tree = compared(alone, "--preset", "sprout-2015", "--preset", "sky-virgin-2012")
    quick = tree["brands"][0]["presets"]
    assert quick["sprout-2015"]["why"].startswith("not defined here: answered-only sample")
    assert quick["sky-virgin-2012"]["rank"]["value"] == 1


@pytest.mark.parametrize("ending", ["csv", "json", "md"])
def test_compare_writes_files(folder: Path, ending: str) -> None:
    done = run(folder, "compare", "shops.yaml", "--preset", "banks-2012", "-o", f"out/p.{ending}")
    assert (done.returncode, done.stdout) == (0, "")
    text = (folder / "out" / f"p.{ending}").read_text("utf-8")
    if ending == "csv":
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [(row["brand"], row["preset"], row["rank"]) for row in rows][2:] == [
            ("'=Much", "default", "2"),
            ("'=Much", "banks-2012", "1"),
        ]
    elif ending == "json":
        assert json.loads(text) == compared(folder, "--preset", "banks-2012")
    else:
        assert text.startswith("# Two shops: presets side by side\n\n| brand | default | banks-2012 |")
    assert not list((folder / "out").glob("*.part"))


def test_compare_gives_the_same_bytes_from_two_processes(folder: Path) -> None:
    options = ("compare", "shops.yaml", "--preset", "facebook-badge", "--json")
    assert run(folder, *options, "--jobs", "2").stdout == run(folder, *options).stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--preset", "bank-2012"), 2, "did you mean 'banks-2012'"),
        (("-o", "p.xlsx"), 2, "compare writes .csv, .json, .md"),
        (("--period", "2020-01"), 6, "nobody wrote to the brands in the window"),
        (("-b", "Nobody"), 2, "no brand 'Nobody'"),
    ],
)
def test_compare_refuses_in_one_line(folder: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    done = run(folder, "compare", "shops.yaml", *arguments)
    assert (done.returncode, done.stdout, done.stderr.strip().count("\n")) == (code, "", 0)
    assert said in done.stderr


def test_report_ranks_by_the_metrics_of_the_config(folder: Path) -> None:
    done = reported(folder, "rank_by: {response_index: 3, answered_within_2h: 1}\n")
    assert (done["ranked_by"], [brand["rank"]["value"] for brand in done["brands"]]) == ("composite_score", [2, 1])
    assert any("response_index 3; answered_within_2h 1" in note for note in done["notes"])
    assert reported(folder, "rank_by: median_latency_s\n")["brands"][0]["rank"]["value"] == 1


def reported(folder: Path, extra: str) -> dict[str, Any]:
    (folder / "own.yaml").write_text(CONFIG + "store: data/shops.db\n" + extra, "utf-8")
    done = run(folder, "report", "own.yaml", "-f", "json", "-o", "-")
    assert done.returncode == 0, done.stderr
    tree: dict[str, Any] = json.loads(done.stdout)
    return tree


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ("rank_by: response_rat\n", "did you mean 'response_rate'"),
        ("rank_by: {response_rate: 0}\n", "must be more than 0"),
        ("rank_by: {}\n", "must be a metric, or metrics with their weights"),
        ("rank_by: [response_rate]\n", "must be a metric, or metrics with their weights"),
    ],
)
def test_report_refuses_a_rank_by_that_it_cannot_follow(folder: Path, extra: str, said: str) -> None:
    (folder / "own.yaml").write_text(CONFIG + "store: data/shops.db\n" + extra, "utf-8")
    done = run(folder, "report", "own.yaml", "-f", "json", "-o", "-")
    assert done.returncode == 2
    assert said in done.stderr


def test_report_of_a_preset_says_its_source_and_guesses(folder: Path) -> None:
    done = run(folder, "report", "shops.yaml", "--preset", "socially-devoted", "-f", "json", "-o", "-", "--period", "2026-Q2")
    assert done.returncode == 0, done.stderr
    tree = json.loads(done.stdout)
    assert (tree["preset"], tree["population"], tree["ranked_by"]) == (
        "socially-devoted",
        "questions",
        "answered_minus_ignored_count",
    )
    assert any(note.startswith("preset's guesses: What made a message a question") for note in tree["notes"])
    quick, much = tree["brands"]
    assert (quick["badge"]["earned"], much["badge"]["earned"]) == (True, False)
