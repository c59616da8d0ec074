"""From a config and its store to measured brands and a Report: what report, show, compare and export share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from socialbench import __version__, console
from socialbench.cli.labelling import find_topics, kind_of, label_notes, language_notes
from socialbench.cli.options import Selection, now_ms, resolve_run_period
from socialbench.cli.ruling import DEFAULT, find_several, preset_of, rules_under
from socialbench.errors import NoData, UsageError

if TYPE_CHECKING:
    from socialbench.config import Benchmark, Period
    from socialbench.measure.plan import Preset
    from socialbench.measure.result import RunResult
    from socialbench.measure.rules import Rules
    from socialbench.model import Brand, Frames
    from socialbench.report.build import Context
    from socialbench.report.tree import Report
    from socialbench.store.store import Store

CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks for; None leaves it to the preset or the config."""

    unit: str | None = None
    population: str | None = None
    answers: str | None = None
    cluster: str | None = None
    follow_up: str | None = None
    period: tuple[str | None, str | None, str | None] = (None, None, None)
    as_of: str | None = None
    preset: str | None = None
    jobs: int = 1
    top: int | None = None
    selection: Selection = field(default_factory=Selection)


@dataclass(frozen=True)
class Measured:
    """A measured run with everything that a report says beside the figures."""

    run: RunResult
    context: Context
    period: Period
    rules: Rules
    frames: Frames
    brands: tuple[Brand, ...]
    top: int | None = None

    def report(self) -> Report:
        """The Report of the run."""
        from socialbench.report.build import build_report

        return build_report(self.run, self.context, self.top)


def measure_benchmark(benchmark: Benchmark, asked: Asked) -> Measured:
    """Load, measure and rank. Raises NoData where nobody wrote to any brand in the window."""
    from socialbench.measure.engine import run
    from socialbench.store import open_store

    period = resolve_run_period(benchmark, *asked.period, now_ms())
    brands = asked.selection.choose(benchmark)
    console.detail(f"reading {benchmark.store_url()}")
    with open_store(benchmark.store_url()) as store:
        frames = load_frames(store)
        excluded = find_excluded(benchmark, store, frames)
        rules = make_rules(benchmark, asked, period, store, frames, excluded)
        noted = (*label_notes(benchmark, store), *language_notes(frames, brands, rules))
    with console.progress() as progress:
        task = progress.add_task("measuring", total=len(brands))
        result = run(brands, frames, rules, jobs=asked.jobs, done=lambda _name: progress.advance(task))
    if not any(brand.metrics["inbound_count"].value for brand in result.brands):
        raise NoData(
            f"nobody wrote to the brands ({len(brands)}) in the window {period.label}: `socialbench status` says what is stored"
        )
    context = _context(benchmark, asked, period, rules, frames)
    exclusions = _exclusions(excluded, brands, rules, frames)
    context = replace(context, exclusions=exclusions, notes=(*context.notes, *noted))
    return Measured(result, context, period, rules, frames, brands, asked.top)


def load_frames(store: Store) -> Frames:
    """The store's facts, with what was assumed of imports joined."""
    from socialbench.measure.observed import join_assumed

    frames = store.frames()
    return replace(frames, coverage=join_assumed(frames.coverage))


def make_rules(
    benchmark: Benchmark,
    asked: Asked,
    period: Period,
    store: Store,
    frames: Frames,
    excluded: Mapping[str, frozenset[int]] | None = None,
) -> Rules:
    """The definitions of the run: the command line's, else the preset's, else the config's.

    `excluded`: what `find_excluded` found, where the caller has it already.
    """
    preset = preset_of(benchmark, asked)
    rules = rules_under(preset, find_facts(benchmark, asked, period, store, frames, excluded), benchmark, asked)
    if preset.sole:
        rules = replace(rules, several=find_several(store, frames, set(owners_of(benchmark.brands, frames))))
    return rules


def find_facts(
    benchmark: Benchmark,
    asked: Asked,
    period: Period,
    store: Store,
    frames: Frames,
    excluded: Mapping[str, frozenset[int]] | None = None,
) -> Rules:
    """Rules with all that no preset states: period, zone, what config, corrections and texts take out or tell."""
    from socialbench.config import parse_moment
    from socialbench.measure.rules import Rules

    corrected = _corrected(benchmark, store, frames)
    if excluded is None:
        excluded = find_excluded(benchmark, store, frames)
    return Rules(
        since_at=period.since_at,
        until_at=period.until_at,
        as_of=None if asked.as_of is None else parse_moment(asked.as_of, benchmark.zone, now_ms()),
        zone=benchmark.zone,
        excluded=corrected.spam.union(*excluded.values()),
        not_addressed=corrected.not_addressed,
        automated=_matching(store, frames, [(pattern, None, None) for pattern in benchmark.rules.automated]),
        collected=collected_networks(benchmark),
        profiles=_profiles(benchmark),
        holidays=benchmark.holidays,
        persons=_persons(benchmark, store),
        needs=benchmark.rules.needs_response,
        kinds=corrected.kinds,
        topics=find_topics(benchmark, store, frames),
    )


