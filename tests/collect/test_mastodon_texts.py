"""What a status of Mastodon's says, and to whom; what is no message at all."""

from __future__ import annotations

from typing import Any

import pytest

from socialbench.collect.network import Verdict
from socialbench.collect.networks.mastodon import Mastodon
from socialbench.model import Address, Handle, How, Message
from tests.collect.test_mastodon import HOST, status


def mention(name: str, id_: str, url: str = "") -> dict[str, str]:
    return {"id": id_, "username": name.partition("@")[0], "acct": name, "url": url}


def parsed(item: dict[str, Any]) -> Message:
    (message,) = Mastodon({}).parse(item)
    return message


TEXTS = {
    "bare": ("<p>@acme help</p>", [mention("acme", "1")], f"@acme@{HOST} help", How.LEADING),
    "at before the link": (
        '@<a href="https://s/acme">acme</a> help',
        [mention("acme", "1", "https://s/acme")],
        f"@acme@{HOST} help",
        How.LEADING,
    ),
    "own host appended": ("<p>@acme help</p>", [mention(f"acme@{HOST}", "1")], f"@acme@{HOST} help", How.LEADING),
    "beside the text": ("<p>help</p>", [mention("acme", "1")], "help", How.IN_TEXT),
    "longer name": (
        "<p>@acmeco and @acme.de, @acme</p>",
        [mention("acme", "1")],
        f"@acmeco and @acme.de, @acme@{HOST}",
        How.IN_TEXT,
    ),
    "mail": ("<p>write to me@acme or @acme</p>", [mention("acme", "1")], f"write to me@acme or @acme@{HOST}", How.IN_TEXT),
    "hashtag": ('<p><a href="https://s/tags/x" class="mention hashtag">#<span>x</span></a></p>', [], "#x", None),
    "hostile": ("<p><script>x()</script>&lt;b&gt; <a href=", [], "<b>", None),
}


@pytest.mark.parametrize("name", TEXTS)
def test_content_is_read_as_the_text_that_people_see(name: str) -> None:
    content, mentions, text, how = TEXTS[name]
    found = parsed(status(content, mentions=mentions))
    assert found.text == text
    assert found.addressed == ((Address(how, "1"),) if how is not None else ())


def test_two_accounts_of_one_name_are_told_apart() -> None:
    here, there = mention("acme", "1", "https://a/@acme"), mention("acme@far.example.test", "2", "https://b/@acme")
    content = '<a href="https://b/@acme">@acme</a> is not <a href="https://a/@acme">@acme</a>'
    found = parsed(status(content, mentions=[here, there]))
    assert found.text == f"@acme@far.example.test is not @acme@{HOST}"
    assert found.addressed == (Address(How.IN_TEXT, "1"), Address(How.LEADING, "2"))


def test_content_warning_stands_before_the_text_and_hides_no_address() -> None:
    found = parsed(status("<p>@acme help</p>", mentions=[mention("acme", "1")], spoiler_text="parcels"))
    assert found.text == f"parcels\n\n@acme@{HOST} help"
    assert found.addressed == (Address(How.LEADING, "1"),)


def test_quote_speaks_to_whom_it_quotes() -> None:
    quoted = {"id": "9", "account": {"id": "1"}, "visibility": "public", "content": ""}
    found = parsed(status(quote={"state": "accepted", "quoted_status": quoted}))
    assert (found.quoted_id, found.addressed) == ("9", (Address(How.QUOTE, "1"),))


@pytest.mark.parametrize(
    "more", [{"reblog": {"id": "2"}}, *({"visibility": word} for word in ("direct", "private", "local", "mutuals_only"))]
)
def test_boosts_and_what_is_not_for_everybody_are_no_messages(more: dict[str, Any]) -> None:
    assert list(Mastodon({}).parse(status(**more))) == []


@pytest.mark.parametrize("json", [None, 7, "x", [], [[]], {"status": 1}, {"visibility": [1], "content": ""}, [{"account": 3}]])
def test_whatever_an_answer_is_it_can_be_searched_for_private_words(json: Any) -> None:
    shown = Mastodon({}).public(json)
    assert shown == ({"visibility": [1]} if isinstance(json, dict) and "visibility" in json else json)


@pytest.mark.parametrize(
    ("name", "more", "fine"),
    [
        ("@acme@mastodon.social", {}, True),
        ("acme", {"origin": "mastodon.social"}, True),
        ("acme", {"url": "https://social.acme.example"}, True),
        ("acme.help-1", {"origin": "localhost:8093"}, True),
        ("acme", {}, False),
        ("acme@", {}, False),
        ("a b@mastodon.social", {}, False),
        ("acme@mastodon.social/evil", {}, False),
        ("acme@user:pw@mastodon.social", {}, False),
    ],
)
def test_handle_is_a_name_and_its_server(name: str, more: dict[str, str], fine: bool) -> None:
    assert (Mastodon({}).check(Handle("mastodon", name, **more)) is None) is fine  # type: ignore[arg-type]


def test_verdict_is_told_by_the_status_alone() -> None:
    statuses = (401, 403, 404, 410, 418, 422, 429, 503)
    said = [Mastodon({}).verdict(each, {"error": "記録が見つかりません"}) for each in statuses]
    expected = [Verdict.CREDENTIAL, Verdict.FORBIDDEN, Verdict.NOT_FOUND, Verdict.NOT_FOUND, Verdict.FORBIDDEN]
    assert said == [*expected, Verdict.REFUSED, Verdict.RETRY, Verdict.RETRY]
    assert Mastodon({}).code({"error": "記録"}) == ""


def test_notified_account_is_spoken_to_though_the_status_lists_nobody() -> None:
    item = status("<p>@acme help</p>") | {"mentions": [], "told": {"id": "1", "acct": "acme"}}
    message = parsed(item)
    assert message.text == f"@acme@{HOST} help"
    assert message.addressed == (Address(How.LEADING, "1"),)
    listed = parsed(item | {"mentions": [mention("acme", "1")]})
    assert listed.addressed == message.addressed
