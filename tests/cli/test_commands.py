"""init, check, schema and list, as people run them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.run import run

GOOD = """\
benchmark: Two
timezone: Europe/London
period: last-month
networks: {desk: {collect: false}}
brands:
  - {name: A, sector: S, handles: {bluesky: a.example, trustpilot: a.example}}
  - {name: B, handles: {bluesky: b.example, desk: b}}
"""


def test_init_writes_a_config_that_check_likes(tmp_path: Path) -> None:
    assert run(tmp_path, "init").returncode == 0
    done = run(tmp_path, "check")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("socialbench.yaml: fine\n")
    first = (tmp_path / "socialbench.yaml").read_text("utf-8").splitlines()[0]
    schema = json.loads((tmp_path / first.partition("=")[2]).read_text("utf-8"))
    assert schema == json.loads(run(tmp_path, "schema").stdout)


def test_init_replaces_only_when_told(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("mine", "utf-8")
    done = run(tmp_path, "init", "a.yaml")
    assert (done.returncode, done.stderr) == (2, "a.yaml is there already; --force replaces it\n")
    assert run(tmp_path, "init", "a.yaml", "--force").returncode == 0
    assert "brands:" in (tmp_path / "a.yaml").read_text("utf-8")


def test_init_quiet_says_nothing(tmp_path: Path) -> None:
    done = run(tmp_path, "init", "-q")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_check_says_what_a_config_compares(tmp_path: Path) -> None:
    (tmp_path / "two.yaml").write_text(GOOD, "utf-8")
    told = json.loads(run(tmp_path, "check", "two.yaml", "--json").stdout)
    assert (told["ok"], told["brands"], told["sectors"], told["timezone"]) == (True, 2, 1, "Europe/London")
    assert told["period"] == {"label": "2026-10", "since": "2026-10-01T00:00:00+01:00", "until": "2026-11-01T00:00:00+00:00"}
    counts = {one["network"]: one["handles"] for one in told["networks"]}
    assert counts == {"bluesky": 2, "desk": 1, "trustpilot": 1}
    collected = {one["network"]: one["collected"] for one in told["networks"]}
    assert collected["desk"] == "imports only (collect: false)"
    assert collected["trustpilot"] == "imports only (no collector)"
    assert told["store"] == str(tmp_path / "data" / "two.db")


def test_check_tells_all_problems_on_stderr_and_as_json(tmp_path: Path) -> None:
    (tmp_path / "two.yaml").write_text(GOOD.replace("timezone", "timezon").replace("b.example,", "b_example,"), "utf-8")
    done = run(tmp_path, "check", "two.yaml")
    assert (done.returncode, done.stdout) == (2, "")
    assert [line.partition(": ")[0] for line in done.stderr.splitlines()] == ["two.yaml:2:1", "two.yaml:7:34"]
    asked = run(tmp_path, "--json", "check", "two.yaml")
    problems = json.loads(asked.stdout)["problems"]
    assert [(one["line"], one["column"]) for one in problems] == [(2, 1), (7, 34)]
    assert asked.returncode == 2


def test_check_refuses_a_colour_that_a_report_would_refuse(tmp_path: Path) -> None:
    (tmp_path / "two.yaml").write_text(GOOD + 'report: {theme: {accent: "#ffee00"}}\n', "utf-8")
    done = run(tmp_path, "check", "two.yaml")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "accent #ffee00 is too light" in done.stderr


def test_check_hides_a_password_in_the_store(tmp_path: Path) -> None:
    (tmp_path / "two.yaml").write_text(GOOD + "store: postgresql://me:hush-hush@db.example/b\n", "utf-8")
    done = run(tmp_path, "check", "two.yaml")
    assert "postgresql://me:***@db.example/b" in done.stdout
    assert "hush" not in done.stdout + done.stderr


@pytest.mark.parametrize("what", ["networks", "metrics", "formats", "files"])
def test_list_names_what_the_folders_hold(tmp_path: Path, what: str) -> None:
    rows = json.loads(run(tmp_path, "list", what, "--json").stdout)
    assert all(row["name"] and row["what"] for row in rows)
    folders = {"networks": "collect/networks", "metrics": "", "formats": "report/formats", "files": "collect/files"}
    folder = Path(__file__).parent.parent.parent / "socialbench" / folders[what]
    expected = {path.stem.replace("_", "-") for path in folder.glob("[!_]*.py")} if folders[what] else {"response_rate"}
    assert expected <= {row["name"] for row in rows}
    told = run(tmp_path, "list", what).stdout
    assert all(row["name"] in told for row in rows)


def test_schema_of_what_there_is_none_is_a_usage_error(tmp_path: Path) -> None:
    assert run(tmp_path, "schema", "store").returncode == 2
