"""Whether customers say thanks, and what share of the inbound a slice is."""

from __future__ import annotations

import numpy as np

from socialbench.measure.intervals import plain_ends, share_ends, watch
from socialbench.measure.metrics import metric
from socialbench.measure.result import Figure
from socialbench.measure.sample import REFUSED_UNLABELLED, Sample, clusters_of, described

WITHIN_S = 72 * 3600.0
MIN_MATURED = 20


@metric("thanked_rate", unit="share", better="high", minimum=MIN_MATURED)
def thanked_rate(sample: Sample) -> Figure:
    """Kaplan-Meier share of the answered units whose author says thanks in the thread within 72 h of the answer.

    Thanks are messages of that kind: "thanks, but it still fails" is a complaint. Watched for them as for answers. Units
    without an author's id are left out; needs 20 units watched for 72 h.

    Twenty answers, watched for a week: after five of them the author says thanks within an hour.

    >>> from socialbench.measure.sample import labelled_example
    >>> round(thanked_rate(labelled_example(replies=[0] * 20, thanked=5)).value, 4)
    0.25

    Pitfall: Customers thank people more than templates and briefly more than in writing; compare a brand with itself.
    """
    timed = sample.timed
    units = timed.where(timed.answered & (timed.answer >= 0) & (timed.author >= 0))
    if not len(units) or sample.labels is None:
        return Figure(None, n=0, note=None if sample.authors_known else "authors unknown")
    if not sample.labels.complete:
        return Figure(None, refused=REFUSED_UNLABELLED)
    wait, watched = sample.labels.thanks(units)
    seen = watched > 0
    units, wait, horizon = units.where(seen), wait[seen], np.minimum(watched[seen], WITHIN_S)
    if np.count_nonzero(horizon >= WITHIN_S) < MIN_MATURED:
        return Figure(None, n=len(units), note="not watched long enough")
    thanked = wait <= horizon
    clusters = clusters_of(units, sample.clustered)
    curve = watch(np.where(thanked, wait, horizon), np.asarray(thanked, dtype=np.bool_), clusters, WITHIN_S)
    ends = share_ends(curve, WITHIN_S)
    value = curve.plain.answered_by(WITHIN_S)
    return described(units, value, low=ends.low, high=ends.high, design_effect=ends.design_effect)


@metric("inbound_share", unit="share", over="brand")
def inbound_share(sample: Sample) -> Figure:
    """Share of the brand's inbound messages that are the slice's: of this kind, on this topic, to this handle or network.

    Three messages, one of them a complaint: in the slice of complaints 1 / 3.

    >>> from socialbench.measure.heard import Heard
    >>> from socialbench.measure.sample import example
    >>> three = Heard(np.arange(3), np.arange(3), np.ones(3, dtype=np.bool_))
    >>> round(inbound_share(example([(60, 900)], everyone=three, inside=np.array([True, False, False]))).value, 4)
    0.3333

    Pitfall: Kinds are told by rules and topics by keywords: an unlabelled message is in no slice, so shares need not
    add up to 1.
    """
    everyone = sample.everyone
    if everyone is None or not len(everyone):
        return Figure(None, n=0)
    if sample.inside is None:
        return described(everyone, 1.0, low=1.0, high=1.0)
    ends = plain_ends(sample.inside, clusters_of(everyone, sample.clustered))
    return described(everyone, float(np.mean(sample.inside)), low=ends.low, high=ends.high, design_effect=ends.design_effect)
