"""The sentences of the world, by language, mood and occasion; data only.

Holds what customers, agents and the bot write in English, German, French and Spanish,
in the order of `people.LANGUAGES`, each opinion with the emotion and the theme that it
was written to show. Does not hold who says what when (`texts.py`).
"""

from __future__ import annotations

from typing import NamedTuple

ANGER, DISAPPOINTMENT, WORRY, NEUTRAL, JOY, GRATITUDE = (
    "anger",
    "disappointment",
    "worry",
    "neutral",
    "joy",
    "gratitude",
)
SPEED, EFFORT, OUTAGE, PRICE, PRODUCT, STAFF, SOLUTION = (
    "speed",
    "effort",
    "outage",
    "price",
    "product",
    "staff",
    "solution",
)


class Opinion(NamedTuple):
    """A sentence, and what it was written to show."""

    text: str
    emotion: str
    theme: str


SUBJECTS: tuple[dict[str, str], ...] = (
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
    {
        "delivery": "Où est ma commande {n} ?",
        "billing": "Question sur la facture {n}",
        "login": "Impossible de me connecter",
        "defect": "Article de la commande {n} arrivé cassé",
        "returns": "Retour de la commande {n}",
        "how_to": "Comment changer de formule ?",
        "outage": "Le service ne répond plus",
    },
    {
        "delivery": "¿Dónde está mi pedido {n}?",
        "billing": "Pregunta sobre la factura {n}",
        "login": "No puedo entrar en mi cuenta",
        "defect": "El artículo del pedido {n} llegó roto",
        "returns": "Devolución del pedido {n}",
        "how_to": "¿Cómo cambio mi tarifa?",
        "outage": "El servicio está caído",
    },
)

# kind -> language -> mood -> sentences; a language that is missing is the first one's.
MESSAGES: dict[str, tuple[tuple[tuple[str, ...], ...], ...]] = {
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
            (
                "Ich schreibe schon zum zweiten Mal. {subject} - das ist ärgerlich!",
                "{subject} - seit Tagen warte ich auf eine Antwort.",
            ),
            (
                "Guten Tag,\n\n{subject} - können Sie das bitte prüfen?\n\nDanke",
                "Hallo, {subject} - meine Nummer ist {n}.",
            ),
            ("Hallo zusammen, {subject} - eilt nicht, vielen Dank im Voraus!",),
        ),
        (
            (
                "C'est la deuxième fois que j'écris : {subject} - c'est inadmissible !",
                "{subject} - j'attends depuis des jours.",
            ),
            ("Bonjour,\n\n{subject} - pouvez-vous vérifier ?\n\nMerci",),
            ("Bonjour à tous, {subject} - rien d'urgent, merci d'avance !",),
        ),
        (
            (
                "Es la segunda vez que escribo: {subject} - ¡es una vergüenza!",
                "{subject} - llevo días esperando.",
            ),
            ("Buenos días,\n\n{subject} - ¿pueden mirarlo, por favor?\n\nGracias",),
            ("Hola a todos, {subject} - sin prisa, ¡muchas gracias!",),
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
        (
            ("Je vous l'ai déjà dit. Cela ne marche toujours pas.",),
            ("Voici les informations demandées : {n}.",),
            ("Cela m'a beaucoup aidé, merci ! Encore le numéro : {n}.",),
        ),
        (
            ("Ya se lo he dicho. Sigue sin funcionar.",),
            ("Aquí están los datos que pedían: {n}.",),
            ("Me ha ayudado mucho, ¡gracias! Falta el número: {n}.",),
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
        (("Bonjour, merci pour votre message. Je m'occupe de {n}.",),),
        (("Hola, gracias por su mensaje. Me ocupo de {n}.",),),
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
        (("Bonne nouvelle : {n} est réglé. Autre chose ?",),),
        (("Buenas noticias: {n} está resuelto. ¿Algo más?",),),
    ),
    "bot": (
        (("Hi, I am the Northlight Bot. Does this article on your question help?",),),
        (("Hallo, ich bin der Northlight Bot. Hilft Ihnen dieser Artikel weiter?",),),
        (("Bonjour, je suis le Northlight Bot. Cet article vous aide-t-il ?",),),
        (("Hola, soy el Northlight Bot. ¿Le ayuda este artículo?",),),
    ),
    "bot_solution": (
        (("Glad that this helped. I am closing our chat now.",),),
        (("Schön, dass das geholfen hat. Ich schließe den Chat.",),),
        (("Ravi d'avoir pu aider. Je ferme notre échange.",),),
        (("Me alegro de haber ayudado. Cierro la conversación.",),),
    ),
    "human": (
        (
            ("No! Let me talk to a human, please.",),
            ("That is not it, I would like to talk to somebody.",),
        ),
        (("Nein! Ich möchte mit einem Menschen sprechen.",),),
        (("Non, je voudrais parler à quelqu'un.",),),
        (("No, quisiera hablar con una persona.",),),
    ),
    "note": (
        (
            (
                "Checked {n} with the warehouse, waiting for their answer.",
                "Customer called as well, see order {n}.",
                "Needs somebody with access to billing.",
            ),
        ),
    ),
    "call": (
        (("Inbound call: {subject} - call lasted 4 minutes, notes in the ticket.",),),
    ),
    "merge": ((("This request was closed and merged into request #{n}.",),),),
    "spam": (
        (
            (
                "You have been chosen! Claim prize {n} before midnight.",
                "First page on every search engine, only today, offer {n}.",
            ),
        ),
    ),
}
TEST_SUBJECT = "Test ticket, please ignore"
SPAM_SUBJECT = "Congratulations!!!"

