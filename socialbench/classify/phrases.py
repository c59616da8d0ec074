"""Finding phrases in words: a trie of words, read from left to right, longest first."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from socialbench.classify.folding import BREAK, fold, tokens

Meaning = TypeVar("Meaning")

_GAP = ".."
_MAX_GAP = 3
_MAX_SPELLINGS = 5_000
_REMEMBERED = 50_000


@dataclass(slots=True)
class _Node(Generic[Meaning]):
    words: dict[str, _Node[Meaning]] = field(default_factory=dict)
    stems: dict[str, _Node[Meaning]] = field(default_factory=dict)
    gap: _Node[Meaning] | None = None
    meaning: Meaning | None = None

    def followers(self, word: str) -> tuple[_Node[Meaning], ...]:
        """Nodes that `word` leads to, the most exact first."""
        found = [self.words[word]] if word in self.words else []
        if self.stems:
            beginnings = (self.stems.get(word[:end]) for end in range(len(word), 0, -1))
            found += [node for node in beginnings if node is not None]
        return tuple(found)


@dataclass(slots=True)
class Hit(Generic[Meaning]):
    """A phrase stands at words[start:end]."""

    start: int
    end: int
    meaning: Meaning


class Phrases(Generic[Meaning]):
    """Phrases, each with a meaning; the syntax is told in `socialbench.classify.words`."""

    def __init__(self, openers: Iterable[str] = ()) -> None:
        self._anywhere: _Node[Meaning] = _Node()
        self._beginning: _Node[Meaning] = _Node()
        self._openers = frozenset(fold(word) for word in openers)
        self._known: dict[str, tuple[_Node[Meaning], ...]] = {}
        self._known_beginnings: dict[str, tuple[_Node[Meaning], ...]] = {}

    def add(self, phrase: str, meaning: Meaning) -> Meaning:
        """Adds a phrase and says what it means now: another meaning than `meaning` where it was there before.

        Raises ValueError for a phrase without a word, or one that could be spelled in too many ways.
        """
        self._known.clear()
        self._known_beginnings.clear()
        root = self._beginning if phrase.startswith("^") else self._anywhere
        nodes = [self._node(root, parts) for parts in spelled(phrase.removeprefix("^"))]
        for node in nodes:
            if node.meaning is None:
                node.meaning = meaning
        return next((node.meaning for node in nodes if node.meaning not in {None, meaning}), meaning)

    def _node(self, node: _Node[Meaning], parts: Sequence[str]) -> _Node[Meaning]:
        for part in parts:
            if part == _GAP:
                node.gap = node.gap or _Node()
                node = node.gap
            elif part.endswith("*"):
                node = node.stems.setdefault(part[:-1], _Node())
            else:
                node = node.words.setdefault(part, _Node())
        return node

    def scan(self, words: Sequence[str]) -> Iterator[Hit[Meaning]]:
        """The phrases in `words` from left to right; each word belongs to one at most."""
        at, beginning, known = 0, True, self._known
        while at < len(words):
            word = words[at]
            if word == BREAK:
                at, beginning = at + 1, True
                continue
            nodes = known.get(word)
            if nodes is None:
                nodes = _remembered(known, self._anywhere, word)
            if beginning:
                nodes = (*nodes, *self._begun(word))
            best = _longest(words, at, nodes) if nodes else None
            beginning = beginning and word in self._openers
            if best is None:
                at += 1
            else:
                yield best
                at = best.end

    def _begun(self, word: str) -> tuple[_Node[Meaning], ...]:
        known = self._known_beginnings.get(word)
        return _remembered(self._known_beginnings, self._beginning, word) if known is None else known


def _remembered(known: dict[str, tuple[_Node[Meaning], ...]], root: _Node[Meaning], word: str) -> tuple[_Node[Meaning], ...]:
    if len(known) >= _REMEMBERED:
        known.clear()
    nodes = known[word] = root.followers(word)
    return nodes


def _longest(words: Sequence[str], at: int, nodes: Iterable[_Node[Meaning]]) -> Hit[Meaning] | None:
    best_end, best = 0, None
    for node in nodes:
        for end, meaning in _ends(node, words, at + 1):
            if end > best_end:
                best_end, best = end, meaning
    return None if best is None else Hit(at, best_end, best)


def _ends(node: _Node[Meaning], words: Sequence[str], at: int) -> Iterator[tuple[int, Meaning]]:
    if node.meaning is not None:
        yield at, node.meaning
    if at < len(words) and words[at] != BREAK and (node.words or node.stems):
        for follower in node.followers(words[at]):
            yield from _ends(follower, words, at + 1)
    if node.gap is not None:
        for skipped in range(_MAX_GAP + 1):
            if BREAK in words[at : at + skipped] or at + skipped >= len(words):
                break
            for follower in node.gap.followers(words[at + skipped]):
                yield from _ends(follower, words, at + skipped + 1)


def spelled(phrase: str) -> list[tuple[str, ...]]:
    """The plain sequences of words behind a phrase.

    >>> spelled("has|have not~ been")
    [('has', 'not', 'been'), ('has', 'been'), ('have', 'not', 'been'), ('have', 'been')]
    """
    choices = [_choices(part) for part in phrase.split()]
    count = 1
    for choice in choices:
        count *= len(choice)
    if count > _MAX_SPELLINGS:
        raise ValueError(f"{phrase!r} stands for {count} phrases; write several")
    found = list(dict.fromkeys(tuple(itertools.chain(*words)) for words in itertools.product(*choices)))
    for words in found:
        if not words or _GAP in (words[0], words[-1]) or "*" in words:
            raise ValueError(f"{phrase!r} must begin and end with a word")
    return found


def _choices(part: str) -> list[tuple[str, ...]]:
    if part == _GAP:
        return [(_GAP,)]
    optional = part.endswith("~")
    choices = [_one(word) for word in part.rstrip("~").split("|")]
    return [*choices, ()] if optional else choices


def _one(word: str) -> tuple[str, ...]:
    """An entry such as `e-mail*` is two words, of which the last may go on."""
    found = [token for token in tokens(fold(word.rstrip("*"))) if token != BREAK]
    if found and word.endswith("*"):
        found[-1] += "*"
    return tuple(found)
