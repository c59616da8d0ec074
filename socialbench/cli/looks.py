"""What a config asks of the looks of its reports, checked before anything is drawn."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from socialbench.config import Benchmark
    from socialbench.report.tree import Looks


def looks_of(benchmark: Benchmark, template: Path | None) -> Looks:
    """What the config and the command line ask of the looks. UsageError where a font, a colour or a logo cannot serve."""
    from socialbench.report.theme import Theme, check_colours, read_logo
    from socialbench.report.tree import Looks

    asked = benchmark.report.theme
    sectors = {name: colour for name, colour in asked.sectors.items() if colour is not None}
    check_colours(asked.accent, sectors, "report.theme")
    fonts = [None if path is None else Path(path) for path in (asked.font, asked.font_strong)]
    theme = Theme(asked.accent, sectors, fonts[0], fonts[1], None if asked.logo is None else read_logo(Path(asked.logo)))
    chosen = template or benchmark.report.template
    return Looks(None if chosen is None else Path(chosen), theme, tuple(map(Path, benchmark.report.fonts)))
