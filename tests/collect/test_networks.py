"""The suite that every network inherits, found by folder; and each of its checks seen to fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from socialbench.collect.network import find_network, networks
from tests.collect.suite.broken import CASE, FAULTS, Sound
from tests.collect.suite.cases import FIXTURES, load
from tests.collect.suite.checks import CHECKS

NAMES = sorted(path.name for path in FIXTURES.iterdir() if path.is_dir())


@pytest.mark.parametrize("name", CHECKS)
@pytest.mark.parametrize("network", NAMES)
def test_network_passes(network: str, name: str, tmp_path: Path) -> None:
    kind = find_network(network)
    assert kind is not None
    CHECKS[name](load(network), kind, tmp_path)


@pytest.mark.parametrize("name", CHECKS)
def test_sound_network_passes(name: str, tmp_path: Path) -> None:
    CHECKS[name](CASE, Sound, tmp_path)


@pytest.mark.parametrize("name", CHECKS)
def test_check_fails_on_the_network_with_its_fault(name: str, tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        CHECKS[name](CASE, FAULTS[name], tmp_path)


def test_network_files_and_fixture_folders_are_the_same() -> None:
    assert list(networks()) == NAMES
