"""The brands of an import: their spellings and the span of time in which each appears."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Span:
    """From the oldest to the newest row or reply of a brand, both in it."""

    oldest_at: int
    newest_at: int


@dataclass(slots=True)
class Brands:
    """Account ids of brands, one per case-folded spelling; of several spellings the smallest holds, whatever the order."""

    spellings: dict[str, str] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)
    settled: bool = False

    def add(self, name: str) -> None:
        """See a brand's account under this spelling."""
        folded = name.casefold()
        known = self.spellings.get(folded)
        if known is None or name < known:
            self.spellings[folded] = name

    def settle(self) -> None:
        """From now on `find` gives the final spellings."""
        self.settled = True

    def find(self, name: str | None) -> str | None:
        """The brand's account id for any of its spellings, None for what is no brand."""
        return None if name is None else self.spellings.get(name.casefold())

    def spell(self, name: str) -> str:
        """The account id to write for `name`: final after `settle`, as given before."""
        return self.spellings.get(name.casefold(), name) if self.settled else name

    def widen(self, name: str, at: int) -> None:
        """Take a moment into the span of a brand."""
        span = self.spans.get(name)
        if span is None:
            self.spans[name] = Span(at, at)
        elif not span.oldest_at <= at <= span.newest_at:
            self.spans[name] = Span(min(at, span.oldest_at), max(at, span.newest_at))

    @property
    def ids(self) -> frozenset[str]:
        """The account ids found so far."""
        return frozenset(self.spellings.values())

    def __len__(self) -> int:
        return len(self.spellings)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self.spellings.values(), key=lambda name: (name.casefold(), name)))
