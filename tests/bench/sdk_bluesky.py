"""Mentions on Bluesky collected, beside the AT Protocol's own SDK reading the same pages of search."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.result import Result
from tests.bench.sdk_comparison import Rival, compare, served_kind


def run(full: bool) -> Iterator[Result]:
    """Beside both clients of the SDK, the asynchronous one with as many connections as ours."""
    width = served_kind("bluesky").facts.pace.concurrency
    rivals = (Rival("atproto, asynchronous", "atproto_async", width), Rival("atproto", "atproto", 1, few=10))
    yield from compare("bluesky", "atproto", rivals, full)