# language -> mood -> opinions
OPINIONS: tuple[tuple[tuple[Opinion, ...], ...], ...] = (
    (
        (
            Opinion("Support takes far too long.", ANGER, SPEED),
            Opinion("I had to repeat myself three times.", ANGER, EFFORT),
            Opinion("The outage cost us a whole day.", DISAPPOINTMENT, OUTAGE),
            Opinion("Dearer again, and nothing got better.", DISAPPOINTMENT, PRICE),
            Opinion("I wonder whether my data is safe with you.", WORRY, PRODUCT),
            Opinion("Unhelpful and rude, I am furious.", ANGER, STAFF),
            Opinion("It was closed but never solved.", DISAPPOINTMENT, SOLUTION),
        ),
        (
            Opinion("It is fine.", NEUTRAL, PRODUCT),
            Opinion("Does what it should, nothing more.", NEUTRAL, PRODUCT),
            Opinion("Prices went up again.", NEUTRAL, PRICE),
            Opinion("Took a while, but it is settled.", NEUTRAL, SPEED),
        ),
        (
            Opinion("Quick and friendly help, thank you!", GRATITUDE, STAFF),
            Opinion("Love the product.", JOY, PRODUCT),
            Opinion("Everything was solved in one go.", GRATITUDE, SOLUTION),
            Opinion("An answer within minutes, wonderful.", JOY, SPEED),
            Opinion("Worth every cent.", JOY, PRICE),
        ),
    ),
    (
        (
            Opinion("Der Support dauert viel zu lange.", ANGER, SPEED),
            Opinion("Ich musste alles dreimal erklären.", ANGER, EFFORT),
            Opinion("Der Ausfall hat uns einen Tag gekostet.", DISAPPOINTMENT, OUTAGE),
            Opinion("Schon wieder teurer, das enttäuscht.", DISAPPOINTMENT, PRICE),
        ),
        (
            Opinion("Ganz in Ordnung.", NEUTRAL, PRODUCT),
            Opinion("Es hat gedauert, ist aber erledigt.", NEUTRAL, SPEED),
        ),
        (
            Opinion("Schnelle und freundliche Hilfe, danke!", GRATITUDE, STAFF),
            Opinion("Alles auf Anhieb gelöst.", GRATITUDE, SOLUTION),
            Opinion("Ein tolles Produkt.", JOY, PRODUCT),
        ),
    ),
    (
        (
            Opinion("Le support met beaucoup trop de temps.", ANGER, SPEED),
            Opinion("J'ai dû tout répéter trois fois.", ANGER, EFFORT),
            Opinion("Encore plus cher, quelle déception.", DISAPPOINTMENT, PRICE),
        ),
        (Opinion("C'est correct, sans plus.", NEUTRAL, PRODUCT),),
        (
            Opinion("Aide rapide et aimable, merci !", GRATITUDE, STAFF),
            Opinion("Un produit formidable.", JOY, PRODUCT),
        ),
    ),
    (
        (
            Opinion("El soporte tarda demasiado.", ANGER, SPEED),
            Opinion("Tuve que repetirlo todo tres veces.", ANGER, EFFORT),
            Opinion("Otra vez más caro, qué decepción.", DISAPPOINTMENT, PRICE),
        ),
        (Opinion("Cumple, nada más.", NEUTRAL, PRODUCT),),
        (
            Opinion("Ayuda rápida y amable, ¡gracias!", GRATITUDE, STAFF),
            Opinion("Un producto estupendo.", JOY, PRODUCT),
        ),
    ),
)
