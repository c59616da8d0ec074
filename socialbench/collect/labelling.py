"""Every message is labelled as it is saved, by the rules of the config that saves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from socialbench.classify.kinds import Extensions, Rules
from socialbench.errors import UsageError
from socialbench.store import Batch

if TYPE_CHECKING:
    from socialbench.config import Benchmark
    from socialbench.model import Message


class Labeller:
    """The rules of a config, compiled once; slow to make (half a second), so made once per run."""

    def __init__(self, rules: Rules | None = None) -> None:
        self._rules = rules or Rules()

    @property
    def version(self) -> int:
        """The number of the rules."""
        return self._rules.version

    def codes(self, messages: Sequence[Message]) -> tuple[int, ...]:
        """The code of each message."""
        return tuple(self._rules.code(message.text, message.lang, message.stars) for message in messages)

    def labelled(self, batch: Batch) -> Batch:
        """The batch with the kinds of its messages."""
        return replace(batch, kinds=self.codes(batch.messages), kind_version=self.version) if batch.messages else batch


def rules_of(benchmark: Benchmark | None) -> Rules:
    """The rules with a config's own patterns. Raises UsageError for a pattern or kind that cannot be used."""
    if benchmark is None:
        return Rules()
    said = benchmark.rules
    replies = {name: getattr(said, name) for name in ("acknowledgement", "handoff_private", "handoff_link", "substantive")}
    try:
        return Rules(Extensions(benchmark.kinds, {name: each for name, each in replies.items() if each}, benchmark.topics))
    except ValueError as error:
        raise UsageError(f"{benchmark.stem}.yaml: {error}") from None
