"""Numbers as people read them: shares, times, places, periods. Percent signs are written here and nowhere before."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from typing import Any

from socialbench.report.figures import Unit, unit_of

NO_FIGURE = "–"
NOT_REACHED = "not reached"
MINUTE, HOUR, DAY = 60, 3600, 86_400
_ASCII = str.maketrans({"–": "-", "≥": ">=", "≤": "<=", "…": "...", "·": "-", "×": "x", "−": "-", "\u00a0": " "})
_UNSAFE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_HORIZON = re.compile(r"^(\d+)([mhd])$")
_HORIZON_UNITS = {"m": "min", "h": "h", "d": "days"}
_KEPT_FORMATS = {"\u200c", "\u200d"}


def share(value: float, half: float | None = None) -> str:
    """Print a share as percent, with the decimals that the interval's half-width carries.

    >>> share(.9721, .03), share(.5512, .2), share(.99958, .0004), share(.00052)
    ('97.2 %', '55 %', '99.96 %', '0.05 %')
    """
    return f"{value * 100:.{_share_decimals(value, half)}f} %"


def _share_decimals(value: float, half: float | None) -> int:
    if half is None:
        return 1 if value == 0 or abs(value) >= 0.01 else 2
    return 0 if half >= 0.1 else 1 if half >= 0.001 else 2


def duration(seconds: float, half: float | None = None) -> str:
    """Say a time as people do, no finer than its interval's half-width carries.

    >>> duration(45), duration(322), duration(720), duration(12_000), duration(12_000, 4000), duration(180_000)
    ('45 s', '5.4 min', '12 min', '3 h 20', '3 h', '2.1 days')
    """
    if round(seconds) < MINUTE:
        return f"{_trim(seconds, 0 if seconds >= 10 else 1)} s"
    if seconds < 59.5 * MINUTE:
        return f"{_trim(seconds / MINUTE, 1 if seconds < 9.95 * MINUTE and (half or 0) < 2 * MINUTE else 0)} min"
    if seconds < DAY - MINUTE / 2:
        return _hours(seconds, half)
    if seconds < 2 * DAY - HOUR / 2:
        return f"{round(seconds / HOUR)} h"
    days = _trim(seconds / DAY, 1 if seconds < 9.95 * DAY else 0)
    return f"{days} days"


def _hours(seconds: float, half: float | None) -> str:
    step = HOUR if (half or 0) >= HOUR else 10 * MINUTE if (half or 0) >= 10 * MINUTE else MINUTE
    hours, rest = divmod(round(seconds / step) * step, HOUR)
    return f"{hours:.0f} h {rest // MINUTE:02.0f}" if rest else f"{hours:.0f} h"


def _trim(value: float, decimals: int) -> str:
    """Round half up to the eye: 2.0 days reads '2 days'."""
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def number(value: float) -> str:
    """Print a count, or a ratio with two decimals.

    >>> number(3000), number(1.234)
    ('3,000', '1.23')
    """
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"


def amount(unit: Unit, value: float, half: float | None = None) -> str:
    """Print one number of a unit; `half` is the half-width of its interval."""
    if unit is Unit.SHARE:
        return share(value, half)
    if unit is Unit.SECONDS:
        return duration(value, half)
    return printed_score(value) if unit is Unit.SCORE else number(value)


def figure(metric: str, tree: Mapping[str, Any] | float | None) -> str:
    """Print a figure of the JSON: '97.2 %', 'not reached', or a dash where there is none; a bare number too.

    >>> figure("median_latency_s", {"value": None, "reached": False, "low": 4000, "high": None, "n": 50})
    'not reached'
    """
    if isinstance(tree, (int, float)):
        return amount(unit_of(metric), tree)
    if tree is None or tree["value"] is None:
        return NOT_REACHED if tree is not None and tree.get("reached") is False else NO_FIGURE
    return amount(unit_of(metric), tree["value"], _half(tree))


def interval(metric: str, tree: Mapping[str, Any] | float | None) -> str:
    """Print a figure's 95 % interval, '' where there is none; an open upper end as '≥'.

    >>> interval("response_rate", {"value": .99, "low": .9889, "high": .9982})
    '98.9–99.8'
    >>> interval("median_latency_s", {"value": None, "reached": False, "low": 259200, "high": None})
    '≥ 3 days'
    """
    if tree is None or isinstance(tree, (int, float)) or tree.get("low") is None:
        return ""
    unit, half = unit_of(metric), _half(tree)
    low = amount(unit, tree["low"], half)
    if tree.get("high") is None:
        return f"≥ {low}"
    high = amount(unit, tree["high"], half)
    if unit is Unit.SHARE:
        return f"{low.removesuffix(' %')}–{high.removesuffix(' %')}"
    head, _, low_unit = low.partition(" ")
    if low_unit and high.partition(" ")[2] == low_unit and not low_unit.startswith("h"):
        return f"{head}–{high}"
    return f"{low} – {high}" if low_unit else f"{low}–{high}"


def bounds(metric: str, tree: Mapping[str, Any] | float | None) -> str:
    """Between what a figure lies, whatever the unknown times were; '' where they do not matter.

    >>> bounds("response_rate", {"value": .1654, "low": .13, "high": .2, "bounds": [.1602, .1911]})
    '16.0–19.1'
    """
    if tree is None or isinstance(tree, (int, float)) or not tree.get("bounds"):
        return ""
    low, high = tree["bounds"]
    return interval(metric, {"value": low, "low": low, "high": high}) if low != high else ""


def _half(tree: Mapping[str, Any]) -> float | None:
    low, high = tree.get("low"), tree.get("high")
    return None if low is None or high is None else float(high - low) / 2


def place(rank: Mapping[str, Any] | None) -> str:
    """Print a place with its interval: a bare rank is never printed.

    >>> place({"label": "7 =", "low": 4, "high": 9})
    '7 = (4–9)'
    """
    return f"{rank['label']} {place_interval(rank)}" if rank else NO_FIGURE


def place_interval(rank: Mapping[str, Any]) -> str:
    """The places that a brand could hold, in brackets."""
    return f"({rank['low']}–{rank['high']})"


def period(tree: Mapping[str, Any]) -> str:
    """Name a period of the JSON: a month, a year, or its first and last day; until is exclusive.

    >>> period({"since": "2026-10-01T00:00:00+01:00", "until": "2026-11-01T00:00:00+00:00", "timezone": "Europe/London"})
    'October 2026'
    """
    if not tree["since"] or not tree["until"]:
        return "all that was read"
    since, until = datetime.fromisoformat(tree["since"]), datetime.fromisoformat(tree["until"])
    last = until - timedelta(milliseconds=1)
    months = (last.year - since.year) * 12 + last.month - since.month + 1
    midnight = since.time() == until.time() == time()
    if midnight and since.day == until.day == 1:
        if months == 1:
            return since.strftime("%B %Y")
        if months == 12 and since.month == 1:
            return str(since.year)
        if months == 3 and since.month % 3 == 1:
            return f"{since.year}, quarter {since.month // 3 + 1}"
    return f"{day(since)} to {day(last)}"


def day(moment: datetime | str) -> str:
    """Print a calendar day: '1 October 2026'."""
    when = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{when.day} {when.strftime('%B %Y')}"


def moment(text: str | None) -> str:
    """Print a moment of the JSON to the minute: '1 October 2026, 09:30'."""
    return f"{day(text)}, {datetime.fromisoformat(text).strftime('%H:%M')}" if text else NO_FIGURE


def name(text: str, limit: int | None = None) -> str:
    """Make a name safe to show: no control or direction marks, no line breaks, at most `limit` letters.

    >>> name("a\\x00b\\u202ec"), name("Abcdefgh", 5)
    ('a�b�c', 'Abcd…')
    """
    # Hundreds of thousands of cells pass here, nearly all of them printable as they are.
    shown = text if text.isprintable() else "".join(" " if c in "\t\n\r" else c if _showable(c) else "�" for c in text)
    shown = " ".join(shown.split()) or "(no name)"
    return shown if limit is None or len(shown) <= limit else shown[: limit - 1].rstrip() + "…"


def _showable(letter: str) -> bool:
    return letter in _KEPT_FORMATS or unicodedata.category(letter) not in _UNSAFE


def ascii_signs(text: str) -> str:
    """Write our own signs in ASCII; letters of names stay as they are.

    >>> ascii_signs("≥ 3 days (1–6)")
    '>= 3 days (1-6)'
    """
    return text.translate(_ASCII)


LABELS = {
    "expectation_score": "Score",
    "median_latency_s": "Median time",
    "p75_latency_s": "Three in four by",
    "p90_latency_s": "Nine in ten by",
    "response_rate": "Answered",
    "handoff_rate": "Sent elsewhere",
    "inbound_count": "Inbound",
    "episode_count": "Episodes",
    "unit_count": "Units",
    "matured_count": "Units matured",
    "under_10m_share": "Under 10 min",
    "from_10m_to_1h_share": "10 min to 1 h",
    "from_1h_to_12h_share": "1 h to 12 h",
    "over_12h_share": "Over 12 h",
    "answered_count": "Answers",
    "answered_median_s": "Median of the answered",
    "answered_mean_s": "Mean of the answered",
    "restricted_mean_s": "Mean wait, first 24 h",
    "needs_response_share": "Needing a response",
    "score_all_inbound": "Score, all inbound",
    "score_standardised": "Score, one network mix",
    "staffed_latency_s": "Median staffed time",
    "answered_off_hours_share": "Answered off hours",
    "settled_by_one_share": "Settled by one answer",
    "turns": "Messages per case",
    "handle_hops": "Went to another handle",
    "unanswered_reach_median": "Unanswered reach, median",
    "response_index": "Replies per message",
}


@cache
def label(metric: str) -> str:
    """A metric's name for people.

    >>> label("answered_within_30m"), label("answered_within_7d"), label("follower_growth")
    ('Within 30 min', 'Within 7 days', 'Follower growth')
    """
    if metric in LABELS:
        return LABELS[metric]
    if metric.startswith("staffed_within_"):
        return f"Within {metric.rsplit('_', 1)[1].removesuffix('h')} staffed h"
    if metric.startswith("answered_within_"):
        return f"Within {_HORIZON.sub(_spaced, metric.rsplit('_', 1)[1])}"
    plain = metric.removesuffix("_s").removesuffix("_count").replace("_", " ")
    return plain[:1].upper() + plain[1:]


_NETWORKS = {
    "youtube": "YouTube",
    "stackexchange": "Stack Exchange",
    "googleplay": "Google Play",
    "appstore": "App Store",
    "linkedin": "LinkedIn",
    "tiktok": "TikTok",
    "whatsapp": "WhatsApp",
}


def network(key: str) -> str:
    """A network's key as a heading.

    >>> network("bluesky"), network("youtube")
    ('Bluesky', 'YouTube')
    """
    if key in _NETWORKS:
        return _NETWORKS[key]
    shown = name(key, 40)
    return shown[:1].upper() + shown[1:]


def _spaced(found: re.Match[str]) -> str:
    return f"{found.group(1)} {_HORIZON_UNITS[found.group(2)]}"


def printed_score(value: float) -> str:
    """A score to its printed decimal, half to even, as ties are told.

    >>> printed_score(69.65), printed_score(69.75)
    ('69.6', '69.8')
    """
    return str(Decimal(repr(value)).quantize(Decimal("0.1"), rounding=ROUND_HALF_EVEN))
