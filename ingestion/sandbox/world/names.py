"""Words that people, companies and agents are named with, and how they get misspelt.

Holds lists and the spellings of one name; all domains are reserved for examples, but
for the one freemail provider whose addressing rules (dots, plus) identity resolution
must know. Does not hold addresses: `contacts.py` puts those together.
Tests: tests/ingestion/sandbox/test_identities.py
"""

from __future__ import annotations

import unicodedata


def _words(text: str) -> list[str]:
    return text.split()


FIRST = _words(
    "Anna Ben Clara David Elena Felix Greta Henry Ines Jonas Katja Liam Maria Noah "
    "Olga Paul Quentin Rosa Samuel Tanja Ugo Vera Walter Xenia Yusuf Zoe Aisha Bruno "
    "Chiara Dmitri Emil Fatima Günther Hana Igor Jürgen Kemal Lucía Mikael Nadia "
    "Oscar Petra Rahel Sören Theo Ursula Viktor Wendy Yara Zsófia"
)
LAST = _words(
    "Adler Baker Castillo Dahl Eriksen Fischer García Hansen Ito Jansen Keller Lopez "
    "Müller Novak Olsen Park Quinn Rossi Schäfer Tanaka Urban Vogel Weber Xu Young "
    "Zimmermann Brandt Carvalho Dubois Evans Fontaine Großmann Haddad Ivanova Jensen "
    "Kowalski Lindqvist Moreau Nguyen O'Brien Petrov Ramos Silva Thompson Ueda Vasquez "
    "Wagner Yildiz Zhang Østergaard"
)
NICKNAMES = {
    "Anna": "Annie",
    "Ben": "Benny",
    "David": "Dave",
    "Elena": "Lena",
    "Felix": "Lix",
    "Greta": "Gretchen",
    "Henry": "Harry",
    "Jonas": "Jon",
    "Katja": "Kat",
    "Maria": "Mia",
    "Olga": "Olya",
    "Rosa": "Rosie",
    "Samuel": "Sam",
    "Tanja": "Tanni",
    "Walter": "Walt",
    "Dmitri": "Dima",
    "Günther": "Günni",
    "Lucía": "Lucy",
    "Nadia": "Nadja",
    "Petra": "Pet",
    "Theo": "Ted",
    "Ursula": "Ulla",
    "Viktor": "Vik",
}
COMPANY = _words(
    "Alder Birch Cobalt Delta Ember Falcon Granite Harbor Indigo Juniper Kestrel "
    "Lumen Maple Nimbus Orchid Pioneer Quartz Raven Summit Tundra Umbra Vertex "
    "Willow Zenith"
)
TRADE = _words(
    "Logistics Foods Media Health Tools Energy Travel Finance Textiles Robotics Labs "
    "Retail"
)


def _local_part(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower())
    return "".join(char for char in plain if char.isascii() and char.isalpha())


# The names as they stand in addresses.
FIRST_LOCAL = [_local_part(name) for name in FIRST]
LAST_LOCAL = [_local_part(name) for name in LAST]
NICK = [NICKNAMES.get(name, name) for name in FIRST]
FREEMAIL = ("gmail.com", "mail.example", "post.example.net")
ROLES = ("info", "support", "office", "billing", "service")
GROUPS = (
    "Customer Care",
    "Technical Support",
    "Billing",
    "Returns",
    "Onboarding",
    "Enterprise",
)

# How a name is written down.
(
    FULL,
    NICKNAME,
    INITIAL,
    MISSPELT,
    LOWER,
    REVERSED,
    UNACCENTED,
    FIRST_ONLY,
    ABBREVIATED,
    MAILBOX,
) = range(10)


def spelt(first: int, last: int, form: int, salt: int) -> tuple[str, str]:
    """Write a first and a last name in a form; `salt` chooses where a slip falls.

    `MAILBOX` is left to whoever knows the address: it reads like `FULL` here.
    """
    given, family = FIRST[first], LAST[last]
    if form in {FULL, MAILBOX}:
        return given, family
    in_given = salt % 2 == 1
    ways = {
        NICKNAME: (NICK[first], family),
        INITIAL: (f"{given[0]}.", family),
        MISSPELT: (
            slipped(given, salt // 2) if in_given else given,
            family if in_given else slipped(family, salt // 2),
        ),
        LOWER: (given.lower(), family.lower()),
        REVERSED: (f"{family},", given),
        UNACCENTED: (unaccented(given), unaccented(family)),
        FIRST_ONLY: (given, ""),
        ABBREVIATED: (given, f"{family[0]}."),
    }
    return ways[form]


def slipped(word: str, salt: int) -> str:
    """Write a word with one slip of the finger, never in its first letter."""
    if len(word) < 4:
        return word + word[-1]
    place = 1 + salt // 3 % (len(word) - 2)
    if salt % 3 == 0:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if salt % 3 == 1:
        return word[:place] + word[place + 1 :]
    return word[: place + 1] + word[place:]


def unaccented(word: str) -> str:
    """Write a word on a keyboard that has no letters but those of English."""
    for letter, written in (("ü", "ue"), ("ö", "oe"), ("ä", "ae"), ("ß", "ss")):
        word = word.replace(letter, written)
    word = word.replace("Ø", "O")
    plain = unicodedata.normalize("NFKD", word)
    return "".join(char for char in plain if char.isascii())
