"""Against labels that people gave: the shares and the F1 that the rules promise."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from socialbench.classify.addressing import leading_block
from socialbench.classify.kinds import Kind, ReplyKind, Rules

REAL = Path(__file__).parents[3] / "shared" / "real"
needs_labels = pytest.mark.skipif(not REAL.exists(), reason="../shared/real is not there")


def rows(*path: str) -> list[dict[str, str]]:
    with (REAL.joinpath(*path)).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@needs_labels
def test_negative_messages_need_a_response_and_positive_ones_do_not(rules: Rules) -> None:
    asking: Counter[str] = Counter()
    structural: Counter[str] = Counter()
    for row in rows("labels-amazonhelp-300", "amazonhelp_annotations.csv"):
        label = rules.inbound(row["text"], "en")
        asks = rules.asks(label)
        asking[row["label"]] += asks
        structural[row["label"]] += asks or (bool(leading_block(row["text"])) and not rules.dismisses(label))
    for needing in (asking, structural):
        assert needing["negative"] >= 90
        assert needing["positive"] <= 15


@needs_labels
def test_handoff_to_private_agrees_with_the_agents_acts(rules: Rules) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")
    agree: Counter[tuple[bool, bool]] = Counter()
    for brand in ("AmazonHelp", "AppleSupport", "SpotifyCares"):
        path = REAL / "labels-twcs-topics" / f"twcs-{brand}-100-outbound.xlsx"
        head, *body = openpyxl.load_workbook(path, read_only=True).active.iter_rows(values_only=True)
        acts = [place for place, name in enumerate(head) if name and "DM" in name]
        for row in body:
            asked = any(row[place] for place in acts)
            agree[asked, rules.reply(row[head.index("text")], "en").kind == ReplyKind.HANDOFF_PRIVATE] += 1
    assert sum(agree.values()) == 300
    assert 2 * agree[True, True] / (2 * agree[True, True] + agree[True, False] + agree[False, True]) >= 0.9


@needs_labels
def test_words_of_reviews_agree_with_their_stars(rules: Rules) -> None:
    asking: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for row in rows("play-anz", "app_reviews.csv"):
        total[row["score"]] += 1
        asking[row["score"]] += rules.asks(rules.inbound(row["content"], "en"))
    assert asking["1"] / total["1"] >= 0.85
    assert asking["5"] / total["5"] <= 0.15


@needs_labels
def test_inbound_and_outbound_are_told_apart_by_handoffs(rules: Rules) -> None:
    shares: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for row in rows("twcs-head-1000", "sample_head_1000.csv"):
        total[row["inbound"]] += 1
        shares[row["inbound"]] += rules.reply(row["text"], "en").kind in {ReplyKind.HANDOFF_PRIVATE, ReplyKind.HANDOFF_LINK}
    assert shares["False"] / total["False"] > 5 * shares["True"] / total["True"]


@needs_labels
def test_openers_to_support_handles_mostly_ask(rules: Rules) -> None:
    import json

    kinds: Counter[Kind] = Counter()
    for name in ("dev.json", "test.json"):
        for conversation in json.loads((REAL / "ibm-cdp" / name).read_text("utf-8")):
            first = conversation["dialogContent"][0]
            if any(key.startswith("client") for key in first):
                kinds[Kind(rules.inbound(first["message"]).kind)] += 1
    asking = kinds[Kind.QUESTION] + kinds[Kind.REQUEST] + kinds[Kind.COMPLAINT]
    assert asking / kinds.total() >= 0.9
