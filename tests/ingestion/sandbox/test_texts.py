"""What people write exists in every language, mood and on every occasion."""

from __future__ import annotations

import numpy as np
import pytest

from ingestion.sandbox.texts import (
    BAD,
    FAIR,
    GOOD,
    mood_of,
    moods,
    opinion,
    opinion_of,
    subject,
    wording,
)
from ingestion.sandbox.wordings import MESSAGES, OPINIONS, SUBJECTS
from ingestion.sandbox.world.people import ENGLISH, LANGUAGES
from ingestion.sandbox.world.tickets import TOPICS


def test_every_language_has_all_subjects_and_opinions():
    assert len(SUBJECTS) == len(OPINIONS) == len(LANGUAGES)
    assert all(set(subjects) == set(TOPICS) for subjects in SUBJECTS)
    texts = [
        found.text for moods in OPINIONS for opinions in moods for found in opinions
    ]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("kind", MESSAGES)
def test_every_occasion_has_words_for_everybody(kind):
    for language in range(len(LANGUAGES)):
        for mood in (BAD, FAIR, GOOD):
            for salt in range(3):
                assert wording(kind, language, mood, salt).format(n=1, subject="x")


def test_foreigners_write_in_their_own_language():
    words = {wording("first", language, FAIR, 0) for language in range(len(LANGUAGES))}
    assert len(words) == len(LANGUAGES)
    assert subject(0, 1, 7) == "Wo bleibt meine Bestellung 7?"


def test_an_opinion_is_known_by_what_it_shows():
    assert opinion(ENGLISH, BAD, 3) == opinion_of(ENGLISH, BAD, 3).text
    assert opinion_of(ENGLISH, BAD, 3).theme == "price"


def test_moods_follow_feelings_and_scores():
    assert moods(np.array([-1.0, 0.0, 1.0])).tolist() == [BAD, FAIR, GOOD]
    assert [mood_of(score, 7, 9) for score in (6, 7, 8, 9)] == [BAD, FAIR, FAIR, GOOD]
