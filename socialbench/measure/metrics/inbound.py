"""What the inbound is like: how much of it needs a response, and who turns from handle to handle."""

from __future__ import annotations

import numpy as np

from socialbench.measure.intervals import plain_ends
from socialbench.measure.metrics import metric
from socialbench.measure.result import Figure
from socialbench.measure.sample import Sample, clusters_of, described

NEEDS_MAP = "over networks it needs an author map (`author_map` in the YAML): who is one person"


@metric("needs_response_share", unit="share", answered_only="refused", over="brand")
def needs_response_share(sample: Sample) -> Figure:
    """Share of the inbound messages (under `--unit opener`: of the openers) that need a response.

    Two questions and a mention in passing.

    >>> from socialbench.measure.heard import Heard
    >>> from socialbench.measure.sample import example
    >>> three = np.arange(3)
    >>> round(needs_response_share(example([], heard=Heard(three, three, np.array([True, True, False])))).value, 4)
    0.6667

    Pitfall: In a language without a word list all that is addressed to the brand counts as needing a response.
    """
    heard = sample.heard
    if heard is None or not len(heard):
        return Figure(None, n=0)
    ends = plain_ends(heard.needs, clusters_of(heard, sample.clustered))
    return described(heard, float(np.mean(heard.needs)), low=ends.low, high=ends.high, design_effect=ends.design_effect)


@metric("handle_hops", unit="count", better="low", over="brand")
def hops_between_handles(sample: Sample) -> Figure:
    """Authors who wrote to the brand within 7 days of having written to another of its handles, and not to this one then.

    One message to two handles is no hop, and a reply to the brand's own words is none: there the brand chose the handle.
    Authors are one over networks only by the config's author map; without it hops are counted within each network, and
    refused where no network has two handles.

    Of two authors one writes to @acme and a day later to @acme_help, the other to the same two a month apart.

    >>> from socialbench.measure.hops import Written
    >>> from socialbench.measure.sample import example
    >>> from socialbench.model import DAY_MS, Handle
    >>> handles = (Handle("x", "acme"), Handle("x", "acme_help"))
    >>> sent_at = np.array([0, 1, 0, 30]) * DAY_MS
    >>> written = Written(np.array([7, 7, 8, 8]), sent_at, np.array([0, 1, 0, 1]), np.arange(4), sent_at >= 0, handles)
    >>> hops_between_handles(example([(60, 900)], written=written)).value
    1.0

    Pitfall: Two accounts of one person are two authors without the author map, and equal display names are no one
    person.
    """
    written = sample.written
    if written is None or len(written.handles) < 2:
        return Figure(None, n=0 if written is None else written.writers(), note="one handle alone")
    networks = written.networks
    if not written.mapped and len(set(networks)) == len(networks):
        return Figure(None, refused=NEEDS_MAP)
    note = None if written.mapped or len(set(networks)) == 1 else "within each network alone: no author map"
    return Figure(float(written.hoppers()), n=written.writers(), note=note)
