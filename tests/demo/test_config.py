"""The config that lies in configs/ for those who serve the demo's world themselves."""

from __future__ import annotations

from pathlib import Path

from socialbench.config import load
from socialbench.demo.benchmark import benchmark_text
from socialbench.demo.tell import tell_world

CONFIG = Path(__file__).parents[2] / "configs" / "demo.yaml"


def test_config_of_the_demo_is_that_of_the_world() -> None:
    written = benchmark_text(tell_world(1, 30), "http://127.0.0.1:8017", "data/demo.db")
    assert CONFIG.read_text("utf-8").split("\n", 1)[1] == written


def test_every_config_is_valid() -> None:
    for path in CONFIG.parent.glob("*.yaml"):
        assert load(path).brands
