"""Every stream as a first pull reads it: records, and what envelopes tell of them.

Holds the order of records per stream at an instant, and their keys, instants and
deletions as columns. Does not hold HTTP (the vendors' routes) nor the lake
(`direct.py`) nor the shape of a run of records (`record_runs.py`).
Tests: tests/ingestion/sandbox/test_direct.py
"""

from __future__ import annotations

import numpy as np
import orjson

from ingestion.sandbox.hubspot.streams import crm_streams
from ingestion.sandbox.qualtrics.streams import mailed_surveys
from ingestion.sandbox.record_runs import Records
from ingestion.sandbox.trustpilot.reviews import Snapshot as ReviewSnapshot
from ingestion.sandbox.trustpilot.reviews import render_reviews, review_id
from ingestion.sandbox.trustpilot.units import UNIT_ID, unit_record
from ingestion.sandbox.typeform.forms import FORMS, Form, form_dates, form_definition
from ingestion.sandbox.typeform.responses import (
    render_responses,
    responses_of,
    token_of,
)
from ingestion.sandbox.world.world import World
from ingestion.sandbox.zendesk.streams import support_streams


def sandbox_streams(world: World, clock: int, *, withheld: int = 60) -> list[Records]:
    """List the streams of all vendors, as known at the clock.

    Args:
        world: What is read.
        clock: As of when.
        withheld: Seconds that the helpdesk's exports leave out.
    """
    return [
        *support_streams(world, clock, withheld),
        *_surveys(world, clock),
        *crm_streams(world, clock),
        *_review_site(world, clock),
        *mailed_surveys(world, clock),
    ]


def _surveys(world: World, clock: int) -> list[Records]:
    definitions = [orjson.dumps(form_definition(world, form)) for form in FORMS]
    updated = np.full(len(FORMS), form_dates(world)[1])
    forms = Records(
        "typeform",
        "forms",
        np.arange(len(FORMS)),
        updated,
        updated,
        lambda rows: [definitions[row] for row in rows.tolist()],
        lambda rows: [FORMS[row].id for row in rows.tolist()],
    )
    return [forms, *(_responses(world, clock, form) for form in FORMS)]


def _responses(world: World, clock: int, form: Form) -> Records:
    """Take the responses to one form, newest first."""
    responses = responses_of(world, form)
    count = int(np.searchsorted(responses.came, clock, "right"))
    rows = np.arange(count)[::-1]
    sent, landed = responses.submitted[rows], responses.landed[rows]
    moments = np.where(sent > 0, sent, landed)
    return Records(
        "typeform",
        "responses",
        rows,
        moments,
        moments,
        lambda rows: render_responses(world, form, rows),
        lambda rows: [token_of(responses, row) for row in rows.tolist()],
        parent_key=form.id,
    )


def _review_site(world: World, clock: int) -> list[Records]:
    """Take the company's profile, and its reviews newest first, as its owner does."""
    snapshot = ReviewSnapshot(world, clock)
    profile = orjson.dumps(unit_record(snapshot.stars(snapshot.rows)))
    # The profile carries no date: the vendor's clock at the answer stands for it.
    now = np.array([clock])
    rows = snapshot.rows[::-1]
    return [
        Records(
            "trustpilot",
            "business_units",
            np.arange(1),
            now,
            now,
            lambda rows: [profile for _ in rows],
            lambda rows: [UNIT_ID for _ in rows],
        ),
        Records(
            "trustpilot",
            "reviews",
            rows,
            snapshot.changed(rows),
            world.reviews.created[rows],
            lambda rows: render_reviews(snapshot, rows, is_private=True),
            lambda rows: [review_id(world, row) for row in rows.tolist()],
            parent_key=UNIT_ID,
        ),
    ]
