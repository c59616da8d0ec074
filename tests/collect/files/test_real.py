"""The reference figures of ../shared/README.md, as far as an import alone decides them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from statistics import median

import pytest

from tests.collect.files.harness import Result, import_files

REAL = Path(__file__).parents[4] / "shared" / "real"

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="../shared/real is not here")


def inbound(result: Result) -> Counter[str]:
    return Counter(each["account_id"] for row in result.messages for each in row["addressed"])


def test_twcs_is_attributed_as_the_reference_says(tmp_path: Path) -> None:
    result = import_files(tmp_path / "a.db", "twcs", [REAL / "twcs-head-1000" / "sample_head_1000.csv"])
    assert result.outcome.attributed_by == {"replier": 419, "parent": 72, "named": 17, "unattributed": 31}
    counts = inbound(result)
    assert [counts[brand] for brand in ("ChipotleTweets", "AmazonHelp", "AppleSupport", "AskeBay")] == [60, 41, 35, 29]
    assert result.outcome.messages == 1000


def test_play_byu_has_the_replies_of_the_reference(tmp_path: Path) -> None:
    path = REAL / "play-byu" / "app_reviews.csv"
    result = import_files(tmp_path / "a.db", "play-reviews", [path], brand="by.U", timezone="Asia/Jakarta")
    sent = {row["id"]: row["sent_at"] for row in result.messages}
    early = sum(row["sent_at"] < sent[row["parent_id"]] for row in result.messages if row["parent_id"])
    assert (inbound(result)["by.U"], result.outcome.replies, early) == (3000, 2992, 2)


def test_play_anz_counts_its_repeats(tmp_path: Path) -> None:
    path = REAL / "play-anz" / "app_reviews.csv"
    result = import_files(tmp_path / "a.db", "play-reviews", [path], brand_column="appId", timezone="UTC")
    app = "com.anz.android.gomoney"
    sent = {row["id"]: row["sent_at"] for row in result.messages}
    replies = [row for row in result.messages if row["author_id"] == app]
    early = sum(row["sent_at"] < sent[row["parent_id"]] for row in replies)
    assert (result.outcome.repeated, inbound(result)[app], len(replies), early) == (453, 922, 153, 27)
    assert inbound(result)["com.anz.anzpacific"] == 264


def test_ibm_conversations_are_threads_of_their_companies(tmp_path: Path) -> None:
    files = [REAL / "ibm-cdp" / name for name in ("dev.json", "test.json")]
    result = import_files(tmp_path / "a.db", "conversations", files)
    threads: dict[str, set[str]] = {}
    for row in result.messages:
        for each in row["addressed"]:
            threads.setdefault(each["account_id"], set()).add(row["root_id"])
    assert len(threads) == 25
    assert [len(threads[brand]) for brand in ("RockstarSupport", "MojangSupport", "Google", "TeamYouTube")] == [146, 108, 107, 84]


def test_ibm_answers_are_dated_as_the_reference_dates_them(tmp_path: Path) -> None:
    files = [REAL / "ibm-cdp" / name for name in ("dev.json", "test.json")]
    rows = import_files(tmp_path / "a.db", "conversations", files).messages
    opened = {row["id"]: row["sent_at"] for row in rows if row["id"] == row["root_id"]}
    minutes: dict[str, dict[str, float]] = {}
    for row in rows:
        if not row["addressed"]:
            minutes.setdefault(row["author_id"], {}).setdefault(
                row["root_id"], (row["sent_at"] - opened[row["root_id"]]) / 60_000
            )
    medians = [round(median(minutes[brand].values()), 2) for brand in ("RockstarSupport", "MojangSupport", "Google")]
    assert medians == [3.07, 697.90, 8362.95]
