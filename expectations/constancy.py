"""What a row of the last release keeps in the next one.

Holds the rules as data; they need the catalog `previous`. A row is recognised by its
key: what happened once does not change, and only some of the rest may. Does not look
at rows that came or went (`comparison`). Tests: tests/gate/test_corruptions.py
"""

from __future__ import annotations

from collections.abc import Collection

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
    ("cx.marts.fct_deals", "fct_deals", "deal_key", "created_at"),
    ("cx.marts.fct_reviews", "fct_reviews", "review_key", "reviewed_at"),
)
_LOADS = """(
    SELECT
        NULL::VARCHAR AS source, NULL::VARCHAR AS table_name, NULL::VARCHAR AS load_id,
        NULL::BIGINT AS "rows", NULL::VARCHAR AS digest WHERE false
    UNION ALL BY NAME FROM {catalog}.meta.input_loads
)"""

_CHECKS: tuple[SqlCheck, ...] = (
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
        "comparison.deals_keep_their_birth",
        "marts.fct_deals",
        _changed("fct_deals", "deal_key", _differs("created_at"), _ODDITIES),
        "A deal was created when it was created; look for a changed time zone, unit or "
        f"property. {TAKE_BACK}",
    ),
    SqlCheck(
        "comparison.deals_keep_their_parties",
        "marts.fct_deals",
        _changed(
            "fct_deals",
            "deal_key",
            "old.customer_key IS NOT NULL"
            " AND old.customer_key IS DISTINCT FROM new.customer_key"
            " OR old.account_key IS NOT NULL"
            " AND old.account_key IS DISTINCT FROM new.account_key",
            _MERGES,
        ),
        f"At most {_MERGES:.0%} of the deals go to another customer or account at "
        "once, or to none; look at the snapshots of links, and at the joins of "
        f"int_deal_parties. {TAKE_BACK}",
    ),
    SqlCheck(
        "comparison.closed_deals_keep_their_worth",
        "marts.fct_deals",
        _changed(
            "fct_deals",
            "deal_key",
            _differs("amount", "currency", "is_won"),
            _MERGES,
            "old.is_closed AND new.is_closed",
        ),
        f"At most {_MERGES:.0%} of the closed deals get another amount, currency or "
        "outcome at once; if sales did not clean up, look for a wrong unit, property "
        f"or column. {TAKE_BACK}",
    ),
    SqlCheck(
        "comparison.reviews_stay_as_written",
        "marts.fct_reviews",
        _changed(
            "fct_reviews",
            "review_key",
            _differs("rating", "reviewed_at", "language"),
            _ODDITIES,
            "old.edited_at IS NOT DISTINCT FROM new.edited_at",
        ),
        "A review that nobody edited stays as it was written; look for a changed "
        f"scale, time zone or field of the site. {TAKE_BACK}",
    ),
    *(
        SqlCheck(
            f"comparison.few_{things}_are_deleted_at_once",
            f"marts.fct_{things}",
            _changed(
                f"fct_{things}",
                f"{things[:-1]}_key",
                "new.is_deleted AND NOT old.is_deleted",
                _MERGES,
            ),
            f"At most {_MERGES:.0%} of the {things} are deleted between two releases; "
            "ask the administrators of the source whether they meant it. If not: "
            f"{TAKE_BACK}",
        )
        for things in ("tickets", "deals", "reviews")
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


def constancy_with(tables: Collection[str]) -> list[SqlCheck]:
    """Return the checks; a mart that the last release did not have keeps nothing.

    Args:
        tables: `schema.table` of the last release.
    """
    return [
        *(
            check
            for check in _CHECKS
            if not check.table_name.startswith("marts.") or check.table_name in tables
        ),
        _past_does_not_grow(tables),
    ]


def _past_does_not_grow(tables: Collection[str]) -> SqlCheck:
    grown = "\nUNION ALL ".join(
        f"""
        SELECT '{known}', count(*), any_value(old.n) FROM {table}
        CROSS JOIN (SELECT count(*) AS n FROM previous.marts.{known}) AS old
        WHERE
            {moment} < (SELECT max(as_of) FROM previous.meta.releases)
            - INTERVAL 1 DAY
            AND {key} NOT IN (SELECT {key} FROM previous.marts.{known})
        HAVING count(*) >= 20 AND count(*) > {_GROWTH} * any_value(old.n)
        """
        for table, known, key, moment in _PASTS
        if f"marts.{known}" in tables
    )
    return SqlCheck(
        "comparison.the_past_does_not_grow",
        "marts",
        grown or "SELECT 1 WHERE false",
        f"At most {_GROWTH:.0%} more rows tell of the time before the last release "
        "than it had; unless you filled in a range of dates, records came a second "
        "time under new keys.",
        severity="warning",
    )


CONSTANCY: tuple[SqlCheck, ...] = tuple(
    constancy_with(
        {check.table_name for check in _CHECKS} | {f"marts.{k}" for _, k, *_ in _PASTS}
    )
)
