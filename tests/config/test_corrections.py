"""The corrections file: what it says, and what is wrong with it, by its own lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from socialbench.config import Correction, read_corrections
from tests.config.written import BRAND, HEAD, complaints, loaded, write

YAML = f"{HEAD}corrections: c.csv\n{BRAND}"


def test_corrections_say_kind_not_addressed_or_spam(tmp_path: Path) -> None:
    text = "\ufeffid,network,origin,kind\r\n1,X,twcs,Complaint\r\n2,x,,not addressed\r\n3,x,,spam\r\n\r\n3,x,,spam\r\n"
    found = read_corrections(write(tmp_path, text, "c.csv"))
    assert found.problems == ()
    assert found.rows == (
        Correction("x", "twcs", "1", "complaint"),
        Correction("x", "", "2", not_addressed=True),
        Correction("x", "", "3", spam=True),
    )


def test_corrections_may_have_columns_for_the_marks(tmp_path: Path) -> None:
    text = "network,origin,id,kind,not_addressed,spam\nx,,1,praise,yes,\nx,,2,,,1\n"
    found = read_corrections(write(tmp_path, text, "c.csv"))
    assert found.rows == (Correction("x", "", "1", "praise", not_addressed=True), Correction("x", "", "2", spam=True))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "c.csv:1:1: network: this column is missing"),
        ("network,origin,id\n", "c.csv:1:1: kind: this column is missing, or not_addressed, or spam"),
        ("network,origin,id,knd\n", "c.csv:1:1: knd: unknown column; did you mean kind?"),
        ("network,origin,id,kind\nx,,1\n", "c.csv:2:1: 3 cells where the header has 4"),
        ("network,origin,id,kind\nx,,,spam\n", "c.csv:2:1: id is empty"),
        ("network,origin,id,kind\nx,,1,\n", "c.csv:2:1: the row corrects nothing: kind, not_addressed and spam are all empty"),
        ("network,origin,id,kind\nx,,1,<b>\n", "c.csv:2:1: '<b>' is no kind; write a kind, not_addressed or spam"),
        ("network,origin,id,spam\nx,,1,maybe\n", "c.csv:2:1: spam must be yes or no, not 'maybe'"),
        ("network,origin,id,kind\nx,,1,spam\nx,,1,praise\n", "c.csv:3:1: id: '1' is corrected otherwise in line 2"),
        ('network,origin,id,kind\nx,,"1,spam\n', "c.csv:2:1: not CSV: unexpected end of data"),
    ],
)
def test_corrections_problem_names_the_line(tmp_path: Path, text: str, said: str) -> None:
    write(tmp_path, text, "c.csv")
    assert complaints(tmp_path, YAML)[0] == said


def test_corrections_many_wrong_rows_are_summed_up(tmp_path: Path) -> None:
    write(tmp_path, "network,origin,id,kind\n" + "x,,,spam\n" * 1000, "c.csv")
    said = complaints(tmp_path, YAML)
    assert len(said) == 21
    assert said[-1].endswith("and 980 more rows that do not fit")


def test_corrections_not_utf8_or_missing_are_said(tmp_path: Path) -> None:
    assert complaints(tmp_path, YAML) == [f"t.yaml:2:14: corrections: {tmp_path}/c.csv cannot be read: no such file or directory"]
    write(tmp_path, b"network,origin,id,kind\nx,,1,\xe9\n", "c.csv")
    assert complaints(tmp_path, YAML) == ["c.csv:2:1: not UTF-8; save the file as CSV UTF-8"]


def test_corrections_content_changes_the_config_hash_and_its_place_does_not(tmp_path: Path) -> None:
    write(tmp_path, "network,origin,id,kind\nx,,1,spam\n", "c.csv")
    first = loaded(tmp_path, YAML).config_hash
    (tmp_path / "d.csv").write_bytes((tmp_path / "c.csv").read_bytes())
    assert loaded(tmp_path, YAML.replace("c.csv", "d.csv")).config_hash == first
    write(tmp_path, "network,origin,id,kind\nx,,1,praise\n", "c.csv")
    assert loaded(tmp_path, YAML).config_hash != first
