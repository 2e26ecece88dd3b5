"""The helpdesk's clocks on tickets whose every minute is worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import numpy as np

from ingestion.sandbox.world import actions as act
from ingestion.sandbox.world.clocks import KINDS, METRICS, metric_events
from ingestion.sandbox.world.lives import Lives
from ingestion.sandbox.world.targets import TARGET_NAMES
from ingestion.sandbox.world.tickets import CHAT, NORMAL, URGENT, WEB
from ingestion.sandbox.world.timeline import DEFAULT_NOW, NEVER, Span

SPAN = Span.around(DEFAULT_NOW, 18)
CUSTOMER, AGENT = 50, 1
Step = tuple[str, int, int, str]  # when, author, status after it, action


def told(
    steps: list[Step], *, channel: int = WEB, priority: int = NORMAL
) -> list[tuple[Any, ...]]:
    """What is told of the clocks of one ticket of an English customer."""
    count = len(steps)
    events = SimpleNamespace(
        ticket=np.zeros(count, dtype=np.int32),
        when=np.array([stamp(when) for when, *_ in steps]),
        action=np.array([act.INDEX[action] for *_, action in steps]),
        author=np.array([author for _, author, *_ in steps]),
        status=np.array([status for *_, status, _ in steps]),
        priority=np.full(count, priority, dtype=np.int8),
    )
    tickets = SimpleNamespace(person=np.array([0]), channel=np.array([channel]))
    people = SimpleNamespace(is_german=np.array([False]))
    lives = Lives(SPAN, people, SimpleNamespace(agents=10), tickets, events)
    found = metric_events([lives], SPAN.start, SPAN.end)
    return [
        (
            METRICS[found.metric[row]],
            int(found.instance[row]),
            KINDS[found.kind[row]],
            f"{datetime.fromtimestamp(found.when(row), UTC):%m-%d %H:%M}",
            *_more(found, row),
        )
        for row in range(len(found))
    ]


def _more(found: Any, row: int) -> tuple[Any, ...]:
    kind = KINDS[found.kind[row]]
    if kind == "update_status":
        return (found.seconds[row] / 3600, found.open_seconds[row] / 3600)
    if kind == "apply_sla":
        hours = found.seconds[row] / 3600
        return (TARGET_NAMES[found.name[row]], hours, bool(found.is_business[row]))
    if kind == "breach" and found.void_since(row) < NEVER:
        return (f"{datetime.fromtimestamp(found.void_since(row), UTC):%m-%d %H:%M}",)
    return ()


def stamp(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def of(metric: str, found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [row[1:] for row in found if row[0] == metric]


# A Monday and a Tuesday in winter: London is open from 9 to 18, in UTC.
ORDINARY: list[Step] = [
    ("2026-02-02 10:00", CUSTOMER, act.NEW, "create"),
    ("2026-02-02 12:00", AGENT, act.PENDING, "take_and_reply"),
    ("2026-02-02 15:00", CUSTOMER, act.OPEN, "answer"),
    ("2026-02-03 11:00", AGENT, act.SOLVED, "reply_and_solve"),
]


def test_each_question_opens_a_wait_and_the_next_answer_ends_it() -> None:
    assert of("reply_time", told(ORDINARY)) == [
        (1, "activate", "02-02 10:00"),
        (1, "apply_sla", "02-02 10:00", "first_reply_time", 8.0, True),
        (1, "fulfill", "02-02 12:00"),
        (1, "update_status", "02-02 12:00", 2.0, 2.0),
        (2, "activate", "02-02 15:00"),
        (2, "apply_sla", "02-02 15:00", "next_reply_time", 9.0, True),
        (2, "fulfill", "02-03 11:00"),
        (2, "update_status", "02-03 11:00", 20.0, 5.0),
    ]


def test_work_pauses_while_the_customer_is_asked() -> None:
    assert of("agent_work_time", told(ORDINARY)) == [
        (1, "activate", "02-02 10:00"),
        (1, "apply_sla", "02-02 10:00", "agent_work_time", 18.0, True),
        (1, "pause", "02-02 12:00"),
        (1, "update_status", "02-02 12:00", 2.0, 2.0),
        (1, "activate", "02-02 15:00"),
        (1, "fulfill", "02-03 11:00"),
        (1, "update_status", "02-03 11:00", 22.0, 7.0),
    ]


def test_an_update_is_due_from_one_word_of_an_agent_to_the_next() -> None:
    found = told(ORDINARY)
    assert of("periodic_update_time", found)[0] == (1, "activate", "02-02 12:00")
    assert of("periodic_update_time", found)[-1][-2:] == (23.0, 8.0)
    # The pausable one waits while the ticket is pending.
    assert ("activate", "02-02 15:00") in [
        row[1:] for row in of("pausable_update_time", found)
    ]
    assert of("pausable_update_time", found)[-1][-2:] == (20.0, 5.0)


def test_a_reopened_ticket_starts_a_new_instance() -> None:
    reopened = [
        *ORDINARY,
        ("2026-02-04 10:00", CUSTOMER, act.OPEN, "reopen"),
        ("2026-02-04 11:00", AGENT, act.SOLVED, "solve"),
    ]
    rows = of("resolution_time", told(reopened))
    assert [row[:3] for row in rows if row[1] in ("activate", "fulfill")] == [
        (1, "activate", "02-02 10:00"),
        (1, "fulfill", "02-03 11:00"),
        (2, "activate", "02-04 10:00"),
        (2, "fulfill", "02-04 11:00"),
    ]
    # Solved without a word to the customer: the wait for a reply ends there too.
    assert of("reply_time", told(reopened))[-1][:3] == (
        *(3, "update_status", "02-04 11:00"),
    )


def test_an_urgent_ticket_counts_the_night_and_is_broken_to_the_minute() -> None:
    night: list[Step] = [
        ("2026-02-07 23:00", CUSTOMER, act.NEW, "create"),
        ("2026-02-08 01:00", AGENT, act.PENDING, "take_and_reply"),
    ]
    assert of("reply_time", told(night, priority=URGENT)) == [
        (1, "activate", "02-07 23:00"),
        (1, "apply_sla", "02-07 23:00", "first_reply_time", 0.5, False),
        (1, "breach", "02-07 23:30"),
        (1, "fulfill", "02-08 01:00"),
        (1, "update_status", "02-08 01:00", 2.0, 2.0),
    ]


def test_a_target_met_on_its_last_second_is_not_broken() -> None:
    just: list[Step] = [
        ("2026-02-02 10:00", CUSTOMER, act.NEW, "create"),
        ("2026-02-02 10:20", AGENT, act.PENDING, "take_and_reply"),
    ]
    kinds = [row[1] for row in of("reply_time", told(just, channel=CHAT))]
    assert kinds == ["activate", "apply_sla", "fulfill", "update_status"]


def test_a_breach_is_void_once_its_target_is_relaxed() -> None:
    # 18 hours until the new process, 54 since then; nobody works on New Year's Day.
    waiting: list[Step] = [
        ("2025-12-29 09:00", CUSTOMER, act.NEW, "create"),
        ("2026-01-02 10:00", CUSTOMER, act.NEW, "add_detail"),
    ]
    assert of("resolution_time", told(waiting)) == [
        (1, "activate", "12-29 09:00"),
        (1, "apply_sla", "12-29 09:00", "total_resolution_time", 18.0, True),
        (1, "breach", "12-30 18:00", "01-02 10:00"),
        (1, "apply_sla", "01-02 10:00", "total_resolution_time", 54.0, True),
        # 28 hours had passed: 8 more on Friday, 9 on Monday, the last 9 on Tuesday.
        (1, "breach", "01-06 18:00"),
    ]


def test_a_ticket_without_priority_has_no_target() -> None:
    found = told(ORDINARY, priority=4)
    assert {row[2] for row in found}.isdisjoint({"apply_sla", "breach"})
    assert len(found) > 10


def test_an_agents_opening_word_is_no_reply_and_asks_nothing() -> None:
    by_agent: list[Step] = [
        ("2026-02-02 10:00", AGENT, act.OPEN, "create"),
        ("2026-02-02 11:00", CUSTOMER, act.OPEN, "add_detail"),
        ("2026-02-02 12:00", AGENT, act.PENDING, "reply"),
    ]
    assert of("reply_time", told(by_agent))[0][:3] == (1, "activate", "02-02 11:00")
