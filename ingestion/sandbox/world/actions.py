"""What can happen to a ticket, as tables: the actions and which state allows which.

Holds the rules of a ticket's life as data. Does not hold the draw (`lifecycle.py`).
Tests: tests/ingestion/sandbox/test_world.py
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

NEW, OPEN, PENDING, HOLD, SOLVED, CLOSED, GONE = range(7)
STATUSES = ("new", "open", "pending", "hold", "solved", "closed", "deleted")
KEEP = -1

CUSTOMER, AGENT, SYSTEM, BOT = range(4)
SILENT, PUBLIC, PRIVATE = range(3)
# How an action changes the assignment.
SAME, TAKE, COLLEAGUE, HAND_OVER, BACK, NOBODY, TRIAGE, MACHINE = range(8)


class Action(NamedTuple):
    """One kind of update: who does it, what it changes, how long after the last.

    `minutes` is the median delay and `sigma` the spread of its logarithm.
    """

    name: str
    author: int
    comment: int
    status: int = KEEP
    staffing: int = SAME
    minutes: float = 60.0
    sigma: float = 1.0


ACTIONS = (
    Action("create", CUSTOMER, PUBLIC),
    Action("take", AGENT, SILENT, OPEN, TAKE, 25, 1.0),
    Action("take_and_reply", AGENT, PUBLIC, PENDING, TAKE, 80, 1.1),
    Action("take_and_solve", AGENT, PUBLIC, SOLVED, TAKE, 70, 1.1),
    Action("triage", AGENT, SILENT, KEEP, TRIAGE, 40, 0.8),
    Action("add_detail", CUSTOMER, PUBLIC, KEEP, SAME, 180, 1.0),
    Action("reply", AGENT, PUBLIC, PENDING, SAME, 90, 1.1),
    Action("reply_and_solve", AGENT, PUBLIC, SOLVED, SAME, 100, 1.1),
    Action("reply_and_stay", AGENT, PUBLIC, KEEP, SAME, 75, 1.0),
    Action("note", AGENT, PRIVATE, KEEP, SAME, 45, 1.0),
    Action("to_colleague", AGENT, SILENT, KEEP, COLLEAGUE, 60, 1.0),
    Action("hand_over", AGENT, PRIVATE, KEEP, HAND_OVER, 90, 1.0),
    Action("hand_back", AGENT, PRIVATE, KEEP, BACK, 50, 0.9),
    Action("put_back", AGENT, SILENT, KEEP, NOBODY, 90, 0.9),
    Action("hold", AGENT, PRIVATE, HOLD, SAME, 70, 1.0),
    Action("resume", AGENT, SILENT, OPEN, SAME, 1500, 0.8),
    Action("raise_priority", AGENT, SILENT, KEEP, SAME, 60, 1.0),
    Action("solve", AGENT, SILENT, SOLVED, SAME, 900, 0.9),
    Action("answer", CUSTOMER, PUBLIC, OPEN, SAME, 420, 1.3),
    Action("reopen", CUSTOMER, PUBLIC, OPEN, SAME, 900, 0.8),
    Action("correct", AGENT, PUBLIC, PENDING, SAME, 240, 0.8),
    Action("auto_solve", SYSTEM, SILENT, SOLVED, SAME, 72 * 60, 0.0),
    Action("close", SYSTEM, SILENT, CLOSED, SAME, 96 * 60, 0.0),
    Action("merge", AGENT, PRIVATE, CLOSED, SAME, 50, 0.8),
    Action("delete", AGENT, SILENT, GONE, SAME, 200, 1.0),
    Action("bot_reply", BOT, PUBLIC, KEEP, SAME, 1.0, 0.1),
    Action("bot_solve", BOT, PUBLIC, SOLVED, MACHINE, 12, 0.6),
    Action("ask_for_human", CUSTOMER, PUBLIC, KEEP, SAME, 3, 0.6),
    Action("dismiss", AGENT, SILENT, SOLVED, TAKE, 90, 0.8),
)
INDEX = {action.name: number for number, action in enumerate(ACTIONS)}

# Per status from the troublesome to the smooth: a good experience shifts the draw
# towards the end of the list.
_CHOICES: dict[int, list[tuple[str, float]]] = {
    NEW: [("add_detail", 4), ("triage", 6), ("take", 42), ("take_and_reply", 34),
          ("take_and_solve", 14)],
    OPEN: [("put_back", 1), ("hand_over", 4), ("hand_back", 3), ("to_colleague", 6),
           ("raise_priority", 2), ("hold", 4), ("add_detail", 3), ("note", 7),
           ("reply_and_stay", 5), ("reply", 33), ("solve", 2),
           ("reply_and_solve", 30)],
    PENDING: [("reply_and_stay", 5), ("answer", 55), ("auto_solve", 22),
              ("solve", 18)],
    HOLD: [("note", 10), ("resume", 20), ("reply", 25), ("reply_and_solve", 45)],
    SOLVED: [("reopen", 9), ("correct", 1), ("close", 90)],
}  # fmt: skip


def choice_tables() -> tuple[np.ndarray, np.ndarray]:
    """Give, per status, the cumulative shares and the actions they stand for."""
    width = max(len(choices) for choices in _CHOICES.values())
    shares = np.full((len(_CHOICES), width), 2.0)
    actions = np.zeros((len(_CHOICES), width), dtype=np.int64)
    for status, choices in _CHOICES.items():
        total = sum(share for _, share in choices)
        cumulative = np.cumsum([share / total for _, share in choices])
        shares[status, : len(choices) - 1] = cumulative[:-1]
        actions[status, : len(choices)] = [INDEX[name] for name, _ in choices]
        actions[status, len(choices) :] = INDEX[choices[-1][0]]
    return shares, actions


def column(name: str) -> np.ndarray:
    """Give one attribute of all actions as an array."""
    return np.array([getattr(action, name) for action in ACTIONS])
