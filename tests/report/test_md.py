from __future__ import annotations

import re

from socialbench.report import words
from socialbench.report.formats import md
from socialbench.report.sections import industries, leaders
from tests.report.sample import sample_report
from tests.report.whole import HOSTILE_TOPIC, whole_report

ORDER = [
    "Key figures",
    "The ranking",
    "Listed, not ranked",
    "Industries",
    "By network",
    "Leaders by measure",
    "What customers ask",
    "Handles and hours",
    "Hand-offs and automatic answers",
    "Trends",
    "Method",
    "Coverage",
    "Glossary",
]


def whole() -> str:
    return next(md.render(whole_report())).data.decode()


def test_md_has_the_sections_of_the_page_in_their_order() -> None:
    assert re.findall(r"^## (.+)$", whole(), re.MULTILINE) == ORDER


def test_md_leaves_out_what_the_report_has_nothing_for() -> None:
    text = next(md.render(sample_report(3))).data.decode()
    assert not {"Trends", "Industries", "What customers ask"} & set(re.findall(r"^## (.+)$", text, re.MULTILINE))


def test_md_cards_say_what_the_page_says() -> None:
    text = whole().split("## Industries")[1].split("## By network")[0]
    assert re.findall(r"^### (.+)$", text, re.MULTILINE) == [card.sector["name"] for card in industries(whole_report())]
    assert "- Strength: answers more than the others within 2 h" in text


def test_md_tables_have_as_many_cells_in_every_row() -> None:
    for table in re.findall(r"(?:^\|.*\n)+", whole(), re.MULTILINE):
        assert len({line.replace("\\|", "").count("|") for line in table.splitlines()}) == 1


def test_md_names_hostile_topics_as_text() -> None:
    assert HOSTILE_TOPIC not in whole()
    assert "\\<b\\>9\\</b\\> to 5 \\~ a/b" in whole()


def test_md_tells_the_leaders_of_every_measure() -> None:
    text = whole().split("## Leaders by measure")[1].split("##")[0]
    expected = [words.label(metric) for metric, _ in leaders(whole_report())]
    assert re.findall(r"^\| ([A-Z][^|]+?) \|", text, re.MULTILINE)[1:] == expected
