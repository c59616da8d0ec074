"""Small rules with an answer each: polls, sifting, redaction, spending, credentials, exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from socialbench.collect.credentials import find_credential, prefix_of, read_environment
from socialbench.collect.due import is_due
from socialbench.collect.keeping import Tally
from socialbench.collect.network import Facts, Price
from socialbench.collect.outcome import Outcome, StreamResult
from socialbench.collect.purse import Purse
from socialbench.collect.redact import Redactor
from socialbench.collect.sifting import Tracked, sift
from socialbench.errors import CredentialError, Forbidden, SocialbenchError, Stopped
from socialbench.model import (
    Account,
    Address,
    Direction,
    Handle,
    How,
    Message,
    Order,
    Over,
    Stream,
    Subject,
)
from tests.collect.small import Small

HOUR, DAY, WEEK_S = 3_600_000, 24 * 3_600_000, 7 * 86_400


def test_threads_are_read_at_their_marks_and_then_no_more() -> None:
    read_at, checked = [], 0
    for hour in range(24 * 20):
        now = hour * HOUR
        if is_due(0, checked, now, WEEK_S):
            read_at.append(hour)
            checked = now
    assert read_at == [1, 6, 24, 72, 168]


def test_thread_never_read_is_due_however_old() -> None:
    assert is_due(0, None, 400 * DAY, WEEK_S)


def test_marks_end_with_follow_up() -> None:
    assert [day for day in range(1, 9) if is_due(0, (day - 1) * DAY, day * DAY, 2 * 86_400)] == [1, 2]


ACME = Account("small", "", "id-acme", "acme")
TRACKED = Tracked.of([(ACME, ("@Acme",)), (Account("small", "", "id-other", "other"), ())])


def told(id_: str, author: str, *addressed: Address, root: str | None = None) -> Message:
    return Message("small", "", id_, 1, "x", author, root_id=root, addressed=addressed)


def stream(over: Over) -> Stream:
    return Stream("s", Direction.INBOUND, over, Order.NONE)


def sifted(over: Over, *messages: Message, subject: str = "") -> dict[str, tuple[bool, tuple[Address, ...]]]:
    found = sift(messages, stream(over), Subject(ACME, Handle("small", "acme"), subject), TRACKED)
    return {message.id: (message.context, message.addressed) for message in found.kept}


def test_listing_keeps_what_speaks_to_the_account_by_id_or_name() -> None:
    to_id, to_name = Address(How.REPLY, "id-acme"), Address(How.IN_TEXT, name="ACME")
    found = sifted(Over.HANDLE, told("1", "ann", to_id), told("2", "ann", to_name), told("3", "ann"), told("4", "id-acme"))
    assert set(found) == {"1", "2", "4"}
    assert found["2"] == (False, (Address(How.IN_TEXT, "id-acme"),))


def test_lowest_how_holds_where_an_account_is_addressed_twice() -> None:
    both = told("1", "ann", Address(How.REPLY, "id-acme"), Address(How.CARRIED, "id-acme"), Address(How.IN_TEXT, "id-other"))
    assert sifted(Over.HANDLE, both)["1"][1] == (Address(How.REPLY, "id-acme"), Address(How.IN_TEXT, "id-other"))


def test_third_parties_in_threads_are_context() -> None:
    assert sifted(Over.OWN_POSTS, told("1", "ann"))["1"] == (True, ())


def test_naming_in_a_thread_of_somebody_else_is_context_but_a_reply_is_not() -> None:
    named, reply = told("1", "ann", Address(How.IN_TEXT, "id-acme")), told("2", "ann", Address(How.REPLY, "id-acme"))
    found = sifted(Over.OPEN_THREADS, named, reply, subject="0")
    assert (found["1"][0], found["2"][0]) == (True, False)


def test_naming_in_a_thread_of_the_account_itself_counts() -> None:
    top, named = told("0", "id-acme"), told("1", "ann", Address(How.IN_TEXT, "id-acme"), root="0")
    assert sifted(Over.OPEN_THREADS, top, named, subject="0")["1"][0] is False


def test_account_does_not_address_itself() -> None:
    assert sifted(Over.HANDLE, told("1", "id-acme", Address(How.REPLY, "id-acme")))["1"][1] == ()


SECRETS = {
    "https://x.test/?access_token=abc123&after=1": "https://x.test/?access_token=***&after=1",
    '{"accessJwt": "ey.J\\"x", "did": "d"}': '{"accessJwt": "***", "did": "d"}',
    "Authorization: Bearer abcdefghijk": "Authorization: Bearer ***",
    "postgresql://user:pw@host/db": "postgresql://user:***@host/db",
    "the value s3cr3t/+ here": "the value *** here",
    "quoted s3cr3t%2F%2B": "quoted ***",
    "?cursor=abc&limit=1": "?cursor=abc&limit=1",
}


@pytest.mark.parametrize("text", SECRETS)
def test_secret_is_cut_out(text: str) -> None:
    redactor = Redactor()
    redactor.learn("s3cr3t/+")
    assert redactor.text(text) == SECRETS[text]
    assert redactor.body(text.encode()) == SECRETS[text].encode()


def test_body_that_is_no_text_survives_redaction() -> None:
    assert Redactor().body(b'\xff\x00{"password": "x"}') == b'\xff\x00{"password": "***"}'


def test_budget_stops_before_it_is_crossed() -> None:
    purse, price = Purse("x", 1.00), Price(per_item=0.005, page_items=100)
    purse.reserve(price)
    purse.settle(price, 90, 1)  # 0.45 spent
    purse.reserve(price)  # 0.95 at most
    purse.settle(price, 100, 1)
    with pytest.raises(Stopped, match=r"budget of 1.00 USD is reached \(0.95 spent\)"):
        purse.reserve(price)
    assert purse.spent == {"USD": pytest.approx(0.95)}


def test_budget_counts_what_others_have_set_aside() -> None:
    purse, price = Purse("x", 0.90), Price(per_item=0.005, page_items=100)
    purse.reserve(price)
    with pytest.raises(Stopped):
        purse.reserve(price)


def test_quota_units_are_told_but_are_no_money() -> None:
    purse, price = Purse("youtube", 0.0), Price(per_request=1, unit="units")
    purse.reserve(price)
    purse.settle(price, 100, 2)
    assert purse.spent == {"units": 2}


FACTS: Facts = Small.facts


def test_credential_comes_from_the_environment_a_file_or_dotenv(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(" from-file\n")
    (tmp_path / ".env").write_text("SOCIALBENCH_SMALL_TOKEN='from-$dotenv'\nOTHER_TOKEN=x\n")
    read = read_environment({"OTHER_TOKEN": "from-environment"}, tmp_path)
    by_file = {"P_TOKEN_FILE": str(tmp_path / "key")}
    tokens = [
        credential.token if (credential := find_credential(FACTS, prefix, environ)) else None
        for prefix, environ in (("OTHER", read), ("SOCIALBENCH_SMALL", read), ("P", by_file), ("ABSENT", read))
    ]
    assert tokens == ["from-environment", "from-$dotenv", "from-file", None]


def test_prefix_of_the_handle_outranks_that_of_the_network() -> None:
    handle = Handle("small", "acme", credentials="ACME")
    assert (prefix_of(handle, "NET"), prefix_of(Handle("small", "a"), "NET")) == ("ACME", "NET")


def test_credential_does_not_show_itself() -> None:
    credential = find_credential(FACTS, "P", {"P_TOKEN": "very-secret"})
    assert credential is not None
    assert "very-secret" not in repr(credential)


OUTCOMES: dict[str, tuple[list[SocialbenchError | None], int]] = {
    "all well": ([None, None], 0),
    "one failed": ([None, Forbidden("x")], 3),
    "stopped outranks failed": ([Forbidden("x"), Stopped("x", 5)], 5),
    "credentials, but something started": ([CredentialError("x"), None], 3),
    "credentials, nothing started": ([CredentialError("x"), CredentialError("x")], 4),
    "nothing asked": ([], 0),
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_exit_code_is_the_first_that_applies(name: str) -> None:
    errors, code = OUTCOMES[name]
    outcome = Outcome([StreamResult("b", "n", "h", "s", Tally(pages=int(error is None)), error) for error in errors])
    assert outcome.exit_code == code


def test_exit_code_is_that_of_credentials_where_the_rest_had_nothing_to_ask_for() -> None:
    results = [StreamResult("b", "n", "h", "s", error=error) for error in (CredentialError("x"), None)]
    assert Outcome(results).exit_code == 4


def test_come_again_when_the_last_stop_ends() -> None:
    errors = [Stopped("x", 5), Stopped("x", 9), Stopped("x", None)]
    assert Outcome([StreamResult("b", "n", "h", "s", error=error) for error in errors]).resume_at == 9


def test_item_is_paid_once_a_day() -> None:
    purse = Purse("x", None)
    assert [purse.first_today({"1", "2"}, 0), purse.first_today({"2", "3"}, 0), purse.first_today({"2"}, DAY)] == [2, 1, 1]
