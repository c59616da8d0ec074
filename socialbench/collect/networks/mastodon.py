"""Mastodon and servers that speak its client API: a brand's statuses, the replies under them, and, with the brand's own
token, its mentions.

Handles are `@acme@mastodon.social`, or `{name: acme, url: "https://social.acme.example"}` where the server's address is
not the second half of the handle. Everything is read from the brand's home server: others hold partial copies. The home
server's host is the origin, as ids are unique within a server only; brands that live on different servers share no ids,
and a message that two servers hold (one `uri`) is a message of each brand by itself. Settings under
`networks: {mastodon: ...}`:

    url     one server for all handles that name no address of their own

A token belongs to one server: where several are asked, a handle names its own by `credentials`. Listings are read
newest first, by `max_id`: what a sweep claims is a time, and ids here need be neither numbers nor in order.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from urllib.parse import parse_qsl, quote, urlsplit

from socialbench.collect import fields
from socialbench.collect.network import Answer, Auth, Facts, Grant, Need, Network, Pace, Params, Refused, Session, Verdict
from socialbench.collect.statuses import SHOWN, local_name, masked, message
from socialbench.errors import AnswerError, CredentialError, Forbidden, NotFound, TokenRefused
from socialbench.model import (
    Account,
    Direction,
    Gone,
    Handle,
    Json,
    Message,
    Order,
    Over,
    Page,
    Stream,
    Subject,
    Window,
)

_STATUSES, _NOTIFICATIONS, _ACCOUNTS = (f"api/v1/{name}" for name in ("statuses", "notifications", "accounts"))
_BATCH = 20
_ANONYMOUS = (40, 60, 20)
_LOGGED_IN = (4096, 4096, 4096)
"""Ancestors, descendants and depth at which a server cuts a thread without a word."""
_REFRESHES = 3
_LONGEST_REFRESH_S = 60
_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?")
_HOST = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)*[^\W_](?:[\w-]*[^\W_])?(?::\d{1,5})?")
_LINK = re.compile(r'<([^<>]{1,4000})>\s*;[^<>]*?\brel="?next\b', re.IGNORECASE)
_RETRY = re.compile(r"\bretry=(\d{1,6})")


class Mastodon(Network):
    """Any number of servers, each reached at the address of the handle that lives there."""

    facts = Facts(
        name="mastodon",
        streams=(
            Stream("statuses", Direction.OUTBOUND, Over.HANDLE, Order.NEWEST_FIRST),
            Stream("mentions", Direction.INBOUND, Over.HANDLE, Order.NEWEST_FIRST, needs_credentials=True),
            Stream("replies", Direction.INBOUND, Over.OWN_POSTS, Order.NONE),
            Stream("recheck", Direction.BOTH, Over.KNOWN_IDS, Order.NONE, independent=False),
            Stream("polls", Direction.INBOUND, Over.OPEN_THREADS, Order.NONE),
        ),
        # 300 requests in five minutes; resets are told as ISO times, by some servers as epoch seconds.
        pace=Pace(requests=300, per_s=300, remaining=("X-RateLimit-Remaining",), reset=("X-RateLimit-Reset",)),
        default_url="https://mastodon.social",
        needs=(
            Need(
                "TOKEN",
                "an access token of the brand's own account",
                "log in as the brand: Preferences, Development, New application"
                " with read:accounts, read:notifications and read:statuses",
            ),
        ),
        auth=Auth.LOGIN,
        client_dated=True,
        invisible={
            "none": "mentions: only replies to the account's own posts are seen, so figures speak of replies to own posts, not"
            " of mentions; of a thread all beyond 60 replies or 20 levels; whatever the home server does not hold",
            "token": "mentions of every account but the token's own: there figures speak of replies to own posts; whatever the"
            " home server does not hold",
            "own": "private messages, which are dropped; quotes that name nobody; whatever the home server does not hold",
        },
        own_account=frozenset({"mentions"}),
        lookup_size=_BATCH,
        verified="the contract 4.7.0, recordings of 2022, a scripted server; never a live one",
    )

    def __init__(self, options: Mapping[str, Json]) -> None:
        super().__init__(options)
        self._without_batch: set[str] = set()

    def home(self, handle: Handle) -> str | None:
        """The handle's own server."""
        host = _halves(handle)[1]
        return f"https://{host}" if host else None

    def public(self, json: Json) -> Json:
        """Statuses that are for some people only lose all but their ids, and their notifications who sent them."""
        return masked(json)

    def verdict(self, status: int, json: Json) -> Verdict:
        """Words of errors come in the account's language, or as a page: only the status tells."""
        return Verdict.FORBIDDEN if status == 418 else super().verdict(status, json)

    def check(self, handle: Handle) -> str | None:
        """A handle is a name and its server."""
        name, host = _halves(handle)
        if not _NAME.fullmatch(name):
            return f"{handle.name!r} is no handle here; write name@server, e.g. @acme@mastodon.social"
        if host is None:
            return None if handle.url or self.options.get("url") else f"{name!r}: which server? write @{name}@mastodon.social"
        return None if _HOST.fullmatch(host) else f"{host!r} is no server; write name@server, e.g. @{name}@mastodon.social"

    async def login(self, session: Session, grant: Grant | None) -> Grant:
        """Whose token it is. The grant holds no secret, as each request brings the token itself."""
        try:
            path = f"{_ACCOUNTS}/verify_credentials"
            answer = await session.fetch(path, base=session.url, bearer=_token(session))
        except (Forbidden, NotFound) as error:
            prefix = session.credential.prefix if session.credential else ""
            raise CredentialError(f"{error}; give {prefix}_TOKEN the right read:accounts") from error
        return Grant("", account_id=str(fields.dig(answer.json, "id")))

    async def resolve(self, session: Session, handles: Sequence[Handle]) -> Sequence[Account | None]:
        """Accounts one by one, by their names on the home server."""
        return [await self._account(session, handle) for handle in handles]

    async def _account(self, session: Session, handle: Handle) -> Account | None:
        name, host = _halves(handle)
        origin = host or _host_of(session)
        try:
            found = (await _fetch(session, f"{_ACCOUNTS}/lookup", {"acct": name})).json
        except NotFound:
            return None
        created, bot = found.get("created_at"), found.get("bot")
        return Account(
            network="mastodon",
            origin=origin,
            id=fields.text(found, "id"),
            name=local_name(fields.text(found, "acct"), origin),
            display_name=found.get("display_name"),
            followers=found.get("followers_count"),
            following=found.get("following_count"),
            posts=found.get("statuses_count"),
            created_at=fields.moment(created) if created else None,
            bot=bot if isinstance(bot, bool) else None,
        )

    async def sizes(self, session: Session, stream: Stream, subjects: Sequence[Subject]) -> Mapping[str, int]:
        """Replies that the server counts under each status, where it tells of many at once."""
        found: dict[str, int] = {}
        for start in range(0, len(subjects), _BATCH):
            statuses = await self._batch(session, [subject.id for subject in subjects[start : start + _BATCH]])
            counts = {status["id"]: status.get("replies_count") for status in statuses}
            found |= {id_: count for id_, count in counts.items() if isinstance(count, int)}
        return found

    async def pages(
        self, session: Session, stream: Stream, subject: Subject, window: Window, token: str | None
    ) -> AsyncIterator[Page]:
        """The pages of a stream; a thread whose status is gone is missing."""
        if stream.name == "recheck":
            yield await self._recheck(session, subject)
        elif stream.over is not Over.HANDLE:
            yield await self._thread(session, stream, subject)
        elif stream.name == "mentions":
            params: Params = {"types[]": ["mention"], "include_filtered": True, "limit": 80}
            async for page in self._listed(session, _NOTIFICATIONS, params, window, token):
                told = [item["status"] for item in page.items if item.get("type") == "mention"]
                # Some servers notify of a mention without listing it in the status.
                whom = {"told": {"id": subject.account.id, "acct": subject.account.name}}
                yield Page([{**status, **whom} for status in _placed(told, subject)], page.token)
        else:
            path = f"{_ACCOUNTS}/{quote(subject.account.id, safe='')}/statuses"
            async for page in self._listed(session, path, {"exclude_reblogs": True, "limit": 40}, window, token):
                yield Page(_placed(page.items, subject), page.token)

    async def _listed(
        self, session: Session, path: str, params: Params, window: Window, token: str | None
    ) -> AsyncIterator[Page]:
        while True:
            key, _, value = (token or "").partition("=")
            try:
                answer = await _fetch(session, path, {**params, key: value} if token else params)
            except Refused as error:
                if token is None:
                    raise
                raise TokenRefused(f"{error} (with a page token)") from error
            items = _list(answer.json)
            # The home server dates its own statuses and all notifications, in the order in which it lists them.
            token = None if _are_older(items, window.since_at) else _next(answer, items, token)
            yield Page(items, token)
            if token is None:
                return

    async def _thread(self, session: Session, stream: Stream, subject: Subject) -> Page:
        """What stands above and below a status; of a status that is not known to be stored, also itself."""
        path = f"{_STATUSES}/{quote(subject.id, safe='')}"
        asked = stream.over is Over.OPEN_THREADS
        try:
            own = (await _fetch(session, path)).json if asked else {"id": subject.id, "in_reply_to_id": None}
            context = await self._context(session, f"{path}/context")
        except NotFound:
            return Page([], missing=True)
        above, below = _list(fields.dig(context, "ancestors")), _list(fields.dig(context, "descendants"))
        top = above[0] if above else own
        root = {"top": fields.text(top, "id") if top.get("in_reply_to_id") is None else None}
        items = [*above, *([own] if asked else []), *below]
        caps = _LOGGED_IN if _token(session) else _ANONYMOUS
        reached = (len(above), len(below), _depth(below, subject.id))
        capped = any(count >= cap for count, cap in zip(reached, caps, strict=True))
        return Page([{**item, **root} for item in _placed(items, subject)], capped=capped)

    async def _context(self, session: Session, path: str) -> Json:
        """A context, read again while the server is still fetching replies from elsewhere."""
        answer = await _fetch(session, path)
        for _ in range(_REFRESHES):
            told = _RETRY.search(answer.headers.get("mastodon-async-refresh", ""))
            if told is None or not await session.wait(min(int(told.group(1)), _LONGEST_REFRESH_S)):
                break
            answer = await _fetch(session, path)
        return answer.json

    async def _recheck(self, session: Session, subject: Subject) -> Page:
        """Statuses by their ids. One that is not among them is asked for alone: not every server knows the batch."""
        ids = subject.id.split(" ")
        items = list(await self._batch(session, ids))
        for id_ in sorted(set(ids) - {item["id"] for item in items}):
            try:
                items.append((await _fetch(session, f"{_STATUSES}/{quote(id_, safe='')}")).json)
            except NotFound:
                items.append({"missing": id_})
            except Forbidden:
                continue  # Hidden from us is not gone.
        return Page(_placed(items, subject))

    async def _batch(self, session: Session, ids: Sequence[str]) -> list[Json]:
        if session.url in self._without_batch:
            return []
        try:
            answer = await _fetch(session, _STATUSES, {"id[]": ids})
        except (NotFound, AnswerError):
            self._without_batch.add(session.url)
            return []
        statuses = answer.json if isinstance(answer.json, list) else []
        return [status for status in statuses if isinstance(status, dict) and status.get("id") in ids]

    def parse(self, item: Json) -> Iterable[Message]:
        """A status as one message; a boost, one that is not for everybody, and one that is missing, as none."""
        if "missing" in item or item.get("reblog") is not None or fields.text(item, "visibility") not in SHOWN:
            return []
        return [message(item)]

    def gone(self, item: Json) -> Mapping[str, Gone]:
        """Whether its author, the home server or the author's server took a status away is not told."""
        return {item["missing"]: Gone.UNKNOWN} if isinstance(item, dict) and "missing" in item else {}


