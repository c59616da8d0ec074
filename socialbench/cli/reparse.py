"""Label the stored messages anew: after the rules, or the config's own patterns, changed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from socialbench import __version__, console
from socialbench.cli.options import config_argument, load_benchmark, now_ms, pass_settings
from socialbench.console import Settings

if TYPE_CHECKING:
    from socialbench.classify.kinds import Rules
    from socialbench.store.labels import Labelled
    from socialbench.store.store import Store

_CHUNK = 5_000


@click.command()
@config_argument
@click.option("--all", "everything", is_flag=True, help="Also those that these rules have labelled already.")
@click.option("--dry-run", is_flag=True, help="Only say how many messages would change, and how.")
@pass_settings
def command(settings: Settings, config: Path, everything: bool, dry_run: bool) -> None:
    """Label the stored messages anew: which kind a customer's message is, which kind a brand's reply.

    Kinds are given when messages are collected or imported. When the rules or the config's `kinds` and `rules` change,
    the store keeps the old ones until this is run. No network is asked.

    \b
    Examples:
      socialbench reparse uk-banks.yaml --dry-run
      socialbench reparse uk-banks.yaml
    """
    from socialbench.collect.labelling import rules_of
    from socialbench.store import open_store

    benchmark = load_benchmark(config)
    rules = rules_of(benchmark)
    with open_store(benchmark.store_url(), write=not dry_run) as store, console.progress() as progress:
        due = _due(store, rules, everything)
        task = progress.add_task("labelling", total=due)
        run = None if dry_run else store.begin_run("reparse", __version__, benchmark.config_hash, now_ms())
        changed = Counter[str]()
        brands = {
            key for _, handle in benchmark.handles() for key in store.account_keys(handle.network, handle.name, handle.origin)
        }
        after_key = -1
        while chunk := store.labelled(after_key, _CHUNK, None if everything else rules.version):
            codes = [(each.key, _code(rules, each, brands)) for each in chunk]
            changed.update(_change(each.kind, code) for each, (_, code) in zip(chunk, codes, strict=True))
            if run is not None:
                store.save_labels(codes, rules.version)
            after_key = chunk[-1].key
            progress.advance(task, len(chunk))
        if run is not None:
            store.end_run(run, now_ms(), "done")
    _tell(settings, due, changed, rules.version, dry_run)


def _code(rules: Rules, message: Labelled, brands: set[int]) -> int:
    """Its kind as a reply too, where one of our brands wrote it, or it has one already by the word of another config."""
    from socialbench.model import KIND_BITS, REPLY_KIND_SHIFT

    known = message.kind is not None and message.kind >> REPLY_KIND_SHIFT & KIND_BITS != KIND_BITS
    return rules.code(message.text, message.lang, message.stars, known or message.author in brands)


def _due(store: Store, rules: Rules, everything: bool) -> int:
    counts = dict(store.label_counts())
    if not everything:
        counts.pop(rules.version, None)
    return sum(counts.values())


def _change(before: int | None, after: int) -> str:
    if before == after:
        return "as before"
    return f"{'not labelled' if before is None else _kind(before)} to {_kind(after)}"


def _kind(code: int) -> str:
    from socialbench.model import KIND_BITS, REPLY_KIND_SHIFT, Kind, ReplyKind

    kind, reply = Kind(code & KIND_BITS), code >> REPLY_KIND_SHIFT & KIND_BITS
    return kind.name.lower() if reply == KIND_BITS else f"{kind.name.lower()}/{ReplyKind(reply).name.lower()}"


def _tell(settings: Settings, due: int, changed: Counter[str], version: int, dry_run: bool) -> None:
    told: dict[str, Any] = {
        "rule_version": version,
        "labelled": 0 if dry_run else due,
        "due": due,
        "changes": dict(sorted(changed.items())),
    }
    if settings.json:
        console.emit_json(told)
        return
    if changed:
        console.emit_table(["kind as a message/as a reply", "messages"], changed.most_common())
    done = "would be labelled" if dry_run else "labelled"
    console.info(f"{due:,} messages {done} by rule version {version}")
