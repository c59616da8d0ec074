"""What the texts say, for a run: topics by the config's words, kinds corrected by hand, and by which rules kinds were given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from socialbench import console
from socialbench.errors import UsageError

if TYPE_CHECKING:
    from socialbench.config import Benchmark
    from socialbench.measure.rules import Rules
    from socialbench.model import Brand, Frames
    from socialbench.store.store import Store

CHUNK = 20_000
LONGEST_RULE = 80
LANGUAGES = 6
"""So many languages are named, the most frequent first."""


def find_topics(benchmark: Benchmark, store: Store, frames: Frames) -> Mapping[str, frozenset[int]]:
    """Keys of the messages on each topic of the config; of those alone that speak to somebody."""
    if not benchmark.topics:
        return {}
    from socialbench.collect.labelling import rules_of

    rules = rules_of(benchmark)
    found: dict[str, set[int]] = {topic: set() for topic in benchmark.topics}
    keys = sorted(set(frames.addresses["message"].tolist()))
    for start in range(0, len(keys), CHUNK):
        for key, text in store.texts(keys[start : start + CHUNK]).items():
            for topic in rules.topics(text):
                found[topic].add(key)
    return {topic: frozenset(each) for topic, each in found.items()}


def kind_of(word: str, row: str) -> int:
    """The kind that a correction names. Raises UsageError for one that is none."""
    from socialbench.model import Kind

    if word.upper() not in Kind.__members__:
        raise UsageError(f"{row}: {word!r} is no kind; there are: {', '.join(kind.name.lower() for kind in Kind)}")
    return Kind[word.upper()].value


def label_notes(benchmark: Benchmark, store: Store) -> Iterator[str]:
    """What to know of the kinds in a store: how many messages have none, or were labelled by other rules."""
    from socialbench.collect.labelling import Labeller, extensions_of

    if benchmark.rules.needs_response == "structural" and not benchmark.kinds:
        return
    wanted = Labeller(extensions_of(benchmark)).version
    counts = dict(store.label_counts())
    counts.pop(wanted, None)
    unlabelled, others = counts.pop(None, 0), sum(counts.values())
    if unlabelled or others:
        told = ", ".join(f"{count:,} {how}" for count, how in ((unlabelled, "not labelled"), (others, "by other rules")) if count)
        console.warn(f"kinds of messages: {told}; `socialbench reparse` labels them anew")
        yield f"kinds of messages: {told}"


def language_notes(frames: Frames, brands: Sequence[Brand], rules: Rules) -> Iterator[str]:
    """Which share of what was written to these brands names a language without rules, and is labelled by signs alone."""
    from socialbench.classify.language import primary
    from socialbench.classify.words import languages, load_words
    from socialbench.measure.load import in_period
    from socialbench.measure.prepare import accounts_of

    accounts = sorted({key for brand in brands for key in accounts_of(brand, frames)})
    addressed = set(frames.addresses.loc[frames.addresses["account"].isin(accounts), "message"].tolist())
    messages = frames.messages
    inbound = messages[messages["key"].isin(addressed) & ~messages["author"].isin(accounts) & (messages["kind"] >= 0)]
    inbound = inbound[in_period(inbound["sent_at"].to_numpy(), rules)]
    counts = Counter({str(name): int(count) for name, count in inbound["lang"].value_counts().items() if count})
    named = Counter[str]()
    for name, count in counts.items():
        named[primary(name) or ""] += count
    known = {code for code in languages() if load_words(code).inbound}
    others = {code: count for code, count in named.items() if code and code not in known}
    if others:
        total = len(inbound)
        listed = sorted(others.items(), key=lambda pair: (-pair[1], pair[0]))
        told = ", ".join(f"{code} {100 * count / total:.1f} %" for code, count in listed[:LANGUAGES])
        more = f" and {len(listed) - LANGUAGES} more" if len(listed) > LANGUAGES else ""
        share = 100 * sum(others.values()) / total
        yield f"kinds by language-free signs alone: {share:.1f} % of the messages, in languages without rules ({told}{more})"


def explained(benchmark: Benchmark, rows: Iterator[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Exported messages, each with the rules that gave its kinds; None where it was labelled by other rules than ours."""
    from socialbench.collect.labelling import rules_of

    rules = rules_of(benchmark)
    for row in rows:
        ours = row["kind_version"] == rules.version
        label = rules.inbound(row["text"], row["lang"], row["stars"]) if ours else None
        reply = rules.reply(row["text"], row["lang"]) if ours else None
        yield {
            **row,
            "kind_rule": label.rule[:LONGEST_RULE] if label else None,
            "reply_rule": reply.rule[:LONGEST_RULE] if reply else None,
        }
