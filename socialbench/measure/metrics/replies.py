"""What answers are worth: those that only send the customer elsewhere, and the score without them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from socialbench.measure.intervals import plain_ends
from socialbench.measure.metrics import metric
from socialbench.measure.result import Figure
from socialbench.measure.sample import REFUSED_UNLABELLED, Sample, clusters_of, described
from socialbench.measure.score import MIN_MATURED, expectation_score
from socialbench.model import ReplyKind

PRIVATE, LINK = ReplyKind.HANDOFF_PRIVATE, ReplyKind.HANDOFF_LINK


def _handed_off(sample: Sample, kinds: tuple[ReplyKind, ...]) -> Figure:
    units = sample.timed.where(sample.timed.answered & (sample.timed.answer >= 0))
    if not len(units) or sample.labels is None:
        return Figure(None, n=0)
    kind = sample.labels.reply_kind[units.answer]
    if (kind < 0).any():
        return Figure(None, refused=REFUSED_UNLABELLED)
    handed = np.isin(kind, kinds)
    ends = plain_ends(handed, clusters_of(units, sample.clustered))
    return described(units, float(np.mean(handed)), low=ends.low, high=ends.high, design_effect=ends.design_effect)


@metric("handoff_rate", unit="share", better="low")
def handoff_rate(sample: Sample) -> Figure:
    """Share of the answers that send the customer elsewhere: to private messages, or to a form, phone or e-mail.

    The answer of a unit is its first reply that counts; an automatic one is no hand-off, whatever it says.

    Of four answers one asks for a private message, one gives a link to a form, two say something: 2 / 4.

    >>> from socialbench.measure.sample import labelled_example
    >>> handoff_rate(labelled_example(replies=[1, 2, 0, 0])).value
    0.5

    Pitfall: A hand-off that also helps counts as a hand-off; where privacy rules ask for one a high rate is no fault.
    """
    return _handed_off(sample, (PRIVATE, LINK))


@metric("handoff_private_rate", unit="share", better="low")
def handoff_private_rate(sample: Sample) -> Figure:
    """Share of the answers that ask the customer to write a private message.

    >>> from socialbench.measure.sample import labelled_example
    >>> handoff_private_rate(labelled_example(replies=[1, 2, 0, 0])).value
    0.25

    Pitfall: What was said in private is not seen: an unsolved case and a solved one look alike.
    """
    return _handed_off(sample, (PRIVATE,))


@metric("handoff_link_rate", unit="share", better="low")
def handoff_link_rate(sample: Sample) -> Figure:
    """Share of the answers that send the customer to a form, phone number, e-mail address or page.

    >>> from socialbench.measure.sample import labelled_example
    >>> handoff_link_rate(labelled_example(replies=[1, 2, 2, 0])).value
    0.5

    Pitfall: A link to the very page that answers the question is a hand-off too.
    """
    return _handed_off(sample, (LINK,))


@metric("score_substantive", unit="points", better="high", minimum=MIN_MATURED, answered_only="refused", over="brand")
def score_substantive(sample: Sample) -> Figure:
    """The expectation score when only substantive answers stop the clock: no hand-off, no mere acknowledgement, none automatic.

    Thirty of forty messages answered at once, ten of these by "please send us a DM" and nothing else: 20 of 40.

    >>> from socialbench.measure.sample import example
    >>> from socialbench.measure.units import made_up
    >>> substantive = made_up([(0, 604_800)] * 20 + [(None, 604_800)] * 20)
    >>> sample = example([(0, 604_800)] * 30 + [(None, 604_800)] * 10, substantive=substantive)
    >>> round(expectation_score(sample).figure.value, 6), round(score_substantive(sample).value, 6)
    (75.0, 50.0)

    Pitfall: It hangs on what the rules take for substantive; hand-offs are told apart well, acknowledgements less so.
    """
    if sample.substantive is None:
        return Figure(None, refused=REFUSED_UNLABELLED)
    return expectation_score(replace(sample, openers=sample.substantive)).figure
