from __future__ import annotations

import io
from itertools import pairwise
from typing import Any

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.lines import Line2D
from PIL import Image

from socialbench.report import fonts
from socialbench.report.chart import Chart, described
from socialbench.report.colours import BANDS, CELL_INK, CELL_PAPER, RAMP, SECTOR_HUES, sector_colours
from socialbench.report.curves import thin
from socialbench.report.drawing import DPI, HEIGHT, WIDTH, fit, text_width, to_png, to_svg
from socialbench.report.formats import html
from socialbench.report.tree import Report
from tests.report.hostile import hostile_report
from tests.report.sample import LONG_NAME, RTL_NAME, sample_report
from tests.report.told_apart import changed, full_report

ORDER = [
    "ranked-bars",
    "rank-intervals",
    "answered-within",
    "time-to-answer",
    "time-by-network",
    "latency",
    "rate-against-volume",
    "topics-kinds",
    "hours",
    "rank-moves",
    "coverage",
]
UNTOLD = {"topics-kinds", "rank-moves"}
"""Charts of which the plain sample has nothing to show."""


def drawn(report: Report) -> list[tuple[Chart, Any]]:
    return [(chart, module.draw(chart)) for chart, module in described(report)]


def texts_of(figure: Any) -> list[Any]:
    texts = [*figure.texts, *(text for axes in figure.axes for text in axes.texts)]
    return [text for text in texts if text.get_text().strip()]


def renderer_of(figure: Any) -> Any:
    canvas: Any = FigureCanvasAgg(figure)
    return canvas.get_renderer()


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_charts_are_described_in_the_order_of_the_report(report: Report) -> None:
    assert [chart.name for chart, _ in described(full_report())] == ORDER
    assert [chart.name for chart, _ in described(report)] == [name for name in ORDER if name not in UNTOLD]


@pytest.mark.parametrize("count", [1, 100])
def test_charts_fill_a_slide(count: int) -> None:
    for chart, figure in drawn(full_report(count)):
        size = Image.open(io.BytesIO(to_png(figure))).size
        assert size == (int(WIDTH * DPI), int(HEIGHT * DPI)), chart.name


@pytest.mark.parametrize("report", [*map(full_report, (1, 3, 30, 100)), hostile_report()], ids=["1", "3", "30", "100", "hostile"])
def test_charts_write_no_label_over_another_or_beyond_the_page(report: Report) -> None:
    for chart, figure in drawn(report):
        renderer = renderer_of(figure)
        texts = texts_of(figure)
        boxes = [text.get_window_extent(renderer) for text in texts]
        page = figure.bbox
        off = [
            text.get_text()
            for text, box in zip(texts, boxes, strict=True)
            if box.x0 < 0 or box.x1 > page.x1 or box.y0 < 0 or box.y1 > page.y1
        ]
        assert not off, (chart.name, off)
        shrunk = [box.shrunk(0.98, 0.7) for box in boxes]
        touching = [(i, j) for i, one in enumerate(shrunk) for j in range(i) if one.overlaps(shrunk[j])]
        assert not touching, (chart.name, [[texts[k].get_text() for k in pair] for pair in touching[:3]])


@pytest.mark.parametrize("count", [3, 30, 100])
def test_scattered_names_cover_no_dot(count: int) -> None:
    chart, figure = next((chart, figure) for chart, figure in drawn(full_report(count)) if chart.name == "rate-against-volume")
    renderer = renderer_of(figure)
    axes = figure.axes[0]
    names = {fit(row[1], 11.5, 2.2) for row in chart.rows}
    boxes = [text.get_window_extent(renderer).shrunk(0.98, 0.6) for text in axes.texts if text.get_text() in names]
    dots: list[Any] = [line for line in axes.get_children() if isinstance(line, Line2D) and line.get_marker() == "o"]
    places = [axes.transData.transform((dot.get_xdata()[0], dot.get_ydata()[0])) for dot in dots]
    assert len(boxes) >= min(3, count)
    assert len(dots) >= len(chart.rows)
    assert not [box for box in boxes for x, y in places if box.contains(x, y)]


def test_charts_are_the_same_bytes_each_time() -> None:
    for (_, one), (_, other) in zip(drawn(full_report(3)), drawn(full_report(3)), strict=True):
        assert to_svg(one) == to_svg(other)
        assert to_png(one) == to_png(other)


def test_charts_draw_hostile_names_as_shapes() -> None:
    for _, figure in drawn(hostile_report()):
        drawing = to_svg(figure)
        assert "<script" not in drawing.replace("<!--", "")
        assert "\x00" not in drawing
        to_png(figure)


