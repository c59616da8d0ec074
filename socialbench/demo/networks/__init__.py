"""One file per simulated network: what it takes, what it answers, and in which shapes. The folder is the list."""

from __future__ import annotations

from importlib import import_module

from socialbench.demo.sites import Place, Site
from socialbench.demo.world import World


def site_of(place: Place, world: World, url: str) -> Site:
    """The host of a place, which says of itself that it stands at `url`."""
    module = import_module(f"{__name__}.{place.network}")
    site: Site = module.open_site(world, place.home, url)
    return site
