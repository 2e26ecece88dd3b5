"""Reconciliation: nothing is lost or invented between the lake and the marts.

Holds the rules as data. They count again from the layer below, on a path of their own:
they do not read a model's own counts where they can count themselves. Does not look
at single columns (`landed`, `marts`). Tests: tests/expectations/test_sql_checks.py
"""

from __future__ import annotations

from expectations.landed import FILE_ENTITIES, SOURCES, STREAMS
from expectations.last_loads import LAST_LOADS
from expectations.rules import AS_OF
from expectations.sql_checks import SqlCheck

MAX_QUARANTINED_SHARE = 0.05
NOTED_QUARANTINED_SHARE = 0.005
# Below this many records a share says nothing.
_ENOUGH = 200

_LOAD_OF_TABLE = "concat_ws('/', source, table_name, load_id)"

# What landed per table and load, counted in the lake itself; rejects were received too.
_LANDED = "\nUNION ALL ".join(
    [
        f"SELECT '{source}' AS source, '{stream}' AS table_name,"
        f" _dlt_load_id AS load_id FROM work.{source}.{stream}"
        for source, stream in STREAMS
    ]
    + [
        f"SELECT '{source}', stream, _dlt_load_id FROM work.{source}.rejects"
        for source in SOURCES
    ]
    + [
        f"SELECT source, '{entity}', _dlt_load_id FROM work.files.{entity}"
        for entity in FILE_ENTITIES
    ]
    + ["SELECT source, stream, _dlt_load_id FROM work.files.rejects"]
)
_ARRIVED = f"""(
    SELECT source, table_name, load_id, count(*) AS arrived
    FROM ({_LANDED}) GROUP BY ALL
)"""
_PULLED = "\nUNION ALL ".join(
    f"SELECT {name} AS source, stream AS table_name, _dlt_load_id AS load_id,"
    f' "rows" AS pulled FROM work.{schema}.pulls'
    for schema, name in [*((one, f"'{one}'") for one in SOURCES), ("files", "source")]
)


def _latest(source: str, stream: str) -> str:
    """The latest version of each key in the lake: staging's rule, written again."""
    return f"""(
        SELECT * FROM work.{source}.{stream}
        WHERE json_valid(payload) AND key NOT IN (
            SELECT key FROM work.intermediate.quarantined_records
            WHERE source = '{source}' AND table_name = '{stream}' AND key IS NOT NULL
        )
        QUALIFY row_number() OVER (
            PARTITION BY key
            ORDER BY version DESC NULLS LAST, _dlt_load_id DESC, seq DESC
        ) = 1
    )"""


def _instant(field: str) -> str:
    """An instant of a payload, in UTC; the vendor writes the year 1 for "never"."""
    return (
        f"nullif(try_cast(payload ->> '$.{field}' AS TIMESTAMPTZ)::TIMESTAMP,"
        " TIMESTAMP '0001-01-01')"
    )


def _quarantined(share: float, enough: int) -> str:
    return f"""
        SELECT
            concat_ws('/', source, table_name),
            sum(quarantined)::BIGINT, sum(received)::BIGINT
        FROM work.staging.record_counts
        GROUP BY source, table_name
        HAVING sum(quarantined) > {share} * greatest(sum(received), {enough})
    """


_COUNTS = (
    SqlCheck(
        "reconciliation.received_is_accepted_quarantined_or_superseded",
        "staging.record_counts",
        f"""
        SELECT {_LOAD_OF_TABLE}, received, accepted, superseded, quarantined
        FROM work.staging.record_counts
        WHERE received <> accepted + superseded + quarantined
        """,
        "Every record that arrived is accepted, superseded or in quarantine; one that "
        "is none of them got lost in staging.",
    ),
    SqlCheck(
        "reconciliation.received_is_what_the_lake_holds",
        "staging.record_counts",
        f"""
        SELECT {_LOAD_OF_TABLE}, coalesce(received, 0), coalesce(arrived, 0)
        FROM work.staging.record_counts
        FULL JOIN {_ARRIVED} USING (source, table_name, load_id)
        WHERE coalesce(received, 0) <> coalesce(arrived, 0)
        """,
        "Staging counts as many records per load as lie in the lake; build again, and "
        "look for a file that staging does not read.",
    ),
    SqlCheck(
        "reconciliation.pulled_rows_have_landed",
        "lake",
        f"""
        SELECT {_LOAD_OF_TABLE}, coalesce(pulled, 0), coalesce(arrived, 0)
        FROM ({_PULLED}) FULL JOIN {_ARRIVED} USING (source, table_name, load_id)
        WHERE coalesce(pulled, 0) <> coalesce(arrived, 0)
        """,
        "As many records lie in the lake as the pull received; a file is missing or "
        "was written twice. Restore the lake, or pull the source again from the start.",
    ),
    SqlCheck(
        "reconciliation.quarantine_is_small",
        "staging.record_counts",
        _quarantined(MAX_QUARANTINED_SHARE, _ENOUGH),
        f"At most {MAX_QUARANTINED_SHARE:.0%} of a table is in quarantine; the reasons "
        "are in intermediate.quarantined_records.",
    ),
    SqlCheck(
        "reconciliation.quarantine_is_nearly_empty",
        "staging.record_counts",
        _quarantined(NOTED_QUARANTINED_SHARE, 0),
        f"At most {NOTED_QUARANTINED_SHARE:.1%} of a table is in quarantine; the "
        "reasons are in intermediate.quarantined_records.",
        severity="warning",
    ),
)

