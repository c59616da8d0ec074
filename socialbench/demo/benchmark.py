"""The configuration that reads a simulated world through the ordinary code path."""

from __future__ import annotations

from socialbench.demo.roster import BrandSpec
from socialbench.demo.world import PERIOD_NAME, ZONE, World

CREDENTIALS = "SOCIALBENCH_DEMO"
"""Beginning of the variables' names that the demo would read: never those of a real account."""
SIMULATED = "SIMULATED: every brand, person and message of this benchmark is invented."


def benchmark_text(world: World, url: str, store: str) -> str:
    """The YAML: the world's brands, where it answers, and the store to use (a path below the working directory).

    The network's `cap` is the number of results after which the simulated search ends without a word.
    """
    lines = [
        f"# {SIMULATED}",
        "benchmark: Thirty invented brands (simulated)" if len(world.specs) == 30 else "benchmark: Invented brands (simulated)",
        "simulated: true",
        f"timezone: {ZONE}",
        f"period: {PERIOD_NAME}",
        f"store: {_quoted(store)}",
        "networks:",
        f"  bluesky: {{url: {_quoted(url)}, plc: {_quoted(url)}, cap: {world.search_cap}, credentials: {CREDENTIALS}}}",
        "brands:",
    ]
    for spec in world.specs:
        lines += _brand_lines(spec)
    return "\n".join(lines) + "\n"


def _brand_lines(spec: BrandSpec) -> list[str]:
    handles = _quoted(spec.handle)
    if spec.support:
        handles = f"[{handles}, {{name: {_quoted(spec.support + '.test')}, role: support}}]"
    return [f"  - name: {_quoted(spec.name)}", f"    sector: {spec.sector}", f"    handles: {{bluesky: {handles}}}"]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
