"""Rules without a detector, so that a test means the same wherever the extra `lang` is installed."""

from __future__ import annotations

import pytest

from socialbench.classify.kinds import Rules


def no_detector(text: str) -> str | None:
    return None


@pytest.fixture(scope="session")
def rules() -> Rules:
    return Rules(detect=no_detector)
