"""The way of contacts from lead to customer, as the CRM remembers it.

Holds when each contact came to which stage, and the draw of what moved it there. Does
not hold why it came to be qualified, an opportunity or a customer: contacts and deals
tell that. Tests: tests/ingestion/sandbox/test_crm_world.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox.world.timeline import NEVER, Array

LEAD, QUALIFIED, OPPORTUNITY, CUSTOMER = range(4)
# What changed the stage: somebody by hand, a form, an import, a workflow.
BY_HAND, FORM, IMPORT, WORKFLOW = range(4)


@dataclass(frozen=True)
class Lifecycles:
    """When contacts came to stages, by contact and time; `offset` finds one's own."""

    contact: Array
    when: Array
    stage: Array
    cause: Array
    offset: Array

    def __len__(self) -> int:
        return len(self.contact)


def draw_lifecycles(
    rng: np.random.Generator,
    created: Array,
    qualified: Array,
    opportunity: Array,
    customer: Array,
) -> Lifecycles:
    """Put the stages of every contact in order; no contact ever goes back.

    Args:
        rng: Source of the draw of causes.
        created: When each contact was made, as a lead unless it was more already.
        qualified: When marketing took it for a good one, or NEVER.
        opportunity: When its first deal began, or NEVER.
        customer: When it became a customer, or NEVER.
    """
    reached = np.stack([created, qualified, opportunity, customer])
    # A stage is skipped when a higher one was reached no later.
    higher = np.minimum.accumulate(reached[:0:-1], axis=0)[::-1]
    higher = np.concatenate([higher, np.full((1, len(created)), NEVER)])
    contact, stage = np.nonzero((reached < higher).T)
    draw = rng.random(len(contact))
    first = np.where(draw < 0.5, FORM, np.where(draw < 0.8, IMPORT, BY_HAND))
    later = np.where(draw < 0.8, WORKFLOW, BY_HAND)
    return Lifecycles(
        contact=contact,
        when=reached[stage, contact],
        stage=stage,
        cause=np.where(stage == LEAD, first, later),
        offset=np.searchsorted(contact, np.arange(len(created) + 1)),
    )
