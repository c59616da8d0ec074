"""The places of a simulated world: one host for each network, each server of Mastodon and each board of Discourse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from socialbench.demo.roster import HOMES, roster
from socialbench.demo.world import World
from socialbench.model import Json


class Place(NamedTuple):
    """Where a host stands: its network, and which server or board of it, '' where the network is one."""

    network: str
    home: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """What a host is asked. Header names are in lower case; a list in the query holds each value of a repeated name."""

    method: str
    path: str
    query: Mapping[str, Sequence[str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a host answers."""

    body: Json
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class Site(Protocol):
    """One host of a simulated network."""

    def answer(self, request: Request) -> Reply:
        """The answer, an error of the network's own included."""
        ...


def all_places() -> tuple[Place, ...]:
    """Every place that any world has, always in the same order, which is that of their ports."""
    homes = [Place("mastodon", home) for home in HOMES]
    boards = [Place("discourse", spec.board) for spec in roster() if "discourse" in spec.talks]
    return (Place("bluesky"), Place("x"), Place("youtube"), *homes, *boards)


def places_of(world: World) -> tuple[Place, ...]:
    """The places at which a world's brands are. Bluesky is there in any case: its address is the world's."""
    taken = {Place(person.network, person.home) for person in world.people if person.brand} | {Place("bluesky")}
    return tuple(place for place in all_places() if place in taken)
