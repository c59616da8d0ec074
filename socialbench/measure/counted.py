"""A brand's rows, links and units under one set of rules, and the samples cut from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from socialbench.measure.audience import Audience, audience_of
from socialbench.measure.episodes import calendar_days, of_population, units
from socialbench.measure.heard import heard_of, said_of
from socialbench.measure.hops import Written, written_to
from socialbench.measure.labels import labels_of
from socialbench.measure.links import Links, link
from socialbench.measure.load import Rows, in_period, load
from socialbench.measure.observed import Horizon, horizon
from socialbench.measure.prepare import Prepared, account_index, accounts_of
from socialbench.measure.rules import Rules
from socialbench.measure.sample import Sample
from socialbench.measure.staffed import Desk, desk_of
from socialbench.measure.survival import Bools, Ints
from socialbench.measure.units import Units
from socialbench.model import DAY_MS, Brand, Handle, Kind, Role


@dataclass(frozen=True)
class Counted:
    """A brand's rows, links and units under one set of rules.

    `needing`: episodes by a clock that starts with the first message that needs a response, `every`: with the first.
    `day`: each row's calendar day in the report's zone.
    """

    rows: Rows
    links: Links
    all_units: Units
    needing: Units
    every: Units
    seen: Horizon
    rules: Rules
    day: Ints

    @property
    def population(self) -> Units:
        """The units over which rates and times are taken."""
        return of_population(self.all_units, self.rules.population)

    @property
    def openers(self) -> Units:
        """Opener episodes that need a response."""
        return self.needing.where(self.needing.opener & self.needing.needs)

    @property
    def all_openers(self) -> Units:
        """Opener episodes, needing a response or not."""
        return self.every.where(self.every.opener)


@dataclass(frozen=True)
class Told:
    """What is known of a brand beside its units: to which handles was written, who follows it, when its desk is staffed.

    `substantive`: the same brand where only substantive answers count; None where any of its replies is not labelled.
    """

    written: Written
    audience: Audience
    desk: Desk | None
    substantive: Counted | None


@dataclass(frozen=True)
class Cut:
    """Part of a brand: masks over all units, over its rows, and over the brand's handles; `network`, `role`: of its accounts."""

    units: Bools
    rows: Bools
    network: int | None = None
    role: Role | None = None


def horizon_of(accounts: Mapping[int, Handle], prepared: Prepared, rules: Rules) -> Horizon:
    """Until when an answer by the brand would have been seen."""
    return horizon(prepared.frames.coverage, spaces_of(accounts, prepared), rules.as_of)


def spaces_of(accounts: Mapping[int, Handle], prepared: Prepared) -> dict[int, int]:
    """The space (network and origin) of each account."""
    spaces = account_index(prepared.frames)["space"].to_dict()
    return {key: int(spaces[key]) for key in accounts}


def counted_of(brand: Brand, prepared: Prepared, rules: Rules) -> Counted:
    """A brand's rows, links and units."""
    accounts = accounts_of(brand, prepared.frames)
    return count(load(prepared, accounts, rules), horizon_of(accounts, prepared, rules), rules, prepared.network_names)


def count(rows: Rows, seen: Horizon, rules: Rules, names: tuple[str, ...]) -> Counted:
    """Links and units of a brand's rows. `names`: of the networks."""
    links = link(rows, rules)
    episodes = replace(rules, unit="episode", population="needs-response")
    needing = units(rows, links, seen, episodes, names)
    every = units(rows, links, seen, replace(episodes, population="all"), names)
    day = calendar_days(rows.sent_at, rules.zone.key)
    return _chosen(Counted(rows, links, needing, needing, every, seen, rules, day), rules)


def recount(counted: Counted, rules: Rules) -> Counted:
    """The same rows under other rules."""
    if rules.answers == counted.rules.answers:
        return _chosen(counted, rules)
    return count(counted.rows, counted.seen, rules, counted.all_units.network_names)


def _chosen(counted: Counted, rules: Rules) -> Counted:
    names = counted.needing.network_names
    if rules.population == "questions":
        # A unit that asks stands where one that needs a response does: its clock starts with its first question.
        asking = replace(counted.rows, needs=counted.rows.inbound & (counted.rows.kind == Kind.QUESTION))
        chosen = units(asking, counted.links, counted.seen, replace(rules, population="needs-response"), names)
    elif rules.unit == "episode":
        chosen = counted.needing if rules.population == "needs-response" else counted.every
    else:
        chosen = units(counted.rows, counted.links, counted.seen, rules, names)
    return replace(counted, all_units=_recent(chosen, counted, rules), rules=rules)


def _recent(chosen: Units, counted: Counted, rules: Rules) -> Units:
    """The units of the last days before the period's end, or the last few where these reach farther back."""
    stretch = rules.plan.stretch
    starts = np.sort(of_population(chosen, rules.population).start_at)
    if stretch is None or not len(starts):
        return chosen
    since = end_of(counted.seen, rules, int(starts[-1])) - stretch.days * DAY_MS
    return chosen.where(chosen.start_at >= min(since, int(starts[-min(stretch.units, len(starts))])))


