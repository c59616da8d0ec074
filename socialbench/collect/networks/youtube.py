"""YouTube, Data API v3: all comments under the videos of a channel, and the replies to them.

Handles are `@acme` or a channel's id (`UC...`). There are no settings of its own. A day's quota is 10,000 units, one
per request, until midnight in California.

Threads are flat: a reply names the thread, never the reply that it answers (`Linking.THREAD`).
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence

from socialbench.classify.addressing import handles_in, mention_how
from socialbench.collect import fields
from socialbench.collect.network import Auth, Facts, Need, Network, Pace, Price, Refused, Session, Verdict
from socialbench.errors import NotFound, TokenRefused
from socialbench.model import (
    Account,
    Address,
    Direction,
    Gone,
    Handle,
    How,
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

_THREADS, _COMMENTS, _CHANNELS = (f"youtube/v3/{name}" for name in ("commentThreads", "comments", "channels"))
_BATCH = 50
_CHANNEL_ID = re.compile(r"UC[A-Za-z0-9_-]{22}")
_HANDLE = re.compile(r"@?[\w.·-]{3,30}")
_UNIT = Price(per_request=1.0, unit="units")
_VERDICTS = {
    "quotaExceeded": Verdict.QUOTA,
    "dailyLimitExceeded": Verdict.QUOTA,
    "rateLimitExceeded": Verdict.RETRY,
    "userRateLimitExceeded": Verdict.RETRY,
    "processingFailure": Verdict.RETRY,
    "backendError": Verdict.RETRY,
    "invalidPageToken": Verdict.TOKEN_REFUSED,
    "keyInvalid": Verdict.CREDENTIAL,
    "keyExpired": Verdict.CREDENTIAL,
    "accessNotConfigured": Verdict.CREDENTIAL,
    "ipRefererBlocked": Verdict.CREDENTIAL,
    "commentsDisabled": Verdict.NOT_FOUND,
    "API_KEY_INVALID": Verdict.CREDENTIAL,
    "API_KEY_SERVICE_BLOCKED": Verdict.CREDENTIAL,
}
"""A 403 may be anything: only the reason tells."""


class YouTube(Network):
    """YouTube, reached with a free API key."""

    facts = Facts(
        name="youtube",
        streams=(
            # The brand's answers come with the threads, so the listing speaks for both directions.
            # It shows the newest five replies of a thread alone, and not again where one comes later.
            Stream("threads", Direction.INBOUND, Over.HANDLE, Order.NEWEST_FIRST),
            Stream("own_threads", Direction.BOTH, Over.OWN_POSTS, Order.NONE),
            Stream("recheck", Direction.BOTH, Over.KNOWN_IDS, Order.NONE, independent=False),
            Stream("replies", Direction.BOTH, Over.OPEN_THREADS, Order.NONE),
        ),
        pace=Pace(requests=600, per_s=60, concurrency=4, quota_zone="America/Los_Angeles", quota=10_000),
        default_url="https://youtube.googleapis.com",
        needs=(
            Need(
                "TOKEN",
                "an API key for the YouTube Data API v3",
                "make a project at console.cloud.google.com, enable the API and create a key; it is free",
                required=True,
            ),
        ),
        auth=Auth.QUERY,
        auth_name="key",
        linking=Linking.THREAD,
        prices=dict.fromkeys(("account", "threads", "own_threads", "recheck", "replies"), _UNIT),
        invisible={
            "none": "everything: YouTube answers nobody without a key",
            "token": "comments that are held, taken for spam or removed by the brand; videos with comments off; community posts;"
            " mentions elsewhere on YouTube",
        },
        counted_threads=frozenset({"replies"}),
        lookup_size=_BATCH,
        verified="the discovery document, recordings of 2019 to 2022, a scripted server; never the live one",
    )

    async def resolve(self, session: Session, handles: Sequence[Handle]) -> Sequence[Account | None]:
        """Channels by id, or one by one by handle."""
        return [await self._channel(session, _name(handle)) for handle in handles]

    async def _channel(self, session: Session, name: str) -> Account | None:
        by = {"id": name} if _CHANNEL_ID.fullmatch(name) else {"forHandle": "@" + name}
        try:
            answer = await session.fetch(_CHANNELS, {"part": "snippet,statistics", **by})
        except NotFound:
            return None
        # Nothing found is an answer without items.
        found = answer.json.get("items") or ()
        return _account(found[0]) if found else None

    async def sizes(self, session: Session, stream: Stream, subjects: Sequence[Subject]) -> Mapping[str, int]:
        """Replies that are counted for each thread."""
        found: dict[str, int] = {}
        for start in range(0, len(subjects), _BATCH):
            ids = ",".join(subject.id for subject in subjects[start : start + _BATCH])
            answer = await session.fetch(_THREADS, {"part": "snippet", "id": ids})
            for thread in fields.dig(answer.json, "items"):
                found[fields.dig(thread, "id")] = fields.dig(thread, "snippet", "totalReplyCount")
        return found

    async def pages(
        self, session: Session, stream: Stream, subject: Subject, window: Window, token: str | None
    ) -> AsyncIterator[Page]:
        """The pages of a stream; a listing whose comments are off, or whose top is gone, is missing."""
        try:
            if stream.name == "threads":
                params = {"part": "snippet,replies", "order": "time", "allThreadsRelatedToChannelId": subject.account.id}
                async for page in _listed(session, _THREADS, params, token):
                    yield page
            elif stream.name == "recheck":
                yield await _recheck(session, subject.id.split(" "))
            else:
                async for page in _thread(session, subject, token):
                    yield page
        except NotFound:
            yield Page([], missing=True)

    def parse(self, item: Json) -> Iterable[Message]:
        """A thread as its top and the replies that came with it; a reply as itself."""
        if "missing" in item:
            return []
        if "topLevelComment" not in (item.get("snippet") or {}):
            return [_message(item, item.get("thread") or {}, item.get("asked"))]
        top = item["snippet"]["topLevelComment"]
        about = _about(item)
        replies = (item.get("replies") or {}).get("comments") or ()
        return [_message(top, about, item.get("asked")), *(_message(reply, about) for reply in replies)]

    def gone(self, item: Json) -> Mapping[str, Gone]:
        """Whether the author, the brand or YouTube took a comment away is not told."""
        return {item["missing"]: Gone.UNKNOWN} if isinstance(item, dict) and "missing" in item else {}

    def verdict(self, status: int, json: Json) -> Verdict:
        """By the reason; the status says little."""
        for reason in _reasons(json):
            if reason in _VERDICTS:
                return _VERDICTS[reason]
        return super().verdict(status, json)

    def code(self, json: Json) -> str:
        """The first reason."""
        return next((reason for reason in _reasons(json) if re.fullmatch(r"\w{1,60}", reason)), "")

    def check(self, handle: Handle) -> str | None:
        """A handle is `@name` or the id of a channel."""
        if _CHANNEL_ID.fullmatch(_name(handle)) or _HANDLE.fullmatch(_name(handle)):
            return None
        return f"{handle.name!r} is no handle here; write @name, or the channel's id, which begins with UC"


async def _listed(session: Session, path: str, params: Mapping[str, str], token: str | None) -> AsyncIterator[Page]:
    while True:
        paged = {"pageToken": token} if token else {}
        try:
            answer = await session.fetch(path, {**params, "maxResults": 100, "textFormat": "plainText", **paged})
        except Refused as error:
            if token is None:
                raise
            raise TokenRefused(f"{error} (with a page token)") from error
        # What pageInfo calls the total is the number on the page; only the token tells of an end.
        token = answer.json.get("nextPageToken")
        yield Page(fields.dig(answer.json, "items"), token)
        if not token:
            return


async def _thread(session: Session, subject: Subject, token: str | None) -> AsyncIterator[Page]:
    """A thread, and all its replies where not all came with it."""
    params = {"part": "snippet,replies", "id": subject.id, "textFormat": "plainText"}
    answer = await session.fetch(_THREADS, params)
    threads = fields.dig(answer.json, "items")
    if not threads:
        yield Page([{"missing": subject.id}], missing=True)
        return
    thread = threads[0] if threads[0].get("id") == subject.id else {**threads[0], "asked": subject.id}
    inline = fields.dig(thread, "replies", "comments") if "replies" in thread else ()
    is_whole = len(inline) >= fields.dig(thread, "snippet", "totalReplyCount")
    about, first = _about(thread), [] if token else [thread]
    if is_whole:
        # Each reply is an item by itself, so that what was read of a thread can be compared with its size.
        yield Page([{**thread, "replies": {}}, *({**reply, "thread": about} for reply in inline)])
        return
    replies = {"part": "snippet", "parentId": str(about["id"])}
    async for page in _listed(session, _COMMENTS, replies, token):
        yield Page([*first, *({**reply, "thread": about} for reply in page.items)], page.token)
        first = []


async def _recheck(session: Session, ids: Sequence[str]) -> Page:
    """Comments by their ids. Old ones were given new ids: such a one answers to its old id under another."""
    found = await _lookup(session, ids)
    missing = [id_ for id_ in ids if id_ not in {comment.get("id") for comment in found}]
    if not any(comment.get("id") not in ids for comment in found):
        return Page([*found, *({"missing": id_} for id_ in missing)])
    items: list[Json] = [comment for comment in found if comment.get("id") in ids]
    for id_ in missing:
        alone = await _lookup(session, [id_])
        items += [{**comment, "asked": id_} for comment in alone] or [{"missing": id_}]
    return Page(items)


async def _lookup(session: Session, ids: Sequence[str]) -> list[Json]:
    answer = await session.fetch(_COMMENTS, {"part": "snippet", "id": ",".join(ids), "textFormat": "plainText"})
    return list(fields.dig(answer.json, "items"))


def _about(thread: Json) -> dict[str, str | None]:
    """What a reply does not say itself: the thread, whose channel it stands on, and who began it."""
    snippet = thread["snippet"]
    top = snippet["topLevelComment"]
    return {"id": fields.text(top, "id"), "channel": snippet.get("channelId"), "author": _author(top["snippet"])}


def _author(snippet: Json) -> str | None:
    # Some have no channel any more.
    return (snippet.get("authorChannelId") or {}).get("value")


def _message(comment: Json, about: Mapping[str, str | None], asked: str | None = None) -> Message:
    snippet, id_ = comment["snippet"], fields.text(comment, "id")
    text, likes = fields.text(snippet, "textDisplay"), snippet.get("likeCount")
    return Message(
        network="youtube",
        origin="",
        id=id_,
        sent_at=fields.moment(fields.text(snippet, "publishedAt")),
        text=text,
        author_id=_author(snippet),
        author_name=snippet.get("authorDisplayName"),
        # A reply's id is that of its thread, a dot and its own.
        root_id=snippet.get("parentId") or about.get("id") or id_.partition(".")[0],
        linking=Linking.THREAD,
        addressed=tuple(_addresses(id_, snippet, text, about)),
        aliases=(asked,) if asked and asked != id_ else (),
        counts={"likes": likes} if isinstance(likes, int) else {},
    )


def _addresses(id_: str, snippet: Json, text: str, about: Mapping[str, str | None]) -> Iterator[Address]:
    is_reply = bool(snippet.get("parentId")) or "." in id_
    channel, author, opener = about.get("channel") or snippet.get("channelId"), _author(snippet), about.get("author")
    # Under another's comment people talk to each other; who began the thread goes on talking to the channel.
    if channel and (not is_reply or (author is not None and author == opener)):
        yield Address(How.POST, channel)
    if is_reply and opener is not None:
        yield Address(How.REPLY, opener)
    for name in dict.fromkeys(handles_in(text)):
        how = mention_how(text, name, is_reply)
        if how is not None:
            yield Address(how, name=name)


def _account(channel: Json) -> Account:
    snippet, statistics = fields.dig(channel, "snippet"), channel.get("statistics") or {}
    hidden = statistics.get("hiddenSubscriberCount") is True
    created = snippet.get("publishedAt")
    return Account(
        network="youtube",
        origin="",
        id=fields.text(channel, "id"),
        name=(snippet.get("customUrl") or "").removeprefix("@") or None,
        display_name=snippet.get("title"),
        followers=None if hidden else _whole(statistics.get("subscriberCount")),
        posts=_whole(statistics.get("videoCount")),
        created_at=fields.moment(created) if created else None,
    )


def _whole(text: Json) -> int | None:
    return int(text) if isinstance(text, str | int) and str(text).isdecimal() else None


def _name(handle: Handle) -> str:
    return handle.name.strip().removeprefix("@")


def _reasons(json: Json) -> Iterator[str]:
    error = json.get("error") if isinstance(json, dict) else None
    if not isinstance(error, dict):
        return
    for listed in (error.get("details"), error.get("errors")):
        for each in listed if isinstance(listed, list) else ():
            if isinstance(each, dict) and isinstance(each.get("reason"), str):
                yield each["reason"]
