"""Presets: each states every item, every item has effect, and each gives the figures worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from socialbench.cli.measuring import Asked
from socialbench.cli.ruling import rules_under
from socialbench.config import load
from socialbench.errors import UsageError
from socialbench.measure.engine import run
from socialbench.measure.metrics import registry
from socialbench.measure.plan import Preset
from socialbench.measure.preset import FOLDER, STATED, composite_plan, load_preset, notes_of, preset_names, read_preset
from socialbench.measure.rules import Rules
from socialbench.measure.switchboard import Ruled, side_by_side
from socialbench.model import Brand, Frames, Handle, Kind, ReplyKind, Role
from tests.measure.frames import DAY, START, World

ACME = Brand(
    "Acme",
    "Shops",
    (Handle("x", "acme"), Handle("x", "acme_help", Role.SUPPORT), Handle("youtube", "acme")),
    "Mon-Fri 09:00-17:00",
    "UTC",
)
BETA = Brand("Beta", "Shops", (Handle("x", "beta"),))
HELP, OTHER = 2, 3
SINCE, UNTIL = START - 61 * DAY, START + 44 * DAY  # 1 April to 15 July 2026
YAML = "benchmark: T\nbrands: [{name: A, handles: {x: a}}]\n"
NINE = {
    "default",
    "sb100-2013",
    "banks-2012",
    "sky-virgin-2012",
    "socially-devoted",
    "facebook-badge",
    "quintly",
    "help-desk",
    "sprout-2015",
}


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Frames, frozenset[int]]:
    """A benchmark without rules of its own, the frames of `world`, and the replies that name several accounts."""
    path = tmp_path_factory.mktemp("c") / "c.yaml"
    path.write_text(YAML, "utf-8")
    return load(path), *world()


@cache
def world() -> tuple[Frames, frozenset[int]]:
    """Six weeks of Acme, a message a day to one of two handles, answered in many ways, and Beta, always after 3 h."""
    made = World(accounts=[(1, "acme"), (HELP, "acme_help"), (OTHER, "beta")])
    several = set()
    for day in range(43):
        minute, account = day * 1440 + 600, HELP if day % 2 else 1
        kind = int(Kind.QUESTION if day % 3 else Kind.OTHER)
        asked = made.ask(100 + day % 35, minute, kind=kind, account=account)
        if day % 3 == 0:
            made.ask(100 + day % 35, minute + 20, to=asked, kind=int(Kind.QUESTION if day % 6 else Kind.OTHER), account=account)
        if day % 5 != 4:
            reply = int(ReplyKind.HANDOFF_PRIVATE if day % 4 == 1 else ReplyKind.SUBSTANTIVE) << 4
            wait = 9 * 1440 if day == 13 else 5 * 1440 if day % 11 == 3 else 5 if day % 10 == 1 else 30 if day % 2 else 1200
            answer = made.answer(asked, minute + wait, author=account, kind=5 | reply, bot=int(day % 7 == 0))
            several |= {answer} if day % 8 == 2 else set()
        if day % 2:
            other = made.ask(300 + day, minute, kind=int(Kind.QUESTION), account=OTHER)
            made.answer(other, minute + 180, author=OTHER, kind=5)
    for account in (1, HELP, OTHER):
        made.cover(0, 60 * 24 * 60, account=account)
    made.cover(100, 60 * 24 * 60, account=1, stream="mentions", gap=True, reason="cap")
    return made.frames(), frozenset(several)


def ruled(facts: tuple[Any, Frames, frozenset[int]], preset: Preset, **more: Any) -> Ruled:
    benchmark, frames, several = facts
    base = Rules(since_at=SINCE, until_at=UNTIL, several=several if preset.sole else frozenset(), **more)
    rules = rules_under(preset, base, benchmark, Asked(preset=preset.name))
    (found,) = side_by_side([(preset, run([ACME, BETA], frames, rules))])
    return found


def test_presets_are_the_nine_and_state_every_item() -> None:
    assert set(preset_names()) == NINE
    for name in NINE:
        preset = load_preset(name)
        assert all(preset.tree[item] not in ("", None) for item in STATED), name
        assert preset.plan.rank_by in registry()
        assert "http" in preset.source


def test_preset_that_leaves_out_an_item_is_refused(tmp_path: Path) -> None:
    tree = yaml.safe_load((FOLDER / "quintly.yaml").read_text("utf-8"))
    for change, said in (
        ({"badge": ...}, "states no badge"),
        ({"speed": 1}, "unknown: speed"),
        ({"clock": "moon"}, "clock must be"),
    ):
        changed = {key: value for key, value in {**tree, **change}.items() if value is not ...}
        (tmp_path / "mine.yaml").write_text(yaml.safe_dump(changed), "utf-8")
        with pytest.raises(UsageError, match=said):
            read_preset(tmp_path / "mine.yaml")


def test_preset_that_is_not_known_says_what_was_meant() -> None:
    with pytest.raises(UsageError, match="did you mean 'quintly'"):
        load_preset("quintley")


CHANGES: Mapping[str, tuple[Any, ...]] = {
    "unit": ("episode", "message", "opener", "silence"),
    "population": ("all", "questions", "needs-response"),
    "answers": ("human", "any", "substantive"),
    "clock": ("calendar", "staffed"),
    "horizon": ("none", "7d", "1h"),
    "time": (["answered_mean_s"], ["fastest_mean_s"]),
    "rank_by": ("answered_count", "unit_count"),
    "direction": ("high", "low"),
    "badge": ("none", {"needs": {"answered_count": ">= 3"}, "over": "7d"}),
    "missing_network": ("leaves", "unranked"),
    "replies_naming": ("any", "one"),
    "handles": ("all", "support-first"),
    "stretch": ("none", {"days": 5, "units": 3}),
    "shows": (["answered_count"], ["turns"]),
    "split": ("none", "role"),
}
GATED = {"of": "units", "units": 1, "authors": 1, "coverage": "any"}


@pytest.mark.parametrize("name", sorted(NINE))
def test_every_item_of_a_preset_has_effect(name: str, tmp_path: Path, facts: Any) -> None:
    tree = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    # The gates and badges of the originals hold this small world back: they have tests of their own below.
    tree |= {"gate": GATED, "time": ["answered_median_s", "answered_mean_s"], "shows": ["answered_count", "unit_count", "turns"]}
    before = ruled(facts, written(tmp_path, tree)).cells
    idle = [
        item
        for item in CHANGES
        if item in tree and not any(_changes(facts, tmp_path, tree, item, value, before) for value in CHANGES[item])
    ]
    assert idle == []


def _changes(facts: Any, folder: Path, tree: dict[str, Any], item: str, value: Any, before: Any) -> bool:
    if value == tree[item]:
        return False
    return ruled(facts, written(folder, {**tree, item: value})).cells != before


def written(folder: Path, tree: Mapping[str, Any]) -> Preset:
    (folder / "mine.yaml").write_text(yaml.safe_dump(dict(tree)), "utf-8")
    return read_preset(folder / "mine.yaml")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"units": 1000}, "not ranked: 58 of 1000 messages of the population"),
        ({"authors": 36}, "not ranked: 35 of 36 authors"),
        ({"of": "answered", "units": 50}, "not ranked: 35 of 50 answered messages"),
        ({"of": "inbound", "units": 59}, "not ranked: 58 of 59 inbound messages"),
        ({"coverage": "complete"}, "not ranked: a cap of the network cut acme (mentions)"),
    ],
)
def test_every_item_of_a_gate_has_effect(change: dict[str, Any], why: str, tmp_path: Path, facts: Any) -> None:
    tree = yaml.safe_load((FOLDER / "banks-2012.yaml").read_text("utf-8")) | {"handles": "all", "gate": GATED | change}
    assert ruled(facts, written(tmp_path, tree)).cells["Acme"].why == why


@pytest.mark.parametrize("item", ["source", "guesses", "summary", "lacking"])
def test_every_text_of_a_preset_is_said(item: str, tmp_path: Path) -> None:
    tree = yaml.safe_load((FOLDER / "sb100-2013.yaml").read_text("utf-8"))
    preset = written(tmp_path, {**tree, item: ["quite other"] if item == "lacking" else "quite other"})
    assert any("quite other" in note for note in notes_of(preset))


def cell(facts: Any, name: str) -> Any:
    return ruled(facts, load_preset(name)).cells["Acme"]


def test_default_needs_fifty_openers(facts: Any) -> None:
    assert cell(facts, "default").why == "not ranked: 43 of 50 messages that need a response and were watched for the follow-up"


def test_banks_count_replies_per_message_of_the_support_handle(facts: Any) -> None:
    """21 odd days to the support handle and 7 nudges; days 9, 19, 29, 39 are not answered: 17 replies."""
    found = cell(facts, "banks-2012")
    assert found.figure.value == pytest.approx(17 / 28)
    assert found.shows["inbound_count"].value == 28


def test_socially_devoted_orders_by_answered_minus_ignored(facts: Any) -> None:
    """Questions: 28 days that are no multiple of 3, and 7 nudges; days 4, 14, 19, 29, 34 ignored, as are all nudges."""
    found = cell(facts, "socially-devoted")
    assert found.shows["unit_count"].value == 28 + 7
    assert found.figure.value == 23 - 5 - 7
    assert found.award.earned is False
    assert "answered_share 0." in found.award.why


def test_socially_devoted_is_refused_without_labels(facts: Any) -> None:
    benchmark, frames, several = facts
    bare = replace(frames, messages=frames.messages.assign(kind=-1))
    found = cell((benchmark, bare, several), "socially-devoted")
    assert found.why == "not defined here: messages are not labelled: run socialbench reparse"
    assert found.figure.value is None
    assert cell((benchmark, bare, several), "banks-2012").figure.value == pytest.approx(17 / 28)


def test_facebook_badge_looks_at_the_last_week_in_staffed_time(facts: Any) -> None:
    """Days 37 to 42: 39 is ignored, and the even days are answered after 20 h, staffed for 6 h and, from the next day, none."""
    found = cell(facts, "facebook-badge")
    assert found.award.earned is False
    assert found.shows["unit_count"].value == 29


def test_facebook_badge_counts_from_a_message_after_a_day_of_silence(facts: Any) -> None:
    benchmark, _, several = facts
    talk = World(accounts=[(1, "acme")])
    first = talk.ask(9, 0)
    talk.ask(9, 1439, to=first)
    answer = talk.answer(first, 1500)
    talk.ask(9, 1500 + 1440, to=answer)
    talk.ask(9, 1500 + 1440 + 1441)
    found = cell((benchmark, talk.frames(), several), "facebook-badge")
    assert (found.shows["unit_count"].value, found.shows["answered_share"].value) == (2, 0.5)


def test_facebook_badge_mean_is_of_the_fastest_nine_tenths(facts: Any) -> None:
    """Ten answered, nine in 10 min: the mean is theirs, and 10 of 10 earn the badge."""
    benchmark, _, several = facts
    talk = World(accounts=[(1, "acme")])
    for number in range(10):
        talk.answer(talk.ask(50 + number, 540 + 43 * 1440 - number * 600), 550 + 43 * 1440 - number * 600 + 500 * (number == 0))
    clockless = replace(load_preset("facebook-badge"), plan=replace(load_preset("facebook-badge").plan, clock="calendar"))
    found = ruled((benchmark, talk.frames(), several), clockless).cells["Acme"]
    assert found.figure.value == 600
    assert found.award.earned is True


def test_quintly_leaves_out_replies_to_several_and_those_after_a_week(facts: Any) -> None:
    """Of 28 questions 23 are answered, those of days 2, 10 and 26 by naming several, that of day 13 after nine days.

    Of the other 19 four wait 5 min, six 30 min, eight 20 h and one (day 25) 5 days.
    """
    found = cell(facts, "quintly")
    assert found.figure.value == pytest.approx(60 * (4 * 5 + 6 * 30 + 8 * 1200 + 7200) / 19)
    assert cell(facts, "quintly").figure.n == 19


def test_help_desk_gives_calendar_and_staffed_minutes_or_null(facts: Any) -> None:
    found = cell(facts, "help-desk")
    assert found.times["answered_median_s"].value > found.times["staffed_answered_median_s"].value > 0
    silent = World(accounts=[(1, "acme")])
    silent.ask(9, 0)
    times = cell((facts[0], silent.frames(), facts[2]), "help-desk").times
    assert [figure.value for figure in times.values()] == [None, None]


def test_sky_and_virgin_stand_in_bands_of_the_answered_by_role(facts: Any) -> None:
    """35 answered: days 1, 11, 21, 31, 41 at once, two of them later (3, 14, 25, 36: 5 days); support takes the odd days."""
    found = cell(facts, "sky-virgin-2012")
    bands = [found.shows[name].value for name in list(found.shows)[:4]]
    assert sum(bands) == pytest.approx(1)
    assert found.figure.value == pytest.approx(5 / 35)
    assert found.roles["support"]["under_10m_share"].value == pytest.approx(5 / 17)
    assert found.roles["brand"]["under_10m_share"].value == 0


def test_sprout_counts_the_answered_within_72_h_of_those_watched_so_long(facts: Any) -> None:
    """43 need a response, 35 are answered: 6 by bots (0, 7, 21, 28, 35, 42), and days 3, 25, 36 and 13 too late."""
    found = cell(facts, "sprout-2015")
    assert found.shows["matured_count"].value == 43
    assert found.figure.value == pytest.approx(25 / 43)


def test_config_may_rank_by_a_metric_or_by_several() -> None:
    assert composite_plan("median_latency_s").high is False
    parts = composite_plan({"response_rate": 2, "median_latency_s": 1}).composite
    assert [(part.weight, part.metrics) for part in parts] == [(2, ("response_rate",)), (1, ("median_latency_s",))]
    with pytest.raises(UsageError, match="did you mean 'response_rate'"):
        composite_plan({"respons_rate": 1})
    with pytest.raises(UsageError, match="inbound_count cannot be ranked by"):
        composite_plan("inbound_count")


@pytest.mark.parametrize("name", sorted(NINE - {"sb100-2013"}))
def test_a_brand_more_moves_no_other_brands_figure(name: str, facts: Any) -> None:
    benchmark, frames, several = facts
    preset = load_preset(name)
    base = Rules(since_at=SINCE, until_at=UNTIL, several=several if preset.sole else frozenset())
    rules = rules_under(preset, base, benchmark, Asked(preset=name))
    alone, beside = (run(brands, frames, rules).brands[0] for brands in ([ACME], [ACME, BETA]))
    kept = {metric: figure for metric, figure in beside.metrics.items() if metric != "score_standardised"}
    assert kept == {metric: figure for metric, figure in alone.metrics.items() if metric != "score_standardised"}
