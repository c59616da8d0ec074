"""A real AT Protocol network on loopback: started, seeded over plain HTTP, stopped."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

PASSWORD = "hunter2-local"


@dataclass(frozen=True)
class Person:
    """An account on the network."""

    handle: str
    did: str
    token: str


@dataclass(frozen=True)
class Post:
    """A post as others refer to it."""

    uri: str
    cid: str

    @property
    def ref(self) -> dict[str, str]:
        return {"uri": self.uri, "cid": self.cid}


class Refused(Exception):
    """An answer that is no success."""

    def __init__(self, status: int, headers: Any, body: str) -> None:
        self.status, self.headers = status, headers
        super().__init__(f"{status}: {body}")


class Network:
    """Addresses of a running network, and what a person can do on it. Posts are dated `minutes` after one another."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._at = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
        names = ("PLC_PORT", "PDS_PORT", "BSKY_PORT", "OZONE_PORT", "PG_PORT", "REDIS_PORT")
        ports = dict(zip(names, map(str, _free_ports(len(names))), strict=True))
        done = subprocess.run(
            [folder / "start.sh"], env={**os.environ, **ports}, capture_output=True, text=True, timeout=300, check=False
        )
        if done.returncode != 0:
            raise RuntimeError(f"the network does not start: {done.stderr[-2000:]}")
        told = json.loads(done.stdout.strip().splitlines()[-1])
        self.plc, self.pds, self.appview = told["plc"], told["pds"], told["appview"]

    def stop(self) -> None:
        """End it."""
        subprocess.run([self._folder / "stop.sh"], timeout=60, check=False, capture_output=True)

    def call(self, nsid: str, body: Any = None, token: str | None = None, **params: Any) -> Any:
        """One request to the account host. Raises Refused."""
        return self._call(self.pds, nsid, body, token, params)

    def person(self, name: str) -> Person:
        """A new account."""
        body = {"handle": f"{name}.test", "email": f"{name}@example.invalid", "password": PASSWORD}
        made = self.call("com.atproto.server.createAccount", body)
        person = Person(made["handle"], made["did"], made["accessJwt"])
        self._put(person, "app.bsky.actor.profile", {"displayName": name.title()}, "self")
        return person

    def post(
        self,
        who: Person,
        text: str,
        *,
        mention: Person | None = None,
        reply: tuple[Post, Post] | None = None,
        quote: Post | None = None,
    ) -> Post:
        """A post, seven minutes after the last one; returns when the app view shows it."""
        self._at += timedelta(minutes=7)
        record: dict[str, Any] = {"text": text, "createdAt": self._at.strftime("%Y-%m-%dT%H:%M:%S.000Z"), "langs": ["en"]}
        if mention is not None:
            tag = f"@{mention.handle}".encode()
            start = text.encode().index(tag)
            feature = {"$type": "app.bsky.richtext.facet#mention", "did": mention.did}
            record["facets"] = [{"index": {"byteStart": start, "byteEnd": start + len(tag)}, "features": [feature]}]
        if reply is not None:
            record["reply"] = {"root": reply[0].ref, "parent": reply[1].ref}
        if quote is not None:
            record["embed"] = {"$type": "app.bsky.embed.record", "record": quote.ref}
        made = self._put(who, "app.bsky.feed.post", record)
        self.until(lambda: self._posts(made["uri"]), f"the app view shows {made['uri']}")
        return Post(made["uri"], made["cid"])

    def delete(self, who: Person, post: Post) -> None:
        """Take a post back; returns when the app view has forgotten it."""
        body = {"repo": who.did, "collection": "app.bsky.feed.post", "rkey": post.uri.rpartition("/")[2]}
        self.call("com.atproto.repo.deleteRecord", body, who.token)
        self.until(lambda: not self._posts(post.uri), f"the app view forgets {post.uri}")

    def block(self, who: Person, whom: Person) -> None:
        """Let `who` block `whom`."""
        stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        self._put(who, "app.bsky.graph.block", {"subject": whom.did, "createdAt": stamp})

    def open_session(self, who: Person) -> Any:
        """One createSession. Raises Refused."""
        return self.call("com.atproto.server.createSession", {"identifier": who.handle, "password": PASSWORD})

    def until(self, true: Any, what: str) -> None:
        """Wait for the index. Raises TimeoutError after half a minute."""
        for _ in range(1500):
            if true():
                return
            time.sleep(0.02)
        raise TimeoutError(what)

    def _posts(self, uri: str) -> Any:
        return self._call(self.appview, "app.bsky.feed.getPosts", None, None, {"uris": uri})["posts"]

    def _put(self, who: Person, collection: str, record: dict[str, Any], rkey: str | None = None) -> Any:
        body: dict[str, Any] = {"repo": who.did, "collection": collection, "record": {"$type": collection, **record}}
        if rkey is not None:
            return self.call("com.atproto.repo.putRecord", {**body, "rkey": rkey}, who.token)
        return self.call("com.atproto.repo.createRecord", body, who.token)

    @staticmethod
    def _call(host: str, nsid: str, body: Any, token: str | None, params: dict[str, Any]) -> Any:
        url = f"{host}/xrpc/{nsid}" + (f"?{urllib.parse.urlencode(params, doseq=True)}" if params else "")
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data, method="GET" if body is None else "POST")
        request.add_header("content-type", "application/json")
        if token:
            request.add_header("authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            raise Refused(error.code, error.headers, error.read().decode()) from None


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
