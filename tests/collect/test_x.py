"""X beyond what every network must do: both namings, edits, money, hidden limits, what it does not show."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from socialbench.collect.network import Verdict
from socialbench.collect.networks.x import X
from socialbench.collect.outcome import Outcome
from socialbench.errors import AnswerError, CredentialError, Forbidden, NotFound, Stopped
from socialbench.model import DAY_MS, Address, Gone, Handle, How, Message
from tests.collect.harness import NOW, ManualClock, Wire, answered, benchmark, contents, run_collect
from tests.collect.suite.cases import Case, load

ACME, ANN = "9001", "9101"
MENTIONS, POSTS, SEARCH, LOOKUP = f"/2/users/{ACME}/mentions", f"/2/users/{ACME}/tweets", "/2/tweets/search/recent", "/2/tweets"
PROBLEM = "https://api.x.com/2/problems/"
OLD_NAMES = {
    "edit_history_post_ids": "edit_history_tweet_ids",
    "referenced_posts": "referenced_tweets",
    "note_post": "note_tweet",
    "repost_count": "retweet_count",
    "post_count": "tweet_count",
    '"posts"': '"tweets"',
}


def case(**settings: Any) -> Case:
    loaded = load("x")
    return replace(loaded, settings={**loaded.settings, **settings})


def in_tweet_naming(**settings: Any) -> Case:
    fresh = case(naming="tweet", **settings)
    text = json.dumps(fresh.routes)
    for new, old in OLD_NAMES.items():
        text = text.replace(new, old)
    return replace(fresh, routes=json.loads(text))


def id_at(at: int, number: int = 0) -> str:
    return str((at - 1_288_834_974_657) << 22 | number)


def post(at: int = NOW - DAY_MS, **more: Any) -> dict[str, Any]:
    id_ = id_at(at)
    return {"id": id_, "text": "@acme_care help", "author_id": ANN, "conversation_id": id_, **more}


def parsed(**more: Any) -> Message:
    (message,) = X({}).parse(post(**more))
    return message


def listing(posts: list[dict[str, Any]], token: str | None = None) -> httpx.Response:
    meta = {"result_count": len(posts), **({"next_token": token} if token else {})}
    return answered(200, {**({"data": posts} if posts else {}), "meta": meta})


def collect(path: Path, respond: Any, clock: ManualClock | None = None, since_at: int | None = None, **settings: Any) -> Outcome:
    """One run of the real pace against `respond`; what it leaves unanswered comes from the fixture or is empty."""
    fixture = case()

    def answer(request: httpx.Request) -> httpx.Response:
        found = respond(request)
        if found is not None:
            return found
        others = {"/2/users/by": fixture.respond(request), LOOKUP: answered(200, {"errors": []})}
        return others.get(request.url.path) or listing([])

    bench = benchmark(Handle("x", "acme_care"), url="https://api.x.test", **settings)
    return run_collect(path, bench, Wire(answer), clock=clock, environ=fixture.environ, since_at=since_at)


def error_of(outcome: Outcome, stream: str) -> BaseException | None:
    return next(result.error for result in outcome.results if result.stream == stream)


def test_both_namings_are_read_alike(tmp_path: Path) -> None:
    case().collect(X, tmp_path / "new.db")
    in_tweet_naming().collect(X, tmp_path / "old.db")
    assert contents(tmp_path / "new.db") == contents(tmp_path / "old.db")


def test_time_has_the_milliseconds_of_the_id() -> None:
    at = NOW - 877
    assert parsed(at=at, created_at="2026-11-18T11:06:39.000Z").sent_at == at
    assert parsed(at=at).sent_at == at


def test_time_is_the_told_one_where_the_id_holds_none() -> None:
    assert parsed(id="20", conversation_id="20", created_at="2006-03-21T20:50:14.000Z").sent_at == 1_142_974_214_000
    assert parsed(created_at="2026-11-18T11:06:39.000Z").sent_at == NOW - 1000
    with pytest.raises(KeyError):
        parsed(id="20", conversation_id="20")


def test_edited_post_is_one_message_sent_when_it_was_first() -> None:
    first, last = id_at(NOW - DAY_MS), id_at(NOW - DAY_MS + 60_000)
    found = parsed(id=last, conversation_id=first, edit_history_post_ids=[first, last], created_at="2026-11-17T11:07:40.000Z")
    assert (found.id, found.aliases, found.sent_at, found.root_id) == (last, (first,), NOW - DAY_MS, None)


def test_long_post_is_read_to_its_end() -> None:
    found = parsed(text="@acme_care cut…", note_tweet={"text": "@acme_care all &lt;of&gt; it"})
    assert found.text == "@acme_care all <of> it"


MEANT = {
    "a post that begins with the name": ({"in_reply_to_user_id": ACME}, [Address(How.LEADING, None, "acme_care")]),
    "a reply": (
        {"in_reply_to_user_id": ACME, "referenced_posts": [{"type": "replied_to", "id": "5"}], "text": "yes"},
        [Address(How.REPLY, ACME)],
    ),
    "a reply whose parent is gone": (
        {"in_reply_to_user_id": ACME, "conversation_id": "7", "text": "yes"},
        [Address(How.REPLY, ACME)],
    ),
    "a name that runs on": ({"text": "why @acme_care.please"}, [Address(How.IN_TEXT, None, "acme_care")]),
    "carried over in a reply to somebody else": (
        {
            "in_reply_to_user_id": "9102",
            "referenced_posts": [{"type": "replied_to", "id": "5"}],
            "text": "@bob_s @acme_care see",
            "entities": {"mentions": [{"username": "Acme_Care", "id": ACME, "start": 7, "end": 17}]},
        },
        [Address(How.REPLY, "9102"), Address(How.CARRIED, ACME), Address(How.LEADING, None, "bob_s")],
    ),
    "a quote": ({"text": "look", "quoted_author_id": ACME}, [Address(How.QUOTE, ACME)]),
}


@pytest.mark.parametrize("name", MEANT)
def test_message_is_addressed_as(name: str) -> None:
    fields, addresses = MEANT[name]
    assert sorted(map(repr, parsed(**fields).addressed)) == sorted(map(repr, addresses))


def test_retweet_is_no_message() -> None:
    for field in ("referenced_posts", "referenced_tweets"):
        assert X({}).parse(post(**{field: [{"type": "retweeted", "id": "5"}]})) == []


def test_page_of_replies_that_name_no_parent_is_no_page(tmp_path: Path) -> None:
    mute = [post(NOW - DAY_MS - number * 1000, conversation_id="7") for number in range(5)]
    outcome = collect(tmp_path / "s.db", lambda request: listing(mute) if request.url.path == MENTIONS else None)
    assert isinstance(error := error_of(outcome, "mentions"), AnswerError)
    assert "referenced_posts" in str(error)
    few = collect(tmp_path / "t.db", lambda request: listing(mute[:4]) if request.url.path == MENTIONS else None)
    assert not few.failures


@pytest.mark.parametrize(("problem", "kind"), [("resource-not-found", NotFound), ("not-authorized-for-resource", Forbidden)])
def test_listing_of_an_account_that_is_not_shown_is_a_gap(tmp_path: Path, problem: str, kind: type[Exception]) -> None:
    body = {"errors": [{"title": "Forbidden", "type": PROBLEM.replace("x.com", "twitter.com") + problem, "parameter": "id"}]}
    outcome = collect(tmp_path / "s.db", lambda request: answered(200, body) if request.url.path == MENTIONS else None)
    assert isinstance(error_of(outcome, "mentions"), kind)
    gaps = {(row[1], row[4]) for row in contents(tmp_path / "s.db")["coverage"] if row[3] and row[1] == "mentions"}
    assert gaps == {("mentions", "closed" if kind is NotFound else "forbidden")}


@pytest.mark.parametrize(
    ("status", "body", "verdict"),
    [
        (402, {"title": "CreditsDepleted", "type": "about:blank"}, Verdict.QUOTA),
        (429, {"type": PROBLEM + "usage-capped", "period": "Monthly"}, Verdict.QUOTA),
        (429, {"errors": [{"code": 88, "message": "Rate limit exceeded"}]}, Verdict.RETRY),
        (403, {"type": PROBLEM + "unsupported-authentication"}, Verdict.CREDENTIAL),
        (403, {"type": PROBLEM + "client-forbidden", "reason": "client-not-enrolled"}, Verdict.CREDENTIAL),
        (403, {"type": "about:blank"}, Verdict.FORBIDDEN),
        (503, None, Verdict.RETRY),
        (400, {"type": PROBLEM + "invalid-request"}, Verdict.REFUSED),
    ],
)
def test_verdict_is_told_by_status_and_type(status: int, body: Any, verdict: Verdict) -> None:
    assert X({}).verdict(status, body) is verdict


def test_credit_used_up_stops_the_network_at_once(tmp_path: Path) -> None:
    asked: list[str] = []

    def respond(request: httpx.Request) -> httpx.Response | None:
        asked.append(request.url.path)
        return answered(402, {"title": "CreditsDepleted"}) if request.url.path != "/2/users/by" else None

    outcome = collect(tmp_path / "s.db", respond)
    assert asked == ["/2/users/by", POSTS]
    assert all(isinstance(error_of(outcome, name), Stopped) for name in ("posts", "mentions", "search"))
    assert (outcome.exit_code, outcome.resume_at) == (5, None)


def test_token_is_needed(tmp_path: Path) -> None:
    bench = benchmark(Handle("x", "acme_care"), url="https://api.x.test")
    outcome = run_collect(tmp_path / "s.db", bench, Wire(lambda request: listing([])), environ={})
    assert isinstance(outcome.results[0].error, CredentialError)
    assert "SOCIALBENCH_X_TOKEN" in str(outcome.results[0].error)


def test_requests_keep_a_second_between_them(tmp_path: Path) -> None:
    clock, times = ManualClock(), []
    collect(tmp_path / "s.db", lambda request: times.append(clock.at), clock)
    assert times == [NOW + number * 1000 for number in range(4)]


def test_limit_with_requests_left_is_a_short_pause(tmp_path: Path) -> None:
    clock, times = ManualClock(), []
    headers = {"x-rate-limit-remaining": "449", "x-rate-limit-reset": str(NOW // 1000 + 900)}

    def respond(request: httpx.Request) -> httpx.Response | None:
        if request.url.path != POSTS:
            return None
        times.append(clock.at)
        return answered(429, {"title": "Too Many Requests"}, headers) if len(times) == 1 else None

    assert not collect(tmp_path / "s.db", respond, clock).failures
    assert times[1] - times[0] == 10_000


def pages_of(sizes: list[int]) -> Any:
    """Answers the mentions with pages of so many posts, one each minute, all of one talk: each talk is a listing to read."""
    reply = {"conversation_id": "7", "referenced_posts": [{"type": "replied_to", "id": "7"}]}

    def respond(request: httpx.Request) -> httpx.Response | None:
        if request.url.path != MENTIONS:
            return None
        place = int(request.url.params.get("pagination_token", "0"))
        posts = [post(NOW - (sum(sizes[:place]) + each + 1) * 60_000, **reply) for each in range(sizes[place])]
        return listing(posts, str(place + 1) if place + 1 < len(sizes) else None)

    return respond


@pytest.mark.parametrize(("sizes", "gap"), [([100] * 8, True), ([98] * 8, True), ([100] * 3, False)])
def test_cap_of_eight_hundred_mentions_is_a_gap_even_where_pages_were_short(tmp_path: Path, sizes: list[int], gap: bool) -> None:
    since_at = NOW - 20 * DAY_MS
    collect(tmp_path / "s.db", pages_of(sizes), since_at=since_at)
    found = [row[4:] for row in contents(tmp_path / "s.db")["coverage"] if row[1] == "mentions" and row[3]]
    floor_at = since_at - 7 * DAY_MS
    assert found == ([("cap", floor_at, NOW - sum(sizes) * 60_000 + 1)] if gap else [])


def test_search_asks_for_seven_days_and_notes_the_rest_as_gap(tmp_path: Path) -> None:
    asked: list[str] = []

    def respond(request: httpx.Request) -> None:
        if request.url.path == SEARCH:
            asked.append(request.url.params["start_time"])
            assert "since_id" not in request.url.params

    collect(tmp_path / "s.db", respond, since_at=NOW - 20 * DAY_MS)
    assert asked == ["2026-11-11T12:06:42Z"]  # Seven days less an hour before the sweep, which began two requests later.
    found = [row[4:] for row in contents(tmp_path / "s.db")["coverage"] if row[1] == "search" and row[3]]
    assert found == [("expired", NOW - 27 * DAY_MS, NOW + 2000 - 7 * DAY_MS + 3_600_000)]


def test_archive_has_no_gap_and_always_a_beginning(tmp_path: Path) -> None:
    asked: list[str] = []

    def respond(request: httpx.Request) -> None:
        if request.url.path.endswith("search/all"):
            asked.append(request.url.params["start_time"])

    collect(tmp_path / "s.db", respond, search="all")
    assert asked == ["2006-03-21T00:00:00Z"]
    assert not [row for row in contents(tmp_path / "s.db")["coverage"] if row[3]]


def test_search_never_asks_for_the_last_minute_alone(tmp_path: Path) -> None:
    asked: list[str] = []

    def respond(request: httpx.Request) -> None:
        asked.extend(request.url.params.get_list("start_time") if request.url.path == MENTIONS else [])

    for _ in range(2):
        collect(tmp_path / "s.db", respond, overlap="1s")
    assert asked == ["2026-11-18T11:05:41Z"]  # A minute before the sweep, which began a second after NOW.


def test_conversation_younger_than_seven_days_has_no_gap(tmp_path: Path) -> None:
    young, old = post(NOW - DAY_MS), post(NOW - 9 * DAY_MS)
    collect(tmp_path / "s.db", lambda request: listing([young, old]) if request.url.path == MENTIONS else None)
    rows = [row for row in contents(tmp_path / "s.db")["coverage"] if row[1] == "conversations"]
    assert {row[2] for row in rows} == {young["id"], old["id"]}
    assert [(row[2], row[4]) for row in rows if row[3]] == [(old["id"], "expired")]


def test_refused_token_of_a_cut_sweep_is_swept_again(tmp_path: Path) -> None:
    fresh = case()
    with pytest.raises(BaseException, match=r"^$"):
        fresh.collect(X, tmp_path / "s.db", Wire(fresh.respond, 3))

    def respond(request: httpx.Request) -> httpx.Response:
        if "pagination_token" in request.url.params and not swept:
            swept.append(True)
            return answered(400, {"type": PROBLEM + "invalid-request", "title": "Invalid Request"})
        return fresh.respond(request)

    swept: list[bool] = []
    assert not fresh.collect(X, tmp_path / "s.db", Wire(respond)).failures
    fresh.collect(X, tmp_path / "whole.db")
    assert (swept, contents(tmp_path / "s.db")) == ([True], contents(tmp_path / "whole.db"))


def test_post_costs_once_a_day(tmp_path: Path) -> None:
    fresh, path = case(), tmp_path / "s.db"
    # Ten posts, one of them a retweet, in five listings; and one look-up of an account.
    assert fresh.collect(X, path).spent == {"USD": pytest.approx(10 * 0.005 + 0.010)}
    # The retweet is not stored, so nobody knows any more that it was paid.
    assert fresh.collect(X, path, clock=ManualClock(NOW + 3_600_000)).spent == {"USD": pytest.approx(0.005 + 0.010)}
    assert fresh.collect(X, path, clock=ManualClock(NOW + DAY_MS)).spent == {"USD": pytest.approx(10 * 0.005 + 0.010)}


@pytest.mark.parametrize(("budget", "page_count", "fits"), [(1.02, 2, False), (0.009, 0, False), (4.02, 3, True)])
def test_run_stops_before_it_crosses_its_budget(tmp_path: Path, budget: float, page_count: int, fits: bool) -> None:
    asked: list[str] = []
    answer = pages_of([100] * 3)

    def respond(request: httpx.Request) -> httpx.Response | None:
        asked.append(request.url.path)
        return answer(request)

    outcome = collect(tmp_path / "s.db", respond, budget=budget)
    assert outcome.spent.get("USD", 0.0) <= budget
    assert asked.count(MENTIONS) == page_count
    assert outcome.exit_code == (0 if fits else 5)


def recheck(path: Path, shown: list[dict[str, Any]], posts: list[dict[str, Any]], errors: list[dict[str, Any]]) -> int:
    """A run that finds the mentions `shown`; a day later one that finds none, and looks those up: `posts`, or `errors`."""

    def respond(request: httpx.Request) -> httpx.Response | None:
        if request.url.path != LOOKUP:
            return None
        found = [each for each in posts if each["id"] in request.url.params["ids"].split(",")]
        return answered(200, {**({"data": found} if found else {}), "errors": errors})

    collect(path, lambda request: listing(shown) if request.url.path == MENTIONS else None)
    outcome = collect(path, respond, ManualClock(NOW + DAY_MS))
    assert not outcome.failures
    return next(result.tally.items for result in outcome.results if result.stream == "recheck")


def partial(id_: str, problem: str, parameter: str = "ids") -> dict[str, Any]:
    return {"type": PROBLEM + problem, "title": "Forbidden", "parameter": parameter, "resource_id": id_, "value": id_}


def test_recheck_marks_what_is_gone_and_only_that(tmp_path: Path) -> None:
    posts = [post(NOW - number * 60_000) for number in range(1, 5)]
    deleted, hidden, kept, silent = (each["id"] for each in posts)
    errors = [
        partial(deleted, "resource-not-found"),
        partial(hidden, "not-authorized-for-resource"),
        partial(silent, "resource-not-found", "referenced_posts"),
    ]
    recheck(tmp_path / "s.db", posts, posts[2:3], errors)
    gone = {row[0]: row[6] for row in contents(tmp_path / "s.db")["messages"]}
    assert gone == {deleted: int(Gone.BY_AUTHOR), hidden: int(Gone.UNKNOWN), kept: None, silent: None}


def test_recheck_finds_the_later_version_of_an_edited_post(tmp_path: Path) -> None:
    first = post(NOW - 120_000)
    history = [first["id"], id_at(NOW - 60_000)]
    second = {**post(NOW - 60_000), "text": "@acme_care better", "conversation_id": first["id"], "edit_history_post_ids": history}
    read = recheck(tmp_path / "s.db", [first], [{**first, "edit_history_post_ids": history}, second], [])
    assert read == 1  # The old version is not among them.
    assert [(row[1], row[2]) for row in contents(tmp_path / "s.db")["messages"]] == [(NOW - 120_000, "@acme_care better")]
    recheck(tmp_path / "s.db", [second], [{**first, "edit_history_post_ids": history}, second], [])
    with sqlite3.connect(tmp_path / "s.db") as connection:
        assert connection.execute("select count(*) from version").fetchone() == (1,)  # The old words never came back.


def test_handle_of_a_wrong_form_is_not_asked_for(tmp_path: Path) -> None:
    asked: list[str] = []
    user = {"id": ACME, "username": "acme_care", "name": "Acme"}

    def respond(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/2/users/by":
            asked.append(request.url.params["usernames"])
            return answered(200, {"data": [user], "errors": [partial("gone_care", "resource-not-found", "usernames")]})
        return listing([])

    handles = [Handle("x", name) for name in ("@Acme_Care", "much_too_long_for_a_name", "gone_care")]
    bench = benchmark(*handles, url="https://api.x.test")
    outcome = run_collect(tmp_path / "s.db", bench, Wire(respond), environ=case().environ)
    assert asked == ["Acme_Care,gone_care"]
    assert {each.handle for each in outcome.failures} == {"much_too_long_for_a_name", "gone_care"}
    assert X({}).check(handles[0]) is None
    assert "15 letters" in str(X({}).check(handles[1]))
