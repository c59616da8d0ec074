"""A sound small network, and the same with one fault each: where a fault goes unseen, its check is no check."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from itertools import count

from socialbench.collect.network import Pace, Session
from socialbench.errors import AnswerError, StreamError
from socialbench.model import Json, Message, Page, Stream, Subject, Window
from tests.collect.harness import NOW
from tests.collect.small import Small, said
from tests.collect.suite.cases import Case

TWO_DAYS = 48 * 3_600_000
_ITEMS = [said(number, NOW - place * TWO_DAYS) for place, number in enumerate(range(6, 0, -1))]

CASE = Case(
    network="small",
    handle={"name": "acme"},
    environ={"SOCIALBENCH_SMALL_TOKEN": "k3y-of-the-small-network"},
    settings={},
    account="id-acme",
    paged={"path": "/said", "token": ["next"], "items": ["items"]},
    limit={"status": 429, "headers": {"X-Left": "0", "X-Reset": "{left}"}, "body": {}},
    needed=[["/said", ["items", 0], "author.id"], ["/said", ["items", 0], "text"], ["/said", ["items", 0], "at"]],
    expected=[
        {
            "id": item["id"],
            "sent": f"2026-11-{18 - 2 * place:02}T11:06:40+00:00",
            "text": item["text"],
            "author": item["author"]["id"],
            "how": "LEADING",
        }
        for place, item in enumerate(_ITEMS)
    ],
    routes=[
        {"path": "/said", "params": {"page": None}, "json": {"items": _ITEMS[:2], "next": "2"}},
        {"path": "/said", "params": {"page": "2"}, "json": {"items": _ITEMS[2:4], "next": "4"}},
        {"path": "/said", "params": {"page": "4"}, "json": {"items": _ITEMS[4:], "next": None}},
    ],
)


class Sound(Small):
    """Without a fault; strict about kinds, as `Message` itself is not."""

    def parse(self, item: Json) -> Iterable[Message]:
        fields = ((lambda: item["text"], str), (lambda: item["at"], int), (lambda: item["author"]["id"], str))
        for read, kind in fields:
            if not isinstance(read(), kind):
                raise TypeError
        return super().parse(item)


class ShoutsTexts(Sound):
    """Changes what it reads."""

    def parse(self, item: Json) -> Iterable[Message]:
        return [replace(message, text=message.text.upper()) for message in super().parse(item)]


class CountsSeconds(Sound):
    """Gives seconds for milliseconds."""

    def parse(self, item: Json) -> Iterable[Message]:
        return [replace(message, sent_at=message.sent_at // 1000) for message in super().parse(item)]


class MakesIds(Sound):
    """Makes new ids each time."""

    numbers = count()

    def parse(self, item: Json) -> Iterable[Message]:
        return [replace(message, id=f"{message.id}-{next(self.numbers)}") for message in super().parse(item)]


class ForgetsToResume(Sound):
    """Takes the token for the end."""

    async def pages(
        self, session: Session, stream: Stream, subject: Subject, window: Window, token: str | None
    ) -> AsyncIterator[Page]:
        if token is None:
            async for page in super().pages(session, stream, subject, window, None):
                yield page


class HidesTokens(Sound):
    """Pages by itself and shows no token: nobody sees it turn in a circle."""

    async def pages(
        self, session: Session, stream: Stream, subject: Subject, window: Window, token: str | None
    ) -> AsyncIterator[Page]:
        for _ in range(3):
            answer = await session.fetch("said", {"page": token} if token else None)
            token = answer.json["next"]
            yield Page(answer.json["items"])


class EndsAtEmptyPages(Sound):
    """Takes an empty page for the end."""

    async def pages(
        self, session: Session, stream: Stream, subject: Subject, window: Window, token: str | None
    ) -> AsyncIterator[Page]:
        async for page in super().pages(session, stream, subject, window, token):
            if not page.items:
                return
            yield page


class ReadsOtherHeaders(Sound):
    """Declares header names that the network does not send."""

    facts = replace(Small.facts, pace=Pace(requests=1000, per_s=1, reset=("X-Other",)))


class FillsIn(Sound):
    """Makes up what is missing."""

    def parse(self, item: Json) -> Iterable[Message]:
        return super().parse({"text": "", "at": NOW, **item, "author": {"id": "nobody"}})


class TellsItsKey(Sound):
    """Puts its key into an error."""

    async def pages(
        self, session: Session, stream: Stream, subject: Subject, window: Window, token: str | None
    ) -> AsyncIterator[Page]:
        try:
            async for page in super().pages(session, stream, subject, window, token):
                yield page
        except StreamError as error:
            raise AnswerError(f"{error} with {session.credential.token if session.credential else ''}") from error


FAULTS: dict[str, type[Small]] = {
    "recorded_answers_parse_to_the_expected_messages": ShoutsTexts,
    "ids_are_text_and_times_are_whole_milliseconds_of_the_past": CountsSeconds,
    "two_sweeps_are_one": MakesIds,
    "cut_at_every_request_is_uncut": ForgetsToResume,
    "token_that_comes_again_is_a_loop": HidesTokens,
    "empty_page_with_a_token_goes_on": EndsAtEmptyPages,
    "limit_is_waited_out_as_the_network_tells_it": ReadsOtherHeaders,
    "missing_field_names_its_path": FillsIn,
    "credential_is_nowhere": TellsItsKey,
}
