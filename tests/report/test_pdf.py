from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from pypdf import PdfReader

from socialbench.errors import UsageError
from socialbench.measure.metrics import registry
from socialbench.measure.result import BrandResult, Figure, Rank, RunResult, Slice
from socialbench.report import words
from socialbench.report.book.printing import TEXT_LIMIT
from socialbench.report.build import build_report
from socialbench.report.chart import described
from socialbench.report.formats import pdf
from socialbench.report.method import method_rows
from socialbench.report.profile import SCORECARD
from socialbench.report.tree import Report
from tests.report.hostile import NAMES, hostile_report
from tests.report.reading import ends, number
from tests.report.sample import context, run_result, sample_report

pytest.importorskip("typst", reason="the extra `pdf` is not installed")
PLATE = 700
"""Wider than this in points, a page lies on its side and holds a chart."""


class Pages(Sequence[str]):
    """The text of each page of a book, read when it is asked for: a page takes a tenth of a second."""

    def __init__(self, reader: PdfReader) -> None:
        self._reader = reader
        self._texts: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self._reader.pages)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        if not 0 <= place < len(self):
            raise IndexError(place)
        if (found := self._texts.get(place)) is None:
            found = self._texts[place] = flat(self._reader.pages[place].extract_text())
        return found


READ: dict[int, tuple[Report, PdfReader, Pages]] = {}
"""Books already set, by the report's identity; the report is kept so that its identity stays its own."""


def read(report: Report) -> tuple[Report, PdfReader, Pages]:
    if id(report) not in READ:
        reader = PdfReader(io.BytesIO(next(pdf.render(report)).data))
        READ[id(report)] = report, reader, Pages(reader)
    return READ[id(report)]


def printed(report: Report) -> PdfReader:
    return read(report)[1]


def flat(text: str) -> str:
    """Text without what typesetting puts in: hard spaces, breaks inside long words, ends of lines."""
    return " ".join(text.replace("\u200b", "").split())


def pages(report: Report) -> Pages:
    return read(report)[2]


def outline(report: Report) -> list[tuple[int, str, int]]:
    """The bookmarks: depth, title and page, counted from 0."""
    reader, found = printed(report), []

    def walk(entries: list[Any], depth: int) -> None:
        for entry in entries:
            if isinstance(entry, list):
                walk(entry, depth + 1)
            else:
                found.append((depth, flat(entry.title), reader.get_destination_page_number(entry)))

    walk(reader.outline, 1)
    return found


def sections(report: Report) -> list[str]:
    return [title for depth, title, _ in outline(report) if depth == 1]


def page_of(report: Report, title: str) -> int:
    return next(page for _, found, page in outline(report) if found == title)


def section(report: Report, title: str) -> str:
    """The text of a section, up to the next."""
    return " ".join(pages_of(report, title))


def pages_of(report: Report, title: str) -> list[str]:
    """The same, page by page."""
    starts = [(page, found) for depth, found, page in outline(report) if depth == 1]
    place = next(index for index, (_, found) in enumerate(starts) if found == title)
    last = starts[place + 1][0] if place + 1 < len(starts) else None
    found: list[str] = pages(report)[starts[place][0] : last]
    return found


@cache
def full_report() -> Report:
    """Twelve brands with all that a tree can hold: kinds, topics, roles, staffed hours, tiers, moves."""
    run = run_result(12)
    ranks = {name: replace(rank, tier=1 + (rank.value > 4), move=_move(rank)) for name, rank in run.ranks.items()}
    whole: RunResult = replace(run, brands=[_filled(brand) for brand in run.brands], ranks=ranks)
    return build_report(whole, context(whole))


def _move(rank: Rank) -> int | None:
    return {1: 3, 5: -2, 7: 0}.get(rank.value)


