"""snac2 on loopback: a small server that speaks Mastodon's client API, with its accounts, seeded over plain HTTP."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

_SETTINGS = {"protocol": "http", "disable_email_notifications": True, "disable_inbox_collection": True, "queue_retry_max": 1}


class Server:
    """A running snac2 with `people`, each of whom has a token."""

    def __init__(self, folder: Path, people: tuple[str, ...]) -> None:
        self._snac = folder / "root" / "usr" / "bin" / "snac"
        self._run = Path(tempfile.mkdtemp(dir=folder / "run"))
        self._data = self._run / "data"
        self._port = _free_port()
        self.host = f"localhost:{self._port}"
        self.url = f"http://{self.host}"
        if os.geteuid() == 0:
            shutil.chown(self._run, "nobody")
        self._do("init", str(self._data), said=f"127.0.0.1\n{self._port}\n{self.host}\n\n\n")
        config = self._data / "server.json"
        config.write_text(json.dumps({**json.loads(config.read_text()), **_SETTINGS}))
        passwords = {name: self._password(name) for name in people}
        with (self._run / "log").open("w") as log:
            self._process = subprocess.Popen(self._words("httpd", str(self._data)), stdout=log, stderr=log)
        try:
            until(self._listens, "snac2 answers")
            self.tokens = {name: self._token(name, password) for name, password in passwords.items()}
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(30)
        shutil.rmtree(self._run, ignore_errors=True)

    def call(self, who: str, path: str, form: Mapping[str, str] | None = None) -> Any:
        """One request as `who`. Raises HTTPError."""
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        request = urllib.request.Request(f"{self.url}/api/v1/{path}", data, {"Authorization": f"Bearer {self.tokens[who]}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())

    def post(self, who: str, text: str, answered: str | None = None) -> str:
        """A public status, or a reply to one; its id on this server."""
        reply = {"in_reply_to_id": answered} if answered else {}
        return str(self.call(who, "statuses", {"status": text, "visibility": "public", **reply})["id"])

    def mentions(self, who: str) -> dict[str, str]:
        """Id by text of what reached `who` so far."""
        told = self.call(who, "notifications?types[]=mention&limit=80")
        return {plain(item["status"]["content"]): str(item["status"]["id"]) for item in told if item["type"] == "mention"}

    def _words(self, *words: str) -> list[str]:
        # snac2 does not run as root.
        lower = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
        return [*lower, str(self._snac), *words]

    def _do(self, *words: str, said: str = "") -> str:
        return subprocess.run(self._words(*words), input=said, capture_output=True, text=True, check=True, timeout=60).stdout

    def _password(self, name: str) -> str:
        told = re.search(r"password\S*\s.*?(\S+)\s*$", self._do("adduser", str(self._data), name), re.IGNORECASE | re.MULTILINE)
        assert told is not None
        return told[1]

    def _token(self, name: str, password: str) -> str:
        form = urllib.parse.urlencode({"login": name, "passwd": password}).encode()
        with urllib.request.urlopen(f"{self.url}/oauth/x-snac-get-token", form, timeout=30) as answer:
            return str(answer.read().decode().strip())

    def _listens(self) -> bool:
        with socket.socket() as found:
            return found.connect_ex(("127.0.0.1", self._port)) == 0


def plain(html: str) -> str:
    """A status without its markup."""
    return re.sub(r"<[^>]*>", "", html).strip()


def until(true: Callable[[], Any], what: str) -> Any:
    """What `true` says once it says anything; its delivery takes seconds. Raises TimeoutError after a minute."""
    for _ in range(300):
        if found := true():
            return found
        time.sleep(0.2)
    raise TimeoutError(what)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
