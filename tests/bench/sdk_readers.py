"""Networks read by their own SDKs, as those tell to: `python -m tests.bench.sdk_readers READER URL BRANDS WIDTH`.

Runs in an environment of the SDK, where nothing of this project but its benches is. What is read is parsed into the SDK's
objects, counted and dropped. The SDK is imported before the clock starts.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.bench.served_pages import ITEMS
from tests.bench.served_shapes import handle_of

_AT_ONCE = 25
"""So many profiles Bluesky shows in one answer."""


def _asked(did: str, cursor: str | None) -> dict[str, object]:
    asked: dict[str, object] = {"q": "*", "mentions": did, "sort": "latest", "limit": ITEMS["bluesky"]}
    return {**asked, "cursor": cursor} if cursor else asked


def _actors(brand_count: int) -> list[list[str]]:
    names = [f"{handle_of(brand)}.example.test" for brand in range(brand_count)]
    return [names[start : start + _AT_ONCE] for start in range(0, len(names), _AT_ONCE)]


def atproto(url: str, brand_count: int, _width: int) -> Callable[[], int]:
    """The client of the AT Protocol's SDK that waits for each answer."""
    from atproto import Client  # type: ignore[import-not-found]

    def read() -> int:
        client, count = Client(base_url=url), 0
        for actors in _actors(brand_count):
            for profile in client.app.bsky.actor.get_profiles({"actors": actors}).profiles:
                cursor, more = None, True
                while more:
                    answer = client.app.bsky.feed.search_posts(_asked(profile.did, cursor))
                    count, cursor = count + len(answer.posts), answer.cursor
                    more = bool(cursor)
        return count

    return read


def atproto_async(url: str, brand_count: int, width: int) -> Callable[[], int]:
    """The asynchronous client of the AT Protocol's SDK, `width` listings at once."""
    from atproto import AsyncClient

    async def read() -> int:
        client = AsyncClient(base_url=url)
        found = [await client.app.bsky.actor.get_profiles({"actors": actors}) for actors in _actors(brand_count)]
        waiting = iter([profile.did for answer in found for profile in answer.profiles])

        async def work() -> int:
            count = 0
            for did in waiting:
                cursor, more = None, True
                while more:
                    answer = await client.app.bsky.feed.search_posts(_asked(did, cursor))
                    count, cursor = count + len(answer.posts), answer.cursor
                    more = bool(cursor)
            return count

        return sum(await asyncio.gather(*(work() for _ in range(width))))

    return lambda: asyncio.run(read())


def mastodon(url: str, brand_count: int, _width: int) -> Callable[[], int]:
    """Mastodon.py, which waits for each answer."""
    from mastodon import Mastodon  # type: ignore[import-not-found]

    return lambda: _listed(Mastodon(api_base_url=url), range(brand_count))


def mastodon_threads(url: str, brand_count: int, width: int) -> Callable[[], int]:
    """Mastodon.py in `width` threads, each with a client of its own."""
    from mastodon import Mastodon

    def work(first: int) -> int:
        return _listed(Mastodon(api_base_url=url), range(first, brand_count, width))

    def read() -> int:
        with ThreadPoolExecutor(width) as pool:
            return sum(pool.map(work, range(width)))

    return read


def _listed(client: Any, brands: Iterable[int]) -> int:
    count = 0
    for brand in brands:
        account = client.account_lookup(handle_of(brand))
        page = client.account_statuses(account.id, exclude_reblogs=True, limit=ITEMS["mastodon"])
        while page:
            count, page = count + len(page), client.fetch_next(page)
    return count


READERS = {made.__name__: made for made in (atproto, atproto_async, mastodon, mastodon_threads)}


def main(reader: str, url: str, brand_count: str, width: str) -> None:
    """Read, and leave what it took in reading.json."""
    read = READERS[reader](url, int(brand_count), int(width))
    started, used = time.monotonic(), time.process_time()
    messages = read()
    took = {"took_s": time.monotonic() - started, "cpu_s": time.process_time() - used, "messages": messages}
    Path("reading.json").write_text(json.dumps(took), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