def _persons(benchmark: Benchmark, store: Store) -> Mapping[int, str] | None:
    """Keys of the authors whom the config's author map names, with the person; None without a map."""
    if not benchmark.author_map:
        return None
    return {
        key: person
        for person, networks in sorted(benchmark.author_map.items())
        for network, ids in networks.items()
        for author in ids
        for key in store.account_keys(network, author)
    }


def collected_networks(benchmark: Benchmark) -> frozenset[str]:
    """Networks of the config that the collector reads."""
    import pkgutil

    from socialbench.collect import networks

    known = {module.name for module in pkgutil.iter_modules(networks.__path__)}
    return frozenset(name for name in benchmark.used_networks if name in known and benchmark.settings(name).collect)


def _profiles(benchmark: Benchmark) -> Mapping[str, tuple[tuple[float, float], ...]]:
    chosen = benchmark.score.profile
    if chosen is None:
        return {}
    from socialbench.measure.score import NM_INCITE

    known = {"nm-incite-2012": NM_INCITE, **benchmark.score.terms()}
    if chosen not in known:
        raise UsageError(f"score profile {chosen!r} is not known; there are: {', '.join(sorted(known))}")
    return dict(known[chosen])


def find_excluded(benchmark: Benchmark, store: Store, frames: Frames) -> Mapping[str, frozenset[int]]:
    """Keys of the messages that each rule of `exclude` takes out, under the rule's name; the first rule that fits has them."""
    found: dict[str, frozenset[int]] = {}
    taken: set[int] = set()
    for rule in benchmark.exclude:
        span = rule.period(benchmark.zone)
        keys = _matching(store, frames, [(rule.pattern, span.since_at, span.until_at)]) - taken
        when = "".join(f" {word} {moment}" for word, moment in (("from", rule.since), ("until", rule.until)) if moment)
        name = f"{rule.pattern!r}{when}{': ' + rule.why if rule.why else ''}"
        found[name] = found.get(name, frozenset()) | keys
        taken |= keys
    return found


def _exclusions(
    excluded: Mapping[str, frozenset[int]], brands: Sequence[Brand], rules: Rules, frames: Frames
) -> Mapping[str, int]:
    """How many messages to or by these brands each rule takes out of the run's period."""
    if not excluded:
        return {}
    ours = set(owners_of(brands, frames))
    messages, addresses = frames.messages, frames.addresses
    to_ours = set(addresses.loc[addresses["account"].isin(ours), "message"].tolist())
    current = messages["author"].isin(ours) | messages["key"].isin(to_ours)
    for moment, keep in ((rules.since_at, "ge"), (rules.until_at, "lt"), (rules.as_of, "lt")):
        if moment is not None:
            current &= getattr(messages["sent_at"], keep)(moment)
    seen = set(messages.loc[current, "key"].tolist())
    return {name: len(keys & seen) for name, keys in excluded.items()}


def _matching(store: Store, frames: Frames, patterns: Sequence[tuple[str, int | None, int | None]]) -> frozenset[int]:
    """Keys of messages whose text holds a pattern, sent within the pattern's span."""
    if not patterns:
        return frozenset()
    rules = [(re.compile(pattern, re.IGNORECASE), since, until) for pattern, since, until in patterns]
    keys, sent = frames.messages["key"].tolist(), frames.messages["sent_at"].tolist()
    found: set[int] = set()
    for start in range(0, len(keys), CHUNK):
        texts = store.texts(keys[start : start + CHUNK])
        for key, at in zip(keys[start : start + CHUNK], sent[start : start + CHUNK], strict=True):
            text = texts.get(key, "")
            if any(_within(at, since, until) and rule.search(text) for rule, since, until in rules):
                found.add(key)
    return frozenset(found)


def _within(at: int, since: int | None, until: int | None) -> bool:
    return (since is None or at >= since) and (until is None or at < until)


@dataclass(frozen=True, slots=True)
class _Corrected:
    """What the corrections say: keys to leave out as spam, keys that address nobody here, kinds by key."""

    spam: frozenset[int] = frozenset()
    not_addressed: frozenset[int] = frozenset()
    kinds: Mapping[int, int] = field(default_factory=dict)


def _corrected(benchmark: Benchmark, store: Store, frames: Frames) -> _Corrected:
    if benchmark.corrections is None:
        return _Corrected()
    from socialbench.config import read_corrections

    spam, not_addressed, kinds = set(), set(), {}
    rows = read_corrections(benchmark.corrections).rows
    keys = _keys_by_id(store, frames, {(row.network, row.origin, row.id) for row in rows})
    for row in rows:
        told = f"{benchmark.corrections.name}: {row.network} {row.id}"
        key = keys.get((row.network, row.origin, row.id))
        if key is None:
            console.warn(f"{told}: not in the store")
        elif row.spam:
            spam.add(key)
        elif row.not_addressed:
            not_addressed.add(key)
        elif row.kind:
            kinds[key] = kind_of(row.kind, told)
    return _Corrected(frozenset(spam), frozenset(not_addressed), kinds)


