"""X, API v2: mentions of any public account, what a search finds, the brand's own posts, conversations, look-ups.

Handles are user names (`@acme`). Settings under `networks: {x: ...}`:

    naming  post (the contract since 2.167) or tweet (2.159): which names requests use; answers are read in both
    search  recent (7 days) or all (the archive, which wants an app's own token)
    budget  US dollars that one run may spend; posts cost 0.005 each, once per UTC day, users 0.010

Requests ask by `start_time`, never by `since_id`: an id older than seven days would be refused, a time is clipped
here and the rest noted as a gap. What X charges for objects in `includes` is not known and not counted.
"""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain

from socialbench.classify.addressing import handles_in, mention_how, parted
from socialbench.collect import fields
from socialbench.collect.network import Auth, Facts, Need, Network, Pace, Price, Refused, Session, Verdict
from socialbench.errors import AnswerError, Forbidden, NotFound, StreamError, TokenRefused, UsageError
from socialbench.model import (
    DAY_MS,
    HOUR_MS,
    Account,
    Address,
    Direction,
    Gone,
    Handle,
    How,
    Json,
    Message,
    Order,
    Over,
    Page,
    Stream,
    Subject,
    Window,
)

_FIELDS = "id,text,created_at,conversation_id,entities,lang,public_metrics"
_NAMINGS = {
    "post": {
        "post.fields": f"{_FIELDS},note_post",
        "expansions": "author_id,in_reply_to_user_id,referenced_posts,edit_history_post_ids",
    },
    "tweet": {
        "tweet.fields": f"{_FIELDS},note_tweet,author_id,in_reply_to_user_id,referenced_tweets,edit_history_tweet_ids",
        "expansions": "author_id,referenced_tweets.id",
    },
}
_USER_FIELDS = "id,name,username,created_at,protected,public_metrics"
_SEARCHES = {"recent": "2/tweets/search/recent", "all": "2/tweets/search/all"}
_SEARCH_REACH_MS = 7 * DAY_MS - HOUR_MS
"""An hour less than X shows, so that the last page of a slow sweep does not ask for what is too old by then."""
_FIRST_POST_AT = 1_142_899_200_000
_OLDEST_TIMELINE_AT = 1_289_001_601_000
_LATEST_MS = 60_000
"""A search ends 30 seconds ago; asked for younger posts alone it is refused."""
_NAME = re.compile(r"[A-Za-z0-9_]{1,15}")
_FIRST_SNOWFLAKE = 29_700_859_247
_SNOWFLAKE_EPOCH = 1_288_834_974_657
_MUTE_FROM = 5
"""So many replies on a page of which none names what it answers are no chance."""
_POSTS = Price(per_item=0.005, page_items=100, once_a_day="id")


def _inbound(name: str, over: Over = Over.HANDLE, cap: int | None = None) -> Stream:
    return Stream(name, Direction.INBOUND, over, Order.NEWEST_FIRST, cap=cap, filters_since=True)


