"""The few words of X's query language that the simulated search knows; any other is refused."""

from __future__ import annotations

import re
from collections.abc import Callable

from socialbench.demo.parameters import invalid
from socialbench.demo.world import Post

Matcher = Callable[[Post], bool]
_TERM = re.compile(r"\s*(-?)(?:\(([^()]*)\)|([^\s()]+))")


def matcher_of(query: str) -> Matcher:
    """Whether a post fits a query. Raises RequestError.

    A query is terms that must all fit, `-` before one that must not, brackets around some joined by OR; terms are
    `@name`, `to:name`, `from:name`, `conversation_id:id`, `is:reply` and `is:retweet`.
    """
    terms: list[Matcher] = []
    at = 0
    while at < len(query.rstrip()):
        found = _TERM.match(query, at)
        if found is None:
            raise invalid(f"Ambiguous or unknown use of brackets in the query at {at}")
        minus, bracketed, single = found.groups()
        several = [_term(text.strip()) for text in bracketed.split(" OR ")] if bracketed is not None else [_term(single)]
        terms.append(_any_of(several, bool(minus)))
        at = found.end()
    if not terms:
        raise invalid("the query is empty")
    return lambda post: all(term(post) for term in terms)


def _any_of(terms: list[Matcher], negated: bool) -> Matcher:
    return lambda post: any(term(post) for term in terms) is not negated


def _term(text: str) -> Matcher:
    name, _, value = text.partition(":")
    if text.startswith("@") and len(text) > 1:
        return lambda post: text.casefold() in post.text.casefold().split()
    known: dict[str, Matcher] = {
        "to": lambda post: post.parent is not None and post.parent.author.handle.casefold() == value.casefold(),
        "from": lambda post: post.author.handle.casefold() == value.casefold(),
        "conversation_id": lambda post: post.root.id == value,
    }
    if name in known and value:
        return known[name]
    if text == "is:reply":
        return lambda post: post.parent is not None
    if text == "is:retweet":
        return lambda post: False
    raise invalid(f"the query's term {text[:40]} is not known")
