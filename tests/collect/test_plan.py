"""A plan tells before anything is asked: requests, quota, cost, what is hidden, which credential is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from socialbench.collect.plan import Plan, PlannedNetwork, PlannedStream, make_plan
from socialbench.config import Benchmark, NetworkSettings
from socialbench.model import Brand, Handle
from socialbench.store import open_store
from tests.collect.suite.cases import load

X_TOKEN = {"SOCIALBENCH_X_TOKEN": "a-token-of-acme"}


def bench(*handles: Handle, **settings: NetworkSettings) -> Benchmark:
    return Benchmark(stem="t", benchmark="T", networks=settings, brands=(Brand("Acme", None, handles),))


def plan(made: Benchmark, **environ: str) -> Plan:
    return make_plan(made, made.brands, None, environ)


def stream(made: Plan, name: str) -> PlannedStream:
    return next(each for each in made.streams if each.stream == name)


def network(made: Plan, name: str) -> PlannedNetwork:
    return next(each for each in made.networks if each.network == name)


def test_plan_lists_the_look_up_and_every_stream_of_each_handle() -> None:
    made = plan(bench(Handle("x", "acme_care"), Handle("x", "acme")), **X_TOKEN)
    names = ["account", "posts", "mentions", "search", "recheck", "conversations"]
    assert [(each.handle, each.stream) for each in made.streams] == [
        *(("acme_care", name) for name in names),
        *(("acme", name) for name in names),
    ]


def test_cost_of_a_page_is_its_messages_price_and_a_cap_bounds_the_pages() -> None:
    made = plan(bench(Handle("x", "acme_care"), x=NetworkSettings(budget=5)), **X_TOKEN)
    mentions = stream(made, "mentions")
    # 800 mentions at most, 100 a page, half a cent each.
    assert (mentions.requests, mentions.at_most, mentions.cost, mentions.unit) == (None, 8, 0.5, "USD")
    told = network(made, "x")
    assert (told.budget, told.requests, told.unknown, told.cost, told.access) == (5, 1, 5, 0.01, "token")


def test_quota_of_a_day_is_told() -> None:
    told = network(plan(bench(Handle("youtube", "acme"))), "youtube")
    assert (told.quota, told.unit) == (10_000, "units")


def test_missing_credential_is_named_with_the_way_to_it_and_never_printed() -> None:
    told = network(plan(bench(Handle("x", "acme"))), "x")
    assert told.needed
    assert told.missing[0].startswith("SOCIALBENCH_X_TOKEN: an app's bearer token; make an app")
    given = plan(bench(Handle("x", "acme")), **X_TOKEN)
    assert network(given, "x").missing == ()
    assert "a-token-of-acme" not in repr(given)


def test_stream_that_wants_a_credential_is_told_as_left_out() -> None:
    left_out = stream(plan(bench(Handle("bluesky", "acme.test"))), "notifications")
    assert (left_out.requests, left_out.cost, left_out.left_out) == (0, 0.0, "it wants a credential")


def test_networks_that_nothing_collects_are_told_as_skipped() -> None:
    settings = {"bluesky": NetworkSettings(collect=False)}
    made = plan(bench(Handle("trustpilot", "acme"), Handle("bluesky", "acme.test"), **settings))
    assert made.streams == ()
    assert made.skipped == {"trustpilot": "nothing collects it; import its files", "bluesky": "the config says collect: false"}


@pytest.mark.parametrize("name", ["x"])
def test_after_a_run_the_plan_counts_what_that_run_took(tmp_path: Path, name: str) -> None:
    case = load(name)
    from socialbench.collect.networks.x import X

    assert case.collect(X, tmp_path / "s.db").exit_code == 0
    made = bench(Handle(name, **case.handle), x=NetworkSettings(**case.settings))
    with open_store(str(tmp_path / "s.db")) as store:
        told = make_plan(made, made.brands, store, case.environ)
    counts = {each.stream: each.requests for each in told.streams}
    assert network(told, name).unknown == 0
    # The fixture's mentions come on two pages; one look-up takes all stored posts.
    assert (counts["mentions"], counts["recheck"]) == (2, 1)
