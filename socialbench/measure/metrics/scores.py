"""The score, and the same over other populations and other weights (metrics.md, section 3)."""

from __future__ import annotations

from dataclasses import replace

from socialbench.measure.metrics import metric
from socialbench.measure.mix import NO_MIX
from socialbench.measure.result import Figure
from socialbench.measure.sample import Sample
from socialbench.measure.score import MIN_MATURED
from socialbench.measure.score import expectation_score as score_of


@metric("expectation_score", unit="points", better="high", minimum=MIN_MATURED, answered_only="refused", over="brand")
def expectation_score(sample: Sample) -> Figure:
    """100 x the chance that a customer whose message opens a thread and needs a response is answered within the time expected.

    Twenty of forty messages on X answered at once, the others never.

    >>> from socialbench.measure.sample import example
    >>> round(expectation_score(example([(0, 604_800)] * 20 + [(None, 604_800)] * 20)).value, 6)
    50.0

    Pitfall: It is no share of the customers answered: an answer after two days earns the last term alone. Weights of
    networks without a survey are a convention, and so is the last term.
    """
    return score_of(sample).figure


@metric("score_all_inbound", unit="points", better="high", minimum=MIN_MATURED, answered_only="refused", over="brand")
def score_all_inbound(sample: Sample) -> Figure:
    """The expectation score over all opener episodes, needing a response or not; the clock starts at the first message.

    Thirty questions answered at once and ten cheers that nobody answers: 30 of 40 openers.

    >>> from socialbench.measure.sample import example
    >>> from socialbench.measure.units import made_up
    >>> asked, all_openers = [(0, 604_800)] * 30, [(0, 604_800)] * 30 + [(None, 604_800)] * 10
    >>> sample = example(asked, all_openers=made_up(all_openers))
    >>> round(expectation_score(sample).value, 6), round(score_all_inbound(sample).value, 6)
    (100.0, 75.0)

    Pitfall: Fans who are cheered back lift it and fans who are let be lower it; read it beside the score, never
    instead.
    """
    return score_of(replace(sample, openers=sample.all_openers)).figure


@metric(
    "score_standardised", unit="points", better="high", minimum=MIN_MATURED, answered_only="refused", given="brand", over="brand"
)
def score_standardised(sample: Sample) -> Figure:
    """The score with the benchmark's own network mix, the same weights for every brand; so it hangs on who else is ranked.

    The weights are the networks' shares of the scored episodes of all ranked brands. A brand without a score on a network
    is weighted over its others, and its note says so. For a brand alone there is no mix.

    A benchmark with three episodes on X for each one on Bluesky: .75 x 80 + .25 x 40.

    >>> from socialbench.measure.mix import standardised
    >>> from socialbench.measure.result import NetworkPart
    >>> x, bluesky = (NetworkPart(name, each, each, 40, [1] * 40, 0, 0, {}, 0) for name, each in (("x", 0.8), ("bluesky", 0.4)))
    >>> round(standardised([x, bluesky], {"bluesky": 0.25, "x": 0.75}).value, 6)
    70.0
    >>> alone = standardised([bluesky], {"bluesky": 0.25, "x": 0.75})
    >>> round(alone.value, 6), alone.note
    (40.0, 'no score on x (75 %) of the mix: weighted over the other networks')

    Pitfall: It changes when another brand is ranked; a brand that lacks a network is compared on the others alone.
    """
    del sample
    return Figure(None, note=NO_MIX)