def _filled(brand: BrandResult) -> BrandResult:
    day, inbound = brand.metrics["answered_within_24h"], Figure(41)
    cut = Slice({"inbound_count": inbound, "answered_within_24h": day, "median_latency_s": brand.metrics["median_latency_s"]})
    reach = {"unanswered_reach": Figure(12_345)}
    return replace(
        brand,
        metrics={**brand.metrics, **reach},
        kinds=dict.fromkeys(("complaint", "question", "praise"), cut),
        topics={f"topic_{letter}": cut for letter in "abcdefgh"},
        roles={"brand": cut, "support": cut},
        variants={**brand.variants, "staffed": {"staffed_latency_s": Figure(5400.0, 3600.0, 7200.0, n=40)}},
    )


def test_pdf_has_its_sections_in_the_order_of_the_book(report: Report) -> None:
    assert sections(report) == [
        "Contents",
        "Key figures",
        "The ranking",
        "Listed, not ranked",
        "Charts",
        "Industries",
        "Networks and measures",
        "Other readings",
        "Brand profiles",
        "Method",
        "Coverage",
        "Glossary",
    ]


def test_pdf_contents_link_to_every_section_with_its_page(report: Report) -> None:
    reader = printed(report)
    listed = pages(report)[1]
    for depth, title, page in outline(report):
        if depth == 1 and title != "Contents":
            assert f"{title} {page + 1}" in listed
    notes = [note.get_object() for note in reader.pages[1]["/Annots"]]
    leads = {_target(reader, note["/Dest"] if "/Dest" in note else note["/A"]["/D"]) for note in notes}
    assert leads >= {page for depth, title, page in outline(report) if depth == 1 and title != "Contents"}


def _target(reader: PdfReader, place: Any) -> int:
    """The page, counted from 0, that a link leads to, by name or directly."""
    if isinstance(place, str):
        return reader.get_destination_page_number(reader.named_destinations[place])
    return reader.get_page_number(place.get_object()[0].get_object())


def test_pdf_gives_every_brand_a_page_of_its_own(report: Report) -> None:
    brands = [brand for _, brand in (*report.ranked, *report.unranked)]
    found = [(title, page) for depth, title, page in outline(report) if depth == 2 and page > page_of(report, "Brand profiles")]
    profiles = found[: len(brands)]
    assert [title for title, _ in profiles] == [flat(words.name(brand["name"])) for brand in brands]
    numbers = [page for _, page in profiles]
    assert numbers == list(range(numbers[0], numbers[0] + len(brands)))


def test_pdf_links_each_ranked_brand_to_its_profile(report: Report) -> None:
    reader = printed(report)
    first, last = page_of(report, "The ranking"), page_of(report, "Listed, not ranked")
    notes = [note.get_object() for page in reader.pages[first:last] for note in page.get("/Annots", [])]
    assert sum(note["/Subtype"] == "/Link" for note in notes) >= len(report.ranked)


def test_pdf_ranking_prints_the_figures_of_the_json(report: Report) -> None:
    text = section(report, "The ranking")
    for _, brand in report.ranked:
        rank, score, day = brand["rank"], brand["metrics"]["expectation_score"], brand["metrics"]["answered_within_24h"]
        assert f"{rank['label']} ({rank['low']}–{rank['high']})" in text
        found = re.findall(r"(\d+\.\d) (\d+\.\d–\d+\.\d)", text)
        assert any(_same(one, two, score, 1.0) for one, two in found), brand["name"]
        shares = re.findall(r"(\d+(?:\.\d+)? %) (\d+(?:\.\d+)?–\d+(?:\.\d+)?)", text)
        assert any(_same(one, two, day, 0.01) for one, two in shares), brand["name"]


def _same(value: str, span: str, figure: Any, scale: float) -> bool:
    read, off = number(value)
    limits = zip(ends(span), (figure["low"], figure["high"]), strict=True)
    near = all(abs(end * scale - limit) <= step * scale for (end, step), limit in limits)
    return abs(read - figure["value"]) <= off and near


def test_pdf_profiles_print_the_scorecard_of_the_json(report: Report) -> None:
    for _, brand in report.ranked[:5]:
        text = pages(report)[page_of(report, flat(words.name(brand["name"])))]
        for metric in SCORECARD:
            if metric in brand["metrics"]:
                assert f"{words.label(metric)} {words.figure(metric, brand['metrics'][metric])}" in text, (brand["name"], metric)


