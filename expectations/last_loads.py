"""The last load of each table: can its records be used, and do they fit together?

Holds bounds on the share of unusable records, and relations between staged tables that
a pull can break. Shares of all loads would hide one bad load behind many good ones.
Tests: tests/gate/test_corruptions.py
"""

from __future__ import annotations

from expectations.owners import owner_of
from expectations.sql_checks import SqlCheck
from expectations.versions import TAKE_BACK

MAX_UNUSABLE_SHARE = 0.2
MAX_ORPHANED_SHARE = 0.05
# So many odd records may come at once.
_SOME = 5
_LOAD_OF_TABLE = "concat_ws('/', source, table_name, load_id)"

_OF_LAST_LOADS = (
    SqlCheck(
        "reconciliation.last_load_is_usable",
        "staging.record_counts",
        f"""
        SELECT {_LOAD_OF_TABLE}, quarantined, received
        FROM work.staging.record_counts
        WHERE
            quarantined >= {_SOME} AND quarantined > {MAX_UNUSABLE_SHARE} * received
            AND (source, table_name, load_id) IN (
                SELECT (source, table_name, max(load_id))
                FROM work.staging.record_counts GROUP BY source, table_name
            )
        """,
        f"At most {MAX_UNUSABLE_SHARE:.0%} of the last load of a table is in "
        f"quarantine, which says why. {TAKE_BACK}",
    ),
    SqlCheck(
        "reconciliation.last_answers_are_usable",
        "intermediate.survey_answers_judged",
        f"""
        SELECT _load_id, count(_reason) AS refused, count(*) AS given
        FROM work.intermediate.survey_answers_judged
        WHERE _load_id = (
            SELECT max(_load_id) FROM work.intermediate.survey_answers_judged
        )
        GROUP BY _load_id
        HAVING refused >= {_SOME} AND refused > {MAX_UNUSABLE_SHARE} * given
        """,
        f"At most {MAX_UNUSABLE_SHARE:.0%} of the answers of the last load lie outside "
        f"of their scales; look whether a form has other scales now. {TAKE_BACK}",
        owner=owner_of("typeform"),
    ),
)
_OF_ONE_ANOTHER = (
    SqlCheck(
        "reconciliation.tickets_belong_to_their_requesters",
        "marts.fct_tickets",
        """
        SELECT fact.ticket_id, fact.customer_key, identities.customer_key
        FROM cx.marts.fct_tickets AS fact
        INNER JOIN (
            SELECT 'zendesk' AS source, _key, requester_id
            FROM work.staging.base_zendesk__tickets WHERE _disposition = 'accepted'
            UNION ALL
            SELECT source, _key, requester_id
            FROM work.staging.base_files__tickets WHERE _disposition = 'accepted'
        ) AS base ON fact.source = base.source AND fact.source_id = base._key
        LEFT JOIN cx.marts.customer_identities AS identities
            ON identities.source = base.source
            AND identities.source_id = base.requester_id
        WHERE fact.customer_key IS DISTINCT FROM identities.customer_key
        """,
        "A ticket belongs to the customer of its requester; one that does not shows a "
        "person's matters to another. Look at the joins of int_tickets.",
    ),
    SqlCheck(
        "reconciliation.events_lead_to_tickets",
        "zendesk.tickets",
        f"""
        SELECT ticket_id, known FROM (
            SELECT ticket_id, count(*) OVER () AS known,
                ticket_id IN (
                    SELECT _key FROM work.staging.base_zendesk__tickets
                    WHERE _disposition = 'accepted'
                ) AS is_there
            FROM work.staging.base_zendesk__ticket_events
            CROSS JOIN (
                SELECT max(window_to) AS complete_to FROM work.staging.pulls
                WHERE source = 'zendesk' AND table_name = 'tickets' AND is_complete
            )
            WHERE
                _disposition = 'accepted' AND created_at <= complete_to
                AND created_at > complete_to - INTERVAL 28 DAY
            GROUP BY ticket_id
        )
        WHERE NOT is_there
        QUALIFY count(*) OVER () > greatest({_SOME}, {MAX_ORPHANED_SHARE} * known)
        """,
        "The tickets that the events of the last four weeks speak of are in the lake; "
        f"else the pull of tickets left some out. {TAKE_BACK}",
        owner=owner_of("zendesk"),
    ),
)

# What UTF-8 looks like when it was read as Latin-1, and what replaces a lost character.
_DAMAGED = (
    "(contains(payload, chr(65533)) OR contains(payload, 'â€')"
    " OR contains(payload, 'Ã') AND regexp_matches(payload, 'Ã[\\x{80}-\\x{BF}]'))"
)
_TEXTS = (
    "zendesk.tickets",
    "zendesk.users",
    "zendesk.organizations",
    "zendesk.satisfaction_ratings",
    "zendesk.survey_responses",
    "typeform.responses",
    "hubspot.contacts",
    "hubspot.companies",
    "hubspot.deals",
    "hubspot.feedback_submissions",
    "hubspot.emails",
    "hubspot.notes",
    "trustpilot.reviews",
    "qualtrics.responses",
)
_ENCODINGS = "\nUNION ALL ".join(
    f"SELECT '{name}' AS name, _dlt_load_id AS load_id, count(*) AS records,"
    f" count_if({_DAMAGED}) AS damaged FROM work.{name} WHERE _dlt_load_id ="
    f" (SELECT max(_dlt_load_id) FROM work.{name}) GROUP BY ALL"
    for name in _TEXTS
)
_WELL_ENCODED = SqlCheck(
    "reconciliation.texts_are_well_encoded",
    "lake",
    f"""
    SELECT name || '/' || load_id, damaged, records FROM ({_ENCODINGS})
    WHERE damaged >= 5 AND damaged > 0.01 * records
    """,
    "At most one record in a hundred of the last load has texts of a broken encoding; "
    f"else a proxy or export changed it. {TAKE_BACK}",
)

LAST_LOADS: tuple[SqlCheck, ...] = (
    *_OF_LAST_LOADS,
    *_OF_ONE_ANOTHER,
    _WELL_ENCODED,
)
