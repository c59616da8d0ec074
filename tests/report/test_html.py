from __future__ import annotations

import re
import statistics
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from socialbench.report.formats import html
from socialbench.report.tree import Report
from tests.report.hostile import NAMES, hostile_report
from tests.report.reading import Printed, ends, number
from tests.report.sample import sample_report
from tests.report.whole import whole_report

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DAY = rf"[0-3]?\d (?:{MONTHS}) \d{{4}}"
ALLOWED = re.compile(
    rf"{DAY}(?:, \d\d:\d\d)?|(?:{MONTHS}) \d{{4}}|95 %|\b(?:10 |15 |30 )?(?:1|2|24|6|12|72) ?h\b|\b(?:10|15|30|1) min\b"
    r"|1 (?:day|week)|7 days|\b(?:1|8) staffed h|[0-9a-f]{12,64}|socialbench \d\.\d\.\d|\b(?:24|72) hours|100 times"
)
"""Dates, the names of measures, the axes' marks, what the glossary says of measures, and what names the run."""
SHARE = re.compile(r"(?:answered_within_\w+|staffed_within_\w+|_rate|_share)(?:/bounds)?$")


def printed(page: str) -> Printed:
    reader = Printed()
    reader.feed(page)
    return reader


@pytest.fixture(scope="session")
def full_page() -> str:
    return next(html.render(whole_report())).data.decode()


def test_html_figures_resolve_in_the_json_and_print_its_values(report: Report, page: str) -> None:
    figures = printed(page).figures
    assert len(figures) > 1000
    for pointer, part, text in figures:
        check(report, pointer, part, text)


def test_html_figures_of_every_section_print_the_values_of_the_json(full_page: str) -> None:
    figures = printed(full_page).figures
    parts = {part.partition(" ")[0] for _, part, _ in figures}
    assert parts == {"", "places", "interval", "bounds", "key", "moment", "day", "period", "middle", "move"}
    for pointer, part, text in figures:
        check(whole_report(), pointer, part, text)


def check(report: Report, pointer: str, part: str, text: str) -> None:
    """Read what is printed back and hold it against the JSON, by another way than it was written."""
    text, found = text.replace("\u00a0", " "), report.resolve(pointer)
    if part == "places":
        assert text == f"({found['low']}–{found['high']})"
    elif part in ("interval", "bounds"):
        limits = found if part == "bounds" else (found["low"], found["high"])
        scale = 0.01 if SHARE.search(pointer) else 1
        for (value, off), limit in zip(ends(text), limits, strict=False):
            assert value * scale == pytest.approx(limit, abs=off * scale), (pointer, text)
    elif part == "key":
        assert pointer.rsplit("/", 1)[1].replace("~1", "/").replace("~0", "~") == text or text.endswith("…")
    elif part in ("moment", "day"):
        moment = datetime.fromisoformat(found)
        assert text == f"{moment.day} {moment:%B %Y}" + (f", {moment:%H:%M}" if part == "moment" else "")
    elif part == "move":
        assert int(text) == abs(found)
    elif part == "period":
        assert text == f"{datetime.fromisoformat(report.tree['period']['since']):%B %Y}"
    elif part.startswith("middle "):
        check_number(pointer, text, *middle_of(report, part.removeprefix("middle ")))
    else:
        value = found["value"] if isinstance(found, Mapping) else found
        check_number(pointer, text, value, isinstance(found, Mapping) and found.get("reached") is False)


def middle_of(report: Report, metric: str) -> tuple[float | None, bool]:
    """The median of the ranked brands' figures with times not reached above all, and whether it is not reached."""
    figures = [brand["metrics"][metric] for brand in report.tree["brands"] if brand["rank"] and metric in brand["metrics"]]
    values = [1e12 if figure.get("reached") is False else figure["value"] for figure in figures]
    value = statistics.median(value for value in values if value is not None)
    if metric.endswith("_count"):
        value = round(value)
    return (None, True) if value > 1e11 else (value, False)


def check_number(pointer: str, text: str, value: Any, not_reached: bool) -> None:
    if isinstance(value, str):
        assert text == value
    elif value is None:
        assert text == ("not reached" if not_reached else "–")
    else:
        read, off = number(text)
        hours = 1801 if text.endswith(" h") else 0
        assert read == pytest.approx(value, abs=max(off, hours)), (pointer, text)


@pytest.mark.parametrize("which", ["page", "full_page"])
def test_html_has_no_digit_without_a_pointer(which: str, request: pytest.FixtureRequest) -> None:
    outside = " ".join(printed(request.getfixturevalue(which)).outside).replace("\u00a0", " ")
    loose = ALLOWED.sub("", outside)
    assert not re.findall(r"\S*\d\S*", re.sub(r"Rule version, \S+ \S+\s+\d", "", loose))


def test_html_shows_hostile_names_as_text() -> None:
    page = next(html.render(hostile_report())).data.decode()
    tags = printed(page).tags
    assert tags.count("script") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7*7 }}" in page
    assert "\x00" not in page
    assert "\u202e" not in page
    assert NAMES[4] not in page


def test_html_allows_nothing_but_itself(page: str) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None
    assert policy[1].startswith("default-src &#39;none&#39;; style-src &#39;sha256-")
    assert "unsafe" not in policy[1]
    assert not re.findall(r'\b(?:src|href|action)="(?!#|data:,")', page)
    assert not re.findall(r"<[^>]* style=", page)


@pytest.mark.parametrize("which", ["page", "full_page"])
def test_html_ids_are_unique_and_links_lead_to_them(which: str, request: pytest.FixtureRequest) -> None:
    page = request.getfixturevalue(which)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)
    assert set(re.findall(r"url\(#([^)]+)\)", page)) <= set(ids)


def test_html_of_a_benchmark_without_a_ranked_brand_lists_all() -> None:
    from dataclasses import replace

    from socialbench.report.build import build_report
    from tests.report.sample import context, run_result

    run = replace(run_result(3), ranks={}, sector_curves={})
    page = next(html.render(build_report(run, context(run)))).data.decode()
    assert "No brand could be ranked." in page
    assert page.count('data-list="unranked"') == 3


def test_html_prints_the_reason_of_a_refused_figure_as_a_tip(page: str) -> None:
    assert 'title="answered-only sample: no rate can be made of it">–</span>' in page


def test_html_says_simulated_in_title_and_head() -> None:
    page = next(html.render(sample_report(3, simulated=True))).data.decode()
    assert "<title>SIMULATED: " in page
    assert 'role="note">SIMULATED: ' in page
