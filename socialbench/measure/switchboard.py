"""The same messages under several presets, side by side: each brand's figure and place by each, and who changes rank."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from socialbench.measure.metrics import registry
from socialbench.measure.plan import Plan, Preset
from socialbench.measure.result import Award, BrandResult, Figure, Rank, RunResult

NOT_DEFINED = "not defined here"


@dataclass(frozen=True, slots=True)
class Cell:
    """One brand by one preset. `figure`: what it ranks by; `times`, `shows`: its other figures; `roles`: the same by role.

    `why`: why it has no place, None where it has one. `moved`: places gained against the first preset, counted among the
    brands that both rank; None without a place in both.
    """

    figure: Figure
    rank: Rank | None
    why: str | None
    moved: int | None = None
    times: Mapping[str, Figure] = field(default_factory=dict)
    shows: Mapping[str, Figure] = field(default_factory=dict)
    roles: Mapping[str, Mapping[str, Figure]] = field(default_factory=dict)
    award: Award | None = None


@dataclass(frozen=True, slots=True)
class Ruled:
    """A run by one preset: the metric it came to be ranked by, and a cell per brand in the config's order."""

    preset: Preset
    ranked_by: str
    cells: Mapping[str, Cell]
    notes: Sequence[str] = ()


def side_by_side(runs: Iterable[tuple[Preset, RunResult]]) -> list[Ruled]:
    """The runs beside the first of them, which the places moved are counted from."""
    found: list[Ruled] = []
    base: Mapping[str, Rank] | None = None
    for preset, run in runs:
        base = run.ranks if base is None else base
        moved = moves(base, run.ranks)
        cells = {brand.name: _cell(brand, run, preset.plan, moved.get(brand.name)) for brand in run.brands}
        found.append(Ruled(preset, run.ranked_by, cells, run.notes))
    return found


def moves(before: Mapping[str, Rank], now: Mapping[str, Rank]) -> dict[str, int]:
    """Places gained among the brands that both rank, so that who else is listed moves nobody.

    >>> before = {name: Rank(place, 1, 3, str(place)) for place, name in enumerate("ABC", 1)}
    >>> moves(before, {"C": Rank(1, 1, 2, "1"), "A": Rank(2, 1, 2, "2")})
    {'A': -1, 'C': 1}
    """
    both = sorted(set(before) & set(now))
    return {
        name: sum(before[other].value < before[name].value for other in both)
        - sum(now[other].value < now[name].value for other in both)
        for name in both
    }


def _cell(brand: BrandResult, run: RunResult, plan: Plan, moved: int | None) -> Cell:
    rank = run.ranks.get(brand.name)
    figure = brand.metrics[run.ranked_by]
    roles = {
        role: {name: part.metrics[name] for name in _sliced(plan, run.ranked_by)} for role, part in sorted(brand.roles.items())
    }
    return Cell(
        figure=figure,
        rank=rank,
        why=None if rank is not None else _why(brand, figure),
        moved=moved,
        times={name: brand.metrics[name] for name in plan.times},
        shows={name: brand.metrics[name] for name in plan.shows},
        roles=roles if plan.by_role else {},
        award=brand.award,
    )


def _sliced(plan: Plan, ranked_by: str) -> list[str]:
    """The metrics of a preset that slices have, each once."""
    return [name for name in dict.fromkeys((ranked_by, *plan.times, *plan.shows)) if registry()[name].given == "everywhere"]


def _why(brand: BrandResult, figure: Figure) -> str:
    """Why a brand has no place: without a figure the preset is not defined for it, else its gate holds it back."""
    if figure.value is None:
        return f"{NOT_DEFINED}: {figure.refused or brand.gate.reason or figure.note or 'no figure'}"
    return f"not ranked: {brand.gate.reason or figure.note or 'no place'}"
