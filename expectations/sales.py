"""Checks of the CRM's side: deals, accounts, and the contacts behind customers.

Holds suites and queries as data. Does not hold what is checked of every source alike
(`landed`, `reconciliation`). Tests: tests/expectations/test_validation.py,
tests/expectations/test_sql_checks.py
"""

from __future__ import annotations

from dataclasses import replace

from expectations.columns import COUNT, FLAG, INSTANT, NUMBER, TEXT, columns_of
from expectations.fact_columns import FACT, FACT_RULES, counts_differ
from expectations.owners import owner_of
from expectations.rules import (
    AS_OF,
    Rule,
    Suite,
    not_after_as_of,
    not_in_the_future,
    not_negative,
    present,
)
from expectations.sql_checks import SqlCheck

_OWNER = owner_of("hubspot")

_DEALS = Suite(
    catalog="cx",
    table="marts.fct_deals",
    key=("deal_key",),
    # A company may have no deal yet, or no CRM: reconciliation tells that apart.
    must_have_rows=False,
    owner=_OWNER,
    columns={
        **columns_of(TEXT, "deal_key", "customer_key", "account_key", "owner_key"),
        **columns_of(TEXT, "pipeline_id", "pipeline", "stage_id", "stage", "currency"),
        **columns_of(NUMBER, "amount", "amount_reporting"),
        **columns_of(FLAG, "is_closed", "is_won", "is_lost"),
        **columns_of(INSTANT, "created_at", "closed_at", "updated_at"),
        **FACT,
    },
    rules=(
        *present("deal_key", "pipeline", "stage", "currency", "created_at"),
        *present("is_closed", "is_won", "is_lost"),
        *FACT_RULES,
        Rule(
            "closed_is_won_or_lost",
            "is_closed <> (is_won OR is_lost) OR is_won AND is_lost",
            "A closed deal is won or lost, never both; look at the closed stages of "
            "its pipeline.",
        ),
        Rule(
            "close_date_is_of_closed_deals",
            "closed_at IS NOT NULL AND NOT is_closed",
            "closed_at is NULL while a deal is open: what is planned is "
            "expected_close_at.",
        ),
        Rule(
            "closed_deals_have_a_close_date",
            "is_closed AND closed_at IS NULL",
            "A closed deal has a close date; without one it is in no win rate. Have "
            "its owner enter it.",
            severity="warning",
        ),
        Rule(
            "currency_is_a_code",
            "NOT regexp_full_match(currency, '[A-Z][A-Z][A-Z]')",
            "currency is a code of three letters; map others in staging.",
        ),
        Rule(
            "amounts_have_a_rate",
            "amount IS NOT NULL AND amount_reporting IS NULL",
            "Every amount is known in the reporting currency; add the currency and a "
            "day that is early enough to the seed exchange_rates.",
            severity="warning",
        ),
        Rule(
            "reporting_amount_has_the_sign_of_amount",
            "sign(amount_reporting) * sign(amount) < 0",
            "An exchange rate is above 0; look at the seed exchange_rates.",
        ),
        *not_after_as_of("created_at"),
        *not_in_the_future("updated_at"),
        # People type it.
        *not_in_the_future("closed_at", severity="warning"),
    ),
)
_ACCOUNTS = Suite(
    catalog="cx",
    table="marts.dim_accounts",
    key=("account_key",),
    must_have_rows=False,
    owner=_OWNER,
    columns={
        **columns_of(TEXT, "account_key", "source", "source_id", "source_url", "name"),
        **columns_of(TEXT, "domain", "industry", "country", "lifecycle_stage"),
        "owner_key": TEXT,
        **columns_of(COUNT, "count_source_records", "count_contacts"),
        "is_deleted": FLAG,
    },
    rules=(
        *present("account_key", "source", "source_id", "count_contacts", "is_deleted"),
        *not_negative("count_contacts"),
        Rule(
            "accounts_have_a_source_record",
            "count_source_records < 1",
            "An account is made of at least one company or organization.",
        ),
        Rule(
            "domain_is_a_host",
            "NOT regexp_full_match(domain, '[^@\\s/:]+\\.[a-z0-9-][a-z0-9-]+')",
            "domain is a bare host in lower case; mend normalised_domain.",
        ),
    ),
)
SALES_SUITES: tuple[Suite, ...] = (_DEALS, _ACCOUNTS)


def _leads_somewhere(what: str, column: str, tables: tuple[str, ...]) -> str:
    return "\nUNION ALL ".join(
        f"SELECT DISTINCT '{table}/' || {column} FROM cx.marts.{table}"
        f" WHERE {column} IS NOT NULL"
        f" AND {column} NOT IN (SELECT {what} FROM cx.marts.dim_{what[:-4]}s)"
        for table in tables
    )


