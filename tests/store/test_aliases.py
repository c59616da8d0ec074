from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

from socialbench.model import Address, Gone, How
from socialbench.store import Poll, RawPage, SaveCounts
from tests.store.invented import ACME, T0, batch, contents, message, saved, to_acme


def test_alias_merges_a_stub_and_moves_what_points_at_it(urls: Callable[[], str]) -> None:
    reply = batch(
        [message("r", T0 + 9, author_id=ACME.id, parent_id="1", root_id="1", quoted_id="1")],
        polls=[Poll(ACME, "1", T0 + 5)],
        raw=RawPage("bluesky", "", ACME.id, "posts", "", "", T0, T0 + 9, b"{}", ("1", "r")),
    )
    edited = batch([message("2", T0, "second wording", aliases=("1",), addressed=to_acme())])
    for order in permutations([reply, edited]):
        with saved(urls(), order) as store:
            top, answer = store.frames().messages.to_dict("records")
            assert [answer[name] for name in ("parent", "root", "quoted")] == [top["key"]] * 3
            assert store.counts().stub_count == 0
            assert store.known_ids(ACME, "", ["1", "2", "3"]) == {"1", "2"}
            assert [thread.checked_at for thread in store.open_threads(ACME, T0)] == [T0 + 5]
            assert store.erase("bluesky", "2").raw == 1


def test_alias_merges_two_stubs_that_others_answered(urls: Callable[[], str]) -> None:
    answers = batch([message("a", T0 + 8, parent_id="1"), message("b", T0 + 9, parent_id="2", quoted_id="1")])
    edited = batch([message("3", T0, aliases=("1", "2"))])
    for order in permutations([answers, edited]):
        with saved(urls(), order) as store:
            top, one, other = store.frames().messages.to_dict("records")
            assert [one["parent"], other["parent"], other["quoted"]] == [top["key"]] * 3
            assert store.counts().stub_count == 0


def test_alias_merges_a_message_seen_under_its_first_id(urls: Callable[[], str]) -> None:
    first = batch([message("9", T0, "first", addressed=(Address(How.REPLY, account_id=ACME.id),))], T0 + 100, stream="a")
    second = batch([message("10", T0, "second", aliases=("9",), addressed=to_acme(How.IN_TEXT))], T0 + 200, stream="b")
    again = batch([message("9", T0, "first")], T0 + 300, stream="c")
    for order in permutations([first, second, again]):
        with saved(urls(), order) as store:
            found = contents(store)
            assert [(row[1], row[2]) for row in found["messages"]] == [("10", "second")]
            assert [row[0::2] for row in found["addresses"]] == [("10", How.REPLY, "a")]
            assert store.counts().version_count == 1
            assert store.save(second) == SaveCounts(unchanged=1)


def test_alias_chains_meet_in_one_batch(urls: Callable[[], str]) -> None:
    chain = [
        message("4", aliases=("3",)),
        message("2", aliases=("1",)),
        message("3", aliases=("2",)),
        message("r", parent_id="1"),
    ]
    for order in permutations(chain):
        with saved(urls(), [batch(order)]) as store:
            frame = store.frames().messages
            ids = store.message_ids(frame["key"].tolist())
            links = zip(frame["key"].tolist(), frame["parent"].tolist(), strict=True)
            assert {ids[key]: ids.get(parent) for key, parent in links} == {"4": None, "r": "4"}


def test_alias_of_a_message_may_go_without_it(urls: Callable[[], str]) -> None:
    looks = [
        batch([message("1", text="first", gone=Gone.BY_AUTHOR)], T0 + 300),
        batch([message("2", text="second", aliases=("1",))], T0 + 200),
        batch([], T0 + 400, ghosts={"1": Gone.UNKNOWN}, ghost_space=("bluesky", "")),
        batch([message("1", text="first")], T0 + 500),
    ]
    for order in permutations(looks):
        with saved(urls(), order) as store:
            row = store.frames().messages.iloc[0]
            assert (row["gone"], row["gone_at"], row["last_seen_at"]) == (-1, -1, T0 + 200)
