"""Networks that a config may name, whether or not there is a collector, and the hints for a wrong word."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

NETWORKS = (
    "appstore",
    "bluesky",
    "discourse",
    "facebook",
    "github",
    "gitlab",
    "googleplay",
    "hackernews",
    "instagram",
    "lemmy",
    "linkedin",
    "mastodon",
    "nostr",
    "pinterest",
    "reddit",
    "snapchat",
    "stackexchange",
    "telegram",
    "threads",
    "tiktok",
    "trustpilot",
    "tumblr",
    "twitch",
    "vk",
    "whatsapp",
    "x",
    "yelp",
    "youtube",
)
"""Names of networks. A config adds its own, for imports, under `networks:` with `collect: false`."""

_MAX_WORD = 60
_OTHER_NAMES = {
    "apple": "appstore",
    "app-store": "appstore",
    "app_store": "appstore",
    "bsky": "bluesky",
    "fb": "facebook",
    "google": "googleplay",
    "google-play": "googleplay",
    "google_play": "googleplay",
    "hn": "hackernews",
    "ig": "instagram",
    "insta": "instagram",
    "meta": "facebook",
    "play": "googleplay",
    "playstore": "googleplay",
    "stackoverflow": "stackexchange",
    "twitter": "x",
    "yt": "youtube",
}


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """'; did you mean X?' with the nearest of `known`, or ''."""
    choices = {choice.casefold(): choice for choice in sorted(known)}
    choices |= {other: name for other, name in _OTHER_NAMES.items() if name in choices.values() and other not in choices}
    nearest = difflib.get_close_matches(word.strip().casefold()[:_MAX_WORD], choices, 1, 0.6)
    return f"; did you mean {choices[nearest[0]]}?" if nearest else ""


def shown(value: object) -> str:
    """`value` on one line, quoted, cut at 40 characters, for a message."""
    text = (
        str(value)
        if isinstance(value, str)
        else "a list"
        if isinstance(value, list)
        else "a map"
        if isinstance(value, dict)
        else ""
    )
    if not isinstance(value, str):
        return text or ("nothing" if value is None else str(value).lower() if isinstance(value, bool) else str(value))
    short = "".join(letter if letter.isprintable() else " " for letter in text)
    return repr(short if len(short) <= 40 else short[:37] + "...")