def test_charts_keep_the_order_of_a_sentence_that_begins_with_a_right_to_left_name() -> None:
    def rename(tree: dict[str, Any]) -> None:
        for brand in tree["brands"]:
            if brand["rank"] and brand["rank"]["value"] > 1:
                brand["rank"] |= {"low": 2}
        leader = next(brand for brand in tree["brands"] if brand["rank"] and brand["rank"]["value"] == 1)
        leader["name"], leader["rank"]["high"] = RTL_NAME, 1

    figure = drawn(changed(sample_report(3), rename))[0][1]
    written = [text.get_text() for text in texts_of(figure)]
    assert f"\u200e{RTL_NAME} stands first with 25.6, and could hold no other place" in written
    assert RTL_NAME in written


def test_chart_feet_give_n_and_period() -> None:
    for chart, _ in described(full_report()):
        assert chart.foot.startswith("n = "), chart.name
        assert "October 2026 (Europe/London)" in chart.foot


def test_charts_say_what_they_show_in_notes_and_alternative_texts() -> None:
    for chart, _ in described(full_report()):
        assert chart.notes, chart.name
        assert all(note.endswith(".") and 30 < len(note) < 260 for note in (*chart.notes, chart.alt)), chart.name
        assert all(len(row) == len(chart.columns) for row in chart.rows)


@pytest.mark.parametrize("name", [LONG_NAME, RTL_NAME, "W" * 10_000, "$x^2$"])
def test_labels_are_cut_to_their_room(name: str) -> None:
    cut = fit(name, 12, 1.0)
    assert text_width(cut, 12) <= 1.0
    assert cut == name or cut.endswith("…")


def test_a_title_longer_than_two_lines_is_cut_and_says_so() -> None:
    def rename(tree: dict[str, Any]) -> None:
        tree["brands"][0]["name"] = "W" * 300

    chart, figure = drawn(changed(sample_report(1), rename))[0]
    assert len(chart.title) < 120
    lines = [text.get_text() for text in figure.texts][:3]
    assert any(line.endswith("…") for line in lines)


def test_sector_colours_hang_on_names_and_not_on_order() -> None:
    names = ["Banking", "Retail", "Travel", "Telecoms", "Energy", "Media"]
    assert sector_colours(names) == sector_colours(reversed(names))
    assert len(set(sector_colours(names).values())) == len(names)
    many = sector_colours(f"Sector {number}" for number in range(40))
    assert set(many.values()) == set(SECTOR_HUES)


@pytest.mark.parametrize("colours", [RAMP, tuple(reversed(BANDS))])
def test_colours_from_few_to_many_are_told_apart_in_grey(colours: tuple[str, ...]) -> None:
    steps = [luminance(colour) for colour in colours]
    assert all(contrast(one, other) >= 1.14 for one, other in pairwise(colours))
    assert steps == sorted(steps, reverse=True)


def test_shades_of_cells_are_no_colours_that_a_dark_page_turns_light() -> None:
    style = (html.PAGE / "page.css").read_text("utf-8")
    assert BANDS[0] in style
    assert not [colour for colour in (*RAMP, CELL_INK, CELL_PAPER) if f'"{colour}"' in style]


def test_numbers_in_cells_can_be_read_on_every_shade() -> None:
    from socialbench.report.charts.hours import DARK_FROM

    for level, colour in enumerate(RAMP):
        assert contrast(CELL_PAPER if level >= DARK_FROM else CELL_INK, colour) >= 4.4


def test_thinned_curve_keeps_its_end_and_every_share_true() -> None:
    curve = [(float(second), second / 100_000, None, None) for second in range(1, 90_000)]
    kept = thin(curve)
    assert len(kept) <= 61
    assert kept[-1] == curve[-1]
    assert set(kept) <= set(curve)


def test_letters_that_no_font_has_are_found() -> None:
    assert fonts.missing_letters(["Ænglish Ελλάς Привет", RTL_NAME]) == []
    assert fonts.missing_letters(["東京", "Tokyo"]) == ["京", "東"]


def test_a_report_with_letters_that_no_font_has_is_told_of_in_one_line() -> None:
    def rename(tree: dict[str, Any]) -> None:
        tree["brands"][1]["name"] = "東京 Rail"

    assert fonts.missing_in(sample_report(30)) is None
    told = fonts.missing_in(changed(sample_report(3), rename))
    assert told == "charts: no font here has the letters 京 東 (in '東京 Rail'); name a font that has them in report.fonts"
