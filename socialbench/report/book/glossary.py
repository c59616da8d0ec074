"""What each measure and each word of the book means, in one sentence."""

from __future__ import annotations

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
    "Within a time": "Share of customers who have an answer by then, estimated so that those not watched to the end are no loss.",
}

_MEASURES = {
    "expectation_score": "100 times the chance that a customer is answered within the time that such a customer expects; "
    "how many expect which time is taken from a survey, named under Method.",
    "response_rate": "Share answered within the follow-up. Those without an answer stay in the count.",
    "median_latency_s": "Time by which half of the customers have an answer, the unanswered included.",
    "p75_latency_s": "Time by which three in four customers have an answer, the unanswered included.",
    "p90_latency_s": "Time by which nine in ten customers have an answer, the unanswered included.",
    "restricted_mean_s": "Mean wait of all customers over the first 24 hours; whoever has no answer by then waited 24 hours.",
    "answered_median_s": "Plain median over the answered alone, which forgets the unanswered. It ranks nothing but samples that "
    "hold nothing else.",
    "answered_mean_s": "Plain mean over the answered alone, as tools that forget the unanswered print it. It ranks nothing.",
    "handoff_rate": "Share of the answers that only send the customer elsewhere: to private messages, a form, a telephone.",
    "automated_rate": "Share of the brand's replies that are automatic.",
    "service_share": "Share of the brand's own messages that reply to somebody: service against marketing.",
    "response_index": "Replies per inbound message, not linked to each other, so that it may exceed 1.",
    "needs_response_share": "Share of inbound messages that need a response.",
    "inbound_count": "Messages addressed to the brand by others.",
    "answered_count": "Units answered within the follow-up.",
    "turns": "Inbound messages per unit, on average.",
    "thanked_rate": "Share of the answered whose author thanks within 72 hours.",
    "unanswered_reach": "Followers of the authors whose complaints had no answer after a day, each author once.",
    "score_substantive": "The score when only answers of substance stop the clock.",
    "score_all_inbound": "The score over all openers, needing a response or not.",
    "score_standardised": "The score with the benchmark's own mix of networks.",
    "staffed_latency_s": "Time to the answer, counted in the brand's stated opening hours alone.",
}


def defined(metric: str) -> str:
    """What a measure means; '' where the book's words already say it.

    >>> defined("automated_rate"), defined("answered_within_2h")
    ("Share of the brand's replies that are automatic.", '')
    """
    return _MEASURES.get(metric, "")
