"""The YAML 1.2 loader: what is text, what is refused, and in which line."""

from __future__ import annotations

from pathlib import Path

import pytest

from socialbench.config.source import MAX_BYTES, read_source
from socialbench.errors import ConfigError, UsageError
from tests.config.written import write


def tree(folder: Path, text: str | bytes) -> object:
    return read_source(write(folder, text)).tree


def complaint(folder: Path, text: str | bytes) -> str:
    path = write(folder, text)
    with pytest.raises(ConfigError) as raised:
        read_source(path)
    return str(raised.value).removeprefix(f"{folder}/")


@pytest.mark.parametrize(
    "word",
    [
        "NO",
        "no",
        "yes",
        "on",
        "off",
        "9:30",
        "12:30:00",
        "2026-10-01",
        "0123",
        "0x1F",
        "0o17",
        "1_000",
        ".inf",
        ".nan",
        "y",
        "1.2.3",
    ],
)
def test_source_keeps_as_text_what_yaml_1_1_misreads(tmp_path: Path, word: str) -> None:
    assert tree(tmp_path, f"a: {word}\n") == {"a": word}


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("true", True),
        ("False", False),
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("null", None),
        ("~", None),
        ("", None),
    ],
)
def test_source_reads_the_scalars_of_yaml_1_2(tmp_path: Path, word: str, value: object) -> None:
    found = tree(tmp_path, f"a: {word}\n")
    assert found == {"a": value}
    assert isinstance(found, dict)
    assert isinstance(found["a"], type(value))


def test_source_quotes_keep_text(tmp_path: Path) -> None:
    assert tree(tmp_path, "a: 'true'\nb: \"12\"\n") == {"a": "true", "b": "12"}


def test_source_numbers_keep_their_spelling(tmp_path: Path) -> None:
    found = tree(tmp_path, "a: 1.10\n")
    assert isinstance(found, dict)
    assert found["a"].source == "1.10"


def test_source_number_beyond_all_digits_is_text(tmp_path: Path) -> None:
    assert tree(tmp_path, f"a: {'9' * 5000}\n") == {"a": "9" * 5000}


def test_source_merges_maps_and_own_keys_win(tmp_path: Path) -> None:
    text = "base: &b {x: 1, y: 2}\none:\n  <<: *b\n  y: 3\ntwo:\n  <<: [*b, {z: 4}]\n"
    found = tree(tmp_path, text)
    assert isinstance(found, dict)
    assert (found["one"], found["two"]) == ({"x": 1, "y": 3}, {"x": 1, "y": 2, "z": 4})


def test_source_merge_of_a_map_into_itself_is_refused(tmp_path: Path) -> None:
    source = read_source(write(tmp_path, "a: &a\n  b: 1\n  <<: *a\n"))
    assert [str(problem).rpartition(": ")[2] for problem in source.problems] == ["<< merges a map into itself"]


def test_source_duplicate_key_names_both_lines(tmp_path: Path) -> None:
    source = read_source(write(tmp_path, "a: 1\nb:\n  c: 1\n  c: 2\na: 3\n"))
    told = [(problem.line, problem.column, problem.where, problem.what) for problem in source.problems]
    assert told == [
        (4, 3, "b, c", "this key stands twice; first in line 3"),
        (5, 1, "a", "this key stands twice; first in line 1"),
    ]


def test_source_notes_places_of_keys_and_values(tmp_path: Path) -> None:
    source = read_source(write(tmp_path, "a:\n  - b: 1\n    cc:  2\n"))
    assert source.place(("a", 0, "cc"), key=True) == (3, 5)
    assert source.place(("a", 0, "cc")) == (3, 10)
    assert source.place(("a", 0, "missing", "deeper")) == (2, 5)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "t.yaml:1:1: the file is empty; `socialbench init` writes one to start from"),
        ("# only a comment\n", "t.yaml:1:1: the file is empty; `socialbench init` writes one to start from"),
        ("a: b\nc: @acme\n", "t.yaml:2:4: text cannot start with @ here: quote handles that start with @, or leave the @ out"),
        ("a: [b, @acme]\n", "t.yaml:1:8: text cannot start with @ here: quote handles that start with @, or leave the @ out"),
        ("a:\n\tb: 1\n", "t.yaml:2:1: a tab in the indentation: indent with blanks"),
        ("a: b: c\n", "t.yaml:1:5: a ': ' where none can stand; check the indentation, and quote text that holds ': '"),
        ("a: 1\n---\nb: 2\n", "t.yaml:2:1: holds more than one YAML document (a line of ---); leave one"),
        ("a: *nope\n", "t.yaml:1:4: this alias (*name) has no anchor (&name) before it"),
        ("a: \x07\n", "t.yaml:1:4: the control character U+0007 is not allowed; write it in double quotes as an escape"),
    ],
)
def test_source_syntax_is_refused_in_plain_words(tmp_path: Path, text: str, said: str) -> None:
    assert complaint(tmp_path, text) == said


def test_source_not_utf8_names_the_byte_and_its_place(tmp_path: Path) -> None:
    assert (
        complaint(tmp_path, "a: é\nb: ".encode() + b"\xe9t\xe9\n") == "t.yaml:2:4: not UTF-8: byte 0xe9; save the file as UTF-8"
    )
    assert "UTF-16" in complaint(tmp_path, "a: b\n".encode("utf-16"))


def test_source_byte_order_mark_and_crlf_are_no_matter(tmp_path: Path) -> None:
    assert tree(tmp_path, b"\xef\xbb\xbfa: b\r\nc: d\r\n") == {"a": "b", "c": "d"}


def test_source_aliases_that_multiply_are_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]" for level in range(1, 11)]
    assert "aliases (*name) of aliases multiply beyond all use" in complaint(tmp_path, "\n".join(lines))


@pytest.mark.parametrize("text", ["a: &a [*a]\n", "a: " + "[" * 60 + "]" * 60 + "\n", "a: " + "[" * 50_000])
def test_source_nesting_without_end_is_refused(tmp_path: Path, text: str) -> None:
    said = complaint(tmp_path, text)
    assert said.startswith("t.yaml:1:")
    assert "deeper" in said or "bracket" in said


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system [id]", "!!binary aGk=", "!mine x", "!!timestamp 2026-10-01"])
def test_source_tags_are_refused(tmp_path: Path, tag: str) -> None:
    assert ["tag" in problem.what for problem in read_source(write(tmp_path, f"a: {tag}\n")).problems] == [True]


def test_source_files_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="a folder, not a config"):
        read_source(tmp_path)
    with pytest.raises(UsageError, match="no such file"):
        read_source(tmp_path / "none.yaml")
    huge = tmp_path / "huge.yaml"
    with huge.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(UsageError, match="larger than 64 MB"):
        read_source(huge)
