"""The streams of the survey platform as a first pull reads them.

Holds their order, keys and instants. Does not hold HTTP (`routes.py`).
Tests: tests/ingestion/sandbox/test_direct.py
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ingestion.sandbox.qualtrics.deliveries import (
    distributions_of,
    invitations_of,
    last_step,
    render_distributions,
    render_history,
)
from ingestion.sandbox.qualtrics.ids import distribution_id, lookup_id
from ingestion.sandbox.qualtrics.responses import (
    by_change,
    render_responses,
    response_id,
)
from ingestion.sandbox.qualtrics.surveys import (
    SURVEYS,
    Survey,
    modified,
    survey_definition,
)
from ingestion.sandbox.record_runs import Records
from ingestion.sandbox.world.world import World


def mailed_surveys(world: World, clock: int) -> list[Records]:
    """List the streams, as known at the clock."""
    definitions = [survey_definition(world, survey, clock) for survey in SURVEYS]
    changed = np.full(len(SURVEYS), modified(world))
    surveys = Records(
        "qualtrics",
        "surveys",
        np.arange(len(SURVEYS)),
        changed,
        changed,
        lambda rows: [definitions[row] for row in rows.tolist()],
        lambda rows: [SURVEYS[row].id for row in rows.tolist()],
    )
    runs = [surveys, *(_responses(world, clock, survey) for survey in SURVEYS)]
    runs += (_distributions(world, clock, survey) for survey in SURVEYS)
    for survey in SURVEYS:
        runs += _histories(world, clock, survey)
    return runs


def _responses(world: World, clock: int, survey: Survey) -> Records:
    answers = world.campaigns.answers
    rows = by_change(world, survey, clock)
    changed = answers.changed(clock)[rows]
    return Records(
        "qualtrics",
        "responses",
        rows,
        changed,
        changed,
        lambda rows: render_responses(world, survey, rows, clock),
        lambda rows: [response_id(answers, row) for row in rows.tolist()],
        parent_key=survey.id,
    )


def _distributions(world: World, clock: int, survey: Survey) -> Records:
    numbers = distributions_of(world, survey.number, clock)
    sent = world.campaigns.invitations.sent_at[numbers]
    return Records(
        "qualtrics",
        "distributions",
        numbers,
        sent,
        sent,
        lambda rows: render_distributions(world, rows, clock),
        lambda rows: [distribution_id(number) for number in rows.tolist()],
        parent_key=survey.id,
    )


def _histories(world: World, clock: int, survey: Survey) -> Iterator[Records]:
    """Give one run per distribution: they are read one after the other."""
    person = world.campaigns.invitations.person
    for number in distributions_of(world, survey.number, clock).tolist():
        rows = invitations_of(world, number)
        steps = last_step(world, rows, clock)
        parent = distribution_id(number)
        yield Records(
            "qualtrics",
            "distribution_history",
            rows,
            steps,
            steps,
            lambda rows: render_history(world, rows, clock),
            lambda rows, parent=parent: [  # type: ignore[misc]
                f"{parent}:{lookup_id(who)}" for who in person[rows].tolist()
            ],
            parent_key=parent,
        )
