"""The score over all inbound and with one mix of networks."""

from __future__ import annotations

import pandas as pd
import pytest

from socialbench.measure.engine import run
from socialbench.measure.mix import network_mix
from socialbench.measure.result import BrandResult
from socialbench.measure.rules import Rules
from socialbench.model import Basis, Brand, Frames, Handle, How
from tests.measure.frames import ACME, DAY, MINUTE, World

RULES = Rules()
NETWORKS = ("x", "bluesky")


def talk(brands: dict[str, dict[str, tuple[int, int]]], basis: Basis = Basis.INDEPENDENT) -> tuple[list[Brand], Frames]:
    """Brands with (asked, answered at once) per network, an hour apart."""
    world, accounts = World(accounts=[]), []
    for name, networks in brands.items():
        for network, (count, answered) in networks.items():
            key, space = len(accounts) + 1, NETWORKS.index(network) + 1
            accounts.append({"key": key, "space": space, "id": name, "name": name, "names": (name.casefold(),)})
            world.cover(0, 60 * DAY / MINUTE, account=key)
            for place in range(count):
                asked = world.ask(1000 * key + place, place * 60, account=key, space=space, basis=basis)
                if place < answered:
                    world.answer(asked, place * 60, author=key, space=space)
    frames = world.frames()
    spaces = pd.DataFrame([{"key": at + 1, "network": network, "origin": ""} for at, network in enumerate(NETWORKS)])
    listed = [Brand(name, None, tuple(Handle(network, name) for network in networks)) for name, networks in brands.items()]
    return listed, Frames(frames.messages, frames.addresses, pd.DataFrame(accounts), frames.coverage, spaces)


def measured(brands: dict[str, dict[str, tuple[int, int]]], **more: Basis) -> dict[str, BrandResult]:
    listed, frames = talk(brands, **more)
    return {result.name: result for result in run(listed, frames, RULES).brands}


def test_scores_standardised_take_the_mix_of_the_ranked_brands() -> None:
    """180 scored episodes on X, 60 on Bluesky: .75 and .25. Acme answers half on X, all on Bluesky; Other all, none."""
    found = measured({"Acme": {"x": (60, 30), "bluesky": (60, 60)}, "Other": {"x": (120, 120)}})
    acme, other = (found[name].metrics["score_standardised"] for name in ("Acme", "Other"))
    assert acme.value == pytest.approx(0.75 * 50 + 0.25 * 100)
    assert found["Acme"].metrics["expectation_score"].value == pytest.approx(75)
    assert (acme.n, acme.authors, acme.note) == (120, 120, None)
    assert (other.value, other.note) == (
        pytest.approx(100),
        "no score on bluesky (25 %) of the mix: weighted over the other networks",
    )


def test_scores_standardised_leave_brands_that_are_not_ranked_out_of_the_mix() -> None:
    """Small has 25 scored openers on Bluesky, too few for the gate: the mix is X alone."""
    found = measured({"Acme": {"x": (60, 30)}, "Small": {"bluesky": (25, 25)}})
    assert network_mix(list(found.values()), {"Acme"}) == {"x": 1.0}
    assert found["Small"].metrics["score_standardised"].value is None
    assert network_mix(list(found.values()), set()) == {"bluesky": pytest.approx(25 / 85), "x": pytest.approx(60 / 85)}


def test_scores_standardised_on_one_network_are_the_score_with_its_interval() -> None:
    metrics = measured({"Acme": {"x": (80, 33)}})["Acme"].metrics
    score, standardised = metrics["expectation_score"], metrics["score_standardised"]
    for name in ("value", "low", "high", "design_effect", "n", "authors", "largest_author_share"):
        assert getattr(standardised, name) == pytest.approx(getattr(score, name), abs=1e-9), name


def test_scores_standardised_have_fixed_weights_and_a_narrower_interval() -> None:
    """Pitfall: the score's weights are part of its variance, the mix is not: with the same weights only that differs."""
    metrics = measured({"Acme": {"x": (60, 60), "bluesky": (60, 0)}})["Acme"].metrics
    score, standardised = metrics["expectation_score"], metrics["score_standardised"]
    assert standardised.value == pytest.approx(score.value)
    assert standardised.high - standardised.low < 0.6 * (score.high - score.low)


def test_scores_standardised_are_refused_for_answered_only_samples() -> None:
    metrics = measured({"Acme": {"x": (60, 60)}}, basis=Basis.ANSWERED_ONLY)["Acme"].metrics
    assert metrics["score_standardised"].refused
    assert metrics["score_all_inbound"].refused
    assert metrics["needs_response_share"].refused


def test_scores_over_all_inbound_count_cheers_too() -> None:
    """60 questions answered at once, 20 mentions in passing that nobody answers: 60 of 80."""
    world = World()
    for place in range(60):
        world.answer(world.ask(100 + place, place * 60), place * 60)
    for place in range(20):
        world.say(500 + place, place * 60 + 7, how=How.IN_TEXT)
    metrics = run([ACME], world.frames(), RULES).brands[0].metrics
    assert metrics["expectation_score"].value == pytest.approx(100)
    figure = metrics["score_all_inbound"]
    assert figure.value == pytest.approx(75)
    assert (figure.n, figure.low < 75 < figure.high) == (80, True)


def test_scores_over_all_inbound_stand_per_network() -> None:
    networks = measured({"Acme": {"x": (60, 30), "bluesky": (60, 60)}})["Acme"].networks
    assert [networks[name].metrics["score_all_inbound"].value for name in NETWORKS] == pytest.approx([50, 100])
    assert "score_standardised" not in networks["x"].metrics
