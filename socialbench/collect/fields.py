"""Reading a decoded answer: a field by its path, a text, a moment. What is not there or of another type is named."""

from __future__ import annotations

from datetime import UTC, datetime

from socialbench.errors import AnswerError
from socialbench.model import Json


def dig(value: Json, *path: str) -> Json:
    """The value at `path` in a decoded answer. Raises AnswerError, which names the path that is not there.

    >>> dig({"thread": {"post": 1}}, "thread", "post")
    1
    """
    for depth, key in enumerate(path, 1):
        if not isinstance(value, dict) or key not in value:
            raise AnswerError(f"the answer lacks {'.'.join(path[:depth])}")
        value = value[key]
    return value


def text(item: Json, field: str) -> str:
    """The text in a field of an item. Raises KeyError, TypeError where it is not there or no text.

    >>> text({"id": "7"}, "id")
    '7'
    """
    value = item[field]
    if not isinstance(value, str):
        raise TypeError(field)
    return value


def moment(text: str) -> int:
    """UTC ms of a time in any shape that is met: with Z or an offset, or naive (then UTC), with or without fractions.

    >>> moment("2026-11-01T09:07:00.000Z"), moment("2026-11-01T04:07:00-05:00"), moment("2026-11-01T09:07:00.000001+00:00")
    (1793524020000, 1793524020000, 1793524020000)
    """
    when = datetime.fromisoformat(text)
    try:
        return max(0, round((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() * 1000))
    except OverflowError as error:
        raise ValueError("a time out of all range") from error