def test_pdf_lists_the_unranked_with_their_reasons(report: Report) -> None:
    text = section(report, "Listed, not ranked")
    assert len(report.unranked) == 4
    for _, brand in report.unranked:
        assert flat(f"{words.name(brand['name'])}") in text
        assert brand["not_ranked_because"] in text


def test_pdf_prints_no_stand_in_for_what_a_brand_has_not(report: Report) -> None:
    assert not [text for text in pages(report) if "(no name)" in text]


def test_pdf_method_says_every_rule_hash_and_version(report: Report) -> None:
    text = section(report, "Method")
    for row in method_rows(report):
        assert flat(row.text) in text, row.label
    assert "3f" * 32 in text
    assert "socialbench 0.1.0" in text


def test_pdf_coverage_tells_gaps(report: Report) -> None:
    assert section(report, "Coverage").count("13 October 2026, 00:00 to 15 October 2026, 00:00: cap") >= 8


def test_pdf_holds_every_chart_on_a_page_of_its_own(report: Report) -> None:
    charts = [chart for chart, _ in described(report)]
    first = page_of(report, "Charts")
    for place, chart in enumerate(charts):
        page = printed(report).pages[first + place]
        assert page.mediabox.width > PLATE
        assert flat(chart.alt)[:60] in pages(report)[first + place]
        assert len(page.get_contents().get_data()) > 3000
    assert printed(report).pages[first + len(charts)].mediabox.width < PLATE


def test_pdf_is_tagged_and_says_what_drawings_show(report: Report) -> None:
    root = printed(report).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or bool(root["/MarkInfo"]["/Marked"])
    assert root["/Lang"] == "en"
    assert "pdfuaid" in root["/Metadata"].get_object().get_data().decode()
    assert len(_alternatives(printed(report))) >= len(report.tree["brands"])


def _alternatives(reader: PdfReader) -> list[str]:
    objects = (reader.get_object(number) for number in range(1, len(reader.xref[0]) + len(reader.xref_objStm) + 1))
    return [found["/Alt"] for found in objects if isinstance(found, dict) and "/Alt" in found]


@pytest.mark.parametrize("count", [1, 3])
def test_pdf_of_few_brands_stands(count: int) -> None:
    report = sample_report(count)
    assert "Industries" not in sections(report)
    assert len([text for text in pages_of(report, "Brand profiles") if "Among the ranked" in text]) == count


def test_pdf_of_a_hundred_brands_repeats_the_ranking_head_on_every_page() -> None:
    report = sample_report(100)
    first, last = page_of(report, "The ranking"), page_of(report, "Listed, not ranked")
    assert last - first >= 4
    assert all("Rank Brand Score" in text for text in pages(report)[first:last])
    assert "Industries" in sections(report)
    assert len(pages(report)) > 120


def test_pdf_is_the_same_bytes_each_time() -> None:
    run = run_result(6)
    one, other = (next(pdf.render(build_report(run, context(run)))).data for _ in range(2))
    assert one == other
    assert b"20261109063000" in one.replace(b":", b"") or b"D:20261109063000" in one


