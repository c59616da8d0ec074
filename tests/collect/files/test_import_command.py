"""`socialbench import` as people run it: configs, reruns, rejects, exit codes."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from socialbench.cli import main
from socialbench.config import load
from socialbench.store import open_store
from tests.collect.files.harness import PLAY, TWCS, tweet, write_csv

ROWS = (
    tweet(1, "ann", "True", 0, "@Acme help"),
    tweet(2, "Acme", "False", 5, "@ann sure", 1),
    tweet(3, "bob", "True", 6, "@beta help"),
    tweet(4, "Beta", "False", 9, "@bob sure", 3),
    tweet(3, "bob", "True", 6, "@beta help"),
    tweet(7, "Beta", "False", 20, "our shop is open"),
    tweet("=1+1", "bob", "maybe", 6, "?"),
)
REVIEWS = (("r1", "A user", "good", 4, "2026-01-01 10:00:00", "thanks", "2026-01-01 11:00:00", "acme"),)
CONFIG = """\
benchmark: Two
sources: {reviews.csv: {timezone: Asia/Jakarta}}
brands:
  - {name: Acme Inc, handles: {x: acme, googleplay: com.acme.app}}
"""


@dataclass(frozen=True)
class Done:
    """How a command line ended."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command line in this process, in the folder: a process of its own takes ten times as long."""
    monkeypatch.chdir(folder)
    monkeypatch.delenv("SOCIALBENCH_CONFIG", raising=False)

    def call(*words: str) -> Done:
        with pytest.raises(SystemExit) as ending:
            main(list(words))
        told = capsys.readouterr()
        return Done(int(str(ending.value.code)), told.out, told.err)

    return call


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_csv(tmp_path / "tweets.csv", TWCS, ROWS)
    write_csv(tmp_path / "reviews.csv", PLAY, REVIEWS)
    return tmp_path


def exported(store: Path, what: str = "messages") -> list[dict[str, Any]]:
    with open_store(str(store)) as opened:
        return [dict(row) for row in opened.export_rows(what)]


def test_import_writes_a_config_that_is_not_there(folder: Path, run: Run) -> None:
    done = run("import", "twcs", "tweets.csv", "-c", "new/two.yaml")
    assert done.returncode == 0, done.stderr
    benchmark = load(folder / "new" / "two.yaml")
    assert [(brand.name, brand.handles[0].network, brand.handles[0].name) for brand in benchmark.brands] == [
        ("Acme", "x", "Acme"),
        ("Beta", "x", "Beta"),
    ]
    assert (benchmark.period, benchmark.settings("x").collect) == ("all", False)
    assert len(exported(folder / "data" / "two.db")) == 5
    assert "wrote new/two.yaml" in done.stderr
    assert "next: socialbench report new/two.yaml" in done.stderr
    assert "(assumed" in done.stderr
    assert done.stdout == ""


def test_import_again_adds_nothing_even_while_somebody_writes(folder: Path, run: Run) -> None:
    run("import", "twcs", "tweets.csv", "-c", "two.yaml")
    before = exported(folder / "data" / "two.db")
    with open_store(str(folder / "data" / "two.db"), write=True):
        done = run("import", "twcs", "tweets.csv", "-c", "two.yaml", "--json")
    assert (done.returncode, json.loads(done.stdout)["already_imported"]) == (0, True)
    assert exported(folder / "data" / "two.db") == before


def test_import_never_edits_a_config_and_counts_what_it_does_not_name(folder: Path, run: Run) -> None:
    (folder / "two.yaml").write_text(CONFIG)
    done = run("import", "twcs", "tweets.csv", "-c", "two.yaml", "--json")
    told = json.loads(done.stdout)
    assert (folder / "two.yaml").read_text() == CONFIG
    assert (told["not_in_config"], told["config_written"], told["messages"], told["repeated"]) == (3, False, 5, 1)
    assert told["left_out"] == {"no_direction": 1}
    assert told["attributed_by"] == {"replier": 2}
    assert [(brand["account"], brand["assumed"]) for brand in told["brands"]] == [("Acme", True), ("Beta", True)]
    assert len(exported(folder / "data" / "two.db")) == 5


def test_import_takes_zone_and_account_from_the_config(folder: Path, run: Run) -> None:
    (folder / "two.yaml").write_text(CONFIG)
    done = run("import", "play-reviews", "reviews.csv", "-c", "two.yaml", "--brand", "acme inc")
    assert done.returncode == 0, done.stderr
    (row,) = exported(folder / "data" / "two.db", "coverage")
    assert (row["account_id"], row["since_at"]) == ("com.acme.app", 1_767_236_400_000)


@pytest.mark.parametrize("reruns", [0, 1])
def test_import_lists_what_it_left_out_also_on_a_rerun(folder: Path, run: Run, reruns: int) -> None:
    for _ in range(reruns):
        run("import", "twcs", "tweets.csv", "-c", "two.yaml")
    done = run("import", "twcs", "tweets.csv", "-c", "two.yaml", "--rejects", "out/left.csv")
    assert done.returncode == 0, done.stderr
    with (folder / "out" / "left.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["file", "line", "reason", "id"]
    assert sorted(row[2:] for row in rows[1:]) == [["no_direction", "'=1+1"], ["repeated", "3"]]


def test_import_ends_with_75_while_somebody_writes(folder: Path, run: Run) -> None:
    run("import", "twcs", "tweets.csv", "-c", "two.yaml")
    with open_store(str(folder / "data" / "two.db"), write=True):
        done = run("import", "twcs", "tweets.csv", "-c", "two.yaml", "--origin", "elsewhere")
    assert done.returncode == 75


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["twcs", "nowhere.csv"], 2, "nowhere.csv: there is no such file"),
        (["twcs", "."], 2, "save it to a plain file first"),
        (["tcws", "tweets.csv"], 2, "did you mean 'twcs'"),
        (["twcs", "reviews.csv"], 2, "twcs needs the columns"),
        (["twcs", "empty.csv"], 6, "nothing to import"),
        (["twcs", "tweets.csv", "--encoding", "utf-99"], 2, "utf-99"),
        (["play-reviews", "reviews.csv", "--brand", "acme"], 2, "reviews.csv:2: the time 2026-01-01 10:00:00 says no zone"),
        (["play-reviews", "reviews.csv", "--brand", "acme", "--map", "m.yaml"], 2, "m.yaml"),
    ],
)
def test_import_says_in_one_line_what_is_wrong_and_leaves_nothing(
    folder: Path, run: Run, words: list[str], code: int, said: str
) -> None:
    (folder / "empty.csv").touch()
    done = run("import", *words, "-c", "two.yaml")
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (folder / "two.yaml").exists()
    assert not (folder / "data").exists()
