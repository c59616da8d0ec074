"""Peak memory and time of importing a generated file."""

from __future__ import annotations

import csv
import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.bench.child import in_child
from tests.bench.result import Result

LIMIT_MB = 400
START = datetime(2024, 1, 1, tzinfo=UTC)
TWCS = ("tweet_id", "author_id", "inbound", "created_at", "text", "response_tweet_id", "in_response_to_tweet_id")
PLAY = ("reviewId", "userName", "content", "score", "at", "replyContent", "repliedAt", "appId")


def twcs_rows(count: int) -> Iterator[tuple[object, ...]]:
    """Half customers, half answers of forty brands."""
    chance = random.Random(1)
    for number in range(1, count, 2):
        at = START + timedelta(seconds=15 * number)
        brand = f"brand{chance.randrange(40)}"
        text = f"@{brand} where is my order {number}? " + "please " * chance.randrange(20)
        yield number, 1_000_000 + chance.randrange(200_000), "True", f"{at:%a %b %d %H:%M:%S +0000 %Y}", text, number + 1, ""
        later = at + timedelta(seconds=chance.randrange(86_400))
        answer = f"@{number} Sorry to hear that! Case {number}. " + "We look into it. " * chance.randrange(6)
        yield number + 1, brand, "False", f"{later:%a %b %d %H:%M:%S +0000 %Y}", answer, "", f"{number}.0"


def play_rows(count: int) -> Iterator[tuple[object, ...]]:
    """Reviews of forty apps, two thirds of them answered."""
    chance = random.Random(1)
    for number in range(count):
        at = START + timedelta(seconds=15 * number)
        answered = chance.random() < 0.67
        replied = f"{at + timedelta(hours=1):%Y-%m-%d %H:%M:%S}" if answered else ""
        yield (
            f"review-{number}", "A user", "I like it " * chance.randrange(20), chance.randrange(1, 6), f"{at:%Y-%m-%d %H:%M:%S}",
            f"Thank you, case {number}" if answered else "", replied, f"app.example{chance.randrange(40)}",
        )  # fmt: skip


def measure(folder: Path, shape: str, count: int) -> tuple[float, float]:
    """Import `count` generated rows in a process of its own: seconds, and its peak memory in MB."""
    path = folder / f"{shape}.csv"
    columns, rows = (TWCS, twcs_rows(count)) if shape == "twcs" else (PLAY, play_rows(count))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
    extra = [] if shape == "twcs" else ["--brand-column", "appId", "--timezone", "UTC"]
    words = ["import", shape, str(path), "-c", f"{shape}.yaml", *extra]
    return in_child(["-m", "socialbench", "-q", *words], folder)


def run(full: bool) -> Iterator[Result]:
    """200,000 rows of each shape; a million where the `full` size is asked for."""
    count = 1_000_000 if full else 200_000
    with tempfile.TemporaryDirectory() as folder:
        for shape in ("twcs", "play-reviews"):
            took_s, peak = measure(Path(folder), shape, count)
            yield Result(f"{shape}, {count:,} rows", took_s, "s")
            yield Result(f"{shape}, {count:,} rows, peak memory", peak, "MB", LIMIT_MB)
