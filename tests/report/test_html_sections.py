"""The page from its title to its glossary: which sections stand there, in which order, with what in them."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from socialbench.report.formats import html
from socialbench.report.tree import Report
from tests.report.sample import LONG_NAME, sample_report
from tests.report.told_apart import changed, full_report
from tests.report.whole import HOSTILE_TOPIC, whole_report

ORDER = ["key", "ranking", "unranked", "industries", "networks", "leaders", "asked", "handles", "replies", "trends"]
ORDER += ["profiles", "method", "coverage", "glossary"]
MEGABYTE = 1_000_000


def page_of(report: Report) -> str:
    return next(html.render(report)).data.decode()


@pytest.fixture(scope="module")
def whole() -> str:
    return page_of(whole_report())


def section(page: str, name: str) -> str:
    """A section's html, without its drawn charts."""
    found = re.search(rf'<section id="{name}".*?</section>', page, re.DOTALL)
    assert found, f"no section {name}"
    return re.sub(r"<svg.*?</svg>", "", found[0], flags=re.DOTALL)


def words_of(html_text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html_text).replace("\u00a0", " ").split())


def test_page_has_every_section_in_the_order_of_the_books(whole: str) -> None:
    assert re.findall(r'<section id="(\w+)"', whole) == ORDER
    assert re.findall(r'<li><a href="#(\w+)">', whole.split("</nav>")[0]) == ORDER


def test_page_leaves_out_what_the_report_has_nothing_for(page: str) -> None:
    assert not {"handles", "trends"} & set(re.findall(r'<section id="(\w+)"', page))
    assert "What customers ask" not in page
    assert "When customers write" in page


def test_page_headings_never_skip_a_level(whole: str) -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", whole)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_industry_cards_are_for_sectors_with_five_ranked_brands_alone(whole: str) -> None:
    report, text = whole_report(), section(whole, "industries")
    ranked = [brand["sector"] for _, brand in report.ranked]
    names = {sector["name"] for sector in report.tree["sectors"]}
    carded = set(re.findall(r"</i><bdi>([^<]+)</bdi></h3>", text))
    assert carded == {name for name in names if ranked.count(name) >= 5}
    without = text.split("so without a card:")[1]
    assert all(name in without for name in names - carded)


def test_industry_card_says_strength_and_weakness_where_the_family_carries_them(whole: str) -> None:
    text = words_of(section(whole, "industries"))
    assert "Strength: answers more than the others within 2 h" in text
    carded = [
        sector for sector in whole_report().tree["sectors"] if f"<bdi>{sector['name']}</bdi></h3>" in section(whole, "industries")
    ]
    for part in ("strength", "weakness"):
        assert text.count(f"{part.capitalize()}:") == sum(sector[part] is not None for sector in carded)


def test_industry_card_names_the_three_best_by_place(whole: str) -> None:
    banking = section(whole, "industries").split("<article")[1]
    expected = [brand["name"] for _, brand in whole_report().ranked if brand["sector"] == "Banking"][:3]
    assert re.findall(r'href="#brand-\d+"><bdi>([^<]+)', banking) == [name.replace("&", "&amp;") for name in expected]


def test_leaders_of_a_time_are_the_shortest_and_of_a_share_the_highest(whole: str) -> None:
    text, ranked = section(whole, "leaders"), [brand for _, brand in whole_report().ranked]
    shortest = min(b["metrics"]["median_latency_s"]["value"] for b in ranked if b["metrics"]["median_latency_s"]["value"])
    first = re.search(r"<h3>Median time</h3>.*?/brands/(\d+)/metrics/median_latency_s", text, re.DOTALL)
    assert first
    assert whole_report().tree["brands"][int(first[1])]["metrics"]["median_latency_s"]["value"] == shortest


def test_topics_are_named_as_the_config_names_them(whole: str) -> None:
    assert HOSTILE_TOPIC not in whole
    assert "&lt;b&gt;9&lt;/b&gt; to 5 ~ a/b</bdi>" in section(whole, "asked")


def test_unanswered_reach_is_told_of_ten_brands_the_largest_first(whole: str) -> None:
    table = section(whole, "asked").partition("Unanswered, by reach")[2]
    counts = [int(text.replace(",", "")) for text in re.findall(r'unanswered_reach"[^>]*>([\d,]+)<', table)]
    assert counts == [1000 * place for place in range(29, 19, -1)]


