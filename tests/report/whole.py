"""A report that has something for every section: two handles, stated hours, weeks, moves, reach, strengths."""

from __future__ import annotations

from functools import cache
from typing import Any

from socialbench.measure.metrics import registry
from socialbench.report.tree import Report
from tests.report.told_apart import changed, full_report

SHARE = {"value": 0.4137, "low": 0.31, "high": 0.52, "n": 61, "authors": 50, "design_effect": 1.5}
SHARE |= {"largest_author_share": 0.05, "bounds": None}
TIME = {"value": 5400, "reached": True, "low": 3600, "high": 7300, "n": 61}
STAFFED = {"staffed_latency_s": TIME, "staffed_within_1h": SHARE, "staffed_within_8h": SHARE, "answered_off_hours_share": SHARE}
HOSTILE_TOPIC = "<b>9</b> to 5 ~ a/b"


def _fill(tree: dict[str, Any]) -> None:
    for place, brand in enumerate(tree["brands"]):
        metrics = brand["metrics"]
        if brand["networks"] and place < 6:
            brand["roles"] = {"brand": brand["networks"]["bluesky"], "support": brand["networks"]["x"]}
        if place < 4:
            brand["variants"]["staffed"] = dict(STAFFED)
        brand["weeks"] = {f"2026-W4{week}": {"metrics": {"answered_within_24h": SHARE}} for week in range(place % 6)}
        metrics["automated_rate"] = SHARE
        metrics["unanswered_reach"] = {"value": 1000 * place}
        brand["notes"] = ["holidays are not counted"] if place % 7 == 0 else []
        brand["provisional"] = place == 3
    tree["brands"][2]["topics"][HOSTILE_TOPIC] = {"metrics": {"inbound_count": {"value": 9}, "answered_within_24h": SHARE}}
    tree["brands"][2]["metrics"]["expectation_score"]["largest_author_share"] = 0.31
    tree["brands"][2]["badge"] = {"earned": False, "why": "too few questions"}
    tree["sectors"][0] |= {"strength": "answers more than the others within 2 h", "weakness": "leaves more without an answer"}
    tree["definitions"] |= {name: metric.definition.replace("`", "") for name, metric in registry().items()}
    tree["findings"].append({"text": "Banking holds a share.", "claim": False, "figures": ["/sectors/0/share_of_top_third"]})


@cache
def whole_report(count: int = 30) -> Report:
    """The sample run with every section filled."""
    return changed(full_report(count), _fill)
