"""The deck as LibreOffice shows it: every slide there, no word over an edge, none on another."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest
from pptx import Presentation

from socialbench.report.formats import pptx, xlsx
from socialbench.report.tree import Report
from tests.report.hostile import hostile_report
from tests.report.sample import sample_report

pytestmark = pytest.mark.e2e
_WORD = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>')
_EDGE = 24.0
"""Points from the slide's edge that stay free of words."""
_TOUCH = 0.35
"""Part of the smaller word's box that may lie on another: letters' boxes are higher than their letters."""


@dataclass(frozen=True)
class Word:
    left: float
    top: float
    right: float
    bottom: float
    text: str

    def covers(self, other: Word) -> float:
        """The part of the smaller box that both share."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        if wide <= 0 or high <= 0:
            return 0.0
        return wide * high / max(1e-9, min(self.area, other.area))

    @property
    def area(self) -> float:
        return (self.right - self.left) * (self.bottom - self.top)


def rendered(data: bytes, name: str, folder: Path) -> Path:
    """What LibreOffice makes of a file, as PDF."""
    for program in ("soffice", "pdftotext"):
        if shutil.which(program) is None:
            pytest.skip(f"no {program} here: LibreOffice and poppler-utils are needed")
    (folder / name).write_bytes(data)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder), str(folder / name)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return (folder / name).with_suffix(".pdf")


def pages(pdf: Path) -> Iterator[list[Word]]:
    boxes = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    for page in boxes.split("<page ")[1:]:
        yield [Word(*map(float, found[:4]), unescape(found[4])) for found in _WORD.findall(page)]


@pytest.fixture(scope="module", params=[3, 30, 100, 0], ids=["3", "30", "100", "hostile"])
def deck(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[list[Word]]]:
    report: Report = sample_report(request.param, simulated=True) if request.param else hostile_report()
    folder = tmp_path_factory.mktemp("deck")
    pdf = rendered(next(pptx.render(report)).data, "report.pptx", folder)
    return folder / "report.pptx", list(pages(pdf))


def test_rendered_deck_has_every_slide(deck: tuple[Path, list[list[Word]]]) -> None:
    path, shown = deck
    assert len(shown) == len(Presentation(str(path)).slides)
    assert all(shown)


def test_rendered_deck_has_no_word_over_the_edge(deck: tuple[Path, list[list[Word]]]) -> None:
    over = [
        f"slide {number}: {word}"
        for number, words in enumerate(deck[1], 1)
        for word in words
        if word.left < _EDGE or word.right > 960 - _EDGE or word.top < _EDGE * 0.8 or word.bottom > 540 - _EDGE * 0.5
    ]
    assert over == []


def test_rendered_deck_has_no_word_on_another(deck: tuple[Path, list[list[Word]]]) -> None:
    touching = [
        f"slide {number}: {one.text!r} and {other.text!r}"
        for number, words in enumerate(deck[1], 1)
        for place, one in enumerate(words)
        for other in words[place + 1 :]
        if one.covers(other) > _TOUCH
    ]
    assert touching == []


def test_rendered_deck_keeps_its_foot_free(deck: tuple[Path, list[list[Word]]]) -> None:
    """Above the foot line is a strip that nothing grows into."""
    low = [f"slide {n}: {word}" for n, words in enumerate(deck[1][1:], 2) for word in words if word.top < 500 < word.bottom - 1]
    assert low == []


def test_workbook_opens_with_its_charts(tmp_path: Path) -> None:
    pdf = rendered(next(xlsx.render(sample_report(3))).data, "report.xlsx", tmp_path)
    said = {word.text for page in pages(pdf) for word in page}
    assert {"Northwick", "Banking", "25.6"} <= said
