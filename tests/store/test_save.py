from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations

import pytest

from socialbench.model import Account, Address, Basis, Gone, How, Linking
from socialbench.store import Batch, Cursor, Ledger, Poll, RawPage, SaveCounts, open_store
from socialbench.store.texts import text_hash
from tests.store.invented import ACME, T0, batch, contents, covered, message, saved, to_acme


def test_save_twice_adds_nothing(url: str) -> None:
    reply = message("r", T0 + 5, "sorry", author_id=ACME.id, author_name="acme.example", parent_id="m", root_id="m")
    whole = batch(
        [message("m", T0, "@acme help", addressed=to_acme(), counts={"likes": 2}), reply],
        accounts=[replace(ACME, followers=9)],
        raw=RawPage("bluesky", "", ACME.id, "mentions", "", "https://x.example/", T0, T0 + 9, b"{}", ("m", "r")),
        cursor=Cursor(ACME, "mentions", "", None, None, None, T0, T0, 1, 2),
        coverage=[covered(T0, T0 + 10)],
        polls=[Poll(ACME, "m", T0 + 7)],
        ledger=Ledger("sum", "a.csv", "twcs", 2),
    )
    with open_store(url, write=True) as store:
        assert store.save(whole) == SaveCounts(new=2)
        first, counts = contents(store), store.counts()
        assert store.save(whole) == SaveCounts(unchanged=2)
        assert contents(store) == first
        assert store.counts() == counts
        assert counts.raw_count == 1
        assert store.imported("sum")
        assert not store.imported("other")


def test_save_keeps_small_ids_of_two_origins_apart(url: str) -> None:
    here = batch([message("1", text="here", network="discourse", origin="a.example", author_id="7")])
    there = batch([message("1", text="there", network="discourse", origin="b.example", author_id="7")])
    with saved(url, [here, there]) as store:
        frames = store.frames()
        assert list(store.texts(frames.messages["key"].tolist()).values()) == ["here", "there"]
        assert frames.messages["author"].nunique() == 2
        assert store.save(here) == SaveCounts(unchanged=1)


def test_save_gives_an_unseen_parent_a_final_key(url: str) -> None:
    with saved(url, [batch([message("child", T0 + 1, parent_id="top", root_id="top")])]) as store:
        before = store.frames().messages
        assert len(before) == 1
        assert store.known_ids(ACME, "mentions", ["top", "child"]) == {"child"}
        assert store.save(batch([message("top")])) == SaveCounts(new=1)
        after = store.frames().messages
        assert after["key"].tolist() == [before["parent"][0], before["key"][0]]
        assert after["parent"].tolist() == [-1, before["parent"][0]]


def test_save_newer_facts_win_and_leave_a_version(urls: Callable[[], str]) -> None:
    old, new = message("m", text="my order", stars=2), message("m", T0 + 50, "my order came", stars=5)
    for order in permutations([batch([old], T0 + 100), batch([new], T0 + 200)]):
        with saved(urls(), order) as store:
            row = store.frames().messages.iloc[0]
            assert store.texts([int(row["key"])]) == {row["key"]: "my order came"}
            assert (row["stars"], row["sent_at"]) == (5, T0 + 50)
            assert (row["first_seen_at"], row["last_seen_at"]) == (T0 + 100, T0 + 200)
            assert row["text_hash"] == text_hash("MY order came")
            assert store.counts().version_count == 1


def test_save_counts_a_later_sighting_as_unchanged_and_moves_last_seen(url: str) -> None:
    with saved(url, [batch([message("m")], T0 + 100)]) as store:
        assert store.save(batch([message("m")], T0 + 300)) == SaveCounts(unchanged=1)
        assert store.save(batch([message("m")], T0 + 200)) == SaveCounts(unchanged=1)
        assert store.frames().messages["last_seen_at"].tolist() == [T0 + 300]
        assert store.save(batch([message("m", text="changed")], T0 + 400)) == SaveCounts(updated=1)
        assert store.save(batch([message("m", text="changed", addressed=to_acme())], T0 + 400)) == SaveCounts(updated=1)


def test_save_keeps_what_a_weaker_listing_does_not_tell_of_the_author(urls: Callable[[], str]) -> None:
    batches = [
        batch([message("m", author_followers=10, bot=False)], T0 + 100),
        batch([message("m", author_followers=12, bot=True)], T0 + 200),
        batch([message("m")], T0 + 300),
    ]
    for order in permutations(batches):
        with saved(urls(), order) as store:
            row = store.frames().messages.iloc[0]
            assert (row["followers"], row["bot"], row["last_seen_at"]) == (12, 1, T0 + 300)


