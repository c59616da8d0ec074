"""The README is carried out: its commands run in order in an empty folder, its YAML loads, its tables are true."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from socialbench import __version__
from socialbench.cli import EXIT_CODES
from socialbench.config import load

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
PORT = "8017"
_FENCE = re.compile(r"^```(?P<kind>\w+)?(?: (?P<name>\S+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


@dataclass(frozen=True)
class Block:
    """One fenced block: its language, the file that it shows, its text."""

    kind: str
    name: str
    text: str

    @property
    def commands(self) -> list[str]:
        return [line.removeprefix("$ ") for line in self.text.splitlines() if line.startswith("$ ")]


def blocks(text: str) -> list[Block]:
    return [Block(found["kind"] or "", found["name"] or "", found["text"]) for found in _FENCE.finditer(text)]


@pytest.fixture(scope="module")
def port() -> str:
    """A free port in place of the one that the README names."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return str(one.getsockname()[1])


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The environment of a reader: `socialbench` on the path, no settings of this computer's user."""
    folder = tmp_path_factory.mktemp("bin")
    program = folder / "socialbench"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m socialbench "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SOCIALBENCH_")}
    return kept | {"PATH": f"{folder}:{kept['PATH']}", "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The empty folder in which the tour is walked."""
    return tmp_path_factory.mktemp("tour")


def run(command: str, folder: Path, surroundings: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["bash", "-c", command], cwd=folder, env=surroundings, capture_output=True, text=True, timeout=240)


@pytest.fixture(scope="module")
def tour(folder: Path, port: str, surroundings: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Everything in the README, top to bottom: files are written, commands run. What each command wrote to stdout."""
    said: dict[str, str] = {}
    servers: list[subprocess.Popen[str]] = []
    try:
        for block in blocks(README):
            if block.name:
                (folder / block.name).write_text(block.text.replace(PORT, port), encoding="utf-8")
            for command in block.commands if block.kind == "console" else []:
                if command.startswith("make "):
                    continue
                if command.endswith("&"):
                    servers.append(start(command.removesuffix("&").replace(PORT, port), folder, surroundings))
                    continue
                done = run(command, folder, surroundings)
                assert done.returncode == 0, f"$ {command}\n{done.stdout}\n{done.stderr}"
                said[command] = done.stdout
        yield said
    finally:
        for server in servers:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(10)


def start(command: str, folder: Path, surroundings: Mapping[str, str]) -> subprocess.Popen[str]:
    """Start a server that says a line when it is ready."""
    server = subprocess.Popen(
        ["bash", "-c", command], cwd=folder, env=surroundings, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert server.stdout is not None
    assert "SIMULATED" in server.stdout.readline()
    return server


def test_readme_tour_ends_with_reports_of_what_it_collected(tour: dict[str, str], folder: Path) -> None:
    reports = folder / "reports" / "travel" / "2026-10"
    assert {path.suffix for path in reports.iterdir()} >= {".html", ".json", ".csv", ".png"}
    ranking = tour["socialbench report travel.yaml"]
    assert "SIMULATED" in ranking
    assert "Osprino Air" in ranking
    osprino = json.loads((folder / "osprino.json").read_text("utf-8"))
    assert [brand["name"] for brand in osprino["brands"]] == ["Osprino Air"]
    assert len((folder / "episodes.csv").read_text("utf-8").splitlines()) > 100


def test_readme_import_counts_its_three_reviews_once(tour: dict[str, str], folder: Path) -> None:
    report = next(said for command, said in tour.items() if command.startswith("socialbench report shop.yaml"))
    assert "Invented Shop" in report
    assert load(folder / "shop.yaml").brands[0].name == "Invented Shop"


def test_readme_cron_line_is_one_and_its_commands_run(
    tour: dict[str, str], folder: Path, surroundings: Mapping[str, str]
) -> None:
    (line,) = [block.text.strip() for block in blocks(README) if block.kind == "cron"]
    schedule, command = re.fullmatch(r"((?:[\d*/,-]+ ){5})(.+)", line).groups()  # type: ignore[union-attr]
    assert schedule.split()[1:] == ["*"] * 4
    assert "%" not in command
    home = surroundings | {"HOME": str(folder.parent)}
    done = run(command.replace("$HOME/bench", f"$HOME/{folder.name}"), folder, home)
    assert done.returncode == 0, done.stderr
    printed = tour["socialbench schedule travel.yaml --every hourly"]
    for part in ("collect", "--quiet --max-time 50m", "; ", "report"):
        assert part in printed
        assert part in line


def test_readme_yaml_blocks_load(tmp_path: Path) -> None:
    found = [block for block in blocks(README) if block.kind in {"yaml", "yml"}]
    configs = [block for block in found if "brands:" in block.text]
    assert len(configs) >= 1
    for block in configs:
        path = tmp_path / block.name
        path.write_text(block.text, encoding="utf-8")
        assert load(path).brands
    # The others are read by the commands of the tour, which name them.
    for block in (block for block in found if block not in configs):
        assert block.name
        assert any(block.name in command for each in blocks(README) for command in each.commands)


def test_every_block_of_the_readme_is_carried_out() -> None:
    for block in blocks(README):
        assert block.kind in {"console", "yaml", "csv", "cron"}, block.text
        assert block.kind != "console" or len(block.commands) == len(block.text.splitlines()), block.text


def test_readme_begins_with_the_two_commands() -> None:
    first = next(block for block in blocks(README) if block.kind == "console")
    assert first.commands == ["make demo", "make test"]
    assert README.index("make demo") < README.index("## ")
    for command, last in zip(first.commands, ("socialbench demo", 'pytest -n 2 -m "not e2e"'), strict=True):
        # `make check` runs this test: its own flags would have the inner make announce its directories.
        alone = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MFLAGS", "MAKELEVEL"}}
        done = subprocess.run([*command.split(), "-n"], cwd=ROOT, env=alone, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines()[-1].endswith(last)


def test_readme_says_what_it_is_for_in_five_lines() -> None:
    introduction = README.split("![")[0]
    assert len([line for line in introduction.splitlines() if line.startswith("- ")]) == 5


def test_readme_has_the_exit_codes_of_the_program() -> None:
    table = dict(re.findall(r"^\| ([\d, ]+) \| (.+?)(?:; it says.*)? \|$", README, re.MULTILINE))
    stated = dict(re.findall(r"^  (\d[\d, ]*?)  +(.+)$", EXIT_CODES, re.MULTILINE))
    assert table == stated


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_of_documents_lead_somewhere(document: Path) -> None:
    for target in _LINK.findall(document.read_text("utf-8")):
        assert target.startswith("https://") or (document.parent / target).exists(), target


def test_changelog_has_this_version() -> None:
    assert re.search(
        rf"^## \[{re.escape(__version__)}\] - \d{{4}}-\d\d-\d\d$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )
