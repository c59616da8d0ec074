"""`collect` and `status` as a user meets them: a process, a server on loopback, exit codes, what is said where."""

from __future__ import annotations

import http.server
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.run import run_in
from tests.collect.suite.cases import load

ROOT = Path(__file__).parents[2]
Respond = Callable[[str], tuple[int, dict[str, str], bytes]]


@pytest.fixture
def serve() -> Iterator[Callable[[Respond], str]]:
    """Starts a server that answers by a function of the path; gives its URL."""
    servers: list[http.server.ThreadingHTTPServer] = []

    def start(respond: Respond) -> str:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, headers, body = respond(self.path)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET  # noqa: N815

            def log_message(self, *_: Any) -> None:
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def recorded(path: str) -> tuple[int, dict[str, str], bytes]:
    """The answers of the Bluesky fixture."""
    response = load("bluesky").respond(httpx.Request("GET", f"http://x{path}"))
    return response.status_code, {}, response.read()


def write_config(folder: Path, url: str, extra: str = "") -> Path:
    path = folder / "t.yaml"
    path.write_text(
        f'benchmark: T\nnetworks: {{bluesky: {{url: "{url}"}}}}\nbrands:\n  - name: Acme\n    handles:\n'
        f"      bluesky: acme.example\n{extra}"
    )
    return path


