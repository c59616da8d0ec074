"""Handles as the YAML names them: a name, a map, or a list of these, per network.

Each network's own further keys (staff, tags, users, a page) are kept in `Handle.options` for its collector to read.
Names are checked only on networks that are collected: what a file calls its accounts is the file's affair.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError

from socialbench.config.boards import board_name, problems
from socialbench.config.shapes import Credentials, Url
from socialbench.config.source import Fraction, Path_, Whole
from socialbench.config.vocabulary import NETWORKS, did_you_mean, shown
from socialbench.model import Handle, Role

Report = Callable[[Path_, str], None]
"""Takes the path of a problem and what it is."""

COMMON_KEYS = ("name", "role", "credentials", "url", "origin")
UNVERIFIED = "verified"
"""The key by which a config says that nobody has looked yet whether a handle is the brand's: `verified: false`."""
HANDLE_SCHEMA: Mapping[str, Any] = {
    "HandleShape": {
        "description": "A handle with its role, or the board, site or page that stands for one; a network's own keys are kept.",
        "type": "object",
        "minProperties": 1,
        "properties": {
            "name": {"type": ["string", "number"]},
            "role": {"enum": [role.value for role in Role]},
            "credentials": {"type": "string", "pattern": "^[A-Z][A-Z0-9_]{0,63}$"},
            "url": {"type": "string"},
            "origin": {"type": "string"},
            UNVERIFIED: {"const": False, "description": "false: nobody has looked yet whether this is the brand's handle."},
        },
    },
    "HandleForm": {"anyOf": [{"type": ["string", "number"]}, {"$ref": "#/$defs/HandleShape"}]},
    "HandleShapes": {
        "anyOf": [{"$ref": "#/$defs/HandleForm"}, {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/HandleForm"}}]
    },
}

_URL_NETWORKS = frozenset({"discourse", "lemmy"})
_ONE_WORD = frozenset({"x", "bluesky", "mastodon", "instagram", "threads", "tiktok", "github", "telegram"})
_X_NAME = re.compile(r"[A-Za-z0-9_]{1,20}")
_BLUESKY_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]", re.IGNORECASE)
_SERVER = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)*[^\W_](?:[\w-]*[^\W_])?(?::\d{1,5})?")
_MAX_NAME = 20_000
_URL: TypeAdapter[str] = TypeAdapter(Url)
_CREDENTIALS: TypeAdapter[str] = TypeAdapter(Credentials)


@dataclass(frozen=True, slots=True)
class Placed:
    """A handle and where in the file it stands."""

    handle: Handle
    path: Path_


def fold(name: str) -> str:
    """A name as names are compared: without the @ before it, upper and lower case alike."""
    return bare_name(name).casefold()


def bare_name(name: str) -> str:
    """A name without blanks around it and without the @ before it, unless nothing else is left."""
    clean = name.strip()
    return clean.lstrip("@").strip() or clean


def parse_handles(
    tree: Mapping[str, Any], path: Path_, networks: Mapping[str, bool], report: Report, located: Set[str] = frozenset()
) -> Iterator[Placed]:
    """Every handle of one brand. `networks` maps the config's own networks to whether they are collected.

    `located`: networks to which the config gives an address, so that a handle needs no server of its own.
    """
    if not tree:
        report(path, "a brand needs at least one handle")
    known = {*NETWORKS, *networks}
    for network, form in tree.items():
        if network not in known:
            report((*path, network), unknown_network(network, known))
            continue
        for place, one in _forms(form, (*path, network), report):
            handle = _parse_form(network, one, place, report)
            if handle is not None:
                fitted = _fitted(handle, place, report, network in located) if networks.get(network, True) else handle
                yield Placed(fitted, place)


def _forms(form: object, path: Path_, report: Report) -> list[tuple[Path_, object]]:
    if not isinstance(form, list):
        return [(path, form)]
    if not form:
        report(path, "an empty list; name a handle, or leave the network out")
    return [((*path, place), one) for place, one in enumerate(form)]


def _fitted(handle: Handle, path: Path_, report: Report, located: bool) -> Handle:
    handle = _with_server(handle)
    found = list(problems(handle))
    for where, what in found:
        report((*path, *where), what)
    problem = _misfit(handle, located)
    if problem and not found:
        report(path, problem)
    return handle


def unknown_network(network: str, known: set[str]) -> str:
    """What to say of a network that nobody knows."""
    hint = did_you_mean(network, known)
    own = "" if hint else "; for imports alone, declare it under networks with collect: false"
    return f"unknown network {shown(network)}{hint}{own}"


def _parse_form(network: str, form: object, path: Path_, report: Report) -> Handle | None:
    if isinstance(form, (Whole, Fraction)):
        form = form.source
    if isinstance(form, str):
        if network in _URL_NETWORKS and "://" in form:
            return _parse_map(network, {"url": form}, path, report)
        return _parse_map(network, {"name": form}, path, report)
    if isinstance(form, dict):
        return _parse_map(network, form, path, report)
    report(path, f"a handle is a name or a map with name, role ..., not {shown(form)}{_quote_hint(form)}")
    return None


def _quote_hint(form: object) -> str:
    return f'; a handle called so is written in quotes: "{str(form).lower()}"' if isinstance(form, bool) else ""


