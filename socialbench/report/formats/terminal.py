"""The ranking as a table that fits the window; plain ASCII signs when it is not a window."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from socialbench.report import words
from socialbench.report.figures import Unit, unit_of
from socialbench.report.output import Output
from socialbench.report.table import heads, metric_columns, rules, summary, title
from socialbench.report.tree import Report, Tree

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

suffix = ".txt"
binary = False

PIPED_WIDTH = 120
NAME_SHORTEST, NAME_EASY, NAME_LONGEST = 14, 26, 40
_MAKE_ROOM = 4
"""How many of the columns below go so that a name has room; the others only where nothing else helps."""
_GAP = 2
_WORDS = ("brand", "sector", "networks")
_DROPPED_FIRST = ("handoff_rate", "networks", "sector", "p90_latency_s", "inbound_count", "median_latency_s")


def render(report: Report) -> Iterator[Output]:
    """Write the ranking as plain text, 120 signs wide: what a pipe or a file receives."""
    yield Output("ranking.txt", plain_text(report, PIPED_WIDTH).encode())


def plain_text(report: Report, width: int) -> str:
    """The ranking for a pipe: no colour, no frame, our own signs in ASCII."""
    from rich.console import Console

    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=False, color_system=None, no_color=True, emoji=False, markup=False)
    show(report, console, ascii_only=True)
    return "".join(line.rstrip() + "\n" for line in out.getvalue().splitlines())


def show(report: Report, console: Console, ascii_only: bool = False) -> None:
    """Print the ranking to a console, as wide as that is; names are text, never markup."""
    from rich.text import Text

    def say(line: str, style: str = "") -> None:
        console.print(Text(_signs(line, ascii_only), style=style), soft_wrap=False)

    say(title(report), "bold")
    for line in heads(report):
        say(line, "bold yellow")
    say(summary(report), "dim")
    say("")
    if report.ranked:
        console.print(_ranking(report, console.width, ascii_only))
    else:
        say("No brand could be ranked.")
    if report.unranked:
        say("")
        say("Listed, not ranked", "bold")
        console.print(_reasons(report, ascii_only))
    say("")
    for note in (*report.tree["notes"], "Places in brackets: those that a brand could hold, 95 %.", rules(report)):
        say(words.name(note), "dim")


def _ranking(report: Report, width: int, ascii_only: bool) -> Table:
    from rich.text import Text

    sectors = ["sector"] if any(brand["sector"] for _, brand in report.ranked) else []
    headers = ["rank", "brand", *sectors, "networks", *metric_columns(report)]
    cells = {header: [_cell(header, brand, ascii_only) for _, brand in report.ranked] for header in headers}
    titles = {header: _signs(_title(header), ascii_only) for header in headers}
    widths = _fitting({h: max(map(_columns, (titles[h], *cells[h]))) for h in headers}, width)
    table = _new_table(ascii_only)
    for header, wide in widths.items():
        side: Literal["left", "right"] = "left" if header in _WORDS else "right"
        table.add_column(Text(titles[header]), justify=side, no_wrap=True, overflow="ellipsis", width=wide)
    for number in range(len(report.ranked)):
        row = [Text(cells[header][number], style="bold" if header in ("rank", "brand") else "") for header in widths]
        table.add_row(*row)
    return table


def _title(header: str) -> str:
    return header.capitalize() if header == "rank" or header in _WORDS else words.label(header)


def _cell(header: str, brand: Tree, ascii_only: bool) -> str:
    if header == "rank":
        return _signs(words.place(brand["rank"]), ascii_only)
    if header == "brand":
        return words.name(brand["name"], NAME_LONGEST * 2)
    if header == "sector":
        return words.name(brand["sector"], 24) if brand["sector"] else ""
    if header == "networks":
        return " ".join(brand["networks"])
    figure = brand["metrics"].get(header)
    span = words.interval(header, figure) if unit_of(header) is Unit.SCORE or header == "answered_within_24h" else ""
    shown = words.figure(header, figure)
    return _signs(f"{shown} ({span})" if span else shown, ascii_only)


def _fitting(widths: dict[str, int], width: int) -> dict[str, int]:
    """Drop columns, the least telling first, until the rest fits beside a shortened name; the name takes what is over."""
    kept = dict(widths)
    for number, header in enumerate(_DROPPED_FIRST):
        kept["brand"] = min(widths["brand"], NAME_EASY if number < _MAKE_ROOM else NAME_SHORTEST)
        if _total(kept) <= width:
            break
        kept.pop(header, None)
    spare = max(0, width - _total(kept))
    return kept | {"brand": min(widths["brand"], kept["brand"] + spare, NAME_LONGEST)}


def _total(widths: dict[str, int]) -> int:
    return sum(widths.values()) + _GAP * (len(widths) - 1)


def _reasons(report: Report, ascii_only: bool) -> Table:
    from rich.text import Text

    table = _new_table(ascii_only)
    table.add_column("Brand", no_wrap=True, overflow="ellipsis", max_width=NAME_LONGEST)
    table.add_column("Why", overflow="fold", ratio=1)
    for _, brand in report.unranked:
        table.add_row(
            Text(words.name(brand["name"], NAME_LONGEST * 2)), Text(_signs(words.name(brand["not_ranked_because"]), ascii_only))
        )
    return table


def _new_table(ascii_only: bool) -> Table:
    from rich import box
    from rich.table import Table

    plain = box.Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)
    return Table(
        box=plain if ascii_only else box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold"
    )


def _columns(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)


def _signs(text: str, ascii_only: bool) -> str:
    return words.ascii_signs(text) if ascii_only else text
