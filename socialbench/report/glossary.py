"""Words that a report uses, and what its measures mean: of measures the Report's own definitions, of all else these."""

from __future__ import annotations

from collections.abc import Iterable

from socialbench.report import words
from socialbench.report.tree import Report, Tree

TERMS = {
    "Answer": "The first reply of the brand, from any of its accounts, linked to a message of the episode.",
    "Brand, sector": "One row of the ranking, with all its accounts; one label of industry for each.",
    "Episode": "Messages of one author to one brand in one thread. It stays open until it is answered or the follow-up ends.",
    "Follow-up": "How long an episode is watched after its start. Later answers no longer count.",
    "Gate": "What a brand must show before it is given a place: enough openers, watched long enough, by enough authors, "
    "with nothing missing from what was read.",
    "Interval": "The 95 % confidence interval. It speaks of another period with the same habits; the period itself was counted "
    "in full. Messages of one author and of one day are not taken for independent.",
    "Listed, not ranked": "Brands of which too little was seen to give them a place; what was seen stands in their profiles.",
    "Needs a response": "A message with a question, a request or a complaint, or one that speaks to the brand directly and is "
    "not mere thanks or praise.",
    "Not reached": "Fewer were answered while watched than the time speaks of: fewer than half for a median.",
    "Opener": "A message that begins a conversation. The score and the ranking count openers alone.",
    "Place, places in brackets": "The rank, and the ranks that the brand could as well hold: a 95 % confidence set for the rank.",
    "Provisional": "Not every ranked brand has been watched to the period's end plus the follow-up.",
    "Tier": "Its first brand can be told apart from the first of the next tier. Not every pair of brands in different tiers can.",
    "Unit": "What is counted: an episode, a message or an opener, as the method says.",
    "Within a time": "Share of customers who have an answer by then, estimated so that those not watched to the end are no loss.",
}
MARKS = {
    "looks_automatic": "looks automatic",
    "depends_on_classification": "place depends on which messages are held to need a response",
    "mix_dependent": "place depends on the mix of networks",
    "answered_only": "answered messages alone were read",
}
INTERVALS = "Intervals are 95 %. Places in brackets are those that a brand could hold."


def defined(report: Report, metric: str) -> str:
    """What a measure means, as the report carries it; '' where it says nothing of it.

    >>> from socialbench.report.tree import freeze
    >>> defined(Report(freeze({"definitions": {"turns": "Messages per unit."}})), "turns")
    'Messages per unit.'
    """
    said: str = report.tree["definitions"].get(metric, "")
    return said


def meaning(report: Report, metric: str) -> str:
    """A measure's name and its definition in one line."""
    label, said = words.label(metric), defined(report, metric)
    return f"{label}: {said}" if said else label


def meanings(report: Report, metrics: Iterable[str]) -> list[str]:
    """The definitions of some measures, each once, and how to read the intervals."""
    return [*(meaning(report, metric) for metric in dict.fromkeys(metrics)), INTERVALS]


def marks_of(brand: Tree) -> list[str]:
    """What must be known before a brand's place is believed."""
    return [said for mark, said in MARKS.items() if brand["marks"][mark]]
