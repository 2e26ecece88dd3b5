"""Updates of tickets side by side, each with what came before it.

Holds the columns that the helpdesk's clocks read, and folds within a ticket. Does not
hold the clocks (`clocks.py`). Tests: tests/ingestion/sandbox/test_clocks.py
"""

from __future__ import annotations

import numpy as np

from ingestion.sandbox.world import actions as act
from ingestion.sandbox.world.events import Events
from ingestion.sandbox.world.hours import OpenHours, schedule_of
from ingestion.sandbox.world.people import People
from ingestion.sandbox.world.staff import Staff
from ingestion.sandbox.world.targets import policy_of
from ingestion.sandbox.world.tickets import Tickets
from ingestion.sandbox.world.timeline import NEVER, Array, Span

_COMMENT = act.column("comment")


class Lives:
    """Updates sorted by ticket and time, without deletions; of all or some tickets.

    `rows` names the updates, whole tickets of them.

    Attributes:
        ticket: Row of the ticket.
        when: Instant of the update.
        until: Instant of the ticket's next update, NEVER after its last.
        priority: In force after it.
        schedule: In force after it.
        policy: The ticket's SLA policy.
        is_new: Whether support had its new process by then.
        asks: Whether a customer says something in it.
        answers: Whether an agent says something in public, the opening word left out.
        speaks: The same with the opening word.
        hours: Open seconds of the schedules.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - one argument per part that it rests on
        self,
        span: Span,
        people: People,
        staff: Staff,
        tickets: Tickets,
        events: Events,
        rows: slice = slice(None),
    ) -> None:
        kept = np.flatnonzero(events.status[rows] != act.GONE) + (rows.start or 0)
        self.ticket, self.when = events.ticket[kept], events.when[kept]
        self.priority = events.priority[kept].astype(np.int64)
        self.hours = OpenHours(span)
        status, author = events.status[kept], events.author[kept]
        self.in_new, self.in_open = status == act.NEW, status == act.OPEN
        self.in_pending = status == act.PENDING
        self.is_unsolved = status < act.SOLVED
        self.is_new = self.when >= span.new_process
        self._is_first = np.append(True, self.ticket[1:] != self.ticket[:-1])
        place = np.arange(len(kept))
        self._birth = np.maximum.accumulate(np.where(self._is_first, place, 0))
        self.is_last = np.append(self._is_first[1:], True)
        self.until = np.where(self.is_last, NEVER, np.append(self.when[1:], NEVER))
        person = tickets.person[self.ticket]
        self.schedule = schedule_of(people.is_german[person], self.priority)
        self.policy = policy_of(tickets.channel[self.ticket])
        in_public = _COMMENT[events.action[kept]] == act.PUBLIC
        by_agent = (author >= 0) & (author <= staff.agents)
        self.asks = in_public & (author > staff.agents)
        self.speaks = in_public & by_agent
        self.answers = self.speaks & ~self._is_first

    def __len__(self) -> int:
        return len(self.ticket)

    def before(self, values: Array, none: int | bool) -> Array:
        """Give the value of the ticket's update before, `none` at its first."""
        shifted = np.empty_like(values)
        shifted[1:] = values[:-1]
        shifted[self._is_first] = none
        return shifted

    def counted(self, marks: Array) -> Array:
        """Count a ticket's marked updates up to and with each."""
        total = np.cumsum(marks)
        return total - (total - marks)[self._birth]

    def last(self, marks: Array, wanted: Array) -> Array:
        """Tell whether a ticket's last marked update so far is a wanted one."""
        place = np.where(marks, np.arange(len(marks)), -1)
        latest = np.maximum.accumulate(place)
        return (latest >= self._birth) & wanted[latest]