def test_save_address_keeps_lowest_how_and_basis(urls: Callable[[], str]) -> None:
    sightings = [
        batch([message("m", addressed=to_acme(How.REPLY), context=True)], T0 + 100, stream="after"),
        batch([message("m", addressed=to_acme(How.IN_TEXT))], T0 + 200, stream="search"),
        batch([message("m", addressed=to_acme(How.LEADING))], T0 + 300, stream="mentions"),
    ]
    for order in permutations(sightings):
        with saved(urls(), order) as store:
            (row,) = store.frames().addresses.to_dict("records")
            assert (row["how"], row["basis"], row["stream"]) == (How.REPLY, Basis.INDEPENDENT, "mentions")
            assert row["first_seen_at"] == T0 + 100


def test_save_marks_ghosts_until_they_are_seen_again(url: str) -> None:
    ghosts = Batch(1, T0 + 200, "known", Basis.INDEPENDENT, (), ghosts={"m": Gone.UNKNOWN, "other": Gone.BY_AUTHOR},
                   ghost_space=("bluesky", ""))  # fmt: skip
    with saved(url, [batch([message("m")], T0 + 100), ghosts]) as store:
        row = store.frames().messages.iloc[0]
        assert (row["gone"], row["gone_at"], row["last_seen_at"]) == (Gone.UNKNOWN, T0 + 200, T0 + 100)
        store.save(batch([message("m")], T0 + 300))
        assert store.frames().messages.iloc[0]["gone"] == -1
        store.save(ghosts)
        assert store.frames().messages.iloc[0]["gone"] == -1


def test_save_takes_a_placeholder_of_a_deleted_message_for_no_new_text(urls: Callable[[], str]) -> None:
    placeholder = batch([message("m", text="[deleted]", gone=Gone.BY_AUTHOR)], T0 + 200)
    for order in permutations([batch([message("m")], T0 + 100), placeholder]):
        with saved(urls(), order) as store:
            row = store.frames().messages.iloc[0]
            assert store.texts([int(row["key"])]) == {row["key"]: "hello"}
            assert (row["gone"], row["gone_at"], row["last_seen_at"]) == (Gone.BY_AUTHOR, T0 + 200, T0 + 100)


def test_save_is_all_or_nothing(url: str) -> None:
    broken = batch([message("m"), message("n")], coverage=[covered(T0 + 9, T0)])
    with open_store(url, write=True) as store:
        with pytest.raises(ValueError, match="before it begins"):
            store.save(broken)
        assert store.counts().message_count == 0
        assert store.counts().account_count == 0


@pytest.mark.parametrize("text", ["nul \0 inside", "half a pair \ud83d", "🧵 ✓ مرحبا", "", "x" * 100_000])
def test_save_takes_any_text(url: str, text: str) -> None:
    with saved(url, [batch([message("m\0", text=text, author_name=text[:40])])]) as store:
        key = int(store.frames().messages["key"][0])
        assert store.texts([key])[key] == text.replace("\0", "\ufffd").replace("\ud83d", "\ufffd")
        assert store.message_ids([key]) == {key: "m\ufffd"}


def test_save_folds_repeats_inside_a_batch(urls: Callable[[], str]) -> None:
    repeats = [message("m", text="short"), message("m", text="rather longer"), message("m", text="short")]
    for order in permutations(repeats):
        with open_store(urls(), write=True) as store:
            store.save(batch(order))
            assert contents(store)["messages"][0][2] == "rather longer"


def test_save_keeps_authors_without_an_id_apart_and_names_them(url: str) -> None:
    nameless = [message(id_, author_id=None, author_name="A Store User") for id_ in ("1", "2")]
    with saved(url, [batch(nameless)]) as store:
        assert store.frames().messages["author"].tolist() == [-1, -1]
        assert [row["author_name"] for row in store.export_rows("messages")] == ["A Store User"] * 2


def test_save_links_a_message_to_itself_never(url: str) -> None:
    with saved(url, [batch([message("m", parent_id="m", linking=Linking.PARENT)])]) as store:
        assert store.frames().messages["parent"].tolist() == [-1]


def test_save_resolves_a_name_to_the_account_that_shows_it(urls: Callable[[], str]) -> None:
    named = message("1", addressed=(Address(How.LEADING, name="@ACME.example"),))
    shown = message("2", author_id=ACME.id, author_name="Acme.Example")
    both = message("3", addressed=(Address(How.IN_TEXT, name="acme.example"), Address(How.REPLY, account_id=ACME.id)))
    for order in permutations([batch([named]), batch([shown]), batch([both])]):
        with saved(urls(), order) as store:
            frames = store.frames()
            assert frames.accounts["id"].tolist() == [ACME.id]
            assert frames.accounts["names"].tolist() == [("acme.example",)]
            assert frames.addresses["how"].tolist() == [How.LEADING, How.REPLY]


def test_save_keeps_profiles_over_time(url: str) -> None:
    seen = [(100, 5), (200, 5), (300, 8)]
    batches = [Batch(1, T0 + at, "profile", Basis.INDEPENDENT, (), accounts=[replace(ACME, followers=n)]) for at, n in seen]
    with saved(url, batches) as store:
        assert store.find_accounts("bluesky", "ACME.example") == [
            Account("bluesky", "", "did:acme", name="acme.example", followers=8)
        ]
