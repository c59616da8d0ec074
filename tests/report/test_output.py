from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from socialbench.errors import NoData, UsageError
from socialbench.report.build import build_report
from socialbench.report.output import Destination, format_names, report_folder, safe_part, write_outputs
from socialbench.report.tree import Report
from tests.report.sample import context, run_result
from tests.report.told_apart import changed


class Terminal(io.BytesIO):
    def isatty(self) -> bool:
        return True


def to(folder: Path, output: str | None = None) -> Destination:
    return Destination(output, folder, io.BytesIO())


def unranked() -> Report:
    run = replace(run_result(3), ranks={}, sector_curves={})
    return build_report(run, context(run))


def test_formats_are_the_files_of_the_folder() -> None:
    assert set(format_names()) >= {"terminal", "html", "json", "csv", "md", "png", "svg"}


def test_outputs_without_a_format_are_files_and_the_ranking(tmp_path: Path, report: Report) -> None:
    place = to(tmp_path / "reports" / "bank" / "2026-10")
    written = write_outputs(report, (), place)
    assert {path.suffix for path in written} == {".html", ".json", ".csv", ".png"}
    assert written[-1] == place.folder.parent / "index.html"
    assert all(path.parent == place.folder and path.stat().st_size for path in written[:-1])
    assert b"Listed, not ranked" in place.stdout.getvalue()  # type: ignore[attr-defined]


def test_outputs_of_a_text_format_go_to_stdout(tmp_path: Path, report: Report) -> None:
    place = to(tmp_path)
    assert write_outputs(report, ["json"], place) == []
    assert place.stdout.getvalue().startswith(b"{")  # type: ignore[attr-defined]
    assert list(tmp_path.iterdir()) == []


def test_output_dash_is_stdout(tmp_path: Path, report: Report) -> None:
    place = to(tmp_path, "-")
    write_outputs(report, ["png"], place)
    assert place.stdout.getvalue().startswith(b"\x89PNG")  # type: ignore[attr-defined]


def test_output_file_is_replaced_whole(tmp_path: Path, report: Report) -> None:
    path = tmp_path / "t.json"
    path.write_text("old")
    assert write_outputs(report, ["json"], to(tmp_path, str(path))) == [path]
    assert path.read_text().startswith("{")
    assert [found.name for found in tmp_path.iterdir()] == ["t.json"]


def test_output_of_several_formats_is_a_folder(tmp_path: Path, report: Report) -> None:
    written = write_outputs(report, ["json", "md"], to(tmp_path, str(tmp_path / "out")))
    assert [path.relative_to(tmp_path).as_posix() for path in written] == ["out/report.json", "out/report.md"]


def test_output_of_several_drawings_stands_beside_the_first(tmp_path: Path) -> None:
    run = run_result(3)
    written = write_outputs(build_report(run, context(run)), ["svg"], to(tmp_path, str(tmp_path / "c.svg")))
    assert [path.name for path in written][:3] == ["c.svg", "c-ranked-bars.csv", "c-rank-intervals.svg"]


def test_output_refuses_several_formats_on_stdout(tmp_path: Path, report: Report) -> None:
    with pytest.raises(UsageError, match="one format"):
        write_outputs(report, ["json", "md"], to(tmp_path, "-"))


def test_output_refuses_pictures_on_a_terminal(tmp_path: Path, report: Report) -> None:
    with pytest.raises(UsageError, match="not text"):
        write_outputs(report, ["png"], Destination("-", tmp_path, Terminal()))


def test_output_names_the_formats_when_one_is_unknown(tmp_path: Path, report: Report) -> None:
    with pytest.raises(UsageError, match="'docx' is not known; take one of csv, html"):
        write_outputs(report, ["docx"], to(tmp_path))


def test_output_says_where_it_cannot_write(tmp_path: Path, report: Report) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written"):
        write_outputs(report, ["json"], to(tmp_path, str(tmp_path / "file" / "t.json")))


def test_output_of_drawings_says_when_there_is_nothing_to_draw(tmp_path: Path) -> None:
    empty = changed(unranked(), lambda tree: tree.update(brands=[], sectors=[], coverage=[]))
    with pytest.raises(NoData, match="no brand is ranked"):
        write_outputs(empty, ["png"], to(tmp_path, "-"))


def test_output_on_a_screen_is_the_rich_table(tmp_path: Path, report: Report) -> None:
    screen = io.StringIO()
    console = Console(file=screen, width=100, force_terminal=True)
    write_outputs(report, ["terminal"], Destination(None, tmp_path, io.BytesIO(), console))
    assert "─" in screen.getvalue()


@pytest.mark.parametrize("text", ["../../x", "/etc/passwd", "a\x00b", "", "..", "x" * 5000, "~/.ssh", "C:\\x"])
def test_folder_of_a_report_never_leads_out(tmp_path: Path, text: str) -> None:
    folder = report_folder(tmp_path, text, text)
    assert folder.resolve().parent.parent == tmp_path.resolve()
    assert len(safe_part(text)) <= 80
    folder.mkdir(parents=True)
