"""The deck, read back: the JSON's figures, native charts with their workbooks, notes, texts that keep to their boxes."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation

from socialbench.errors import UsageError
from socialbench.report.build import build_report
from socialbench.report.chart import Axis, Plot, Series, described
from socialbench.report.formats import pptx
from socialbench.report.tree import Looks, Report
from tests.report.decks import charts, datasheet, opened, outside, overflowing, tables, title_of
from tests.report.hostile import NAMES, hostile_report
from tests.report.reading import number
from tests.report.sample import context, run_result, sample_report


@pytest.fixture(scope="module")
def deck(report: Report) -> Any:
    return opened(report)


def notes(slide: Any) -> str:
    return str(slide.notes_slide.notes_text_frame.text) if slide.has_notes_slide else ""


def test_deck_is_wide_and_begins_with_what_it_is(deck: Any, report: Report) -> None:
    assert deck.slide_width / deck.slide_height == pytest.approx(16 / 9, abs=0.001)
    said = [shape.text_frame.text for shape in deck.slides[0].shapes if shape.has_text_frame]
    assert {"Service Index", "October 2026 · Europe/London", "26 of 30", "9 November 2026"} <= set(said)
    assert title_of(deck.slides[1]) == "Key figures"


def test_deck_ranks_as_the_json_does(deck: Any, report: Report) -> None:
    rows = [row for table in tables(deck, "Ranking") for row in table[1:]]
    assert len(rows) == 26
    head = tables(deck, "Ranking")[0][0]
    for row, (_, brand) in zip(rows, report.ranked, strict=True):
        cells = dict(zip(head, row, strict=True))
        rank, figures = brand["rank"], brand["metrics"]
        assert row[:2] == [rank["label"], f"({rank['low']}–{rank['high']})"]
        for title, metric in (
            ("Score", "expectation_score"),
            ("Within 24 h", "answered_within_24h"),
            ("Inbound", "inbound_count"),
        ):
            value, off = number(cells[title])
            assert value == pytest.approx(figures[metric]["value"], abs=off)
        reached = figures["median_latency_s"]["reached"]
        assert (cells["Median time"] == "not reached") is not reached


def test_deck_lists_those_not_ranked_with_their_reasons(deck: Any, report: Report) -> None:
    rows = [row for table in tables(deck, "Listed, not ranked") for row in table[1:]]
    assert [(row[0], row[2]) for row in rows] == [(brand["name"], brand["not_ranked_because"]) for _, brand in report.unranked]


def test_deck_says_only_findings_of_the_json(deck: Any, report: Report) -> None:
    said = {shape.text_frame.text for shape in deck.slides[1].shapes if shape.has_text_frame}
    assert {finding["text"] for finding in report.tree["findings"]} <= said


def test_deck_notes_define_the_figures_shown(deck: Any, report: Report) -> None:
    by_title = {title_of(slide): notes(slide) for slide in deck.slides}
    ranking = by_title["The ranking: 1 to 13 of 26"]
    for words in ("Score: 100 x the chance", "Within 24 h: Kaplan-Meier share", "Median time: Kaplan-Meier median", "95 %"):
        assert words in ranking
    for chart, _ in described(report):
        assert all(note in by_title[chart.title] for note in chart.notes), chart.name
    silent = [title_of(slide) for slide in list(deck.slides)[1:] if not notes(slide)]
    assert silent == []


def test_deck_has_each_chart_natively_or_as_a_described_picture(deck: Any, report: Report) -> None:
    native = {re.sub(r" \d+ to \d+$", "", name) for name, _ in charts(deck)}
    pictures = {shape.name: shape for slide in deck.slides for shape in slide.shapes if shape.shape_type == 13}
    for chart, _ in described(report):
        if chart.plot is not None:
            assert chart.name in native
        elif chart.name != "hours":
            alt = pictures[chart.name]._element.nvPicPr.cNvPr.get("descr")
            assert chart.alt in alt
            slide = next(slide for slide in deck.slides if title_of(slide) == chart.title)
            assert " | ".join(chart.columns) in notes(slide)


def test_deck_shows_hours_as_a_table_of_coloured_cells(deck: Any, report: Report) -> None:
    chart = next(chart for chart, _ in described(report) if chart.name == "hours")
    shape = next(shape for slide in deck.slides for shape in slide.shapes if shape.has_table and shape.name == "hours")
    cells = [list(row.cells) for row in shape.table.rows][1:]
    busiest = max(range(168), key=lambda hour: chart.rows[hour][4] or 0)
    emptiest = min(range(168), key=lambda hour: chart.rows[hour][4] or 0)
    dark, light = (cells[hour // 24][hour % 24 + 1] for hour in (busiest, emptiest))
    assert float(dark.text_frame.text) == pytest.approx(chart.rows[busiest][4], abs=0.51)
    assert str(dark.fill.fore_color.rgb) < str(light.fill.fore_color.rgb)


def test_native_bars_carry_the_figures_in_their_workbook(deck: Any, report: Report) -> None:
    rows = []
    for name, chart in charts(deck):
        if name.startswith("ranked-bars"):
            sheet = list(datasheet(chart).iter_rows(values_only=True))
            assert [row[1] for row in sheet[1:]] == list(chart.plots[0].series[0].values)
            rows += sheet[1:]
    figures = [brand["metrics"]["expectation_score"] for _, brand in report.ranked]
    assert [row[1] for row in rows] == [figure["value"] for figure in figures]
    for row, figure in zip(rows, figures, strict=True):
        assert row[1] - row[2] == pytest.approx(figure["low"])
        assert row[1] + row[3] == pytest.approx(figure["high"])


def test_native_bars_draw_their_intervals_from_the_workbook(deck: Any) -> None:
    chart = next(chart for name, chart in charts(deck) if name.startswith("ranked-bars"))
    bars = chart._chartSpace.findall(".//{*}errBars")
    assert len(bars) == 1
    refs = [ref.text for ref in bars[0].iter("{*}f")]
    count = len(list(chart.plots[0].categories))
    assert refs == [f"Sheet1!$D$2:$D${count + 1}", f"Sheet1!$C$2:$C${count + 1}"]


def test_native_bars_have_one_scale_on_all_their_pages() -> None:
    scales = {
        (chart.value_axis.minimum_scale, chart.value_axis.maximum_scale)
        for name, chart in charts(opened(sample_report(100)))
        if name.startswith("ranked-bars")
    }
    assert scales == {(0, 100)}


def test_native_curves_carry_their_points_on_a_logarithmic_axis(deck: Any, report: Report) -> None:
    plot = next(chart.plot for chart, _ in described(report) if chart.name == "time-to-answer")
    chart = next(chart for name, chart in charts(deck) if name == "time-to-answer")
    assert plot is not None
    assert chart._chartSpace.find(".//{*}logBase").get("val") == "10"
    sheet = [row[:2] for row in datasheet(chart).iter_rows(values_only=True)]
    first = plot.series[0]
    start = sheet.index((None, first.name)) + 1
    assert sheet[start : start + len(first.xs)] == list(zip(first.xs, first.ys, strict=True))
    labels = [text.text for text in chart._chartSpace.iter("{*}t")]
    assert {"10 min", "1 h", "2 h", "1 day", "1 week"} <= set(labels)


def test_native_slope_names_its_lines_and_turns_places_round(tmp_path: Path) -> None:
    from socialbench.report.deck.master import open_master
    from socialbench.report.deck.page import Box
    from socialbench.report.deck.scatter import add_slope

    master = open_master(None)
    slide = master.deck.slides.add_slide(master.plain)
    plot = Plot("slope", (Series("Acme", (3, 1)), Series("=1+1", (1, 2))), ("Before", "Now"), y=Axis("Place"))
    chart = add_slope(slide, Box(1, 1, 10, 5), plot).chart
    assert chart.value_axis.reverse_order
    assert list(datasheet(chart).iter_rows(values_only=True)) == [
        (None, "Acme", "=1+1"),
        ("Before", 3, 1),
        ("Now", 1, 2),
    ]
    assert {cell.data_type for row in datasheet(chart).iter_rows() for cell in row} <= {"s", "n"}


def test_deck_has_a_slide_per_industry_of_five_ranked_brands(deck: Any, report: Report) -> None:
    members = [brand["sector"] for _, brand in report.ranked]
    wanted = [sector["name"] for sector in report.tree["sectors"] if members.count(sector["name"]) >= 5]
    titles = [title_of(slide) for slide in deck.slides if " of the best third" in title_of(slide)]
    assert [title.split(":")[0] for title in titles] == wanted
    assert len(wanted) >= 3


@pytest.mark.parametrize("count", [3, 30, 100])
def test_deck_texts_keep_to_their_boxes(count: int) -> None:
    made = opened(sample_report(count, simulated=True))
    assert overflowing(made) == []
    assert outside(made) == []


def test_deck_of_hostile_names_keeps_to_its_boxes_and_is_all_text() -> None:
    data = next(pptx.render(hostile_report())).data
    made = Presentation(io.BytesIO(data))
    assert overflowing(made) == []
    assert outside(made) == []
    shown = [cell for table in tables(made, "Ranking") for row in table[1:] for cell in row]
    assert {NAMES[0], NAMES[1], NAMES[2]} <= set(shown)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        rels = "".join(package.read(name).decode() for name in package.namelist() if name.endswith(".rels"))
        assert all(part.isascii() and ".." not in part for part in package.namelist())
    assert "TargetMode" not in rels
    held = [cell for _, chart in charts(made) for row in datasheet(chart).iter_rows() for cell in row]
    assert not [cell.coordinate for cell in held if cell.data_type == "f" or cell.hyperlink]


def test_deck_slides_are_numbered_but_for_the_first(deck: Any) -> None:
    fields = [
        len(list(slide.element.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}fld"))) for slide in deck.slides
    ]
    assert fields[0] == 0
    assert set(fields[1:]) == {1}


def test_deck_says_simulated_and_provisional() -> None:
    run = replace(run_result(3), provisional=True)
    made = opened(build_report(run, context(run, simulated=True)))
    cover = " ".join(shape.text_frame.text for shape in made.slides[0].shapes if shape.has_text_frame)
    assert "SIMULATED" in cover
    assert "PROVISIONAL" in cover
    for slide in list(made.slides)[1:]:
        assert "SIMULATED · PROVISIONAL" in " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def test_deck_is_the_same_to_the_byte_and_names_no_present(report: Report) -> None:
    one, other = (next(pptx.render(report)).data for _ in range(2))
    assert one == other
    with zipfile.ZipFile(io.BytesIO(one)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = package.read("docProps/core.xml").decode()
        assert not [name for name in package.namelist() if "thumbnail" in name or "printerSettings" in name]
    assert set(re.findall(r"20\d\d-\d\d-\d\dT", core)) == {"2026-11-09T"}


def test_deck_with_nobody_ranked_says_so() -> None:
    run = replace(run_result(3), ranks={}, sectors={}, sector_curves={})
    titles = [title_of(slide) for slide in opened(build_report(run, context(run))).slides]
    assert "No brand could be ranked" in titles
    assert "Listed, not ranked" in titles


def company(path: Path, name: str = "Company") -> Path:
    """A company's deck: 4:3, one slide, its own master."""
    made = Presentation()
    made.slides.add_slide(made.slide_layouts[1]).shapes.title.text = "CONFIDENTIAL DRAFT"
    made.slide_layouts[5].name = name
    made.save(str(path))
    return path


def test_deck_takes_a_companys_master_and_none_of_its_slides(report: Report, tmp_path: Path) -> None:
    dressed = replace(report, looks=Looks(company(tmp_path / "brand.pptx")))
    data = next(pptx.render(dressed)).data
    made = Presentation(io.BytesIO(data))
    assert made.slide_width == Presentation().slide_width
    assert {slide.slide_layout.name for slide in list(made.slides)[1:]} == {"Company"}
    assert overflowing(made) == []
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert not any(b"CONFIDENTIAL" in package.read(name) for name in package.namelist())


@pytest.mark.parametrize("content", [b"", b"not a deck", b"PK\x03\x04broken"])
def test_deck_refuses_a_template_that_is_none(report: Report, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "brand.pptx"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"brand\.pptx: no deck can be made of it"):
        next(pptx.render(replace(report, looks=Looks(path))))


def test_deck_refuses_a_workbook_as_template(report: Report, tmp_path: Path) -> None:
    from openpyxl import Workbook

    path = tmp_path / "brand.pptx"
    Workbook().save(path)
    with pytest.raises(UsageError, match="no deck can be made of it"):
        next(pptx.render(replace(report, looks=Looks(path))))
