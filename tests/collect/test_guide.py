"""docs/networks.md and `list networks` say what the network files say."""

from __future__ import annotations

from pathlib import Path

import pytest

from socialbench.collect.guide import page, tell
from socialbench.collect.network import networks

PAGE = Path(__file__).parent.parent.parent / "docs" / "networks.md"


def test_page_is_what_the_network_files_say() -> None:
    assert PAGE.read_text("utf-8") == page(), "run `make docs`"


@pytest.mark.parametrize("name", networks())
def test_network_tells_all_that_an_analyst_must_know(name: str) -> None:
    told = tell(networks()[name])
    assert told["what"] and told["tried_on"] and told["pace"] and told["invisible"]
    assert "never" in told["tried_on"] and "live" in told["tried_on"]
    assert all(stream["shows"] for stream in told["streams"])
    assert all(need["variable"].startswith(f"SOCIALBENCH_{name.upper()}_") and need["how"] for need in told["credentials"])


def test_facts_are_told_in_words() -> None:
    told = tell(networks()["x"])
    assert told["price"].startswith("account: 0.01 USD per message; posts, mentions, search")
    assert told["pace"] == "900 requests in 15 min, 1 s between two"
    limits = {stream["name"]: stream["limits"] for stream in told["streams"]}
    assert limits["mentions"] == "at most 800 messages"
    assert limits["recheck"] == "adds no inbound message by itself"
