"""Figures as html: each with the pointer that a test follows into the JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

from socialbench.report import words
from socialbench.report.figures import Unit, unit_of
from socialbench.report.profile import Piece, middle
from socialbench.report.tree import Report, Tree

TEXT_LIMIT = 600
_UNIT = re.compile(r"(\d) (min|h|days|staffed)\b")
EMPTY = Markup('<span class="f none">–</span>')


def unbroken(text: str) -> str:
    """Text whose numbers stay with their units: no line ends between them.

    >>> unbroken("Within 24 h, help handle") == "Within 24\u00a0h, help handle"
    True
    """
    return _UNIT.sub("\\1\u00a0\\2", text)


def figure_span(report: Report, metric: str, path: str, brief: bool = False) -> Markup:
    """A figure with what it rests on as its tip (not when `brief`), or why there is none. A bare share is printed whole."""
    figure = report.resolve(path)
    if not isinstance(figure, Mapping):
        share = unit_of(metric) is Unit.SHARE or metric.startswith("share_of_")
        shown = words.share(figure, 0.1) if share else words.number(figure)
        return Markup('<span class="f" data-figure="{}">{}</span>').format(path, shown)
    counts = "" if brief else _counted(figure)
    tip = figure.get("refused") or "; ".join(part for part in (figure.get("note"), counts) if part)
    title = Markup(' title="{}"').format(words.name(tip, 300)) if tip else ""
    return Markup('<span class="f" data-figure="{}"{}>{}</span>').format(path, title, words.figure(metric, figure))


def whole_span(report: Report, metric: str, path: str) -> Markup:
    """A figure with its interval beneath, and its bounds where unknown times move it."""
    figure = report.resolve(path)
    return figure_span(report, metric, path) + interval_span(metric, path, figure) + _bounds_span(metric, path, figure)


def interval_span(metric: str, path: str, figure: Any) -> Markup:
    """A figure's interval as small html, '' where it has none."""
    shown = words.interval(metric, figure) if isinstance(figure, Mapping) else ""
    return Markup('<small class="i" data-figure="{}" data-part="interval">{}</small>').format(path, shown) if shown else Markup()


def _bounds_span(metric: str, path: str, figure: Any) -> Markup:
    """What a figure would be at most and at least, had the unknown times been known; '' where they do not matter."""
    shown = words.bounds(metric, figure) if isinstance(figure, Mapping) else ""
    if not shown:
        return Markup()
    return Markup('<small class="i">bounds <span data-figure="{}/bounds" data-part="bounds">{}</span></small>').format(
        path, shown
    )


def counted_span(report: Report, metric: str, path: str) -> Markup:
    """A figure with its interval and how many units entered it."""
    figure = report.resolve(path)
    return figure_span(report, metric, path, brief=True) + interval_span(metric, path, figure) + _count_span(path, figure)


def _count_span(path: str, figure: Tree) -> Markup:
    n = figure.get("n")
    if n is None:
        return Markup()
    return Markup('<small class="i">n <span data-figure="{}/n">{}</span></small>').format(path, words.number(n))


def _counted(figure: Tree) -> str:
    """What a figure rests on, for its tip."""
    names = (("n", "n"), ("authors", "authors"), ("design_effect", "design effect"))
    return ", ".join(f"{name} {figure[key]}" for key, name in names if figure.get(key) is not None)


def value_span(report: Report, path: str) -> Markup:
    """A plain number or word of the JSON."""
    value = report.resolve(path)
    shown = words.number(value) if isinstance(value, int | float) else words.name(value, TEXT_LIMIT)
    return Markup('<span data-figure="{}">{}</span>').format(path, shown)


def key_span(path: str, limit: int = 60) -> Markup:
    """The last part of a pointer: a name that stands in the JSON as a key."""
    key = path.rsplit("/", 1)[1].replace("~1", "/").replace("~0", "~")
    return Markup('<bdi data-figure="{}" data-part="key">{}</bdi>').format(path, words.name(key, limit))


def moment_span(report: Report, path: str) -> Markup:
    """A moment of the JSON, to the minute."""
    return Markup('<span data-figure="{}" data-part="moment">{}</span>').format(path, words.moment(report.resolve(path)))


def day_span(report: Report, path: str) -> Markup:
    """A moment of the JSON, to the day."""
    return Markup('<span data-figure="{}" data-part="day">{}</span>').format(path, words.day(report.resolve(path)))


def middle_span(report: Report, metric: str) -> Markup:
    """The middle of all ranked brands, which a test finds again by its metric."""
    figure = middle(report, metric)
    if figure is None:
        return EMPTY
    return Markup('<span class="f" data-figure="/brands" data-part="middle {}">{}</span>').format(
        metric, words.figure(metric, figure)
    )


def remark_span(pieces: Iterable[Piece]) -> Markup:
    """A sentence of words and figures."""
    return Markup().join(
        Markup('<span data-figure="{}"{}>{}</span>').format(
            piece.path, Markup(' data-part="{}"').format(piece.part) if piece.part else "", piece.text
        )
        if piece.path
        else Markup("{}").format(piece.text)
        for piece in pieces
    )
