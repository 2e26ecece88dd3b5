"""Customers across the published tables: every key leads somewhere, counts agree.

Holds the rules as data, over the candidate alone. Does not look into the layers below
(`reconciliation`). Tests: tests/expectations/test_sql_checks.py
"""

from __future__ import annotations

from expectations.owners import FEEDBACK, SERVICE
from expectations.sql_checks import SqlCheck


def _customers_exist(fact: str) -> SqlCheck:
    return SqlCheck(
        f"relations.customers_of_{fact}_exist",
        f"marts.{fact}",
        f"""
        SELECT DISTINCT customer_key FROM cx.marts.{fact}
        WHERE customer_key IS NOT NULL
        EXCEPT SELECT customer_key FROM cx.marts.customer_360
        """,
        "Every customer of a fact is in customer_360; build both from one identity "
        "run.",
    )


RELATIONS: tuple[SqlCheck, ...] = (
    _customers_exist("fct_tickets"),
    _customers_exist("fct_interactions"),
    _customers_exist("fct_survey_responses"),
    _customers_exist("fct_deals"),
    _customers_exist("fct_reviews"),
    SqlCheck(
        "relations.every_identity_has_a_customer",
        "marts.customer_identities",
        """
        SELECT customer_key FROM cx.marts.customer_identities
        EXCEPT SELECT customer_key FROM cx.marts.customer_360
        """,
        "Every source record leads to a customer in customer_360.",
    ),
    SqlCheck(
        "relations.every_customer_has_an_identity",
        "marts.customer_360",
        """
        SELECT customer_key FROM cx.marts.customer_360
        EXCEPT SELECT customer_key FROM cx.marts.customer_identities
        """,
        "Every customer is known from at least one source record.",
    ),
    *(
        SqlCheck(
            f"relations.{thing}s_of_tickets_exist",
            "marts.fct_tickets",
            f"""
            SELECT DISTINCT {thing}_key FROM cx.marts.fct_tickets
            WHERE {thing}_key IS NOT NULL
            EXCEPT SELECT {thing}_key FROM cx.marts.dim_{thing}s
            """,
            f"Every {thing} of a ticket is in dim_{thing}s; pull the source's {thing}s "
            "again, or mend the key that both build.",
            owner=SERVICE,
        )
        for thing in ("agent", "group")
    ),
    SqlCheck(
        "relations.touches_occur_once",
        "marts.fct_interactions",
        """
        SELECT concat_ws('/', source, kind, source_id), count(*)
        FROM cx.marts.fct_interactions
        GROUP BY source, kind, source_id HAVING count(*) > 1
        """,
        "One record of a source is one touch; look for a union or join that brings it "
        "in twice under different keys.",
    ),
    SqlCheck(
        "relations.answers_occur_once",
        "marts.fct_survey_responses",
        """
        SELECT concat_ws('/', source, source_id, question_key), count(*)
        FROM cx.marts.fct_survey_responses
        GROUP BY source, source_id, question_key HAVING count(*) > 1
        """,
        "A question has one answer in a response; look for a response that was pulled "
        "under two keys.",
        owner=FEEDBACK,
    ),
    SqlCheck(
        "relations.days_have_no_gap",
        "marts.dim_date",
        """
        SELECT date_day, next_day FROM (
            SELECT date_day, lead(date_day) OVER (ORDER BY date_day) AS next_day
            FROM cx.marts.dim_date
        )
        WHERE next_day <> date_day + 1
        """,
        "Each day is in dim_date; a report that joins on it loses the facts of a day "
        "that is not.",
    ),
    SqlCheck(
        "relations.tickets_of_customers_add_up",
        "marts.customer_360",
        """
        SELECT customer_key, count_tickets, coalesce(counted, 0)
        FROM cx.marts.customer_360
        LEFT JOIN (
            SELECT customer_key, count(*) AS counted FROM cx.marts.fct_tickets
            WHERE NOT is_deleted AND NOT is_merged AND NOT is_test GROUP BY ALL
        ) USING (customer_key)
        WHERE count_tickets <> coalesce(counted, 0)
        """,
        "count_tickets counts the customer's tickets, without deleted, merged and test "
        "ones.",
    ),
)
