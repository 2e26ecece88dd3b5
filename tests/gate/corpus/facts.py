"""Facts that a model got wrong: keys, joins, units, signs, dates."""

from __future__ import annotations

from tests.gate.planting import Corruption, Tables

FACTS = (
    Corruption(
        "orphan keys",
        "tickets lead to a customer that is not there",
        Tables(
            "UPDATE cx.marts.fct_tickets SET customer_key = 'nobody' WHERE is_test"
            " OR ticket_id = (SELECT min(ticket_id) FROM cx.marts.fct_tickets)"
        ),
        ("relations.customers_of_fct_tickets_exist",),
    ),
    Corruption(
        "fan-out",
        "a join doubles tickets",
        Tables("INSERT INTO cx.marts.fct_tickets FROM cx.marts.fct_tickets LIMIT 9"),
        ("marts_fct_tickets.key_is_unique",),
    ),
    Corruption(
        "lost join rows",
        "an inner join drops tickets without a priority",
        Tables("DELETE FROM cx.marts.fct_tickets WHERE priority IS NULL"),
        ("reconciliation.accepted_tickets_are_in_the_mart",),
    ),
    Corruption(
        "lost history",
        "a tenth of the published tickets is gone",
        Tables("DELETE FROM cx.marts.fct_tickets WHERE ticket_id LIKE '%7'"),
        ("comparison.fct_tickets_keeps_its_keys",),
    ),
    Corruption(
        "shrunken table",
        "one in five touches is gone",
        Tables(
            "CREATE OR REPLACE TABLE cx.marts.fct_interactions AS FROM"
            " cx.marts.fct_interactions WHERE hash(interaction_key) % 5 <> 0"
        ),
        ("comparison.tables_keep_their_rows",),
        severity="warning",
    ),
    Corruption(
        "duplicated facts",
        "touches come again under new keys",
        Tables(
            "INSERT INTO cx.marts.fct_interactions SELECT * REPLACE ('x' ||"
            " interaction_key AS interaction_key) FROM cx.marts.fct_interactions"
            " LIMIT 9"
        ),
        ("relations.touches_occur_once",),
    ),
    Corruption(
        "duplicated answers",
        "answers come again under new keys",
        Tables(
            "INSERT INTO cx.marts.fct_survey_responses SELECT * REPLACE ('x' ||"
            " response_key AS response_key) FROM cx.marts.fct_survey_responses"
            " LIMIT 9"
        ),
        ("relations.answers_occur_once",),
    ),
    Corruption(
        "negative durations",
        "waiting runs backwards",
        Tables(
            "UPDATE cx.marts.fct_tickets SET requester_wait_time_calendar_minutes"
            " = -requester_wait_time_calendar_minutes"
        ),
        ("marts_fct_tickets.requester_wait_time_calendar_minutes_is_not_negative",),
    ),
    Corruption(
        "wrong unit of a duration",
        "resolution counts seconds",
        Tables(
            "UPDATE cx.marts.fct_tickets SET full_resolution_time_calendar_minutes"
            " = 60 * full_resolution_time_calendar_minutes"
        ),
        ("marts_fct_tickets.full_resolution_is_created_to_solved",),
    ),
    Corruption(
        "wrong unit of a reply",
        "first replies count seconds",
        Tables(
            "UPDATE cx.marts.fct_tickets SET first_reply_time_calendar_minutes"
            " = 60 * first_reply_time_calendar_minutes"
        ),
        ("marts_fct_tickets.first_reply_is_within_life",),
    ),
    Corruption(
        "overlapping intervals",
        "a ticket waits longer than it lives",
        Tables(
            "UPDATE cx.marts.fct_tickets SET agent_wait_time_calendar_minutes"
            " = 10000000 WHERE ticket_id LIKE '%00'"
        ),
        ("marts_fct_tickets.waiting_is_within_life",),
    ),
    Corruption(
        "sign flip",
        "scores are negative",
        Tables("UPDATE cx.marts.fct_survey_responses SET score = -score"),
        ("marts_fct_survey_responses.score_is_within_scale",),
    ),
    Corruption(
        "answers changed",
        "scores were rounded up by one",
        Tables(
            "UPDATE cx.marts.fct_survey_responses SET score = least(score + 1,"
            " scale_max)"
        ),
        ("comparison.answers_stay_as_given",),
    ),
    Corruption(
        "wrong dating of answers",
        "answers are dated by the day of delivery",
        Tables(
            "UPDATE cx.marts.fct_survey_responses SET responded_at = responded_at"
            " - INTERVAL 2 DAY"
        ),
        ("comparison.answers_keep_their_time",),
    ),
    Corruption(
        "moved tickets",
        "every ticket was created six hours earlier",
        Tables(
            "UPDATE cx.marts.fct_tickets SET created_at = created_at - INTERVAL 6 HOUR"
        ),
        ("comparison.tickets_keep_their_birth",),
    ),
    Corruption(
        "default for NULL",
        "tickets without a priority have the normal one",
        Tables(
            "UPDATE cx.marts.fct_tickets SET priority = 'normal' WHERE priority IS NULL"
        ),
        ("comparison.closed_tickets_stay_as_they_are",),
        severity="warning",
    ),
    Corruption(
        "cross-customer leakage",
        "a few tickets belong to another customer than their requester",
        Tables(
            "UPDATE cx.marts.fct_tickets SET customer_key = (SELECT max(customer_key)"
            " FROM cx.marts.customer_360) WHERE ticket_id LIKE '%77'"
        ),
        ("reconciliation.tickets_belong_to_their_requesters",),
    ),
    Corruption(
        "merged mailbox",
        "a fifth of the tickets goes to one customer",
        Tables(
            "UPDATE cx.marts.fct_tickets SET customer_key = (SELECT max(customer_key)"
            " FROM cx.marts.customer_360) WHERE hash(ticket_id) % 5 = 0"
        ),
        ("comparison.tickets_keep_their_customer",),
    ),
)

