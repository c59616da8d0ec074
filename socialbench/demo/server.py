"""Serves a world over HTTP on loopback: each of its places on a port of its own."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

from socialbench.demo.networks import site_of
from socialbench.demo.sites import Place, Reply, Request, Site, all_places, places_of
from socialbench.demo.world import World

_LARGEST_BODY = 65_536


class DemoServer:
    """A context manager: within it the world answers at `urls`, one for each place, and Bluesky at `url`.

    `port` is Bluesky's; the other places follow it, each always at the same distance, or take a free one where theirs is
    taken. 0 takes any free ones. Raises OSError where Bluesky's is taken.
    """

    def __init__(self, world: World, port: int = 0) -> None:
        self._hosts: dict[Place, _Http] = {}
        with ExitStack() as opened:
            for place in places_of(world):
                host = _opened(place, port)
                opened.callback(host.server_close)
                host.site = site_of(place, world, host.url)
                self._hosts[place] = host
            opened.pop_all()
        self._threads = [
            threading.Thread(target=host.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
            for host in self._hosts.values()
        ]

    @property
    def url(self) -> str:
        """Where Bluesky answers."""
        return self._hosts[Place("bluesky")].url

    @property
    def urls(self) -> Mapping[Place, str]:
        """Where each place answers."""
        return {place: host.url for place, host in self._hosts.items()}

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for host, thread in zip(self._hosts.values(), self._threads, strict=True):
            host.shutdown()
            host.server_close()
            thread.join()


def port_of(place: Place, first: int) -> int:
    """The port of a place where Bluesky's is `first`; 0 leaves it to the system."""
    return first + all_places().index(place) if first else 0


def _opened(place: Place, first: int) -> _Http:
    try:
        return _Http(("127.0.0.1", port_of(place, first)), _Handler)
    except OSError:
        if place.network == "bluesky":
            raise
        return _Http(("127.0.0.1", 0), _Handler)


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    site: Site

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def server_bind(self) -> None:
        """Take the port without asking anybody for this computer's name, which may last."""
        TCPServer.server_bind(self)

    def handle_error(self, request: object, client_address: object) -> None:
        """A reader that went away is no fault; anything else shows its traceback as ever."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    server: _Http
    protocol_version = "HTTP/1.1"
    # Head and body in one packet: apart, each answer would wait 40 ms for the other side's delayed acknowledgement.
    wbufsize = 1 << 16
    disable_nagle_algorithm = True
    timeout = 60

    def do_GET(self) -> None:
        """Answer a query."""
        self._send(self.server.site.answer(self._request()))

    def do_POST(self) -> None:
        """Answer a query with a body."""
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > _LARGEST_BODY:
            self.close_connection = True
            self._send(Reply({"error": "PayloadTooLarge", "message": "request entity too large"}, 413))
            return
        self._send(self.server.site.answer(self._request(self.rfile.read(int(length)))))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: the progress line belongs to the collector."""

    def _request(self, body: bytes = b"") -> Request:
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Request(self.command, parts.path, parse_qs(parts.query, keep_blank_values=True), headers, body)

    def _send(self, reply: Reply) -> None:
        body = json.dumps(reply.body, ensure_ascii=False, separators=(",", ":")).encode()
        self.send_response(reply.status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
