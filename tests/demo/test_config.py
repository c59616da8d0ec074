"""The config that lies in configs/ for those who serve the demo's world themselves."""

from __future__ import annotations

from pathlib import Path

from socialbench.config import load
from socialbench.demo.benchmark import benchmark_text
from socialbench.demo.server import port_of
from socialbench.demo.sites import Place, all_places
from socialbench.demo.tell import tell_world

CONFIG = Path(__file__).parents[2] / "configs" / "demo.yaml"


def test_config_of_the_demo_is_that_of_the_world() -> None:
    urls = {place: f"http://127.0.0.1:{port_of(place, 8017)}" for place in all_places()}
    written = benchmark_text(tell_world(1, 30), urls, "data/demo.db")
    head, _, rest = CONFIG.read_text("utf-8").partition("# SIMULATED")
    assert "# SIMULATED" + rest == written
    assert ". .demo/demo.env" in head
    assert urls[Place("bluesky")] == "http://127.0.0.1:8017"
    assert all(line.startswith("#") for line in head.splitlines())


def test_config_of_the_demo_is_valid() -> None:
    loaded = load(CONFIG)
    assert len(loaded.brands) == 30
    assert {handle.network for brand in loaded.brands for handle in brand.handles} == {
        "bluesky",
        "x",
        "youtube",
        "mastodon",
        "discourse",
    }
