"""Kinds of messages: saved with a batch, given anew by other rules, and no news of a message."""

from __future__ import annotations

from dataclasses import replace

from socialbench.model import Basis, Message
from socialbench.store import Batch, Store, open_store

AT = 1_790_000_000_000


def message(id_: str, text: str, **more: object) -> Message:
    return Message("x", "", id_, AT, text, author_id="7", **more)  # type: ignore[arg-type]


def batch(*messages: Message, seen_at: int = AT, kinds: tuple[int, ...] = (), version: int | None = None) -> Batch:
    return Batch(1, seen_at, "s", Basis.INDEPENDENT, messages, kinds=kinds, kind_version=version)


def codes(store: Store) -> list[tuple[int, int]]:
    frame = store.frames().messages
    return list(zip(frame["kind"].tolist(), frame["kind_version"].tolist(), strict=True))


def test_kinds_of_a_batch_are_kept_with_their_rules(url: str) -> None:
    with open_store(url, write=True) as store:
        store.save(batch(message("1", "why?"), message("2", "thanks"), kinds=(0, 4), version=2))
        store.save(batch(message("3", "unlabelled")))
        assert codes(store) == [(0, 2), (4, 2), (-1, -1)]
        assert store.label_counts() == {2: 2, None: 1}


def test_other_rules_label_anew_what_they_have_not_labelled(url: str) -> None:
    with open_store(url, write=True) as store:
        store.save(batch(message("1", "why?", lang="en"), message("2", "bad", stars=1), kinds=(0, 4), version=2))
        store.save(batch(message("3", "hello"), kinds=(5,), version=1007))
        due = store.labelled(0, 10, but_version=1007)
        assert [(each.text, each.lang, each.stars, each.kind, each.kind_version) for each in due] == [
            ("why?", "en", None, 0, 2),
            ("bad", None, 1, 4, 2),
        ]
        store.save_labels([(each.key, 3) for each in due], 1007)
        assert codes(store) == [(3, 1007), (3, 1007), (5, 1007)]
        assert store.labelled(0, 10, but_version=1007) == []


def test_messages_to_label_come_in_chunks_by_key(url: str) -> None:
    with open_store(url, write=True) as store:
        store.save(batch(*(message(str(number), f"text {number}") for number in range(1, 6))))
        first = store.labelled(0, 3)
        rest = store.labelled(first[-1].key, 3)
        assert [each.text for each in first + rest] == [f"text {number}" for number in range(1, 6)]


def test_being_labelled_by_other_rules_is_no_change_of_a_message(url: str) -> None:
    with open_store(url, write=True) as store:
        first = batch(message("1", "why?"), kinds=(0,), version=2)
        store.save(first)
        counts = store.save(replace(first, seen_at=AT + 1, kinds=(1,), kind_version=1007))
        assert (counts.new, counts.updated, counts.unchanged) == (0, 0, 1)
        assert codes(store) == [(1, 1007)]


def test_label_belongs_to_the_text_that_holds(url: str) -> None:
    with open_store(url, write=True) as store:
        store.save(batch(message("1", "now a complaint"), seen_at=AT + 5, kinds=(2,), version=2))
        store.save(batch(message("1", "once a question"), seen_at=AT, kinds=(0,), version=2))
        assert codes(store) == [(2, 2)]
        store.save(batch(message("1", "in the end thanks"), seen_at=AT + 9, kinds=(4,), version=2))
        assert codes(store) == [(4, 2)]
