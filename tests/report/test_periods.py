from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from socialbench.report.formats import json as json_format
from socialbench.report.output import write_outputs
from socialbench.report.periods import INDEX, index_page
from socialbench.report.tree import Report
from tests.report.hostile import hostile_report
from tests.report.sample import sample_report
from tests.report.test_output import to
from tests.report.told_apart import changed


def lay(folder: Path, name: str, report: Report) -> None:
    (folder / name).mkdir()
    (folder / name / "report.json").write_bytes(next(json_format.render(report)).data)
    (folder / name / "report.html").write_text("<!doctype html>")


def since(moment: str, **more: Any) -> Report:
    """The report of three brands with another beginning."""

    def change(tree: dict[str, Any]) -> None:
        tree["period"]["since"] = moment
        tree.update(more)

    return changed(sample_report(3), change)


def test_index_lists_the_periods_latest_first_with_their_leaders(tmp_path: Path) -> None:
    lay(tmp_path, "a-first", since("2026-08-01T00:00:00+01:00"))
    lay(tmp_path, "b-second", sample_report(3))
    page = index_page(tmp_path).decode()
    assert re.findall(r'href="([^"]+)/report\.html"', page) == ["b-second", "b-second", "a-first", "a-first"]
    leader = sample_report(3).ranked[0][1]["name"]
    assert page.count(f"<bdi>{leader}</bdi>") == 2
    assert "October 2026" in page
    assert "3 of 3" in page


def test_index_says_what_is_provisional_and_what_simulated(tmp_path: Path) -> None:
    lay(tmp_path, "one", since("2026-08-01T00:00:00+01:00", provisional=True, simulated=True))
    page = index_page(tmp_path).decode()
    assert '<span class="mark">provisional</span>' in page
    assert "<title>SIMULATED: " in page


@pytest.mark.parametrize(
    "written",
    ["", "{", "[]", '{"schema_version": 2}', '{"schema_version": 1}', "[" * 100_000, '{"schema_version": 1, "period": 3}'],
)
def test_index_names_a_report_that_it_cannot_read(tmp_path: Path, written: str) -> None:
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "report.json").write_text(written)
    page = index_page(tmp_path).decode()
    assert "half" in page
    assert re.search(r"its report\.json cannot be read|written by another version", page)


def test_index_shows_hostile_folders_and_names_as_text(tmp_path: Path) -> None:
    lay(tmp_path, '"><script>alert(1)<', hostile_report())
    page = index_page(tmp_path).decode()
    assert "<script" not in page
    assert "%3Cscript%3E" in page
    assert not re.findall(r'href="(?!data:,|%22%3E%3Cscript%3Ealert%281%29%3C/report\.)', page)


def test_index_leaves_folders_without_a_report_out(tmp_path: Path) -> None:
    lay(tmp_path, "one", sample_report(3))
    (tmp_path / "notes").mkdir()
    (tmp_path / "stray.html").write_text("x")
    assert index_page(tmp_path).decode().count("<tr>") == 2


def test_index_is_written_beside_the_periods_and_the_same_each_time(tmp_path: Path) -> None:
    place = to(tmp_path / "bank" / "2026-10")
    written = write_outputs(sample_report(3), (), place)
    index = tmp_path / "bank" / INDEX
    assert written[-1] == index
    first = index.read_bytes()
    write_outputs(sample_report(3), (), place)
    assert index.read_bytes() == first
    assert json.loads((tmp_path / "bank" / "2026-10" / "report.json").read_text())["benchmark"] in first.decode()


def test_index_is_not_written_where_the_user_chose_the_place(tmp_path: Path) -> None:
    write_outputs(sample_report(3), (), to(tmp_path / "reports" / "x", str(tmp_path / "out" / "mine")))
    assert not list(tmp_path.rglob(INDEX))
