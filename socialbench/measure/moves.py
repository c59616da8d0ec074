"""Places moved against another run: given only where both confidence sets are disjoint (metrics.md, section 4)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from socialbench.errors import UsageError
from socialbench.measure.result import Rank, RunResult


def with_moves(run: RunResult, before: Mapping[str, Rank]) -> RunResult:
    """The run with each place's move; up is positive, None where the sets overlap or the brand was not ranked."""
    ranks = {name: replace(rank, move=move(rank, before.get(name))) for name, rank in run.ranks.items()}
    return replace(run, ranks=ranks)


def move(now: Rank, before: Rank | None) -> int | None:
    """Places gained since `before`, where the sets are disjoint.

    >>> move(Rank(1, 1, 2, "1"), Rank(7, 5, 9, "7")), move(Rank(1, 1, 5, "1"), Rank(7, 5, 9, "7"))
    (6, None)
    """
    if before is None or not (now.high < before.low or before.high < now.low):
        return None
    return before.value - now.value


def places_of_report(path: Path) -> dict[str, Rank]:
    """The places of a JSON report. Raises UsageError where it is none of ours."""
    try:
        tree = json.loads(path.read_text("utf-8"))
        places = ((brand["name"], brand["rank"]) for brand in tree["brands"])
        return {name: Rank(rank["value"], rank["low"], rank["high"], rank["label"]) for name, rank in places if rank}
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}: name a JSON report or a period") from None
    except (ValueError, KeyError, TypeError):
        raise UsageError(f"{path}: no JSON report of socialbench") from None
