"""What the invented people and brands say, in three languages. Slots: {n} number, {place}, {day}, {name}, {sign}, {help}."""

from __future__ import annotations

CONCERNS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "Travel": (
            "my booking {n} to {place} shows the wrong date, can you change it?",
            "we have been waiting at {place} for two hours and nobody tells us anything",
            "how do I get a refund for {n}? The form keeps failing",
            "is the {day} service to {place} running or not?",
            "my bag did not arrive in {place}, reference {n}",
            "why was I charged twice for seat {n}?",
        ),
        "Telecom": (
            "no signal in {place} since {day}, is there an outage?",
            "the router restarts every hour, ticket {n} is open for a week now",
            "how can I take my number with me? Your page gives error {n}",
            "third bill in a row that is wrong, this time by {n}",
            "the technician did not come on {day}. Again.",
            "does roaming work in {place}?",
        ),
        "Banking": (
            "my card was declined in {place} although there is money on it",
            "the app logs me out with code {n}, any idea?",
            "how long does a transfer to {place} take?",
            "I reported a strange payment of {n} on {day} and hear nothing",
            "why is there a fee of {n} on my statement?",
            "cannot reach anybody on the phone since {day}",
        ),
        "Retail": (
            "order {n} was to come on {day}, where is it?",
            "got the wrong size in order {n}, how do I send it back?",
            "is the blue one back in stock in {place}?",
            "my voucher {n} is not accepted at the till",
            "the parcel was left in the rain in {place}",
            "you took the money twice for {n}",
        ),
        "Media": (
            "episode {n} stops after ten minutes on my set",
            "why can I not cancel online? Tried since {day}",
            "subtitles are two seconds late since {day}",
            "when does the new series start in {place}?",
            "charged {n} although I left in spring",
            "the app crashes at every start, version {n}",
        ),
        "Utilities": (
            "no water in {place} since {day}, what is going on?",
            "meter reading {n} is not accepted on your page",
            "my bill went up to {n}, can somebody explain that?",
            "power cut in {place}, when will it be back?",
            "nobody came for the appointment on {day}, case {n}",
            "how do I tell you that I am moving to {place}?",
        ),
    },
    "de": {
        "*": (
            "seit {day} geht in {place} nichts mehr, wann wird das repariert?",
            "Vorgang {n} ist seit zwei Wochen offen, und niemand meldet sich",
            "warum wurden mir {n} doppelt abgebucht?",
            "wie kann ich den Vertrag {n} kündigen? Die Seite hängt",
            "der Termin am {day} wurde nicht eingehalten, schon wieder",
            "gibt es in {place} gerade eine Störung?",
            "die App zeigt Fehler {n}, was tun?",
        ),
    },
    "es": {
        "*": (
            "desde el {day} no funciona nada en {place}, ¿cuándo lo arreglan?",
            "el pedido {n} no ha llegado todavía, ¿dónde está?",
            "me han cobrado {n} dos veces, ¿por qué?",
            "¿cómo puedo cambiar la fecha de {n}?",
            "llevo una hora al teléfono y nadie contesta",
            "la aplicación da el error {n} desde el {day}",
        ),
    },
}

PASSING: dict[str, tuple[str, ...]] = {
    "en": (
        "Finally an upgrade: switched to {handle} this week",
        "Queue of {n} people in {place} today, of course it is {handle}",
        "Good morning {place}! Coffee, sun, and {handle} on time for once",
        "Reading about {handle} in the paper, quite a story",
        "Anyone else with {handle}? Thinking of leaving mine",
    ),
    "de": ("Heute in {place} mit {handle} unterwegs, alles ruhig", "Wer ist noch bei {handle}? Überlege zu wechseln"),
    "es": ("Hoy en {place} con {handle}, todo tranquilo", "¿Alguien más con {handle}? Estoy pensando en cambiar"),
}

RUMOURS: dict[str, tuple[str, ...]] = {
    "en": (
        "Is it only me, or is {brand} in trouble in {place} today?",
        "{place} Courier: our readers write about {brand}. What about you?",
    ),
    "de": ("Geht es nur mir so mit {brand} in {place}?", "{place}er Bote: Leser berichten über {brand}. Und bei Ihnen?"),
    "es": ("¿Solo me pasa a mí con {brand} en {place}?", "El Diario de {place}: los lectores hablan de {brand}. ¿Y usted?"),
}

NUDGES: dict[str, tuple[str, ...]] = {
    "en": ("any news on this?", "still waiting", "hello? Anybody there?", "case {n}, day three"),
    "de": ("gibt es etwas Neues?", "ich warte immer noch", "hallo? Ist da jemand?"),
    "es": ("¿hay novedades?", "sigo esperando", "¿hola? ¿Hay alguien?"),
}

THANKS: dict[str, tuple[str, ...]] = {
    "en": ("Thanks, that helped!", "Sent, thank you", "Great, works again", "Ok, the number is {n}", "That does not help at all"),
    "de": ("Danke, das hat geholfen!", "Ist unterwegs, danke", "Die Nummer ist {n}", "Das hilft mir nicht"),
    "es": ("¡Gracias, ya funciona!", "Enviado, gracias", "El número es {n}", "Eso no me ayuda"),
}

