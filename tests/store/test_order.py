"""What is saved does not show in which order it came: hypothesis shuffles batches, both databases agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from socialbench.model import Account, Address, Basis, Coverage, Gone, How, Linking, Message
from socialbench.store import Batch, Poll
from tests.store.invented import ACME, T0, batch, contents, covered, saved, to_acme

IDS = ("a", "bb", "c", "e1", "e2", "e3")
# Each example makes stores: to shrink a failure would take minutes.
FEW = settings(max_examples=15, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
ALIASES = {"e2": ("e1",), "e3": ("e1", "e2")}
ANSWERED = {"a": "bb", "bb": "c", "c": "e1", "e1": "a", "e2": "a", "e3": "a"}
"""What each message answers never changes, and not every listing tells it."""


@st.composite
def messages(draw: st.DrawFn) -> Message:
    """One of a few ids in one of a few states."""
    id_ = draw(st.sampled_from(IDS))
    state = draw(st.integers(0, 3))
    facts: dict[str, Any] = {
        "parent_id": draw(st.sampled_from((None, ANSWERED[id_]))) if state == 0 else None,
        "root_id": "top" if state == 1 else None,
        "gone": Gone.BY_AUTHOR if state == 2 else None,
        "author_followers": state if state != 1 else None,
        "lang": ("en", "de", None, "fr")[state],
        "linking": Linking.PARENT if state else Linking.THREAD,
        "addressed": draw(st.sampled_from(((), to_acme(), to_acme(How.REPLY), (Address(How.IN_TEXT, name="Acme.Example"),)))),
        "context": draw(st.booleans()),
    }
    text = f"{id_} in state {state} under {facts['parent_id']}"
    return Message("bluesky", draw(st.sampled_from(("", "b.example"))), id_, T0 + state % 2, text,
                   author_id="did:jo", author_name="jo", aliases=ALIASES.get(id_, ()), **facts)  # fmt: skip


@st.composite
def intervals(draw: st.DrawFn) -> Coverage:
    """Some reading of ACME's mentions, or a gap in it."""
    since_at = draw(st.integers(0, 20))
    gap = draw(st.booleans())
    reason = draw(st.sampled_from(("cap", "outage"))) if gap else ""
    return covered(since_at, since_at + draw(st.integers(0, 10)), gap=gap, reason=reason, assumed=draw(st.booleans()))


@st.composite
def batches(draw: st.DrawFn) -> Batch:
    """What one page might bring."""
    shown = draw(st.booleans())
    return batch(
        draw(st.lists(messages(), max_size=4)),
        seen_at=T0 + draw(st.integers(10, 14)),
        stream=draw(st.sampled_from(("mentions", "search"))),
        basis=draw(st.sampled_from((Basis.INDEPENDENT, Basis.ANSWERED_ONLY))),
        accounts=[ACME] if shown else [],
        coverage=draw(st.lists(intervals(), max_size=3)),
        polls=[Poll(ACME, "e1", T0 + draw(st.integers(0, 5)))] if shown else [],
    )


@st.composite
def ghosts(draw: st.DrawFn) -> Batch:
    """What a re-check might no longer find."""
    gone = draw(st.dictionaries(st.sampled_from(IDS), st.sampled_from(Gone), min_size=1, max_size=2))
    return batch([], seen_at=T0 + draw(st.integers(10, 14)), ghosts=gone, ghost_space=("bluesky", ""))


@given(st.data())
@FEW
def test_order_of_batches_never_shows(urls: Callable[[], str], data: st.DataObject) -> None:
    given_batches = data.draw(st.lists(batches(), min_size=2, max_size=5))
    shuffled = data.draw(st.permutations(given_batches))
    with saved(urls(), given_batches) as one, saved(urls(), shuffled) as other:
        assert contents(one) == contents(other)
        assert one.open_threads(ACME, 0) == other.open_threads(ACME, 0)


