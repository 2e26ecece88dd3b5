"""What reviewers and the company write: short templates in four languages.

Holds the wording by language and stars, and by topic where a ticket led to the review.
Does not hold the choice of who writes when.
Tests: tests/ingestion/sandbox/test_trustpilot.py
"""

from __future__ import annotations

from ingestion.sandbox.world.tickets import TOPICS

# language -> bad, fair, good -> (title, text)
_REVIEWS = (
    (
        (
            ("Never again", "Support takes days and then asks the same thing again."),
            ("Disappointed", "I expected much more for the price. Nobody calls back."),
            ("Avoid", "Down when I needed it, and no word of an apology."),
        ),
        (
            ("It is all right", "Does what it should, nothing more. Prices went up."),
            ("Mixed", "Good product, slow help. It was solved in the end."),
        ),
        (
            ("Highly recommended", "Quick, friendly and it just works. Thank you!"),
            ("Great team", "Everything was solved in one go, I felt taken care of."),
            ("Very happy", "Years with Northlight and not one bad day."),
        ),
    ),
    (
        (
            ("Nie wieder", "Der Support braucht Tage und fragt dann dasselbe."),
            ("Enttäuscht", "Für den Preis hatte ich mehr erwartet."),
        ),
        (("Ganz in Ordnung", "Tut, was es soll, mehr nicht."),),
        (
            ("Sehr zu empfehlen", "Schnelle und freundliche Hilfe, danke!"),
            ("Top", "Alles beim ersten Mal gelöst, gerne wieder."),
        ),
    ),
    (
        (("À éviter", "Le service client met une semaine à répondre."),),
        (("Correct", "Ça fonctionne, sans plus."),),
        (("Excellent", "Une équipe réactive et très sympathique, merci !"),),
    ),
    (
        (("Muy mal", "Tardan muchísimo en contestar y no resuelven nada."),),
        (("Normal", "Cumple, pero nada especial."),),
        (("Muy recomendable", "Rápidos y amables, todo perfecto. ¡Gracias!"),),
    ),
)

# In English only: those who were invited after a ticket often say what it was about.
_ABOUT = {
    "delivery": "It was about a parcel that did not arrive.",
    "billing": "It was about an invoice.",
    "login": "I could not sign in.",
    "defect": "The item had arrived broken.",
    "returns": "I sent something back.",
    "how_to": "I needed help with my plan.",
    "outage": "The service was down.",
}

_EDITED = (
    " Update: they got back to me.",
    " Nachtrag: man hat sich gemeldet.",
    " Mise à jour : ils m'ont recontacté.",
    " Actualización: me han contactado.",
)

# language -> to the unhappy, to the others
_REPLIES = (
    (
        "We are sorry about this. Please write to reviews@northlight.example.",
        "Thank you for taking the time to tell us!",
    ),
    (
        "Das tut uns leid. Bitte schreiben Sie an reviews@northlight.example.",
        "Vielen Dank für Ihre Bewertung!",
    ),
    (
        "Nous en sommes désolés. Écrivez-nous à reviews@northlight.example.",
        "Merci pour votre avis !",
    ),
    (
        "Lo sentimos mucho. Escríbanos a reviews@northlight.example.",
        "¡Gracias por su opinión!",
    ),
)
_REPLY_EDITED = (
    " We have looked into it meanwhile.",
    " Wir sind der Sache inzwischen nachgegangen.",
    " Nous avons examiné votre dossier entre-temps.",
    " Entretanto hemos revisado su caso.",
)


def opinion(language: int, stars: int, topic: int, salt: int) -> tuple[str, str]:
    """Write title and text of a review; a topic of -1 stands for none."""
    mood = 0 if stars <= 2 else 1 if stars == 3 else 2
    wordings = _REVIEWS[language][mood]
    title, text = wordings[salt % len(wordings)]
    if language == 0 and topic >= 0:
        text = f"{text} {_ABOUT[TOPICS[topic]]}"
    return title, text


def addition(language: int) -> str:
    """Write what an edit adds to a review."""
    return _EDITED[language]


def reply(language: int, stars: int, *, is_edited: bool) -> str:
    """Write the company's answer."""
    text = _REPLIES[language][0 if stars <= 2 else 1]
    return text + _REPLY_EDITED[language] if is_edited else text
