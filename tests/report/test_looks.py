"""Fonts and themes: a company's colours, font and logo in every format that is looked at; charts drawn once."""

from __future__ import annotations

import base64
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from socialbench.errors import UsageError
from socialbench.report import fonts, theme
from socialbench.report.colours import ACCENT, BAR
from socialbench.report.formats import html, png, pptx, svg
from socialbench.report.output import Destination, write_outputs
from socialbench.report.plates import plates
from socialbench.report.theme import ON_PAGE, Theme, check_colours, contrast, on_dark, read_logo
from socialbench.report.tree import Looks, Report
from tests.report.sample import sample_report

PINK = "#a3195b"
DEJAVU = "DejaVuSans.ttf"


def dejavu() -> Path:
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf" / DEJAVU


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 20), PINK).save(made, "PNG")
    return made.getvalue()


@pytest.fixture(scope="module")
def themed() -> Report:
    logo = theme.Logo("png", picture())
    looks = Looks(theme=Theme(PINK, {"Banking": "#005500"}, dejavu(), dejavu(), logo))
    return replace(sample_report(3), looks=looks)


def test_theme_tints_keep_their_lightness_and_take_the_accents_hue() -> None:
    tints = Theme(PINK).recoloured
    assert tints[ACCENT] == PINK
    for ours, new in tints.items():
        assert ours == ACCENT or contrast(new, "#ffffff") == pytest.approx(contrast(ours, "#ffffff"), rel=0.25)
    red, green, _ = (int(tints[BAR][at : at + 2], 16) for at in (1, 3, 5))
    assert red > green


def test_theme_knows_every_tint_of_the_page() -> None:
    style = (Path(html.__file__).parents[1] / "page" / "page.css").read_text("utf-8")
    assert all(tint in style for tint in ON_PAGE)


def test_theme_of_nothing_changes_nothing() -> None:
    report = sample_report(3)
    plain = replace(report, looks=Looks(theme=Theme()))
    assert [one.data for one in svg.render(plain)] == [one.data for one in svg.render(replace(report))]


def test_theme_colours_html_charts_and_deck(themed: Report) -> None:
    page = next(html.render(themed)).data.decode()
    assert PINK in page and ACCENT not in page
    assert ".s0{background:#005500}" in page
    drawings = b"".join(one.data for one in svg.render(themed))
    assert PINK.encode() in drawings and ACCENT.encode() not in drawings
    assert b"#005500" in drawings
    with zipfile.ZipFile(io.BytesIO(next(pptx.render(themed)).data)) as deck:
        xml = "".join(deck.read(name).decode() for name in deck.namelist() if name.endswith(".xml"))
    assert PINK[1:].upper() in xml and ACCENT[1:].upper() not in xml
    assert 'typeface="DejaVu Sans"' in xml and 'typeface="Calibri"' not in xml


def test_theme_logo_stands_in_html_and_deck(themed: Report) -> None:
    page = next(html.render(themed)).data.decode()
    assert f'src="data:image/png;base64,{base64.b64encode(picture()).decode()}"' in page
    with zipfile.ZipFile(io.BytesIO(next(pptx.render(themed)).data)) as deck:
        assert picture() in [deck.read(name) for name in deck.namelist() if name.startswith("ppt/media/")]


def test_theme_sets_the_book_in_its_font_and_colour(themed: Report) -> None:
    pytest.importorskip("typst", reason="the extra `pdf` is not installed")
    from pypdf import PdfReader

    from socialbench.report.formats import pdf

    reader = PdfReader(io.BytesIO(next(pdf.render(themed)).data))
    names = {font.get_object()["/BaseFont"] for font in reader.pages[0]["/Resources"]["/Font"].values()}
    assert names and all("DejaVu" in name for name in names)
    assert len(reader.pages[0].images) == 1


@pytest.mark.parametrize(
    ("accent", "sectors", "said"),
    [("#ffee00", {}, "accent #ffee00 is too light"), (None, {"Media": "#eeeeee"}, "sectors.Media #eeeeee is too light")],
)
def test_theme_refuses_colours_that_nobody_could_read(accent: str | None, sectors: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        check_colours(accent, sectors, "report.theme")


def test_theme_sector_is_bright_enough_on_a_dark_page() -> None:
    assert contrast(on_dark("#005500"), "#14171a") > 4.5


@pytest.mark.parametrize(
    ("data", "said"), [(b"<svg/>", "neither PNG nor JPEG"), (b"\x89PNG\r\n\x1a\n" + bytes(600_000), "bytes")]
)
def test_theme_refuses_what_is_no_logo(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "logo"
    path.write_bytes(data)
    with pytest.raises(UsageError, match=said):
        read_logo(path)


def test_fonts_refuse_a_file_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "font.ttf"
    path.write_bytes(b"no font")
    report = replace(sample_report(3), looks=Looks(fonts=(path,)))
    with pytest.raises(UsageError, match="is no font"):
        next(html.render(report))


def test_fonts_embed_a_further_one_for_the_letters_that_ours_lacks() -> None:
    report = replace(sample_report(12), looks=Looks(fonts=(dejavu(),)))
    found = [codes for _, _, codes in fonts.page_faces(report) if codes]
    assert len(found) == 1 and f"U+{ord('ش'):X}" in found[0].split(",")
    assert "U+41" not in found[0].split(",")
    assert "unicode-range:" in next(html.render(report)).data.decode()


def test_charts_are_drawn_once_for_all_formats(tmp_path: Path) -> None:
    report, told = replace(sample_report(3)), []
    where = Destination(str(tmp_path), tmp_path, io.BytesIO(), tell=lambda what, done: told.append((what, done)))
    write_outputs(report, ["html", "svg", "png"], where)
    drawn = [what for what, _ in told if ": " in what]
    assert drawn == [f"html: {plate.chart.name}" for plate in plates(report) if plate.chart.name != "coverage"] + [
        "svg: coverage"
    ]
    assert [what for what, _ in told if ": " not in what] == ["html", "svg", "png"]
    parts = [done for _, done in told]
    assert parts == sorted(parts) and parts[0] >= 0 and parts[-1] < 1


def test_charts_drawn_after_another_format_are_the_same_bytes() -> None:
    report, other = replace(sample_report(3)), replace(sample_report(3))
    assert b"".join(one.data for one in svg.render(report)) != b""
    assert [one.data for one in png.render(report)] == [one.data for one in png.render(other)]
