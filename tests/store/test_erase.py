from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import event

from socialbench.store import EraseCounts, RawPage, Store
from tests.store.invented import ACME, T0, batch, contents, message, saved, to_acme

SECRET = "the parcel for Josephine"


def page(body: str, *ids: str, subject: str = "", expires_at: int = T0 + 99) -> RawPage:
    return RawPage("bluesky", "", ACME.id, "mentions", subject, "https://x.example", T0, expires_at, body.encode(), ids)


def story(url: str) -> Store:
    asked = message("q/jo/1", T0, SECRET, author_id="did:jo", author_name="josy.example", addressed=to_acme())
    answer = message("a", T0 + 5, "@josy.example sorry", author_id=ACME.id, parent_id="q/jo/1", root_id="q/jo/1")
    other = message("o", T0 + 6, "nice", author_id="did:al", author_name="al")
    return saved(
        url,
        [
            batch([asked], T0 + 10, raw=page('{"text": "..."}', "q/jo/1", subject="held")),
            batch([answer, other], T0 + 20, raw=page('{"parent": "q\\/jo", "author": "JOSY.example"}', "a", subject="named")),
            batch([message("q/jo/1", T0, SECRET + "!", author_id="did:jo")], T0 + 30),
            batch([message("a", T0 + 5, "sorry", author_id=ACME.id, parent_id="q/jo/1", root_id="q/jo/1")], T0 + 40),
            batch([], T0 + 50, raw=page('{"author": "al"}', "o", subject="kept")),
        ],
    )


def test_erase_drops_an_author_and_all_that_names_them(url: str) -> None:
    with story(url) as store:
        assert store.erase("bluesky", "@Josy.Example") == EraseCounts(accounts=1, messages=1, versions=2, raw=2)
        assert store.find_accounts("bluesky", "did:jo") == []
        assert [row[1:3] for row in contents(store)["messages"]] == [("a", "sorry"), ("o", "nice")]
        assert store.counts().raw_count == 1
        assert store.erase("bluesky", "@Josy.Example") == EraseCounts()


def test_erase_leaves_nothing_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with story(str(path)) as store:
        # Some builds of SQLite overwrite what they delete, ours must not need that.
        store._engine.dispose()
        event.listen(store._engine, "connect", lambda driver, _: driver.execute("PRAGMA secure_delete=off"))
        store.erase("bluesky", "did:jo")
        left = b"".join(each.read_bytes() for each in tmp_path.glob("store.db*"))
    for word in (SECRET, "did:jo", "josy", "q/jo/1"):
        assert word.encode() not in left
    assert b"nice" in left


def test_erase_takes_one_message_by_its_id(url: str) -> None:
    with story(url) as store:
        assert store.erase("bluesky", "o") == EraseCounts(messages=1, raw=1)
        assert [row[1] for row in contents(store)["messages"]] == ["q/jo/1", "a"]
        assert store.find_accounts("bluesky", "al") != []


def test_erase_reads_names_that_json_escapes(url: str) -> None:
    odd = message("m", author_id="did:zoë/😀", author_name="Zoë")
    bodies = [
        json.dumps({"author": odd.author_id}).replace("/", "\\/"),
        json.dumps({"text": "hi @ZOË!"}),
        "no json: @zoë",
        "[" * 99_999,
    ]
    batches = [batch([], raw=page(body, subject=str(at))) for at, body in enumerate(bodies)]
    with saved(url, [batch([odd]), *batches]) as store:
        assert store.erase("bluesky", "zoë").raw == 3
        assert store.counts().raw_count == 1


def test_erase_keeps_answers_with_longer_ids(url: str) -> None:
    rows = [message("1234", author_id="8"), message("51234", author_id="9")]
    pages = [page('{"id": 51234, "n": "x1234"}', "51234", subject="a"), page('{"reply_to": 1234}', subject="b")]
    with saved(url, [batch(rows), *(batch([], raw=each) for each in pages)]) as store:
        assert store.erase("bluesky", "1234") == EraseCounts(messages=1, raw=1)
        assert store.counts().raw_count == 1


def test_erase_knows_networks_and_origins_apart(url: str) -> None:
    with story(url) as store:
        assert store.erase("x", "did:jo") == EraseCounts()
        assert store.erase("bluesky", "did:jo", "other.example") == EraseCounts()


def test_erase_allows_the_message_to_come_again(url: str) -> None:
    with story(url) as store:
        store.erase("bluesky", "did:jo")
        assert store.save(batch([message("q/jo/1", text="again")], T0 + 60)).new == 1


def test_prune_drops_expired_raw_answers_only(url: str) -> None:
    pages = [page("{}", subject=str(at), expires_at=T0 + at) for at in range(3)]
    with saved(url, [batch([message("m")], raw=each) for each in pages]) as store:
        assert store.count_expired(T0 + 1) == 2
        assert store.prune(T0 + 1) == 2
        assert store.count_expired(T0 + 1) == 0
        assert store.prune(T0 + 1) == 0
        assert store.counts().raw_count == 1
        assert store.counts().message_count == 1
