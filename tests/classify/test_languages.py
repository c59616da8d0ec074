"""German, Spanish, languages without rules, and no language at all. Every sentence is invented."""

from __future__ import annotations

import pytest

from socialbench.classify.inbound import Inbound
from socialbench.classify.kinds import Kind, ReplyKind, Rules
from socialbench.classify.words import languages, load_words

GERMAN = [
    ("Wo bleibt mein Paket", Kind.QUESTION),
    ("Wann öffnet ihr heute?", Kind.QUESTION),
    ("warum ist die Filiale zu", Kind.QUESTION),
    ("Gibt es noch Karten", Kind.REQUEST),
    ("Könnt ihr mich bitte zurückrufen", Kind.REQUEST),
    ("Bitte stornieren", Kind.REQUEST),
    ("Ich brauche eine neue Rechnung", Kind.REQUEST),
    ("Seit drei Tagen kein Internet", Kind.COMPLAINT),
    ("Die App stürzt ständig ab", Kind.COMPLAINT),
    ("Die App stuerzt staendig ab", Kind.COMPLAINT),
    ("Unverschämt, keiner meldet sich", Kind.COMPLAINT),
    ("Das ist nicht gut", Kind.COMPLAINT),
    ("Mein Koffer ist nicht angekommen", Kind.COMPLAINT),
    ("Super Service, immer wieder gerne", Kind.PRAISE),
    ("Ihr seid die Besten", Kind.PRAISE),
    ("Noch nie Probleme gehabt, alles bestens, sehr zufrieden", Kind.PRAISE),
    ("Vielen Dank für die schnelle Hilfe!", Kind.THANKS),
    ("danke schön", Kind.THANKS),
    ("alles klar, mach ich", Kind.OTHER),
]
SPANISH = [
    ("¿Dónde está mi pedido", Kind.QUESTION),
    ("cuando llega el tecnico", Kind.QUESTION),
    ("¿Cuánto cuesta la maleta?", Kind.QUESTION),
    ("Por favor respondan", Kind.REQUEST),
    ("necesito cambiar mi vuelo", Kind.REQUEST),
    ("me pueden ayudar con mi factura", Kind.REQUEST),
    ("Llevo tres horas esperando", Kind.COMPLAINT),
    ("No funciona la aplicación", Kind.COMPLAINT),
    ("no funciona la aplicacion", Kind.COMPLAINT),
    ("Pésimo servicio, nadie contesta", Kind.COMPLAINT),
    ("me cobraron dos veces", Kind.COMPLAINT),
    ("no estoy contento", Kind.COMPLAINT),
    ("Excelente servicio, lo recomiendo", Kind.PRAISE),
    ("Me encanta la app", Kind.PRAISE),
    ("Muchas gracias por su ayuda", Kind.THANKS),
    ("gracias", Kind.THANKS),
    ("ok, enviado", Kind.OTHER),
]


@pytest.mark.parametrize(("lang", "text", "kind"), [*(("de", *one) for one in GERMAN), *(("es", *one) for one in SPANISH)])
def test_german_and_spanish_give_each_kind(rules: Rules, lang: str, text: str, kind: Kind) -> None:
    label = rules.inbound(text, lang)
    assert Kind(label.kind) is kind, label.rule


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Wo ist mein Paket und warum meldet ihr euch nicht", "de"),
        ("¿Por qué no me han respondido todavía?", "es"),
        ("Why have you not answered me yet?", "en"),
        ("Thanks!", "en"),
        ("Merci beaucoup pour votre aide et à bientôt", "fr"),
        ("Muito obrigado pela ajuda, vocês são bons", "pt"),
        ("Ik heb nog geen antwoord van jullie", "nl"),
        ("Non ho ancora ricevuto il pacco", "it"),
        ("xkcd qwzr", None),
        ("abi kargom is nerede kaldi hocam", None),
    ],
)
def test_language_is_told_by_the_words_where_the_network_says_nothing(rules: Rules, text: str, lang: str | None) -> None:
    assert rules.inbound(text, "und").lang == lang


def test_language_of_the_network_outranks_the_words(rules: Rules) -> None:
    assert rules.inbound("where is my order", "tr").rule == "sign:other:none"


def test_detector_counts_unless_the_words_are_clear() -> None:
    rules = Rules(detect=lambda text: "pcm")
    assert rules.inbound("where is my order and why do you not answer").lang == "en"
    assert rules.inbound("oga abeg wetin dey happen").lang == "pcm"


