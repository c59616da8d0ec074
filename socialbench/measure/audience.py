"""What the networks' counts say of the brand's own posts and accounts (metrics.md: engagement_rate, follower_growth)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from socialbench.measure.load import Rows, in_period
from socialbench.measure.prepare import Prepared, account_index
from socialbench.measure.rules import Rules
from socialbench.measure.survival import Bools, Floats, Ints
from socialbench.model import Handle, Role


@dataclass(frozen=True)
class Audience:
    """The brand's own broadcast posts in the period, one entry each, and its accounts; -1 where nothing is stored.

    `post`: place in the brand's rows. `engaged`: likes, replies, reposts and quotes as last counted. `followers`: of the
    profile of its account that was seen nearest to the post. `network`, `role`: codes per account; `first`, `last`: its
    followers in the first and the last of two or more profiles seen in the period.
    """

    post: Ints
    engaged: Ints
    followers: Ints
    network: Ints
    role: Ints
    first: Ints
    last: Ints

    def among(self, posts: Bools, accounts: Bools) -> Audience:
        """Some of the posts and some of the accounts."""
        of_posts = {name: getattr(self, name)[posts] for name in ("post", "engaged", "followers")}
        of_accounts = {name: getattr(self, name)[accounts] for name in ("network", "role", "first", "last")}
        return replace(self, **of_posts, **of_accounts)

    @property
    def rates(self) -> Floats:
        """Engagements per follower of each post for which both are known."""
        known = (self.engaged >= 0) & (self.followers > 0)
        return np.asarray(self.engaged[known] / self.followers[known], dtype=np.float64)


NOBODY = Audience(*(np.zeros(0, dtype=np.int64) for _ in range(7)))


def audience_of(accounts: Mapping[int, Handle], prepared: Prepared, rows: Rows, rules: Rules) -> Audience:
    """The audience of a brand. `accounts`: its account keys."""
    broadcast = rows.own & ~rows.reply & (rows.parent < 0)
    post = np.flatnonzero(broadcast & in_period(rows.sent_at, rules))
    keys = np.array(sorted(accounts), dtype=np.int64)
    seen = _profiles(prepared.frames.profiles, keys, rules)
    index = account_index(prepared.frames).loc[keys]
    ends = np.array([_ends(seen.get(key), rules) for key in keys.tolist()], dtype=np.int64).reshape(-1, 2)
    return Audience(
        post=post,
        engaged=_engaged(prepared.frames.engagement, rows.key[post]),
        followers=_followers(seen, rows.author[post], rows.sent_at[post]),
        network=np.array([prepared.network_names.index(str(name)) for name in index["network"]], dtype=np.int64),
        role=np.array([accounts[key].role == Role.SUPPORT for key in keys.tolist()], dtype=np.int64),
        first=ends[:, 0],
        last=ends[:, 1],
    )


_Seen = tuple[Ints, Ints]
"""When an account's profile was seen, and how many followers it had."""


def _profiles(frame: pd.DataFrame | None, keys: Ints, rules: Rules) -> dict[int, _Seen]:
    """The profiles with a count of followers that were seen before the run's cut-off, per account."""
    if frame is None:
        return {}
    kept = frame[frame["account"].isin(keys.tolist()) & (frame["followers"] >= 0)]
    if rules.as_of is not None:
        kept = kept[kept["seen_at"] < rules.as_of]
    found = {}
    for key, part in kept.groupby("account", sort=False):
        found[int(str(key))] = (part["seen_at"].to_numpy(dtype=np.int64), part["followers"].to_numpy(dtype=np.int64))
    return found


def _ends(seen: _Seen | None, rules: Rules) -> tuple[int, int]:
    if seen is None:
        return -1, -1
    followers = seen[1][in_period(seen[0], rules)]
    return (int(followers[0]), int(followers[-1])) if len(followers) > 1 else (-1, -1)


def _followers(seen: Mapping[int, _Seen], author: Ints, sent_at: Ints) -> Ints:
    """Followers by the profile seen nearest to each moment; of two as near the earlier."""
    found = np.full(len(author), -1, dtype=np.int64)
    for key, (seen_at, followers) in seen.items():
        mine = author == key
        if not mine.any():
            continue
        later = np.minimum(np.searchsorted(seen_at, sent_at[mine]), len(seen_at) - 1)
        earlier = np.maximum(later - 1, 0)
        nearer = np.abs(seen_at[later] - sent_at[mine]) < np.abs(sent_at[mine] - seen_at[earlier])
        found[mine] = followers[np.where(nearer, later, earlier)]
    return found


def _engaged(frame: pd.DataFrame | None, keys: Ints) -> Ints:
    if frame is None or not len(frame):
        return np.full(len(keys), -1, dtype=np.int64)
    message, total = (frame[name].to_numpy(dtype=np.int64) for name in ("message", "total"))
    order = np.argsort(message, kind="stable")
    place = np.minimum(np.searchsorted(message[order], keys), len(message) - 1)
    return np.where(message[order][place] == keys, total[order][place], -1).astype(np.int64)
