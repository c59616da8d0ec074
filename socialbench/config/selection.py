"""Which brands and which period a command line asks for, of those that a config offers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from socialbench.config.benchmark import Benchmark
from socialbench.config.periods import Period, parse_moment, read_period, span
from socialbench.config.vocabulary import did_you_mean, shown
from socialbench.errors import UsageError
from socialbench.model import Brand


def select_brands(
    benchmark: Benchmark, brands: Sequence[str], networks: Sequence[str], sectors: Sequence[str]
) -> tuple[Brand, ...]:
    """Brands whose name and sector fit any of the patterns (`*` and `?` match; case-folded), with handles on `networks` alone.

    Empty means all. Raises UsageError for a pattern that fits nothing.
    """
    _check(brands, {brand.name for brand in benchmark.brands}, "brand")
    _check(sectors, {brand.sector for brand in benchmark.brands if brand.sector}, "sector")
    _check(networks, set(benchmark.used_networks), "network")
    chosen = (brand for brand in benchmark.brands if _fits(brand.name, brands) and _fits(brand.sector, sectors))
    if not networks:
        return tuple(chosen)
    narrowed = (
        replace(brand, handles=tuple(handle for handle in brand.handles if _fits(handle.network, networks))) for brand in chosen
    )
    return tuple(brand for brand in narrowed if brand.handles)


def combine_period(benchmark: Benchmark, asked: tuple[str | None, str | None, str | None], now_ms: int) -> Period:
    """The period of a run: `asked` is --period, --since, --until; all None leaves it to the config. Raises UsageError."""
    period, since, until = asked
    zone = benchmark.zone
    if since is None and until is None:
        return read_period(benchmark.period if period is None else period, zone, now_ms)
    if period is not None:
        raise UsageError("--period says both ends: give it, or --since and --until")
    ends = [None if text in {None, "all"} else parse_moment(text or "", zone, now_ms) for text in (since, until)]
    return span(ends[0], ends[1], zone)


def _fits(word: str | None, patterns: Iterable[str]) -> bool:
    folded = (word or "").casefold()
    asked = [pattern.casefold() for pattern in patterns]
    return not asked or any(folded == pattern or fnmatchcase(folded, pattern) for pattern in asked)


def _check(patterns: Sequence[str], known: set[str], what: str) -> None:
    for pattern in patterns:
        if not any(_fits(word, [pattern]) for word in known):
            raise UsageError(f"no {what} {shown(pattern)} in this benchmark{did_you_mean(pattern, known)}")
