"""Stack Exchange (Stack Overflow and its sisters): questions with a brand's tag, their answers and comments.

Handles are tags on a site, with the people who answer for the brand:
`stackexchange: {site: stackoverflow, tag: acme-api, users: [12345, 67890]}`.

    site       as in the address: stackoverflow, superuser, askubuntu, serverfault, apple ...
    tag, tags  questions with one of these tags
    users      ids of the brand's people on that site, as in /users/12345/name

A tag has one account, which is where customers ask; what the brand's people write is that account's own, and their names
and ids are not stored. All handles of a benchmark are known, so that an answer under a question with two brands' tags is
the right brand's whichever of them is collected. Whoever changes `users` reads anew (`collect --full`), which rewrites
the authors of what is still there.

Questions speak to the brand, as do comments of the asker on the own question that name nobody else, and comments under
or to what the brand's people wrote. Answers and comments between customers are context.

Questions come by their last activity, so late answers and edits come with the listing; comments are no activity, so
those on known posts are looked up, a hundred posts at a time. Without a key a day has 300 requests, with a free one
10,000.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from socialbench.collect import fields
from socialbench.collect.markup import plain
from socialbench.collect.network import Auth, Facts, Need, Network, Pace, Price, Session, Verdict
from socialbench.config.boards import board_part, problems
from socialbench.errors import AnswerError, LoopError, Stopped
from socialbench.model import (
    DAY_MS,
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

_VERSION = "2.3"
_BATCH = 100
_KEYLESS_PAGES = 25
_POST, _COMMENT = re.compile(r"[0-9]{1,18}"), re.compile(r"c([0-9]{1,18})")
_SAID = ("error_message", r"available in (\d{1,6}) seconds")
_UNIT = Price(per_request=1.0, unit="requests")
_VERDICTS = {
    "throttle_violation": Verdict.RETRY,
    "temporarily_unavailable": Verdict.RETRY,
    "internal_error": Verdict.RETRY,
    "key_required": Verdict.CREDENTIAL,
    "access_token_required": Verdict.CREDENTIAL,
    "invalid_access_token": Verdict.CREDENTIAL,
    "access_denied": Verdict.FORBIDDEN,
    "no_method": Verdict.NOT_FOUND,
}
"""Almost every error is a 400: only the name tells."""


class StackExchange(Network):
    """The Stack Exchange API 2.3, which needs no key."""

    facts = Facts(
        name="stackexchange",
        streams=(
            Stream("questions", Direction.BOTH, Over.HANDLE, Order.NONE, filters_since=True),
            Stream("recheck", Direction.BOTH, Over.KNOWN_IDS, Order.NONE),
        ),
        # More than 30 a second bans an address.
        pace=Pace(requests=20, per_s=2, concurrency=2, body_wait=(("backoff",),), said_wait=_SAID, quota=300),
        default_url="https://api.stackexchange.com",
        needs=(Need("TOKEN", "an API key", "register an application at stackapps.com; it is free, and raises the daily quota"),),
        auth=Auth.QUERY,
        auth_name="key",
        whole_threads=frozenset({"questions"}),
        prices=dict.fromkeys(("account", "questions", "recheck"), _UNIT),
        invisible={
            "none": "deleted questions and answers; questions without the tag; chat; beyond 25 pages of 100 questions in one run",
            "token": "deleted questions and answers; questions without the tag; chat",
        },
        lookup_size=_BATCH,
        verified="the documentation's facts and a scripted server; no recording was at hand, and never the live one",
    )

    def __init__(self, options: Mapping[str, Json]) -> None:
        super().__init__(options)
        self._is_spent = False

    async def resolve(self, session: Session, handles: Sequence[Handle]) -> Sequence[Account | None]:
        """The tags' accounts; a tag exists where a question carries it, which the listing tells."""
        del session
        return [Account("stackexchange", site_of(handle), board(handle), handle.name) for handle in handles]

    async def pages(
        self, session: Session, stream: Stream, subject: Subject, window: Window, token: str | None
    ) -> AsyncIterator[Page]:
        """The pages of a stream: questions with all that stands under them, or what became of known posts."""
        ask = _Ask(self, session, subject)
        if stream.name == "recheck":
            yield Page(await _recheck(ask, subject.id.split(" ")))
            return
        tags = tags_of(subject.handle)
        place, page = (int(part) for part in token.split(" ")) if token else (0, 1)
        while place < len(tags):
            answer = await ask.fetch("questions", {"tagged": tags[place], **_since(window), "page": page})
            questions = fields.dig(answer, "items")
            more = bool(answer.get("has_more"))
            capped = more and session.credential is None and page >= _KEYLESS_PAGES
            items = [*ask.told(questions), *await _below(ask, questions)]
            place, page = (place, page + 1) if more and not capped else (place + 1, 1)
            yield Page(items, f"{place} {page}" if place < len(tags) else None, capped=capped)

    async def ask(self, session: Session, path: str, params: Mapping[str, str | int]) -> Json:
        """One answer's object. Raises Stopped where the day's requests are used up."""
        if self._is_spent:
            midnight_at = (session.now() // DAY_MS + 1) * DAY_MS
            raise Stopped("stackexchange: the day's requests are used up; a free key allows 10,000 a day", midnight_at)
        answer = await session.fetch(f"{_VERSION}/{path}", params)
        left = answer.json.get("quota_remaining")
        self._is_spent = isinstance(left, int) and left <= 0
        return answer.json

    def parse(self, item: Json) -> Iterable[Message]:
        """A question, an answer or a comment as one message."""
        if "missing" in item:
            return []
        return [_message(item, item["board"])]

    def gone(self, item: Json) -> Mapping[str, Gone]:
        """Who deleted a post is not told."""
        return {item["missing"]: Gone.UNKNOWN} if isinstance(item, dict) and "missing" in item else {}

    def verdict(self, status: int, json: Json) -> Verdict:
        """By the error's name; the status says little."""
        # A key that nobody registered has no name of its own: only the words tell which parameter is bad.
        if self.code(json) == "bad_parameter" and "`key`" in str(json.get("error_message")):
            return Verdict.CREDENTIAL
        return _VERDICTS.get(self.code(json)) or super().verdict(status, json)

    def code(self, json: Json) -> str:
        """The error's name."""
        found = json.get("error_name") if isinstance(json, dict) else None
        return found if isinstance(found, str) and re.fullmatch(r"[a-z_]{1,40}", found) else ""

    def check(self, handle: Handle) -> str | None:
        """Site, tags and users as the addresses spell them."""
        return next((what for _, what in problems(handle)), None)


def site_of(handle: Handle) -> str:
    """The site of a handle, within which ids are unique."""
    return str(handle.options.get("site") or handle.origin or "")


def tags_of(handle: Handle) -> list[str]:
    """The tags that a handle names."""
    named = handle.options.get("tags") or handle.options.get("tag") or []
    return [str(tag) for tag in named] if isinstance(named, list | tuple) else [str(named)]


def users_of(handle: Handle) -> list[str]:
    """The ids of the brand's people."""
    named = handle.options.get("users") or []
    return [str(user) for user in (named if isinstance(named, list | tuple) else [named])]


def board(handle: Handle) -> str:
    """The id of a tag's account: users have numbers, so it is none.

    >>> board(Handle("stackexchange", "a", options={"site": "stackoverflow", "tag": "acme-api"}))
    'tags/acme-api'
    """
    return board_part("stackexchange", handle.options) or ""


@dataclass(slots=True)
class _Ask:
    """What is read for one tag, and which account speaks for each of the brands' people."""

    network: StackExchange
    session: Session
    subject: Subject

    async def fetch(self, path: str, params: Mapping[str, str | int]) -> Json:
        """One answer about the handle's site, with texts."""
        usual: dict[str, str | int] = {"site": self.subject.account.origin, "filter": "withbody", "pagesize": _BATCH}
        return await self.network.ask(self.session, path, {**usual, "sort": "creation", "order": "asc", **params})

    async def all(self, path: str) -> list[Json]:
        """All items of a listing below known posts; they are many only where a page is full."""
        items: list[Json] = []
        page, more = 1, True
        while more:
            answer = await self.fetch(path, {"page": page})
            found = fields.dig(answer, "items")
            if found and found[0] in items:
                # The frame's guard sees no page in here.
                raise LoopError(f"{path.rpartition('/')[2]}: a page came a second time; the paging turns in a circle")
            items += found
            more, page = bool(answer.get("has_more")) and bool(found), page + 1
            if more and page > _KEYLESS_PAGES and self.session.credential is None:
                raise AnswerError(f"{path.rpartition('/')[2]}: more pages than are shown without a key")
        return items

    def told(self, items: Sequence[Json], above: Mapping[Json, Json] | None = None) -> list[Json]:
        """Items with what they do not say themselves."""
        origin = self.subject.account.origin
        own = {
            user: board(handle)
            for handle in reversed([*self.network.listed, self.subject.handle])
            if site_of(handle) == origin
            for user in users_of(handle)
        }
        told = {"origin": origin, "account": self.subject.account.id, "own": own}
        return [{**item, "board": told, "above": (above or {}).get(item.get("post_id"))} for item in items]


async def _below(ask: _Ask, questions: Sequence[Json]) -> list[Json]:
    """Answers to questions, and the comments under both."""
    answered = [fields.dig(question, "question_id") for question in questions if question.get("answer_count")]
    answers = await ask.all(f"questions/{_joined(answered)}/answers") if answered else []
    return [*ask.told(answers), *await _comments(ask, questions, answers)]


async def _comments(ask: _Ask, questions: Sequence[Json], answers: Sequence[Json]) -> list[Json]:
    above = {question["question_id"]: question for question in questions} | {answer["answer_id"]: answer for answer in answers}
    comments: list[Json] = []
    for kind, posts in (("questions", questions), ("answers", answers)):
        ids = [post[f"{kind[:-1]}_id"] for post in posts]
        for start in range(0, len(ids), _BATCH):
            comments += await ask.all(f"{kind}/{_joined(ids[start : start + _BATCH])}/comments")
    # Their texts are not needed a second time.
    light = {id_: {key: post.get(key) for key in ("question_id", "answer_id", "owner")} for id_, post in above.items()}
    return ask.told(comments, light)


async def _recheck(ask: _Ask, ids: Sequence[str]) -> list[Json]:
    """Known posts and comments as they are now, comments that are new below them, and those that are gone."""
    posts = sorted(int(id_) for id_ in ids if _POST.fullmatch(id_))
    comments = sorted(int(match.group(1)) for id_ in ids if (match := _COMMENT.fullmatch(id_)))
    questions = await ask.all(f"questions/{_joined(posts)}") if posts else []
    left = sorted({*posts} - {question["question_id"] for question in questions})
    answers = await ask.all(f"answers/{_joined(left)}") if left else []
    below = await _comments(ask, questions, answers)
    seen = {item["comment_id"] for item in below}
    unseen = [id_ for id_ in comments if id_ not in seen]
    alive = {item["comment_id"] for item in await ask.all(f"comments/{_joined(unseen)}")} if unseen else set()
    gone = [str(id_) for id_ in left if id_ not in {answer["answer_id"] for answer in answers}]
    gone += [f"c{id_}" for id_ in unseen if id_ not in alive]
    return [*ask.told(questions), *ask.told(answers), *below, *({"missing": id_} for id_ in gone)]


def _since(window: Window) -> dict[str, str | int]:
    since = {"min": window.since_at // 1000} if window.since_at else {}
    return {"sort": "activity", "order": "desc", **since}


def _joined(ids: Iterable[Json]) -> str:
    return ";".join(str(_number(id_)) for id_ in ids)


def _number(value: Json) -> int:
    # Also a guard: it goes into paths.
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError
    return value


def _user(owner: Json) -> str | None:
    # Deleted users have no id, only a name.
    id_ = (owner or {}).get("user_id")
    return str(_number(id_)) if id_ is not None else None


def _message(item: Json, board: Json) -> Message:
    user = _user(item["owner"])
    speaks_for = board["own"].get(user)
    id_, parent, root = _places(item)
    text, score = plain(fields.text(item, "body"), quotes=False), item.get("score")
    if parent is None and isinstance(item.get("title"), str):
        text = f"{plain(item['title'])}\n\n{text}".strip()
    return Message(
        network="stackexchange",
        origin=board["origin"],
        id=id_,
        sent_at=_number(item["creation_date"]) * 1000,
        text=text,
        author_id=speaks_for or user,
        author_name=None if speaks_for else plain(str(item["owner"].get("display_name") or "")) or None,
        parent_id=parent,
        root_id=root,
        addressed=tuple(_addresses(item, board, user)),
        counts={"likes": max(score, 0)} if isinstance(score, int) else {},
    )


def _places(item: Json) -> tuple[str, str | None, str | None]:
    """(id, parent, root): comments are numbered apart from posts."""
    if "comment_id" in item:
        question = (item.get("above") or {}).get("question_id")
        return f"c{_number(item['comment_id'])}", str(_number(item["post_id"])), str(question) if question else None
    question = str(_number(item["question_id"]))
    if "answer_id" in item:
        return str(_number(item["answer_id"])), question, question
    return question, None, question


def _addresses(item: Json, board: Json, user: str | None) -> Iterator[Address]:
    own = board["own"]
    if own.get(user) == board["account"]:
        return
    if "comment_id" not in item:
        if "answer_id" not in item:
            yield Address(How.POST, board["account"])
        return
    above = item.get("above") or {}
    owner, named = _user(above.get("owner")), _user(item.get("reply_to_user"))
    if named is not None and named != owner:
        if named in own:
            yield Address(How.REPLY, own[named])
    elif owner in own:
        yield Address(How.REPLY, own[owner])
    elif owner is not None and owner == user and above.get("answer_id") is None:
        yield Address(How.POST, board["account"])