@pytest.mark.parametrize(
    ("text", "kind", "dismissed"),
    [
        ("Kargom nerede?", Kind.QUESTION, False),
        ("min kok lemot banget??", Kind.QUESTION, False),
        ("荷物はまだですか？", Kind.QUESTION, False),
        ("أين طلبي؟", Kind.QUESTION, False),
        ("¿?", Kind.QUESTION, False),
        ("kargom gelmedi 😡", Kind.COMPLAINT, False),
        ("ありがとう ❤", Kind.PRAISE, True),
        ("kargom gelmedi", Kind.OTHER, False),
        ("👍👍", Kind.OTHER, True),
        ("@acme 🙏🏽", Kind.OTHER, True),
        (":)", Kind.OTHER, True),
        ("", Kind.OTHER, True),
        ("@acme", Kind.OTHER, True),
        ("https://acme.example/photo", Kind.OTHER, False),
        ("12345", Kind.OTHER, False),
    ],
)
def test_signs_need_no_language(rules: Rules, text: str, kind: Kind, dismissed: bool) -> None:
    label = rules.inbound(text)
    assert (Kind(label.kind), rules.dismisses(label)) == (kind, dismissed), label.rule
    assert label.rule.startswith("sign:")


@pytest.mark.parametrize(
    ("text", "stars", "kind"),
    [
        ("Great app", 1, Kind.COMPLAINT),
        ("Great app", 3, Kind.PRAISE),
        ("Uygulama", 5, Kind.PRAISE),
        ("Uygulama", 3, Kind.OTHER),
        ("Uygulama", 2, Kind.COMPLAINT),
        ("", 1, Kind.COMPLAINT),
        ("How do I log in?", 5, Kind.QUESTION),
        ("It crashes every time", 5, Kind.COMPLAINT),
    ],
)
def test_stars_speak_where_words_do_not(rules: Rules, text: str, stars: int, kind: Kind) -> None:
    assert Kind(rules.inbound(text, None, stars).kind) is kind


@pytest.mark.parametrize(
    ("lang", "text", "kind"),
    [
        ("de", "Schick uns bitte eine DM mit deiner Nummer", ReplyKind.HANDOFF_PRIVATE),
        ("de", "Bitte nutze das Kontaktformular: https://acme.example", ReplyKind.HANDOFF_LINK),
        ("de", "Das tut uns leid. Wir kümmern uns darum.", ReplyKind.ACKNOWLEDGEMENT),
        ("de", "Der Zug fährt um 12:05 Uhr auf Gleis 3 ab.", ReplyKind.SUBSTANTIVE),
        ("es", "Escríbenos por mensaje privado", ReplyKind.HANDOFF_PRIVATE),
        ("es", "Por favor llámanos al 900 123 456", ReplyKind.HANDOFF_LINK),
        ("es", "Lamentamos lo ocurrido, lo revisaremos.", ReplyKind.ACKNOWLEDGEMENT),
        ("es", "El pedido sale el lunes de Madrid", ReplyKind.SUBSTANTIVE),
        ("ja", "ご連絡ください", ReplyKind.SUBSTANTIVE),
    ],
)
def test_replies_are_told_apart_in_german_and_spanish(rules: Rules, lang: str, text: str, kind: ReplyKind) -> None:
    label = rules.reply(text, lang)
    assert ReplyKind(label.kind) is kind, label.rule


def test_rules_name_their_language_kind_and_group(rules: Rules) -> None:
    label = rules.inbound("You promised it and never answered", "en-US")
    assert label.rule.split(":")[:2] == ["en", "complaint"]
    assert label.lang == "en"


@pytest.mark.parametrize("lang", languages())
def test_word_lists_hold_each_phrase_in_one_section(lang: str) -> None:
    words = load_words(lang)
    assert words.stopwords
    assert Inbound(words).clashes == []


def test_word_lists_know_only_documented_sections() -> None:
    inbound = {"neutral", "complaint", "trouble", "request", "wish", "question", "thanks", "praise", "resolved", "closing"}
    reply = {"handoff_private", "handoff_link", "acknowledgement"}
    for lang in languages():
        assert set(load_words(lang).inbound) <= inbound
        assert set(load_words(lang).reply) <= reply
