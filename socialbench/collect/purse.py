"""What a run may spend on one network, and what it has spent."""

from __future__ import annotations

from collections.abc import Collection

from socialbench.collect.network import Price
from socialbench.errors import Stopped

MONEY = "USD"


class Purse:
    """Stops a run before it crosses its budget. `budget` is in US dollars; None is no limit."""

    def __init__(self, network: str, budget: float | None) -> None:
        self._network = network
        self._budget = budget
        self._reserved = 0.0
        self._paid_today: tuple[int, set[str]] = (0, set())
        self.spent: dict[str, float] = {}

    def reserve(self, price: Price) -> None:
        """Set aside what one more page can cost at most. Raises Stopped where that would cross the budget."""
        if price.unit != MONEY:
            return
        dearest, spent = _dearest(price), self.spent.get(MONEY, 0.0)
        if self._budget is not None and dearest > 0 and spent + self._reserved + dearest > self._budget + 1e-9:
            said = f"the budget of {self._budget:.2f} {MONEY} is reached ({spent:.2f} spent)"
            raise Stopped(f"{self._network}: {said}; raise `budget` in the config")
        self._reserved += dearest

    def first_today(self, ids: Collection[str], day_at: int) -> int:
        """How many of `ids` this run had not read yet on the day that began at `day_at` (UTC in ms)."""
        if self._paid_today[0] != day_at:
            self._paid_today = (day_at, set())
        paid = self._paid_today[1]
        before = len(paid)
        paid.update(ids)
        return len(paid) - before

    def settle(self, price: Price, item_count: int, request_count: int) -> None:
        """Put back what was set aside and note what the page did cost."""
        if price.unit == MONEY:
            self._reserved -= _dearest(price)
        cost = item_count * price.per_item + request_count * price.per_request
        if cost:
            self.spent[price.unit] = self.spent.get(price.unit, 0.0) + cost


def _dearest(price: Price) -> float:
    return price.page_items * price.per_item + price.per_request
