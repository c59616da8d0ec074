"""The configuration that reads a simulated world through the ordinary code path, and the variables that it wants."""

from __future__ import annotations

from collections.abc import Mapping

from socialbench.demo.networks import mastodon, x, youtube
from socialbench.demo.roster import BrandSpec
from socialbench.demo.sites import Place
from socialbench.demo.world import PERIOD_NAME, ZONE, World

CREDENTIALS = "SOCIALBENCH_DEMO"
"""Beginning of the variables' names that the demo reads: never those of a real account."""
SIMULATED = "SIMULATED: every brand, person and message of this benchmark is invented."


def benchmark_text(world: World, urls: Mapping[Place, str], store: str) -> str:
    """The YAML: the world's brands, where each network answers, and the store to use (a path below the working directory).

    Bluesky's `cap` is the number of results after which the simulated search ends without a word. X is read with an app
    for each brand, as each may ask once per second.
    """
    bluesky = _quoted(urls[Place("bluesky")])
    lines = [
        f"# {SIMULATED}",
        "benchmark: Thirty invented brands (simulated)" if len(world.specs) == 30 else "benchmark: Invented brands (simulated)",
        "simulated: true",
        f"timezone: {ZONE}",
        f"period: {PERIOD_NAME}",
        f"store: {_quoted(store)}",
        "# What is true of this world was counted without reading its words, so the report counts so too.",
        "rules: {needs_response: structural}",
        "networks:",
        f"  bluesky: {{url: {bluesky}, plc: {bluesky}, cap: {world.search_cap}, credentials: {CREDENTIALS}}}",
        *_networks(urls),
        "brands:",
    ]
    for spec in world.specs:
        lines += _brand_lines(spec, urls)
    return "\n".join(lines) + "\n"


def credentials(world: World) -> dict[str, str]:
    """The variables that the configuration wants, by their names. None of their values is a secret."""
    found = {}
    for spec in world.specs:
        if "x" in spec.talks:
            found[f"{_prefix(spec, 'x')}_TOKEN"] = f"{x.TOKEN}-{spec.slug}"
        if "youtube" in spec.talks:
            found[f"{CREDENTIALS}_YOUTUBE_TOKEN"] = youtube.KEY
        if "mastodon" in spec.talks and spec.token:
            found[f"{_prefix(spec, 'mastodon')}_TOKEN"] = mastodon.TOKEN + spec.handle("mastodon")
    return found


def _networks(urls: Mapping[Place, str]) -> list[str]:
    lines = []
    if Place("x") in urls:
        lines.append(f"  x: {{url: {_quoted(urls[Place('x')])}, search: all}}")
    if Place("youtube") in urls:
        lines.append(f"  youtube: {{url: {_quoted(urls[Place('youtube')])}, credentials: {CREDENTIALS}_YOUTUBE}}")
    names = sorted({place.network for place in urls} & {"mastodon", "discourse"}, reverse=True)
    return [*lines, *(f"  {name}: {{credentials: {CREDENTIALS}}}" for name in names)]


def _brand_lines(spec: BrandSpec, urls: Mapping[Place, str]) -> list[str]:
    lines = [f"  - name: {_quoted(spec.name)}", f"    sector: {spec.sector}", "    handles:"]
    return lines + [f"      {network}: {_handle(spec, network, urls)}" for network in spec.talks]


def _handle(spec: BrandSpec, network: str, urls: Mapping[Place, str]) -> str:
    name = _quoted(spec.handle(network))
    if network == "bluesky":
        return f"[{name}, {{name: {_quoted(spec.support + '.test')}, role: support}}]" if spec.support else name
    if network == "x":
        return f"{{name: {name}, credentials: {_prefix(spec, network)}}}"
    if network == "youtube":
        return _quoted("@" + spec.handle(network))
    if network == "mastodon":
        url = _quoted(urls[Place(network, spec.home)])
        own = f", credentials: {_prefix(spec, network)}" if spec.token else ""
        return f"{{name: {_quoted(f'@{spec.handle(network)}@{spec.home}')}, url: {url}{own}}}"
    staff = f"{{groups: [{spec.group}]}}" if spec.group else "{flags: true}"
    return f"{{name: {spec.board}, url: {_quoted(urls[Place(network, spec.board)])}, staff: {staff}}}"


def _prefix(spec: BrandSpec, network: str) -> str:
    return f"{CREDENTIALS}_{network}_{spec.slug.replace('-', '_')}".upper()


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
