"""Real dirt in CSV files: what is read, what is left out, and under which reason."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from socialbench.collect.rows import RECORD_LIMIT
from socialbench.errors import NoData, UsageError
from tests.collect.files.harness import Result, import_files, reasons

HEADER = "reviewId,userName,content,score,at,replyContent,repliedAt"


def line(name: str, text: str = "fine") -> str:
    return f"{name},A user,{text},4,2026-01-01 10:00:00,,"


def load(tmp_path: Path, body: bytes, name: str = "a.csv", encoding: str = "utf-8") -> Result:
    path = tmp_path / name
    path.write_bytes(body)
    return import_files(path.with_suffix(".db"), "play-reviews", [path], encoding, brand="acme", timezone="UTC")


def texts(result: Result) -> dict[str, str]:
    return {row["id"]: row["text"] for row in result.messages}


def places(result: Result) -> list[tuple[int, str]]:
    return [(each.place.line, each.reason) for each in result.rejected]


def lines(*rows: str) -> bytes:
    return "\n".join([HEADER, *rows, ""]).encode()


def test_a_byte_order_mark_and_crlf_change_nothing(tmp_path: Path) -> None:
    body = b"\xef\xbb\xbf" + lines(line("r1"), line("r2", '"two\nlines"')).replace(b"\n", b"\r\n")
    assert texts(load(tmp_path, body)) == {"r1": "fine", "r2": "two\r\nlines"}


def test_semicolons_tabs_and_names_in_capitals_are_understood(tmp_path: Path) -> None:
    for number, sign in enumerate(";\t"):
        body = lines(line("r1")).decode().replace(",", sign).replace("reviewId", " REVIEWID ")
        assert texts(load(tmp_path, body.encode(), f"{number}.csv")) == {"r1": "fine"}


def test_utf_16_and_gzip_are_recognised_by_their_first_bytes(tmp_path: Path) -> None:
    body = lines(line("r1", "schön"))
    assert texts(load(tmp_path, body.decode().encode("utf-16"))) == {"r1": "schön"}
    assert texts(load(tmp_path, gzip.compress(body), "b.csv")) == {"r1": "schön"}


def test_a_cut_gzip_and_a_workbook_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"a\.csv: the gzip is damaged or cut off"):
        load(tmp_path, gzip.compress(lines(*(line(f"r{number}") for number in range(999))))[:-40])
    with pytest.raises(UsageError, match="save it as CSV"):
        load(tmp_path, b"PK\x03\x04 a workbook")


def test_a_row_with_too_few_or_too_many_cells_costs_itself_alone(tmp_path: Path) -> None:
    result = load(tmp_path, lines(line("r1"), "r2,A user", line("r3"), line("r4") + ",more", line("r5")))
    assert sorted(texts(result)) == ["r1", "r3", "r5"]
    assert places(result) == [(3, "too_few_cells"), (5, "too_many_cells")]


def test_an_unclosed_quote_costs_its_own_line_alone(tmp_path: Path) -> None:
    result = load(tmp_path, lines(line("r1"), line("r2", '"never closed'), line("r3"), line("r4", '"closed"'), line("r5")))
    assert sorted(texts(result)) == ["r1", "r3", "r4", "r5"]
    assert places(result) == [(3, "broken_quotes")]


def test_an_unclosed_quote_before_the_end_of_the_file_costs_its_own_line_alone(tmp_path: Path) -> None:
    result = load(tmp_path, lines(line("r1", '"never closed'), line("r2"), line("r3")))
    assert sorted(texts(result)) == ["r2", "r3"]
    assert places(result) == [(2, "broken_quotes")]


def test_an_unclosed_quote_far_from_the_end_does_not_swallow_the_file(tmp_path: Path) -> None:
    rows = [line("r0", '"never closed'), *(line(f"r{number}", "x" * 60_000) for number in range(1, 90))]
    result = load(tmp_path, lines(*rows))
    assert len(texts(result)) == 89
    assert places(result) == [(2, "too_long")]


def test_a_line_beyond_all_measure_is_left_out_and_the_next_is_read(tmp_path: Path) -> None:
    result = load(tmp_path, lines(line("r1", "x" * (2 * RECORD_LIMIT)), line("r2")))
    assert texts(result) == {"r2": "fine"}
    assert places(result) == [(2, "too_long")]


def test_a_nul_byte_costs_its_row(tmp_path: Path) -> None:
    result = load(tmp_path, lines(line("r1", "a\0b"), line("r2")))
    assert sorted(texts(result)) == ["r2"]
    assert places(result) == [(2, "nul_byte")]


def test_empty_lines_are_counted_and_do_not_shift_line_numbers(tmp_path: Path) -> None:
    result = load(tmp_path, lines("", "   ", ",,,,,,", line("r1"), "broken", *[""] * 1000))
    assert result.outcome.empty_lines == 1003
    assert result.outcome.rows == 2
    assert places(result) == [(6, "too_few_cells")]


def test_bytes_that_do_not_decode_are_replaced_and_told_with_their_line(tmp_path: Path) -> None:
    body = lines(line("r1"), line("r2", "caf\xe9")).decode().encode("latin-1")
    result = load(tmp_path, body)
    assert texts(result)["r2"] == "caf\ufffd"
    assert result.outcome.notes.counts == {"undecodable": 1}
    assert result.outcome.notes.first["undecodable"].line == 3


def test_a_named_encoding_is_used(tmp_path: Path) -> None:
    body = lines(line("r1", "caf\xe9")).decode().encode("latin-1")
    result = load(tmp_path, body, encoding="latin-1")
    assert texts(result)["r1"] == "caf\xe9"
    assert not result.outcome.notes.counts


def test_mojibake_is_kept_and_counted(tmp_path: Path) -> None:
    broken = "it’s".encode().decode("cp1252")
    result = load(tmp_path, lines(line("r1", broken), line("r2", "São"), line("r3", "Ãrea")))
    assert texts(result)["r1"] == broken
    assert result.outcome.notes.counts == {"mojibake": 1}


def test_huge_cells_below_the_limit_are_kept_whole(tmp_path: Path) -> None:
    assert len(texts(load(tmp_path, lines(line("r1", "x" * 1_000_000))))["r1"]) == 1_000_000


@pytest.mark.parametrize("body", [b"", b"\n\n", HEADER.encode(), (HEADER + "\n").encode(), lines("broken")])
def test_a_file_without_a_row_is_no_data(tmp_path: Path, body: bytes) -> None:
    with pytest.raises(NoData, match="nothing to import"):
        load(tmp_path, body)


def test_missing_and_doubled_columns_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"play-reviews needs the columns .*; missing: repliedAt"):
        load(tmp_path, b"reviewId,content,score,at,replyContent\nr1,a,4,2026-01-01,\n")
    with pytest.raises(UsageError, match="column at stands twice"):
        load(tmp_path, (HEADER + ",at\n").encode())
    assert not list(tmp_path.glob("*.db"))


def test_nothing_is_dropped_in_silence(tmp_path: Path) -> None:
    rows = [line("r1"), line("r1"), "broken", line("r2", "a\0b"), line("", "no id"), line("r3", '"open'), line("r4"), ""]
    result = load(tmp_path, lines(*rows))
    outcome = result.outcome
    assert outcome.rows == len(result.messages) + outcome.repeated + sum(outcome.left_out.values())
    assert reasons(result) == {"repeated": 1, **outcome.left_out}
