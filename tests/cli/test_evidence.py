"""Evidence, corrections and the commands that look after a store, end to end on invented reviews."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from tests.cli.run import run

ROWS = """\
review,user,created,body,stars,answer,answered
r1,u1,2026-10-01T09:00:00Z,The parcel never came,1,We are sorry,2026-10-01T10:30:00Z
r2,u2,2026-10-02T12:00:00Z,Win a prize draw now,2,,
r3,u3,2026-10-03T08:15:00Z,=1+1 is broken,1,Thank you,2026-10-03T08:00:00Z
r4,u4,2026-10-04T08:15:00Z,All fine,5,Thank you,2026-10-04T08:16:00Z
"""
MAP = """\
network: trustpilot
sample: complete
columns: {id: review, author: user, time: created, text: body, stars: stars, reply_text: answer, reply_time: answered}
"""


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("imported")
    (folder / "rows.csv").write_text(ROWS, "utf-8")
    (folder / "map.yaml").write_text(MAP, "utf-8")
    done = run(folder, "import", "table", "rows.csv", "-c", "shop.yaml", "--map", "map.yaml", "--brand", "Shop")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def shop(imported: Path, tmp_path: Path) -> Path:
    """A copy of its own for each test."""
    return Path(copytree(imported, tmp_path, dirs_exist_ok=True))


def exported(folder: Path, what: str, *options: str) -> list[dict[str, str]]:
    done = run(folder, "export", what, "-c", "shop.yaml", *options)
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


def reported(folder: Path, *options: str) -> dict[str, Any]:
    done = run(folder, "report", "shop.yaml", "-f", "json", "-o", "-", *options)
    assert done.returncode == 0, done.stderr
    brand: dict[str, Any] = json.loads(done.stdout)["brands"][0]
    return brand


def drawn(folder: Path, *forms: str) -> list[str]:
    """The report in each of some formats, written by one run."""
    wanted = [word for form in forms for word in ("-f", form)]
    done = run(folder, "report", "shop.yaml", *wanted, "-o", "drawn")
    assert done.returncode == 0, done.stderr
    return [(folder / "drawn" / f"report.{form}").read_text("utf-8") for form in forms]


def test_export_episodes_says_what_answered_each_and_why_it_is_left_out(shop: Path) -> None:
    rows = {row["message_id"]: row for row in exported(shop, "episodes")}
    assert {row["brand"] for row in rows.values()} == {"Shop"}
    assert (rows["r1"]["latency_s"], rows["r1"]["link_method"], rows["r1"]["left_out"]) == ("5400.0", "parent", "")
    assert (rows["r2"]["answer_id"], rows["r2"]["answered"]) == ("", "False")
    assert (rows["r3"]["latency_s"], rows["r3"]["left_out"]) == ("-900.0", "negative")
    assert rows["r4"]["left_out"] == "no response needed"


def test_export_messages_defuses_formulas_unless_raw(shop: Path) -> None:
    texts = {row["id"]: row["text"] for row in exported(shop, "messages")}
    assert texts["r3"] == "'=1+1 is broken"
    assert {row["id"]: row["text"] for row in exported(shop, "messages", "--raw")}["r3"] == "=1+1 is broken"


def test_export_coverage_as_json_lines_to_a_file(shop: Path) -> None:
    done = run(shop, "export", "coverage", "-c", "shop.yaml", "-o", "out/coverage.jsonl")
    assert done.returncode == 0, done.stderr
    (row,) = [json.loads(line) for line in (shop / "out" / "coverage.jsonl").read_text("utf-8").splitlines()]
    assert (row["stream"], row["since_at"], row["assumed"]) == ("import", "2026-10-01T09:00:00.000Z", True)


def test_export_of_an_empty_window_ends_with_6(shop: Path) -> None:
    done = run(shop, "export", "episodes", "-c", "shop.yaml", "--period", "2020")
    assert (done.returncode, "no episodes" in done.stderr) == (6, True)


def test_report_of_an_empty_window_ends_with_6_and_writes_nothing(shop: Path) -> None:
    done = run(shop, "report", "shop.yaml", "--period", "2020")
    assert (done.returncode, done.stdout, (shop / "reports").exists()) == (6, "", False)


def test_exclude_leaves_out_and_tells(shop: Path) -> None:
    config = shop / "shop.yaml"
    config.write_text(config.read_text("utf-8") + 'exclude:\n  - {pattern: "prize draw", why: giveaway}\n', "utf-8")
    brand = reported(shop)
    assert (brand["metrics"]["inbound_count"]["value"], brand["left_out"]["excluded"]) == (3, 1)


def test_exclude_is_counted_and_named_in_the_method_page(shop: Path) -> None:
    config = shop / "shop.yaml"
    rules = 'exclude:\n  - {pattern: "prize draw", why: giveaway}\n  - {pattern: "a prize"}\n  - {pattern: "all fine"}\n'
    config.write_text(config.read_text("utf-8") + rules, "utf-8")
    told = json.loads(run(shop, "report", "shop.yaml", "-f", "json", "-o", "-").stdout)["exclusions"]
    assert told == {"'prize draw': giveaway": 1, "'a prize'": 0, "'all fine'": 1}
    for text in drawn(shop, "md", "html"):
        assert "giveaway" in text


def test_corrections_are_named_in_the_method_page(shop: Path) -> None:
    (shop / "fixes.csv").write_text("network,origin,id,kind\ntrustpilot,,r1,spam\n", "utf-8")
    config = shop / "shop.yaml"
    config.write_text(config.read_text("utf-8") + "corrections: fixes.csv\n", "utf-8")
    for text in (*drawn(shop, "md", "html"), run(shop, "report", "shop.yaml", "-f", "terminal", "-o", "-").stdout):
        assert "fixes.csv" in text


def test_export_messages_believes_the_store_only_up_to_as_of(shop: Path) -> None:
    assert {row["id"] for row in exported(shop, "messages", "--as-of", "2026-10-02")} == {"r1", "r1#reply"}
    ends = exported(shop, "messages", "--as-of", "2026-10-04", "--until", "2026-10-02")
    assert {row["id"] for row in ends} == {"r1", "r1#reply"}


def test_exclude_outside_its_dates_leaves_nothing_out(shop: Path) -> None:
    config = shop / "shop.yaml"
    rule = 'exclude:\n  - {pattern: "prize draw", since: 2026-10-05, until: 2026-10-06}\n'
    config.write_text(config.read_text("utf-8") + rule, "utf-8")
    assert reported(shop)["metrics"]["inbound_count"]["value"] == 4


def test_corrections_outrank_the_rules(shop: Path) -> None:
    (shop / "fixes.csv").write_text("network,origin,id,kind\ntrustpilot,,r1,spam\ntrustpilot,,r2,not_addressed\n", "utf-8")
    config = shop / "shop.yaml"
    config.write_text(config.read_text("utf-8") + "corrections: fixes.csv\n", "utf-8")
    brand = reported(shop)
    assert (brand["metrics"]["inbound_count"]["value"], brand["left_out"]["excluded"]) == (2, 2)


def test_compare_with_a_report_that_is_none_ends_with_2(shop: Path) -> None:
    (shop / "other.json").write_text("{}", "utf-8")
    done = run(shop, "report", "shop.yaml", "--compare-with", "other.json", "-f", "json")
    assert (done.returncode, "no JSON report" in done.stderr) == (2, True)


def test_substantive_answers_are_neither_hand_offs_nor_mere_apologies(shop: Path) -> None:
    rows = shop / "rows.csv"
    more = (
        "r5,u5,2026-10-05T09:00:00Z,Where is it?,1,Please send us a DM with your order number,2026-10-05T09:10:00Z\n"
        "r6,u6,2026-10-05T09:00:00Z,Where is it?,1,It left our depot on Monday and arrives tomorrow,2026-10-05T09:20:00Z\n"
    )
    rows.write_text(ROWS + more, "utf-8")
    done = run(shop, "import", "table", "rows.csv", "-c", "shop.yaml", "--map", "map.yaml", "--brand", "Shop")
    assert done.returncode == 0, done.stderr
    answered = [reported(shop, "--answers", kind)["metrics"]["answered_count"]["value"] for kind in ("any", "substantive")]
    assert answered == [3, 1]


def test_report_never_writes_to_the_store(shop: Path) -> None:
    store = shop / "data" / "shop.db"
    before = store.read_bytes()
    reported(shop)
    assert store.read_bytes() == before


def test_backup_and_erase(shop: Path) -> None:
    assert run(shop, "backup", "shop.yaml", "-o", "copy.db").returncode == 0
    assert run(shop, "backup", "shop.yaml", "-o", "copy.db").returncode == 2
    assert run(shop, "erase", "trustpilot", "u1", "-c", "shop.yaml").returncode == 2
    done = run(shop, "erase", "trustpilot", "u1", "-c", "shop.yaml", "--yes")
    assert done.returncode == 0, done.stderr
    assert reported(shop)["metrics"]["inbound_count"]["value"] == 3
    assert run(shop, "erase", "trustpilot", "u1", "-c", "shop.yaml", "--yes").returncode == 6
    assert (shop / "copy.db").stat().st_size > 0


def test_prune_says_first_what_it_would_do(shop: Path) -> None:
    done = run(shop, "prune", "shop.yaml", "--dry-run")
    assert (done.returncode, "0 raw answers would be dropped" in done.stderr) == (0, True)


def test_schedule_prints_a_line_for_cron_and_units_for_systemd(shop: Path) -> None:
    line = run(shop, "schedule", "shop.yaml", "--every", "hourly").stdout
    assert line.split(" ")[1:5] == ["*", "*", "*", "*"]
    assert "collect" in line
    assert "[Timer]" in run(shop, "schedule", "shop.yaml", "--systemd").stdout


def test_doctor_names_versions_and_the_store(shop: Path) -> None:
    done = run(shop, "doctor", "shop.yaml", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["messages"] == "7"


def test_full_disk_is_one_line_and_no_fault_of_ours(shop: Path) -> None:
    done = run(shop, "export", "episodes", "-c", "shop.yaml", "-o", "/dev/full")
    assert (done.returncode, "our own fault" in done.stderr) == (2, False)


def test_pictures_of_nobody_ranked_are_those_that_need_no_place(shop: Path) -> None:
    done = run(shop, "report", "shop.yaml", "-f", "png", "-o", "pictures")
    assert done.returncode == 0, done.stderr
    drawn = {path.stem for path in (shop / "pictures").glob("*.png")}
    assert ("coverage" in drawn, "ranking" in drawn) == (True, False)


def test_follow_up_of_nothing_ends_with_2(shop: Path) -> None:
    assert run(shop, "report", "shop.yaml", "--follow-up", "0d").returncode == 2


def test_full_stdout_is_one_line(shop: Path) -> None:
    import subprocess

    from tests.cli.run import COMMAND, environment

    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, "report", "shop.yaml", "-f", "json", "-o", "-"],
            cwd=shop, env=environment(), stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60,
        )  # fmt: skip
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
