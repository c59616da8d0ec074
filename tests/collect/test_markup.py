"""HTML as plain text: lines, entities, what is dropped, and hostile input in linear time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialbench.collect.markup import plain


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one<br>two</p><p>three</p>", "one\ntwo\n\nthree"),
        ("<p>one</p>\n\n<p>two</p>", "one\n\ntwo"),
        ("<p>a <b>bold</b> word</p>", "a bold word"),
        ("my&nbsp;caf&eacute; &amp; &#39;bar&#x27; &lt;b&gt;", "my\xa0café & 'bar' <b>"),
        ("a<script>alert(1)</script><style>p{}</style>b", "ab"),
        ("<ul><li>one</li><li>two</li></ul>", "one\ntwo"),
        ("<pre><code>if x:\n    y</code></pre>", "if x:\n    y"),
        ('<span class="h-card"><a href="https://a.test/@acme">@<span>acme</span></a></span> help', "@acme help"),
        ('nice <img class="emoji" alt=":smile:" src="/s.png"> one', "nice :smile: one"),
        ('<img alt="a photo" src="/p.png">', ""),
        ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
        ("cut in a tag <a href='", "cut in a tag"),
        ("</p></div>words", "words"),
        ("", ""),
    ],
)
def test_markup_is_read_as_a_person_sees_it(html: str, text: str) -> None:
    assert plain(html) == text


QUOTED = '<aside class="quote"><blockquote><p>theirs</p></blockquote></aside><p>mine</p>'


def test_markup_quotes_are_dropped_on_request() -> None:
    assert plain(QUOTED) == "theirs\n\nmine"
    assert plain(QUOTED, quotes=False) == "mine"
    assert plain("<blockquote>a<blockquote>b</blockquote>c</blockquote>d", quotes=False) == "d"
    assert plain('<aside class="onebox"><p>preview</p></aside>see above', quotes=False) == "see above"


@pytest.mark.parametrize("piece", ["<a ", "<!--", "</", "<a b='", "<div>", "&#", "<![CDATA[", "<?", "<script></scrip", "<"])
def test_markup_that_never_ends_is_read_in_linear_time(piece: str) -> None:
    started = time.monotonic()
    plain(piece * 50_000)
    assert time.monotonic() - started < 10  # Beginning anew at each piece would take many minutes.


@given(st.text(alphabet="<>/ab&;'\"=!-p# \n", max_size=200))
def test_markup_of_any_kind_is_text(html: str) -> None:
    assert plain(html) == plain(html).strip()
    assert len(plain(html)) <= 2 * len(html) + 2
