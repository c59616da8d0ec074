from __future__ import annotations

import pytest

from socialbench.errors import UsageError
from socialbench.model import Gone
from tests.store.invented import ACME, T0, batch, covered, message, saved, to_acme


def test_export_messages_are_the_evidence(url: str) -> None:
    asked = message("q", T0, "=1+1", author_name="jo", stars=2, lang="en", addressed=to_acme(), gone=Gone.UNKNOWN)
    answer = message("a", T0 + 5, "sorry", author_id=ACME.id, author_name=ACME.name, parent_id="q", root_id="top")
    with saved(url, [batch([answer, asked], T0 + 9)]) as store:
        first, second = store.export_rows("messages")
        assert first == {
            "network": "bluesky", "origin": "", "id": "q", "author_id": "did:jo", "author_name": "jo",
            "parent_id": None, "root_id": None, "quoted_id": None, "sent_at": T0, "text": "=1+1", "stars": 2, "lang": "en",
            "addressed": [{"account_id": "did:acme", "account_name": "acme.example", "how": "leading",
                           "basis": "independent", "stream": "mentions"}],
            "first_seen_at": T0 + 9, "last_seen_at": T0, "gone": "unknown",
            "kind": None, "reply_kind": None, "kind_version": None,
        }  # fmt: skip
        assert (second["parent_id"], second["root_id"], second["addressed"], second["gone"]) == ("q", "top", [], None)


def test_export_takes_a_window_and_accounts(url: str) -> None:
    rows = [message(str(at), T0 + at, addressed=to_acme() if at % 2 else ()) for at in range(6)]
    by_acme = message("by", T0 + 3, author_id=ACME.id)
    with saved(url, [batch([*rows, by_acme])]) as store:
        keys = store.account_keys("bluesky", ACME.id)
        found = [row["id"] for row in store.export_rows("messages", T0 + 1, T0 + 5, keys)]
        assert found == ["1", "3", "by"]
        assert list(store.export_rows("messages", accounts=[])) == []
        assert len(list(store.export_rows("messages", until_at=T0 + 2))) == 2


def test_export_streams_more_than_one_piece_in_order(url: str) -> None:
    with saved(url, [batch([message(str(at), T0 + at % 7) for at in range(4500)])]) as store:
        found = [(row["sent_at"], len(row["id"]), row["id"]) for row in store.export_rows("messages")]
        assert len(found) == 4500
        assert found == sorted(found)


def test_export_coverage_has_names(url: str) -> None:
    told = [covered(0, 10), covered(10, 20, gap=True, reason="cap", assumed=True)]
    with saved(url, [batch([], accounts=[ACME], coverage=told)]) as store:
        rows = list(store.export_rows("coverage", since_at=11))
        assert rows == [
            {"network": "bluesky", "origin": "", "account_id": "did:acme", "account_name": "acme.example",
             "stream": "mentions", "direction": "inbound", "subject": "", "since_at": 10, "until_at": 20, "gap": True,
             "reason": "cap", "assumed": True, "sample": "complete"}
        ]  # fmt: skip
        assert len(list(store.export_rows("coverage", until_at=10))) == 1


def test_export_of_anything_else_is_refused(url: str) -> None:
    with saved(url, []) as store, pytest.raises(UsageError, match="messages and coverage"):
        list(store.export_rows("brands"))
