"""What holds for every text."""

from __future__ import annotations

import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from socialbench.classify.folding import MAX_LETTERS, fold, plain, tokens
from socialbench.classify.kinds import Extensions, Kind, ReplyKind, Rules
from tests.classify.conftest import no_detector

RULES = Rules(Extensions(topics={"bills": ["bill*", "/in\\w{0,9}ce/"]}), detect=no_detector)
SPOKEN = """
thanks great but not never still my parcel late please can you help where is it worst service app crashes ok done
problem love your team ? ! . , :) danke nicht kaputt gracias pero ayuda 😡 👍 #fail
"""
WORDS = st.sampled_from(SPOKEN.split())
SENTENCES = st.lists(WORDS, max_size=25).map(" ".join)
LANGS = st.sampled_from([None, "en", "de-AT", "es", "fr", "und", "", "qme", "x" * 50, "日本"])
STARS = st.sampled_from([None, 1, 2, 3, 4, 5])


@settings(deadline=None)
@given(text=st.text(max_size=300) | SENTENCES, lang=LANGS, stars=STARS)
def test_labels_are_given_to_any_text_and_always_the_same(text: str, lang: str | None, stars: int | None) -> None:
    label = RULES.inbound(text, lang, stars)
    reply = RULES.reply(text, lang)
    assert label == RULES.inbound(text, lang, stars)
    assert reply == RULES.reply(text, lang)
    assert label.kind in set(Kind)
    assert reply.kind in set(ReplyKind)
    assert label.rule.count(":") >= 2
    assert not (RULES.asks(label) and RULES.dismisses(label))
    assert RULES.topics(text) in {(), ("bills",)}


@settings(deadline=None)
@given(text=SENTENCES, lang=st.sampled_from(["en", "de", "es", None]))
def test_labels_do_not_depend_on_case(text: str, lang: str | None) -> None:
    assert RULES.inbound(text.upper(), lang) == RULES.inbound(text, lang)
    assert RULES.reply(text.upper(), lang) == RULES.reply(text, lang)


@settings(deadline=None)
@given(text=SENTENCES, lang=st.sampled_from(["en", "de", "es", None]), place=st.integers(0, 25))
def test_labels_do_not_depend_on_handles_and_links(text: str, lang: str | None, place: int) -> None:
    words = text.split()
    # Without a word a link is all there is, and may be the picture of the damage.
    assume(any(word.isalnum() for word in words))
    other = " ".join([*words[:place], "@terrible_help", "https://worst.example/where?late=1", *words[place:]])
    assert RULES.inbound(f"@Acme @thanks.bad {other}", lang) == RULES.inbound(text, lang)


@settings(deadline=None)
@given(text=SENTENCES)
def test_apostrophes_and_entities_do_not_matter(text: str) -> None:
    expected = RULES.inbound(f"{text} can't & won't", "en")
    assert RULES.inbound(f"{text} can’t &amp; won’t", "en") == expected
    assert RULES.inbound(f"{text} cant & wont", "en") == expected


@given(text=st.text(st.characters(max_codepoint=127), max_size=200))
def test_ascii_shortcut_of_tokens_agrees_with_the_long_way(text: str) -> None:
    # One letter beyond ASCII sends the same text the long way; repeated breaks say no more than one.
    def once(words: list[str]) -> list[str]:
        return [word for place, word in enumerate(words) if word != "." or words[place - 1 : place] != ["."]]

    folded = fold(text).replace("#", "")
    assert once(tokens(folded)) == once(tokens(f"{folded} й")[:-1])


def test_mojibake_is_read_as_it_was_written() -> None:
    assert plain("I canâ€™t log in") == "I can't log in"
    assert plain("fÃ¼r Ã¤rger") == "für ärger"
    assert plain("SÃO PAULO não") == "SÃO PAULO não"


HUGE = [
    "a",
    "no ",
    "@a ",
    "https://x.example/ ",
    "1 ",
    "((",
    "é",
    "#",
    "a.",
    "not thanks but ",
    "&amp;",
    "-",
    "😡",
    "1234 ",
    "a@b.",
    "www.",
    "\x00",
    "\ud800",
]


@pytest.mark.parametrize("piece", HUGE)
def test_huge_texts_take_no_longer_than_their_beginning(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    started = time.process_time()
    RULES.inbound(text)
    RULES.reply(text)
    RULES.topics(text)
    assert time.process_time() - started < 2
    assert len(plain(text)) <= MAX_LETTERS
