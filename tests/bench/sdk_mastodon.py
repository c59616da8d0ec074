"""Statuses of Mastodon accounts collected, beside Mastodon.py reading the same pages."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.result import Result
from tests.bench.sdk_comparison import Rival, compare, served_kind


def run(full: bool) -> Iterator[Result]:
    """Beside its only client, which waits for each answer, and beside as many of those in threads as ours has connections."""
    width = served_kind("mastodon").facts.pace.concurrency
    rivals = (Rival("Mastodon.py in threads", "mastodon_threads", width, few=5), Rival("Mastodon.py", "mastodon", 1, few=5))
    yield from compare("mastodon", "Mastodon.py", rivals, full)
