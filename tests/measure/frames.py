"""Frames made by hand, as a store would give them: invented messages of invented people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from socialbench.model import Basis, Brand, Direction, Frames, Gone, Handle, How, Linking, Role

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
START = 1_780_272_000_000  # 2026-06-01 00:00 UTC, a Monday
BRAND_ACCOUNT = 1
ACME = Brand("Acme", "Retail", (Handle("x", "acme"),))


@dataclass
class World:
    """Messages at minutes after START; authors are numbers, 1 is the brand's account."""

    network: str = "x"
    rows: list[dict[str, Any]] = field(default_factory=list)
    addresses: list[dict[str, Any]] = field(default_factory=list)
    coverage: list[dict[str, Any]] = field(default_factory=list)
    accounts: list[tuple[int, str]] = field(default_factory=lambda: [(BRAND_ACCOUNT, "acme")])

    def say(self, author: int, minute: float, *, to: int | None = None, how: How | None = None, **facts: Any) -> int:
        """Adds a message (its key is returned). `to`: the key answered. `how`: addressed to the brand that way."""
        key = len(self.rows) + 1
        row = {
            "key": key,
            "space": 1,
            "author": author,
            "parent": -1 if to is None else to,
            "root": -1,
            "quoted": -1,
            "sent_at": START + round(minute * MINUTE),
            "first_seen_at": START,
            "last_seen_at": START + 365 * DAY,
            "gone_at": -1,
            "gone": -1,
            "linking": int(Linking.PARENT),
            "stars": -1,
            "bot": -1,
            "text_hash": 1000 + key,
            "followers": -1,
            "kind": -1,
            "kind_version": -1,
            "lang": None,
        }
        account, basis = facts.pop("account", BRAND_ACCOUNT), facts.pop("basis", Basis.INDEPENDENT)
        row.update(facts)
        self.rows.append(row)
        if how is not None:
            self.addresses.append({"message": key, "account": account, "how": int(how), "basis": int(basis)})
        return key

    def ask(self, author: int, minute: float, **facts: Any) -> int:
        """A message that leads with the brand's handle."""
        return self.say(author, minute, how=How.LEADING, **facts)

    def answer(self, to: int, minute: float, **facts: Any) -> int:
        """A reply of the brand."""
        return self.say(facts.pop("author", BRAND_ACCOUNT), minute, to=to, **facts)

    def cover(self, since: float, until: float, **facts: Any) -> None:
        """The brand's outbound listing was read from minute `since` to `until`."""
        row = {
            "account": BRAND_ACCOUNT,
            "stream": "records",
            "direction": Direction.BOTH.value,
            "subject": "",
            "since_at": START + round(since * MINUTE),
            "until_at": START + round(until * MINUTE),
            "gap": False,
            "reason": "",
            "assumed": False,
            "sample": "complete",
        }
        row.update(facts)
        self.coverage.append(row)

    def frames(self) -> Frames:
        """The tables, in the order in which a store gives them."""
        if not self.coverage:
            self.cover(0, 60 * 24 * 60)
        messages = pd.DataFrame(self.rows).sort_values(["sent_at", "key"], kind="stable").reset_index(drop=True)
        addresses = pd.DataFrame(self.addresses, columns=["message", "account", "how", "basis"])
        accounts = pd.DataFrame(
            [{"key": key, "space": 1, "id": name, "name": name, "names": (name,)} for key, name in self.accounts]
        )
        spaces = pd.DataFrame([{"key": 1, "network": self.network, "origin": ""}])
        return Frames(messages, addresses, accounts, pd.DataFrame(self.coverage), spaces)


def brand(name: str = "Acme", handles: Sequence[tuple[str, str]] = (("acme", "brand"),), network: str = "x") -> Brand:
    """A brand with handles (name, role)."""
    return Brand(name, "Retail", tuple(Handle(network, handle, Role(role)) for handle, role in handles))


__all__ = ["ACME", "DAY", "HOUR", "MINUTE", "START", "Gone", "World", "brand"]
