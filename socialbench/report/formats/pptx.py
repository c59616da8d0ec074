"""A 16:9 deck for a board: ranking as tables, charts that PowerPoint draws and edits, definitions in the notes."""

from __future__ import annotations

import io
from collections.abc import Iterator

from socialbench.report.output import Output
from socialbench.report.plates import plates
from socialbench.report.tree import Looks, Report

suffix = ".pptx"
binary = True


def render(report: Report) -> Iterator[Output]:
    """Write report.pptx; with `report.looks.template` on that master. UsageError where the template is none."""
    from socialbench.report.deck.closing import add_coverage, add_method
    from socialbench.report.deck.exhibits import charts_of
    from socialbench.report.deck.industries import add_industries
    from socialbench.report.deck.master import open_master, sign
    from socialbench.report.deck.opening import add_cover, add_key_figures, foot_line
    from socialbench.report.deck.ranking import add_networks, add_ranking, add_unranked
    from socialbench.report.deck.seal import sealed
    from socialbench.report.deck.slides import Slides

    master = open_master(report.looks.template)
    sign(master.deck, report)
    slides = Slides(master, foot_line(report))
    charts = plates(report)
    add_cover(slides, report)
    add_key_figures(slides, report)
    add_ranking(slides, report)
    add_unranked(slides, report)
    charts_of(slides, charts)
    add_industries(slides, report, [plate.chart for plate in charts])
    add_networks(slides, report)
    add_method(slides, report)
    add_coverage(slides, report)
    out = io.BytesIO()
    master.deck.save(out)
    yield Output("report.pptx", sealed(out.getvalue(), _themed(report.looks)))


def _themed(looks: Looks) -> dict[str, str]:
    """What to write in the place of our colours and our font; a company's template keeps its own font."""
    from xml.sax.saxutils import quoteattr

    from socialbench.report.deck.master import FACE
    from socialbench.report.fonts import family_of

    swaps = {f'val="{old[1:].upper()}"': f'val="{new[1:].upper()}"' for old, new in looks.theme.recoloured.items()}
    if looks.theme.font is not None and looks.template is None:
        swaps[f'typeface="{FACE}"'] = f"typeface={quoteattr(family_of(looks.theme.font))}"
    return swaps
