"""Rows of a file that repeat another: kept with the file, told to the brand whose message they are."""

from __future__ import annotations

from socialbench.model import DAY_MS, Account, Basis, Message
from socialbench.store import Batch, Ledger, Store, open_store

AT = 1_790_035_200_000
DAY_AT = AT // DAY_MS * DAY_MS
ACME, BETA = Account("x", "", "1", "acme"), Account("x", "", "2", "beta")


def saved(store: Store, checksum: str, counts: dict[tuple[Account, int], int]) -> None:
    message = Message("x", "", "9", AT, "hello", author_id="7")
    store.save(Batch(1, AT, "import", Basis.INDEPENDENT, [message], (ACME, BETA), ledger=Ledger(checksum, "f", "t", 3, counts)))


def told(store: Store) -> list[tuple[int, int, int]]:
    frame = store.frames().repeated
    assert frame is not None
    return sorted(zip(*(frame[name].tolist() for name in ("account", "day_at", "row_count")), strict=True))


def test_repeated_rows_are_told_by_account_day_and_file(url: str) -> None:
    with open_store(url, write=True) as store:
        saved(store, "a", {(ACME, DAY_AT): 3, (BETA, DAY_AT): 1})
        saved(store, "b", {(ACME, DAY_AT): 2, (ACME, DAY_AT + DAY_MS): 5})
        (acme,), (beta,) = (store.account_keys("x", each.id) for each in (ACME, BETA))
        expected = sorted([(acme, DAY_AT, 3), (acme, DAY_AT, 2), (acme, DAY_AT + DAY_MS, 5), (beta, DAY_AT, 1)])
        assert told(store) == expected


def test_repeated_rows_of_the_same_file_count_once(url: str) -> None:
    with open_store(url, write=True) as store:
        for _ in range(2):
            saved(store, "a", {(ACME, DAY_AT): 3})
        assert [row[2] for row in told(store)] == [3]
