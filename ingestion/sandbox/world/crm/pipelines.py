"""The ways of a deal: pipelines, their stages, and what follows what.

Holds the rules as data. Does not hold the draw (`stages.py`).
Tests: tests/ingestion/sandbox/test_crm_world.py
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

SALES, RENEWALS = range(2)
OPEN, WON, LOST = range(3)


class Pipeline(NamedTuple):
    """A pipeline as the vendor names it."""

    id: str
    label: str


class Stage(NamedTuple):
    """A stage, in the order of its pipeline."""

    pipeline: int
    id: str
    label: str
    probability: str
    outcome: int = OPEN


PIPELINES = (
    Pipeline("default", "Sales Pipeline"),
    Pipeline("41763052", "Renewals"),
)
STAGES = (
    Stage(SALES, "appointmentscheduled", "Appointment Scheduled", "0.2"),
    Stage(SALES, "qualifiedtobuy", "Qualified To Buy", "0.4"),
    Stage(SALES, "presentationscheduled", "Presentation Scheduled", "0.6"),
    Stage(SALES, "decisionmakerboughtin", "Decision Maker Bought-In", "0.8"),
    Stage(SALES, "contractsent", "Contract Sent", "0.9"),
    Stage(SALES, "closedwon", "Closed Won", "1.0", WON),
    Stage(SALES, "closedlost", "Closed Lost", "0.0", LOST),
    Stage(RENEWALS, "98241107", "Renewal due", "0.5"),
    Stage(RENEWALS, "98241108", "Negotiation", "0.7"),
    Stage(RENEWALS, "98241109", "Renewed", "1.0", WON),
    Stage(RENEWALS, "98241110", "Churned", "0.0", LOST),
)
FIRST = np.array([0, 7])
OUTCOME = np.array([stage.outcome for stage in STAGES])
LOST_IN = np.array(
    [6 if stage.pipeline == SALES else 10 for stage in STAGES], dtype=np.int64
)
