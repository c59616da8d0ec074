"""Bluesky and whatever else speaks AT Protocol: a brand's records, its mentions, threads, quotes and notifications.

Handles are domains (`acme.bsky.social`) or DIDs. Settings under `networks: {bluesky: ...}`:

    url     host of the app's reading methods (keyless), and of the session where a credential is given
    plc     directory that resolves did:plc (https://plc.directory; private networks name their own)
    cap     results after which a search ends (10,000)
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from socialbench.collect import fields
from socialbench.collect.atproto import POST, flatten, message
from socialbench.collect.network import Answer, Auth, Facts, Grant, Need, Network, Pace, Params, Refused, Session, Verdict
from socialbench.errors import AnswerError, CredentialError, Forbidden, NotFound, StreamError, TokenRefused, Unreachable
from socialbench.model import (
    Account,
    Direction,
    Gone,
    Handle,
    Json,
    Linking,
    Message,
    Order,
    Over,
    Page,
    Stream,
    Subject,
    Window,
)

_SESSION_HOST = "https://bsky.social"
_DIRECTORY = "https://plc.directory"
_SEARCH_CAP = 10_000
_DEPTH = 200
_HANDLE = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)
_DID = re.compile(r"did:[a-z]+:[A-Za-z0-9._:%-]+")
_FEED = "feed "
"""Begins the tokens of the author feed, which stands in where a host lists no records."""


def _inbound(name: str, over: Over = Over.HANDLE, order: Order = Order.NEWEST_FIRST, **more: bool | int) -> Stream:
    return Stream(name, Direction.INBOUND, over, order, **more)  # type: ignore[arg-type]


class Bluesky(Network):
    """One AT Protocol network: an account host, an app view and a directory of identities."""

    facts = Facts(
        name="bluesky",
        streams=(
            Stream("records", Direction.OUTBOUND, Over.HANDLE, Order.NEWEST_FIRST),
            _inbound("mentions", cap=_SEARCH_CAP, filters_since=True),
            _inbound("named", cap=_SEARCH_CAP, filters_since=True),
            _inbound("notifications", needs_credentials=True),
            _inbound("threads", Over.OWN_POSTS, Order.NONE),
            _inbound("quotes", Over.OWN_POSTS),
            Stream("recheck", Direction.BOTH, Over.KNOWN_IDS, Order.NONE, independent=False),
            _inbound("polls", Over.OPEN_THREADS, Order.NONE),
        ),
        # 3,000 requests in five minutes per address.
        pace=Pace(requests=3000, per_s=300, remaining=("RateLimit-Remaining",), reset=("RateLimit-Reset",)),
        default_url="https://public.api.bsky.app",
        needs=(
            Need("TOKEN", "an app password", "make one in the app: Settings, Privacy and security, App passwords"),
            Need("USER", "the handle that the app password belongs to", "e.g. analyst.bsky.social", secret=False),
        ),
        auth=Auth.LOGIN,
        linking=Linking.PARENT,
        client_dated=True,
        invisible={
            "none": "mentions, as search wants a session: only the brand's records and what stands under its posts are seen",
            "token": "posts that moderation tagged or that blocks hide from the session's account; beyond 10,000 results",
            "own": "nothing known, but notifications alone lose replies, so threads are read beside them",
        },
        own_account=frozenset({"notifications"}),
        verified="lexicons, recordings, and a whole network on loopback; never the live one",
    )

    def __init__(self, options: Mapping[str, Json]) -> None:
        super().__init__(options)
        self._directory_is_down = False

    async def resolve(self, session: Session, handles: Sequence[Handle]) -> Sequence[Account | None]:
        """Accounts by handle or DID: profiles where the host shows them, else the bare DID."""
        profiles = await self._profiles(session, [_actor(handle) for handle in handles])
        return [await self._account(session, handle, profiles) for handle in handles]

    async def _profiles(self, session: Session, actors: Sequence[str]) -> dict[str, Json]:
        found: dict[str, Json] = {}
        for start in range(0, len(actors), 25):
            try:
                answer = await session.fetch("xrpc/app.bsky.actor.getProfiles", {"actors": actors[start : start + 25]})
            except (CredentialError, NotFound) as error:
                if session.credential is not None and isinstance(error, CredentialError):
                    raise
                return found  # An account host without a session shows no profiles, but resolves handles.
            for profile in fields.dig(answer.json, "profiles"):
                found[profile["did"]] = found[str(profile.get("handle", "")).casefold()] = profile
        return found

    async def _account(self, session: Session, handle: Handle, profiles: Mapping[str, Json]) -> Account | None:
        actor = _actor(handle)
        profile = profiles.get(actor) or profiles.get(actor.casefold()) or {}
        did = profile.get("did") or await self._did(session, actor)
        if did is None:
            return None
        created = profile.get("createdAt")
        return Account(
            network="bluesky",
            origin="",
            id=did,
            name=profile.get("handle") or (None if actor.startswith("did:") else actor),
            display_name=profile.get("displayName"),
            followers=profile.get("followersCount"),
            following=profile.get("followsCount"),
            posts=profile.get("postsCount"),
            created_at=fields.moment(created) if created else None,
            host=await self._host(session, did),
        )

    async def _did(self, session: Session, actor: str) -> str | None:
        if actor.startswith("did:"):
            return actor
        try:
            answer = await session.fetch("xrpc/com.atproto.identity.resolveHandle", {"handle": actor}, bearer="")
        except (AnswerError, NotFound):
            return None
        return str(fields.dig(answer.json, "did"))

    async def _host(self, session: Session, did: str) -> str | None:
        """Where the account's records lie, as its DID document says; None where that cannot be read."""
        try:
            answer = await self._document(session, did)
        except Unreachable:
            self._directory_is_down = not did.startswith("did:web:")
            return None
        except (StreamError, CredentialError):
            return None
        services = answer.json.get("service", []) if answer and isinstance(answer.json, dict) else []
        for service in services if isinstance(services, list) else []:
            if isinstance(service, dict) and str(service.get("id", "")).endswith("#atproto_pds"):
                endpoint = str(service.get("serviceEndpoint", ""))
                return endpoint if endpoint.startswith(("https://", "http://")) else None
        return None

    async def _document(self, session: Session, did: str) -> Answer | None:
        if did.startswith("did:web:"):
            return await session.fetch(".well-known/did.json", base="https://" + did.removeprefix("did:web:"))
        directory = self.options.get("plc") or (None if self.options.get("url") else _DIRECTORY)
        if not directory or self._directory_is_down:
            return None
        return await session.fetch(quote(did), base=str(directory))

    async def login(self, session: Session, grant: Grant | None) -> Grant:
        """A session from the app password, or renewed from the last one."""
        if grant is not None and grant.refresh and grant.url:
            try:
                path = "xrpc/com.atproto.server.refreshSession"
                answer = await session.fetch(path, base=grant.url, body={}, bearer=grant.refresh)
                return _grant(answer.json, grant.url)
            except (CredentialError, AnswerError):
                pass  # The renewal itself ran out; the app password still holds.
        credential = session.credential
        if credential is None or not credential.token or not credential.user:
            prefix = credential.prefix if credential else "SOCIALBENCH_BLUESKY"
            raise CredentialError(f"bluesky: {prefix}_TOKEN needs {prefix}_USER beside it: the handle it belongs to")
        host = await self._session_host(session, credential.user)
        body = {"identifier": credential.user.lstrip("@"), "password": credential.token}
        try:
            answer = await session.fetch("xrpc/com.atproto.server.createSession", base=host, body=body, bearer="")
        except (AnswerError, NotFound, Forbidden) as error:
            said = f"bluesky: {host} opens no session for {credential.user}"
            raise CredentialError(
                f"{said}; check {credential.prefix}_USER, {credential.prefix}_TOKEN and the network's `url`"
            ) from error
        return _grant(answer.json, host)

    async def _session_host(self, session: Session, user: str) -> str:
        if not self.options.get("url"):
            return _SESSION_HOST
        did = await self._did(session, user.lstrip("@"))
        return (await self._host(session, did) if did else None) or str(self.options["url"])

    def verdict(self, status: int, json: Json) -> Verdict:
        """By the protocol's names of errors; an expired session is a 400."""
        code = self.code(json)
        if code == "ExpiredToken":
            return Verdict.LOGIN
        if code in {"InvalidToken", "AuthMissing", "AuthenticationRequired", "AuthFactorTokenRequired", "AccountTakedown"}:
            return Verdict.CREDENTIAL
        if status == 400 and code in {"NotFound", "RepoNotFound", "RecordNotFound", "RepoDeactivated", "RepoTakendown"}:
            return Verdict.NOT_FOUND
        if status == 501:
            return Verdict.NOT_FOUND
        return super().verdict(status, json)

    def check(self, handle: Handle) -> str | None:
        """A handle is a whole domain or a DID."""
        actor = _actor(handle)
        if _DID.fullmatch(actor) or _HANDLE.fullmatch(actor):
            return None
        return f"{handle.name!r} is no handle here; write the whole domain, e.g. {actor.split('.')[0]}.bsky.social, or a DID"

    async def sizes(self, session: Session, stream: Stream, subjects: Sequence[Subject]) -> Mapping[str, int]:
        """Replies or quotes that the app view counts for each post."""
        field = {"threads": "replyCount", "quotes": "quoteCount"}.get(stream.name)
        found: dict[str, int] = {}
        for start in range(0, len(subjects) if field else 0, 25):
            uris = [subject.id for subject in subjects[start : start + 25]]
            answer = await session.fetch("xrpc/app.bsky.feed.getPosts", {"uris": uris})
            for post in fields.dig(answer.json, "posts"):
                if isinstance(post.get(field), int):
                    found[post["uri"]] = post[field]
        return found

    async def pages(
        self, session: Session, stream: Stream, subject: Subject, window: Window, token: str | None
    ) -> AsyncIterator[Page]:
        """The pages of a stream; a refused cursor is told apart from a refused request."""
        listings = {"records": _records, "notifications": _notifications, "quotes": _quotes, "recheck": _recheck}
        listings |= {"mentions": _search, "named": _search, "threads": _thread, "polls": _thread}
        read = listings[stream.name]
        while True:
            try:
                page = await read(_Ask(session, stream, subject, window), token)
            except Refused as error:
                if token is None:
                    raise
                raise TokenRefused(f"{error} (with a page token)") from error
            yield page
            token = page.token
            if not token:
                return

    def parse(self, item: Json) -> Iterable[Message]:
        """A post view, a record or a notification as one message; whatever is no post as none."""
        if "record" not in item and "value" not in item:
            return []
        record = item["record"] if "record" in item else item["value"]
        if record.get("$type", POST) != POST:
            return []
        return [message(item, record)]

    def gone(self, item: Json) -> Mapping[str, Gone]:
        """A post that is not found was deleted by its author: nobody else can take it out of the author's own repository."""
        return {item["uri"]: Gone.BY_AUTHOR} if isinstance(item, dict) and item.get("notFound") is True else {}


