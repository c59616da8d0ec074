"""Handles that are boards: a forum, or a part of one, and who on it answers for the brand.

A Discourse board is a url with a category or tags, and `staff`; a Stack Exchange one a site with tags, and `users`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from socialbench.config.source import Path_
from socialbench.config.vocabulary import did_you_mean, shown
from socialbench.model import Handle, Json

_COMMON = ("name", "role", "credentials", "url", "origin", "verified")
_KEYS = {
    "discourse": ("category", "tag", "tags", "staff"),
    "stackexchange": ("site", "tag", "tags", "users"),
}
_STAFF_KEYS = ("groups", "users", "flags")
_CATEGORY = re.compile(r"(?:[\w%-]+/){1,3}[0-9]{1,9}")
_SITE = re.compile(r"[a-z0-9.-]{1,60}")
_TAG = {"discourse": re.compile(r"[^\s/?#&;]{1,100}"), "stackexchange": re.compile(r"[a-z0-9.+#-]{1,35}")}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

Found = tuple[Path_, str]
"""Where below the handle a problem stands, and what it is."""


def is_loopback(host: str | None) -> bool:
    """Whether a host is this machine itself, to which an unencrypted address is fine."""
    return host in _LOOPBACK


def board_name(network: str, form: Mapping[str, Json], origin: str | None) -> str | None:
    """What a board without a name of its own is called; None for what is no board.

    >>> board_name("stackexchange", {"site": "stackoverflow", "tag": "acme-api"}, None)
    'stackoverflow/tags/acme-api'
    """
    part = board_part(network, form)
    if network == "stackexchange":
        return f"{form['site']}/{part}" if isinstance(form.get("site"), str) and part else None
    return (f"{origin}/{part}" if part else origin) if network == "discourse" else None


def board_part(network: str, form: Mapping[str, Json]) -> str | None:
    """Which part of a forum a handle stands for: a category, tags; '' for all of it, None for what is no board."""
    if network not in _KEYS:
        return None
    if form.get("category"):
        return f"c/{form['category']}"
    tags = sorted(str(tag) for tag in _listed(form.get("tags", form.get("tag"))))
    return f"tags/{'+'.join(tags)}" if tags else ""


def is_board(handle: Handle) -> bool:
    """Whether a handle names a place to read; an import's file names accounts alone."""
    return "site" in handle.options if handle.network == "stackexchange" else handle.network in _KEYS and bool(handle.url)


def overlap(one: Handle, other: Handle) -> bool:
    """Whether two boards share messages that only one of them can own: the same part, or a part and the whole."""
    parts = board_part(one.network, one.options), board_part(other.network, other.options)
    return one.network == other.network and one.origin == other.origin and (parts[0] == parts[1] or "" in parts)


def problems(handle: Handle) -> Iterator[Found]:
    """What is wrong with a board; nothing for what is none."""
    if handle.network not in _KEYS:
        return
    known = (*_COMMON, *_KEYS[handle.network])
    for key in handle.options:
        if key not in known:
            yield (key,), f"unknown key {shown(key)}{did_you_mean(key, known)}"
    yield from _tag_problems(handle)
    yield from (_discourse if handle.network == "discourse" else _stackexchange)(handle)


def _discourse(handle: Handle) -> Iterator[Found]:
    parts = urlsplit(handle.url or "")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        yield ("url",), f"an address without encryption; write https://{parts.netloc}"
    category = handle.options.get("category")
    if category is not None and not _CATEGORY.fullmatch(str(category)):
        yield ("category",), f"{shown(category)} is no category; of the board's address /c/billing/5 write billing/5"
    if category is not None and ("tag" in handle.options or "tags" in handle.options):
        yield ("category",), "a board's part is a category or tags, not both"
    staff = handle.options.get("staff", {"flags": True})
    if not isinstance(staff, Mapping) or not staff:
        yield ("staff",), "staff is told by groups: [...], users: [...] or flags: true"
        return
    yield from _staff(staff)


def _staff(staff: Mapping[str, Json]) -> Iterator[Found]:
    for key in staff:
        if key not in _STAFF_KEYS:
            yield ("staff", key), f"unknown key {shown(key)}{did_you_mean(key, _STAFF_KEYS)}"
    for key in ("groups", "users"):
        if key in staff and not _are_names(staff[key]):
            yield ("staff", key), f"{key} is a list of names"
    if "flags" in staff and not isinstance(staff["flags"], bool):
        yield ("staff", "flags"), "flags is true or false"
    if staff.get("flags") is False and len(staff) == 1:
        yield ("staff",), "nobody answers for the brand; name groups or users, or write flags: true"


def _stackexchange(handle: Handle) -> Iterator[Found]:
    site, users = handle.options.get("site"), handle.options.get("users")
    if not isinstance(site, str) or not _SITE.fullmatch(site):
        yield (("site",) if "site" in handle.options else ()), "a site as in the API is needed: site: stackoverflow"
    if not _listed(handle.options.get("tags", handle.options.get("tag"))):
        yield (), "a tag is needed: tag: acme-api"
    if not _listed(users):
        yield (("users",) if "users" in handle.options else ()), "the ids of who answers are needed: users: [12345, 67890]"
        return
    for place, user in enumerate(_listed(users)):
        if isinstance(user, bool) or not re.fullmatch(r"[0-9]{1,12}", str(user)):
            where: Path_ = ("users", place) if isinstance(users, list) else ("users",)
            yield where, f"{shown(user)} is no user's id; of the address /users/12345/name write 12345"


def _tag_problems(handle: Handle) -> Iterator[Found]:
    options = handle.options
    if "tag" in options and "tags" in options:
        yield ("tags",), "write tag or tags, not both"
    key = "tags" if "tags" in options else "tag"
    if key not in options:
        return
    tags = _listed(options[key])
    if not tags:
        yield (key,), "must not be empty"
    for place, tag in enumerate(tags):
        if not _TAG[handle.network].fullmatch(str(tag)):
            yield ((key, place) if isinstance(options[key], list) else (key,)), f"{shown(tag)} is no tag"


def _listed(value: Json) -> Sequence[Json]:
    if value is None:
        return []
    return value if isinstance(value, list | tuple) else [value]


def _are_names(value: Json) -> bool:
    return bool(_listed(value)) and all(isinstance(each, str | int) and str(each).strip() for each in _listed(value))
