from __future__ import annotations

from dataclasses import replace

from socialbench.model import Account, Gone
from socialbench.store import Cursor, OpenThread, Poll, open_store
from tests.store.invented import ACME, T0, batch, message, saved, to_acme


def test_find_accounts_by_any_name_seen_or_id(url: str) -> None:
    renamed = replace(ACME, name="acme.new", display_name="Acme")
    elsewhere = Account("bluesky", "other.example", "did:acme", name="acme.new")
    with saved(url, [batch([], T0, accounts=[ACME]), batch([], T0 + 9, accounts=[renamed, elsewhere])]) as store:
        for name in ("@Acme.Example", " acme.new ", "did:acme"):
            assert store.find_accounts("bluesky", name, "") == [renamed]
        assert len(store.account_keys("bluesky", "ACME.NEW")) == 2
        assert store.find_accounts("x", "acme.new") == []
        assert store.find_accounts("bluesky", "nobody") == []
        assert store.frames().accounts.empty


def test_find_authors_by_key(url: str) -> None:
    with saved(url, [batch([message("1", author_name="jo", author_display_name="Jo D")])]) as store:
        key = int(store.frames().messages["author"][0])
        assert store.authors([key, 99]) == {key: Account("bluesky", "", "did:jo", name="jo", display_name="Jo D")}


def test_find_cursor_is_the_one_saved_last(url: str) -> None:
    cut = Cursor(ACME, "mentions", "p", "next", T0, T0 - 5, T0 - 2, None, 3, 40)
    done = replace(cut, token=None, started_at=None, since_at=None, complete_at=T0, pages=5)
    with open_store(url, write=True) as store:
        assert store.find_cursor(ACME, "mentions", "p") is None
        for cursor in (cut, done):
            store.save(batch([], cursor=cursor))
            assert store.find_cursor(ACME, "mentions", "p") == cursor
        assert store.find_cursor(ACME, "mentions") is None
        assert store.cursors() == [done]


def test_find_own_posts_that_answer_nothing(url: str) -> None:
    mine = [
        message("old", T0 - 1, author_id=ACME.id),
        message("top", T0 + 1, author_id=ACME.id, root_id="top"),
        message("new", T0 + 2, author_id=ACME.id),
        message("reply", T0 + 3, author_id=ACME.id, parent_id="q", root_id="q"),
        message("gone", T0 + 4, author_id=ACME.id, gone=Gone.BY_AUTHOR),
        message("theirs", T0 + 5),
    ]
    with saved(url, [batch(mine)]) as store:
        assert store.own_posts(ACME, T0) == [("new", T0 + 2), ("top", T0 + 1)]
        assert store.own_posts(replace(ACME, id="unknown"), T0) == []
        assert store.recent_ids(ACME, T0) == ["reply", "new", "top"]


def test_find_open_threads_by_their_newest_word_to_the_account(url: str) -> None:
    words = [
        message("q", T0 + 1, addressed=to_acme()),
        message("a", T0 + 2, author_id=ACME.id, parent_id="q", root_id="q", addressed=to_acme()),
        message("nudge", T0 + 9, parent_id="a", root_id="q", addressed=to_acme()),
        message("comment", T0 + 5, root_id="unseen", parent_id="unseen", addressed=to_acme()),
        message("early", T0 - 5, addressed=to_acme()),
        message("aside", T0 + 7),
        message("own", T0 + 8, author_id=ACME.id, addressed=to_acme()),
    ]
    with saved(url, [batch(words, polls=[Poll(ACME, "q", T0 + 8), Poll(ACME, "q", T0 + 6)])]) as store:
        assert store.open_threads(ACME, T0) == [OpenThread("q", T0 + 9, T0 + 8), OpenThread("unseen", T0 + 5, None)]
        store.save(batch([], polls=[Poll(ACME, "q", T0 + 3)]))
        assert store.open_threads(ACME, T0 + 6) == [OpenThread("q", T0 + 9, T0 + 8)]


def test_find_known_ids_leaves_stubs_out(url: str) -> None:
    many = [message(str(number)) for number in range(9000)]
    with saved(url, [batch([*many, message("r", parent_id="stub")])]) as store:
        asked = [str(number) for number in range(9000)] + ["stub", "none"]
        assert store.known_ids(ACME, "mentions", asked) == set(asked[:9000])
        assert store.known_ids(replace(ACME, origin="b"), "mentions", asked) == set()
