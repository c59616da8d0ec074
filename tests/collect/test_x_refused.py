"""What X refuses: names that it does not know, listings that a credential does not open, and options that are none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from socialbench.collect.networks.x import X
from socialbench.errors import CredentialError, UsageError
from tests.collect.harness import answered, contents
from tests.collect.test_x import MENTIONS, PROBLEM, collect, error_of


def test_refused_names_lead_to_the_setting(tmp_path: Path) -> None:
    refused = {"type": PROBLEM + "invalid-request", "errors": [{"parameters": {"post.fields": ["id"]}, "message": "unknown"}]}
    outcome = collect(tmp_path / "s.db", lambda request: answered(400, refused) if request.url.path == MENTIONS else None)
    assert "networks.x.naming" in str(error_of(outcome, "mentions"))


def test_listing_that_the_credential_does_not_open_is_a_gap(tmp_path: Path) -> None:
    refused = {"type": PROBLEM + "client-forbidden", "reason": "client-not-enrolled"}
    outcome = collect(tmp_path / "s.db", lambda request: answered(403, refused) if "search" in request.url.path else None)
    assert isinstance(error_of(outcome, "search"), CredentialError) and outcome.exit_code == 3
    gaps = {(row[1], row[4]) for row in contents(tmp_path / "s.db")["coverage"] if row[3]}
    assert ("search", "forbidden") in gaps


@pytest.mark.parametrize("options", [{"naming": "status"}, {"search": "archive"}, {"naming": 7}])
def test_unknown_option_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=r"networks\.x\."):
        X(options)
