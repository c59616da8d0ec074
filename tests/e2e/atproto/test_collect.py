"""The collector against a real AT Protocol network: what was seeded is what is stored, whatever happens on the way."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from socialbench.model import How
from tests.e2e.atproto.network import PASSWORD, Network, Person, Post, Refused

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    folder = os.environ.get("SOCIALBENCH_E2E_ATPROTO")
    if not folder:
        why = os.environ.get("SOCIALBENCH_E2E_ATPROTO_SKIPPED", "start these tests by `make e2e`")
        pytest.skip(f"no AT Protocol network here: {why}")
    running = Network(Path(folder))
    try:
        yield running
    finally:
        running.stop()


@dataclass
class Seeded:
    """What stands on the network, and how each message speaks to the brand. `context`: words of third parties."""

    brand: Person
    outbound: dict[str, str] = field(default_factory=dict)
    inbound: dict[str, How] = field(default_factory=dict)
    context: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    unreachable: set[str] = field(default_factory=set)

    @property
    def stored(self) -> set[str]:
        return {*self.outbound, *self.inbound, *self.context}


class Story:
    """Tells the network what happens between a brand and its customers, and keeps account of it."""

    def __init__(self, network: Network, brand: str) -> None:
        self.network = network
        self.brand = network.person(brand)
        self.ann, self.bob, self.eve = (network.person(f"{name}-{brand}") for name in ("ann", "bob", "eve"))
        self.seeded = Seeded(self.brand)
        self.threads: list[tuple[Post, Post]] = []

    def says(self, text: str, *reply: Post) -> Post:
        """The brand posts, or replies to (root, parent)."""
        post = self.network.post(self.brand, text, reply=(reply[0], reply[1]) if reply else None)
        self.seeded.outbound[post.uri] = text
        return post

    def asks(self, who: Person, text: str, how: How = How.IN_TEXT) -> Post:
        """A customer names the brand."""
        post = self.network.post(who, text.format(brand=f"@{self.brand.handle}"), mention=self.brand)
        self.seeded.inbound[post.uri] = how
        return post

    def answers(self, who: Person, text: str, root: Post, parent: Post) -> Post:
        """A customer replies to the brand without naming it."""
        post = self.network.post(who, text, reply=(root, parent))
        self.seeded.inbound[post.uri] = How.REPLY
        return post

    def begin(self) -> None:
        """Mentions, replies, a post of the brand with what stands under it, a quote, a block, a deletion, and noise."""
        for number in range(6):
            who = (self.ann, self.bob)[number % 2]
            opener = self.asks(who, f"Hé {{brand}} 🙏 order {number} is late")
            if number % 3 == 0:
                reply = self.says(f"Sorry about order {number}, checking now", opener, opener)
                self.answers(who, f"Thanks, still waiting on {number}", opener, reply)
                self.threads.append((opener, reply))
        self.asks(self.ann, "{brand} are you there?", How.LEADING)
        plain = self.network.post(self.bob, f"nobody at @{self.brand.handle} reads this, typed without a facet")
        self.seeded.inbound[plain.uri] = How.IN_TEXT
        own = self.says("Scheduled maintenance tonight")
        under = self.answers(self.bob, "Not again...", own, own)
        self.seeded.context.add(self.network.post(self.eve, "same here", reply=(own, under)).uri)
        quote = self.network.post(self.ann, "look at this", quote=own)
        self.seeded.inbound[quote.uri] = How.QUOTE
        self.network.post(self.eve, f"@{self.brand.handle}s are something else")
        self.asks(self.eve, "I am done with {brand}")
        self.network.block(self.eve, self.brand)
        self._taken_back()

    def _taken_back(self) -> None:
        """A customer deletes a mention that was answered before anybody collected it; what stands below it remains."""
        opener = self.asks(self.ann, "hm {brand}, forget it")
        reply = self.says("Sorry to hear that!", opener, opener)
        self.answers(self.ann, "never mind", opener, reply)
        self.network.delete(self.ann, opener)
        del self.seeded.inbound[opener.uri]

    def go_on(self) -> None:
        """Late replies on both sides, a new mention, a mention that was seen and is deleted."""
        opener, reply = self.threads[0]
        late = self.answers(self.bob, "me too, by the way", opener, reply)
        self.says("We have written to you both", opener, late)
        fresh = self.asks(self.bob, "new day, new trouble, {brand}")
        self.says("Which one?", fresh, fresh)
        doomed = next(uri for uri, how in self.seeded.inbound.items() if how is How.LEADING)
        self.network.delete(self.ann, Post(doomed, ""))
        self.seeded.gone.add(doomed)


def config(folder: Path, network: Network, brand: Person, host: str) -> Path:
    path = folder / "e2e.yaml"
    path.write_text(
        f'benchmark: E2E\nnetworks: {{bluesky: {{url: "{host}", plc: "{network.plc}"}}}}\n'
        f"brands:\n  - name: Brand\n    handles: {{bluesky: {brand.handle}}}\n"
    )
    return path


def command(path: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "socialbench", "collect", str(path), *more]


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SOCIALBENCH_")}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


def collect(path: Path, *more: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(path, *more),
        cwd=path.parent,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def query(folder: Path, sql: str) -> list[tuple[str, ...]]:
    connection = sqlite3.connect(folder / "data" / "e2e.db")
    try:
        return list(connection.execute(sql))
    finally:
        connection.close()


def stored(folder: Path) -> set[str]:
    rows = query(folder, "select id from message where sent_at is not null")
    assert len(rows) == len(set(rows))
    return {row[0] for row in rows}


def addressed(folder: Path, brand: Person) -> Mapping[str, How]:
    sql = "select m.id, d.how from address d join message m on m.key = d.message join account a on a.key = d.account"
    rows = query(folder, f"{sql} where a.id = '{brand.did}' and d.basis = 0")
    return {uri: How(int(how)) for uri, how in rows}


def gone(folder: Path) -> set[str]:
    return {row[0] for row in query(folder, "select id from message where gone is not null and sent_at is not null")}


def assert_is_what_was_seeded(folder: Path, seeded: Seeded) -> None:
    assert stored(folder) == seeded.stored
    assert addressed(folder, seeded.brand) == seeded.inbound
    assert gone(folder) == seeded.gone


def snapshot(folder: Path) -> list[tuple[str, ...]]:
    return sorted(
        query(folder, "select m.id, m.sent_at, t.text, m.gone from message m left join text t on t.message = m.key"), key=repr
    )


def kill_until_done(path: Path) -> int:
    """Run the collector and kill it ever later until one run comes to its end; how many were killed."""
    killed, seconds = 0, 1.0
    while seconds < 240:
        run = subprocess.Popen(
            command(path), cwd=path.parent, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            assert run.wait(seconds) == 0
        except subprocess.TimeoutExpired:
            run.send_signal(signal.SIGKILL)
            run.wait()
            killed += 1
        else:
            return killed
        seconds *= 1.4
    raise AssertionError("no run came to its end")


def test_store_is_what_was_seeded_through_repeats_and_kills(network: Network, tmp_path: Path) -> None:
    story = Story(network, "brand")
    story.begin()
    path = config(tmp_path, network, story.brand, network.appview)
    first = collect(path)
    assert first.returncode == 0, first.stderr
    assert_is_what_was_seeded(tmp_path, story.seeded)
    before = snapshot(tmp_path)
    assert collect(path).returncode == 0
    assert snapshot(tmp_path) == before

    story.go_on()
    assert kill_until_done(path) > 0
    assert_is_what_was_seeded(tmp_path, story.seeded)

    fresh = tmp_path / "fresh"
    fresh.mkdir()
    again = config(fresh, network, story.brand, network.appview)
    assert kill_until_done(again) > 0
    lost = set(story.seeded.gone)  # Deleted before this store saw it.
    assert stored(fresh) == story.seeded.stored - lost
    assert addressed(fresh, story.brand) == {uri: how for uri, how in story.seeded.inbound.items() if uri not in lost}


def test_brand_with_a_session_sees_the_same(network: Network, tmp_path: Path) -> None:
    story = Story(network, "signed")
    story.begin()
    variables = {"SOCIALBENCH_BLUESKY_USER": story.brand.handle, "SOCIALBENCH_BLUESKY_TOKEN": PASSWORD}
    done = collect(config(tmp_path, network, story.brand, network.pds), **variables)
    assert done.returncode == 0, done.stderr
    assert "notifications: " in done.stderr
    # A block hides its author from the brand's own session: what it cannot see it does not store.
    hidden = {uri for uri in story.seeded.stored if uri.startswith(f"at://{story.eve.did}/")}
    assert story.seeded.stored - hidden <= stored(tmp_path) <= story.seeded.stored
    assert PASSWORD not in done.stderr + done.stdout


def test_real_limit_ends_a_run_with_5_and_the_time_to_come_again(network: Network, tmp_path: Path) -> None:
    brand = network.person("limited")
    refused, asked_at = None, 0.0
    for _ in range(31):
        try:
            asked_at = time.time()
            network.open_session(brand)
        except Refused as error:
            refused = error
            break
    assert refused is not None
    assert refused.status == 429
    wait = refused.headers["Retry-After"]
    free_at = asked_at + int(wait) if wait else int(refused.headers["RateLimit-Reset"])
    assert 200 < free_at - asked_at <= 300
    variables = {"SOCIALBENCH_BLUESKY_USER": brand.handle, "SOCIALBENCH_BLUESKY_TOKEN": PASSWORD}
    started = time.time()
    done = collect(config(tmp_path, network, brand, network.pds), "--max-time", "10s", **variables)
    assert (done.returncode, time.time() - started < 30) == (5, True), done.stderr
    told = re.search(r"come again at (\S+ \S+)", done.stderr)
    assert told is not None, done.stderr
    assert abs(datetime.fromisoformat(told[1]).timestamp() - free_at) <= 3