def _halves(handle: Handle) -> tuple[str, str | None]:
    """The name of a handle and its server, None where it names none."""
    name, _, host = handle.name.strip().lstrip("@").partition("@")
    return name, (handle.origin or host).casefold() or None


def _token(session: Session) -> str:
    return (session.credential.token if session.credential else None) or ""


async def _fetch(session: Session, path: str, params: Params | None = None) -> Answer:
    return await session.fetch(path, params, bearer=_token(session))


def _host_of(session: Session) -> str:
    return urlsplit(session.url).netloc.casefold()


def _list(json: Json) -> list[Json]:
    if not isinstance(json, list) or not all(isinstance(item, dict) for item in json):
        raise AnswerError("the answer is no list of things")
    return json


def _placed(statuses: Iterable[Json], subject: Subject) -> list[Json]:
    """Statuses with the server on which they were read, which they do not tell themselves."""
    return [{**status, "home": subject.account.origin} for status in statuses]


def _are_older(items: Sequence[Json], since_at: int | None) -> bool:
    if since_at is None or not items:
        return False
    try:
        return all(fields.moment(item["created_at"]) < since_at for item in items)
    except (KeyError, TypeError, ValueError):
        return False  # What is wrong with it is for the parser to say.


def _next(answer: Answer, items: Sequence[Json], asked: str | None) -> str | None:
    """What the next page is asked by: what the Link header says, of which only the ids are taken, else the last id."""
    if "link" in answer.headers:
        found = _LINK.search(answer.headers["link"])
        said = dict(parse_qsl(urlsplit(found.group(1)).query)) if found else {}
        return next((f"{key}={said[key]}" for key in ("max_id", "min_id", "since_id") if said.get(key)), None)
    token = f"max_id={fields.text(items[-1], 'id')}" if items else None
    # A server that knows no paging answers the same again.
    return None if token == asked else token


def _depth(below: Sequence[Json], top: str) -> int:
    depths = {top: 0}
    for status in below:
        depths[status.get("id", "")] = depths.get(status.get("in_reply_to_id"), 0) + 1
    return max(depths.values())
