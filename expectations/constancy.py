"""What a row of the last release keeps in the next one.

Holds the rules as data; they need the catalog `previous`. A row is recognised by its
key: what happened once does not change, and only some of the rest may. Does not look
at rows that came or went (`comparison`). Tests: tests/gate/test_corruptions.py
"""

from __future__ import annotations

from expectations.sql_checks import SqlCheck
from expectations.versions import TAKE_BACK

_ODDITIES = 0.01
_MERGES = 0.05
_GROWTH = 0.1
_AT_LEAST = 5


def _changed(
    table: str, key: str, condition: str, share: float, only: str = "true"
) -> str:
    """Rows of both releases that meet a condition, if their share is too large."""
    return f"""
        SELECT {key} FROM (
            SELECT {key}, ({condition}) AS is_changed, count(*) OVER () AS known
            FROM previous.marts.{table} AS old
            INNER JOIN cx.marts.{table} AS new USING ({key})
            WHERE {only}
        )
        WHERE is_changed
        QUALIFY count(*) OVER () >= {_AT_LEAST} AND count(*) OVER () > {share} * known
    """


def _differs(*columns: str) -> str:
    return " OR ".join(f"old.{name} IS DISTINCT FROM new.{name}" for name in columns)


# Table, what it is called in `previous`, its key, and when a row came to be.
_PASTS = (
    ("cx.marts.fct_tickets", "fct_tickets", "ticket_key", "created_at"),
    ("cx.marts.fct_interactions", "fct_interactions", "interaction_key", "occurred_at"),
    (
        "cx.marts.fct_survey_responses",
        "fct_survey_responses",
        "response_key",
        "responded_at",
    ),
    (
        "(SELECT * FROM work.intermediate.customer_records WHERE is_person)",
        "customer_identities",
        "(source, source_id)",
        "first_seen_at",
    ),
)
_GROWN_PAST = "\nUNION ALL ".join(
    f"""
    SELECT '{known}', count(*), any_value(old.n) FROM {table}
    CROSS JOIN (SELECT count(*) AS n FROM previous.marts.{known}) AS old
    WHERE
        {moment} < (SELECT max(as_of) FROM previous.meta.releases) - INTERVAL 1 DAY
        AND {key} NOT IN (SELECT {key} FROM previous.marts.{known})
    HAVING count(*) >= 20 AND count(*) > {_GROWTH} * any_value(old.n)
    """
    for table, known, key, moment in _PASTS
)
_LOADS = """(
    SELECT
        NULL::VARCHAR AS source, NULL::VARCHAR AS table_name, NULL::VARCHAR AS load_id,
        NULL::BIGINT AS "rows", NULL::VARCHAR AS digest WHERE false
    UNION ALL BY NAME FROM {catalog}.meta.input_loads
)"""

CONSTANCY: tuple[SqlCheck, ...] = (
    SqlCheck(
        "comparison.loads_are_as_they_were",
        "lake",
        f"""
        SELECT concat_ws('/', source, table_name, load_id), old."rows", new."rows"
        FROM {_LOADS.format(catalog="previous")} AS old
        INNER JOIN {_LOADS.format(catalog="cx")} AS new
            USING (source, table_name, load_id)
        WHERE old.digest <> new.digest
        """,
        "The lake is only added to: a load that was read for the last release holds "
        "the same records now. Restore its files from the backup of the lake.",
    ),
    SqlCheck(
        "comparison.tickets_keep_their_birth",
        "marts.fct_tickets",
        _changed("fct_tickets", "ticket_key", _differs("created_at"), _ODDITIES),
        "A ticket was created when it was created; look for a changed time zone, unit "
        f"or column in its source. {TAKE_BACK}",
    ),
    SqlCheck(
        "comparison.tickets_keep_their_customer",
        "marts.fct_tickets",
        _changed("fct_tickets", "ticket_key", _differs("customer_key"), _MERGES),
        f"At most {_MERGES:.0%} of the tickets go to another customer at once; look at "
        "the joins on customer keys, and at identity for a mailbox that merges many.",
    ),
    SqlCheck(
        "comparison.closed_tickets_stay_as_they_are",
        "marts.fct_tickets",
        _changed(
            "fct_tickets",
            "ticket_key",
            _differs(
                "channel",
                "priority",
                "solved_at",
                "first_reply_time_calendar_minutes",
                "full_resolution_time_calendar_minutes",
                "requester_wait_time_calendar_minutes",
                "count_replies",
                "count_reopens",
            ),
            _ODDITIES,
            "old.status = 'closed'",
        ),
        "A closed ticket cannot be changed at the vendor; if no definition was changed "
        "on purpose, look for a default in place of NULL, a unit or a join.",
        severity="warning",
    ),
    SqlCheck(
        "comparison.answers_stay_as_given",
        "marts.fct_survey_responses",
        _changed(
            "fct_survey_responses",
            "response_key",
            _differs("score", "scale_min", "scale_max", "answer_text"),
            _ODDITIES,
        ),
        "An answer stays as it was given; if its scale was declared anew, that is a "
        "new question with a key of its own, else look at the pull and the mask.",
    ),
    SqlCheck(
        "comparison.answers_keep_their_time",
        "marts.fct_survey_responses",
        _changed(
            "fct_survey_responses", "response_key", _differs("responded_at"), _MERGES
        ),
        "An answer was given when it was given; look for another time zone or for "
        f"dating by another instant. {TAKE_BACK}",
    ),
    SqlCheck(
        "comparison.few_tickets_are_deleted_at_once",
        "marts.fct_tickets",
        _changed(
            "fct_tickets",
            "ticket_key",
            "new.is_deleted AND NOT old.is_deleted",
            _MERGES,
        ),
        f"At most {_MERGES:.0%} of the tickets are deleted between two releases; ask "
        f"the administrators whether they meant it. If not: {TAKE_BACK}",
    ),
    SqlCheck(
        "comparison.the_past_does_not_grow",
        "marts",
        _GROWN_PAST,
        f"At most {_GROWTH:.0%} more rows tell of the time before the last release "
        "than it had; unless you filled in a range of dates, records came a second "
        "time under new keys.",
        severity="warning",
    ),
    SqlCheck(
        "comparison.few_groups_go_at_once",
        "marts.dim_groups",
        """
        SELECT group_key FROM previous.marts.dim_groups AS old
        INNER JOIN cx.marts.dim_groups AS new USING (group_key)
        WHERE new.is_deleted AND NOT old.is_deleted
        QUALIFY count(*) OVER () > greatest(
            1, 0.5 * (SELECT count(*) FROM previous.marts.dim_groups)
        )
        """,
        "No more than half of the groups go between two releases; a snapshot that was "
        f"cut short looks like deletions. {TAKE_BACK}",
    ),
    SqlCheck(
        "comparison.metrics_stay",
        "marts.metrics_periodic",
        """
        SELECT DISTINCT concat_ws('/', metric, mode, period_type, dimension_1)
        FROM previous.marts.metrics_periodic
        EXCEPT
        SELECT concat_ws('/', metric, mode, period_type, dimension_1)
        FROM cx.marts.metrics_periodic
        """,
        "Each metric, mode, period and dimension of the last release has figures "
        "still; look at the seeds of metrics and for an empty join.",
    ),
)
