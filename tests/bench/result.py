"""What a bench says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """One figure of a bench, with the limits that it must keep: `limit` at most, `least` at least. `error`: its standard
    error over the worlds that were drawn (None: no chance in it).
    """

    what: str
    value: float
    unit: str
    limit: float | None = None
    least: float | None = None
    error: float | None = None

    @property
    def beyond(self) -> float:
        """How far it is beyond its limits; 0 within them."""
        above = 0.0 if self.limit is None else self.value - self.limit
        below = 0.0 if self.least is None else self.least - self.value
        return max(above, below, 0.0)

    @property
    def within(self) -> bool:
        """Whether it keeps to its limits."""
        return self.beyond == 0

    @property
    def bounds(self) -> str:
        """The limits in words; '' without any."""
        if self.limit is not None and self.least is not None:
            return f"{self.least:,g} to {self.limit:,g}"
        if self.limit is not None:
            return f"at most {self.limit:,g}"
        return "" if self.least is None else f"at least {self.least:,g}"

    @property
    def verdict(self) -> str:
        """Whether the limits are held; '' without any. Two errors beyond them or less may be the chance of the draw."""
        if not self.bounds:
            return ""
        return "held" if self.within else "not decided" if self.beyond <= 2 * (self.error or 0) else "NOT HELD"

    @property
    def printed(self) -> str:
        """The figure with its error."""
        error = "" if self.error is None else f" ± {self.error:,.2f}"
        return f"{self.value:,.2f}{error}"

    @property
    def line(self) -> str:
        """As it is printed."""
        limit = f" ({self.bounds}: {self.verdict})" if self.bounds else ""
        return f"{self.what}: {self.printed} {self.unit}{limit}"


def share(what: str, hits: list[float], least: float | None = None, limit: float | None = None) -> Result:
    """The mean over worlds of a share, in %, with its Monte-Carlo standard error."""
    count = len(hits)
    mean = sum(hits) / count
    spread = sum((hit - mean) ** 2 for hit in hits) / max(count - 1, 1)
    return Result(what, 100 * mean, "%", limit, least, 100 * (spread / count) ** 0.5)
