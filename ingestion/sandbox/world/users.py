"""The helpdesk's records of its customers.

Holds which person stands behind which record (role mailboxes stand for several, a
family's too, duplicates for one that has two) and what changed on a record when.
Does not hold the agents (`staff.py`) nor how a record is written as JSON.
Tests: tests/ingestion/sandbox/test_world.py
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ingestion.sandbox.world.identities import Identities
from ingestion.sandbox.world.people import (
    FREE_MAIL,
    GMAIL,
    NO_MAIL,
    ROLE_MAIL,
    People,
)
from ingestion.sandbox.world.staff import Staff
from ingestion.sandbox.world.timeline import DAY, NEVER, Array, Span

END_USER, AGENT, ADMIN = range(3)
# What a later change of a user did.
PHONE_ADDED, SUSPENDED, DEACTIVATED = range(3)


@dataclass(frozen=True)
class Users:
    """Records of the helpdesk: admin, agents, people, role mailboxes, duplicates.

    `person` is -1 for staff and role mailboxes. `without_mail` marks records whose
    person has an address that the helpdesk does not know. `main` and `second` lead
    from a person to the records (`second` is -1 for nearly all).
    """

    role: Array
    person: Array
    organization: Array
    is_duplicate: Array
    without_mail: Array
    created: Array
    changed: Array
    change: Array
    main: Array
    second: Array

    def __len__(self) -> int:
        return len(self.role)

    def updated(self, clock: int) -> Array:
        """Give each record's `updated_at` as known at the clock."""
        return np.where(self.changed <= clock, self.changed, self.created)


def draw_users(
    rng: np.random.Generator, people: People, identities: Identities, staff: Staff
) -> Users:
    """Make the helpdesk's records; `created` is set later, from the tickets."""
    is_guest = identities.mailbox != np.arange(len(people))
    own = np.flatnonzero((people.mail != ROLE_MAIL) & ~is_guest)
    sharing = np.flatnonzero(people.mail == ROLE_MAIL)
    shared_by = np.unique(people.organization[sharing])
    twice = _duplicates(rng, people, is_guest)
    base = 1 + staff.agents
    main = np.empty(len(people), dtype=np.int64)
    main[own] = base + np.arange(len(own))
    first_shared = base + len(own)
    main[sharing] = first_shared + np.searchsorted(
        shared_by, people.organization[sharing]
    )
    # Who writes from the family's mailbox is taken for the one whose name it bears.
    main[is_guest] = main[identities.mailbox[is_guest]]
    second = np.full(len(people), -1, dtype=np.int64)
    first_twice = first_shared + len(shared_by)
    second[twice] = first_twice + np.arange(len(twice))
    nobody = np.full(base, -1, dtype=np.int64)
    count = first_twice + len(twice)
    person = np.concatenate([nobody, own, np.full(len(shared_by), -1), twice])
    indexes = np.arange(count)
    return Users(
        role=np.where(indexes == 0, ADMIN, np.where(indexes < base, AGENT, END_USER)),
        person=person,
        organization=np.concatenate(
            [nobody, people.organization[own], shared_by, people.organization[twice]]
        ),
        is_duplicate=indexes >= first_twice,
        without_mail=(indexes >= first_twice) & (rng.random(count) < 0.4),
        created=np.zeros(count, dtype=np.int64),
        changed=np.full(count, NEVER, dtype=np.int64),
        change=rng.choice(3, count, p=[0.85, 0.05, 0.10]),
        main=main,
        second=second,
    )


def _duplicates(rng: np.random.Generator, people: People, is_guest: Array) -> Array:
    eligible = np.isin(people.mail, (GMAIL, FREE_MAIL, NO_MAIL)) & ~is_guest
    return np.flatnonzero(eligible & (rng.random(len(people)) < 0.07))


def date_users(
    rng: np.random.Generator, users: Users, people: People, span: Span, tickets: Array
) -> Users:
    """Set when each record was made: at sign-up or with its first ticket.

    Args:
        rng: Source of the later changes.
        users: Records without dates.
        people: The persons behind them.
        span: The story's span.
        tickets: Two rows: requester and creation instant of every ticket.
    """
    created = np.full(len(users), NEVER, dtype=np.int64)
    np.minimum.at(created, tickets[0], tickets[1])
    joined = np.where(users.person >= 0, people.signed_up[users.person], span.start)
    # Duplicates and role mailboxes appear only by writing in.
    joined = np.where(users.is_duplicate, NEVER, joined)
    joined = np.where(users.role != END_USER, span.start - 400 * DAY, joined)
    created = np.minimum(created, joined)
    changed = created + rng.integers(DAY, 500 * DAY, len(users))
    has_change = (rng.random(len(users)) < 0.15) & (users.role == END_USER)
    has_change &= (created < NEVER) & (changed <= span.end)
    return replace(users, created=created, changed=np.where(has_change, changed, NEVER))


def contact_users(rng: np.random.Generator, users: Users, person: Array) -> Array:
    """Choose the record under which each person writes in this time."""
    second = users.second[person]
    use_second = (second >= 0) & (rng.random(len(person)) < 0.4)
    return np.where(use_second, second, users.main[person])
