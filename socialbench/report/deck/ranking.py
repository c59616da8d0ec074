"""The slides of places: the ranking over as many slides as it needs, those not ranked, tops of networks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from socialbench.report import method, words
from socialbench.report.deck.grid import Cell, Column, add_table, pages, row_height, rows_that_fit
from socialbench.report.deck.letters import shown
from socialbench.report.deck.slides import MUTED, Slides
from socialbench.report.figures import Unit, unit_of
from socialbench.report.glossary import INTERVALS, meanings
from socialbench.report.table import metric_columns
from socialbench.report.tree import Report, Tree

_SUBTITLE_ROOM = 0.37
_WIDTHS = {Unit.SCORE: 0.68, Unit.SHARE: 0.94, Unit.SECONDS: 1.14, Unit.COUNT: 0.9, Unit.RATIO: 0.86}
_INTERVAL = 0.93
_SMALL = 9.5
_PLACE, _SPAN, _SECTOR, _NETWORKS = 0.62, 0.86, 1.2, 1.25
_NAME_SHORTEST = 2.0


def add_ranking(slides: Slides, report: Report) -> None:
    """Add the ranking: rank, the places a brand could hold, name, sector, networks, figures."""
    metrics, brands = metric_columns(report), [brand for _, brand in report.ranked]
    if not brands:
        _, body = slides.add("No brand could be ranked", "The next slide says why, brand by brand.", [INTERVALS])
        return
    room = slides.master.body.height - _SUBTITLE_ROOM
    columns, metrics = _columns(slides.master.body.width, metrics, brands)
    for rows in pages(len(brands), rows_that_fit(room)):
        shown_here = [brands[row] for row in rows]
        slide, body = slides.add(
            _title(rows, len(brands)),
            "In brackets the places that a brand could hold; beside a figure its 95 % interval.",
            meanings(report, metrics),
        )
        height = row_height(body.height, len(shown_here))
        add_table(slide, body, columns, [_row(brand, metrics, columns) for brand in shown_here], height, "Ranking")


def _title(rows: range, count: int) -> str:
    if len(rows) == count:
        return "The ranking"
    return f"The ranking: {rows.start + 1} to {rows.stop} of {count}"


def _columns(wide: float, metrics: Sequence[str], brands: Sequence[Tree]) -> tuple[list[Column], list[str]]:
    """The columns that fit, the last metrics left out where the name has no room; the name takes what is over."""
    figures = {metric: _width(metric, place < 2) for place, metric in enumerate(metrics)}
    networks = len({tuple(brand["networks"]) for brand in brands}) > 1
    sectors = any(brand["sector"] for brand in brands)
    fixed = _PLACE + _SPAN + _SECTOR * sectors + _NETWORKS * networks
    while len(figures) > 1 and wide - fixed - sum(figures.values()) < _NAME_SHORTEST:
        figures.pop(next((name for name in _DROPPED if name in figures), list(figures)[-1]))
    named = wide - fixed - sum(figures.values())
    columns = [Column("", _PLACE, True), Column("Places", _SPAN), Column("Brand", named)]
    columns += [Column("Sector", _SECTOR)] * sectors + [Column("Networks", _NETWORKS)] * networks
    for place, metric in enumerate(figures):
        columns += figure_columns(metric, place < 2)
    return columns, list(figures)


_DROPPED = ("handoff_rate", "p90_latency_s", "inbound_count", "median_latency_s")


def _width(metric: str, with_interval: bool) -> float:
    return sum(column.width for column in figure_columns(metric, with_interval))


def figure_columns(metric: str, with_interval: bool = False) -> list[Column]:
    """A metric's column, and beside it one for its interval; times are too long for a second one."""
    column = Column(words.label(metric), _WIDTHS[unit_of(metric)], True)
    return [column, Column("95 %", _INTERVAL)] if _spanned(metric, with_interval) else [column]


def _spanned(metric: str, with_interval: bool) -> bool:
    return with_interval and unit_of(metric) in {Unit.SCORE, Unit.SHARE}


