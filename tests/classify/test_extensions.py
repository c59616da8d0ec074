"""Users' own patterns: they come first, are told apart by the version, and cannot hang the program."""

from __future__ import annotations

import time

import pytest

from socialbench.classify.folding import MAX_LETTERS
from socialbench.classify.kinds import RULE_VERSION, Extensions, Kind, ReplyKind, Rules, version
from socialbench.classify.patterns import compiled
from tests.classify.conftest import no_detector


def own(**patterns: dict[str, list[str]]) -> Rules:
    return Rules(Extensions(**patterns), detect=no_detector)


def test_own_kinds_come_before_the_built_in_rules() -> None:
    rules = own(kinds={"praise": ["sick beat*"], "other": ["/prize\\s?draw/"]})
    assert rules.inbound("That was a sick BEATBOX, terrible", "en").rule == "own:praise:sick beat*"
    draw = rules.inbound("I want to win the prizedraw!", "en")
    assert (Kind(draw.kind), draw.rule) == (Kind.OTHER, "own:other:/prize\\s?draw/")
    assert rules.dismisses(draw)
    assert not rules.asks(draw)


def test_own_kinds_of_replies_come_first() -> None:
    rules = own(replies={"substantive": ["case number"], "handoff_link": ["/whats?app/"]})
    assert rules.reply("DM us the case number", "en").rule == "own:substantive:case number"
    assert rules.reply("Use WhatsApp", "xx").kind == ReplyKind.HANDOFF_LINK


def test_topics_come_in_the_order_of_the_config() -> None:
    rules = own(
        topics={"outage": ["no internet", "/\\bdown\\b/"], "billing": ["invoice*", "doppelt abgebucht"], "配送": ["荷物"]}
    )
    assert rules.topics("My INVOICES are wrong and the line is down") == ("outage", "billing")
    assert rules.topics("Wurde DOPPELT abgebucht") == ("billing",)
    assert rules.topics("荷物はまだですか") == ("配送",)
    assert rules.topics("#invoice") == ("billing",)
    assert rules.topics("the download @down https://down.example/invoice") == ()


def test_plain_patterns_mean_their_marks_as_written() -> None:
    rules = own(kinds={"question": ["where is it?"]})
    assert rules.inbound("so where is it", "xx").rule == "own:question:where is it?"
    assert rules.inbound("so where is", "xx").rule == "sign:other:none"


@pytest.mark.parametrize(
    ("patterns", "says"),
    [
        ({"kinds": {"complaints": ["x"]}}, "kinds: 'complaints' is no kind; there are: question, request"),
        ({"replies": {"automated": ["x"]}}, "rules: 'automated' is no kind"),
        ({"topics": {"billing": ["/(/"]}}, "topics: billing: /(/ is no regular expression"),
        ({"topics": {"billing": ["/(a+)+b/"]}}, "topics: billing: /(a+)+b/ repeats"),
        ({"topics": {"billing": ["!!!"]}}, "topics: billing:"),
    ],
)
def test_bad_patterns_are_refused_in_one_clear_line(patterns: dict[str, dict[str, list[str]]], says: str) -> None:
    with pytest.raises(ValueError) as error:
        own(**patterns)
    assert str(error.value).startswith(says)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "source",
    [
        "(a+)+$",
        "(a|a)*b",
        "(a|aa)+$",
        "(.*)*x",
        "(\\w+\\s?)*$",
        "(a*)*",
        ".*.*=.*",
        "(x+x+)+y",
        "(a)\\1+",
        "\\d+\\d+\\d+x",
        "(?:(?:a?){9})*b",
    ],
)
def test_runaway_expressions_are_refused(source: str) -> None:
    with pytest.raises(ValueError):
        compiled(source)


@pytest.mark.parametrize(
    "source",
    [
        "invoice",
        "late|delay(ed|s)?",
        "where.*order",
        "\\bnot\\s+working\\b",
        "\\d{4}-\\d{2}",
        "(foo|bar)+",
        "no\\s+(internet|signal)",
        "[a-z]+\\s+[0-9]+",
        "(?<!not )happy",
    ],
)
def test_usual_expressions_are_taken_and_end_soon(source: str) -> None:
    expression = compiled(source)
    started = time.process_time()
    for letters in ("a", "foo", "where ", "order", "1", " ", "no ", "x1 "):
        expression.search((letters * MAX_LETTERS)[:MAX_LETTERS] + "!")
    assert time.process_time() - started < 5


def test_version_tells_extensions_apart() -> None:
    one = Extensions(kinds={"praise": ["b", "a"]})
    same = Extensions(kinds={"praise": ("a", "b")}, topics={"billing": ["x"]})
    other = Extensions(kinds={"praise": ["a", "c"]})
    reply = Extensions(replies={"substantive": ["a", "b"]})
    assert version() == version(Extensions(kinds={"praise": []})) == RULE_VERSION == 2
    assert version(one) == version(same)
    assert len({version(one), version(other), version(reply), RULE_VERSION}) == 4
    assert all(1_000 <= version(each) < 2**31 for each in (one, other, reply))


def test_version_stays_the_same_over_releases() -> None:
    # A label in a store is found again by this number: it may change with RULE_VERSION alone.
    assert version(Extensions(kinds={"praise": ["a"]})) == PRAISE_A


PRAISE_A = 548093765