_TICKETS_REACH_THE_MART = f"""
    SELECT
        concat_ws('/', coalesce(base.source, fact.source), coalesce(_key, source_id)),
        _key IS NOT NULL AS is_accepted, source_id IS NOT NULL AS is_in_mart
    FROM (
        SELECT 'zendesk' AS source, _key FROM work.staging.base_zendesk__tickets
        WHERE _disposition = 'accepted' AND created_at <= {AS_OF}
        UNION ALL
        SELECT source, _key FROM work.staging.base_files__tickets
        WHERE _disposition = 'accepted' AND created_at <= {AS_OF}
    ) AS base
    FULL JOIN cx.marts.fct_tickets AS fact
        ON base.source = fact.source AND base._key = fact.source_id
    WHERE _key IS NULL OR source_id IS NULL
"""
_RATINGS_REACH_THE_MART = f"""
    SELECT
        coalesce(landed.key, fact.source_id),
        landed.key IS NOT NULL AS is_in_lake, fact.source_id IS NOT NULL AS is_in_mart
    FROM (
        SELECT key FROM {_latest("zendesk", "satisfaction_ratings")}
        WHERE
            regexp_matches(payload ->> '$.score', '^(good|bad)')
            AND {_instant("updated_at")} <= {AS_OF}
            AND (payload ->> '$.ticket_id') IN (
                SELECT ticket_id FROM cx.marts.fct_tickets WHERE source = 'zendesk'
            )
        UNION ALL
        SELECT key FROM {_latest("zendesk", "survey_responses")}
        WHERE
            regexp_matches(payload, '"rating_category"\\s*:\\s*"(good|bad)"')
            AND cursor_at::TIMESTAMP <= {AS_OF}
            AND (payload ->> '$.subjects[0].id') IN (
                SELECT ticket_id FROM cx.marts.fct_tickets WHERE source = 'zendesk'
            )
    ) AS landed
    FULL JOIN (
        SELECT source_id FROM cx.marts.fct_survey_responses WHERE source = 'zendesk'
    ) AS fact ON landed.key = fact.source_id
    WHERE landed.key IS NULL OR fact.source_id IS NULL
"""
_ANSWERS_REACH_THE_MART = f"""
    SELECT
        coalesce(landed.key, fact.source_id),
        coalesce(given, 0) - coalesce(refused, 0), coalesce(stored, 0)
    FROM (
        SELECT key, json_array_length(payload, '$.answers') AS given
        FROM {_latest("typeform", "responses")}
        WHERE coalesce({_instant("submitted_at")}, {_instant("landed_at")}) <= {AS_OF}
    ) AS landed
    LEFT JOIN (
        SELECT split_part(key, ':', 1) AS key, count(*) AS refused
        FROM work.intermediate.quarantined_records
        WHERE table_name = 'responses.answers' GROUP BY ALL
    ) AS quarantined ON landed.key = quarantined.key
    FULL JOIN (
        SELECT source_id, count(*) AS stored
        FROM cx.marts.fct_survey_responses WHERE source = 'typeform' GROUP BY ALL
    ) AS fact ON landed.key = fact.source_id
    WHERE coalesce(given, 0) - coalesce(refused, 0) <> coalesce(stored, 0)
"""
_FILE_ANSWERS_REACH_THE_MART = f"""
    SELECT
        concat_ws('/', coalesce(base.source, fact.source), response_id, source_id),
        coalesce(given, 0), coalesce(stored, 0)
    FROM (
        SELECT source, response_id, count(*) AS given
        FROM work.staging.base_files__survey_answers
        WHERE _disposition = 'accepted' AND responded_at <= {AS_OF} GROUP BY ALL
    ) AS base
    FULL JOIN (
        SELECT source, source_id, count(*) AS stored
        FROM cx.marts.fct_survey_responses WHERE source LIKE 'files%' GROUP BY ALL
    ) AS fact ON base.source = fact.source AND base.response_id = fact.source_id
    WHERE coalesce(given, 0) <> coalesce(stored, 0)
"""
_TO_THE_MARTS = (
    SqlCheck(
        "reconciliation.accepted_tickets_are_in_the_mart",
        "marts.fct_tickets",
        _TICKETS_REACH_THE_MART,
        "fct_tickets holds every accepted ticket created until as_of, and no other; "
        "look for an inner join or a filter in its models.",
    ),
    SqlCheck(
        "reconciliation.answered_ratings_are_in_the_mart",
        "marts.fct_survey_responses",
        _RATINGS_REACH_THE_MART,
        "Every good or bad rating in the lake is an answer in the mart, and no other "
        "is; look in quarantine and at int_ticket_ratings.",
    ),
    SqlCheck(
        "reconciliation.answers_of_files_are_in_the_mart",
        "marts.fct_survey_responses",
        _FILE_ANSWERS_REACH_THE_MART,
        "Every accepted answer of a file is in the mart, and no other; look at "
        "int_survey_answers.",
    ),
    SqlCheck(
        "reconciliation.survey_answers_are_in_the_mart",
        "marts.fct_survey_responses",
        _ANSWERS_REACH_THE_MART,
        "Each response has as many answers in the mart as in the lake, but for those "
        "in quarantine; look at survey_answers_judged and at the forms' questions.",
    ),
)

RECONCILIATION: tuple[SqlCheck, ...] = (*_COUNTS, *_TO_THE_MARTS, *LAST_LOADS)