def test_help_handles_stand_beside_brand_handles_and_hours_beside_the_calendar(whole: str) -> None:
    text = section(whole, "handles")
    assert text.count("/roles/brand/metrics/inbound_count") == text.count("/roles/support/metrics/inbound_count") == 5
    assert text.count('/variants/staffed/staffed_latency_s"') == 2 * 4
    assert "Median time, by the calendar" in words_of(text)


def test_trends_tell_moves_up_before_moves_down_and_the_weeks(whole: str) -> None:
    text = section(whole, "trends")
    moves = [int(m) for m in re.findall(r'<span class="sr">(?:up|down)</span> <span[^>]*>(\d+)</span>', text)]
    directions = re.findall(r'class="sr">(up|down)', text)
    assert moves
    assert directions == sorted(directions, reverse=True)
    assert [f"2026-W4{week}" for week in range(5)] == re.findall(r'data-part="key">([^<]+)</bdi></th>', text)


def test_profiles_stand_open_where_they_are_few_and_closed_where_they_are_many(whole: str) -> None:
    assert page_of(sample_report(3)).count('" open>') == 3
    assert whole.count('<details class="profile"') == 30
    assert '" open>' not in whole


def test_profile_tells_what_must_be_known_before_it_is_believed(whole: str) -> None:
    profiles = section(whole, "profiles")
    third = words_of(profiles.split('id="brand-2"')[1].split("</details>")[0])
    assert "one author wrote 31.0 % of what counts" in third
    assert "no badge: too few questions" in third
    assert "provisional: not watched" in words_of(profiles.split('id="brand-3"')[1].split("</details>")[0])
    assert "a dash: answered-only sample" in words_of(profiles.split('id="brand-5"')[1].split("</details>")[0])


def test_profiles_are_listed_by_name_and_follow_by_place(whole: str) -> None:
    profiles = section(whole, "profiles")
    listed = re.findall(r'<li><a href="#brand-\d+"><bdi>([^<]+)', profiles.split("</ul>")[0])
    assert len(listed) == 30
    assert listed[0].startswith("Bright")
    order = [int(index) for index in re.findall(r'<details class="profile" id="brand-(\d+)"', profiles)]
    assert order[:3] == [index for index, _ in whole_report().ranked[:3]]
    assert set(order) == set(range(30))


def test_long_tables_are_folded_away_and_short_ones_are_not(whole: str) -> None:
    assert 'class="fold"' not in whole
    assert page_of(whole_report(48)).count('<details class="fold"') > 3


def test_listings_of_one_account_share_a_row_of_the_coverage() -> None:
    def second_listing(tree: dict[str, list[dict[str, object]]]) -> None:
        tree["coverage"].insert(1, tree["coverage"][0] | {"stream": "replies", "intervals": [], "gaps": []})

    text = section(page_of(changed(sample_report(3), second_listing)), "coverage")
    assert text.count("<tr>") == 1 + 6
    assert "replies: nothing read" in words_of(text)


def test_glossary_says_what_the_words_mean(whole: str) -> None:
    text = words_of(section(whole, "glossary"))
    assert "Not reached Fewer were answered" in text
    assert "Automated rate Share of the brand&#39;s replies that are automatic." in text


def test_page_of_a_hundred_brands_stays_under_four_megabytes() -> None:
    page = page_of(full_report(100))
    assert len(page.encode()) < 4 * MEGABYTE
    assert page.count('<details class="profile"') == 100


def test_page_keeps_long_names_whole(whole: str) -> None:
    assert f"<h3><bdi>{LONG_NAME}</bdi></h3>" in whole


def test_charts_on_the_page_keep_their_scales_and_lose_their_needless_digits(whole: str) -> None:
    charts = re.findall(r'<svg class="chart".*?</svg>', whole, re.DOTALL)
    assert len(charts) >= 9
    assert all(" id=" not in part or "#" in whole for part in charts)
    assert not re.search(r'\bd="[^"]*\d\.\d\d', "".join(charts))
    assert "scale(0.015625)" in charts[0]
