"""Coverage strips: what was really read of each handle over the period, and why the rest was not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from socialbench.report import words
from socialbench.report.chart import Axis, Chart, foot
from socialbench.report.colours import BAR, FAINT, LIGHT, MUTED, PAPER, RULE, WARN
from socialbench.report.tree import Report, Tree

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from socialbench.report.columns import Column, Span

PLACE = 90
COLUMNS = ("brand", "network", "origin", "account", "stream", "state", "since", "until", "reason", "share_read", "from", "to")
MOST_HANDLES = 104
REASONS_NAMED = 3
HATCH = "/////"
WHOLE = 0.9999
READ, ASSUMED, GAP, NOTHING = "read", "assumed", "gap", "nothing"
Stretch = tuple[float, float]


def describe(report: Report) -> Chart | None:
    """Describe every stretch read and every gap, by handle and stream; None where nothing is known of either."""
    ends = _ends(report.tree)
    if ends is None:
        return None
    rows = [row for entry in report.tree["coverage"] for row in _rows(entry, ends)]
    least = _least_read(rows)
    shown = min(len(least), MOST_HANDLES)
    part = "" if shown == len(least) else f"; the {shown} least read are drawn"
    return Chart(
        name="coverage",
        title=_title(least, rows),
        subtitle="What was read of each handle over the period, one strip per stream; at the right the share read of the worst "
        f"of them{part}.",
        foot=foot(report.tree, f"n = {len(least)} handles, {len(report.tree['coverage'])} streams"),
        alt=f"Strips of {shown} handles over the period: filled where read, hatched where there is a known gap, pale elsewhere.",
        columns=COLUMNS,
        rows=tuple(rows),
        axis=Axis("Time", marks=_marks(ends, ZoneInfo(report.tree["period"]["timezone"]))),
        notes=(
            "Read: a listing was followed to its end for this time. A gap is a stretch known to be lost, with its reason; "
            "'assumed' is the stretch of an import, as its source was said to hold it.",
        ),
    )


def _ends(tree: Tree) -> Stretch | None:
    """The period, or all that was read where it has no ends."""
    since, until = tree["period"]["since"], tree["period"]["until"]
    stretches = [stretch for entry in tree["coverage"] for stretch in (*entry["intervals"], *entry["gaps"])]
    if not tree["coverage"] or (not stretches and not (since and until)):
        return None
    first = _moment(since) if since else min(_moment(stretch[0]) for stretch in stretches)
    last = _moment(until) if until else max(_moment(stretch[1]) for stretch in stretches)
    return (first, last) if last > first else None


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _rows(entry: Tree, ends: Stretch) -> Iterable[tuple[Any, ...]]:
    """One row per stretch, with its place on the strip from 0 to 1; one for a stream of which nothing was read."""
    key = (entry["brand"], entry["network"], entry["origin"], entry["account"], entry["stream"])
    state = ASSUMED if entry["assumed"] else READ
    found = [(state, since, until, "") for since, until in entry["intervals"]]
    found += [(GAP, since, until, reason) for since, until, reason in entry["gaps"]]
    whole = ends[1] - ends[0]
    placed = []
    for state, since, until, reason in found:
        left, right = (min(1.0, max(0.0, (_moment(text) - ends[0]) / whole)) for text in (since, until))
        if right > left:
            placed.append((state, since, until, reason, left, right))
    share = round(_length([(left, right) for state, *_, left, right in placed if state != GAP]), 4)
    for state, since, until, reason, left, right in placed:
        yield (*key, state, since, until, reason, share, round(left, 5), round(right, 5))
    if not placed:
        yield (*key, NOTHING, None, None, "", 0.0, None, None)


def _length(stretches: Sequence[Stretch]) -> float:
    """How much a set of stretches covers together, overlaps once."""
    total, reached = 0.0, 0.0
    for left, right in sorted(stretches):
        total += max(0.0, right - max(left, reached))
        reached = max(reached, right)
    return total


def _handle(row: Sequence[Any]) -> tuple[str, ...]:
    return tuple(row[:4])


def _least_read(rows: Sequence[tuple[Any, ...]]) -> list[tuple[tuple[str, ...], float]]:
    """The handles with the share read of their worst stream, the least read first."""
    shares: dict[tuple[str, ...], float] = {}
    for row in rows:
        shares[_handle(row)] = min(shares.get(_handle(row), 1.0), row[9])
    return sorted(shares.items(), key=lambda item: (item[1], item[0]))


def _title(least: Sequence[tuple[tuple[str, ...], float]], rows: Sequence[tuple[Any, ...]]) -> str:
    whole = sum(share >= WHOLE for _, share in least)
    if whole == len(least):
        return "The handle was read for the whole period" if whole == 1 else f"All {whole} handles were read for the whole period"
    gaps = len({_handle(row) for row in rows if row[5] == GAP})
    known = f"; {gaps} {'has' if gaps == 1 else 'have'} known gaps" if gaps else ""
    return f"{whole or 'None'} of {len(least)} handles {'was' if whole in (0, 1) else 'were'} read for the whole period{known}"


def _marks(ends: Stretch, zone: ZoneInfo) -> dict[float, str]:
    """First and last day at both ends of the strip, without the year."""
    moments = (datetime.fromtimestamp(at, zone) for at in (ends[0], ends[1] - 1))
    return {part: f"{moment.day} {moment.strftime('%b')}" for part, moment in zip((0.0, 1.0), moments, strict=True)}


def draw(chart: Chart) -> Figure:
    """Draw the strips, the least read first."""
    from socialbench.report.columns import Span, draw_scale, lay_out, letter_size, name_room

    least = _least_read(chart.rows)[:MOST_HANDLES]
    layout = lay_out(chart, len(least), key=True)
    first = layout.columns[0]
    size = letter_size(first)
    labels = _labels(handle for handle, _ in least)
    names = name_room((" ".join(label) for label in labels), size, first.width * 0.44)
    span = Span(names + 0.14, first.width - names - 0.14 - size / 72 * 3.1)
    strips: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    for row in chart.rows:
        strips.setdefault(_handle(row), []).append(row)
    for column in layout.columns:
        draw_scale(column, span, chart.axis.marks)
    for index, column, y in layout.rows():
        handle, share = least[index]
        _draw_strips(column, y, span, strips[handle])
        _write_row(column, y, span, (*labels[index], share))
    _draw_key(first, chart.rows)
    return layout.figure


def _labels(handles: Iterable[tuple[str, ...]]) -> list[tuple[str, str]]:
    """Brand, and what tells its handles apart: nothing, the network, or the account."""
    known = list(handles)
    mine: dict[str, list[tuple[str, ...]]] = {}
    for handle in known:
        mine.setdefault(handle[0], []).append(handle)
    labels = []
    for brand, network, _, account in known:
        alone = len(mine[brand]) == 1
        by_network = len({handle[1] for handle in mine[brand]}) == len(mine[brand])
        labels.append((words.name(brand, 60), "" if alone else words.network(network) if by_network else words.name(account, 60)))
    return labels


def _write_row(column: Column, y: float, span: Span, row: tuple[str, str, float]) -> None:
    from socialbench.report.columns import letter_size
    from socialbench.report.drawing import fit, text_width, write

    size, room = letter_size(column), span.start - 0.12
    brand, rest, share = row
    told = fit(rest, size * 0.9, room * 0.5) if rest else ""
    gap = size / 72 * 0.4
    shown = fit(brand, size, room - (text_width(told, size * 0.9) + gap if told else 0.0))
    write(column.axes, 0, y, shown, size, va="center_baseline")
    if told:
        write(column.axes, text_width(shown, size) + gap, y, told, size * 0.9, color=MUTED, va="center_baseline")
    part = f"{int(share * 100 + 1e-6)} %"
    write(column.axes, column.width, y, part, size * 0.92, color=MUTED, ha="right", va="center_baseline")


def _draw_strips(column: Column, y: float, span: Span, rows: Sequence[tuple[Any, ...]]) -> None:
    """One thin strip per stream, together as high as a row carries."""
    from socialbench.report.drawing import draw_box

    streams = sorted({row[4] for row in rows})
    high = min(column.row * 0.72, 0.5) / len(streams)
    top = y - high * len(streams) / 2
    for row in rows:
        upper = top + streams.index(row[4]) * high
        thin = high * (0.82 if len(streams) > 1 else 1.0)
        draw_box(column.axes, (span.start, upper), (span.width, thin), FAINT, zorder=0.5)
        if row[5] != NOTHING:
            left, right = span.x(row[10]), span.x(row[11])
            _draw_stretch(column.axes, (left, upper), (right - left, thin), row[5])


def _draw_stretch(axes: Any, corner: Stretch, size: Stretch, state: str) -> None:
    from socialbench.report.drawing import draw_box

    if state == GAP:
        draw_box(axes, corner, size, PAPER, edgecolor=WARN, linewidth=0.6, hatch=HATCH, hatch_linewidth=0.9, zorder=2)
    else:
        edge = {"edgecolor": BAR, "linewidth": 0.6} if state == ASSUMED else {}
        draw_box(axes, corner, size, LIGHT if state == ASSUMED else BAR, **edge)


def _draw_key(column: Column, rows: Sequence[tuple[Any, ...]]) -> None:
    """The patterns that occur, gaps with their reasons, the commonest first."""
    from socialbench.report.drawing import KEY, KEY_LINE, draw_box, draw_keys

    def box(state: str) -> Any:
        return lambda x, y: _draw_stretch(column.axes, (x, y - 0.07), (KEY, 0.14), state)

    def nothing(x: float, y: float) -> None:
        draw_box(column.axes, (x, y - 0.07), (KEY, 0.14), FAINT, edgecolor=RULE, linewidth=0.6)

    reasons = Counter(words.name(row[8], 24) for row in rows if row[5] == GAP)
    common = sorted(reasons, key=lambda reason: (-reasons[reason], reason))[:REASONS_NAMED]
    more = ", ..." if len(reasons) > REASONS_NAMED else ""
    states = {row[5] for row in rows}
    texts = {READ: "read", ASSUMED: "assumed read", GAP: f"known gap ({', '.join(common)}{more})"}
    keys = [(box(state), text) for state, text in texts.items() if state in states]
    unread = any(row[9] < WHOLE for row in rows)
    draw_keys(column.axes, KEY_LINE, [*keys, (nothing, "not read")] if unread else keys)