def surroundings(**variables: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SOCIALBENCH_")}
    return {**kept, "PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1", **variables}


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "socialbench", *arguments]
    return subprocess.Popen(words, cwd=folder, env=surroundings(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(folder: Path, *arguments: str, **variables: str) -> tuple[int, str, str]:
    done = run_in(folder, arguments, surroundings(**variables), seconds=120)
    return done.returncode, done.stdout, done.stderr


def test_collect_says_one_line_per_stream_and_status_tells_them(tmp_path: Path, serve: Callable[[Respond], str]) -> None:
    config = write_config(tmp_path, serve(recorded), "      trustpilot: acme.example\n")
    code, out, err = run(tmp_path, "collect", str(config))
    assert (code, out) == (0, "")
    assert "bluesky acme.example records: 2 messages, 2 new, 3 pages" in err
    assert "bluesky acme.example named: 3 messages, 1 new, 2 pages, 1 to others" in err
    assert "bluesky acme.example notifications: left out: it wants a credential" in err
    assert "trustpilot: skipped: nothing collects it" in err
    code, out, err = run(tmp_path, "status", str(config), "--json")
    streams = {row["stream"]: row for row in json.loads(out)["streams"]}
    assert code == 0
    assert streams["records"]["complete"] is not None
    assert (streams["named"]["messages"], streams["named"]["gaps"], streams["named"]["cut"]) == (1, 0, False)
    assert streams[None]["network"] == "trustpilot"
    code, out, err = run(tmp_path, "status", str(config))
    assert (code, "never read" in out) == (0, True)


def test_collect_fails_with_3_and_a_table_of_what_to_do(tmp_path: Path, serve: Callable[[Respond], str]) -> None:
    def respond(path: str) -> tuple[int, dict[str, str], bytes]:
        return (403, {}, b"<html>no") if "searchPosts" in path else recorded(path)

    code, out, _ = run(tmp_path, "collect", str(write_config(tmp_path, serve(respond))))
    assert code == 3
    assert out.startswith("brand  network  handle")
    assert out.count("search wants a session; set SOCIALBENCH_BLUESKY_TOKEN") == 2


def test_collect_of_an_unknown_handle_says_so(tmp_path: Path, serve: Callable[[Respond], str]) -> None:
    config = write_config(tmp_path, serve(lambda _path: (400, {}, b'{"error": "InvalidRequest"}')))
    code, out, _ = run(tmp_path, "collect", str(config))
    assert (code, "status 400 InvalidRequest" in out) == (3, True)


def test_collect_stops_with_5_and_the_time_to_come_again(tmp_path: Path, serve: Callable[[Respond], str]) -> None:
    def respond(path: str) -> tuple[int, dict[str, str], bytes]:
        return (429, {"Retry-After": "290"}, b"{}") if "searchPosts" in path else recorded(path)

    config = write_config(tmp_path, serve(respond))
    # 2026-11-18T11:06:40Z
    code, _, err = run(tmp_path, "collect", str(config), "--max-time", "10s", SOCIALBENCH_NOW="1795000000000")
    assert code == 5
    assert "come again at 2026-11-18 11:11:3" in err


def test_collect_refused_by_credentials_ends_with_4_and_never_tells_them(tmp_path: Path, serve: Callable[[Respond], str]) -> None:
    def respond(path: str) -> tuple[int, dict[str, str], bytes]:
        return (401, {}, b'{"error": "AuthenticationRequired"}') if "createSession" in path else recorded(path)

    secret = "abcd-efgh-ijkl-mnop"
    config = write_config(tmp_path, serve(respond))
    (tmp_path / ".env").write_text(f"SOCIALBENCH_BLUESKY_TOKEN={secret}\nSOCIALBENCH_BLUESKY_USER=acme.example\n")
    code, out, err = run(tmp_path, "collect", str(config), "-vv")
    assert code == 4
    assert "SOCIALBENCH_BLUESKY_TOKEN" in out
    assert secret not in out + err


def test_collect_names_a_token_file_that_cannot_be_read(tmp_path: Path) -> None:
    config = write_config(tmp_path, "http://127.0.0.1:9")
    code, out, _ = run(tmp_path, "collect", str(config), SOCIALBENCH_BLUESKY_TOKEN_FILE="/nowhere/token")
    assert (code, "SOCIALBENCH_BLUESKY_TOKEN_FILE: /nowhere/token cannot be read" in out) == (4, True)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_collect_interrupted_keeps_what_it_fetched(
    tmp_path: Path, serve: Callable[[Respond], str], number: signal.Signals, code: int
) -> None:
    reached = threading.Event()

    def respond(path: str) -> tuple[int, dict[str, str], bytes]:
        if "searchPosts" in path:
            reached.set()
            time.sleep(3)
        return recorded(path)

    config = write_config(tmp_path, serve(respond))
    process = start(tmp_path, "collect", str(config))
    assert reached.wait(60)
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == code, err
    assert "everything fetched so far is saved" in err
    done, out, _ = run(tmp_path, "status", str(config), "--json")
    told = json.loads(out)
    assert (done, told["messages"], told["last_run"]["outcome"]) == (0, 2, "interrupted")


def test_dry_run_asks_nothing_and_says_what_is_missing(tmp_path: Path) -> None:
    config = write_config(tmp_path, "http://127.0.0.1:9")
    code, out, _ = run(tmp_path, "collect", str(config), "--dry-run")
    assert code == 0
    assert "missing, would show more: SOCIALBENCH_BLUESKY_TOKEN: an app password; make one in the app" in out
    assert "bluesky (no credential): not visible: mentions" in out
    assert not (tmp_path / "data").exists()
    code, out, _ = run(tmp_path, "collect", str(config), "--dry-run", "--json")
    assert {each["stream"] for each in json.loads(out)["streams"]} >= {
        "records",
        "mentions",
        "named",
        "threads",
        "quotes",
        "polls",
    }


def test_second_collector_at_once_is_turned_away_with_75(tmp_path: Path, serve: Callable[[Respond], str]) -> None:
    reached = threading.Event()

    def respond(path: str) -> tuple[int, dict[str, str], bytes]:
        reached.set()
        time.sleep(2)
        return recorded(path)

    config = write_config(tmp_path, serve(respond))
    first = start(tmp_path, "collect", str(config))
    assert reached.wait(60)
    code, _, err = run(tmp_path, "collect", str(config))
    first.kill()
    first.communicate()
    assert (code, "collect" in err) == (75, True)


def test_check_online_tells_which_handles_exist(tmp_path: Path, serve: Callable[[Respond], str]) -> None:
    config = write_config(tmp_path, serve(recorded))
    code, out, _ = run(tmp_path, "check", str(config), "--online", "--json")
    assert code == 0
    (row,) = json.loads(out)["online"]
    assert (row["handle"], row["said"]) == ("acme.example", "exists")