def _row(brand: Tree, metrics: Sequence[str], columns: Sequence[Column]) -> list[Cell]:
    heads = {column.title for column in columns}
    rank = brand["rank"]
    cells = [
        Cell(rank["label"], strong=True),
        Cell(words.place_interval(rank) + _move(rank), colour=MUTED),
        Cell(brand["name"], strong=rank["value"] == 1),
    ]
    if "Sector" in heads:
        cells.append(Cell(brand["sector"] or "", colour=MUTED))
    if "Networks" in heads:
        cells.append(Cell(", ".join(words.network(key) for key in brand["networks"]), colour=MUTED))
    for place, metric in enumerate(metrics):
        cells += figure_cells(brand["metrics"].get(metric), metric, place < 2)
    return cells


def _move(rank: Tree) -> str:
    move = rank["move"]
    return "" if not move else f" {'▲' if move > 0 else '▼'}{abs(move)}"


def figure_cells(figure: Tree | None, metric: str, with_interval: bool = False) -> list[Cell]:
    """A figure's cell, and that of its interval where it has a column."""
    cell = Cell(words.figure(metric, figure))
    if not _spanned(metric, with_interval):
        return [cell]
    return [cell, Cell(words.interval(metric, figure), colour=MUTED, size=_SMALL)]


def add_unranked(slides: Slides, report: Report) -> None:
    """Add those that are listed but not ranked, each with its reason."""
    brands = [brand for _, brand in report.unranked]
    room = slides.master.body.height - _SUBTITLE_ROOM
    wide = slides.master.body.width
    columns = [
        Column("Brand", wide * 0.32),
        Column("Sector", wide * 0.14),
        Column("Why not ranked", wide * 0.44),
        Column("Inbound", wide * 0.1, True),
    ]
    for rows in pages(len(brands), rows_that_fit(room, 0.42)) if brands else []:
        title = "Listed, not ranked"
        if len(rows) < len(brands):
            title += f": {rows.start + 1} to {rows.stop} of {len(brands)}"
        slide, body = slides.add(
            title,
            "Not ranked is no verdict: too little was seen of these brands for a place that would hold.",
            ["A brand is ranked where enough of its messages, of enough authors, were watched for the whole follow-up."],
        )
        cells = [_reason(brands[row]) for row in rows]
        add_table(slide, body, columns, cells, row_height(body.height, len(rows), 0.42), "Listed, not ranked")


def _reason(brand: Tree) -> list[Cell]:
    inbound = words.figure("inbound_count", brand["metrics"].get("inbound_count"))
    return [
        Cell(brand["name"]),
        Cell(brand["sector"] or "", colour=MUTED),
        Cell(brand["not_ranked_because"] or "", colour=MUTED),
        Cell(inbound),
    ]


def add_networks(slides: Slides, report: Report) -> None:
    """Add the best ten of each network, where there is more than one."""
    tables = list(method.network_tables(report))
    for network, metrics, rows in tables if len(tables) > 1 else []:
        wide = slides.master.body.width
        figures = [column for metric in metrics for column in figure_columns(metric, True)]
        spare = (wide - 4.2 - sum(column.width for column in figures)) / len(figures)
        figures = [Column(one.title, one.width + max(0.0, spare), one.right) for one in figures]
        columns = [Column("Brand", wide - sum(column.width for column in figures)), *figures]
        slide, body = slides.add(
            f"On {words.network(network)}: the first {len(rows)}" if len(rows) > 1 else f"On {words.network(network)}",
            "By score, without places: within one network no places are known. 95 % intervals beside the figures.",
            meanings(report, metrics),
        )
        cells = [
            [
                Cell(row.brand["name"]),
                *(cell for metric in metrics for cell in figure_cells(row.figures.get(metric), metric, True)),
            ]
            for row in rows
        ]
        add_table(slide, body, columns, cells, row_height(body.height, len(rows)), f"First on {shown(network, 40)}")


def best_rows(brands: Sequence[Tree], metric: str) -> list[list[Any]]:
    """Place, name and the ranking figure of some brands."""
    return [
        [
            Cell(brand["rank"]["label"], strong=True),
            Cell(brand["name"]),
            *figure_cells(brand["metrics"].get(metric), metric, True),
        ]
        for brand in brands
    ]