@given(st.data())
@FEW
def test_order_of_looks_for_what_is_gone_never_shows(urls: Callable[[], str], data: st.DataObject) -> None:
    looks = data.draw(st.lists(ghosts() | batches(), min_size=2, max_size=6))
    known = batch([Message("bluesky", "", id_, T0, id_, aliases=ALIASES.get(id_, ())) for id_ in IDS], seen_at=T0)
    with saved(urls(), [known, *looks]) as one, saved(urls(), [known, *data.draw(st.permutations(looks))]) as other:
        assert contents(one) == contents(other)


@given(st.data())
@FEW
def test_order_of_rows_and_splits_never_show(urls: Callable[[], str], data: st.DataObject) -> None:
    rows = data.draw(st.lists(messages(), min_size=2, max_size=8))
    shuffled = data.draw(st.permutations(rows))
    cut = data.draw(st.integers(0, len(rows)))
    with saved(urls(), [batch(rows)]) as one, saved(urls(), [batch(shuffled[:cut]), batch(shuffled[cut:])]) as other:
        assert contents(one) == contents(other)


@given(st.lists(batches(), min_size=1, max_size=4))
@FEW
def test_order_keeps_every_key_joined(urls: Callable[[], str], given_batches: list[Batch]) -> None:
    with saved(urls(), given_batches) as store:
        frames = store.frames()
        keys = frames.messages["key"]
        assert keys.is_unique
        assert set(frames.addresses["message"]) <= set(keys)
        assert set(frames.addresses["account"]) | set(frames.coverage["account"]) == set(frames.accounts["key"])
        links = {int(key) for name in ("parent", "root", "quoted") for key in frames.messages[name] if key >= 0}
        assert links <= set(store.message_ids(sorted(links)))
        assert set(store.texts(keys.tolist())) == set(keys)


def test_order_of_frames_is_by_space_time_and_id(urls: Callable[[], str]) -> None:
    ids = ["10", "9", "Z", "a", "é", "100"]
    rows = [Message("x", origin, id_, T0, id_, author_id="u") for origin in ("b", "a") for id_ in ids]
    later = Message("github", "z", "0", T0 + 9, "first by network", author_id="u")
    with saved(urls(), [batch([*reversed(rows), later])]) as store:
        keys = store.frames().messages["key"].tolist()
        found = [store.message_ids(keys)[key] for key in keys]
    assert found == ["0", *["9", "Z", "a", "é", "10", "100"] * 2]


def test_order_of_addresses_is_that_of_messages_then_account_ids(urls: Callable[[], str]) -> None:
    both = (Address(How.IN_TEXT, account_id="z"), Address(How.LEADING, account_id="B"), Address(How.QUOTE, account_id="a"))
    rows = [Message("x", "", id_, T0 - int(id_), "hi", author_id="u", addressed=both) for id_ in ("1", "2")]
    with saved(urls(), [batch(rows)]) as store:
        frames = store.frames()
        names = dict(zip(frames.accounts["key"], frames.accounts["id"], strict=True))
        ids = store.message_ids(frames.addresses["message"].tolist())
        found = [(ids[row[0]], names[row[1]]) for row in frames.addresses.to_numpy().tolist()]
    assert found == [("2", "B"), ("2", "a"), ("2", "z"), ("1", "B"), ("1", "a"), ("1", "z")]


def test_order_is_the_same_for_an_account_first_known_by_name(urls: Callable[[], str]) -> None:
    named = Message("x", "", "1", T0, "@Acme", author_id="u", addressed=(Address(How.LEADING, name="Acme"),))
    with saved(urls(), [batch([named])]) as store:
        assert [each.id for each in store.find_accounts("x", "@ACME")] == ["@acme"]
        store.save(batch([], accounts=[Account("x", "", "77", name="aCME")]))
        assert [each.id for each in store.find_accounts("x", "@ACME")] == ["77"]
        assert store.frames().accounts["id"].tolist() == ["77"]
