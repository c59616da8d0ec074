from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from socialbench.report.formats import terminal
from socialbench.report.tree import Report
from tests.report.hostile import hostile_report
from tests.report.sample import sample_report


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_terminal_fits_the_window(report: Report, width: int) -> None:
    lines = terminal.plain_text(report, width).splitlines()
    assert max(map(cell_len, lines)) <= width


@pytest.mark.parametrize("width", [80, 120, 200])
def test_terminal_cuts_no_figure(report: Report, width: int) -> None:
    text = terminal.plain_text(report, width)
    leader = report.ranked[0][1]
    row = next(line for line in text.splitlines() if leader["name"] in line)
    assert row.split("  ")[-1] or row
    assert "…" not in row
    assert f"1 (1-{leader['rank']['high']})" in row
    assert "93.1 (87.4-98.8)" in row
    assert "93.1 % (87.4-96.3)" in row


def test_terminal_shows_more_where_there_is_room(report: Report) -> None:
    heads = {width: terminal.plain_text(report, width).split("\n\n")[1].splitlines()[0] for width in (80, 120, 200)}
    assert "Inbound" not in heads[80]
    assert "Inbound" in heads[120]
    assert all(word in heads[200] for word in ("Sector", "Networks", "Nine in ten by", "Sent elsewhere"))


def test_terminal_is_ascii_but_for_names_when_piped() -> None:
    text = terminal.plain_text(sample_report(3), 120)
    assert text.isascii()
    assert "\x1b" not in text


def test_terminal_lists_the_unranked_with_their_reasons(report: Report) -> None:
    listed = terminal.plain_text(report, 100).split("Listed, not ranked")[1]
    for _, brand in report.unranked:
        row = next(line for line in listed.splitlines() if line.startswith(brand["name"]))
        assert brand["not_ranked_because"] in row


def test_terminal_of_a_window_has_colour_and_rules(report: Report) -> None:
    out = io.StringIO()
    terminal.show(report, Console(file=out, width=120, force_terminal=True, color_system="standard"))
    assert "\x1b[1m" in out.getvalue()
    assert "─" in out.getvalue()


def test_terminal_shows_hostile_names_as_text() -> None:
    text = terminal.plain_text(hostile_report(), 200)
    assert "[bold red]markup[/]" in text
    assert "\x1b" not in text
    assert "\x00" not in text
    assert "\u202e" not in text
    assert max(map(cell_len, text.splitlines())) <= 200
