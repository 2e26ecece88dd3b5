"""Records over their versions and loads over time: what a vendor cannot have meant.

Holds rules that need no statistics: the past of a record does not change, the windows
of pulls meet, keys stay what they are. A load that breaks one was never published, so
it can be taken back. Does not compare releases (`comparison`).
Tests: tests/gate/test_corruptions.py
"""

from __future__ import annotations

from expectations.owners import DATA
from expectations.rules import LAST_PULL
from expectations.sql_checks import SqlCheck

TAKE_BACK = (
    "Take the load back: delete its file in the source's `_dlt_loads` and run again;"
    " the pull goes on from the load before."
)
# One record in a hundred may be the vendor's oddity; more is a fault of the load.
_ODDITIES = 0.01

# Streams whose records say when they were made, and when they changed last.
_DATED = (
    "zendesk__tickets",
    "zendesk__users",
    "zendesk__organizations",
    "zendesk__satisfaction_ratings",
    "zendesk__survey_responses",
    "zendesk__groups",
    "zendesk_talk__calls",
    "typeform__forms",
    "hubspot__contacts",
    "hubspot__companies",
    "hubspot__deals",
    "hubspot__feedback_submissions",
    "hubspot__calls",
    "hubspot__meetings",
    "hubspot__emails",
    "hubspot__notes",
    "trustpilot__reviews",
    "qualtrics__surveys",
    "qualtrics__distributions",
)
# Streams with a key that the vendor counts up.
_NUMBERED = (
    "zendesk.tickets",
    "zendesk.users",
    "zendesk.organizations",
    "zendesk.ticket_events",
    "zendesk.ticket_metric_events",
    "zendesk.satisfaction_ratings",
    "zendesk.groups",
    "zendesk_talk.calls",
    "zendesk_talk.legs",
    "hubspot.contacts",
    "hubspot.companies",
    "hubspot.deals",
    "hubspot.feedback_submissions",
    "hubspot.calls",
    "hubspot.meetings",
    "hubspot.emails",
    "hubspot.notes",
)

_VERSIONS = "\nUNION ALL ".join(
    f"SELECT '{table}' AS table_name, _key AS key, _version AS version,"
    " _load_id AS load_id, _seq AS seq, created_at, updated_at,"
    f" _disposition = 'accepted' AS is_last FROM work.staging.base_{table}"
    " WHERE _disposition <> 'quarantined'"
    for table in _DATED
)
_HISTORIES = f"""(
    SELECT
        table_name, key,
        arg_min(created_at, (coalesce(version, 0), load_id, seq)) AS first_created_at,
        max(created_at) FILTER (is_last) AS created_at,
        max(updated_at) FILTER (NOT is_last) AS earlier_updated_at,
        max(updated_at) FILTER (is_last) AS updated_at
    FROM ({_VERSIONS}) GROUP BY table_name, key HAVING count(*) > 1
)"""


def _more_than_oddities(condition: str, told: str) -> str:
    """Records of which a share beyond oddities meets a condition, per table."""
    return f"""
        SELECT table_name || '/' || key, {told}
        FROM (SELECT *, count(*) OVER (PARTITION BY table_name) AS known
            FROM {_HISTORIES})
        WHERE {condition}
        QUALIFY count(*) OVER (PARTITION BY table_name) > greatest(
            1, {_ODDITIES} * known
        )
    """


_KEY_FORMS = "\nUNION ALL ".join(
    f"SELECT '{table}' AS table_name, _dlt_load_id AS load_id,"
    " regexp_full_match(key, '[0-9]+') AS is_number, any_value(key) AS example,"
    f" count(*) AS records FROM work.{table} GROUP BY ALL"
    for table in _NUMBERED
)

VERSIONS: tuple[SqlCheck, ...] = (
    SqlCheck(
        "versions.created_at_never_changes",
        "lake",
        _more_than_oddities(
            # One that is gone is only named, without an instant.
            "created_at <> first_created_at",
            "first_created_at, created_at",
        ),
        "A record keeps the instant at which it was made, in all its versions; else a "
        f"load has another time zone, unit or order of columns. {TAKE_BACK}",
        owner=DATA,
    ),
    SqlCheck(
        "versions.records_do_not_go_back",
        "lake",
        _more_than_oddities(
            "updated_at < earlier_updated_at", "earlier_updated_at, updated_at"
        ),
        "The version in use is not older than one before it; else an old state was "
        f"delivered under a new version. {TAKE_BACK}",
        owner=DATA,
    ),
    SqlCheck(
        "versions.created_at_is_not_in_the_future",
        "lake",
        f"""
        SELECT table_name || '/' || key, created_at FROM ({_VERSIONS})
        WHERE is_last AND created_at > {LAST_PULL}
        """,
        "No record was made after the vendor's own clock at the pull; look for a wrong "
        f"unit or time zone. {TAKE_BACK}",
        owner=DATA,
    ),
    SqlCheck(
        "versions.numbered_keys_stay_numbers",
        "lake",
        f"""
        SELECT table_name || '/' || example, load_id, records FROM ({_KEY_FORMS})
        WHERE NOT is_number
        """,
        "Keys that a vendor counts up are digits and nothing else; a key of another "
        f"type makes every record a new one. {TAKE_BACK}",
        owner=DATA,
    ),
    SqlCheck(
        "versions.windows_meet",
        "staging.pulls",
        """
        SELECT concat_ws('/', source, table_name, load_id), complete_to, window_from
        FROM (
            SELECT *, max(window_to) FILTER (is_complete) OVER (
                PARTITION BY source, table_name ORDER BY load_id
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS complete_to
            FROM work.staging.pulls WHERE mode = 'incremental'
        )
        WHERE window_from > complete_to
        """,
        "Each pull begins where a complete one ended, or earlier; what changed in "
        f"between was never read. {TAKE_BACK}",
        owner=DATA,
    ),
)