_RELATIONS = (
    SqlCheck(
        "relations.accounts_exist",
        "marts.dim_accounts",
        _leads_somewhere(
            "account_key", "account_key", ("fct_deals", "fct_tickets", "customer_360")
        ),
        "Every account of a deal, ticket or customer is in dim_accounts; build them "
        "from one int_account_members.",
    ),
    SqlCheck(
        "relations.owners_exist",
        "marts.dim_agents",
        _leads_somewhere(
            "agent_key", "owner_key", ("fct_deals", "dim_accounts", "customer_360")
        ),
        "Every owner of a deal, account or customer is in dim_agents; the CRM no "
        "longer lists one that is not.",
        severity="warning",
    ),
    SqlCheck(
        "relations.one_domain_is_one_account",
        "marts.dim_accounts",
        """
        SELECT min(account_key), count(*) FROM cx.marts.dim_accounts
        WHERE domain IS NOT NULL GROUP BY domain HAVING count(*) > 1
        """,
        "Companies of one domain are one account; look at int_account_members.",
    ),
    SqlCheck(
        "relations.contacts_of_accounts_add_up",
        "marts.dim_accounts",
        counts_differ(
            "dim_accounts",
            "account_key",
            "count_contacts::BIGINT",
            "SELECT account_key, count(*) FROM cx.marts.customer_360 GROUP BY ALL",
        ),
        "count_contacts counts the customers of the account in customer_360.",
    ),
    *(
        SqlCheck(
            f"relations.{name}_of_customers_add_up",
            "marts.customer_360",
            counts_differ(
                "customer_360",
                "customer_key",
                column,
                f"SELECT customer_key, {figure} FROM cx.marts.fct_deals WHERE"
                " NOT is_deleted AND NOT is_merged AND NOT is_test GROUP BY ALL",
            ),
            f"{column} is that of the customer's deals, without deleted, merged and "
            "test ones.",
        )
        for name, column, figure in (
            ("deals", "count_deals", "count(*)"),
            ("won_amounts", "revenue_to_date", "sum(amount_reporting) FILTER (is_won)"),
        )
    ),
)

_RECONCILIATION = (
    SqlCheck(
        "reconciliation.deals_per_pipeline_equal_staging",
        "marts.fct_deals",
        f"""
        SELECT
            concat_ws('/', coalesce(base.source, fact.source),
                coalesce(base.pipeline, fact.pipeline)),
            base.deals, fact.deals, base.amount, fact.amount
        FROM (
            SELECT source, pipeline, count(*) AS deals, sum(amount) AS amount
            FROM (
                SELECT 'hubspot' AS source, pipeline_id AS pipeline, amount
                FROM work.staging.base_hubspot__deals
                WHERE _disposition = 'accepted' AND created_at <= {AS_OF}
                UNION ALL
                SELECT source, coalesce(pipeline, 'sales'), amount::DECIMAL(18, 2)
                FROM work.staging.base_files__deals
                WHERE _disposition = 'accepted' AND created_at <= {AS_OF}
            ) GROUP BY ALL
        ) AS base
        FULL JOIN (
            SELECT source, pipeline_id AS pipeline, count(*) AS deals,
                sum(amount) AS amount
            FROM cx.marts.fct_deals GROUP BY ALL
        ) AS fact ON base.source = fact.source AND base.pipeline = fact.pipeline
        WHERE
            base.deals IS DISTINCT FROM fact.deals
            OR base.amount IS DISTINCT FROM fact.amount
        """,
        "Each pipeline has as many deals, worth as much, as staging accepted; look for "
        "a join in int_deals that drops or repeats deals.",
    ),
    SqlCheck(
        "reconciliation.every_contact_is_one_customer",
        "marts.customer_identities",
        """
        SELECT coalesce(_key, source_id), _key IS NOT NULL, source_id IS NOT NULL
        FROM (
            SELECT _key FROM work.staging.base_hubspot__contacts
            WHERE _disposition = 'accepted'
        )
        FULL JOIN (
            SELECT source_id FROM cx.marts.customer_identities WHERE source = 'hubspot'
        ) ON _key = source_id
        WHERE _key IS NULL OR source_id IS NULL
        UNION ALL
        SELECT listed.source || '/' || _key, true, false
        FROM work.staging.base_files__customers AS listed
        ANTI JOIN cx.marts.customer_identities AS identities
            ON listed.source = identities.source AND listed._key = source_id
        WHERE _disposition = 'accepted'
        """,
        "Every contact of the CRM stands for exactly one customer; build identities "
        "and marts from one staging.",
    ),
    SqlCheck(
        "reconciliation.merged_contacts_are_their_winners",
        "marts.customer_identities",
        """
        SELECT merges.loser_id, loser.customer_key, winner.customer_key
        FROM work.intermediate.crm_merges AS merges
        INNER JOIN cx.marts.customer_identities AS loser
            ON loser.source = merges.source AND loser.source_id = merges.loser_id
        INNER JOIN cx.marts.customer_identities AS winner
            ON winner.source = merges.source AND winner.source_id = merges.winner_id
        WHERE
            merges.object = 'contacts' AND loser.customer_key <> winner.customer_key
        """,
        "A contact that was merged belongs to the customer of the one that is left.",
    ),
    SqlCheck(
        "reconciliation.every_company_is_in_an_account",
        "marts.dim_accounts",
        """
        SELECT 'all', received, stored
        FROM (
            SELECT
                (SELECT count(*) FROM work.staging.base_hubspot__companies
                 WHERE _disposition = 'accepted')
                + (SELECT count(*) FROM work.staging.base_zendesk__organizations
                   WHERE _disposition = 'accepted')
                + (SELECT count(*) FROM work.staging.base_files__accounts
                   WHERE _disposition = 'accepted') AS received,
                (SELECT coalesce(sum(count_source_records), 0)::BIGINT
                 FROM cx.marts.dim_accounts) AS stored
        )
        WHERE received <> stored
        """,
        "Accounts hold every company of the CRM and organization of the helpdesk once; "
        "look at int_account_members.",
    ),
)
SALES_CHECKS: tuple[SqlCheck, ...] = tuple(
    replace(check, owner=_OWNER) for check in (*_RELATIONS, *_RECONCILIATION)
)