class X(Network):
    """One X, reached with an app's bearer token."""

    facts = Facts(
        name="x",
        streams=(
            Stream("posts", Direction.OUTBOUND, Over.HANDLE, Order.NEWEST_FIRST, cap=3200, filters_since=True),
            _inbound("mentions", cap=800),
            _inbound("search"),
            Stream("recheck", Direction.BOTH, Over.KNOWN_IDS, Order.NONE, independent=False),
            _inbound("conversations", Over.OPEN_THREADS, cap=1000),
        ),
        # One request per second is told nowhere: faster ones get a 429 with requests left.
        pace=Pace(
            requests=900,
            per_s=900,
            gap_s=1.0,
            remaining=("x-rate-limit-remaining",),
            reset=("x-rate-limit-reset",),
            burst_wait_s=10.0,
        ),
        default_url="https://api.x.com",
        needs=(Need("TOKEN", "an app's bearer token", "make an app and buy credit at developer.x.com", required=True),),
        auth=Auth.BEARER,
        prices={
            "account": Price(per_item=0.010),
            **dict.fromkeys(("posts", "mentions", "search", "recheck", "conversations"), _POSTS),
        },
        invisible={
            "none": "everything: X answers nobody without a token",
            "token": "protected, deleted and withheld posts; mentions beyond the newest 800 and, in search, beyond seven days;"
            " of a conversation all but the newest 1,000 posts; quotes of the brand's posts that do not name it",
        },
        lookup_size=100,
        verified="the contracts 2.159 and 2.167, recordings of 2021 and 2022, a scripted server; never the live one",
    )

    def __init__(self, options: Mapping[str, Json]) -> None:
        super().__init__(options)
        self._naming = _choice(options, "naming", _NAMINGS, "post")
        self._search = _choice(options, "search", _SEARCHES, "recent")

    async def resolve(self, session: Session, handles: Sequence[Handle]) -> Sequence[Account | None]:
        """Accounts by user name, a hundred per request."""
        # One name of a wrong form would make X refuse the whole request.
        names = list(dict.fromkeys(name for name in map(_name, handles) if _NAME.fullmatch(name)))
        found: dict[str, Json] = {}
        for start in range(0, len(names), 100):
            params = {"usernames": ",".join(names[start : start + 100]), "user.fields": _USER_FIELDS}
            answer = await session.fetch("2/users/by", params)
            if "data" not in answer.json and "errors" not in answer.json:
                raise AnswerError("x: the answer to a look-up of accounts lacks data")
            for user in answer.json.get("data") or ():
                found[fields.dig(user, "username").casefold()] = user
        return [_account(found.get(_name(handle).casefold())) for handle in handles]

    async def pages(
        self, session: Session, stream: Stream, subject: Subject, window: Window, token: str | None
    ) -> AsyncIterator[Page]:
        """The pages of a stream; a refused token is told apart from a refused request."""
        if stream.name == "recheck":
            yield await self._recheck(session, subject.id.split(" "))
            return
        path, params = self._listing(stream, subject)
        params |= {"max_results": 100, **_NAMINGS[self._naming], "user.fields": _USER_FIELDS}
        params |= _start(path, window.since_at, session.now())
        while True:
            try:
                answer = await session.fetch(path, params | _next(path, token))
            except Refused as error:
                if token is None:
                    raise Refused(f"{error}; it may know other names only: try networks.x.naming") from error
                raise TokenRefused(f"{error} (with a page token)") from error
            page = _page(answer.json)
            yield page
            token = page.token
            if not token:
                return

    def _listing(self, stream: Stream, subject: Subject) -> tuple[str, dict[str, str | int]]:
        if stream.name == "mentions":
            return f"2/users/{subject.account.id}/mentions", {}
        if stream.name == "posts":
            return f"2/users/{subject.account.id}/tweets", {"exclude": "retweets"}
        query = f"conversation_id:{subject.id} -is:retweet"
        if stream.name == "search":
            name = subject.account.name or _name(subject.handle)
            query = f"(@{name} OR to:{name}) -from:{name} -is:retweet"
        return _SEARCHES[self._search], {"query": query}

    async def _recheck(self, session: Session, ids: Sequence[str]) -> Page:
        """Posts by their ids; those of which there is a later version in that version."""
        posts = await self._lookup(session, ids)
        latest = {_history(post)[-1] for post in posts if "id" in post} - {post.get("id") for post in posts}
        for start in range(0, len(latest), 100):
            newer = await self._lookup(session, sorted(latest)[start : start + 100])
            renewed = {id_ for post in newer if "id" in post for id_ in _history(post)[:-1]}
            posts = [post for post in posts if post.get("id") not in renewed] + [post for post in newer if "id" in post]
        return Page(posts)

    async def _lookup(self, session: Session, ids: Sequence[str]) -> list[Json]:
        params = {"ids": ",".join(ids), **_NAMINGS[self._naming], "user.fields": _USER_FIELDS}
        answer = await session.fetch("2/tweets", params)
        if "data" not in answer.json and "errors" not in answer.json:
            raise AnswerError("x: the answer to a look-up of posts lacks data")
        # Most partial errors speak of expansions; only those about the ids asked for say that a post is gone.
        errors = [error for error in answer.json.get("errors") or () if error.get("parameter") in ("ids", "id")]
        missing = {str(error.get("resource_id") or error.get("value")): _problem(error) for error in errors}
        return _posts(answer.json) + [{"missing": id_, "why": why} for id_, why in missing.items() if id_ in ids]

    def reach(self, stream: Stream, subject: Subject, at: int) -> int | None:
        """Recent search shows seven days."""
        if self._search != "recent" or stream.name not in ("search", "conversations"):
            return None
        began_at = _moment_of(subject.id) if stream.name == "conversations" and subject.id.isdecimal() else None
        oldest_at = at - _SEARCH_REACH_MS
        return None if began_at is not None and began_at >= oldest_at else oldest_at

    def parse(self, item: Json) -> Iterable[Message]:
        """A post as one message; a retweet, and a post that is missing, as none."""
        return [] if "missing" in item or "retweeted" in _references(item) else [_message(item)]

    def gone(self, item: Json) -> Mapping[str, Gone]:
        """A post not found was deleted by its author or with its account; one we may not see is protected or suspended."""
        if not isinstance(item, dict) or "missing" not in item:
            return {}
        return {item["missing"]: Gone.BY_AUTHOR if item["why"] == "resource-not-found" else Gone.UNKNOWN}

    def verdict(self, status: int, json: Json) -> Verdict:
        """By the last segment of a problem's `type`: its host has changed before."""
        problem = _problem(json)
        if problem == "usage-capped":
            return Verdict.QUOTA
        if status == 403 and problem in ("unsupported-authentication", "client-forbidden"):
            return Verdict.CREDENTIAL
        return super().verdict(status, json)

    def code(self, json: Json) -> str:
        """The last segment of a problem's `type`."""
        return _problem(json)

    def check(self, handle: Handle) -> str | None:
        """A handle has up to fifteen letters, digits and underscores."""
        if _NAME.fullmatch(_name(handle)):
            return None
        return f"{handle.name!r} is no user name here; write up to 15 letters, digits or underscores, e.g. @acme_care"


