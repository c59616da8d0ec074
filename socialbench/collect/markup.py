"""HTML as networks deliver texts, read as the plain text that a person sees. Standard library only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from html.parser import HTMLParser
from types import MappingProxyType

_UNSEEN = frozenset({"script", "style", "template", "head", "noscript", "svg", "iframe", "object"})
_PARAGRAPHS = frozenset({"p", "pre", "blockquote", "aside", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6"})
_LINES = frozenset({"div", "li", "tr", "hr", "section", "article", "details", "summary", "dt", "dd", "figure", "figcaption"})
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
_OTHERS_WORDS = frozenset({"quote", "onebox"})
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
_UNFINISHED = re.compile(r"<[^<>]*>?")
_LARGEST = 1_000_000


def plain(html: str, quotes: bool = True, links: Mapping[str, str] = MappingProxyType({})) -> str:
    """The text of `html`: lines kept, scripts and styles dropped, entities decoded. `quotes` False: without others' words.
    `links`: addresses whose links are written as other words than they show.

    A text longer than a million letters is cut before it is read: no person wrote it.

    >>> plain("<p>My router&#39;s<br>dead</p><p>Help &amp; hurry</p>")
    "My router's\\ndead\\n\\nHelp & hurry"
    >>> plain("<blockquote><p>It works.</p></blockquote><p>It does not.</p>", quotes=False)
    'It does not.'
    """
    reader = _Reader(quotes, links)
    # Not closed: at the end of an unfinished tag the library would begin anew at each further letter `<`.
    reader.feed(html[:_LARGEST] + " ")
    reader.take_unfinished()
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self, quotes: bool, links: Mapping[str, str]) -> None:
        super().__init__(convert_charrefs=True)
        self._quotes = quotes
        self._links = links
        self._parts: list[str] = []
        self._breaks = 0
        self._blank = False
        self._verbatim = 0
        self._dropped = ""
        self._depth = 0

    def text(self) -> str:
        """What was read so far."""
        return "".join(self._parts).strip()

    def take_unfinished(self) -> None:
        """Read what stands behind a tag that never ends, tags cut out."""
        rest = "" if self._dropped or self.cdata_elem else self.rawdata
        self._write(unescape(_UNFINISHED.sub(" ", rest)))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin what a tag begins: a line, a paragraph, or something that is not read."""
        if self._dropped:
            self._depth += tag == self._dropped
            return
        classes = set((dict(attrs).get("class") or "").split())
        words = self._links.get(dict(attrs).get("href") or "") if tag == "a" else None
        if words:
            self._write(words)
            self._dropped, self._depth = tag, 1
            return
        if tag not in _VOID and self._is_unread(tag, classes):
            self._dropped, self._depth = tag, 1
        if tag == "img" and "emoji" in classes:
            self._write(dict(attrs).get("alt") or "")
        self._verbatim += tag == "pre"
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        """End what a tag ends; an end without a beginning is nothing."""
        if self._dropped:
            self._depth -= tag == self._dropped
            if self._depth == 0:
                self._dropped = ""
                self._break(tag)
            return
        if tag == "pre":
            self._verbatim = max(0, self._verbatim - 1)
        if tag != "br":
            self._break(tag)

    def handle_data(self, data: str) -> None:
        """Text, its blanks as a browser shows them."""
        if not self._dropped:
            self._write(data)

    def _is_unread(self, tag: str, classes: set[str]) -> bool:
        foreign = tag == "blockquote" or (tag == "aside" and bool(classes & _OTHERS_WORDS))
        return tag in _UNSEEN or (foreign and not self._quotes)

    def _break(self, tag: str) -> None:
        if tag == "br":
            self._breaks = min(self._breaks + 1, 2)
        elif tag in _PARAGRAPHS:
            self._breaks = 2
        elif tag in _LINES:
            self._breaks = max(self._breaks, 1)

    def _write(self, data: str) -> None:
        shown = data if self._verbatim else _BLANKS.sub(" ", data)
        if not shown.strip() and not self._verbatim:
            self._blank |= bool(shown)
            return
        if self._breaks:
            self._parts.append("\n" * self._breaks)
            shown = shown if self._verbatim else shown.lstrip(" ")
        elif self._blank and not shown.startswith(" "):
            self._parts.append(" ")
        self._breaks, self._blank = 0, False
        if not self._verbatim and shown.endswith(" "):
            shown, self._blank = shown[:-1], True
        self._parts.append(shown)
