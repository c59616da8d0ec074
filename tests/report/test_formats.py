from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest

from socialbench.measure.result import Figure, Rank, RunResult
from socialbench.report.build import build_report
from socialbench.report.formats import csv as csv_format
from socialbench.report.formats import md
from socialbench.report.output import Output, format_names, load_format
from socialbench.report.tree import Report
from tests.report.hostile import hostile_report
from tests.report.sample import context, run_result, sample_report

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def rendered(report: Report, name: str) -> list[Output]:
    return list(load_format(name).render(report))


@pytest.mark.parametrize("name", format_names())
def test_format_gives_the_same_bytes_for_the_same_report(name: str) -> None:
    run = run_result(12)
    one, other = (build_report(run, context(run)) for _ in range(2))
    assert list(load_format(name).render(one)) == list(load_format(name).render(other))


@pytest.mark.parametrize("name", format_names())
def test_format_names_no_file_after_the_input(name: str) -> None:
    names = {output.name for output in rendered(hostile_report(), name)}
    assert names == {output.name for output in rendered(sample_report(9), name)}
    assert all(part.isascii() and "/" not in part and not part.startswith(".") for part in names)


@pytest.mark.parametrize("name", ["terminal", "html", "md", "json", "csv"])
def test_format_says_simulated(name: str) -> None:
    marked, plain = (rendered(sample_report(9, simulated=state), name) for state in (True, False))
    said = b'"simulated": true' if name == "json" else b"SIMULATED"
    assert all(said in output.data for output in marked)
    assert not any(said in output.data for output in plain)


@pytest.mark.parametrize("name", ["png", "svg"])
def test_drawing_says_simulated(name: str) -> None:
    marked, plain = (rendered(sample_report(3, simulated=state), name) for state in (True, False))
    assert all(one.data != other.data for one, other in zip(marked, plain, strict=True))
    assert all(b"SIMULATED" in output.data for output in marked if output.name.endswith(".csv"))


@pytest.mark.parametrize("name", ["terminal", "html", "md"])
def test_format_is_headed_provisional(name: str) -> None:
    run = replace(run_result(3), provisional=True)
    assert b"PROVISIONAL" in rendered(build_report(run, context(run)), name)[0].data


def answered_only() -> Report:
    """Two brands known by answered messages alone, ranked on the median of those."""
    run = run_result(2)
    why = "answered-only sample"
    brands = [
        replace(
            brand,
            metrics={
                "inbound_count": Figure(60.0),
                "answered_count": Figure(60.0),
                "answered_median_s": Figure(seconds, seconds * 0.9, seconds * 1.1, n=60),
                "expectation_score": Figure(None, refused=why),
                "answered_within_24h": Figure(None, refused=why),
            },
            curve=(),
        )
        for brand, seconds in zip(run.brands, (573.0, 577.4), strict=True)
    ]
    ranks = {brand.name: Rank(place, 1, 2, str(place)) for place, brand in enumerate(brands, 1)}
    made = RunResult(brands, ranks, "answered_median_s", run.cut_off, run.since_at, run.until_at, False)
    return build_report(made, context(made))


@pytest.mark.parametrize("name", ["terminal", "html", "md"])
def test_format_says_when_it_ranks_on_the_median_of_the_answered(name: str) -> None:
    text = rendered(answered_only(), name)[0].data.decode()
    head = text.index("Ranked on answered_median_s" if name != "md" else "Ranked on answered\\_median\\_s")
    assert head < text.index("9.6 min")


def test_drawings_of_an_answered_only_benchmark_show_no_rate() -> None:
    names = {output.name for output in rendered(answered_only(), "png")}
    assert {"ranked-bars.png", "ranked-bars.csv", "hours.png", "coverage.png"} <= names
    rates = ("answered-within", "time-to-answer", "latency", "rate-against-volume")
    assert not {name for name in names if name.startswith(rates)}


def test_csv_opens_in_another_reader_with_the_figures_of_the_json(report: Report) -> None:
    frame = pd.read_csv(io.BytesIO(rendered(report, "csv")[0].data))
    assert len(frame) == 30
    for row in frame.itertuples():
        brand = next(brand for brand in report.tree["brands"] if brand["name"] == row.brand)
        assert row.inbound_count == brand["metrics"]["inbound_count"]["value"]
        if brand["rank"]:
            assert row.rank == brand["rank"]["value"]
            assert row.expectation_score_low == brand["metrics"]["expectation_score"]["low"]
        else:
            assert row.not_ranked_because == brand["not_ranked_because"]


def test_csv_long_form_has_every_figure_of_every_slice(report: Report) -> None:
    frame = pd.read_csv(io.BytesIO(rendered(report, "csv")[1].data), keep_default_na=False)
    brand = report.tree["brands"][0]
    mine = frame[frame["brand"] == brand["name"]]
    assert set(zip(mine["slice"], mine["of"], strict=True)) >= {("all", ""), ("network", "x"), ("week", "2026-W41")}
    assert sum(mine["slice"] == "all") == len(brand["metrics"])


@pytest.mark.parametrize("name", ["csv", "png"])
def test_csv_cells_are_never_formulas(name: str) -> None:
    tables = [output.data.decode() for output in rendered(hostile_report(), name) if output.name.endswith(".csv")]
    cells = [cell for table in tables for row in csv.reader(io.StringIO(table, newline="")) for cell in row]
    assert not [cell for cell in cells if cell.startswith(FORMULA)]
    assert any(cell.startswith("'=cmd|") for cell in cells)


def test_csv_pasted_into_a_workbook_holds_no_formula() -> None:
    sheet = openpyxl.Workbook().active
    assert sheet is not None
    for row in csv.reader(io.StringIO(rendered(hostile_report(), "csv")[0].data.decode(), newline="")):
        sheet.append([cell.replace("\x1b", "") for cell in row])
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_csv_leaves_negative_numbers_numbers() -> None:
    assert csv_format.csv_bytes(("a",), [(-1.5,)]) == b"a\n-1.5\n"


def test_md_shows_hostile_names_as_text() -> None:
    text = rendered(hostile_report(), "md")[0].data.decode()
    assert "<" not in text.replace("\\<", "")
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        assert len({line.replace("\\|", "").count("|") for line in table.splitlines()}) == 1


def test_md_ranking_prints_no_bare_rank(report: Report) -> None:
    ranking = next(md.render(report)).data.decode().split("## The ranking")[1].split("##")[0]
    places = [line.split("|")[1].strip() for line in ranking.splitlines() if line.startswith("| ")][2:]
    assert len(places) == 26
    assert all(place.endswith(")") and "(" in place for place in places)
