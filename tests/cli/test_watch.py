"""`watch`, end to end: what is flagged to whom, in which order and form, and what is not."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import sqlite3
import subprocess
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from tests.cli.run import run

NOON = "1791547200000"  # 2026-10-09 12:00 UTC
ROWS = """\
id,user,way,at,text,parent,reach
1,ann,in,2026-10-09T08:00:00Z,@acme I want a refund,,50
2,bob,in,2026-10-09T07:00:00Z,@acme where is my order?,,9000
3,acme,out,2026-10-09T07:30:00Z,@bob On its way.,2,
4,cleo,in,2026-10-09T09:00:00Z,"=just saw @acme, my lawyer will write about a refund",,20000
5,dan,in,2026-10-09T11:30:00Z,@acme_help refund please,,10
6,eve,in,2026-10-08T09:00:00Z,@acme nothing works,,5
7,acme,out,2026-10-09T10:00:00Z,@eve Sorry! Restart it.,6,
8,fay,in,2026-10-09T06:00:00Z,@acme hello?,,3
9,fay,in,2026-10-09T10:30:00Z,@acme still there? I want a REFUND,8,3
"""
MAP = """\
network: x
origin: t
sample: complete
columns: {id: id, author: user, direction: way, time: at, text: text, parent: parent}
"""
HEAD = """\
benchmark: Acme
timezone: Europe/Berlin
networks: {x: {collect: false}}
sources: {x: {observed_until: 2026-10-09T12:00:00Z}}
brands:
  - {name: Acme, sector: Retail, handles: {x: [acme, {name: acme_help, role: support}]}}
