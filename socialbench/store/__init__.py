"""The store: messages, accounts and coverage as the networks showed them, on SQLite or PostgreSQL.

It knows accounts, never brands: whose an account is, is the config's word, applied at load.

    open_store(url) -> Store (read only; never blocks, never writes)
    open_store(url, write=True) -> Store (one at a time; creates and migrates)
"""

from __future__ import annotations

from socialbench.store.batch import (
    Batch,
    CoverageStatus,
    Cursor,
    EraseCounts,
    Ledger,
    OpenThread,
    Poll,
    RawPage,
    RunRow,
    SaveCounts,
    StoreCounts,
)
from socialbench.store.opening import open_store
from socialbench.store.store import Store

__all__ = [
    "Batch",
    "CoverageStatus",
    "Cursor",
    "EraseCounts",
    "Ledger",
    "OpenThread",
    "Poll",
    "RawPage",
    "RunRow",
    "SaveCounts",
    "Store",
    "StoreCounts",
    "open_store",
]
