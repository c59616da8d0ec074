from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from socialbench.report import fonts
from socialbench.report.chart import chart_modules, described
from socialbench.report.colours import SECTOR_HUES, sector_colours
from socialbench.report.curves import thin
from socialbench.report.drawing import DPI, HEIGHT, WIDTH, fit, text_width, to_png, to_svg
from socialbench.report.tree import Report
from tests.report.hostile import hostile_report
from tests.report.sample import LONG_NAME, RTL_NAME, sample_report


def drawn(report: Report) -> list[Any]:
    return [(chart, module.draw(chart)) for chart, module in described(report)]


def test_charts_are_described_in_the_order_of_the_report(report: Report) -> None:
    assert [chart.name for chart, _ in described(report)] == ["ranked-bars", "answered-within", "time-to-answer"]
    assert len(chart_modules()) == 3


@pytest.mark.parametrize("count", [1, 100])
def test_charts_fill_a_slide(count: int) -> None:
    for _, figure in drawn(sample_report(count)):
        size = Image.open(io.BytesIO(to_png(figure))).size
        assert size == (int(WIDTH * DPI), int(HEIGHT * DPI))


@pytest.mark.parametrize("count", [3, 30, 100])
def test_charts_write_no_label_over_another_or_beyond_the_page(count: int) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    for chart, figure in drawn(sample_report(count)):
        renderer = FigureCanvasAgg(figure).get_renderer()
        texts = [*figure.texts, *(text for axes in figure.axes for text in axes.texts)]
        boxes = [text.get_window_extent(renderer) for text in texts if text.get_text().strip()]
        page = figure.bbox
        assert all(box.x0 >= 0 and box.x1 <= page.x1 and box.y0 >= 0 and box.y1 <= page.y1 for box in boxes), chart.name
        shrunk = [box.shrunk(0.98, 0.7) for box in boxes]
        touching = [(i, j) for i, one in enumerate(shrunk) for j in range(i) if one.overlaps(shrunk[j])]
        assert not touching, (chart.name, [[texts[k].get_text() for k in pair] for pair in touching[:3]])


def test_charts_are_the_same_bytes_each_time() -> None:
    for (_, one), (_, other) in zip(drawn(sample_report(3)), drawn(sample_report(3)), strict=True):
        assert to_svg(one) == to_svg(other)
        assert to_png(one) == to_png(other)


def test_charts_draw_hostile_names_as_shapes() -> None:
    for _, figure in drawn(hostile_report()):
        drawing = to_svg(figure)
        assert "<script" not in drawing.replace("<!--", "")
        assert "\x00" not in drawing
        to_png(figure)


def test_chart_rows_are_the_figures_of_the_report(report: Report) -> None:
    chart = next(chart for chart, _ in described(report))
    assert [row[3] for row in chart.rows] == [brand["name"] for _, brand in report.ranked]
    assert [row[5] for row in chart.rows] == [brand["metrics"]["expectation_score"]["value"] for _, brand in report.ranked]


def test_chart_feet_give_n_and_period(report: Report) -> None:
    for chart, _ in described(report):
        assert chart.foot.startswith("n = 26 ranked brands")
        assert "October 2026 (Europe/London)" in chart.foot


@pytest.mark.parametrize("name", [LONG_NAME, RTL_NAME, "W" * 10_000, "$x^2$"])
def test_labels_are_cut_to_their_room(name: str) -> None:
    cut = fit(name, 12, 1.0)
    assert text_width(cut, 12) <= 1.0
    assert cut == name or cut.endswith("…")


def test_sector_colours_hang_on_names_and_not_on_order() -> None:
    names = ["Banking", "Retail", "Travel", "Telecoms", "Energy", "Media"]
    assert sector_colours(names) == sector_colours(reversed(names))
    assert len(set(sector_colours(names).values())) == len(names)
    many = sector_colours(f"Sector {number}" for number in range(40))
    assert set(many.values()) == set(SECTOR_HUES)


def test_thinned_curve_keeps_its_end_and_every_share_true() -> None:
    curve = [(float(second), second / 100_000, None, None) for second in range(1, 90_000)]
    kept = thin(curve)
    assert len(kept) <= 61
    assert kept[-1] == curve[-1]
    assert set(kept) <= set(curve)


def test_letters_that_no_font_has_are_found() -> None:
    assert fonts.missing_letters(["Ænglish Ελλάς Привет", RTL_NAME]) == []
    assert fonts.missing_letters(["東京", "Tokyo"]) == ["京", "東"]
