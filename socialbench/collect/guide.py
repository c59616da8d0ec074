"""What is true of each network, told from its file: for `list networks`, for docs/networks.md, for the plan."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from socialbench.collect.network import Facts, Network, Pace, Price, networks
from socialbench.model import Direction, Linking, Over, Stream

_OVER = {
    Over.OWN_POSTS: "what stands under the account's own posts",
    Over.OPEN_THREADS: "late replies in threads with the account",
    Over.KNOWN_IDS: "whether stored messages are still there, and as they were",
}
_LISTED = {
    Direction.INBOUND: "messages to the account",
    Direction.OUTBOUND: "the account's own messages",
    Direction.BOTH: "messages to the account and its own",
}
_LINKS = {
    Linking.PARENT: "a reply names the message that it answers",
    Linking.THREAD: "threads are flat: a reply names the thread only, and counts for the latest author waiting there",
    Linking.NONE: "nothing says what a message answers",
}
_ACCESS = {"none": "without a credential", "token": "with a credential", "own": "with the brand's own credential"}

HEAD = """# Networks

What can be seen where, at which access, and what it costs. Written by `make docs` from `socialbench/collect/networks`,
one file per network; `socialbench list networks` tells the same, and `socialbench collect CONFIG --dry-run` what it
means for a config. None of this was tried on a live network: *tried on* says what each file was held against.

Networks without a file here (facebook, trustpilot, googleplay ...) can be imported: `socialbench list files`.
"""


def tell(kind: type[Network]) -> dict[str, Any]:
    """The facts of one network as plain values and whole sentences."""
    facts = kind.facts
    return {
        "name": facts.name,
        "what": _docstring(kind),
        "access": _access(facts),
        "credentials": [
            {
                "variable": f"SOCIALBENCH_{facts.name.upper()}_{need.suffix}",
                "what": need.what,
                "how": need.how,
                "needed": need.required,
            }
            for need in facts.needs
        ],
        "streams": [{"name": stream.name, "shows": shows(stream), "limits": limits(facts, stream)} for stream in facts.streams],
        "invisible": {_ACCESS.get(access, access): hidden for access, hidden in facts.invisible.items()},
        "pace": pace(facts.pace),
        "price": price(facts),
        "links": _LINKS[facts.linking],
        "tried_on": facts.verified,
    }


def shows(stream: Stream) -> str:
    """What a stream lists, in words."""
    return _OVER.get(stream.over) or _LISTED[stream.direction]


def limits(facts: Facts, stream: Stream) -> str:
    """What a stream holds back, in words; '' where nothing is known."""
    found = []
    if stream.cap:
        found.append(f"at most {stream.cap:,} messages")
    if stream.name in facts.own_account:
        found.append("of the credential's own account only")
    elif stream.needs_credentials:
        found.append("only with a credential")
    if not stream.independent:
        found.append("adds no inbound message by itself")
    return ", ".join(found)


def pace(told: Pace) -> str:
    """How fast a network may be asked, in words.

    >>> pace(Pace(requests=900, per_s=900, gap_s=1.0))
    '900 requests in 15 min, 1 s between two'
    """
    span = f"{told.per_s / 60:g} min" if told.per_s >= 60 else f"{told.per_s:g} s"
    gap = f", {told.gap_s:g} s between two" if told.gap_s else ""
    quota = f", {told.quota:,} a day" if told.quota else ""
    return f"{told.requests:,} requests in {span}{gap}{quota}"


def price(facts: Facts) -> str:
    """What reading costs, in words."""
    found = _by_price(facts.prices)
    if len(found) == 1 and len(facts.prices) > len(facts.streams):
        return next(iter(found))
    return "; ".join(f"{stream}: {said}" for said, stream in found.items()) or "nothing"


def page() -> str:
    """docs/networks.md."""
    return "\n".join([HEAD, *(line for kind in networks().values() for line in _section(tell(kind)))]).rstrip() + "\n"


def _section(told: Mapping[str, Any]) -> Iterator[str]:
    yield f"## {told['name']}\n"
    yield f"{told['what']}\n"
    yield "| | |\n|---|---|"
    yield f"| access | {told['access']} |"
    for need in told["credentials"]:
        yield f"| `{need['variable']}` | {need['what']}{'' if need['needed'] else ' (not needed)'}; {need['how']} |"
    for access, hidden in told["invisible"].items():
        yield f"| not visible {access} | {hidden} |"
    yield f"| pace | {told['pace']} |"
    yield f"| price | {told['price']} |"
    yield f"| links | {told['links']} |"
    yield f"| tried on | {told['tried_on']} |\n"
    yield "| stream | shows | limits |\n|---|---|---|"
    for stream in told["streams"]:
        yield f"| {stream['name']} | {stream['shows']} | {stream['limits']} |"
    yield ""


def _access(facts: Facts) -> str:
    if not facts.needs:
        return "open to everybody"
    return "a credential is needed" if any(need.required for need in facts.needs) else "open; a credential shows more"


def _by_price(prices: Mapping[str, Price]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for stream, each in prices.items():
        said = [
            f"{amount:g} {each.unit} per {what}"
            for amount, what in ((each.per_item, "message"), (each.per_request, "request"))
            if amount
        ]
        if said:
            once = ", the same one once a day" if each.once_a_day else ""
            found.setdefault(" and ".join(said) + once, []).append(stream)
    return {said: ", ".join(streams) for said, streams in found.items()}


def _docstring(kind: type[Network]) -> str:
    return inspect.cleandoc(sys.modules[kind.__module__].__doc__ or "")


if __name__ == "__main__":
    sys.stdout.write(page())
