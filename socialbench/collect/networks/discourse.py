"""Discourse boards: every topic of a board, a category or a tag, with all its posts; staff speak for the board.

Handles are boards: `discourse: {url: "https://community.example", category: billing/5, staff: {groups: [support]}}`.

    category   slug and number as in the board's address: /c/billing/5
    tag, tags  topics with one of these tags
    staff      who answers for the brand: `groups` (primary groups), `users` (user names), `flags: true` (whoever the board
               marks as staff, moderator or admin; so it is where nothing else is said)

A board has one account, which is where customers write to; a staff member's post is that account's own, as a page's
posts are the page's on other networks, and the member's name and id are not stored. So "answered by the brand" needs no
list of persons at the time of measuring, and people who leave do not take their answers with them. The price: whoever
changes `staff` reads the board anew (`collect --full`), which rewrites the authors of what is still there.

Messages are known by topic and number (`57/3`): so a reply names the post that it answers without a look-up, and a
number that is missing is a post that was deleted. A reply to nobody in particular answers the topic's first post. The
first post speaks to the board, so does whoever began the topic when replying to nobody in particular, and so does every
reply to staff. What customers tell each other is context: neither asked of the brand nor answered by it.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from socialbench.collect import fields
from socialbench.collect.network import Auth, Facts, Need, Network, Pace, Session, Verdict
from socialbench.collect.posts import id_of, message, numbered
from socialbench.config.boards import board_part, problems
from socialbench.errors import AnswerError, Forbidden, NotFound, Unreachable
from socialbench.model import (
    DAY_MS,
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

_SHOWN_AT_ONCE = 20
_WRITTEN = frozenset({1, 2})
"""Kinds of posts that hold words to readers: by users, and by moderators. Others note that a topic was closed or the like."""
_WIDEST_HOLE = 10_000
_ROOT = re.compile(r"([0-9]{1,18})/1")


class Discourse(Network):
    """One or more Discourse boards, read as any visitor reads them."""

    facts = Facts(
        name="discourse",
        streams=(
            # Topics with a new post come first, so late answers come with the listing.
            Stream("topics", Direction.BOTH, Over.HANDLE, Order.NONE),
            Stream("polls", Direction.BOTH, Over.OPEN_THREADS, Order.NONE),
        ),
        # 200 a minute and 50 in ten seconds per address; a user's key has 20 a minute.
        pace=Pace(requests=20, per_s=10, gap_s=0.35, concurrency=2, body_wait=(("extras", "wait_seconds"),)),
        default_url="https://try.discourse.org",
        needs=(
            Need(
                "TOKEN",
                "a user's API key, for boards that show nothing to visitors",
                "ask the board's administrators for one, or make one at /user-api-key/new",
            ),
        ),
        auth=Auth.HEADER,
        auth_name="User-Api-Key",
        whole_threads=frozenset({"topics"}),
        invisible={
            "none": "categories for members only, messages between persons, posts that were deleted or hidden before we came",
            "token": "categories that the key's user may not see, messages between persons, deleted and hidden posts",
        },
        verified="recordings of 2013 to 2020, a scripted server; never a live board",
    )

    def __init__(self, options: Mapping[str, Json]) -> None:
        super().__init__(options)
        self._staff_names: dict[str, set[str]] = {}

    async def resolve(self, session: Session, handles: Sequence[Handle]) -> Sequence[Account | None]:
        """The board's account, one per category or tags."""
        try:
            answer = await session.fetch("about.json")
        except NotFound:
            return [None for _ in handles]
        except AnswerError as error:
            # A board for members sends visitors to a page where they log in.
            raise AnswerError(f"{error}; a board that wants a login needs SOCIALBENCH_DISCOURSE_TOKEN") from error
        about = fields.dig(answer.json, "about")
        title = about.get("title")
        shown = title if isinstance(title, str) else None
        return [Account("discourse", origin_of(session.url), board(handle), handle.name, shown) for handle in handles]

    async def pages(
        self, session: Session, stream: Stream, subject: Subject, window: Window, token: str | None
    ) -> AsyncIterator[Page]:
        """The pages of a stream: posts of one topic each, at most twenty beyond those that come with the topic."""
        names = self._staff_names.setdefault(subject.account.origin, set())
        ask = _Ask(session, subject, window.since_at or 0, names)
        if stream.name == "topics":
            async for page in _listed(ask, _Place.read(token)):
                yield page
            return
        match = _ROOT.fullmatch(subject.id)
        if match is None:
            raise AnswerError(f"{subject.id!r:.30} names no topic")
        try:
            async for items, position in _topic(ask, int(match.group(1)), int(token or 0)):
                yield Page(items, str(position) if position else None)
        except NotFound:
            yield Page([{"gone": {subject.id: Gone.UNKNOWN}}], missing=True)

    def parse(self, item: Json) -> Iterable[Message]:
        """A post as one message; what only notes that a topic was closed, or holds no words any more, as none."""
        if "gone" in item or item.get("post_type", 1) not in _WRITTEN or item.get("hidden") or item.get("user_deleted"):
            return []
        return [message(item, item["board"])]

    def gone(self, item: Json) -> Mapping[str, Gone]:
        """Numbers that are missing in a topic; posts that their authors deleted still stand there for a day, and say so."""
        if not isinstance(item, dict):
            return {}
        if "gone" in item:
            return dict(item["gone"])
        if item.get("user_deleted"):
            return {id_of(item): Gone.BY_AUTHOR}
        return {id_of(item): Gone.UNKNOWN} if item.get("hidden") else {}

    def verdict(self, status: int, json: Json) -> Verdict:
        """A visitor who is not logged in is told so in words for machines."""
        code = self.code(json)
        if code == "not_logged_in":
            return Verdict.CREDENTIAL
        return Verdict.RETRY if code == "rate_limit" else super().verdict(status, json)

    def code(self, json: Json) -> str:
        """The type of the error."""
        found = json.get("error_type") if isinstance(json, dict) else None
        return found if isinstance(found, str) and re.fullmatch(r"[a-z_]{1,40}", found) else ""

    def check(self, handle: Handle) -> str | None:
        """Category, tags and staff as a board has them."""
        return next((what for _, what in problems(handle)), None)


