"""Which unanswered messages the config's watch rules flag, and to whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from socialbench.errors import UsageError

if TYPE_CHECKING:
    from socialbench.classify.patterns import Patterns
    from socialbench.config import Benchmark
    from socialbench.config.shapes import WatchRule
    from socialbench.measure.prepare import Prepared
    from socialbench.measure.rules import Rules
    from socialbench.measure.waiting import Waiting
    from socialbench.model import Account, Brand
    from socialbench.store.store import Store

NOBODY = ""
"""The owner of what a rule flags to no one by name."""


@dataclass(frozen=True, slots=True)
class Watch:
    """A rule made ready: `words` by what the YAML writes, `older_than_ms` and `reach` None where it does not ask."""

    owner: str
    words: Mapping[str, Patterns]
    older_than_ms: int | None
    reach: int | None


@dataclass(frozen=True, slots=True)
class Flagged:
    """An unanswered message for an owner. `reach`: its author's followers, None where unknown; `words`: those that it holds."""

    owner: str
    waiting: Waiting
    author: Account | None
    reach: int | None
    words: tuple[str, ...]
    text: str


def watches_of(benchmark: Benchmark, owners: Sequence[str] = ()) -> tuple[Watch, ...]:
    """The watch rules of a config, of these owners alone where any are named. Raises UsageError where there are none."""
    if not benchmark.watch:
        raise UsageError(
            f"{benchmark.stem}.yaml: no watch rules; write e.g. watch: [{{words: [refund, lawyer], older_than: 2h, owner: Ann}}]"
        )
    known = {(rule.owner or NOBODY).casefold() for rule in benchmark.watch}
    for owner in owners:
        if owner.casefold() not in known:
            names = sorted({rule.owner for rule in benchmark.watch if rule.owner})
            raise UsageError(f"no watch rule has the owner {owner!r}; there are: {', '.join(names) or 'none'}")
    asked = {owner.casefold() for owner in owners}
    return tuple(_watch(benchmark, rule) for rule in benchmark.watch if not asked or (rule.owner or NOBODY).casefold() in asked)


def _watch(benchmark: Benchmark, rule: WatchRule) -> Watch:
    from socialbench.classify.patterns import Patterns
    from socialbench.config import parse_duration

    try:
        words = {word: Patterns([word]) for word in rule.words}
    except ValueError as error:
        raise UsageError(f"{benchmark.stem}.yaml: watch: {error}") from None
    age = None if rule.older_than is None else parse_duration(rule.older_than) * 1000
    return Watch(rule.owner or NOBODY, words, age, rule.reach)


def flag(
    watches: Sequence[Watch], brands: Sequence[Brand], prepared: Prepared, rules: Rules, store: Store, now: int
) -> list[Flagged]:
    """What the rules flag at `now` (UTC ms): by owner in the config's order, oldest first, an episode once per owner."""
    from socialbench.measure.waiting import waiting

    episodes = replace(rules, unit="episode", population="needs-response")
    found: dict[tuple[str, str, int], Flagged] = {}
    for brand in brands:
        open_ = [each for each in waiting(brand, prepared, episodes) if _may_concern(watches, each, now)]
        authors = store.authors(sorted({each.author for each in open_ if each.author >= 0}))
        texts = store.texts([each.message for each in open_])
        for each in open_:
            for one in _flagged(watches, each, authors.get(each.author), texts.get(each.message, ""), now):
                key = (one.owner, brand.name, each.episode)
                found[key] = _joined(found[key], one) if key in found else one
    order = {owner: place for place, owner in enumerate(dict.fromkeys(watch.owner for watch in watches))}
    # The store's own order settles what was sent at the same moment.
    place_of = partial(_place_of, order)
    return sorted(found.values(), key=place_of)


def _place_of(order: Mapping[str, int], one: Flagged) -> tuple[int, int]:
    return order[one.owner], one.waiting.sent_at


def _joined(one: Flagged, other: Flagged) -> Flagged:
    """The same episode, flagged twice to the same owner: its first message, with the words of both."""
    earlier = other if other.waiting.sent_at < one.waiting.sent_at else one
    return replace(earlier, words=tuple(dict.fromkeys((*one.words, *other.words))))


def _may_concern(watches: Sequence[Watch], each: Waiting, now: int) -> bool:
    """Whether any rule could flag the message, before its text and author are read."""
    return any(
        (watch.older_than_ms is None or now - each.sent_at > watch.older_than_ms) and (watch.words or (each.needs and each.clock))
        for watch in watches
    )


def _flagged(watches: Sequence[Watch], each: Waiting, author: Account | None, text: str, now: int) -> Iterator[Flagged]:
    from socialbench.classify.folding import fold, plain, tokens
    from socialbench.classify.patterns import bare

    reach = each.followers if each.followers >= 0 else author.followers if author else None
    shown = plain(text)
    folded = fold(shown)
    spoken = bare(tokens(folded))
    for watch in watches:
        if watch.older_than_ms is not None and now - each.sent_at <= watch.older_than_ms:
            continue
        if watch.reach and (reach is None or reach < watch.reach):
            continue
        words = tuple(word for word, patterns in watch.words.items() if patterns.first(shown, folded, spoken) is not None)
        if words or (not watch.words and each.needs and each.clock):
            yield Flagged(watch.owner, each, author, reach, words, text)
