"""Serves a world over HTTP on loopback, as one host that is data server, directory and view server in one."""

from __future__ import annotations

import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

from socialbench.demo.endpoints import Endpoints
from socialbench.demo.parameters import METHODS, RequestError, read_params
from socialbench.demo.world import World
from socialbench.model import Json

_WINDOW_S = 300
_RATE = 1_000_000
"""Requests per window that the headers promise: they are there to be read, and never to wait for."""
_LARGEST_BODY = 65_536


class DemoServer:
    """A context manager: within it the world answers at `url`. `port` 0 takes any free one."""

    def __init__(self, world: World, port: int = 0) -> None:
        self._http = _Http(("127.0.0.1", port), _Handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        self._http.endpoints = Endpoints(world, self.url)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    endpoints: Endpoints

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
        """Answer a query or a look-up of a DID document."""
        parts = urlsplit(self.path)
        try:
            self._send(200, self._query(parts.path, parts.query))
        except RequestError as error:
            self._send(error.status, {"error": error.error, "message": str(error)})

    def do_POST(self) -> None:
        """Open a session; nothing else is written here."""
        try:
            if urlsplit(self.path).path != "/xrpc/com.atproto.server.createSession":
                raise RequestError(501, "MethodNotImplemented", "Method Not Implemented")
            self._send(200, self.server.endpoints.session(*self._credentials()))
        except RequestError as error:
            self._send(error.status, {"error": error.error, "message": str(error)})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: the progress line belongs to the collector."""

    def _query(self, path: str, query: str) -> Json:
        endpoints = self.server.endpoints
        if path.startswith("/did:"):
            document = endpoints.document(path[1:])
            if document is None:
                raise RequestError(404, "NotFound", f"DID not registered: {path[1:]}")
            return document
        method = path.removeprefix("/xrpc/")
        if method == path or method not in METHODS:
            raise RequestError(501 if path.startswith("/xrpc/") else 404, "MethodNotImplemented", "Method Not Implemented")
        return endpoints.answer(method, read_params(method, parse_qs(query, keep_blank_values=True)), self._viewer())

    def _viewer(self) -> str | None:
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        kind, _, did = token.partition(".")
        if scheme != "Bearer" or kind != "access" or self.server.endpoints.document(did) is None:
            raise RequestError(400, "InvalidToken", "Bad token scope")
        return did

    def _credentials(self) -> tuple[str, str]:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > _LARGEST_BODY:
            self.close_connection = True
            raise RequestError(413, "PayloadTooLarge", "request entity too large")
        try:
            body = json.loads(self.rfile.read(int(length)))
            return str(body["identifier"]), str(body["password"])
        except (ValueError, KeyError, TypeError):
            raise RequestError(400, "InvalidRequest", 'Input must have the properties "identifier" and "password"') from None

    def _send(self, status: int, answer: Json) -> None:
        body = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
        reset = int(time.time()) // _WINDOW_S * _WINDOW_S + _WINDOW_S
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("RateLimit-Limit", str(_RATE))
        self.send_header("RateLimit-Remaining", str(_RATE - 1))
        self.send_header("RateLimit-Reset", str(reset))
        self.send_header("RateLimit-Policy", f"{_RATE};w={_WINDOW_S}")
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