class _Ask:
    """One listing to be read page by page."""

    def __init__(self, session: Session, stream: Stream, subject: Subject, window: Window) -> None:
        self.session, self.stream, self.subject, self.window = session, stream, subject, window

    @property
    def did(self) -> str:
        return self.subject.account.id


async def _records(ask: _Ask, token: str | None) -> Page:
    if token is None or not token.startswith(_FEED):
        params = _paged({"repo": ask.did, "collection": POST, "limit": 100}, token)
        try:
            answer = await ask.session.fetch(
                "xrpc/com.atproto.repo.listRecords", params, base=ask.subject.account.host or ask.session.url, bearer=""
            )
        except NotFound:
            # An app view keeps no repositories; its author feed shows the same posts.
            return await _author_feed(ask, None)
        records = await _dated(ask.session, fields.dig(answer.json, "records"))
        return Page(records, answer.json.get("cursor"))
    return await _author_feed(ask, token.removeprefix(_FEED))


async def _author_feed(ask: _Ask, token: str | None) -> Page:
    params = _paged({"actor": ask.did, "filter": "posts_with_replies", "limit": 100}, token)
    answer = await ask.session.fetch("xrpc/app.bsky.feed.getAuthorFeed", params)
    posts = [entry["post"] for entry in fields.dig(answer.json, "feed")]
    own = [post for post in posts if post["author"]["did"] == ask.did]  # Reposts stand in the feed as well.
    cursor = answer.json.get("cursor")
    return Page(own, _FEED + cursor if cursor else None)


