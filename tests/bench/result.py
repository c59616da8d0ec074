"""What a bench says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """One figure of a bench, and the limit that it must not exceed, where there is one."""

    what: str
    value: float
    unit: str
    limit: float | None = None

    @property
    def within(self) -> bool:
        """Whether it keeps to its limit."""
        return self.limit is None or self.value <= self.limit

    @property
    def line(self) -> str:
        """As it is printed."""
        limit = "" if self.limit is None else f" (at most {self.limit:,g}: {'held' if self.within else 'ABOVE'})"
        return f"{self.what}: {self.value:,.2f} {self.unit}{limit}"