def _parse_map(network: str, form: Mapping[str, Any], path: Path_, report: Report) -> Handle | None:
    texts = {key: _text(form, key, path, report) for key in COMMON_KEYS}
    _check_keys(form, path, report)
    url = _checked(_URL, texts["url"], (*path, "url"), report)
    credentials = _checked(_CREDENTIALS, texts["credentials"], (*path, "credentials"), report)
    name, origin = texts["name"], texts["origin"]
    if url is not None and network in _URL_NETWORKS:
        origin = origin or _host(url)
    if network == "stackexchange" and isinstance(form.get("site"), str):
        origin = origin or form["site"]
    name = name or board_name(network, form, origin) or (origin if network in _URL_NETWORKS else None)
    if not name and network == "stackexchange":
        report(path, "stackexchange needs a board: {site: stackoverflow, tag: acme-api, users: [12345]}")
        return None
    if not name:
        if "name" not in form or texts["name"] is not None:
            report(path, "a handle needs a name" if network not in _URL_NETWORKS else f"{network} needs the board's url")
        return None
    if form.get(UNVERIFIED, False) is not False:
        report((*path, UNVERIFIED), "is written `verified: false`, or left out where the handle is known to be the brand's")
    options = {key: value for key, value in form.items() if key not in COMMON_KEYS}
    return Handle(network, bare_name(name), _role(form, path, report), origin, url, credentials, options)


def _text(form: Mapping[str, Any], key: str, path: Path_, report: Report) -> str | None:
    value = form.get(key)
    if isinstance(value, (Whole, Fraction)):
        value = value.source
    if value is None and key not in form:
        return None
    wrong = _wrong_text(value)
    if wrong:
        report((*path, key) if key in form and path[-1:] != (key,) else path, f"{wrong}{_quote_hint(value)}")
        return None
    return str(value)


def _wrong_text(value: object) -> str | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return "must not be empty"
    if not isinstance(value, str):
        return "must be text"
    return f"longer than {_MAX_NAME} letters" if len(value) > _MAX_NAME else None


def _role(form: Mapping[str, Any], path: Path_, report: Report) -> Role:
    value = form.get("role", Role.BRAND.value)
    try:
        return Role(value)
    except ValueError:
        roles = [role.value for role in Role]
        hint = did_you_mean(value, roles) if isinstance(value, str) else ""
        report((*path, "role"), f"{shown(value)} is no role; the roles are {' and '.join(roles)}{hint}")
        return Role.BRAND


def _check_keys(form: Mapping[str, Any], path: Path_, report: Report) -> None:
    for key in form:
        hint = did_you_mean(key, COMMON_KEYS) if key not in COMMON_KEYS else ""
        if hint and key not in {"names", "site", "users", UNVERIFIED}:
            report((*path, key), f"unknown key {shown(key)}{hint}")


def _checked(adapter: TypeAdapter[str], value: str | None, path: Path_, report: Report) -> str | None:
    if value is None:
        return None
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        report(path, str(error.errors()[0]["msg"]).removeprefix("Value error, "))
        return None


def _host(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname or ""


def _with_server(handle: Handle) -> Handle:
    if handle.network != "mastodon" or "@" not in handle.name:
        return handle
    name, _, host = handle.name.partition("@")
    return replace(handle, name=name, origin=handle.origin or host.casefold() or None)


def is_placeholder(name: str) -> bool:
    """Whether a name only says what belongs there.

    >>> is_placeholder("<Acme on X>"), is_placeholder("acme")
    (True, False)
    """
    return name.startswith("<") and name.endswith(">")


def _misfit(handle: Handle, located: bool) -> str | None:
    name = handle.name
    if is_placeholder(name):
        return f"{shown(name)} is a placeholder: put the brand's handle on {handle.network} there, or take the line out"
    if "://" in name:
        last = bare_name(urlsplit(name).path.rstrip("/").rsplit("/", 1)[-1])
        return f"give the handle, not its address{f'; did you mean {last}?' if last else ''}"
    if handle.network in _ONE_WORD and re.search(r"\s", name):
        return f"{shown(name)}: a handle on {handle.network} holds no blanks"
    if handle.network in _URL_NETWORKS and handle.url is None:
        return f'{handle.network} needs the board: {{url: "https://community.example"}}'
    if handle.network == "mastodon" and located and handle.origin is None:
        return None
    return _FORMS[handle.network](handle) if handle.network in _FORMS else None


def _misfit_x(handle: Handle) -> str | None:
    return None if _X_NAME.fullmatch(handle.name) else f"{shown(handle.name)}: a handle on x has letters, digits and _ only"


def _misfit_bluesky(handle: Handle) -> str | None:
    name = handle.name
    if name.startswith("did:") or _BLUESKY_NAME.fullmatch(name):
        return None
    if "." not in name and re.fullmatch(r"[A-Za-z0-9-]+", name):
        return f"{shown(name)}: a handle on bluesky is a whole domain; did you mean {name}.bsky.social?"
    return f"{shown(name)}: a handle on bluesky is a domain (acme.bsky.social) or a DID"


def _misfit_mastodon(handle: Handle) -> str | None:
    if handle.origin is None and handle.url is None:
        return f"{shown(handle.name)}: which server? write {handle.name[:30]}@mastodon.social"
    if handle.origin is not None and not _SERVER.fullmatch(handle.origin):
        return f"{shown(handle.origin)} is no server; write {handle.name[:30]}@mastodon.social"
    return None


_FORMS: Mapping[str, Callable[[Handle], str | None]] = {
    "x": _misfit_x,
    "bluesky": _misfit_bluesky,
    "mastodon": _misfit_mastodon,
}
