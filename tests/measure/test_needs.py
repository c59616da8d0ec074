"""What needs a response: by how a message is addressed, by its stars, and (rule version 2) by what it says."""

from __future__ import annotations

import pytest

from socialbench.measure.brand import measure
from socialbench.measure.prepare import prepare
from socialbench.measure.rules import Needs, Rules
from socialbench.model import DISMISSED, How, Kind
from tests.measure.frames import ACME, World

NONE, OTHER = -1, int(Kind.OTHER)
CHEER = int(Kind.PRAISE) | DISMISSED
CASES = [
    # how, stars, kind, by structure, by text
    (How.LEADING, NONE, Kind.QUESTION, True, True),
    (How.LEADING, NONE, OTHER, True, True),
    (How.LEADING, NONE, CHEER, True, False),
    (How.LEADING, NONE, NONE, True, True),
    (How.IN_TEXT, NONE, Kind.COMPLAINT, False, True),
    (How.IN_TEXT, NONE, OTHER, False, False),
    (How.IN_TEXT, NONE, NONE, False, False),
    (How.REVIEW, 1, Kind.COMPLAINT, True, True),
    (How.REVIEW, 3, CHEER, True, True),
    (How.REVIEW, 5, Kind.QUESTION, False, False),
    (How.REVIEW, NONE, Kind.QUESTION, False, True),
    (How.REVIEW, NONE, CHEER, False, False),
]


@pytest.mark.parametrize("needs", ["structural", "text"])
@pytest.mark.parametrize(("how", "stars", "kind", "structural", "text"), CASES)
def test_needs_of_one_message(how: How, stars: int, kind: int, structural: bool, text: bool, needs: Needs) -> None:
    world = World()
    world.say(100, 0, how=how, stars=stars, kind=int(kind))
    found = measure(ACME, prepare(world.frames(), None), Rules(needs=needs)).metrics["unit_count"]
    assert found.value == {"structural": structural, "text": text}[needs]
