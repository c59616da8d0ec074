"""`socialbench demo` as a user runs it, and its report held against what is true of the simulated world."""

from __future__ import annotations

import csv
import json
import math
import os
import re
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from socialbench.demo.roster import CAPPED
from socialbench.demo.tell import tell_world
from socialbench.demo.truth import HORIZONS_MS, BrandTruth, truth
from tests.cli.run import run_in

ROOT = Path(__file__).parents[2]
SEED, BRANDS = 3, 8
"""Eight brands: among them the robot, two with a help handle, and the capped one."""
SHARES = {"30m": "answered_within_30m", "2h": "answered_within_2h", "24h": "answered_within_24h", "7d": "response_rate"}


@dataclass(frozen=True)
class Run:
    """A finished demo: the folder it ran in, and what it said."""

    folder: Path
    said: str


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SOCIALBENCH_")}
    return run_in(folder, arguments, kept | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1"}, seconds=280)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("demo")
    # A proxy must not come between, and a real account's secrets must not be sent.
    (folder / ".env").write_text(
        "SOCIALBENCH_BLUESKY_USER=me.example\nSOCIALBENCH_BLUESKY_TOKEN=never-to-be-sent\nSOCIALBENCH_X_TOKEN=nor-this\n", "utf-8"
    )
    done = run(folder, "demo", "--seed", str(SEED), "--brands", str(BRANDS), "--keep")
    assert done.returncode == 0, done.stderr
    return Run(folder, done.stdout)


@pytest.fixture(scope="module")
def facts() -> Mapping[str, BrandTruth]:
    return truth(tell_world(SEED, BRANDS))


@cache
def report(demo: Run, *arguments: str) -> Mapping[str, Any]:
    """The brands of a report on what the demo kept; each report is made once, since several tests read it."""
    done = run(demo.folder, "report", ".demo/demo.yaml", *arguments, "-f", "json", "-o", "-")
    assert done.returncode == 0, done.stderr
    return {brand["name"]: brand for brand in json.loads(done.stdout)["brands"]}


def complete(facts: Mapping[str, BrandTruth]) -> list[BrandTruth]:
    found = [fact for fact in facts.values() if fact.complete]
    assert len(found) == BRANDS - 1
    return found


def test_demo_says_simulated_everywhere_and_last(demo: Run) -> None:
    assert demo.said.splitlines()[-1].startswith("SIMULATED")
    folder = demo.folder / "reports" / "demo" / "2026-10"
    assert {path.suffix for path in folder.iterdir()} >= {".html", ".json", ".csv", ".png"}
    assert json.loads((folder / "report.json").read_text("utf-8"))["simulated"] is True
    assert "SIMULATED" in (folder / "report.html").read_text("utf-8")
    with (folder / "ranking.csv").open(encoding="utf-8", newline="") as file:
        assert {row["simulated"] for row in csv.DictReader(file)} == {"SIMULATED"}


def test_demo_counts_every_message_to_the_brands(demo: Run, facts: Mapping[str, BrandTruth]) -> None:
    brands = report(demo)
    for fact in complete(facts):
        assert brands[fact.brand]["metrics"]["inbound_count"]["value"] == fact.all.inbound_count, fact.brand
    units = report(demo, "--unit", "opener")
    for fact in complete(facts):
        assert units[fact.brand]["metrics"]["inbound_count"]["value"] == fact.all.unit_count, fact.brand


def test_demo_gives_the_true_shares_of_answers_by_anybody(demo: Run, facts: Mapping[str, BrandTruth]) -> None:
    brands = report(demo, "--unit", "opener", "--answers", "any")
    for fact in complete(facts):
        metrics = brands[fact.brand]["metrics"]
        for horizon, name in SHARES.items():
            assert metrics[name]["n"] == fact.all.openers, (fact.brand, name)
            assert metrics[name]["value"] == pytest.approx(fact.all.share(horizon, human=False), abs=1e-4), (fact.brand, name)


def test_demo_gives_the_true_shares_and_scores_of_human_answers(demo: Run, facts: Mapping[str, BrandTruth]) -> None:
    brands = report(demo, "--unit", "opener")
    for fact in complete(facts):
        metrics = brands[fact.brand]["metrics"]
        found = {horizon: metrics[name]["value"] for horizon, name in SHARES.items()}
        assert found == pytest.approx({horizon: fact.all.share(horizon) for horizon in HORIZONS_MS}, abs=1e-4), fact.brand
        assert metrics["expectation_score"]["value"] == pytest.approx(fact.score, abs=0.01), fact.brand


def test_demo_gives_the_true_figures_of_each_network(demo: Run, facts: Mapping[str, BrandTruth]) -> None:
    messages, units = report(demo), report(demo, "--unit", "opener")
    seen = set()
    for fact in complete(facts):
        assert set(messages[fact.brand]["networks"]) == set(fact.networks), fact.brand
        for name, true in fact.networks.items():
            metrics = units[fact.brand]["networks"][name]["metrics"]
            counted = messages[fact.brand]["networks"][name]["metrics"]["inbound_count"]["value"]
            assert counted == true.inbound_count, (fact.brand, name)
            assert metrics["inbound_count"]["value"] == true.unit_count, (fact.brand, name)
            assert metrics["response_rate"]["n"] == true.openers, (fact.brand, name)
            if true.openers >= 20:
                assert metrics["answered_count"]["value"] == true.answered_human["7d"], (fact.brand, name)
                assert metrics["response_rate"]["value"] == pytest.approx(true.share("7d"), abs=1e-4), (fact.brand, name)
                assert metrics["median_latency_s"]["value"] == pytest.approx(true.median_s, abs=0.002), (fact.brand, name)
                seen.add(name)
    assert seen == {"bluesky", "x", "youtube", "mastodon", "discourse"}


def test_demo_does_not_rank_the_capped_brand(demo: Run) -> None:
    brand = report(demo)[CAPPED]
    assert brand["rank"] is None
    assert "cap" in brand["not_ranked_because"]


def test_demo_shows_rank_sets_that_hold_the_true_order(demo: Run, facts: Mapping[str, BrandTruth]) -> None:
    brands = report(demo)
    ranked = [name for name, brand in brands.items() if brand["rank"] is not None]
    assert len(ranked) == BRANDS - 1
    assert set(ranked) == {name for name, fact in facts.items() if fact.ranked}
    for name in ranked:
        place = 1 + sum((facts[other].score or 0) > (facts[name].score or 0) for other in ranked)
        assert brands[name]["rank"]["low"] <= place <= brands[name]["rank"]["high"], name


def test_demo_findings_are_true_of_the_world(demo: Run, facts: Mapping[str, BrandTruth]) -> None:
    tree = json.loads((demo.folder / "reports" / "demo" / "2026-10" / "report.json").read_text("utf-8"))
    ranked = {brand["name"]: facts[brand["name"]] for brand in tree["brands"] if brand["rank"] is not None}
    score = {name: fact.score or 0.0 for name, fact in ranked.items()}
    day, week = ({name: fact.all.share(horizon) for name, fact in ranked.items()} for horizon in ("24h", "7d"))
    median = {name: fact.all.median_s or math.inf for name, fact in ranked.items()}
    firsts = {brand["name"] for brand in tree["brands"] if brand["rank"] is not None and brand["rank"]["low"] == 1}

    def is_true(text: str) -> bool:
        if found := re.match(r"(.+) leads, and no other", text):
            return found[1] == max(score, key=score.__getitem__)
        if found := re.match(r"Up to (\d+) of (\d+) ranked brands could hold the first place", text):
            return 1 < int(found[1]) <= int(found[2]) == len(ranked) and max(score, key=score.__getitem__) in firsts
        if found := re.match(r"(.+) stands last, and no other", text):
            return found[1] == min(score, key=score.__getitem__)
        if found := re.match(r"Within a day, from one end to the other: (.+) and (.+)\.", text):
            return (found[1], found[2]) == (max(day, key=day.__getitem__), min(day, key=day.__getitem__))
        if found := re.match(r"(\d+) of \d+ ranked brands? leaves? most of the customers", text):
            return 0 < int(found[1]) <= sum(share < 0.5 for share in week.values())
        if found := re.match(r"(.+) (answers fastest|is among the fastest):", text):
            return found[1] in sorted(median, key=median.__getitem__)[: 1 if found[2] == "answers fastest" else len(median) // 2]
        raise AssertionError(f"a sentence that this test does not know: {text}")

    texts = [finding["text"] for finding in tree["findings"]]
    assert len(texts) >= 4
    assert [text for text in texts if not is_true(text)] == []


def test_demo_leaves_nothing_but_reports_unless_told_to_keep(tmp_path: Path) -> None:
    done = run(tmp_path, "demo", "--brands", "1", "-o", "elsewhere", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["simulated"] is True
    assert told["config"] is None
    assert [path.name for path in tmp_path.iterdir()] == ["elsewhere"]
    assert {Path(name).suffix for name in told["files"]} >= {".html", ".json", ".csv", ".png"}
    assert all((tmp_path / name).is_file() for name in told["files"])


def test_demo_says_in_one_line_where_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / ".demo").write_text("in the way", "utf-8")
    done = run(tmp_path, "demo", "--brands", "1")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert ".demo cannot be written" in line
    assert (tmp_path / ".demo").read_text("utf-8") == "in the way"


def test_demo_says_in_one_line_that_a_port_is_taken(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = run(tmp_path, "demo", "--brands", "1", "--serve", "--port", port)
    assert done.returncode == 2
    assert f"127.0.0.1:{port} cannot be opened" in done.stderr.splitlines()[-1]
    assert not (tmp_path / ".demo").exists()


def test_demo_serves_each_network_and_tells_what_sets_its_variables(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "socialbench", "demo", "--brands", "4", "--serve", "--port", port]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=tmp_path, env=surroundings, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        said = [server.stdout.readline() for _ in range(6)]
        told = (tmp_path / ".demo" / "demo.env").read_text("utf-8").splitlines()
        server.terminate()
    assert said[0].startswith(f"SIMULATED: invented brands answer at http://127.0.0.1:{port} until Ctrl-C")
    assert ". .demo/demo.env && socialbench collect .demo/demo.yaml" in said[0]
    assert [line.split()[0] for line in said[1:]] == ["bluesky", "x", "youtube", "mastodon", "discourse"]
    assert {line.removeprefix("export ").partition("=")[0] for line in told} == {
        "SOCIALBENCH_DEMO_MASTODON_OSPRINO_TOKEN",
        "SOCIALBENCH_DEMO_X_ZEPHONIA_TOKEN",
        "SOCIALBENCH_DEMO_X_MARROWFIELD_TOKEN",
        "SOCIALBENCH_DEMO_YOUTUBE_TOKEN",
    }