def origin_of(url: str) -> str:
    """The host that ids are unique on.

    >>> origin_of("https://Community.Example/forum"), origin_of("http://127.0.0.1:8080")
    ('community.example', '127.0.0.1:8080')
    """
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname or ""


def tags_of(handle: Handle) -> list[str]:
    """The tags that a handle names."""
    named = handle.options.get("tags") or handle.options.get("tag") or []
    return [str(tag) for tag in named] if isinstance(named, list | tuple) else [str(named)]


def board(handle: Handle) -> str:
    """The id of a board's account: users have numbers, so it is none.

    >>> board(Handle("discourse", "a", options={"category": "billing/5"}))
    'c/billing/5'
    """
    return board_part("discourse", handle.options) or "board"


class _Place(NamedTuple):
    """Where a sweep stands: which listing, its page, the topic on it, and the position in that topic's stream."""

    listing: int = 0
    page: int = 0
    topic: int = 0
    position: int = 0

    @classmethod
    def read(cls, token: str | None) -> _Place:
        return cls(*(int(part) for part in token.split(" "))) if token else cls()

    def written(self) -> str:
        return " ".join(str(part) for part in self)


@dataclass(slots=True)
class _Ask:
    """What is read for one board, and which user names were seen to be staff's."""

    session: Session
    subject: Subject
    since_at: int
    staff_names: set[str]
    unread: tuple[str, ...] = ()

    def is_staff(self, post: Json) -> bool:
        """Whether the board's rule makes a post the brand's own."""
        staff = self.subject.handle.options.get("staff") or {"flags": True}
        if staff.get("flags") and any(post.get(flag) is True for flag in ("staff", "moderator", "admin")):
            return True
        users = {str(name).lstrip("@").casefold() for name in staff.get("users") or ()}
        groups = {str(name).casefold() for name in staff.get("groups") or ()}
        name, group = post.get("username"), post.get("primary_group_name")
        return (isinstance(name, str) and name.casefold() in users) or (isinstance(group, str) and group.casefold() in groups)


async def _listed(ask: _Ask, place: _Place) -> AsyncIterator[Page]:
    """All topics with a word since the window began, newest word first."""
    paths = _paths(ask.subject.handle)
    while place.listing < len(paths):
        answer = await ask.session.fetch(paths[place.listing], {"order": "activity", "page": place.page})
        topics = fields.dig(answer.json, "topic_list", "topics")
        for number in range(place.topic, len(topics)):
            place = place._replace(topic=number)
            if _is_recent(topics[number], ask.since_at):
                async for page in _of_listing(ask, topics[number], place):
                    yield page
            place = place._replace(position=0)
        more = bool(answer.json["topic_list"].get("more_topics_url")) and not _is_past(topics, ask.since_at)
        place = _Place(place.listing, place.page + 1) if more else _Place(place.listing + 1)
        if more and not topics:
            yield Page([], place.written())
    if ask.unread:
        yield Page([], unread=ask.unread)


async def _of_listing(ask: _Ask, topic: Json, place: _Place) -> AsyncIterator[Page]:
    try:
        async for items, position in _topic(ask, numbered(topic["id"]), place.position):
            following = place._replace(position=position) if position else _Place(place.listing, place.page, place.topic + 1)
            unread, ask.unread = ask.unread, ()
            yield Page(items, following.written(), unread=unread)
    except (NotFound, Forbidden):
        pass  # Deleted or moved to a closed category between the listing and now.
    except Unreachable:
        # One topic may be broken for ever, and all behind it would never be read. Two in a row are a board that is down.
        if ask.unread:
            raise
        ask.unread = (f"{topic['id']}/1",)