"""
RULES = "watch:\n  - {words: [refund], older_than: 1h, owner: Ann}\n  - {words: [lawyer, refund], reach: 10000, owner: Boris}\n"


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("imported")
    (folder / "rows.csv").write_text(ROWS, "utf-8")
    (folder / "map.yaml").write_text(MAP, "utf-8")
    config(folder, RULES)
    done = run(folder, "import", "table", "rows.csv", "-c", "acme.yaml", "--map", "map.yaml", "--timezone", "UTC")
    assert done.returncode == 0, done.stderr
    # Files say nothing of followers; networks do.
    with contextlib.closing(sqlite3.connect(folder / "data" / "acme.db")) as store, store:
        for row in csv.DictReader(io.StringIO(ROWS)):
            store.execute("UPDATE message SET followers = ? WHERE id = ?", (int(row["reach"] or 0), row["id"]))
    return folder


@pytest.fixture
def desk(imported: Path, tmp_path: Path) -> Path:
    """A copy of its own for each test."""
    return Path(copytree(imported, tmp_path, dirs_exist_ok=True))


def config(folder: Path, rules: str) -> None:
    (folder / "acme.yaml").write_text(HEAD + rules, "utf-8")


def watch(folder: Path, *options: str, now: str = NOON) -> subprocess.CompletedProcess[str]:
    return run(folder, "watch", "acme.yaml", *options, SOCIALBENCH_NOW=now)


def flagged(folder: Path, *options: str, now: str = NOON) -> list[dict[str, Any]]:
    done = watch(folder, "--json", *options, now=now)
    assert done.returncode in {0, 7}, done.stderr
    rows: list[dict[str, Any]] = json.loads(done.stdout)["messages"]
    assert done.returncode == (7 if rows else 0)
    return rows


def ids(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(row["owner"], row["id"]) for row in rows]


def test_watch_lists_by_owner_the_oldest_first(desk: Path) -> None:
    # Ann: 1 (4 h), 4 (3 h) and the nudge 9 (90 min); not 5, half an hour old. Boris: 4 alone has 10,000 followers.
    rows = flagged(desk)
    assert ids(rows) == [("Ann", "1"), ("Ann", "4"), ("Ann", "9"), ("Boris", "4")]
    assert [row["waiting_s"] for row in rows] == [4 * 3600, 3 * 3600, 5400, 3 * 3600]
    assert [row["words"] for row in rows] == [["refund"], ["refund"], ["refund"], ["lawyer", "refund"]]


def test_watch_tells_where_who_and_when_in_the_zone_of_the_report(desk: Path) -> None:
    row = flagged(desk)[0]
    told = {name: row[name] for name in ("brand", "network", "origin", "handle", "author", "sent_at", "reach", "kind", "note")}
    assert told == {
        "brand": "Acme",
        "network": "x",
        "origin": "t",
        "handle": "acme",
        "author": "ann",
        "sent_at": "2026-10-09T10:00:00+02:00",
        "reach": 50,
        "kind": "request",
        "note": "",
    }


def test_watch_is_over_once_answered_however_late(desk: Path) -> None:
    config(desk, "watch:\n  - {owner: Ann, older_than: 1h}\n")
    # 2 was answered after half an hour, 6 a day later; 8 waits since six o'clock; 4 leads with no handle, but complains.
    assert ids(flagged(desk)) == [("Ann", "8"), ("Ann", "1"), ("Ann", "4")]
    config(desk, "rules: {needs_response: structural}\nwatch:\n  - {owner: Ann, older_than: 1h}\n")
    assert ids(flagged(desk)) == [("Ann", "8"), ("Ann", "1")]


def test_watch_marks_what_was_not_watched_since(desk: Path) -> None:
    assert {row["note"] for row in flagged(desk, now=str(int(NOON) + 2 * 3_600_000))} == {""}
    late = flagged(desk, now=str(int(NOON) + 3 * 3_600_000))
    assert {row["note"] for row in late} == {"not watched since 2026-10-09T14:00:00+02:00"}


def test_watch_takes_owner_network_and_sector(desk: Path) -> None:
    assert ids(flagged(desk, "--owner", "boris")) == [("Boris", "4")]
    assert len(flagged(desk, "-n", "x", "--sector", "Retail", "-b", "Ac*")) == 4
    done = watch(desk, "--owner", "Zoe")
    assert (done.returncode, "'Zoe'; there are: Ann, Boris" in done.stderr) == (2, True)


def test_watch_looks_back_as_far_as_asked(desk: Path) -> None:
    assert ids(flagged(desk, "--since", "2026-10-09T10:30:00", "--owner", "Ann")) == [("Ann", "4")]


def test_watch_with_as_of_waits_until_then(desk: Path) -> None:
    rows = flagged(desk, "--as-of", "2026-10-09T09:30:00", "--owner", "Ann")
    assert rows == []
    rows = flagged(desk, "--as-of", "2026-10-09T11:30:00", "--owner", "Ann")
    assert [(row["id"], row["waiting_s"]) for row in rows] == [("1", 5400)]


def test_watch_csv_has_no_formulas_and_the_table_no_control_characters(desk: Path) -> None:
    done = watch(desk, "-f", "csv", "--owner", "Boris")
    assert done.returncode == 7
    (row,) = csv.DictReader(io.StringIO(done.stdout))
    assert row["text"].startswith("'=just saw")
    rows = "10,gus,in,2026-10-09T05:00:00Z,@acme \x1b[2J refund,,\n11,acme,out,2026-10-09T05:00:00Z,Good morning!,,\n"
    (desk / "more.csv").write_text(ROWS.splitlines()[0] + "\n" + rows, "utf-8")
    more = run(desk, "import", "table", "more.csv", "-c", "acme.yaml", "--map", "map.yaml", "--timezone", "UTC")
    assert more.returncode == 0, more.stderr
    table = watch(desk).stdout
    assert "\x1b" not in table
    assert "\N{REPLACEMENT CHARACTER}[2J refund" in table
    assert table.splitlines()[0].split()[:3] == ["owner", "brand", "network"]


def test_watch_finds_nothing_and_says_so(desk: Path) -> None:
    config(desk, "watch:\n  - {words: [earthquake]}\n")
    done = watch(desk)
    assert (done.returncode, done.stdout) == (0, "")
    assert "no unanswered message" in done.stderr
    assert watch(desk, "-f", "csv").stdout.startswith("owner,brand,network")


def test_watch_without_rules_shows_how_to_write_one(desk: Path) -> None:
    config(desk, "")
    done = watch(desk)
    assert done.returncode == 2
    assert "acme.yaml: no watch rules; write e.g. watch: [{words:" in done.stderr
    config(desk, "watch: [{words: ['/(a+)+b/']}]\n")
    assert "can take for ever" in watch(desk).stderr
