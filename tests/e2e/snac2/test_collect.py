"""The collector against snac2, a real and awkward server of Mastodon's client API: what was seeded is what is stored."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.snac2.running import Server, plain, until

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    folder = os.environ.get("SOCIALBENCH_E2E_SNAC2")
    if not folder:
        why = os.environ.get("SOCIALBENCH_E2E_SNAC2_SKIPPED", "start these tests by `make e2e`")
        pytest.skip(f"no snac2 here: {why}")
    running = Server(Path(folder), ("brand", "ann", "bob"))
    try:
        yield running
    finally:
        running.stop()


def reached(server: Server, who: str, text: str) -> str:
    """The id under which `who` was told a status that ends in `text`."""
    return str(until(lambda: next((id_ for told, id_ in server.mentions(who).items() if told.endswith(text)), None), text))


def seed(server: Server) -> dict[str, tuple[str, str | None]]:
    """Mentions, an answer, what comes back, and a private word that nobody may store: who said it, and to what, by text."""
    server.post("ann", "@brand my order is late")
    asked = reached(server, "brand", "my order is late")
    server.post("brand", "@ann sorry, which one?", asked)
    answer = reached(server, "ann", "sorry, which one?")
    server.post("ann", "@brand number seven", answer)
    reached(server, "brand", "number seven")
    server.post("bob", "@brand do you open on Sunday?")
    reached(server, "brand", "do you open on Sunday?")
    server.post("brand", "@bob closed for repairs tonight")
    own = reached(server, "bob", "closed for repairs tonight")
    server.post("bob", "@brand not again", own)
    reached(server, "brand", "not again")
    server.call("ann", "statuses", {"status": "@brand my address is secret", "visibility": "direct"})
    return {
        "my order is late": ("ann", None),
        "sorry, which one?": ("brand", "my order is late"),
        "number seven": ("ann", "sorry, which one?"),
        "do you open on Sunday?": ("bob", None),
        "closed for repairs tonight": ("brand", None),
        "not again": ("bob", "closed for repairs tonight"),
    }


def collect(folder: Path, server: Server) -> subprocess.CompletedProcess[str]:
    path = folder / "e2e.yaml"
    brand = {"name": "Brand", "handles": {"mastodon": {"name": "brand", "url": server.url}}}
    path.write_text(json.dumps({"benchmark": "E2E", "brands": [brand]}))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SOCIALBENCH_")}
    return subprocess.run(
        [sys.executable, "-m", "socialbench", "collect", str(path), "--max-time", "4m"],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT), "SOCIALBENCH_MASTODON_TOKEN": server.tokens["brand"]},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def stored(folder: Path) -> dict[str, tuple[str, str | None]]:
    """Author's name and answered text, by text; the names before a text are cut off."""
    rows = """
    select t.text, n.name, u.text from message m join text t on t.message = m.key
    left join account_name n on n.account = m.author left join text u on u.message = m.parent where m.sent_at is not null
    """
    with closing(sqlite3.connect(folder / "data" / "e2e.db")) as connection:
        found = connection.execute(rows).fetchall()
    assert len(found) == len({row[0] for row in found}), "a message is stored twice"
    return {bare(text): (name.partition("@")[0], bare(above) if above else None) for text, name, above in found}


def bare(text: str) -> str:
    return " ".join(word for word in plain(text).split() if not word.startswith("@"))


def test_store_is_what_was_seeded_and_stays_so(server: Server, tmp_path: Path) -> None:
    seeded = seed(server)
    first = collect(tmp_path, server)
    assert first.returncode == 0, first.stderr
    assert stored(tmp_path) == seeded
    again = collect(tmp_path, server)
    assert again.returncode == 0, again.stderr
    assert stored(tmp_path) == seeded
    assert server.tokens["brand"] not in first.stderr + first.stdout + again.stderr