SALES_AND_REVIEWS = (
    Corruption(
        "lost deals",
        "an inner join drops deals without an owner",
        Tables("DELETE FROM cx.marts.fct_deals WHERE deal_key LIKE '%7'"),
        (
            "reconciliation.deals_per_pipeline_equal_staging",
            "comparison.fct_deals_keeps_its_keys",
        ),
    ),
    Corruption(
        "fan-out of deals",
        "a deal with two companies is there twice",
        Tables("INSERT INTO cx.marts.fct_deals FROM cx.marts.fct_deals LIMIT 3"),
        ("marts_fct_deals.key_is_unique",),
    ),
    Corruption(
        "won and lost",
        "every closed deal counts as won",
        Tables("UPDATE cx.marts.fct_deals SET is_won = is_closed"),
        ("marts_fct_deals.closed_is_won_or_lost",),
    ),
    Corruption(
        "revenue in mixed currencies",
        "amounts of all currencies are added as they are",
        Tables(
            "UPDATE cx.marts.customer_360 AS customer SET revenue_to_date = (SELECT"
            " sum(amount) FROM cx.marts.fct_deals AS deal WHERE is_won AND"
            " deal.customer_key = customer.customer_key)"
        ),
        ("relations.won_amounts_of_customers_add_up",),
    ),
    Corruption(
        "amounts in cents",
        "closed deals are worth a hundred times what they were",
        Tables(
            "UPDATE cx.marts.fct_deals SET amount = 100 * amount,"
            " amount_reporting = 100 * amount_reporting"
        ),
        ("comparison.closed_deals_keep_their_worth",),
    ),
    Corruption(
        "moved deals",
        "every deal was created six hours earlier",
        Tables(
            "UPDATE cx.marts.fct_deals SET created_at = created_at - INTERVAL 6 HOUR"
        ),
        ("comparison.deals_keep_their_birth",),
    ),
    Corruption(
        "plan for a fact",
        "open deals have a close date",
        Tables(
            "UPDATE cx.marts.fct_deals SET closed_at = expected_close_at"
            " WHERE NOT is_closed"
        ),
        ("marts_fct_deals.close_date_is_of_closed_deals",),
    ),
    Corruption(
        "archived deals",
        "a tenth of the deals is deleted",
        Tables(
            "UPDATE cx.marts.fct_deals SET is_deleted = true WHERE"
            " hash(deal_key) % 10 = 0"
        ),
        ("comparison.few_deals_are_deleted_at_once",),
    ),
    Corruption(
        "one company twice",
        "two accounts have the same domain",
        Tables(
            "INSERT INTO cx.marts.dim_accounts SELECT * REPLACE ('x' || account_key AS"
            " account_key) FROM cx.marts.dim_accounts WHERE domain IS NOT NULL LIMIT 2"
        ),
        ("relations.one_domain_is_one_account",),
    ),
    Corruption(
        "accounts of nobody",
        "deals lead to an account that is not there",
        Tables("DELETE FROM cx.marts.dim_accounts WHERE account_key LIKE '%3'"),
        (
            "relations.accounts_exist",
            "reconciliation.every_company_is_in_an_account",
        ),
    ),
    Corruption(
        "contact of two customers",
        "contacts of the CRM lead to no customer",
        Tables(
            "DELETE FROM cx.marts.customer_identities WHERE source = 'hubspot'"
            " AND hash(source_id) % 5 = 0"
        ),
        ("reconciliation.every_contact_is_one_customer",),
    ),
    Corruption(
        "torn merge",
        "contacts that the CRM merged are two customers again",
        Tables(
            "UPDATE cx.marts.customer_identities SET customer_key = 'x' ||"
            " customer_key WHERE source = 'hubspot' AND source_id IN"
            " (SELECT loser_id FROM work.intermediate.crm_merges)"
        ),
        ("reconciliation.merged_contacts_are_their_winners",),
    ),
    Corruption(
        "lost reviews",
        "reviews without a reply are not in the mart",
        Tables("DELETE FROM cx.marts.fct_reviews WHERE NOT has_reply"),
        (
            "reconciliation.accepted_reviews_are_in_the_mart",
            "comparison.fct_reviews_keeps_its_keys",
        ),
    ),
    Corruption(
        "stars out of ten",
        "ratings are doubled",
        Tables("UPDATE cx.marts.fct_reviews SET rating = 2 * rating"),
        ("marts_fct_reviews.rating_is_within_1_and_5",),
    ),
    Corruption(
        "reversed stars",
        "one star is the best",
        Tables("UPDATE cx.marts.fct_reviews SET rating = 6 - rating"),
        ("comparison.reviews_stay_as_written",),
    ),
    Corruption(
        "wrong unit of replies to reviews",
        "reply_minutes counts seconds",
        Tables("UPDATE cx.marts.fct_reviews SET reply_minutes = 60 * reply_minutes"),
        ("marts_fct_reviews.reply_minutes_run_from_review_to_reply",),
    ),
    Corruption(
        "vanished reviews",
        "half of the reviews are gone from the site",
        Tables(
            "UPDATE cx.marts.fct_reviews SET is_deleted = true WHERE"
            " hash(review_key) % 2 = 0"
        ),
        ("comparison.few_reviews_are_deleted_at_once",),
    ),
)