def _paths(handle: Handle) -> list[str]:
    category, tags = handle.options.get("category"), tags_of(handle)
    if category:
        return [f"c/{quote(str(category), safe='/%')}/l/latest.json"]
    return [f"tag/{quote(tag, safe='')}/l/latest.json" for tag in tags] or ["latest.json"]


def _touched_at(topic: Json) -> int | None:
    # Any of them may be null.
    told = topic.get("bumped_at") or topic.get("last_posted_at") or topic.get("created_at")
    return fields.moment(told) if told else None


def _is_recent(topic: Json, since_at: int) -> bool:
    touched_at = _touched_at(topic)
    return touched_at is None or touched_at >= since_at


def _is_past(topics: Sequence[Json], since_at: int) -> bool:
    """Whether a page lies behind the window. Pinned topics stand before all others whatever their age."""
    ordered = [topic for topic in topics if not (topic.get("pinned") or topic.get("pinned_globally"))]
    return bool(ordered) and not any(_is_recent(topic, since_at) for topic in ordered)


@dataclass(slots=True)
class _Reading:
    """A topic while it is read: who began it, whose posts are staff's, the last number seen."""

    topic: int
    title: str
    opener: Json = None
    staff: set[int] = field(default_factory=set)
    last: int | None = None


async def _topic(ask: _Ask, topic: int, position: int) -> AsyncIterator[tuple[list[Json], int]]:
    """(posts, position in the stream that comes next or 0) of a topic, oldest first, but for what the window leaves out."""
    answer = await ask.session.fetch(f"t/{topic}.json")
    shown, stream = fields.dig(answer.json, "post_stream", "posts"), fields.dig(answer.json, "post_stream", "stream")
    title = answer.json.get("title")
    reading = _Reading(topic, title if isinstance(title, str) else "", _opener(shown))
    first = _annotated(ask, reading, shown)
    start = _start(answer.json, ask.since_at, len(shown))
    if not position:
        yield first, start if start < len(stream) else 0
    position = max(position, start)
    if position > len(shown):
        reading.last = None
    while position < len(stream):
        ids = [numbered(id_) for id_ in stream[position : position + _SHOWN_AT_ONCE]]
        answer = await ask.session.fetch(f"t/{topic}/posts.json", {"post_ids[]": [str(id_) for id_ in ids]})
        posts = sorted(fields.dig(answer.json, "post_stream", "posts"), key=lambda post: post["post_number"])
        if {post.get("id") for post in posts} != set(ids):
            reading.last = None  # Then a missing number proves nothing.
        position += len(ids)
        yield _annotated(ask, reading, posts), position if position < len(stream) else 0


def _start(topic: Json, since_at: int, shown: int) -> int:
    """Where in the stream the window begins, as the topic's own table of ages tells (whole days, so a day is left over)."""
    newest = topic.get("last_posted_at")
    if not since_at or not newest:
        return shown
    window_days = (fields.moment(newest) - since_at) / DAY_MS + 2
    newest_age = min((age for _, age in _ages(topic)), default=0)
    older = [place for place, age in _ages(topic) if age - newest_age > window_days]
    return max(shown, max(older, default=1) - 1)


def _ages(topic: Json) -> Iterator[tuple[int, int]]:
    for entry in topic.get("timeline_lookup") or ():
        if isinstance(entry, list) and len(entry) == 2 and all(isinstance(each, int) for each in entry):
            yield entry[0], entry[1]


def _opener(posts: Sequence[Json]) -> Json:
    return next((post.get("user_id") for post in posts if post.get("post_number") == 1), None)


def _annotated(ask: _Ask, reading: _Reading, posts: Sequence[Json]) -> list[Json]:
    """Posts with what they do not say themselves, and the numbers that are missing between them."""
    items: list[Json] = []
    for post in posts:
        number = post.get("post_number")
        if isinstance(number, int):
            items += _hole(reading, number)
            reading.last = number
        if ask.is_staff(post):
            reading.staff.add(number)
            ask.staff_names.add(str(post.get("username")).casefold())
        items.append({**post, "topic_id": reading.topic, "board": _told(ask, reading, post)})
    return items


def _hole(reading: _Reading, number: int) -> list[Json]:
    missing = range(reading.last + 1, number) if reading.last is not None else range(0)
    if not 0 < len(missing) <= _WIDEST_HOLE:
        return []
    return [{"gone": {f"{reading.topic}/{each}": Gone.UNKNOWN for each in missing}}]


def _told(ask: _Ask, reading: _Reading, post: Json) -> dict[str, Json]:
    answered = post.get("reply_to_post_number")
    named = post.get("reply_to_user") or {}
    to_staff = (answered or 1) in reading.staff or str(named.get("username", "")).casefold() in ask.staff_names
    return {
        "origin": ask.subject.account.origin,
        "account": ask.subject.account.id,
        "title": reading.title,
        "own": ask.is_staff(post),
        "to_staff": to_staff,
        "to_all": answered is None and post.get("user_id") == reading.opener,
    }
