"""What people write: which sentence, by occasion, mood and language.

Holds the choice among the wordings. Does not hold the wordings (`wordings.py`) nor who
writes when. Tests: tests/ingestion/sandbox/test_texts.py
"""

from __future__ import annotations

import numpy as np

from ingestion.sandbox.wordings import (
    MESSAGES,
    OPINIONS,
    SPAM_SUBJECT,
    SUBJECTS,
    TEST_SUBJECT,
    Opinion,
)
from ingestion.sandbox.world.tickets import TOPICS
from ingestion.sandbox.world.timeline import Array

__all__ = ["SPAM_SUBJECT", "TEST_SUBJECT"]

BAD, FAIR, GOOD = range(3)


def moods(feelings: Array) -> Array:
    """Turn feelings into one of three moods each."""
    return np.where(feelings < -0.7, BAD, np.where(feelings > 0.9, GOOD, FAIR))


def mood_of(score: int, bad: int, good: int) -> int:
    """Give the mood of a score: bad below one mark, good from another on."""
    return BAD if score < bad else GOOD if score >= good else FAIR


def subject(topic: int, language: int, number: int) -> str:
    """Write the subject of a ticket."""
    return SUBJECTS[language][TOPICS[topic]].format(n=number)


def wording(kind: str, language: int, mood: int, salt: int) -> str:
    """Give a template; `salt` chooses among those of one kind and mood."""
    by_language = MESSAGES[kind]
    by_mood = by_language[language if language < len(by_language) else 0]
    wordings = by_mood[min(mood, len(by_mood) - 1)]
    return wordings[salt % len(wordings)]


def opinion(language: int, mood: int, salt: int) -> str:
    """Write the free text of a rating or survey."""
    return opinion_of(language, mood, salt).text


def opinion_of(language: int, mood: int, salt: int) -> Opinion:
    """Give the free text of a rating or survey with what it was written to show."""
    opinions = OPINIONS[language][mood]
    return opinions[salt % len(opinions)]