def _choice(options: Mapping[str, Json], key: str, choices: Mapping[str, object], default: str) -> str:
    chosen = options.get(key, default)
    if chosen not in choices:
        raise UsageError(f"networks.x.{key}: {chosen!r} is none of {', '.join(choices)}")
    return str(chosen)


def _name(handle: Handle) -> str:
    return handle.name.strip().removeprefix("@")


def _account(user: Json) -> Account | None:
    if user is None:
        return None
    metrics, created = user.get("public_metrics") or {}, user.get("created_at")
    return Account(
        network="x",
        origin="",
        id=fields.text(user, "id"),
        name=user["username"],
        display_name=user.get("name"),
        followers=metrics.get("followers_count"),
        following=metrics.get("following_count"),
        posts=metrics.get("post_count", metrics.get("tweet_count")),
        created_at=fields.moment(created) if created else None,
    )


def _start(path: str, since_at: int | None, now: int) -> dict[str, str | int]:
    archive = path == _SEARCHES["all"]
    if since_at is None and not archive:
        return {}
    # Without a beginning the archive would begin thirty days ago.
    oldest_at = _FIRST_POST_AT if archive else _OLDEST_TIMELINE_AT
    start_at = max(min(since_at or 0, now - _LATEST_MS), oldest_at)
    return {"start_time": datetime.fromtimestamp(start_at // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}


def _next(path: str, token: str | None) -> dict[str, str | int]:
    if not token:
        return {}
    return {"next_token" if "search" in path else "pagination_token": token}


def _page(json: Json) -> Page:
    meta = json.get("meta") or {}
    if "data" not in json and (meta.get("result_count") or not meta):
        raise _told_failure(json)
    posts = _posts(json)
    replies = [post for post in posts if _is_reply(post, {})]
    if len(replies) >= _MUTE_FROM and not any("referenced_posts" in post or "referenced_tweets" in post for post in posts):
        raise AnswerError("x: no reply names what it answers (referenced_posts); try networks.x.naming")
    return Page(posts, meta.get("next_token"))


def _told_failure(json: Json) -> StreamError:
    """A success without data and without a count speaks of the account itself."""
    problems = {_problem(error) for error in json.get("errors") or ()}
    if not problems:
        return AnswerError("x: the answer lacks data")
    kind = NotFound if problems == {"resource-not-found"} else Forbidden
    return kind(f"x: the listing is not shown ({', '.join(sorted(problems))}); is the account protected or suspended?")


def _posts(json: Json) -> list[Json]:
    """Posts, each with its author's profile and the author of the post that it quotes beside it."""
    includes = json.get("includes") or {}
    users = {str(user.get("id")): user for user in includes.get("users") or ()}
    authors = {str(post.get("id")): post.get("author_id") for post in includes.get("posts") or includes.get("tweets") or ()}
    found = []
    for post in json.get("data") or ():
        quoted = _references(post).get("quoted")
        found.append({**post, "author": users.get(str(post.get("author_id"))), "quoted_author_id": authors.get(str(quoted))})
    return found


def _references(post: Json) -> dict[str, str]:
    listed = post.get("referenced_posts") or post.get("referenced_tweets") or ()
    return {reference["type"]: reference["id"] for reference in listed}


def _history(post: Json) -> list[str]:
    """The ids of all versions, the first first."""
    listed = post.get("edit_history_post_ids") or post.get("edit_history_tweet_ids") or ()
    return sorted({*listed, str(post.get("id"))}, key=lambda id_: (len(id_), id_))


def _is_reply(post: Json, references: Mapping[str, str]) -> bool:
    # Who begins a post with a name answers nobody, though X then fills in_reply_to_user_id.
    conversation = post.get("conversation_id")
    return "replied_to" in references or (conversation is not None and conversation not in _history(post))


def _message(item: Json) -> Message:
    id_, versions, references = fields.text(item, "id"), _history(item), _references(item)
    note = item.get("note_post") or item.get("note_tweet") or {}
    text = html.unescape(fields.text(note, "text") if note else fields.text(item, "text"))  # X escapes &, < and >.
    author, root = item.get("author") or {}, item.get("conversation_id")
    metrics = author.get("public_metrics") or {}
    return Message(
        network="x",
        origin="",
        id=id_,
        sent_at=_sent_at(item, versions[0]),
        text=text,
        author_id=fields.text(item, "author_id"),
        author_name=author.get("username"),
        author_display_name=author.get("name"),
        parent_id=references.get("replied_to"),
        root_id=None if root in versions else root,
        quoted_id=references.get("quoted"),
        addressed=tuple(_addresses(item, parted(text, "x"), references)),
        aliases=tuple(version for version in versions if version != id_),
        lang=item.get("lang"),
        author_followers=metrics.get("followers_count"),
        counts=_counts(item.get("public_metrics") or {}),
    )


def _addresses(item: Json, text: str, references: Mapping[str, str]) -> Iterator[Address]:
    is_reply = _is_reply(item, references)
    answered = item.get("in_reply_to_user_id")
    if answered is not None and is_reply:
        yield Address(How.REPLY, answered)
    if item.get("quoted_author_id") is not None:
        yield Address(How.QUOTE, item["quoted_author_id"])
    ids = dict(_mentions(item))
    for name in dict.fromkeys(chain(ids, handles_in(text))):
        how = mention_how(text, name, is_reply)
        if how is not None:
            yield Address(how, ids.get(name), None if ids.get(name) else name)


def _mentions(item: Json) -> Iterator[tuple[str, str | None]]:
    note = item.get("note_post") or item.get("note_tweet") or {}
    for entities in (item.get("entities") or {}, note.get("entities") or {}):
        for mention in entities.get("mentions") or ():
            yield mention["username"].casefold(), mention.get("id")


def _counts(metrics: Mapping[str, Json]) -> dict[str, int]:
    names = {"likes": "like_count", "replies": "reply_count", "quotes": "quote_count"}
    names["reposts"] = "repost_count" if "repost_count" in metrics else "retweet_count"
    return {name: metrics[field] for name, field in names.items() if isinstance(metrics.get(field), int)}


def _sent_at(item: Json, first: str) -> int:
    """When the first version was sent; in ms, which the id holds and created_at does not."""
    known_at = _moment_of(first)
    if known_at is None or ("created_at" in item and first == item["id"]):
        told_at = fields.moment(fields.text(item, "created_at"))
        return known_at if known_at is not None and known_at // 1000 == told_at // 1000 else told_at
    return known_at


def _moment_of(id_: str) -> int | None:
    number = int(id_)
    return (number >> 22) + _SNOWFLAKE_EPOCH if number >= _FIRST_SNOWFLAKE else None


def _problem(json: Json) -> str:
    kind = json.get("type") if isinstance(json, dict) else None
    last = kind.rpartition("/")[2] if isinstance(kind, str) else ""
    return last if re.fullmatch(r"[a-z-]{1,60}", last) else ""
