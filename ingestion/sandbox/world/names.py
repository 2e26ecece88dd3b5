"""Words that people, companies and agents are named with.

Holds lists only; all domains are reserved for examples, but for the one freemail
provider whose addressing rules (dots, plus) identity resolution must know.
Does not hold addresses: `contacts.py` puts those together.
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
