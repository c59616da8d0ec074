from __future__ import annotations

import re
from typing import Any

import pytest

from socialbench.report.formats import html
from socialbench.report.tree import Report
from tests.report.hostile import NAMES, hostile_report
from tests.report.reading import Printed, ends, number
from tests.report.sample import sample_report

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
ALLOWED = re.compile(
    r"95 %|\b(?:10 |15 |30 )?(?:1|2|24|6|12|72) ?h\b|\b(?:10|15|30|1) min\b|1 (?:day|week)|7 days|\d{4}|\d\d:\d\d"
    rf"|\b[0-3]?\d (?={MONTHS})|acct-\d+|[0-9a-f]{{12,64}}|socialbench \d\.\d\.\d"
)
SHARE = re.compile(r"(?:answered_within_\w+|_rate|_share)(?:/bounds)?$")


def printed(page: str) -> Printed:
    reader = Printed()
    reader.feed(page)
    return reader


def shown(found: Any) -> Any:
    return found["value"] if hasattr(found, "keys") and "value" in found else found


def test_html_figures_resolve_in_the_json_and_print_its_values(report: Report, page: str) -> None:
    figures = printed(page).figures
    assert len(figures) > 1000
    for pointer, part, text in figures:
        found = report.resolve(pointer)
        if part == "places":
            assert text == f"({found['low']}–{found['high']})"
        elif part:
            scale = 0.01 if SHARE.search(pointer) else 1
            limits = found if part == "bounds" else (found["low"], found["high"])
            for (value, off), limit in zip(ends(text), limits, strict=False):
                assert value * scale == pytest.approx(limit, abs=off * scale), (pointer, text)
        else:
            check(pointer, text, shown(found), found)


def check(pointer: str, text: str, value: Any, found: Any) -> None:
    if isinstance(value, str):
        assert text == value
    elif value is None:
        assert text == ("not reached" if found.get("reached") is False else "–")
    else:
        read, off = number(text)
        hours = 1801 if text.endswith(" h") else 0
        assert read == pytest.approx(value, abs=max(off, hours)), (pointer, text)


def test_html_has_no_digit_without_a_pointer(page: str) -> None:
    loose = ALLOWED.sub("", " ".join(printed(page).outside))
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


def test_html_ids_are_unique_and_links_lead_to_them(page: str) -> None:
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
