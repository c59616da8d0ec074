"""What the brand says, and to whom: plain shares with Wilson's interval, and the unlinked response index."""

from __future__ import annotations

import numpy as np

from socialbench.measure.heard import Heard
from socialbench.measure.intervals import plain_ends, wilson
from socialbench.measure.metrics import metric
from socialbench.measure.result import Figure
from socialbench.measure.sample import Sample, clusters_of, described
from socialbench.measure.totals import Weighed, figure_of


def _share(part: int, whole: int) -> Figure:
    if not whole:
        return Figure(None, n=0)
    low, high = wilson(part / whole, whole)
    return Figure(part / whole, low=low, high=high, n=whole)


def _index(sample: Sample) -> Weighed | None:
    heard, said = sample.heard, sample.said
    if heard is None or said is None or not len(heard):
        return None
    index = len(said) / len(heard)
    day = np.concatenate((heard.day, said.day))
    # A reply is nobody else's than the brand's: it has an author of its own, apart from those who wrote in.
    author = np.concatenate((heard.author, -2 - len(day) - np.arange(len(said))))
    influence = np.concatenate((np.full(len(heard), -index), np.ones(len(said)))) / len(heard)
    return Weighed(index, Heard(author, day, np.ones(len(day), dtype=np.bool_)), influence)


@metric("response_index", unit="ratio", better="high", over="brand", weigh=_index)
def response_index(sample: Sample) -> Figure:
    """Outbound replies per inbound message, not linked, so that it may exceed 1; never to be mixed with response_rate.

    Three replies to two messages.

    >>> from socialbench.measure.sample import example
    >>> response_index(example([(60, 900), (None, 900)], replies=3, outbound=4)).value
    1.5

    Pitfall: Two replies to one message count twice and an ignored message is hidden by them; 1 does not say that all
    were answered.
    """
    value = sample.replies / sample.inbound if sample.inbound else None
    ends = figure_of(_index(sample), sample.clustered, least=0.0)
    return Figure(value, low=ends.low, high=ends.high, n=sample.inbound)


@metric("service_share", unit="share", over="brand")
def service_share(sample: Sample) -> Figure:
    """Share of the brand's own messages that answer somebody: customer service against marketing.

    >>> from socialbench.measure.sample import example
    >>> service_share(example([(60, 900)], replies=3, outbound=4)).value
    0.75

    Pitfall: An account that posts little looks like a help desk whatever it answers.
    """
    return _share(sample.replies, sample.outbound)


@metric("automated_rate", unit="share", over="brand")
def automated_rate(sample: Sample) -> Figure:
    """Share of the brand's replies that are automatic.

    >>> from socialbench.measure.sample import example
    >>> automated_rate(example([(60, 900)], replies=4, automated=1)).value
    0.25

    Pitfall: A template is found by its repetition, so an automatic reply that varies its words is taken for a
    person's.
    """
    return _share(sample.automated, sample.replies)


@metric("turns", unit="ratio")
def turns(sample: Sample) -> Figure:
    """Inbound messages per unit, on average.

    >>> from socialbench.measure.sample import example
    >>> turns(example([(60, 900), (None, 900)])).value
    1.0

    Pitfall: Many turns may be a long talk that helps or a customer who asks again; without threads they are guessed
    by silence.
    """
    count = len(sample.units)
    return Figure(float(np.mean(sample.units.messages)) if count else None, n=count)


@metric("settled_by_one_share", unit="share", better="high")
def settled_by_one_share(sample: Sample) -> Figure:
    """Share of the answered units whose first answer was the last word between author and brand in the thread.

    Counted over units watched for the whole follow-up (in answered-only samples over all): within it the author wrote
    nothing more there, thanks included, and the brand replied to that author there only once. An answer in parts, each
    replying to the one before, is one.

    Of four answered units two have a further word, and one was watched too briefly to tell: 1 of 3.

    >>> from dataclasses import replace
    >>> from socialbench.measure.sample import example
    >>> from socialbench.measure.units import made_up
    >>> units = made_up([(60, 604_800)] * 3 + [(60, 900), (None, 604_800)])
    >>> units = replace(units, settled=np.array([True, False, False, True, False]))
    >>> round(settled_by_one_share(replace(example([]), units=units)).value, 4)
    0.3333

    Pitfall: A customer who gives up writes no more either: silence is no proof of content.
    """
    known = sample.timed.answered & (sample.answered_only | (sample.timed.watched_s >= sample.follow_up_s))
    units = sample.timed.where(known)
    if not len(units):
        return Figure(None, n=0)
    ends = plain_ends(units.settled, clusters_of(units, sample.clustered))
    value = float(np.mean(units.settled))
    return described(units, value, low=ends.low, high=ends.high, design_effect=ends.design_effect)
