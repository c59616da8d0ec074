"""The page before axe-core: nothing that shuts somebody out, at a phone's and a desktop's width, light and dark."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from socialbench.report import periods
from socialbench.report.formats import html
from socialbench.report.formats import json as json_format
from tests.report.hostile import hostile_report
from tests.report.sample import sample_report
from tests.report.test_browser import ARGUMENTS, CHROMIUM, Seen
from tests.report.whole import whole_report

pytestmark = pytest.mark.e2e
PAGES = {"three": lambda: sample_report(3), "whole": whole_report, "hostile": hostile_report}
UNFOLD = """document.querySelectorAll('details').forEach((each, number) => {
  each.open = number < 8 || each.classList.contains('fold');
})"""
"""All profiles are made alike, and axe-core takes a minute for thirty."""
SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="module")
def axe() -> str:
    folder = os.environ.get("SOCIALBENCH_E2E_PAGE")
    if folder is None:
        pytest.skip(os.environ.get("SOCIALBENCH_E2E_PAGE_SKIPPED") or "axe-core is prepared by tests/e2e/run (make e2e)")
    return (Path(folder) / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="module", params=[*PAGES, "index"])
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("page")
    path = folder / "page.html"
    if request.param == "index":
        (folder / "2026-10").mkdir()
        (folder / "2026-10" / "report.json").write_bytes(next(json_format.render(sample_report(3))).data)
        path.write_bytes(periods.index_page(folder))
    else:
        path.write_bytes(next(html.render(PAGES[request.param]())).data)
    return path.as_uri()


def examined(browser: Browser, address: str, axe: str, **looks: Any) -> dict[str, Any]:
    """What axe-core says of the page with tables and some profiles unfolded; the page's own policy would not let it in."""
    context = browser.new_context(bypass_csp=True, **looks)
    page = context.new_page()
    page.goto(address)
    page.evaluate(UNFOLD)
    page.add_script_tag(content=axe)
    said: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations', 'passes']})")
    context.close()
    return said


@pytest.mark.timeout(600)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_page_shuts_nobody_out(browser: Browser, address: str, axe: str, width: int, scheme: str) -> None:
    said = examined(browser, address, axe, viewport={"width": width, "height": 900}, color_scheme=scheme)
    found = [(one["id"], one["nodes"][0]["html"][:160]) for one in said["violations"] if one["impact"] in SERIOUS]
    assert found == []
    assert "color-contrast" in {one["id"] for one in said["passes"]}


@pytest.mark.parametrize("width", [390, 1280])
def test_page_asks_for_nothing_and_says_nothing(browser: Browser, address: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    seen = Seen(page)
    page.goto(address)
    assert [url for url in seen.requests if not url.startswith("data:")] == [address]
    assert seen.lines == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()
