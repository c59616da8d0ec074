"""`check --online` asks the networks, here one on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.cli.run import run


class _Profiles(BaseHTTPRequestHandler):
    """Knows a.example and nobody else."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        status: int = 400
        tree: dict[str, object] = {"error": "InvalidRequest", "message": "Unable to resolve handle"}
        if parts.path.endswith("getProfiles"):
            asked = parse_qs(parts.query).get("actors", [])
            status, tree = (
                200,
                {"profiles": [{"did": "did:plc:aaaa", "handle": actor} for actor in asked if actor == "a.example"]},
            )
        body = json.dumps(tree).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Profiles) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def write(folder: Path, url: str, handle: str) -> None:
    head = f'benchmark: On\nnetworks: {{bluesky: {{url: "{url}"}}}}\n'
    text = f"{head}brands:\n  - {{name: A, handles: {{bluesky: {handle}, trustpilot: a}}}}\n"
    (folder / "socialbench.yaml").write_text(text, "utf-8")


def test_check_online_finds_handles_that_exist(tmp_path: Path, url: str) -> None:
    write(tmp_path, url, "a.example")
    done = run(tmp_path, "check", "--online", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    rows = json.loads(done.stdout)["online"]
    assert [(row["network"], row["id"]) for row in rows] == [("bluesky", "did:plc:aaaa"), ("trustpilot", None)]


def test_check_online_ends_with_3_for_handles_that_do_not(tmp_path: Path, url: str) -> None:
    write(tmp_path, url, "b.example")
    done = run(tmp_path, "check", "--online")
    assert done.returncode == 3
    assert done.stderr == "1 of 2 handles not found, the first b.example on bluesky: there is no such account\n"
