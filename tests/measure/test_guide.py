"""docs/metrics.md says what the registry says, and every metric has a worked example that runs."""

from __future__ import annotations

import doctest
import inspect
from pathlib import Path

import numpy as np
import pytest

from socialbench.measure.guide import HEAD, page, tell
from socialbench.measure.metrics import registry

TESTS = Path(__file__).parent.parent
PAGE = TESTS.parent / "docs" / "metrics.md"
HELD = {
    "the mean for the median": ("measure/test_pitfalls.py", "test_mean_is_no_median"),
    "every reply instead of the first": ("measure/test_episodes.py", "test_episode_takes_the_first_answer"),
    "an inner join": ("measure/test_pitfalls.py", "test_unanswered_stay_in"),
    "a cut at 60 min": ("measure/test_pitfalls.py", "test_answers_after_an_hour_are_told_apart"),
    "ids read as floating-point": ("collect/files", "test_ids_become_whole_again"),
    "a window cut by collection": ("measure/test_pitfalls.py", "test_window_cut_by_collection"),
    "a parent that is absent": ("measure/test_episodes.py", "test_parent_that_is_absent"),
    "repeated rows": ("collect/files", "test_rows_repeated_over_several_files_are_counted"),
    "several brands in one message": ("measure/test_pitfalls.py", "test_message_to_two_brands"),
    "another handle of the brand": ("measure/test_episodes.py", "test_sibling_handle_answers_and_is_no_customer"),
    "mixed zones in one file": ("collect/files", "test_naive_times_are_dated_by_the_zone_said_and_refused_without"),
    "days of surge behind a cap": ("measure/test_brand.py", "test_gate_refuses_a_capped_listing"),
}


def test_page_is_what_the_registry_says() -> None:
    assert PAGE.read_text("utf-8") == page(), "run `make docs`"


@pytest.mark.parametrize("name", registry())
def test_metric_tells_its_definition_example_and_pitfall(name: str) -> None:
    told = tell(registry()[name])
    assert told.definition.endswith(".")
    assert ">>> " in told.example
    assert told.pitfall.endswith(".")


@pytest.mark.parametrize("name", registry())
def test_worked_example_runs(name: str) -> None:
    """Those of metrics made in a loop too, which the collection of doctests does not see."""
    written = inspect.getdoc(registry()[name].compute) or ""
    example = doctest.DocTestParser().get_doctest(written, {"np": np}, name, None, 0)
    example.globs |= vars(inspect.getmodule(registry()[name].compute))
    assert example.examples
    assert doctest.DocTestRunner(verbose=False).run(example).failed == 0


@pytest.mark.parametrize(("mistake", "place"), HELD.items(), ids=list(HELD))
def test_mistake_of_the_page_has_a_test(mistake: str, place: tuple[str, str]) -> None:
    assert f"| {mistake}" in HEAD
    path, name = TESTS / place[0], place[1]
    files = [path] if path.is_file() else sorted(path.rglob("test_*.py"))
    assert any(f"def {name}" in file.read_text("utf-8") for file in files)


def test_every_mistake_of_the_page_is_held() -> None:
    rows = [line for line in HEAD.splitlines() if line.startswith("| ") and not line.startswith("| mistake")]
    assert len(rows) == len(HELD)
