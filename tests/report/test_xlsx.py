"""The workbook, read back by another library: the JSON's figures, texts that stay texts, the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from socialbench.report.formats import xlsx
from socialbench.report.tree import Report
from tests.report.hostile import NAMES, hostile_report
from tests.report.sample import sample_report

SHEETS = ["ranking", "sectors", "metrics", "networks", "coverage", "left out", "method", "charts", "chart data"]
HEAD = 4


def opened(report: Report) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(next(xlsx.render(report)).data))


def records(sheet: Worksheet) -> list[dict[str, Any]]:
    rows = list(sheet.iter_rows(min_row=HEAD, values_only=True))
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


@pytest.fixture(scope="module")
def book(report: Report) -> openpyxl.Workbook:
    return opened(report)


def test_xlsx_has_its_sheets_whatever_the_input(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == SHEETS == opened(hostile_report()).sheetnames


def test_xlsx_holds_every_figure_of_the_json(book: openpyxl.Workbook, tree: dict[str, Any]) -> None:
    rows = {(row["Brand"], row["Slice"], row["Of"] or "", row["Metric"]): row for row in records(book["metrics"])}
    wanted = {
        (brand["name"], kind, of, metric): figure
        for brand in tree["brands"]
        for kind, of, metrics in [
            ("all", "", brand["metrics"]),
            *(("variant", name, metrics) for name, metrics in brand["variants"].items()),
            *(("network", name, part["metrics"]) for name, part in brand["networks"].items()),
            *(("week", name, part["metrics"]) for name, part in brand["weeks"].items()),
        ]
        for metric, figure in metrics.items()
    }
    assert set(rows) == set(wanted)
    for key, figure in wanted.items():
        for column, part in (("Value", "value"), ("Low", "low"), ("High", "high"), ("n", "n"), ("Refused", "refused")):
            assert rows[key][column] == figure.get(part), (key, part)
        assert [rows[key]["Bound, low"], rows[key]["Bound, high"]] == (figure.get("bounds") or [None, None])


def test_xlsx_ranking_is_the_ranking_of_the_json(book: openpyxl.Workbook, tree: dict[str, Any]) -> None:
    rows = records(book["ranking"])
    ranked = sorted((b for b in tree["brands"] if b["rank"]), key=lambda b: (b["rank"]["value"], b["name"]))
    assert [row["Brand"] for row in rows[: len(ranked)]] == [brand["name"] for brand in ranked]
    for row, brand in zip(rows, ranked, strict=False):
        figures = brand["metrics"]
        assert (row["Rank"], row["Place, low"], row["Place, high"]) == tuple(brand["rank"][k] for k in ("value", "low", "high"))
        assert row["Score (0 to 100)"] == figures["expectation_score"]["value"]
        assert row["Within 24 h, low"] == figures["answered_within_24h"]["low"]
        assert row["Median time (s)"] == figures["median_latency_s"]["value"]
    assert {row["Brand"]: row["Not ranked because"] for row in rows[len(ranked) :]} == {
        brand["name"]: brand["not_ranked_because"] for brand in tree["brands"] if not brand["rank"]
    }


def test_xlsx_numbers_wear_their_units(book: openpyxl.Workbook) -> None:
    sheet = book["ranking"]
    looks = {str(cell.value): sheet.cell(HEAD + 1, cell.column).number_format for cell in sheet[HEAD]}
    assert looks["Score (0 to 100)"] == "0.0"
    assert looks["Within 24 h (share)"] == "0.0%"
    assert looks["Median time (h:mm:ss)"] == "[h]:mm:ss"
    assert looks["Inbound (count)"] == "#,##0"


def test_xlsx_clock_beside_a_time_is_the_time_in_days(book: openpyxl.Workbook) -> None:
    from datetime import timedelta

    timed = [row for row in records(book["ranking"]) if row["Median time (s)"] is not None]
    assert timed
    for row in timed:
        clock = row["Median time (h:mm:ss)"]
        assert isinstance(clock, timedelta)
        assert clock.total_seconds() == pytest.approx(row["Median time (s)"], abs=0.51)


def test_xlsx_heads_stay_and_columns_filter(book: openpyxl.Workbook) -> None:
    for name in SHEETS[:7]:
        assert book[name].freeze_panes == f"B{HEAD + 1}", name
        assert str(book[name].auto_filter.ref).startswith(f"A{HEAD}:"), name
        assert all((book[name].column_dimensions[letter].width or 0) >= 6 for letter in "ABC"), name


def test_xlsx_coverage_lists_every_interval_and_gap(book: openpyxl.Workbook, tree: dict[str, Any]) -> None:
    rows = records(book["coverage"])
    assert sum(row["What"] == "read" for row in rows) == sum(len(row["intervals"]) for row in tree["coverage"])
    gaps = [(row["Since"], row["Until"], row["Reason of a gap"]) for row in rows if row["What"] == "gap"]
    assert gaps == [tuple(gap) for row in tree["coverage"] for gap in row["gaps"]]


def test_xlsx_left_out_counts_are_those_of_the_json(book: openpyxl.Workbook, tree: dict[str, Any]) -> None:
    for row, brand in zip(records(book["left out"]), tree["brands"], strict=True):
        assert {reason: row[reason] for reason in brand["left_out"]} == brand["left_out"]


def test_xlsx_charts_point_at_their_data(report: Report) -> None:
    from socialbench.report.chart import described

    data = next(xlsx.render(report)).data
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        charts = [package.read(name).decode() for name in package.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]
    plots = [chart.plot for chart, _ in described(report) if chart.plot]
    assert len(charts) == len(plots) > 2
    sheet = opened(report)["chart data"]
    for xml, plot in zip(charts, plots, strict=True):
        refs = re.findall(r"<c:(?:val|yVal)><c:numRef><c:f>'chart data'!\$(\w+)\$(\d+):\$\w+\$(\d+)</c:f>", xml)
        assert len(refs) == len(plot.series)
        for (column, first, last), series in zip(refs, plot.series, strict=True):
            held = [sheet[f"{column}{row}"].value for row in range(int(first), int(last) + 1)]
            assert held == [pytest.approx(y) if y is not None else None for y in series.ys]


def test_xlsx_takes_hostile_names_as_text() -> None:
    book = opened(hostile_report())
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert not [cell.coordinate for cell in cells if cell.hyperlink]
    texts = {cell.value for cell in cells if isinstance(cell.value, str)}
    assert {NAMES[0], NAMES[1], NAMES[2]} <= texts
    assert not [text for text in texts if any(ord(letter) < 32 for letter in text)]


def test_xlsx_of_hostile_names_has_no_formula_in_its_charts() -> None:
    with zipfile.ZipFile(io.BytesIO(next(xlsx.render(hostile_report())).data)) as package:
        xml = "".join(package.read(name).decode() for name in package.namelist() if name.endswith(".xml"))
        assert not [name for name in package.namelist() if "externalLink" in name]
    assert "<f>" not in xml
    assert set(re.findall(r"<c:f>([^<]*?)!", xml)) == {"'chart data'"}


def test_xlsx_says_simulated_on_every_sheet() -> None:
    book = opened(sample_report(9, simulated=True))
    assert all("SIMULATED" in str(book[name]["A2"].value) for name in SHEETS)


def test_xlsx_is_the_same_to_the_byte_and_names_no_present(report: Report) -> None:
    one, other = (next(xlsx.render(report)).data for _ in range(2))
    assert one == other
    with zipfile.ZipFile(io.BytesIO(one)) as package:
        assert {entry.date_time[0] for entry in package.infolist()} == {1980}
        assert "2026-11-09T06:30:00Z" in package.read("docProps/core.xml").decode()


def test_xlsx_opens_with_nobody_ranked() -> None:
    from dataclasses import replace

    from socialbench.report.build import build_report
    from tests.report.sample import context, run_result

    run = replace(run_result(3), ranks={}, sectors={}, sector_curves={})
    book = opened(build_report(run, context(run, coverage=())))
    assert [row["Rank"] for row in records(book["ranking"])] == [None] * 3
