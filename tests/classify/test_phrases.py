"""The syntax of the word lists."""

from __future__ import annotations

import pytest

from socialbench.classify.folding import fold, tokens
from socialbench.classify.language import primary
from socialbench.classify.phrases import Phrases
from socialbench.classify.words import Words


def found(phrases: list[str], text: str) -> list[str]:
    trie: Phrases[str] = Phrases(["so"])
    for phrase in phrases:
        trie.add(phrase, phrase)
    return [hit.meaning for hit in trie.scan(tokens(fold(text)))]


@pytest.mark.parametrize(
    ("phrase", "fits", "fails"),
    [
        ("deliver*", "It was delivered", "It was livered"),
        ("has|have been", "you have been told", "you had been told"),
        ("so~ bad", "bad", "worse"),
        ("still .. broken", "still a bit broken", "still, it is broken"),
        ("still .. broken", "still broken", "still one two three four broken"),
        ("^how", "So how?", "and that is how"),
        ("^how", "Well. How?", "tell me how"),
        ("#fail*", "what a #failure", "what a failure"),
        ("e-mail", "an E mail", "an email"),
        ("can't", "I cant", "I can t"),
    ],
)
def test_phrase_syntax_fits_what_it_says(phrase: str, fits: str, fails: str) -> None:
    assert found([phrase], fits) == [phrase]
    assert found([phrase], fails) == []


def test_longest_phrase_uses_up_its_words() -> None:
    assert found(["thanks", "thanks for nothing", "nothing"], "Thanks for nothing") == ["thanks for nothing"]
    assert found(["no", "no way", "way out"], "no way out") == ["no way"]


@pytest.mark.parametrize("phrase", ["", "..", "still ..", "*", "~", "a|b|c|d|e|f " * 6])
def test_phrases_that_say_nothing_are_refused(phrase: str) -> None:
    with pytest.raises(ValueError):
        found([phrase], "still")


def test_spellings_know_a_languages_other_letters() -> None:
    assert Words("de", "German", variants={"ü": "ue"}).spellings("über") == ("uber", "ueber")
    assert Words("es", "Spanish").spellings("señal") == ("senal",)


@pytest.mark.parametrize(
    ("field", "lang"),
    [("en-GB", "en"), ("DE", "de"), ("pt_BR", "pt"), ("und", None), ("", None), (None, None), ("qht", None), ("1", None)],
)
def test_language_fields_are_read_as_networks_write_them(field: str | None, lang: str | None) -> None:
    assert primary(field) == lang
