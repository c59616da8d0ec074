from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import socialbench.report
from socialbench.measure.claims import claims_of
from socialbench.measure.metrics import registry
from socialbench.measure.result import Figure, RunResult
from socialbench.report.build import build_report
from socialbench.report.figures import figure_tree
from socialbench.report.formats import json as json_format
from socialbench.report.tree import Report
from tests.report.hostile import hostile_report
from tests.report.sample import context, run_result, sample_report

SCHEMA = json.loads(Path(socialbench.report.__file__).with_name("schema.json").read_text("utf-8"))


def read_back(report: Report) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(next(json_format.render(report)).data)
    return read


@pytest.mark.parametrize("count", [1, 3, 30])
def test_report_is_valid_by_its_schema(count: int) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(read_back(sample_report(count)), SCHEMA)


def test_report_of_hostile_names_is_valid_by_its_schema() -> None:
    jsonschema.validate(read_back(hostile_report()), SCHEMA)


def test_report_of_no_brand_is_valid_by_its_schema() -> None:
    run = RunResult([], {}, "expectation_score", None, None, None, False)
    jsonschema.validate(read_back(build_report(run, context(run))), SCHEMA)


def test_schema_refuses_a_name_that_the_design_does_not_know(tree: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError, match="surprise"):
        jsonschema.validate(tree | {"surprise": 1}, SCHEMA)


def test_report_lists_every_brand_in_the_order_of_the_config(tree: dict[str, Any]) -> None:
    run = run_result(30)
    assert [brand["name"] for brand in tree["brands"]] == [brand.name for brand in run.brands]
    assert all((brand["rank"] is None) == bool(brand["not_ranked_because"]) for brand in tree["brands"])


def test_report_cannot_be_changed(report: Report) -> None:
    with pytest.raises(TypeError):
        report.tree["brands"][0]["name"] = "other"  # type: ignore[index]


def test_report_rounds_each_number_once() -> None:
    share = figure_tree("response_rate", Figure(0.972149, 0.94185, 1.0, n=9, design_effect=1.23456, bounds=(0.16021, 0.19114)))
    assert (share["value"], share["low"], share["design_effect"], share["bounds"]) == (0.9721, 0.9418, 1.23, [0.1602, 0.1911])
    assert figure_tree("median_latency_s", Figure(327.5, 288.6, 379.2, reached=True))["value"] == 327.5
    assert figure_tree("median_latency_s", Figure(3.14159))["value"] == 3.142
    assert figure_tree("expectation_score", Figure(98.93456))["value"] == 98.93
    assert figure_tree("inbound_count", Figure(3000.0)) == {"value": 3000}


def test_report_does_not_hang_on_float_noise() -> None:
    run = run_result(3)
    noisy = [replace(brand, metrics={name: nudged(figure) for name, figure in brand.metrics.items()}) for brand in run.brands]
    assert read_back(build_report(run, context(run))) == read_back(build_report(replace(run, brands=noisy), context(run)))


def nudged(figure: Figure) -> Figure:
    return replace(figure, value=None if figure.value is None else figure.value * (1 + 1e-13))


def test_figure_not_reached_is_neither_zero_nor_nan() -> None:
    assert figure_tree("median_latency_s", Figure(None, 259_200.0, math.inf, n=80, reached=False)) == {
        "value": None,
        "reached": False,
        "low": 259_200,
        "high": None,
        "n": 80,
    }


def test_figure_refused_says_why_and_nothing_else() -> None:
    assert figure_tree("response_rate", Figure(0.5, refused="answered-only")) == {"value": None, "refused": "answered-only"}


def test_figure_that_is_nan_is_a_fault() -> None:
    with pytest.raises(ValueError, match="nan"):
        figure_tree("response_rate", Figure(math.nan))


def test_sectors_share_the_ranked_and_the_best_third(tree: dict[str, Any]) -> None:
    ranked = [brand for brand in tree["brands"] if brand["rank"]]
    best = [brand for brand in ranked if brand["rank"]["value"] <= math.ceil(len(ranked) / 3)]
    energy = next(sector for sector in tree["sectors"] if sector["name"] == "Energy")
    assert energy["share_of_ranked"] == round(sum(b["sector"] == "Energy" for b in ranked) / len(ranked), 4)
    assert energy["share_of_top_third"] == round(sum(b["sector"] == "Energy" for b in best) / len(best), 4)


def test_moments_stand_in_the_zone_of_the_report(tree: dict[str, Any]) -> None:
    assert tree["period"]["since"] == "2026-10-01T00:00:00+01:00"
    assert tree["period"]["until"] == "2026-11-01T00:00:00+00:00"
    assert tree["cut_off"] == "2026-11-09T06:30:00+00:00"


def test_findings_are_true_of_the_figures_they_point_at(report: Report, tree: dict[str, Any]) -> None:
    texts = [finding["text"] for finding in tree["findings"]]
    able = tree["totals"]["ranked"] - sum(claim.kind == "beaten" for claim in run_result(30).claims)
    assert texts[0].startswith(f"Up to {able} of {tree['totals']['ranked']} ranked brands could hold the first place")
    ends = next(finding for finding in tree["findings"] if finding["text"].startswith("Within a day"))
    high, low = (report.resolve(pointer) for pointer in ends["figures"])
    assert low["high"] < high["low"]


def test_findings_are_silent_where_intervals_meet() -> None:
    run = run_result(2)
    wide = [replace(brand, metrics={name: widened(figure) for name, figure in brand.metrics.items()}) for brand in run.brands]
    claims = claims_of(wide, list(run.ranks), run.ranked_by, high=True)
    findings = read_back(build_report(replace(run, brands=wide, claims=claims), context(run)))["findings"]
    assert not [
        finding for finding in findings if finding["text"].startswith(("Within a day", "1 of", "2 of 2 ranked brands leave"))
    ]


def widened(figure: Figure) -> Figure:
    value = figure.value
    return replace(figure, low=max(0.0, value - 0.3), high=min(1.0, value + 0.3)) if value is not None and value <= 1 else figure


def test_report_defines_each_measure_of_which_it_has_a_figure_and_no_other(tree: dict[str, Any]) -> None:
    brands = tree["brands"]
    figures = [brand["metrics"] for brand in brands] + [metrics for brand in brands for metrics in brand["variants"].values()]
    seen = {metric for metrics in figures for metric in metrics}
    assert tree["definitions"] == {metric: registry()[metric].definition.replace("`", "") for metric in sorted(seen)}
