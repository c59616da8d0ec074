"""report.theme: a map or the name of a file, colours as people write them, every problem with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.config.written import BRAND, HEAD, complaints, loaded, write


def test_theme_in_the_config_has_its_paths_beside_it(tmp_path: Path) -> None:
    write(tmp_path, b"\x89PNG", "logo.png")
    text = f'{HEAD}{BRAND}report: {{theme: {{accent: "#A3195B", sectors: {{Banking: 005500}}, logo: logo.png}}}}\n'
    theme = loaded(tmp_path, text).report.theme
    assert (theme.accent, theme.sectors, theme.logo) == ("#a3195b", {"Banking": "#005500"}, str(tmp_path / "logo.png"))


def test_theme_in_a_file_has_its_paths_beside_that_file(tmp_path: Path) -> None:
    (tmp_path / "looks").mkdir()
    write(tmp_path, b"font", "looks/a.ttf")
    write(tmp_path, 'accent: "0b5c8a"\nfont: a.ttf\n', "looks/acme.yaml")
    theme = loaded(tmp_path, f"{HEAD}{BRAND}report: {{theme: looks/acme.yaml}}\n").report.theme
    assert (theme.accent, theme.font) == ("#0b5c8a", str(tmp_path / "looks" / "a.ttf"))


@pytest.mark.parametrize(
    ("theme", "said"),
    [
        ("accent: #a3195b\n", 'acme.yaml:1:8: accent: nothing is no colour; write one in quotes, e.g. "#0b5c8a"'),
        ("acent: 112233\n", "acme.yaml:1:1: acent: unknown key; did you mean accent?"),
        ('sectors: {Bank: "12"}\n', "acme.yaml:1:17: sectors.Bank: '12' is no colour; write one in quotes, e.g. \"#0b5c8a\""),
        ("logo: none.png\n", "acme.yaml:1:1: there is no file {folder}/none.png"),
        ("- 3\n", "acme.yaml:1:1: a theme is a map of keys and values (accent:, logo: ...), not a list"),
        ("file: b.yaml\n", "acme.yaml:1:1: a theme's file names no other file"),
    ],
)
def test_theme_file_is_told_with_its_own_places(tmp_path: Path, theme: str, said: str) -> None:
    write(tmp_path, theme, "acme.yaml")
    assert complaints(tmp_path, f"{HEAD}{BRAND}report: {{theme: acme.yaml}}\n") == [said.format(folder=tmp_path)]


def test_theme_that_is_not_there_is_told(tmp_path: Path) -> None:
    said = complaints(tmp_path, f"{HEAD}{BRAND}report: {{theme: none.yaml}}\n")
    assert said == [f"t.yaml:5:17: report.theme: there is no file {tmp_path}/none.yaml"]
