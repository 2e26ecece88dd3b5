"""Ids of the survey platform: a prefix and fifteen letters or digits.

Holds their making from numbers, the same each time. Does not hold what has which id.
Tests: tests/ingestion/sandbox/test_qualtrics.py
"""

from __future__ import annotations

import string

_DIGITS = string.digits + string.ascii_letters
_LENGTH = 15


def code(number: int) -> str:
    """Write a number below 2^64 in fifteen digits of base 62."""
    digits = []
    for _ in range(_LENGTH):
        number, digit = divmod(number, len(_DIGITS))
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))


def distribution_id(number: int) -> str:
    """Write the id of a distribution."""
    return "EMD_" + code(7_000_003 * (number + 1))


def contact_id(person: int) -> str:
    """Write the id of a person in the mailing list."""
    return "CID_" + code(9_000_011 * (person + 1))


def lookup_id(person: int) -> str:
    """Write the id by which responses find that person."""
    return "CGC_" + code(5_000_011 * (person + 1))
