"""One small world, told and served once for all tests of the room."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from socialbench.demo.server import DemoServer
from socialbench.demo.sites import Place
from socialbench.demo.tell import tell_world
from socialbench.demo.world import World

Ask = Callable[..., Any]


@pytest.fixture(scope="session")
def world() -> World:
    """Twelve brands on five networks: two in each sector, among them the capped one, the robot and those with two handles."""
    return tell_world(seed=7, brands=12)


@pytest.fixture(scope="session")
def server(world: World) -> Iterator[DemoServer]:
    with DemoServer(world) as running:
        yield running


@pytest.fixture(scope="session")
def ask(server: DemoServer) -> Ask:
    """ask(method, token=..., **params): the decoded answer, with the status as `status` where it is an error."""

    def call(method: str, token: str | None = None, **params: Any) -> Any:
        url = f"{server.url}/xrpc/{method}?" + urllib.parse.urlencode(params, doseq=True)
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            return {"status": error.code, **json.load(error)}

    return call


@pytest.fixture(scope="session")
def pages(ask: Ask) -> Callable[..., list[Any]]:
    """pages(method, field, **params): all items of a listing, following cursors to the end."""

    def follow(method: str, field: str, **params: Any) -> list[Any]:
        items, cursor = [], None
        for _ in range(500):
            answer = ask(method, **params, **({"cursor": cursor} if cursor else {}))
            items += answer[field]
            cursor = answer.get("cursor")
            if not cursor:
                return items
        raise AssertionError(f"{method} never ends")

    return follow


@pytest.fixture(scope="session")
def get(server: DemoServer) -> Ask:
    """get(place, path, token=..., **params): (status, headers, decoded answer) of any of the places."""

    def call(place: Place, path: str, token: str | None = None, **params: Any) -> tuple[int, dict[str, str], Any]:
        url = f"{server.urls[place]}/{path}?" + urllib.parse.urlencode(params, doseq=True)
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, dict(answer.headers), json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers), json.load(error)

    return call
