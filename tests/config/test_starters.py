"""The benchmarks of configs/: each loads, or says which placeholders are still to be filled, and tells its cost."""

from __future__ import annotations

from pathlib import Path

import pytest

from socialbench.config import load
from socialbench.config.handles import is_placeholder
from socialbench.errors import ConfigError

CONFIGS = sorted((Path(__file__).parent.parent.parent / "configs").glob("*.yaml"))
TO_FILL = {"uk-banks", "uk-broadband"}


def test_starters_are_those_that_the_readme_promises() -> None:
    assert {path.stem for path in CONFIGS} == {"airlines", "demo", "help-forums", "uk-banks", "uk-broadband"}


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_starter_tells_in_its_head_what_a_run_costs_and_cannot_see(path: Path) -> None:
    head = path.read_text("utf-8").split("\nbenchmark:")[0]
    if path.stem == "demo":
        assert "SIMULATED" in head
    else:
        assert all(f"# {word}" in head for word in ("COST:", "NEEDS:", "CANNOT SEE:"))
    assert all(line.startswith("#") for line in head.splitlines())


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_starter_loads_or_is_refused_for_its_placeholders_alone(path: Path) -> None:
    if path.stem not in TO_FILL:
        assert load(path).brands
        return
    with pytest.raises(ConfigError) as raised:
        load(path)
    problems = raised.value.problems
    assert all("is a placeholder: put the brand's handle on" in problem.what for problem in problems)
    text = path.read_text("utf-8").split("\nbrands:")[1]
    assert len(problems) == text.count("<")


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_real_handles_are_marked_as_not_verified(path: Path) -> None:
    if path.stem in {*TO_FILL, "demo"}:
        return
    handles = [handle for _, handle in load(path).handles()]
    assert handles
    assert all(handle.options.get("verified") is False and not is_placeholder(handle.name) for handle in handles)