def end_of(seen: Horizon, rules: Rules, latest: int) -> int:
    """Where a brand's period ends (UTC ms): as asked, else where its listings do, else behind its `latest` message."""
    if rules.until_at is not None:
        return rules.until_at
    ends = [intervals[-1][1] for intervals in seen.spaces.values() if intervals]
    return max(ends) if ends else latest + 1


def told_of(brand: Brand, accounts: Mapping[int, Handle], prepared: Prepared, counted: Counted) -> Told:
    """What else is known of a brand. `accounts`: its account keys."""
    rows, rules = counted.rows, counted.rules
    return Told(
        written_to(brand, accounts, prepared, rows, rules),
        audience_of(accounts, prepared, rows, rules),
        _desk(brand, rows, rules),
        _substantive(counted),
    )


def _substantive(counted: Counted) -> Counted | None:
    rows = counted.rows
    if (rows.reply & (rows.reply_kind < 0)).any():
        return None
    return recount(counted, replace(counted.rules, answers="substantive"))


def _desk(brand: Brand, rows: Rows, rules: Rules) -> Desk | None:
    """The desk for the starts of units and the follow-up behind them."""
    if brand.hours is None:
        return None
    sent = rows.sent_at[rows.inbound & in_period(rows.sent_at, rules)]
    span = (int(sent.min()), int(sent.max()) + rules.follow_up_ms) if len(sent) else (0, 0)
    return desk_of(brand.hours, brand.zone or rules.zone.key, rules.holidays.get(brand.name, ()), span)


def sample_of(counted: Counted, told: Told) -> Sample:
    """The whole of a brand."""
    rows, rules = counted.rows, counted.rules
    authors = rows.author[rows.inbound]
    everything = np.ones(len(rows.row), dtype=np.bool_)
    bare = Sample(
        units=counted.population,
        openers=counted.openers,
        all_openers=counted.all_openers,
        inbound=0,
        all_units=len(counted.all_units),
        answered_only=rows.answered_only,
        authors_known=bool(len(authors) == 0 or (authors >= 0).any()),
        clustered=rules.cluster == "auto",
        follow_up_s=rules.follow_up_s,
        profiles=dict(rules.profiles),
        written=told.written,
        audience=told.audience,
        followers=rows.followers,
        desk=told.desk,
        by_desk=rules.plan.clock == "staffed",
        unlabelled=rules.population == "questions" and _unlabelled(counted),
        labels=labels_of(rows, counted.links, counted.seen, rules),
        substantive=None if told.substantive is None else told.substantive.openers,
    )
    found = _with_messages(bare, counted, everything)
    return replace(found, everyone=found.heard, inside=None)


def _unlabelled(counted: Counted) -> bool:
    rows = counted.rows
    return bool((rows.inbound & (rows.kind < 0) & in_period(rows.sent_at, counted.rules)).any())


def _with_messages(sample: Sample, counted: Counted, rows_mask: Bools) -> Sample:
    """The sample with what is counted message by message over these rows."""
    rows, rules = counted.rows, counted.rules
    spoken = (rows.opener if rules.unit == "opener" else rows.inbound) & in_period(rows.sent_at, rules)
    current = in_period(rows.sent_at, rules) & rows_mask
    wanted = spoken & rows_mask
    return replace(
        sample,
        inbound=int(np.count_nonzero(wanted)),
        heard=heard_of(rows, counted.day, wanted),
        inside=rows_mask[spoken],
        said=said_of(rows, counted.day, rows.reply & current),
        outbound=int(np.count_nonzero(rows.own & current)),
        replies=int(np.count_nonzero(rows.reply & current)),
        automated=int(np.count_nonzero(counted.links.automated & rows.reply & current)),
    )


def cut_of(sample: Sample, counted: Counted, cut: Cut) -> Sample:
    """The sample of some units and rows of a brand."""
    kept = counted.all_units.where(cut.units)
    narrow = replace(
        sample,
        units=of_population(kept, counted.rules.population),
        openers=sample.openers.where(cut.rows[sample.openers.first]),
        all_openers=sample.all_openers.where(cut.rows[sample.all_openers.first]),
        substantive=None if sample.substantive is None else sample.substantive.where(cut.rows[sample.substantive.first]),
        all_units=len(kept),
        written=_written(sample.written, counted, cut),
        audience=_audience(sample.audience, cut),
    )
    return _with_messages(narrow, counted, cut.rows)


def _written(written: Written | None, counted: Counted, cut: Cut) -> Written | None:
    if written is None or (cut.network is None and cut.role is None):
        return written
    name = None if cut.network is None else counted.all_units.network_names[cut.network]
    return written.among([name in {None, one.network} and cut.role in {None, one.role} for one in written.handles])


def _audience(audience: Audience, cut: Cut) -> Audience:
    accounts = np.ones(len(audience.network), dtype=np.bool_)
    if cut.network is not None:
        accounts &= audience.network == cut.network
    if cut.role is not None:
        accounts &= (audience.role == 1) == (cut.role == Role.SUPPORT)
    return audience.among(cut.rows[audience.post], accounts)
