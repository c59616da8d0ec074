"""What a config states of a brand, hours, holidays and who is one person, reaches the figures: end to end on invented rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.run import run

HEADER = "review,user,created,body,stars,answer,answered"
MAP = """\
network: trustpilot
sample: complete
columns: {id: review, author: user, time: created, text: body, stars: stars, reply_text: answer, reply_time: answered}
"""
WATCHED = ("--observed-until", "2026-11-10T00:00Z")
CONFIG = """\
benchmark: Shops
timezone: Europe/London
holidays: [2026-10-26]
brands:
  - name: Shop
    hours: Mon-Fri 09:00-17:00
    handles: {trustpilot: [Shop, {name: Help, role: support}]}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Asked on Friday 23 October 2026 at 16:00 in London, answered on Tuesday at 10:00; the clocks change on Sunday."""
    folder = tmp_path_factory.mktemp("stated")
    rows = [f"r{n},u{n},2026-10-23T15:00:00Z,Broken,1,Sorry,2026-10-27T10:00:00Z" for n in range(30)]
    (folder / "shop.csv").write_text("\n".join([HEADER, *rows]), "utf-8")
    (folder / "help.csv").write_text(
        "\n".join([HEADER, *(f"h{n},v{n},2026-10-2{n}T15:00:00Z,Still broken,1,," for n in (0, 4))]), "utf-8"
    )
    (folder / "map.yaml").write_text(MAP, "utf-8")
    (folder / "shops.yaml").write_text(CONFIG, "utf-8")
    for file, name in (("shop.csv", "Shop"), ("help.csv", "Help")):
        done = run(folder, "import", "table", file, "-c", "shops.yaml", "--map", "map.yaml", "--brand", name, *WATCHED)
        assert done.returncode == 0, done.stderr
    return folder


def reported(folder: Path, config: str = CONFIG) -> dict[str, Any]:
    (folder / "shops.yaml").write_text(config, "utf-8")
    done = run(folder, "report", "shops.yaml", "-f", "json", "-o", "-")
    assert done.returncode == 0, done.stderr
    brand: dict[str, Any] = json.loads(done.stdout)["brands"][0]
    return brand


def test_stated_hours_holidays_and_persons_reach_the_report(folder: Path) -> None:
    """1 h on Friday, Monday is a holiday, 1 h on Tuesday; without the holiday 8 h more.

    30 of 32 are answered: the first to Help came before the first row of Shop's file, which is no edge of what was watched.
    """
    brand = reported(folder)
    assert brand["metrics"]["staffed_latency_s"]["value"] == 2 * 3600
    assert brand["variants"]["staffed"]["staffed_within_4h"]["value"] == 0.9375
    own = reported(folder, CONFIG.replace("    handles", "    holidays: []\n    handles"))
    assert own["metrics"]["staffed_latency_s"]["value"] == 10 * 3600
    assert brand["metrics"]["handle_hops"]["value"] == 0
    mapped = reported(folder, CONFIG + "author_map: {Jo: {trustpilot: [u7, v4]}}\n")
    assert mapped["metrics"]["handle_hops"]["value"] == 1


def test_stated_country_that_nobody_knows_is_one_line(folder: Path) -> None:
    (folder / "shops.yaml").write_text(CONFIG.replace("[2026-10-26]", "ZZ"), "utf-8")
    done = run(folder, "report", "shops.yaml", "-f", "json", "-o", "-")
    assert (done.returncode, done.stderr.strip().count("\n")) == (2, 0)
    assert "holidays: 'ZZ' is not known" in done.stderr