async def _dated(session: Session, records: Sequence[Json]) -> Sequence[Json]:
    """Records, those that claim to come from the future with the time at which they were indexed."""
    now = session.now()
    future = [record["uri"] for record in records if _claims_later(record, now)]
    if not future:
        return records
    indexed = {}
    try:
        for start in range(0, len(future), 25):
            answer = await session.fetch("xrpc/app.bsky.feed.getPosts", {"uris": future[start : start + 25]})
            indexed.update({post["uri"]: post["indexedAt"] for post in fields.dig(answer.json, "posts")})
    except (StreamError, CredentialError):
        pass  # Then the time of fetching is all there is.
    stamp = datetime.fromtimestamp(now / 1000, UTC).isoformat(timespec="milliseconds")
    return [
        {**record, "indexedAt": indexed.get(record["uri"], stamp)} if record["uri"] in future else record for record in records
    ]


def _claims_later(record: Json, now: int) -> bool:
    try:
        return fields.moment(record["value"]["createdAt"]) > now
    except (KeyError, TypeError, ValueError):
        return False  # What is wrong with it is for the parser to say.


async def _search(ask: _Ask, token: str | None) -> Page:
    params: dict[str, str | int] = {"sort": "latest", "limit": 100}
    if ask.stream.name == "mentions":
        params |= {"q": "*", "mentions": ask.did}
    else:
        params["q"] = "@" + (ask.subject.account.name or _actor(ask.subject.handle))
    if ask.window.since_at is not None:
        params["since"] = datetime.fromtimestamp(ask.window.since_at / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    if token:
        params["cursor"] = token
    try:
        answer = await ask.session.fetch("xrpc/app.bsky.feed.searchPosts", params)
    except (Forbidden, CredentialError) as error:
        if ask.session.credential is not None:
            raise
        raise Forbidden("bluesky: search wants a session; set SOCIALBENCH_BLUESKY_TOKEN and SOCIALBENCH_BLUESKY_USER") from error
    return Page(fields.dig(answer.json, "posts"), answer.json.get("cursor"))


async def _notifications(ask: _Ask, token: str | None) -> Page:
    params: dict[str, str | int | Sequence[str]] = {"reasons": ["mention", "reply", "quote"], "limit": 100}
    if token:
        params["cursor"] = token
    answer = await ask.session.fetch("xrpc/app.bsky.notification.listNotifications", params)
    return Page(fields.dig(answer.json, "notifications"), answer.json.get("cursor"))


async def _quotes(ask: _Ask, token: str | None) -> Page:
    params = _paged({"uri": ask.subject.id, "limit": 100}, token)
    answer = await ask.session.fetch("xrpc/app.bsky.feed.getQuotes", params)
    return Page(fields.dig(answer.json, "posts"), answer.json.get("cursor"))


async def _thread(ask: _Ask, token: str | None) -> Page:
    """A thread from its top; a token lists the posts at which the last answers were cut off for their depth."""
    first, *rest = (token or ask.subject.id).split(" ")
    params: Params = {"uri": first, "depth": _DEPTH, "parentHeight": 0 if token else 100}
    try:
        answer = await ask.session.fetch("xrpc/app.bsky.feed.getPostThread", params)
    except NotFound:
        gone = {"uri": first, "notFound": True}
        return Page([gone], " ".join(rest) or None, missing=token is None)
    items, cut = flatten(fields.dig(answer.json, "thread"))
    return Page(items, " ".join([*rest, *(uri for uri in cut if uri != first)]) or None)


async def _recheck(ask: _Ask, token: str | None) -> Page:
    del token
    uris = ask.subject.id.split(" ")
    answer = await ask.session.fetch("xrpc/app.bsky.feed.getPosts", {"uris": uris})
    posts = fields.dig(answer.json, "posts")
    items = list(posts)
    for uri in set(uris) - {post["uri"] for post in posts}:
        # Absent may also mean that a block hides it from this session; only "not found" is gone.
        try:
            await ask.session.fetch("xrpc/app.bsky.feed.getPostThread", {"uri": uri, "depth": 0, "parentHeight": 0})
        except NotFound:
            items.append({"uri": uri, "notFound": True})
    return Page(items)


def _paged(params: Params, token: str | None) -> Params:
    return {**params, "cursor": token} if token else params


def _actor(handle: Handle) -> str:
    return handle.name.strip().removeprefix("@")


def _grant(json: Json, url: str) -> Grant:
    return Grant(fields.dig(json, "accessJwt"), json.get("refreshJwt"), fields.dig(json, "did"), url)