def _keys_by_id(store: Store, frames: Frames, wanted: set[tuple[str, str, str]]) -> dict[tuple[str, str, str], int]:
    spaces = {int(row.key): (str(row.network), str(row.origin)) for row in frames.spaces.itertuples()}  # type: ignore[arg-type]
    found: dict[tuple[str, str, str], int] = {}
    for space, (network, origin) in spaces.items():
        if not any(entry[:2] == (network, origin) for entry in wanted):
            continue
        keys = frames.messages.loc[frames.messages["space"] == space, "key"].tolist()
        for start in range(0, len(keys), CHUNK):
            for key, message_id in store.message_ids(keys[start : start + CHUNK]).items():
                if (network, origin, message_id) in wanted:
                    found[network, origin, message_id] = key
    return found


def _context(benchmark: Benchmark, asked: Asked, period: Period, rules: Rules, frames: Frames) -> Context:
    from socialbench.measure.metrics import registry
    from socialbench.measure.rules import RULE_VERSIONS
    from socialbench.measure.score import CONVENTION, SOURCE
    from socialbench.report.build import Context, ScoreText

    preset = preset_of(benchmark, asked)
    owners = owners_of(benchmark.brands, frames)
    not_in_config, unattributed = _strangers(frames, set(owners))
    profile = benchmark.score.profile or "oracle"
    return Context(
        benchmark=benchmark.benchmark,
        timezone=benchmark.timezone,
        config_hash=benchmark.hash_with({"preset": preset.tree}),
        version=__version__,
        preset=preset.name,
        unit=rules.unit,
        population=rules.population,
        answers=rules.answers,
        follow_up_s=round(rules.follow_up_s),
        score=ScoreText("expectation_score", profile, f"{SOURCE}; {CONVENTION}"),
        period_label=period.label,
        coverage=tuple(_coverage(frames, owners_of(asked.selection.choose(benchmark), frames))),
        not_in_config=not_in_config,
        unattributed=unattributed,
        simulated=bool(getattr(benchmark, "simulated", False)),
        rule_versions={"needs_response": (RULE_VERSIONS[rules.needs],)},
        definitions={name: metric.definition for name, metric in registry().items()},
        notes=tuple(_notes(benchmark, preset)),
    )


def _notes(benchmark: Benchmark, preset: Preset) -> Iterator[str]:
    from socialbench.measure.preset import notes_of

    if preset.name != DEFAULT:
        yield from notes_of(preset)
    if benchmark.corrections is not None:
        yield f"corrections by hand from {benchmark.corrections.name}"


def owners_of(brands: Sequence[Brand], frames: Frames) -> dict[int, str]:
    """The account keys of these brands, with the brand's name."""
    from socialbench.measure.prepare import accounts_of

    return {key: brand.name for brand in brands for key in accounts_of(brand, frames)}


def _strangers(frames: Frames, ours: set[int]) -> tuple[int, int]:
    """Messages addressed only to accounts that are no brand of the config, and imported ones addressed to nobody."""
    addresses, messages = frames.addresses, frames.messages
    to_ours = set(addresses.loc[addresses["account"].isin(ours), "message"].tolist())
    others = set(addresses.loc[~addresses["account"].isin(ours), "message"].tolist()) - to_ours
    imported = frames.coverage.loc[frames.coverage["stream"] == "import", "account"]
    brands = set(frames.coverage["account"].tolist()) | ours
    spaces = set(frames.accounts.loc[frames.accounts["key"].isin(set(imported.tolist())), "space"].tolist())
    silent = messages[messages["space"].isin(spaces) & ~messages["author"].isin(brands)]
    addressed = set(addresses["message"].tolist())
    unattributed = sum(key not in addressed for key in silent["key"].tolist())
    written_by_brand = set(messages.loc[messages["author"].isin(brands), "key"].tolist())
    return len(others - written_by_brand), unattributed


def _coverage(frames: Frames, owners: Mapping[int, str]) -> Iterator[dict[str, Any]]:
    """What was read per account and stream: intervals joined, gaps with their reasons."""
    from socialbench.measure.observed import merge
    from socialbench.measure.prepare import account_index

    index = account_index(frames)[["network", "origin", "name", "id"]].to_dict("index")
    rows = frames.coverage[frames.coverage["account"].isin(list(owners)) & (frames.coverage["subject"] == "")]
    for (account, stream), part in rows.groupby(["account", "stream"], sort=False, observed=True):
        place = index[int(str(account))]
        covered = part[~part["gap"]]
        pairs = zip(covered["since_at"].tolist(), covered["until_at"].tolist(), strict=True)
        gaps = part[part["gap"]]
        samples = set(part["sample"].astype(str))
        yield {
            "brand": owners[int(str(account))],
            "network": str(place["network"]),
            "origin": str(place["origin"]),
            "account": str(place["name"] or place["id"]),
            "stream": str(stream),
            "intervals": merge(pairs),
            "gaps": sorted(zip(gaps["since_at"].tolist(), gaps["until_at"].tolist(), gaps["reason"].astype(str), strict=True)),
            "assumed": bool(part["assumed"].any()),
            "note": "answered-only sample" if samples == {"answered-only"} else "",
        }
