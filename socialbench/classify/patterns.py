"""Patterns of users: plain words and phrases, or `/regular expressions/` that cannot run away."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Sequence
from typing import Any

from socialbench.classify.folding import MAX_LETTERS, fold
from socialbench.classify.phrases import Phrases

_MAX_PATTERN = 2_000
_MAX_WAYS = 40 * MAX_LETTERS
# Scripts that put no spaces between words: their phrases are looked for as they stand.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_SYNTAX = re.compile(r"[~|^#]|\.\.+|(?<!\w)\*|\*(?!\s|$)")

# The parser behind `re`: the one place that knows how a pattern will be read.
_parser: Any = importlib.import_module("re._parser")


class Patterns:
    """Patterns of one kind or topic, compiled. Raises ValueError, naming the pattern, for one that cannot be used."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._phrases: Phrases[str] = Phrases()
        self._pieces: list[tuple[str, str]] = []
        self._expressions: list[tuple[re.Pattern[str], str]] = []
        for pattern in patterns:
            self._add(pattern)

    def _add(self, pattern: str) -> None:
        written = pattern.strip()
        if len(written) > 2 and written[0] == "/" and written[-1] == "/":
            self._expressions.append((compiled(written[1:-1]), pattern))
        elif _UNSPACED.search(written):
            self._pieces.append((fold(written.strip("*")), pattern))
        else:
            # What has a meaning in our lists is what people write in theirs: "where is it?"
            self._phrases.add(_SYNTAX.sub(" ", written), pattern)

    def first(self, text: str, folded: str, words: Sequence[str]) -> str | None:
        """The first pattern that fits a text (`plain`), its folded form and that one's words without `#`; else None."""
        for hit in self._phrases.scan(words):
            return hit.meaning
        for piece, pattern in self._pieces:
            if piece in folded:
                return pattern
        return next((pattern for expression, pattern in self._expressions if expression.search(text)), None)


def bare(words: Sequence[str]) -> list[str]:
    """Hashtags as the words that they are."""
    return [word.lstrip("#") for word in words]


def compiled(source: str) -> re.Pattern[str]:
    """A user's regular expression, upper and lower case alike.

    Raises ValueError where it is none, or where a text of MAX_LETTERS letters could keep it busy for more than
    about a second: repeats within repeats, back references, several open-ended repeats that can share letters.

    >>> compiled("(a+)+b")
    Traceback (most recent call last):
    ValueError: /(a+)+b/ repeats what can itself fit in several ways, which can take for ever; take one of the two away
    """
    if len(source) > _MAX_PATTERN:
        raise ValueError(f"the pattern is longer than {_MAX_PATTERN} letters")
    try:
        expression = re.compile(source, re.IGNORECASE)
        ways = _ways(_parser.parse(source, re.IGNORECASE))
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"/{source}/ is no regular expression: {getattr(error, 'msg', error)}") from None
    except _Runaway as error:
        raise ValueError(f"/{source}/ {error}") from None
    if ways > _MAX_WAYS:
        raise ValueError(f"/{source}/ has several open-ended repeats; write .{{0,40}} for .* where letters may stand between")
    return expression


class _Runaway(Exception):
    """Why an expression may not end."""


def _ways(sequence: Any) -> int:
    """At most in how many ways the sequence can fit at one place of a text of MAX_LETTERS letters."""
    items = list(sequence)
    ways = 1
    for place, (name, argument) in enumerate(items):
        following = items[place + 1] if place + 1 < len(items) else None
        ways = min(ways * _ways_of(str(name), argument, following), _MAX_WAYS**2)
    return ways


def _ways_of(name: str, argument: Any, following: Any) -> int:
    if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
        return _ways_of_repeat(argument, following)
    if name == "BRANCH":
        return _ways_of_branches([list(branch) for branch in argument[1]])
    if name in {"SUBPATTERN", "ASSERT", "ASSERT_NOT"}:
        return _ways(argument[-1])
    if name == "ATOMIC_GROUP":
        return _ways(argument)
    if name in {"GROUPREF", "GROUPREF_EXISTS"}:
        raise _Runaway("refers back to a group, which can take for ever; write the words out")
    return 1


def _ways_of_branches(branches: list[list[Any]]) -> int:
    """Branches that begin with different letters exclude each other."""
    beginnings = [_letters(*_beginning(branch[0])) if branch else None for branch in branches]
    known = [fits for fits in beginnings if fits is not None]
    exclusive = len(known) == len(branches) and all(sum(fits(letter) for fits in known) <= 1 for letter in _PROBES)
    ways = [_ways(branch) for branch in branches]
    return max(ways) if exclusive else sum(ways)


def _ways_of_repeat(argument: Any, following: Any) -> int:
    least, most, body = int(argument[0]), min(int(argument[1]), MAX_LETTERS), list(argument[2])
    inner = _ways(body)
    if inner > 1 and most > 1:
        raise _Runaway("repeats what can itself fit in several ways, which can take for ever; take one of the two away")
    if len(body) == 1 and following is not None and _apart(body[0], following):
        return inner
    return inner * max(1, most - least + 1)


def _apart(repeated: Any, following: Any) -> bool:
    """Whether no letter fits both, so that there is one way alone to part them."""
    one, other = _letters(*repeated), _letters(*_beginning(following))
    return one is not None and other is not None and not any(one(letter) and other(letter) for letter in _PROBES)


def _beginning(item: Any) -> Any:
    while str(item[0]) in {"MAX_REPEAT", "MIN_REPEAT", "SUBPATTERN"}:
        if str(item[0]) != "SUBPATTERN" and item[1][0] == 0:
            return ("UNKNOWN", None)
        inner = list(item[1][-1])
        if not inner:
            return ("UNKNOWN", None)
        item = inner[0]
    return item


_PROBES = tuple(map(chr, (*range(0x250), 0x3B1, 0x436, 0x5D0, 0x627, 0x660, 0x2028, 0x3042, 0x4E00, 0x1F600)))
_CATEGORIES: dict[str, Callable[[str], bool]] = {
    "CATEGORY_DIGIT": str.isdecimal,
    "CATEGORY_SPACE": str.isspace,
    "CATEGORY_WORD": lambda letter: letter.isalnum() or letter == "_",
}


def _letters(name: Any, argument: Any) -> Callable[[str], bool] | None:
    """Which single letters an item fits; None where it is not about single letters."""
    if str(name) == "ANY":
        return lambda letter: letter != "\n"
    if str(name) == "LITERAL":
        return lambda letter: letter.casefold() == chr(argument).casefold()
    if str(name) == "NOT_LITERAL":
        return lambda letter: letter != chr(argument)
    if str(name) == "IN":
        return _letters_in(argument)
    return None


def _letters_in(members: Any) -> Callable[[str], bool]:
    tests = [_member(str(name), argument) for name, argument in members if str(name) != "NEGATE"]
    negated = any(str(name) == "NEGATE" for name, _ in members)
    return lambda letter: any(test(letter) for test in tests) != negated


def _member(name: str, argument: Any) -> Callable[[str], bool]:
    if name == "RANGE":
        return lambda letter: any(argument[0] <= ord(case) <= argument[1] for case in letter.lower() + letter.upper())
    if name == "LITERAL":
        return lambda letter: letter.casefold() == chr(argument).casefold()
    category = str(argument)
    if "_NOT_" in category:
        known = _CATEGORIES[category.replace("_NOT_", "_")]
        return lambda letter: not known(letter)
    return _CATEGORIES[category]