def test_pdf_shows_hostile_names_as_text() -> None:
    report = hostile_report()
    text = " ".join(pages(report))
    for name in (NAMES[0], NAMES[1], NAMES[2], NAMES[6]):
        assert flat(words.name(name, 70)) in text
    assert "long" * (TEXT_LIMIT // 4) not in text.replace(" ", "")
    assert "\x00" not in text
    assert "7*7" in text
    root = printed(report).trailer["/Root"]
    assert "/OpenAction" not in root
    assert "/JavaScript" not in root.get("/Names", {})


def test_pdf_breaks_no_source_by_typst_markup_in_names() -> None:
    names = ['#import "/etc/passwd"', "#panic()", '"); #sys.inputs', "= heading $x$ <label> @ref"]
    run = run_result(len(names))
    brands = [replace(brand, name=name) for brand, name in zip(run.brands, names, strict=True)]
    ranks = dict(zip(names, run.ranks.values(), strict=True))
    text = " ".join(pages(build_report(replace(run, brands=brands, ranks=ranks), context(run))))
    assert all(name in text for name in names)


def test_pdf_names_letters_that_no_font_has_by_a_box_and_goes_on() -> None:
    run = run_result(3)
    brands = [replace(run.brands[0], name="東京鉄道"), *run.brands[1:]]
    ranks = {name.replace(run.brands[0].name, "東京鉄道"): rank for name, rank in run.ranks.items()}
    report = build_report(replace(run, brands=brands, ranks=ranks), context(run))
    assert len(pages(report)) > 10


def test_pdf_leaves_out_what_the_tree_does_not_hold(report: Report) -> None:
    assert not {"What customers ask", "Trends"} & set(sections(report))


def test_pdf_prints_kinds_topics_roles_and_staffed_hours() -> None:
    report = full_report()
    asked, compared = section(report, "What customers ask"), section(report, "Other readings")
    assert all(part in asked for part in ("Complaint", "Question", "Praise", "Topic a", "Topic h", "Topics, continued"))
    assert "12,345" in asked
    assert "Help handle against brand handle" in compared
    assert "Calendar time against staffed hours" in compared
    assert "1 h 30" in compared


def test_pdf_prints_tiers_and_moves() -> None:
    report = full_report()
    ranking, trends = section(report, "The ranking"), section(report, "Trends")
    assert ranking.index("Tier 1") < ranking.index("Tier 2")
    assert "▲ 3" in ranking
    assert "▼ 2" in ranking
    moved = [brand["name"] for _, brand in report.ranked if brand["rank"]["move"]]
    assert len(moved) == 2
    assert {word for name in moved for word in name.split()} <= set(trends.split())
    assert trends.index("▲ 3") < trends.index("▼ 2")


def test_pdf_industry_cards_hold_the_shares_of_the_json() -> None:
    report = sample_report(100)
    text = section(report, "Industries")
    for sector in report.tree["sectors"]:
        assert words.share(sector["share_of_top_third"], 0.1) in text
        assert sector["name"] in text


def test_pdf_is_marked_on_every_page_when_simulated() -> None:
    report = sample_report(3, simulated=True)
    assert all("SIMULATED" in text for text in pages(report))
    assert not any("SIMULATED" in text for text in pages(sample_report(3)))


def test_pdf_of_a_benchmark_without_a_ranked_brand_lists_all() -> None:
    run = replace(run_result(3), ranks={}, sector_curves={})
    report = build_report(run, context(run))
    assert "No brand could be ranked." in section(report, "The ranking")
    assert all(brand["name"] in section(report, "Listed, not ranked") for brand in report.tree["brands"])


def test_pdf_of_nothing_read_stands() -> None:
    run = replace(run_result(1), brands=[], ranks={}, sectors={}, sector_curves={}, since_at=None, until_at=None, cut_off=None)
    report = build_report(run, context(run))
    assert "all that was read" in pages(report)[0]


def test_pdf_without_typst_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['typst'] = None\n"
        "from socialbench.errors import UsageError\n"
        "from socialbench.report.book.press import print_book\n"
        "try:\n    print_book({}, None)\n"
        "except UsageError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "pdf needs typst, which is not installed: pip install 'socialbench[pdf]'\n"
    assert UsageError.exit_code == 2


def test_pdf_glossary_says_what_the_report_defines() -> None:
    report = sample_report(12)
    printed_there = re.sub(r"\W", "", section(report, "Glossary"))
    metrics = {metric for brand in report.tree["brands"] for metric in brand["metrics"]}
    assert {"expectation_score", "median_latency_s"} <= metrics
    for metric in metrics:
        assert re.sub(r"\W", "", words.label(metric) + registry()[metric].definition) in printed_there


def test_pdf_shortened_keeps_every_brand_its_page() -> None:
    report = replace(sample_report(12), top=2)
    assert section(report, "The ranking").count("p. ") == 2
    assert len([text for text in pages_of(report, "Brand profiles") if "Among the ranked" in text]) == 12
