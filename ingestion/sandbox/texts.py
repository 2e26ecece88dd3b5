"""What people write: short templates in English and German.

Holds the wording by topic, mood and kind of message. Does not hold the choice of who
writes when. Tests: tests/ingestion/sandbox/test_zendesk_records.py
"""

from __future__ import annotations

import numpy as np

from ingestion.sandbox.world.tickets import TOPICS
from ingestion.sandbox.world.timeline import Array

ENGLISH, GERMAN = range(2)
BAD, FAIR, GOOD = range(3)

SUBJECTS = (
    {
        "delivery": "Where is my order {n}?",
        "billing": "Question about invoice {n}",
        "login": "Cannot sign in to my account",
        "defect": "Item from order {n} arrived broken",
        "returns": "Return for order {n}",
        "how_to": "How do I change my plan?",
        "outage": "Service is down",
    },
    {
        "delivery": "Wo bleibt meine Bestellung {n}?",
        "billing": "Frage zur Rechnung {n}",
        "login": "Anmeldung nicht möglich",
        "defect": "Artikel aus Bestellung {n} ist beschädigt",
        "returns": "Rücksendung zu Bestellung {n}",
        "how_to": "Wie ändere ich meinen Tarif?",
        "outage": "Der Dienst ist nicht erreichbar",
    },
)
TEST_SUBJECT = "Test ticket, please ignore"

# kind -> language -> mood -> sentences
_MESSAGES: dict[str, tuple[tuple[tuple[str, ...], ...], ...]] = {
    "first": (
        (
            (
                "This is the second time I have to write: {subject} - nobody helps me!",
                "{subject} - I have been waiting for days and I am really frustrated.",
            ),
            (
                "Hello,\n\n{subject} - could you please look into it?\n\nThank you",
                "Hi there, {subject} - my reference is {n}.",
            ),
            (
                "Hi team, great product as always. {subject} - thanks a lot!",
                "Hello, no hurry at all: {subject} - kind regards",
            ),
        ),
        (
            ("Ich schreibe schon zum zweiten Mal. {subject} - das ist ärgerlich!",),
            ("Guten Tag,\n\n{subject} - können Sie das bitte prüfen?\n\nDanke",),
            ("Hallo zusammen, {subject} - eilt nicht, vielen Dank im Voraus!",),
        ),
    ),
    "again": (
        (
            (
                "I already told you this. It still does not work.",
                "That does not answer my question at all. Very disappointing.",
            ),
            (
                "Here are the details that you asked for: reference {n}.",
                "I tried that, one more question: how long will it take?",
            ),
            ("That helped a lot, one last detail: {n}. Thank you!",),
        ),
        (
            ("Das habe ich Ihnen bereits gesagt. Es geht immer noch nicht.",),
            ("Hier die gewünschten Angaben: {n}.",),
            ("Das hat sehr geholfen, vielen Dank! Noch die Nummer: {n}.",),
        ),
    ),
    "agent": (
        (
            (
                "Hello,\n\nthank you for reaching out. I am looking into {n} and will "
                "get back to you.\n\nBest regards",
                "Hi, could you send us a screenshot and the date of your order {n}?",
                "Thanks for your patience. Please try again and tell me how it goes.",
            ),
        ),
        (("Guten Tag, vielen Dank für Ihre Nachricht. Ich kümmere mich um {n}.",),),
    ),
    "solution": (
        (
            (
                "Good news: {n} is taken care of. Is there anything else?",
                "I have corrected this on our side. Sorry for the trouble!",
                "The refund for {n} is on its way; it takes three working days.",
            ),
        ),
        (("Gute Nachricht: {n} ist erledigt. Können wir sonst noch helfen?",),),
    ),
    "note": (
        (
            (
                "Checked {n} with the warehouse, waiting for their answer.",
                "Customer called as well, see order {n}.",
                "Needs somebody with access to billing.",
            ),
        ),
        (("Checked {n} with the warehouse, waiting for their answer.",),),
    ),
    "call": (
        (("Inbound call: {subject} - call lasted 4 minutes, notes in the ticket.",),),
        (("Inbound call: {subject} - call lasted 4 minutes, notes in the ticket.",),),
    ),
    "merge": (
        (("This request was closed and merged into request #{n}.",),),
        (("This request was closed and merged into request #{n}.",),),
    ),
}

_SURVEY = (
    (
        "Support takes far too long.",
        "I had to repeat myself three times.",
        "The outage cost us a whole day.",
    ),
    ("It is fine.", "Does what it should, nothing more.", "Prices went up again."),
    (
        "Quick and friendly help, thank you!",
        "Love the product.",
        "Everything was solved in one go.",
    ),
)
_SURVEY_GERMAN = (
    ("Der Support dauert viel zu lange.",),
    ("Ganz in Ordnung.",),
    ("Schnelle und freundliche Hilfe, danke!",),
)


def moods(feelings: Array) -> Array:
    """Turn feelings into one of three moods each."""
    return np.where(feelings < -0.7, BAD, np.where(feelings > 0.9, GOOD, FAIR))


def subject(topic: int, language: int, number: int) -> str:
    """Write the subject of a ticket."""
    return SUBJECTS[language][TOPICS[topic]].format(n=number)


def wording(kind: str, language: int, mood: int, salt: int) -> str:
    """Give a template; `salt` chooses among those of one kind and mood."""
    by_mood = _MESSAGES[kind][language]
    wordings = by_mood[min(mood, len(by_mood) - 1)]
    return wordings[salt % len(wordings)]


def opinion(language: int, mood: int, salt: int) -> str:
    """Write the free text of a rating or survey."""
    wordings = (_SURVEY_GERMAN if language == GERMAN else _SURVEY)[mood]
    return wordings[salt % len(wordings)]
