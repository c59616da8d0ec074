"""The composite of percentiles, by which a preset or a config may rank (metrics.md, section 4, "Composites")."""

from __future__ import annotations

from socialbench.measure.metrics import metric
from socialbench.measure.result import Figure
from socialbench.measure.sample import Sample

NO_COMPOSITE = "the run is not ranked by a composite"


@metric("composite_score", unit="points", better="high", given="brand", over="brand")
def composite_score(sample: Sample) -> Figure:
    """Weighted mean of a brand's percentiles (mid-rank, 0 to 100) among the ranked in each metric; hangs on who else is listed.

    A brand whose percentile is 90 in a metric of weight 2 and 30 in one of weight 1: (180 + 30) / 3.

    >>> from socialbench.measure.composite import weighted
    >>> weighted([(2.0, 90.0), (1.0, 30.0)], zero=False)
    70.0

    Pitfall: Brands that come or go move it, and percentiles hide how far apart two brands are; it has no interval.
    """
    del sample
    return Figure(None, note=NO_COMPOSITE)
