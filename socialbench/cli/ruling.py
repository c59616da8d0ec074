"""Which definitions hold for a run: the command line's, else the preset's, else the config's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from socialbench.errors import UsageError

if TYPE_CHECKING:
    from socialbench.cli.measuring import Asked
    from socialbench.config import Benchmark
    from socialbench.measure.plan import Preset
    from socialbench.measure.rules import Rules
    from socialbench.model import Frames
    from socialbench.store.store import Store

CHUNK = 20_000
DEFAULT = "default"
_NAMED = re.compile(r"(?<![\w@])@([\w.-]+)")


def preset_of(benchmark: Benchmark, asked: Asked) -> Preset:
    """The preset of the run. Raises UsageError for one that does not exist."""
    from socialbench.measure.preset import load_preset

    return load_preset(asked.preset or benchmark.preset or DEFAULT)


def rules_under(preset: Preset, facts: Rules, benchmark: Benchmark, asked: Asked) -> Rules:
    """The run's rules under a preset. `facts`: what the config and the store say, whatever the preset.

    The config's follow-up and gate stand in for those of `default`, where it states its own; other presets keep theirs.
    """
    from socialbench.config import parse_duration
    from socialbench.measure.preset import composite_plan

    follow_up = asked.follow_up or _own(preset, benchmark, "follow_up")
    if follow_up is not None and parse_duration(follow_up) == 0:
        raise UsageError("--follow-up must be longer than nothing: write e.g. 7d")
    plan = preset.plan
    if benchmark.rank_by is not None and asked.preset is None:
        own = composite_plan(benchmark.rank_by)
        plan = replace(plan, rank_by=own.rank_by, high=own.high, composite=own.composite)
    return replace(
        facts,
        unit=asked.unit or preset.unit,  # type: ignore[arg-type]
        population=asked.population or preset.population,  # type: ignore[arg-type]
        answers=asked.answers or preset.answers,  # type: ignore[arg-type]
        cluster=asked.cluster or "auto",  # type: ignore[arg-type]
        follow_up_s=preset.horizon_s if follow_up is None else float(parse_duration(follow_up)),
        min_units=_own(preset, benchmark, "min_units") or preset.units,
        min_authors=_own(preset, benchmark, "min_authors") or preset.authors,
        plan=plan,
    )


def _own(preset: Preset, benchmark: Benchmark, name: str) -> Any:
    """What the config states other than its default, for the default preset alone."""
    value = getattr(benchmark, name)
    return value if preset.name == DEFAULT and value != type(benchmark).model_fields[name].default else None


def find_several(store: Store, frames: Frames, accounts: set[int]) -> frozenset[int]:
    """Keys of the messages by these accounts that name more than one account."""
    keys = frames.messages.loc[frames.messages["author"].isin(accounts), "key"].tolist()
    return frozenset(key for key, text in _texts(store, keys) if len({name.casefold() for name in _NAMED.findall(text)}) > 1)


def _texts(store: Store, keys: list[int]) -> Iterator[tuple[int, str]]:
    for start in range(0, len(keys), CHUNK):
        yield from store.texts(keys[start : start + CHUNK]).items()
