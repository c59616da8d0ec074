"""What is said about the files of an import: the command line first, then the config's `sources:`, the map, the shape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from socialbench.collect.maps import ColumnMap, load_map
from socialbench.collect.moments import CellError, NaiveTimeError, parse_moment
from socialbench.collect.shapes import Shape, Source
from socialbench.config.handles import fold
from socialbench.config.vocabulary import did_you_mean
from socialbench.errors import UsageError
from socialbench.model import Brand, Handle

if TYPE_CHECKING:
    from socialbench.config import Benchmark
    from socialbench.config.shapes import SourceSettings


@dataclass(frozen=True, slots=True)
class Stated:
    """What the command line says; None where it is silent."""

    brand: str | None = None
    brand_column: str | None = None
    network: str | None = None
    origin: str | None = None
    timezone: str | None = None
    sample: str | None = None
    observed_until: str | None = None
    map_path: Path | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    """The source, and the stated end of watching in UTC ms, None where nobody states it."""

    source: Source
    observed_until: int | None


def resolve_source(shape: Shape, files: tuple[Path, ...], stated: Stated, benchmark: Benchmark | None) -> Resolved:
    """Put together what is known. Raises UsageError for what is missing, does not fit or contradicts itself."""
    columns = load_map(stated.map_path) if stated.map_path else None
    _check_fit(shape, stated, columns)
    network = stated.network or (columns and columns.network) or shape.network
    if network is None:
        raise UsageError(f"{shape.name}: which network is it from? say --network, or network: in the map")
    origin = stated.origin if stated.origin is not None else _origin(columns, shape)
    settings = _find_settings(files, origin, network, benchmark)
    zone_name = stated.timezone or (settings and settings.timezone) or (columns and columns.timezone)
    zone = find_zone(zone_name) if zone_name else None
    sample = stated.sample or (settings and settings.sample) or (columns and columns.sample) or shape.sample
    brand = find_account(stated.brand.strip(), network, origin, benchmark) if stated.brand else None
    source = Source(network, origin, sample, zone, brand, stated.brand_column, columns)
    if stated.observed_until:
        return Resolved(source, read_stated_moment("--observed-until", stated.observed_until, zone))
    return Resolved(source, settings.observed_until_at(zone or ZoneInfo("UTC")) if settings else None)


def _origin(columns: ColumnMap | None, shape: Shape) -> str:
    return columns.origin if columns is not None and columns.origin is not None else shape.origin


def _check_fit(shape: Shape, stated: Stated, columns: ColumnMap | None) -> None:
    if stated.brand is not None and not stated.brand.strip():
        raise UsageError("--brand is empty: name the brand")
    if stated.brand and stated.brand_column:
        raise UsageError("--brand and --brand-column exclude each other: all rows belong to one brand, or each row says its own")
    if shape.names_brands and (stated.brand or stated.brand_column):
        raise UsageError(f"{shape.name} names its brands itself: leave out --brand and --brand-column")
    if columns is not None and not shape.mapped:
        raise UsageError(f"{shape.name} has columns of its own: leave out --map")
    if not (shape.names_brands or shape.mapped or stated.brand or stated.brand_column):
        raise UsageError(f"{shape.name}: whose messages are these? say --brand NAME, or --brand-column COLUMN")


def _find_settings(files: tuple[Path, ...], origin: str, network: str, benchmark: Benchmark | None) -> SourceSettings | None:
    if benchmark is None:
        return None
    found = [benchmark.source_settings(path.name, path.stem, *([origin] if origin else []), network) for path in files]
    if any(settings != found[0] for settings in found):
        raise UsageError("the config's `sources:` says different things about these files: import them one by one")
    return found[0]


def find_zone(name: str) -> ZoneInfo:
    """The zone called `name`. Raises UsageError with the nearest name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        hint = did_you_mean(name, available_timezones())
        raise UsageError(f"{name!r} is no time zone{hint or '; write e.g. Europe/London'}") from None


def read_stated_moment(option: str, text: str, zone: ZoneInfo | None) -> int:
    """A moment of the command line in UTC ms. Raises UsageError, also where it has no zone and `zone` is None."""
    try:
        return parse_moment(text, zone)
    except NaiveTimeError:
        raise UsageError(f"{option} {text!r} says no zone: write e.g. 2026-10-01T00:00Z, or say --timezone") from None
    except CellError:
        raise UsageError(f"{option} {text!r} is no date or time: write e.g. 2026-10-01T09:30Z") from None


def find_account(name: str, network: str, origin: str, benchmark: Benchmark | None) -> str:
    """The account of the config's brand `name` on the network, or of the handle so called; `name` itself where there is none."""
    if benchmark is None:
        return name
    pairs = [(brand, handle) for brand, handle in benchmark.handles(network) if handle.origin in {None, origin}]
    named = [handle.name for _, handle in pairs if fold(handle.name) == fold(name)]
    owned = [handle.name for brand, handle in pairs if brand.name.casefold() == name.casefold()]
    return next(iter(named + owned), name)


def accounts_known(network: str, origin: str, benchmark: Benchmark) -> Callable[[str], bool]:
    """Tells whether some handle of the config names an account."""
    handles = {fold(handle.name) for _, handle in benchmark.handles(network) if handle.origin in {None, origin}}
    return lambda account_id: fold(account_id) in handles


def brands_to_write(accounts: tuple[str, ...], network: str) -> tuple[Brand, ...]:
    """One brand for each account, under its own name, for a config that is not there yet."""
    return tuple(Brand(account, None, (Handle(network, account),)) for account in accounts)
