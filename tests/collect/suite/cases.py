"""A network's fixture: invented people, the network's real shapes, and what must come of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from socialbench.collect.network import Network
from socialbench.collect.outcome import Outcome
from socialbench.collect.sessions import Sessions
from socialbench.model import Handle
from tests.collect.harness import ManualClock, Wire, answered, benchmark, run_collect

FIXTURES = Path(__file__).parent.parent / "fixtures"


@dataclass(frozen=True)
class Case:
    """One fixture. `routes` answer by path and parameters; the other fields are told in `README.md` of the fixtures."""

    network: str
    handle: Mapping[str, Any]
    environ: Mapping[str, str]
    settings: Mapping[str, Any]
    account: str
    paged: Mapping[str, Any]
    limit: Mapping[str, Any]
    needed: list[list[Any]]
    expected: list[dict[str, Any]]
    routes: list[dict[str, Any]]

    @property
    def secrets(self) -> list[str]:
        """What may appear nowhere."""
        return [value for name, value in self.environ.items() if name.endswith("_TOKEN")]

    def changed(self, path: str, change: Callable[[Any], None]) -> Case:
        """The case with the first answer of `path` changed in place by `change`."""
        fresh = deepcopy(self)
        change(next(route for route in fresh.routes if route["path"] == path)["json"])
        return fresh

    def respond(self, request: httpx.Request) -> httpx.Response:
        """The answer of the first route that fits."""
        for route in self.routes:
            if route["path"] == request.url.path and _fits(route["params"], request):
                return answered(200, route["json"], route.get("headers"))
        return answered(404, {"error": "NotFound"})

    def collect(
        self,
        kind: type[Network],
        path: Path,
        wire: Wire | None = None,
        clock: ManualClock | None = None,
        sessions: Sessions | None = None,
    ) -> Outcome:
        """One run over the fixture, or over `wire`."""
        kind = _unpaced(kind)
        bench = benchmark(Handle(self.network, **self.handle), **self.settings)
        return run_collect(
            path, bench, wire or Wire(self.respond), kind=kind, clock=clock, environ=self.environ, sessions=sessions
        )


def _unpaced(kind: type[Network]) -> type[Network]:
    """The network without its pause between two requests: the suite's clock moves only where something else is waited for."""
    facts = replace(kind.facts, pace=replace(kind.facts.pace, gap_s=0.0))
    return type(kind.__name__, (kind,), {"facts": facts})


def _fits(params: Mapping[str, str | None], request: httpx.Request) -> bool:
    return all(request.url.params.get(name) == value for name, value in params.items())


def load(network: str) -> Case:
    """The case of one network's folder."""
    return Case(network=network, **json.loads((FIXTURES / network / "case.json").read_text("utf-8")))


def moment(text: str) -> int:
    """UTC ms of an expected time."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def inside(value: Any, *path: str | int) -> Any:
    """The value at a path of keys and places."""
    for step in path:
        value = value[step]
    return value
