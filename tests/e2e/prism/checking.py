"""Prism serving a contract on loopback, and before it a relay that answers with invented data what Prism found valid.

Prism itself answers every request with the same placeholders, so paging, threads and look-ups would never be asked for.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx

from tests.collect.harness import Responder

_VIOLATION = re.compile(r"Violation: .*|did not pass the validation rules.*|Unauthorized.*")


class Prism:
    """One contract (`x`, `youtube`) as Prism serves it."""

    def __init__(self, folder: Path, contract: str) -> None:
        self._log = folder / "run" / f"{contract}.log"
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        words = ["node_modules/.bin/prism", "mock", "--host", "127.0.0.1", "--port", str(port), f"{contract}.json"]
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                words, cwd=folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
            )
        self._wait()

    def _wait(self) -> None:
        for _ in range(600):
            if "Prism is listening" in self._said():
                return
            if self._process.poll() is not None:
                break
            time.sleep(0.2)
        self.stop()
        raise RuntimeError(f"Prism does not start: {self._said()[-2000:]}")

    def _said(self) -> str:
        return self._log.read_text("utf-8", "replace")

    def violations(self) -> list[str]:
        """What Prism found wrong with any request so far."""
        return _VIOLATION.findall(self._said())

    def stop(self) -> None:
        """End it."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
        self._process.wait(30)


class Relay:
    """Sends each request on to Prism. What Prism takes is answered by `respond`; what it refuses, with its refusal."""

    def __init__(self, prism: Prism, respond: Responder, spoilt: str = "") -> None:
        self.asked: list[str] = []
        self.refused: list[str] = []
        relay = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, body = relay._check(prism.url, self.path + spoilt, dict(self.headers))
                if status < 400:
                    answer = respond(httpx.Request("GET", f"http://relay{self.path}"))
                    status, body = answer.status_code, answer.read()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def _check(self, url: str, path: str, headers: dict[str, str]) -> tuple[int, bytes]:
        self.asked.append(path)
        kept = {name: value for name, value in headers.items() if name.lower() in ("authorization", "accept", "user-agent")}
        try:
            with urllib.request.urlopen(urllib.request.Request(url + path, headers=kept), timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            self.refused.append(f"{error.code} {path}: {error.headers.get('sl-violations', '')}")
            return error.code, error.read()

    def stop(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
