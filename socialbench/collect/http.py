"""The only module that talks to the outside: pace, pauses, repeats, bounds, redirects, redaction.

Nothing above it knows httpx; replacing the library is a matter of this file.
"""

from __future__ import annotations

import asyncio
import json
import logging
import zlib
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from socialbench import __version__
from socialbench.collect.clock import Clock, WallClock
from socialbench.collect.gate import Gate, next_midnight, told_wait
from socialbench.collect.network import Answer, Auth, Credential, Grant, Network, Params, Refused, Verdict
from socialbench.collect.query import origin_of, spelled
from socialbench.collect.redact import Redactor
from socialbench.collect.sessions import Sessions
from socialbench.errors import (
    AnswerError,
    CredentialError,
    Forbidden,
    NotFound,
    SocialbenchError,
    Stopped,
    TokenRefused,
    Unreachable,
)
from socialbench.model import Json

for _name in ("httpx", "httpcore"):
    # At INFO httpx logs whole URLs, tokens in them included.
    logging.getLogger(_name).setLevel(logging.WARNING)

LOG = logging.getLogger(__name__)
USER_AGENT = f"socialbench/{__version__} (public customer service benchmark)"
LARGEST_BODY = 32 * 1024 * 1024
TRIES = 5
LIMIT_TRIES = 8
_TIMEOUT_S = 30.0
_WHOLE_S = 180.0
_REDIRECTS = 5
_LOGGED_BYTES = 500

taken: ContextVar[list[Answer] | None] = ContextVar("taken", default=None)
"""Where a sweep wants the answers of its own task noted, so that it can keep them raw."""


@dataclass(slots=True)
class World:
    """What the collector touches outside itself; a test brings its own clock and transport. No `sessions`: none are kept."""

    clock: Clock = field(default_factory=WallClock)
    transport: httpx.AsyncBaseTransport | None = None
    deadline_at: int | None = None
    connections: int = 16
    sessions: Sessions | None = None


