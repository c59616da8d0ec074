"""Who hears of it: the reach of what stays unanswered, and what the networks count of the brand's own posts and accounts."""

from __future__ import annotations

import numpy as np

from socialbench.measure.metrics import metric
from socialbench.measure.result import Figure
from socialbench.measure.sample import REFUSED_UNLABELLED, Sample
from socialbench.measure.survival import Bools, Ints
from socialbench.measure.units import Units
from socialbench.model import Kind

DAY_S = 86_400.0


def unanswered(units: Units, after_s: float) -> Bools:
    """Units known to be unanswered for so long: answered later, or watched for it in vain."""
    late = np.where(units.answered, units.duration_s > after_s, units.duration_s >= after_s)
    return np.asarray(late & units.timed, dtype=np.bool_)


def reached(sample: Sample, wanted: Bools) -> tuple[Ints, int]:
    """(followers of each author of the wanted units, each author once; authors whose followers are unknown).

    An author's count is that of the latest of these messages which has one. `wanted`: over `sample.units`.
    """
    units = sample.units.where(wanted)
    order = np.argsort(units.clock, kind="stable")[::-1]
    author, followers = units.author[order], sample.followers[units.clock[order]]
    known = followers >= 0
    named, first = np.unique(author[known], return_index=True)
    return followers[known][np.sort(first)], len(np.unique(author)) - len(named)


def _reach(sample: Sample, name: str) -> Figure:
    if sample.follow_up_s < DAY_S:
        return Figure(None, note="longer than the follow-up")
    if sample.labels is None or not sample.labels.complete:
        return Figure(None, refused=REFUSED_UNLABELLED)
    complaint = sample.labels.kind[sample.units.first] == Kind.COMPLAINT
    followers, missing = reached(sample, np.asarray(complaint & unanswered(sample.units, DAY_S), dtype=np.bool_))
    authors = len(followers) + missing
    note = f"followers unknown of {missing} of {authors} authors" if missing else None
    if missing == authors and authors:
        return Figure(None, n=0, note=note)
    values = {"sum": float(followers.sum()), "median": float(np.median(followers)) if len(followers) else None}
    return Figure(values[name], n=len(followers), authors=authors, note=note)


@metric("unanswered_reach", unit="count", better="low", answered_only="refused")
def unanswered_reach(sample: Sample) -> Figure:
    """Followers, in sum, of the authors of complaints unanswered after 24 h; each author once.

    A unit is a complaint if its first message is one. An author's count is the last that is known.

    Of three unanswered for a day one author has 500 followers, one 20, one an unknown number; 9,000 follow one answered.

    >>> from socialbench.measure.sample import example, labelled_example
    >>> pairs = [(None, 604_800), (90_000, 604_800), (None, 604_800), (60, 604_800)]
    >>> labels = labelled_example([0] * 4, kinds=[2, 2, 2, 2]).labels
    >>> figure = unanswered_reach(example(pairs, followers=np.array([500, 20, -1, 9_000]), labels=labels))
    >>> figure.value, figure.note
    (520.0, 'followers unknown of 1 of 3 authors')

    Pitfall: An author's followers are counted once, however many complaints; a count that is missing is told and is
    not 0.
    """
    return _reach(sample, "sum")


@metric("unanswered_reach_median", unit="count", better="low", answered_only="refused")
def unanswered_reach_median(sample: Sample) -> Figure:
    """Followers, in the median, of the authors whose followers `unanswered_reach` adds up.

    >>> from socialbench.measure.sample import example, labelled_example
    >>> labels = labelled_example([0] * 3, kinds=[2, 2, 2]).labels
    >>> unanswered_reach_median(example([(None, 604_800)] * 3, followers=np.array([500, 20, 30]), labels=labels)).value
    30.0

    Pitfall: Of few authors one famous one moves the sum and not this; where both differ much, read both.
    """
    return _reach(sample, "median")


@metric("engagement_rate", unit="ratio", better="high", over="brand")
def engagement_rate(sample: Sample) -> Figure:
    """Likes, replies, reposts and quotes of an own broadcast post per follower of its account, on average over the posts.

    A broadcast answers nobody. Counts are those last stored; followers those of the profile seen nearest to the post. A post
    without either is left out and told; the figure is null where no network gave any.

    Two posts before 1,000 followers, engaged with 30 and 10 times; of a third nothing was counted: (.03 + .01) / 2.

    >>> from socialbench.measure.audience import Audience
    >>> from socialbench.measure.sample import example
    >>> no = np.zeros(0, dtype=np.int64)
    >>> posts = Audience(np.arange(3), np.array([30, 10, -1]), np.array([1000, 1000, 1000]), no, no, no, no)
    >>> figure = engagement_rate(example([(60, 900)], audience=posts))
    >>> figure.value, figure.n, figure.note
    (0.02, 2, 'no counts or followers stored of 1 of 3 posts')

    Pitfall: A young post has not been engaged with for long; counts are as old as the last collection.
    """
    rates, posts = sample.audience.rates, len(sample.audience.post)
    missing = posts - len(rates)
    note = f"no counts or followers stored of {missing} of {posts} posts" if missing else None
    return Figure(float(np.mean(rates)) if len(rates) else None, n=len(rates), note=note)


@metric("follower_growth", unit="share", better="high", over="brand")
def follower_growth(sample: Sample) -> Figure:
    """Change of the accounts' followers between the first and the last profile seen in the period, relative to the first.

    Profiles are stored when they change. Accounts of which the period has fewer than two are left out and told.

    From 1,000 to 1,100 on one account, from 200 to 220 on another: 120 / 1,200.

    >>> from socialbench.measure.audience import Audience
    >>> from socialbench.measure.sample import example
    >>> no, two = np.zeros(0, dtype=np.int64), np.zeros(2, dtype=np.int64)
    >>> accounts = Audience(no, no, no, two, two, np.array([1000, 200]), np.array([1100, 220]))
    >>> follower_growth(example([(60, 900)], audience=accounts)).value
    0.1

    Pitfall: It says nothing of who follows or why, and an account seen twice within a day tells a day.
    """
    audience = sample.audience
    known = audience.first >= 0
    before, after = int(audience.first[known].sum()), int(audience.last[known].sum())
    missing = len(known) - int(np.count_nonzero(known))
    note = f"fewer than two profiles seen of {missing} of {len(known)} accounts" if missing else None
    return Figure((after - before) / before if before else None, n=len(known) - missing, note=note)