SAME_HERE: dict[str, tuple[str, ...]] = {
    "en": ("Same here in {place}", "Me too, since {day}", "They told me the same last year"),
    "de": ("Bei mir in {place} auch", "Geht mir genauso"),
    "es": ("A mí me pasa lo mismo en {place}", "Igual aquí"),
}

ANSWERS: dict[str, tuple[str, ...]] = {
    "en": (
        "Hi {name}, sorry about this. We looked at it and {n} is corrected now. {sign}",
        "Hello {name}, thanks for telling us. The team in {place} is on it and expects to be done by {day}. {sign}",
        "Hi {name}, please restart once and try again, that solves it in most cases. {sign}",
        "Sorry for the wait, {name}! It takes two working days, then you get a mail. {sign}",
        "Good question, {name}. You find it under Account, then Services. {sign}",
        "Hi {name}, this was our mistake. The amount of {n} goes back to you by {day}. {sign}",
    ),
    "de": (
        "Hallo {name}, das tut uns leid. Vorgang {n} ist jetzt korrigiert. {sign}",
        "Hallo {name}, danke für den Hinweis. Die Kollegen in {place} sind bis {day} fertig. {sign}",
        "Hallo {name}, bitte einmal neu starten, das hilft meistens. {sign}",
        "Guten Tag {name}, die Gutschrift über {n} kommt bis {day}. {sign}",
    ),
    "es": (
        "Hola {name}, lo sentimos. Ya está corregido, referencia {n}. {sign}",
        "Hola {name}, gracias por avisar. El equipo de {place} lo tendrá listo el {day}. {sign}",
        "Hola {name}, prueba a reiniciar una vez, suele bastar. {sign}",
        "Buenas {name}, te devolvemos {n} antes del {day}. {sign}",
    ),
}

HANDOFFS: dict[str, tuple[str, ...]] = {
    "en": (
        "Hi {name}, please send us a private message with your details. {sign}",
        "Sorry {name}! Could you DM us number {n}? {sign}",
    ),
    "de": ("Hallo {name}, bitte schick uns eine Direktnachricht mit deinen Daten. {sign}",),
    "es": ("Hola {name}, envíanos por favor un mensaje privado con tus datos. {sign}",),
}

MACROS = (
    "Hi {name}, thanks for reaching out. Our team has a look and comes back to you here.",
    "Hi {name}, we are sorry for the trouble. It is fixed now, please try again.",
    "Hi {name}, good news: it is on its way and arrives within two days.",
    "Hi {name}, you find the answer on the help pages under Orders.",
)

ROBOT = (
    "Hi {name}! We got your message and will come back to you as soon as we can.",
    "Thanks for writing, {name}! All our agents are busy, yours is number {n} in line.",
)

WELCOMES: dict[str, tuple[str, ...]] = {
    "en": ("Glad to hear it, {name}! {sign}", "Any time, {name}. {sign}"),
    "de": ("Gern geschehen, {name}! {sign}",),
    "es": ("¡De nada, {name}! {sign}",),
}

BROADCASTS: dict[str, tuple[str, ...]] = {
    "en": (
        "New this {day}: more choice for {place}. Have a look!",
        "Planned works in {place} on {day}, two hours at most.",
        "Win one of {n} tickets: tell us your favourite autumn walk.",
        "We are hiring in {place}. Come and meet us.",
    ),
    "de": ("Neu ab {day}: mehr Auswahl in {place}.", "Geplante Arbeiten in {place} am {day}."),
    "es": ("Novedad este {day}: más para {place}.", "Trabajos programados en {place} el {day}."),
}

POINTERS: dict[str, str] = {
    "en": "Something not right? Our people at {help} are there for you.",
    "de": "Etwas stimmt nicht? {help} hilft weiter.",
    "es": "¿Algo no va bien? En {help} te ayudamos.",
}

COMMENTS: dict[str, tuple[str, ...]] = {
    "en": ("Nice!", "Does that hold for {place} too?", "First fix the app please", "Been waiting for this since {day}", "❤️"),
    "de": ("Schön!", "Gilt das auch für {place}?", "Macht erst mal die App richtig"),
    "es": ("¡Qué bien!", "¿También en {place}?", "Primero arreglad la aplicación"),
}

PLACES = ("Aldermoor", "Brennick", "Caldo", "Dunmere", "Estral", "Fallow Bay", "Grünhain", "Havelock End", "Isarra", "Jorvo")
DAYS: dict[str, tuple[str, ...]] = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes"),
}
FIRST_NAMES = (
    "Ama", "Bero", "Calla", "Davor", "Elsin", "Fenna", "Goro", "Hedda", "Ilva", "Jolan",
    "Kestra", "Lumi", "Marek", "Nilo", "Orla", "Pim", "Quilla", "Runa", "Sanno", "Tilde",
    "Ugo", "Vesna", "Wim", "Xandi", "Yara", "Zeno", "Ádám", "Øyvi", "Šárka", "李安",
)  # fmt: skip
LAST_NAMES = (
    "Abelveit", "Brunsolt", "Corvane", "Dellmark", "Estergaard", "Fjordal", "Grimsel", "Holtrop", "Ivelin", "Jarnefold",
    "Kessmar", "Lindvor", "Morvath", "Norrby", "Ostrel", "Pellowin", "Quenzel", "Rostvik", "Sandermo", "Tolvik",
    "Ulvane", "Vantorre",
)  # fmt: skip
