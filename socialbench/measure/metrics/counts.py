"""How much came in, and how much was answered."""

from __future__ import annotations

import numpy as np

from socialbench.measure.metrics import metric
from socialbench.measure.result import Figure
from socialbench.measure.sample import Sample


@metric("inbound_count", unit="count", over="brand")
def inbound_count(sample: Sample) -> Figure:
    """Messages addressed to the brand; under `--unit opener` the openers among them.

    >>> from socialbench.measure.sample import example
    >>> inbound_count(example([(60, 900), (None, 900)])).value
    2.0

    Pitfall: A message to two handles of the brand is one message, another handle of the brand is no customer,
    repeated rows count once, and a message known only because the brand answered it is context and counts not at all.
    """
    return Figure(float(sample.inbound))


@metric("episode_count", unit="count", over="brand")
def episode_count(sample: Sample) -> Figure:
    """Units over all inbound messages, needing a response or not.

    >>> from socialbench.measure.sample import example
    >>> episode_count(example([(60, 900), (None, 900)])).value
    2.0

    Pitfall: It is no number of customers: one author may open several units, and without authors' ids every message
    is a unit.
    """
    return Figure(float(sample.all_units))


@metric("unit_count", unit="count")
def unit_count(sample: Sample) -> Figure:
    """Units of the population, over which rates and times are taken.

    >>> from socialbench.measure.sample import example
    >>> unit_count(example([(60, 900), (None, 900)])).value
    2.0

    Pitfall: It hangs on `--population`: under needs-response a brand that is mostly cheered at has far fewer units
    than messages.
    """
    return Figure(float(len(sample.units)))


@metric("matured_count", unit="count")
def matured_count(sample: Sample) -> Figure:
    """Units watched for the whole follow-up, whether or not answered, and whenever.

    Of two units only the second was watched for the week.

    >>> from socialbench.measure.sample import example
    >>> matured_count(example([(60, 86_400), (None, 604_800)])).value
    1.0

    Pitfall: Counting the answered alone as matured would make every rate one; unanswered units count as soon as they
    are watched enough.
    """
    units = sample.units
    return Figure(float(np.count_nonzero((units.watched_s >= sample.follow_up_s) & ~units.unseen)))


@metric("answered_count", unit="count", better="high")
def answered_count(sample: Sample) -> Figure:
    """Units answered within the follow-up, without answers dated before the message.

    >>> from socialbench.measure.sample import example
    >>> answered_count(example([(60, 900), (None, 900), (-5, 900)])).value
    1.0

    Pitfall: The first answer counts and no later one, so three replies to one message are one answered unit.
    """
    return Figure(float(np.count_nonzero(sample.timed.answered)))
