from __future__ import annotations

import json
from typing import Any

import pytest

from socialbench.report.formats import html
from socialbench.report.formats import json as json_format
from socialbench.report.tree import Report
from tests.report.sample import sample_report


@pytest.fixture(scope="session")
def report() -> Report:
    """Thirty brands, some not ranked, one with refused figures."""
    return sample_report(30)


@pytest.fixture(scope="session")
def page(report: Report) -> str:
    """The report's html."""
    return next(html.render(report)).data.decode()


@pytest.fixture(scope="session")
def tree(report: Report) -> dict[str, Any]:
    """The report's JSON, read back."""
    read: dict[str, Any] = json.loads(next(json_format.render(report)).data)
    return read
