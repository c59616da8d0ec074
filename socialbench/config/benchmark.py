"""The benchmark that all rooms work with: a validated config, its brands as the model's words, its defaults filled in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, SkipValidation

from socialbench.config.periods import parse_duration
from socialbench.config.shapes import (
    Exclude,
    NetworkSettings,
    ReportSettings,
    RuleSettings,
    ScoreSettings,
    Shape,
    SourceSettings,
    WatchRule,
)
from socialbench.model import Brand, Handle


class Benchmark(Shape):
    """What one YAML says. Relative paths in it (`corrections`, `report`) are already resolved beside the file."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    stem: str
    benchmark: str
    timezone: str = "UTC"
    period: str | None = None
    store: str | None = None
    preset: str | None = None
    follow_up: str = "7d"
    min_units: int = 50
    min_authors: int = 30
    rank_by: str | Mapping[str, float] | None = None
    raw_days: int = 30
    simulated: bool = False
    networks: Mapping[str, NetworkSettings] = {}
    brands: SkipValidation[tuple[Brand, ...]]
    holidays: Mapping[str, tuple[str, ...]] = {}
    """Brand's name to dates or countries, for brands that state any."""
    exclude: tuple[Exclude, ...] = ()
    corrections: Path | None = None
    corrections_hash: str | None = None
    """SHA-256 of the corrections' content: they change figures, so they change `config_hash`."""
    sources: Mapping[str, SourceSettings] = {}
    author_map: Mapping[str, Mapping[str, tuple[str, ...]]] = {}
    topics: Mapping[str, tuple[str, ...]] = {}
    kinds: Mapping[str, tuple[str, ...]] = {}
    rules: RuleSettings = RuleSettings()
    watch: tuple[WatchRule, ...] = ()
    report: ReportSettings = ReportSettings()
    score: ScoreSettings = ScoreSettings()

    @property
    def zone(self) -> ZoneInfo:
        """The report's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def follow_up_s(self) -> int:
        """How long an answer is waited for, in seconds."""
        return parse_duration(self.follow_up)

    @property
    def config_hash(self) -> str:
        """SHA-256 of all that can change a figure: store, credentials, paths and looks are left out."""
        return self.hash_with({})

    def hash_with(self, expanded: Mapping[str, Any]) -> str:
        """`config_hash` with further rules in it, such as a preset's."""
        left_out = {"stem", "store", "corrections", "brands", "report"}
        tree = self.model_dump(mode="json", exclude=left_out, exclude_defaults=True)
        tree["brands"] = [_brand_tree(brand) for brand in self.brands]
        for settings in tree.get("networks", {}).values():
            for key in ("credentials", "url"):
                settings.pop(key, None)
        tree["networks"] = {name: settings for name, settings in tree.get("networks", {}).items() if settings}
        text = json.dumps([tree, expanded], ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    def store_url(self, base: Path | None = None) -> str:
        """Where the store is: a URL as given, else a path below `base` (the working directory); data/<stem>.db by default."""
        store = self.store or f"data/{self.stem}.db"
        return store if "://" in store else str((base or Path.cwd()) / store)

    def settings(self, network: str) -> NetworkSettings:
        """How `network` is read: what the config says, else the defaults."""
        return self.networks.get(network, _DEFAULTS)

    def source_settings(self, *names: str) -> SourceSettings:
        """What the config says of the first of `names` (file name, origin, network) that it knows, else nothing."""
        return next((self.sources[name] for name in names if name in self.sources), _UNKNOWN_SOURCE)

    def handles(self, network: str | None = None) -> tuple[tuple[Brand, Handle], ...]:
        """Every handle (of one network, if given) with its brand, in the order of the file."""
        return tuple((brand, handle) for brand in self.brands for handle in brand.handles if network in {None, handle.network})

    @property
    def used_networks(self) -> tuple[str, ...]:
        """Networks that some brand has a handle on, sorted."""
        return tuple(sorted({handle.network for brand in self.brands for handle in brand.handles}))


_DEFAULTS = NetworkSettings()
_UNKNOWN_SOURCE = SourceSettings()


def _brand_tree(brand: Brand) -> dict[str, Any]:
    handles = [
        [handle.network, handle.name, handle.role, handle.origin, handle.url, dict(handle.options)] for handle in brand.handles
    ]
    return {"name": brand.name, "sector": brand.sector, "hours": brand.hours, "zone": brand.zone, "handles": handles}
