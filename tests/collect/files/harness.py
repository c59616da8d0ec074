"""Imports invented rows into a real store and reads back what it holds."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from socialbench.collect.importing import Importer, Job, Outcome, Sink
from socialbench.collect.rows import Rejected
from socialbench.collect.shapes import load_shape
from socialbench.collect.sourcing import Stated, resolve_source
from socialbench.store import Ledger, open_store

NOW = 1_900_000_000_000
TWCS = ("tweet_id", "author_id", "inbound", "created_at", "text", "response_tweet_id", "in_response_to_tweet_id")
PLAY = ("reviewId", "userName", "content", "score", "at", "replyContent", "repliedAt", "appId")


@dataclass(frozen=True)
class Result:
    """What an import did and what the store holds after it."""

    outcome: Outcome
    rejected: list[Rejected]
    messages: list[dict[str, Any]]
    coverage: list[dict[str, Any]]

    @property
    def by_id(self) -> dict[str, dict[str, Any]]:
        return {row["id"]: row for row in self.messages}

    def addressed(self, message_id: str) -> list[tuple[str, str]]:
        return [(each["account_id"], each["how"]) for each in self.by_id[message_id]["addressed"]]


def tweet(number: object, author: object, inbound: object, minute: float, text: str, parent: object = "") -> tuple[object, ...]:
    """A row of twcs, sent some minutes after 10:00 on 31 Oct 2017 (UTC)."""
    hour, rest = divmod(int(minute), 60)
    return number, author, inbound, f"Tue Oct 31 {10 + hour:02}:{rest:02}:00 +0000 2017", text, "", parent


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    """Write rows as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
    return path


def write_json(path: Path, tree: object) -> Path:
    """Write a tree as JSON."""
    path.write_text(json.dumps(tree, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def fresh_store(folder: Path) -> Path:
    """A path where no store is yet."""
    return folder / f"{len(list(folder.glob('*.db')))}.db"


def import_files(store: Path, shape: str, files: Sequence[Path], encoding: str = "utf-8", **stated: Any) -> Result:
    """Import files into the store, as the command does without a config, and read everything back."""
    kind = load_shape(shape)
    resolved = resolve_source(kind, tuple(files), Stated(**stated), None)
    job = Job(kind, tuple(files), resolved.source, NOW, encoding, resolved.observed_until)
    importer = Importer(job, lambda count: None)
    importer.survey()
    rejected: list[Rejected] = []
    with open_store(str(store), write=True) as opened:
        run = opened.begin_run("import", "0", "", NOW)
        outcome = importer.save(Sink(opened, run, rejected.append), lambda rows: Ledger(job.checksum(), "file", shape, rows))
        opened.end_run(run, NOW, "done")
    with open_store(str(store)) as opened:
        messages = [dict(row) for row in opened.export_rows("messages")]
        coverage = [dict(row) for row in opened.export_rows("coverage")]
    return Result(outcome, rejected, messages, coverage)


def reasons(result: Result) -> dict[str, int]:
    """How many rows were rejected under which reason."""
    return dict(Counter(each.reason for each in result.rejected))
