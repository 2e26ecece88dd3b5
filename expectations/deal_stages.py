"""Checks of visits to stages: a deal is in one stage at a time, and where it says.

Holds the suite of `fct_deal_stage_events` and queries against deals, staging and lake,
as data. Does not hold what is checked of deals themselves (`sales`).
Tests: tests/expectations/test_validation.py, tests/expectations/test_sql_checks.py
"""

from __future__ import annotations

from dataclasses import replace

from expectations.columns import INSTANT, TEXT, columns_of
from expectations.fact_columns import FACT, FACT_RULES
from expectations.owners import owner_of
from expectations.rules import AS_OF, Suite, in_order, not_after_as_of, present
from expectations.sql_checks import SqlCheck

_OWNER = owner_of("hubspot")
_TABLE = "marts.fct_deal_stage_events"
# One deal in a hundred may be the vendor's oddity, such as an edited date.
_ODDITIES = 0.01

DEAL_STAGE_SUITE = Suite(
    catalog="cx",
    table=_TABLE,
    key=("stage_event_key",),
    must_have_rows=False,
    owner=_OWNER,
    columns={
        **columns_of(TEXT, "stage_event_key", "deal_key", "customer_key"),
        **columns_of(TEXT, "account_key", "owner_key"),
        **columns_of(TEXT, "pipeline_id", "pipeline", "stage_id", "stage"),
        **columns_of(INSTANT, "entered_at", "exited_at"),
        **FACT,
    },
    rules=(
        *present("stage_event_key", "deal_key", "pipeline", "stage", "entered_at"),
        *FACT_RULES,
        *in_order("entered_at", "exited_at"),
        *not_after_as_of("entered_at", "exited_at"),
    ),
)


def _more_than_oddities(condition: str, told: str, visit: str) -> str:
    """Deals whose first or last visit meets a condition, if more than a few do."""
    return f"""
        SELECT source_id, {told} FROM (
            SELECT visit.*, deal.created_at, deal.stage_id AS deal_stage_id,
                count(*) OVER () AS known
            FROM cx.marts.fct_deal_stage_events AS visit
            INNER JOIN cx.marts.fct_deals AS deal
                ON visit.deal_key = deal.deal_key AND deal.updated_at <= {AS_OF}
                -- the history in a file may have begun late
                AND deal.source = 'hubspot'
            QUALIFY row_number() OVER (
                PARTITION BY visit.deal_key ORDER BY {visit}
            ) = 1
        )
        WHERE {condition}
        QUALIFY count(*) OVER () > {_ODDITIES} * known
    """


_CHECKS = (
    SqlCheck(
        "relations.customers_of_fct_deal_stage_events_exist",
        _TABLE,
        """
        SELECT DISTINCT customer_key FROM cx.marts.fct_deal_stage_events
        WHERE customer_key IS NOT NULL
        EXCEPT SELECT customer_key FROM cx.marts.customer_360
        """,
        "Every customer of a fact is in customer_360; build both from one identity "
        "run.",
    ),
    SqlCheck(
        "relations.deals_of_stage_events_exist",
        _TABLE,
        """
        SELECT DISTINCT deal_key FROM cx.marts.fct_deal_stage_events
        EXCEPT SELECT deal_key FROM cx.marts.fct_deals
        """,
        "Every visit to a stage is one of a deal in fct_deals; build both from one "
        "int_deals.",
    ),
    SqlCheck(
        "reconciliation.visits_of_a_deal_do_not_overlap",
        _TABLE,
        """
        SELECT stage_event_key, entered_at, exited_at, next_entered_at FROM (
            SELECT *, lead(entered_at) OVER (
                PARTITION BY deal_key ORDER BY entered_at, stage_event_key
            ) AS next_entered_at
            FROM cx.marts.fct_deal_stage_events
        )
        WHERE next_entered_at < coalesce(exited_at, TIMESTAMP 'infinity')
        """,
        "A deal is in one stage at a time; look at the order of changes in "
        "int_deal_stage_visits.",
    ),
    SqlCheck(
        "reconciliation.deals_stand_where_their_last_visit_is",
        _TABLE,
        _more_than_oddities(
            "exited_at IS NULL AND stage_id <> deal_stage_id",
            "stage_id, deal_stage_id",
            "entered_at DESC, stage_event_key",
        ),
        "The visit that goes on is to the stage that the deal says; else history and "
        "deal were read at different times, or its newest change is missing.",
    ),
    SqlCheck(
        "reconciliation.visits_begin_with_their_deals",
        _TABLE,
        _more_than_oddities(
            "entered_at < created_at",
            "entered_at, created_at",
            "entered_at, stage_event_key",
        ),
        "No visit begins before its deal was made; look for another time zone or unit "
        "in the dates of the history.",
    ),
    SqlCheck(
        "reconciliation.stage_changes_are_in_the_mart",
        _TABLE,
        f"""
        SELECT key, told, coalesce(stored, 0) FROM (
            SELECT key, count(DISTINCT changed_at) AS told FROM (
                SELECT key, unnest(from_json(
                    last_payload -> '$.propertiesWithHistory.dealstage',
                    '[{{"value": "VARCHAR", "timestamp": "TIMESTAMP"}}]'
                ), recursive := true)
                FROM (
                    SELECT key, arg_max(
                        payload, (coalesce(version, 0), _dlt_load_id, seq)
                    ) AS last_payload
                    FROM work.hubspot.deals WHERE json_valid(payload) GROUP BY key
                )
                WHERE key NOT IN (
                    SELECT key FROM work.intermediate.quarantined_records
                    WHERE table_name = 'deals' AND key IS NOT NULL
                )
            ) AS changes (key, stage_id, changed_at)
            WHERE stage_id <> '' AND changed_at <= {AS_OF} GROUP BY key
        )
        LEFT JOIN (
            SELECT source_id, count(*) AS stored
            FROM cx.marts.fct_deal_stage_events GROUP BY ALL
        ) ON key = source_id
        WHERE key IN (SELECT source_id FROM cx.marts.fct_deals)
            AND coalesce(stored, 0) < told
        """,
        "Every change of stage that the last version of a deal tells is a visit in the "
        "mart; look at stg_hubspot__deal_stage_history.",
    ),
)
DEAL_STAGE_CHECKS: tuple[SqlCheck, ...] = tuple(
    replace(check, owner=_OWNER) for check in _CHECKS
)
