"""The html in a real browser: what it asks for, what it says, what its buttons do."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from pypdf import PdfReader

from socialbench.report.formats import html
from tests.report.hostile import hostile_report
from tests.report.sample import sample_report

pytestmark = pytest.mark.e2e
CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


class Seen:
    """What a page asked for and said on the console."""

    def __init__(self, page: Page) -> None:
        self.requests: list[str] = []
        self.lines: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.lines.append(message.text))
        page.on("pageerror", lambda error: self.lines.append(str(error)))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("html") / "report.html"
    path.write_bytes(next(html.render(sample_report(30))).data)
    return path.as_uri()


def places(page: Page) -> list[str]:
    return page.locator(".ranking tbody tr:visible td.rank b").all_inner_texts()


@pytest.mark.parametrize("width", [390, 1280])
def test_page_asks_for_nothing_and_says_nothing(browser: Browser, address: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    seen = Seen(page)
    page.goto(address)
    page.evaluate("document.fonts.ready")
    assert [url for url in seen.requests if not url.startswith("data:")] == [address]
    assert seen.lines == []
    assert page.evaluate("document.fonts.check('16px \"SB Text\"')")
    assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith('"SB Text"')
    page.close()


@pytest.mark.parametrize(("width", "shown"), [(390, ".narrow > svg.chart"), (1280, ".plate > svg.chart")])
def test_charts_are_drawn_for_the_width_that_they_are_seen_at(browser: Browser, address: str, width: int, shown: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(address)
    seen = "all => all.map(one => one.getBoundingClientRect().width).filter(wide => wide > 0)"
    widths = page.eval_on_selector_all("svg.chart", seen)
    assert widths == page.eval_on_selector_all(shown, seen)
    assert len(widths) > 5 and max(widths) <= width


def test_page_does_not_scroll_sideways_on_a_phone(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


def test_ranking_sorts_by_a_click_and_back(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    before = places(page)
    inbound = page.get_by_role("button", name="Inbound")
    inbound.click()
    head = page.locator("th", has=inbound)
    assert head.get_attribute("aria-sort") == "ascending"
    counts = [int(text.replace(",", "")) for text in page.locator(".ranking tbody tr td:last-child").all_inner_texts()]
    assert counts == sorted(counts)
    inbound.click()
    assert head.get_attribute("aria-sort") == "descending"
    page.get_by_role("button", name="Rank").click()
    assert places(page) == before
    page.close()


def test_ranking_sorts_times_never_reached_behind_all_others(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.get_by_role("button", name="Median time").click()
    times = page.locator(".ranking tbody tr td:nth-child(6) .f").all_inner_texts()
    assert "not reached" in times
    assert set(times[times.index("not reached") :]) == {"not reached"}
    page.close()


def test_search_finds_brands_ranked_or_not(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.get_by_label("Find a brand").fill("HARBOUR")
    names = page.locator("tr[data-list]:visible th bdi:first-child").all_inner_texts()
    assert names
    assert all("Harbour" in name for name in names)
    assert page.locator("#unranked tr[data-list]:visible").count() == 1
    assert page.locator("#found").inner_text() == f"{page.locator('tr[data-list]:visible').count()} found"
    page.get_by_label("Find a brand").fill("")
    assert page.locator("tr[data-list]:visible").count() == 30
    page.close()


def test_page_is_dark_where_the_reader_wants_it(browser: Browser, address: str) -> None:
    page = browser.new_page(color_scheme="dark")
    page.goto(address)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 26)"
    ink = page.locator('svg.chart [fill="#1b1f24"]').first
    assert ink.evaluate("element => getComputedStyle(element).fill") == "rgb(232, 235, 238)"
    page.close()


def test_page_prints_light_and_whole(browser: Browser, address: str) -> None:
    page = browser.new_page(color_scheme="dark")
    page.goto(address)
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator("nav").is_visible()
    page.close()


@pytest.fixture(scope="module")
def sheets(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What each printed page says, of a report of a hundred brands."""
    folder = tmp_path_factory.mktemp("print")
    (folder / "report.html").write_bytes(next(html.render(sample_report(100))).data)
    page = browser.new_page(color_scheme="dark")
    page.goto((folder / "report.html").as_uri())
    printed = page.pdf(prefer_css_page_size=True, print_background=False)
    assert page.locator("details[open]").count() == 0
    page.close()
    return [" ".join(sheet.extract_text().split()) for sheet in PdfReader(io.BytesIO(printed)).pages]


def test_printed_ranking_repeats_its_head_with_the_columns_names(sheets: list[str]) -> None:
    last = next(number for number, text in enumerate(sheets) if "Listed, not ranked" in text)
    before = [text.partition("Listed, not ranked")[0] for text in sheets[: last + 1]]
    ranking = [text for text in before if re.search(r"\(\d+–\d+\)", text)]
    assert len(ranking) > 4
    assert all(re.search(r"Rank Brand Score .*Median time", text) for text in ranking)


def test_print_unfolds_every_profile_and_keeps_each_on_one_page(sheets: list[str]) -> None:
    profiles = [text for text in sheets if "Middle of all" in text]
    assert len(profiles) == 100
    assert all(text.count("Middle of all") == 1 and "Inbound" in text for text in profiles)


def test_printed_pages_are_numbered(sheets: list[str]) -> None:
    assert [text.split()[0] for text in sheets] == [str(number) for number in range(1, len(sheets) + 1)]


def test_a_link_to_a_brand_unfolds_its_profile(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    row = page.locator(".ranking tbody tr").nth(2)
    link = row.locator("th a")
    profile = page.locator(f"details{link.get_attribute('href')}")
    assert profile.get_attribute("open") is None
    link.click()
    profile.locator(".scorecard").wait_for(state="visible")
    page.goto(f"{address}#brand-0")
    page.reload()
    page.locator("#brand-0 .scorecard").wait_for(state="visible")
    page.close()


def test_search_narrows_the_profiles_too(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.get_by_label("Find a brand").fill("harbour")
    shown = page.locator("details.profile:visible h3").all_inner_texts()
    assert shown
    assert all("Harbour" in name for name in shown)
    page.close()


def test_page_of_hostile_names_runs_none_of_them(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "hostile.html"
    path.write_bytes(next(html.render(hostile_report())).data)
    page = browser.new_page()
    seen, asked = Seen(page), []
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    page.goto(path.as_uri())
    assert (seen.lines, asked) == ([], [])
    assert len([url for url in seen.requests if not url.startswith("data:")]) == 1
    assert page.get_by_text("<script>alert(1)</script>").count() > 2
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()
