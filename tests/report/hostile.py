"""Names that try to be something else than text."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from socialbench.measure.result import RunResult
from socialbench.report.build import build_report
from socialbench.report.tree import Report
from tests.report.sample import context, ranks_of, run_result

NAMES = (
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "../../x",
    "a\x00b\x1b[31mred\u202eright",
    "long" * 2500,
    "[bold red]markup[/]",
    "$\\frac{1}{0}$ {{ 7*7 }} |*_`",
    "\ud800 lone --> &amp; \" ' ]]>",
    "@SUM(1)\t\r\n+1",
)


def hostile_run() -> RunResult:
    """The sample run with every name replaced: brands, sectors."""
    run = run_result(len(NAMES))
    brands = [replace(brand, name=name, sector=name[::-1][:40]) for brand, name in zip(run.brands, NAMES, strict=True)]
    curves = {brand.sector or "": brand.curve for brand in brands}
    return replace(run, brands=brands, ranks=ranks_of(brands), notes=NAMES, sectors={}, sector_curves=curves)


@cache
def hostile_report() -> Report:
    """A report in which names, notes, reasons, accounts and the benchmark itself are hostile."""
    run = hostile_run()
    return build_report(run, context(run, benchmark=NAMES[0], exclusions={NAMES[1]: 1}, version="0.1.0"))
