"""Bluesky's search and a Mastodon account's statuses on loopback: `python -m tests.bench.served_pages NETWORK BRANDS PAGES MS`.

Every answer waits for MS, is compressed as the networks' own are, and is counted; GET /count tells how many since it was
last asked. Whoever asks for other pages than the full ones that both readers are to read gets a 400 or a 404.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from urllib.parse import parse_qs, urlsplit

from tests.bench import served_shapes as shapes

ITEMS = {"bluesky": 100, "mastodon": 40}
"""On each page: as many as the networks show at most."""
_LIMITED = {
    "bluesky": "RateLimit-Limit: 3000\r\nRateLimit-Remaining: 2983\r\nRateLimit-Reset: 1900000000\r\n",
    "mastodon": "X-RateLimit-Limit: 300\r\nX-RateLimit-Remaining: 299\r\nX-RateLimit-Reset: 2030-01-01T00:00:00.766170Z\r\n",
}
_Asked = Mapping[str, Sequence[str]]


class Pages:
    """All answers of a network, made beforehand."""

    def __init__(self, network: str, brand_count: int, page_count: int) -> None:
        self._network, self._brand_count, self._page_count = network, brand_count, page_count
        made = {"bluesky": self._searches, "mastodon": self._statuses}[network]
        self._listed = {(brand, token): answer for brand, token, answer in made()}
        self._paths: dict[str, Callable[[str, _Asked], bytes]] = {
            "/xrpc/app.bsky.actor.getProfiles": self._profiles,
            "/xrpc/app.bsky.feed.searchPosts": self._search,
            "/api/v1/accounts/lookup": self._account,
        }

    def answer(self, target: str) -> bytes:
        """To a GET of `target`."""
        parts = urlsplit(target)
        read = self._listing if parts.path.endswith("/statuses") else self._paths.get(parts.path)
        try:
            return read(parts.path, parse_qs(parts.query)) if read else self._whole({"error": "NotFound"}, status="404 Not Found")
        except (KeyError, ValueError) as wrong:
            return self._whole({"error": "InvalidRequest", "message": repr(wrong)}, status="400 Bad Request")

    def _profiles(self, _path: str, asked: _Asked) -> bytes:
        known = {f"{shapes.handle_of(brand)}.example.test": brand for brand in range(self._brand_count)}
        return self._whole({"profiles": [shapes.profile(known[actor]) for actor in asked["actors"]]})

    def _search(self, _path: str, asked: _Asked) -> bytes:
        _expect(asked, q="*", sort="latest", limit=str(ITEMS["bluesky"]))
        return self._listed[asked["mentions"][0], asked.get("cursor", [""])[0]]

    def _account(self, _path: str, asked: _Asked) -> bytes:
        known = {shapes.handle_of(brand): brand for brand in range(self._brand_count)}
        return self._whole(shapes.account(known[asked["acct"][0]]))

    def _listing(self, path: str, asked: _Asked) -> bytes:
        _expect(asked, limit=str(ITEMS["mastodon"]))
        if asked["exclude_reblogs"][0].casefold() not in {"true", "1"}:
            raise ValueError("exclude_reblogs")
        return self._listed[path.split("/")[4], asked.get("max_id", [""])[0]]

    def _searches(self) -> Iterator[tuple[str, str, bytes]]:
        for brand, first, is_last in self._places():
            body: dict[str, object] = {"posts": [shapes.post_view(brand, first + each) for each in range(ITEMS["bluesky"])]}
            if not is_last:
                body["cursor"] = str(first + ITEMS["bluesky"])
            yield shapes.did_of("brand", brand), str(first) if first else "", self._whole(body)

    def _statuses(self) -> Iterator[tuple[str, str, bytes]]:
        for brand, first, is_last in self._places():
            body = [shapes.status(brand, first + each) for each in range(ITEMS["mastodon"])]
            place = (
                f"https://social.example.test/api/v1/accounts/{shapes.account_id(brand)}/statuses?exclude_reblogs=true&limit=40"
            )
            link = f'<{place}&min_id={body[0]["id"]}>; rel="prev"'
            if not is_last:
                link = f'<{place}&max_id={body[-1]["id"]}>; rel="next", {link}'
            token = shapes.status_id(brand, first - 1) if first else ""
            yield shapes.account_id(brand), token, self._whole(body, f"Link: {link}\r\n")

    def _places(self) -> Iterator[tuple[int, int, bool]]:
        for brand in range(self._brand_count):
            for page in range(self._page_count):
                yield brand, page * ITEMS[self._network], page + 1 == self._page_count

    def _whole(self, body: object, headers: str = "", status: str = "200 OK") -> bytes:
        packed = gzip.compress(json.dumps(body, separators=(",", ":")).encode(), 1)
        head = f"HTTP/1.1 {status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Encoding: gzip\r\n"
        return f"{head}{_LIMITED[self._network]}{headers}Content-Length: {len(packed)}\r\n\r\n".encode() + packed


def _expect(asked: _Asked, **values: str) -> None:
    for name, value in values.items():
        if asked[name] != [value]:
            raise ValueError(name)


class _Answering(asyncio.Protocol):
    count = 0

    def __init__(self, pages: Pages, wait_s: float) -> None:
        self._pages, self._wait_s, self._heard = pages, wait_s, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._heard += data
        while b"\r\n\r\n" in self._heard:
            head, _, self._heard = self._heard.partition(b"\r\n\r\n")
            target = head.split(b" ", 2)[1].decode()
            if target == "/count":
                body = str(_Answering.count).encode()
                self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
                _Answering.count = 0
                continue
            _Answering.count += 1
            asyncio.get_running_loop().call_later(self._wait_s, self._transport.write, self._pages.answer(target))


async def _serve(pages: Pages, wait_s: float) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: _Answering(pages, wait_s), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(Pages(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])), int(sys.argv[4]) / 1000))