class Client:
    """One connection pool for all networks of a run, and one gate per host and credential."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._gates: dict[tuple[str, str], Gate] = {}
        limits = httpx.Limits(max_connections=world.connections, max_keepalive_connections=world.connections)
        timeout = httpx.Timeout(_TIMEOUT_S, connect=10.0, pool=None)
        headers = {"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": "gzip"}
        self._http = httpx.AsyncClient(
            transport=world.transport, limits=limits, timeout=timeout, headers=headers, follow_redirects=False, trust_env=True
        )

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    def gate(self, network: Network, url: str, credential: Credential | None) -> Gate:
        """The gate that requests to the host of `url` with `credential` go through."""
        key = (origin_of(url), credential.token or "" if credential else "")
        if key not in self._gates:
            name = f"{network.facts.name} ({urlsplit(url).hostname})"
            self._gates[key] = Gate(name, network.facts.pace, self.world.clock, self.world.deadline_at)
        return self._gates[key]

    async def exchange(self, request: httpx.Request, left_s: float) -> tuple[httpx.Response, bytes]:
        """One request and its decoded body, without any repeating. Raises httpx.TransportError, TimeoutError, AnswerError."""
        limit = min(_TIMEOUT_S, max(left_s, 0.05))
        request.extensions["timeout"] = httpx.Timeout(limit, pool=None).as_dict()
        # The library's own limits are per read; a server that drips for ever must end too.
        async with asyncio.timeout(min(_WHOLE_S, max(left_s, 0.05))):
            response = await self._http.send(request, stream=True)
            try:
                return response, await _bounded_body(response)
            finally:
                await response.aclose()

    def build(self, url: str, params: Params | None, headers: Mapping[str, str], body: Json) -> httpx.Request:
        """A request; booleans are spelled as JSON spells them, lists are repeated."""
        content = None
        if body is not None:
            content = json.dumps(body).encode() if body else b""
            headers = {**headers, "Content-Type": "application/json"} if body else headers
        return self._http.build_request(
            "GET" if body is None else "POST", url, params=spelled(params), headers=dict(headers), content=content
        )


class HttpSession:
    """What a network file fetches through: one network, one credential."""

    def __init__(self, client: Client, network: Network, credential: Credential | None, url: str, redactor: Redactor) -> None:
        self._client = client
        self._network = network
        self._credential = credential
        self._url = url.rstrip("/")
        self._redactor = redactor
        self._grant: Grant | None = None
        self._kept: Grant | None = None
        self._refusal: SocialbenchError | None = None
        self._login_lock = asyncio.Lock()
        for need in network.facts.needs:
            if credential and need.secret:
                redactor.learn(credential.values.get(need.suffix))

    @property
    def credential(self) -> Credential | None:
        """The credential of this session, None for a keyless one."""
        return self._credential

    @property
    def url(self) -> str:
        """The host that requests without `base` go to."""
        return (self._grant.url if self._grant and self._grant.url else self._url).rstrip("/")

    @property
    def redactor(self) -> Redactor:
        """What cuts this session's secrets out of texts."""
        return self._redactor

    def now(self) -> int:
        """The present moment, UTC in ms."""
        return self._client.world.clock.now()

    async def account_id(self) -> str | None:
        """Whose session it is, None for a keyless one. Raises CredentialError, Stopped."""
        if self._network.facts.auth is not Auth.LOGIN or self._credential is None:
            return None
        return (await self._granted(None)).account_id

    async def wait(self, seconds: float) -> bool:
        """Let time pass, or tell that --max-time is over before. See `network.Session`."""
        if seconds >= self._client.gate(self._network, self.url, self._credential).left_s():
            return False
        await self._client.world.clock.sleep(seconds)
        return True

    async def fetch(
        self, path: str, params: Params | None = None, *, base: str | None = None, body: Json = None, bearer: str | None = None
    ) -> Answer:
        """One answer, after all waiting and repeating. See `network.Session`."""
        call = _Call(path, params, base, body, bearer)
        grant = await self._grant_for(call)
        answer, verdict = await self._insist(call, grant)
        # A session of an earlier run may have been closed since: that says nothing of the credential.
        outlived = verdict is Verdict.CREDENTIAL and grant is self._kept
        if grant is not None and (verdict is Verdict.LOGIN or outlived):
            answer, verdict = await self._insist(call, await self._granted(grant))
        if verdict is not None:
            raise self._error(call, answer, verdict)
        noted = taken.get()
        if noted is not None:
            noted.append(answer)
        return answer

    async def _grant_for(self, call: _Call) -> Grant | None:
        own = call.base is None and call.bearer is None
        logs_in = self._network.facts.auth is Auth.LOGIN and self._credential is not None
        return await self._granted(None) if own and logs_in else None

    async def _granted(self, stale: Grant | None) -> Grant:
        # One login for all tasks: whoever comes with the stale grant after it was renewed takes the new one.
        async with self._login_lock:
            if self._refusal is not None:
                raise self._refusal
            if self._grant is None:
                self._grant = self._kept = self._recalled()
            if self._grant is None or self._grant is stale:
                self._grant = await self._login()
            return self._grant

    def _recalled(self) -> Grant | None:
        """The session of an earlier run."""
        sessions = self._client.world.sessions
        if sessions is None or self._credential is None:
            return None
        return self._learned(sessions.load(self._network.facts.name, self._url, self._credential))

    async def _login(self) -> Grant:
        noted = taken.set(None)  # What a login answers is nobody's to keep.
        try:
            grant = await self._network.login(self, self._grant)
        except (CredentialError, Stopped) as refusal:
            self._refusal = refusal
            raise
        finally:
            taken.reset(noted)
        self._learned(grant)
        sessions = self._client.world.sessions
        if sessions is not None and self._credential is not None:
            sessions.save(self._network.facts.name, self._url, self._credential, grant)
        return grant

    def _learned(self, grant: Grant | None) -> Grant | None:
        if grant is not None:
            self._redactor.learn(grant.access)
            self._redactor.learn(grant.refresh)
        return grant

    async def _insist(self, call: _Call, grant: Grant | None) -> tuple[Answer, Verdict | None]:
        """Ask until there is an answer that repeating would not change."""
        url = (call.base or self.url).rstrip("/") + "/" + call.path.lstrip("/")
        gate = self._client.gate(self._network, url, self._credential if call.base is None else None)
        failures = limits = 0
        while True:
            async with gate.slots:
                await gate.enter()
                answer = await self._once(url, call, grant, gate)
            verdict, resume_at = self._judge(answer, gate)
            if answer is not None and verdict is not Verdict.RETRY:
                if verdict is Verdict.QUOTA and not self._network.facts.pace.quota_zone:
                    gate.shut(Stopped(str(self._error(call, answer, verdict))))
                return answer, verdict
            if resume_at is None:
                failures += 1
                await self._back_off(call, answer, failures, gate)
            else:
                limits += 1
                if limits >= LIMIT_TRIES:
                    raise Stopped(f"{self._where(call)}: it keeps asking us to wait", resume_at)

    def _judge(self, answer: Answer | None, gate: Gate) -> tuple[Verdict | None, int | None]:
        if answer is None:
            return Verdict.RETRY, None
        resume_at = told_wait(self._network.facts.pace, answer.status, answer.headers, answer.json, self.now())
        if resume_at is not None:
            gate.pause_until(resume_at)
        if 200 <= answer.status < 300:
            return None, resume_at
        verdict = self._network.verdict(answer.status, answer.json)
        if verdict is Verdict.QUOTA and self._network.facts.pace.quota_zone:
            gate.pause_until(next_midnight(self._network.facts.pace.quota_zone, self.now()))
        return verdict, resume_at

    async def _back_off(self, call: _Call, answer: Answer | None, failures: int, gate: Gate) -> None:
        if failures >= TRIES:
            if answer is not None and answer.status == 429:
                raise Stopped(f"{self._where(call)}: too many requests, and no word on how long to wait", self.now() + 900_000)
            said = f"status {answer.status}" if answer is not None else "no answer"
            raise Unreachable(f"{self._where(call)}: {said} after {TRIES} tries; is the network down? come again later")
        wait_s = 2.0 ** (failures - 1) * (0.5 + self._client.world.clock.chance())
        if wait_s >= gate.left_s():
            raise Stopped(f"{self._where(call)}: no good answer before --max-time was over", self.now() + round(wait_s * 1000))
        if answer is not None and answer.status == 429:
            gate.pause_until(self.now() + round(wait_s * 1000))
        else:
            await self._client.world.clock.sleep(wait_s)

    async def _once(self, url: str, call: _Call, grant: Grant | None, gate: Gate) -> Answer | None:
        """One answer, redirects followed; None where the connection failed."""
        home, params, body = origin_of(url), call.params, call.body
        for _ in range(_REDIRECTS + 1):
            secret = origin_of(url) == home
            headers, extra = self._signed(call, grant) if secret else ({}, {})
            request = self._client.build(url, {**(params or {}), **extra} or None, headers, body)
            try:
                response, content = await self._client.exchange(request, gate.left_s())
            except (httpx.TransportError, TimeoutError) as error:
                LOG.debug("%s: %s", self._where(call), type(error).__name__)
                return None
            target = response.headers.get("location", "")
            if not response.is_redirect or not target:
                return self._answer(call, response, content)
            if body is not None:
                break
            url, params = str(request.url.join(target)), None
            if urlsplit(url).scheme not in ("http", "https"):
                break
        raise AnswerError(f"{self._where(call)}: it redirects without end, or where nothing goes; check the network's `url`")

    def _signed(self, call: _Call, grant: Grant | None) -> tuple[dict[str, str], dict[str, str]]:
        """Headers and parameters that carry the credential."""
        facts, token = self._network.facts, self._credential.token if self._credential else None
        if call.bearer:
            return {"Authorization": f"Bearer {call.bearer}"}, {}
        if call.bearer == "" or call.base is not None:
            return {}, {}
        bearer = grant.access if grant is not None else token if facts.auth is Auth.BEARER else None
        if bearer:
            return {"Authorization": f"Bearer {bearer}"}, {}
        if token and facts.auth in (Auth.HEADER, Auth.QUERY):
            carried = {facts.auth_name: token}
            return (carried, {}) if facts.auth is Auth.HEADER else ({}, carried)
        return {}, {}

    def _answer(self, call: _Call, response: httpx.Response, content: bytes) -> Answer:
        ok = response.is_success
        try:
            decoded = json.loads(content) if content.strip() else None
        except RecursionError as error:
            raise AnswerError(f"{self._where(call)}: the answer is nested too deeply") from error
        except ValueError as error:
            if ok:
                self._log_body(call, response, content)
                kind = "an HTML page" if content.lstrip()[:1] == b"<" else "no JSON"
                raise AnswerError(f"{self._where(call)}: the answer is {kind}; check the network's `url`") from error
            decoded = None
        if not ok:
            self._log_body(call, response, content)
        elif decoded is None:
            raise AnswerError(f"{self._where(call)}: the answer is empty")
        shown = self._network.public(decoded) if ok else decoded
        if shown is not decoded:
            decoded, content = shown, json.dumps(shown).encode()
        headers = {name.lower(): value for name, value in response.headers.items()}
        url = self._redactor.text(str(response.request.url))
        return Answer(url, response.status_code, headers, decoded, self._redactor.body(content), self.now())

    def _log_body(self, call: _Call, response: httpx.Response, content: bytes) -> None:
        start = self._redactor.text(content.decode("utf-8", "replace"))[:_LOGGED_BYTES]
        LOG.debug("%s: status %s: %s", self._where(call), response.status_code, start)

    def _where(self, call: _Call) -> str:
        host = urlsplit(call.base or self.url).hostname
        return self._redactor.text(f"{self._network.facts.name} {host} {call.path.strip('/').removeprefix('xrpc/')}")

    def _error(self, call: _Call, answer: Answer, verdict: Verdict) -> SocialbenchError:
        code = self._network.code(answer.json)
        said = f"{self._where(call)}: status {answer.status}" + (f" {self._redactor.text(code)}" if code else "")
        if verdict in (Verdict.CREDENTIAL, Verdict.LOGIN):
            prefix = self._credential.prefix if self._credential else f"SOCIALBENCH_{self._network.facts.name.upper()}"
            names = " and ".join(f"{prefix}_{need.suffix}" for need in self._network.facts.needs) or "a credential"
            why = "the credential is refused" if self._credential else "it wants a credential"
            return CredentialError(f"{said}: {why}; set {names}")
        if verdict is Verdict.QUOTA:
            zone = self._network.facts.pace.quota_zone
            return Stopped(f"{said}: the quota or credit is used up", next_midnight(zone, self.now()) if zone else None)
        kinds: dict[Verdict, tuple[type[SocialbenchError], str]] = {
            Verdict.FORBIDDEN: (Forbidden, "it will not show this at our access"),
            Verdict.NOT_FOUND: (NotFound, "there is no such thing"),
            Verdict.TOKEN_REFUSED: (TokenRefused, "the page token is no longer taken; it is swept again"),
        }
        kind, why = kinds.get(verdict, (Refused, "the request is refused; the network may have changed"))
        return kind(f"{said}: {why}")


@dataclass(frozen=True, slots=True)
class _Call:
    path: str
    params: Params | None
    base: str | None
    body: Json
    bearer: str | None


async def _bounded_body(response: httpx.Response) -> bytes:
    # Decompressed here and piecewise: a small gzip body may unfold to gigabytes.
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("identity", "", "gzip", "deflate"):
        raise AnswerError(f"{response.request.url.host}: the answer is packed as {coding[:20]!r}, which nobody asked for")
    unpack = zlib.decompressobj(47) if coding in ("gzip", "deflate") else None
    parts: list[bytes] = []
    size = 0
    async for chunk in response.aiter_raw():
        try:
            piece = unpack.decompress(chunk, LARGEST_BODY + 1 - size) if unpack else chunk
        except zlib.error as error:
            raise AnswerError(f"{response.request.url.host}: the answer cannot be unpacked") from error
        size += len(piece)
        parts.append(piece)
        if size > LARGEST_BODY:
            raise AnswerError(f"{response.request.url.host}: the answer is larger than {LARGEST_BODY // 2**20} MB")
    return b"".join(parts)


__all__ = ["LARGEST_BODY", "TRIES", "Client", "HttpSession", "World", "taken"]
