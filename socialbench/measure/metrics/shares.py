"""What the brand says, and to whom: plain shares with Wilson's interval, and the unlinked response index."""

from __future__ import annotations

import numpy as np

from socialbench.measure.intervals import wilson
from socialbench.measure.metrics import metric
from socialbench.measure.result import Figure
from socialbench.measure.sample import Sample


def _share(part: int, whole: int) -> Figure:
    if not whole:
        return Figure(None, n=0)
    low, high = wilson(part / whole, whole)
    return Figure(part / whole, low=low, high=high, n=whole)


@metric("response_index", unit="ratio")
def response_index(sample: Sample) -> Figure:
    """Outbound replies per inbound message, not linked, so that it may exceed 1; never to be mixed with response_rate.

    Three replies to two messages.

    >>> from socialbench.measure.sample import example
    >>> response_index(example([(60, 900), (None, 900)], replies=3, outbound=4)).value
    1.5
    """
    return Figure(sample.replies / sample.inbound if sample.inbound else None, n=sample.inbound)


@metric("service_share", unit="share")
def service_share(sample: Sample) -> Figure:
    """Share of the brand's own messages that answer somebody: customer service against marketing.

    >>> from socialbench.measure.sample import example
    >>> service_share(example([(60, 900)], replies=3, outbound=4)).value
    0.75
    """
    return _share(sample.replies, sample.outbound)


@metric("automated_rate", unit="share")
def automated_rate(sample: Sample) -> Figure:
    """Share of the brand's replies that are automatic.

    >>> from socialbench.measure.sample import example
    >>> automated_rate(example([(60, 900)], replies=4, automated=1)).value
    0.25
    """
    return _share(sample.automated, sample.replies)


@metric("turns", unit="ratio")
def turns(sample: Sample) -> Figure:
    """Inbound messages per unit, on average.

    >>> from socialbench.measure.sample import example
    >>> turns(example([(60, 900), (None, 900)])).value
    1.0
    """
    count = len(sample.units)
    return Figure(float(np.mean(sample.units.messages)) if count else None, n=count)
