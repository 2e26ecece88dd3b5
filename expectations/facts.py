"""Suites of published facts: tickets, touches, answers.

Holds one suite per fact, for the columns of the contract that are filled so far. Does
not compare facts with each other (`relations`).
Tests: tests/expectations/test_validation.py
"""

from __future__ import annotations

from expectations.columns import COUNT, FLAG, INSTANT, NUMBER, TEXT, columns_of
from expectations.fact_columns import FACT, FACT_RULES
from expectations.rules import (
    AS_OF,
    Rule,
    Suite,
    in_order,
    not_after_as_of,
    not_in_the_future,
    not_negative,
    one_of,
    present,
)

_MINUTES = tuple(
    f"{what}_calendar_minutes"
    for what in (
        "first_reply_time",
        "first_resolution_time",
        "full_resolution_time",
        "requester_wait_time",
        "agent_wait_time",
        "on_hold_time",
    )
)
_LIFE = f"epoch({AS_OF} - created_at) / 60 + 1"
_TOUCHES = (
    "count_replies",
    "count_reopens",
    "count_assignee_changes",
    "count_group_changes",
)


_INTERACTIONS = Suite(
    catalog="cx",
    table="marts.fct_interactions",
    key=("interaction_key",),
    columns={
        **columns_of(
            TEXT,
            "interaction_key",
            "customer_key",
            "channel",
            "direction",
            "author_role",
        ),
        "occurred_at": INSTANT,
        **FACT,
    },
    rules=(
        *present("interaction_key", "occurred_at", "direction", "author_role"),
        *FACT_RULES,
        one_of("direction", ("inbound", "outbound", "internal")),
        one_of("author_role", ("customer", "agent", "bot", "system", "unknown")),
        *not_in_the_future("occurred_at"),
    ),
)
_TICKETS = Suite(
    catalog="cx",
    table="marts.fct_tickets",
    key=("ticket_key",),
    columns={
        **columns_of(
            TEXT,
            "ticket_key",
            "ticket_id",
            "customer_key",
            "account_key",
            "agent_key",
            "group_key",
            "priority",
            "status",
            "channel",
        ),
        "csat": f"{NUMBER}|{FLAG}",
        **columns_of(INSTANT, "created_at", "assigned_at", "solved_at", "updated_at"),
        **columns_of(NUMBER, *_MINUTES),
        **columns_of(COUNT, *_TOUCHES),
        "is_one_touch": FLAG,
        **FACT,
    },
    rules=(
        *present("ticket_key", "ticket_id", "status", "created_at", "updated_at"),
        *FACT_RULES,
        one_of(
            "status", ("new", "open", "pending", "hold", "solved", "closed", "deleted")
        ),
        Rule(
            "priority_is_one_of_zendesk",
            "source = 'zendesk'"
            " AND priority NOT IN ('low', 'normal', 'high', 'urgent')",
            "priority is one that Zendesk knows; files may have their own.",
        ),
        Rule("csat_is_0_or_1", "csat::INTEGER NOT IN (0, 1)", "csat is 0 or 1."),
        *not_negative(*_MINUTES, *_TOUCHES),
        *in_order("created_at", "assigned_at", "solved_at", "updated_at"),
        Rule(
            "first_resolution_is_within_full",
            "first_resolution_time_calendar_minutes"
            " > full_resolution_time_calendar_minutes",
            "The first entry into solved is not after the last one.",
        ),
        Rule(
            "is_deleted_says_status",
            "is_deleted <> (status = 'deleted')",
            "is_deleted and status say the same.",
        ),
        Rule(
            "full_resolution_is_created_to_solved",
            "abs(full_resolution_time_calendar_minutes"
            " - epoch(solved_at - created_at) / 60) > 0.01",
            "full_resolution_time counts minutes from created_at to solved_at; look "
            "for another unit.",
        ),
        Rule(
            "first_reply_is_within_life",
            f"first_reply_time_calendar_minutes > {_LIFE}",
            "A reply comes between creation and as_of; look for another unit or for "
            "the reply of another ticket.",
        ),
        Rule(
            "waiting_is_within_life",
            "requester_wait_time_calendar_minutes + agent_wait_time_calendar_minutes"
            f" > {_LIFE}",
            "Requester and agent together wait no longer than the ticket has lived; "
            "look for overlapping status intervals or another unit.",
        ),
        *not_after_as_of("created_at"),
        *not_in_the_future("assigned_at", "solved_at", "updated_at"),
    ),
)
_SURVEY_RESPONSES = Suite(
    catalog="cx",
    table="marts.fct_survey_responses",
    key=("response_key",),
    columns={
        **columns_of(
            TEXT,
            "response_key",
            "survey_key",
            "question_key",
            "customer_key",
            "ticket_key",
            "agent_key",
            "survey_type",
            "program",
            "answer_text",
            "channel",
            "language",
        ),
        **columns_of(NUMBER, "score", "scale_min", "scale_max"),
        "is_reversed": FLAG,
        "responded_at": INSTANT,
        **FACT,
    },
    rules=(
        *present(
            "response_key",
            "survey_key",
            "question_key",
            "survey_type",
            "responded_at",
            "is_reversed",
        ),
        *FACT_RULES,
        one_of("survey_type", ("NPS", "CSAT", "CES", "custom")),
        one_of("program", ("relational", "transactional", "research")),
        Rule(
            "score_is_within_scale",
            "score < scale_min OR score > scale_max",
            "score lies on the question's declared scale; others are quarantined.",
        ),
        Rule(
            "score_has_a_scale",
            "score IS NOT NULL AND survey_type <> 'custom'"
            " AND (scale_min IS NULL OR scale_max IS NULL)",
            "A score comes with the scale that it is on.",
        ),
        Rule(
            "scale_is_in_order",
            "scale_min >= scale_max",
            "scale_min is below scale_max.",
        ),
        Rule(
            "nps_is_0_to_10",
            "survey_type = 'NPS' AND (scale_min <> 0 OR scale_max <> 10)",
            "NPS questions run from 0 to 10; others are no NPS.",
        ),
        *not_after_as_of("responded_at"),
    ),
)

FACT_SUITES: tuple[Suite, ...] = (_INTERACTIONS, _TICKETS, _SURVEY_RESPONSES)
