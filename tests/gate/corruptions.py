"""The corpus: what can be wrong with data, and which check must say so.

Holds corruptions as data, by the layer they are planted in. A new source adds lines
here. How they are planted and judged is in `planting` and `test_corruptions`.
"""

from __future__ import annotations

from tests.gate import files
from tests.gate.planting import Corruption, Files, Lake, Rows, Tables

TICKETS, RESPONSES = "zendesk.tickets", "typeform.responses"


def patched(field: str, value: str, where: str = "true") -> str:
    """Records with another value in a field of the vendor's record."""
    return (
        f"SELECT * REPLACE (CASE WHEN {where} THEN json_merge_patch(payload,"
        f" json_object('{field}', {value}))::VARCHAR ELSE payload END AS payload)"
        " FROM landed"
    )


def replaced(what: str, where: str = "true") -> str:
    """Rows with another value in columns of the envelope."""
    column = what.rsplit(" AS ", 1)[1]
    value = what.rsplit(" AS ", 1)[0]
    return (
        f"SELECT * REPLACE (CASE WHEN {where} THEN {value} ELSE {column} END"
        f" AS {column}) FROM landed"
    )


def channel(value: str, where: str = "true") -> str:
    return patched("via", f"json_object('channel', {value})", where)


def scored(number: str) -> str:
    """Responses to the NPS form with other scores."""
    found = "regexp_extract(payload, '\"number\":([0-9]+)', 1)::INTEGER"
    return replaced(
        f"regexp_replace(payload, '\"number\":[0-9]+', '\"number\":' ||"
        f" ({number.format(found)})::INTEGER) AS payload",
        "contains(payload, 'nps_score')",
    )


_ONE = "seq = (SELECT min(seq) FROM landed)"
_CREATED = "(payload ->> '$.created_at')::TIMESTAMPTZ::TIMESTAMP"
_ISO = "strftime({}, '%Y-%m-%dT%H:%M:%SZ')"
_PULLED = "reconciliation.pulled_rows_have_landed"
_GONE_BACK = "comparison.input_loads_do_not_go_back"
_AS_THEY_WERE = "comparison.loads_are_as_they_were"
_DAMAGED = "LakeDamaged"

LAKE_FILES = (
    Corruption(
        "lost file",
        "a file of the last load is gone",
        Lake(files.lose_file),
        (_PULLED,),
    ),
    Corruption(
        "lost table",
        "all files of a table are gone",
        Lake(files.lose_table),
        ("zendesk_users.has_rows", _PULLED),
    ),
    Corruption(
        "lost log", "the log of a pull is gone", Lake(files.lose_log), (_PULLED,)
    ),
    Corruption(
        "doubled file",
        "a file lies there twice",
        Lake(files.double_file),
        (_PULLED, "zendesk_tickets.key_is_unique"),
    ),
    Corruption(
        "doubled load",
        "a whole load was copied under a new id, with its row of status",
        Lake(files.double_load),
        (_PULLED,),
    ),
    Corruption(
        "halved file",
        "only half of the rows were written",
        Lake(files.halve_file),
        (_PULLED,),
    ),
    Corruption(
        "foreign file",
        "a file of another table lies among those of a load",
        Lake(files.add_foreign_file),
        (_PULLED,),
    ),
    Corruption(
        "swapped files",
        "two tables have each other's file",
        Lake(files.swap_files),
        (_PULLED,),
    ),
    Corruption(
        "renamed file",
        "a file has the name of a load that never was",
        Lake(files.rename_file),
        (_PULLED,),
    ),
    Corruption(
        "load without status row",
        "the row that commits a published load is gone",
        Lake(files.lose_status),
        (_GONE_BACK,),
    ),
    Corruption(
        "wrong load status",
        "a published load has status 1",
        Lake(files.change_status),
        (_GONE_BACK,),
    ),
    Corruption(
        "torn status row",
        "the row that commits a published load is cut off",
        Lake(files.tear_status),
        (_GONE_BACK,),
    ),
    Corruption(
        "silent bit rot",
        "one digit of one record of an old load is another one",
        Lake(files.change_record),
        (_AS_THEY_WERE,),
    ),
    Corruption(
        "re-ordered seq",
        "the order inside an old load is turned round",
        Lake(files.turn_seq_round),
        (_AS_THEY_WERE,),
    ),
    Corruption(
        "truncated file",
        "a file ends in the middle",
        Lake(files.truncate_file),
        (_DAMAGED,),
    ),
    Corruption(
        "bit-flipped footer",
        "the end of a file has other bits",
        Lake(files.flip_footer),
        (_DAMAGED,),
    ),
    Corruption(
        "empty file", "a file has no bytes", Lake(files.empty_file), (_DAMAGED,)
    ),
    Corruption(
        "no Parquet",
        "something else has the name of a file of a load",
        Lake(files.add_junk),
        (_DAMAGED,),
    ),
    Corruption(
        "lost column",
        "a file has no payload",
        Lake(files.drop_column),
        (_DAMAGED,),
    ),
)

LANDED_ROWS = (
    Corruption(
        "shifted time zone",
        "tickets come in local time, written as UTC",
        Rows(
            TICKETS, patched("created_at", _ISO.format(f"{_CREATED} - INTERVAL 5 HOUR"))
        ),
        ("versions.created_at_never_changes",),
    ),
    Corruption(
        "swapped columns",
        "created_at and updated_at have each other's value",
        Rows(
            TICKETS,
            "SELECT * REPLACE (json_merge_patch(payload, json_object('created_at',"
            " payload ->> '$.updated_at', 'updated_at', payload ->> '$.created_at'))"
            "::VARCHAR AS payload) FROM landed",
        ),
        ("versions.created_at_never_changes",),
    ),
    Corruption(
        "stale redelivery",
        "old states of tickets come as the newest version",
        Rows(TICKETS, patched("updated_at", "payload ->> '$.created_at'")),
        ("versions.records_do_not_go_back",),
    ),
    Corruption(
        "seconds for microseconds",
        "version counts seconds",
        Rows(TICKETS, replaced("version // 1000000 AS version")),
        ("zendesk_tickets.version_is_after_2000",),
    ),
    Corruption(
        "version of the future",
        "one version is ten years ahead, and would win for ever",
        Rows(TICKETS, replaced("version + 315360000000000 AS version", _ONE)),
        ("zendesk_tickets.version_is_not_in_the_future",),
    ),
    Corruption(
        "milliseconds for a date",
        "created_at is a number of milliseconds",
        Rows(TICKETS, patched("created_at", f"epoch_ms({_CREATED})")),
        ("reconciliation.last_load_is_usable",),
    ),
    Corruption(
        "future dates",
        "records were made in ten years",
        Rows(
            TICKETS,
            patched("created_at", _ISO.format(f"{_CREATED} + INTERVAL 10 YEAR"), _ONE),
        ),
        ("versions.created_at_is_not_in_the_future",),
    ),
    Corruption(
        "cursor of the future",
        "a cursor is ten years ahead",
        Rows(TICKETS, replaced("cursor_at + INTERVAL 10 YEAR AS cursor_at", _ONE)),
        ("zendesk_tickets.cursor_at_is_not_in_the_future",),
        severity="warning",
    ),
    Corruption(
        "our own clock is wrong",
        "records were extracted tomorrow",
        Rows(TICKETS, replaced("extracted_at + INTERVAL 1 DAY AS extracted_at")),
        ("zendesk_tickets.extracted_at_is_not_in_the_future",),
    ),
    Corruption(
        "null burst",
        "the latest tickets have no channel",
        Rows(TICKETS, patched("via", "NULL")),
        ("drift.columns_stay_filled",),
    ),
    Corruption(
        "lost reference",
        "the latest tickets have no requester, so no customer",
        Rows(TICKETS, patched("requester_id", "NULL")),
        ("drift.columns_stay_filled",),
    ),
    Corruption(
        "constant column",
        "every latest ticket came by e-mail",
        Rows(TICKETS, channel("'email'")),
        ("drift.columns_do_not_become_constant",),
    ),
    Corruption(
        "vanished category",
        "no latest ticket came by e-mail",
        Rows(TICKETS, channel("'web'", "payload ->> '$.via.channel' = 'email'")),
        ("drift.categories_do_not_vanish",),
        severity="warning",
    ),
    Corruption(
        "new unknown category",
        "a third of the latest tickets came by pigeon",
        Rows(TICKETS, channel("'pigeon'", "seq % 3 = 0")),
        ("drift.categories_are_not_new",),
        severity="warning",
    ),
    Corruption(
        "unknown status",
        "the vendor has a status that nobody mapped",
        Rows(TICKETS, patched("status", "'escalated'", _ONE)),
        ("marts_fct_tickets.status_is_known",),
    ),
    Corruption(
        "scale change of a survey",
        "an NPS question is answered from 1 to 5",
        Rows(RESPONSES, scored("1 + {} * 0.4")),
        ("drift.scores_keep_their_level",),
        severity="warning",
    ),
    Corruption(
        "reversed scale of a survey",
        "0 is the best answer to an NPS question",
        Rows(RESPONSES, scored("10 - {}")),
        ("drift.scores_keep_their_level",),
        severity="warning",
    ),
    Corruption(
        "percent for points",
        "an NPS question is answered from 0 to 100",
        Rows(RESPONSES, scored("10 * {}")),
        ("reconciliation.last_answers_are_usable",),
    ),
    Corruption(
        "truncated text",
        "texts end after ten characters",
        Rows(
            RESPONSES,
            replaced(
                'regexp_replace(payload, \'"text":"([^"]{10})[^"]*"\','
                ' \'"text":"\\1"\') AS payload'
            ),
        ),
        ("drift.texts_are_not_cut",),
    ),
    Corruption(
        "encoding damage",
        "UTF-8 was read as Latin-1",
        Rows(
            "zendesk.satisfaction_ratings",
            replaced("replace(payload, 'o', 'Ã³') AS payload"),
        ),
        ("drift.texts_are_well_encoded",),
    ),
    Corruption(
        "broken JSON",
        "payloads end after 100 characters",
        Rows(TICKETS, replaced("left(payload, 100) AS payload")),
        ("reconciliation.last_load_is_usable",),
    ),
    Corruption(
        "duplicated customers",
        "users come again under new ids",
        Rows(
            "zendesk.users",
            "FROM landed UNION ALL SELECT * REPLACE ('9' || key AS key,"
            " seq + 100000 AS seq, (SELECT max(_dlt_load_id) FROM landed) AS"
            " _dlt_load_id) FROM before",
        ),
        ("comparison.the_past_does_not_grow",),
        severity="warning",
    ),
    Corruption(
        "volume jump",
        "the last week has every ticket eight times",
        Rows(
            TICKETS,
            "FROM landed UNION ALL SELECT * REPLACE (i || key AS key, seq + 100000 * i"
            f" AS seq) FROM landed, range(1, 9) AS numbers (i) WHERE {_CREATED} >"
            " (SELECT max(cursor_at)::TIMESTAMP - INTERVAL 6 DAY FROM landed)",
        ),
        ("volume.nothing_jumps",),
        severity="warning",
    ),
    Corruption(
        "volume drop",
        "the last ten days have no ticket",
        Rows(
            TICKETS,
            f"FROM landed WHERE {_CREATED} < (SELECT max(cursor_at)::TIMESTAMP"
            " - INTERVAL 10 DAY FROM landed)",
        ),
        ("volume.no_week_is_nearly_empty",),
    ),
    Corruption(
        "zero rows",
        "a source that had rows has none, and says it is complete",
        Rows("zendesk.ticket_events", "FROM landed WHERE false"),
        ("volume.no_pull_is_empty",),
    ),
    Corruption(
        "partial pull",
        "a pull left out every second ticket and did not notice",
        Rows(TICKETS, "FROM landed WHERE seq % 2 = 0"),
        ("reconciliation.events_lead_to_tickets",),
    ),
    Corruption(
        "stale source",
        "a required source has not been pulled for four weeks",
        Lake(files.unpull_typeform),
        ("published.required_sources_are_within_their_staleness",),
    ),
    Corruption(
        "mass deletion",
        "a fifth of all tickets is deleted",
        Rows(
            TICKETS,
            "FROM landed UNION ALL SELECT * REPLACE (json_merge_patch(payload,"
            " json_object('status', 'deleted'))::VARCHAR AS payload, seq + 100000 AS"
            " seq, (SELECT max(_dlt_load_id) FROM landed) AS _dlt_load_id, version + 1"
            " AS version) FROM before WHERE seq % 5 = 0",
        ),
        ("comparison.few_tickets_are_deleted_at_once",),
    ),
    Corruption(
        "short snapshot",
        "a snapshot holds nothing and calls itself complete",
        Rows("zendesk.groups", "FROM landed WHERE false"),
        ("comparison.few_groups_go_at_once",),
    ),
    Corruption(
        "key type change",
        "keys are decimal numbers",
        Rows(TICKETS, replaced("key || '.0' AS key")),
        ("versions.numbered_keys_stay_numbers",),
    ),
    Corruption(
        "blank key",
        "a record has no key",
        Rows(TICKETS, replaced("' ' AS key", _ONE)),
        ("zendesk_tickets.key_is_not_blank",),
    ),
    Corruption(
        "unknown operation",
        "records are neither upserts nor deletes",
        Rows(TICKETS, replaced("'merge' AS op")),
        ("zendesk_tickets.op_is_known",),
    ),
    Corruption(
        "repeated seq",
        "records of a load cannot be told apart",
        Rows(TICKETS, replaced("0 AS seq")),
        ("zendesk_tickets.key_is_unique",),
    ),
    Corruption(
        "lost parent",
        "responses do not say of which form they are",
        Rows(RESPONSES, replaced("NULL AS parent_key")),
        ("typeform_responses.parent_key_is_present",),
    ),
    Corruption(
        "skipped window",
        "a pull began two days after the last one ended",
        Rows("zendesk.pulls", replaced("window_from + INTERVAL 2 DAY AS window_from")),
        ("versions.windows_meet",),
    ),
    Corruption(
        "impossible log",
        "more records were rejected than received",
        Rows("zendesk.pulls", replaced('"rows" + 1 AS rejected')),
        ("zendesk_pulls.rejected_is_within_rows",),
    ),
)

TABLES = (
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
    Corruption(
        "parts do not sum",
        "a channel counts more tickets than there are",
        Tables(
            "UPDATE cx.marts.metrics_periodic SET n = n + 1 WHERE metric ="
            " 'tickets_created' AND dimension_1 = 'channel' AND dimension_2 IS NULL"
        ),
        ("metrics.parts_add_up_to_the_whole",),
    ),
    Corruption(
        "grains do not sum",
        "one day is missing from the days",
        Tables(
            "DELETE FROM cx.marts.metrics_periodic WHERE period_type = 'day' AND"
            " metric = 'csat' AND period_start = (SELECT max(period_start) FROM"
            " cx.marts.metrics_periodic WHERE period_type = 'day' AND metric = 'csat')"
        ),
        ("metrics.days_add_up_to_months", "metrics.days_add_up_to_weeks"),
    ),
    Corruption(
        "quarters do not sum",
        "a quarter misses a month",
        Tables(
            "UPDATE cx.marts.metrics_periodic SET n = n - 1 WHERE metric ="
            " 'tickets_created' AND period_type = 'quarter' AND n > 1"
        ),
        ("metrics.months_add_up_to_quarters",),
    ),
    Corruption(
        "average of averages",
        "months are the mean of their days",
        Tables(
            "UPDATE cx.marts.metrics_periodic AS month SET value = (SELECT avg(value)"
            " FROM cx.marts.metrics_periodic AS day WHERE day.metric = month.metric AND"
            " day.mode = month.mode AND day.period_type = 'day' AND day.dimension_1"
            " IS NULL AND date_trunc('month', day.period_start) = month.period_start)"
            " WHERE period_type = 'month' AND dimension_1 IS NULL"
            " AND metric = 'replies_per_ticket'"
        ),
        ("metrics.value_is_what_its_parts_say",),
    ),
    Corruption(
        "float rounding",
        "figures have two digits",
        Tables("UPDATE cx.marts.metrics_periodic SET value = round(value, 2)"),
        ("metrics.value_is_what_its_parts_say",),
    ),
    Corruption(
        "float type",
        "scores keep seven digits",
        Tables(
            "ALTER TABLE cx.marts.fct_survey_responses ALTER COLUMN score TYPE FLOAT"
        ),
        ("published.types_are_portable",),
    ),
    Corruption(
        "wrong denominator",
        "CSAT is divided by all who were asked",
        Tables(
            "UPDATE cx.marts.metrics_periodic SET denominator = 2 * denominator,"
            " value = value / 2, ci_low = ci_low / 2 WHERE metric = 'csat'"
        ),
        ("metrics.denominator_is_n",),
    ),
    Corruption(
        "wrong period dating",
        "tickets are counted a day late",
        Tables(
            "UPDATE cx.marts.metrics_periodic SET period_start = period_start + 1"
            " WHERE metric = 'tickets_created' AND period_type = 'day'"
        ),
        ("metrics.tickets_created_equals_facts_by_day",),
    ),
    Corruption(
        "interval of others",
        "value and interval come from other cases",
        Tables(
            "UPDATE cx.marts.metrics_periodic SET ci_low = value + 0.1"
            " WHERE ci_low IS NOT NULL"
        ),
        ("marts_metrics_periodic.value_lies_within_its_interval",),
    ),
    Corruption(
        "restated history",
        "the months of last year have other figures",
        Tables(
            "UPDATE cx.marts.metrics_periodic SET value = 2 * value WHERE"
            " metric = 'tickets_created' AND period_type = 'month'"
        ),
        ("comparison.figures_of_finished_months_stay",),
        severity="warning",
    ),
    Corruption(
        "lost metric",
        "a metric has no figures any more",
        Tables("DELETE FROM cx.marts.metrics_periodic WHERE metric = 'ces'"),
        ("comparison.metrics_stay",),
    ),
    Corruption(
        "undeclared metric",
        "a figure has no definition",
        Tables("DELETE FROM cx.meta.metrics WHERE name = 'nps'"),
        ("metrics.every_figure_is_declared",),
    ),
    Corruption(
        "personal data in a public table",
        "an address stands in a text",
        Tables(
            "UPDATE cx.marts.fct_survey_responses SET answer_text ="
            " 'write to ann.lee@example.com' WHERE answer_text IS NOT NULL"
        ),
        ("published.no_address_or_number_of_a_person",),
    ),
    Corruption(
        "instants of a machine",
        "an instant has a time zone",
        Tables(
            "ALTER TABLE cx.marts.fct_tickets ALTER COLUMN created_at TYPE TIMESTAMPTZ"
        ),
        ("published.instants_are_utc_without_zone",),
    ),
    Corruption(
        "lost column of a mart",
        "a column that readers use is gone",
        Tables("ALTER TABLE cx.marts.fct_tickets DROP COLUMN is_agent_opened"),
        ("comparison.columns_stay",),
    ),
    Corruption(
        "emptied table",
        "a table has no rows, so no bad ones",
        Tables("DELETE FROM cx.marts.dim_agents"),
        ("marts_dim_agents.has_rows", "relations.agents_of_tickets_exist"),
    ),
    Corruption(
        "lost groups",
        "tickets belong to a group that is not there",
        Tables(
            "DELETE FROM cx.marts.dim_groups WHERE group_key IN"
            " (SELECT min(group_key) FROM cx.marts.fct_tickets)"
        ),
        ("relations.groups_of_tickets_exist",),
    ),
    Corruption(
        "lost days",
        "a week is missing from the calendar",
        Tables(
            "DELETE FROM cx.marts.dim_date WHERE date_day"
            " BETWEEN '2026-03-02' AND '2026-03-08'"
        ),
        ("relations.days_have_no_gap",),
    ),
    Corruption(
        "counts of another run",
        "customers have other numbers of tickets than the facts",
        Tables("UPDATE cx.marts.customer_360 SET count_tickets = count_tickets + 1"),
        ("relations.tickets_of_customers_add_up",),
    ),
    Corruption(
        "lost identities",
        "customers are known from nowhere",
        Tables("DELETE FROM cx.marts.customer_identities WHERE source = 'zendesk'"),
        ("relations.every_customer_has_an_identity",),
    ),
    Corruption(
        "lost in staging",
        "a record is neither used nor in quarantine",
        Tables("UPDATE work.staging.record_counts SET accepted = accepted - 1"),
        ("reconciliation.received_is_accepted_quarantined_or_superseded",),
    ),
    Corruption(
        "unread file",
        "staging read fewer records than lie in the lake",
        Tables("DELETE FROM work.staging.record_counts WHERE table_name = 'users'"),
        ("reconciliation.received_is_what_the_lake_holds",),
    ),
    Corruption(
        "lost answers",
        "answers of responses do not reach the mart",
        Tables(
            "DELETE FROM cx.marts.fct_survey_responses WHERE survey_type = 'custom'"
        ),
        ("reconciliation.survey_answers_are_in_the_mart",),
    ),
    Corruption(
        "lost ratings",
        "bad ratings do not reach the mart",
        Tables(
            "DELETE FROM cx.marts.fct_survey_responses WHERE source = 'zendesk'"
            " AND score = 0"
        ),
        ("reconciliation.answered_ratings_are_in_the_mart",),
    ),
    Corruption(
        "older as_of",
        "the candidate speaks of an earlier instant than the last release",
        Tables("UPDATE work.intermediate.as_of SET as_of = as_of - INTERVAL 60 DAY"),
        ("comparison.as_of_does_not_go_back",),
    ),
    Corruption(
        "table without a suite",
        "a table would be published that nobody checks",
        Tables("CREATE TABLE cx.marts.fct_secrets AS SELECT 1 AS one"),
        ("published.every_table_has_a_suite",),
    ),
)

_REFUSED = "GateRefused"
CANDIDATE_FILES = (
    Corruption(
        "edited after the audit",
        "a row of the audited file was changed",
        Files(files.edit_candidate),
        (f"{_REFUSED}: cx.duckdb was changed",),
    ),
    Corruption(
        "extra table",
        "a table was added to the audited file",
        Files(files.add_table),
        (f"{_REFUSED}: cx.duckdb was changed",),
    ),
    Corruption(
        "missing table",
        "a Parquet file of a table is gone",
        Files(files.remove_parquet),
        (f"{_REFUSED}: parquet/fct_tickets.parquet is missing",),
    ),
    Corruption(
        "swapped Parquet",
        "two tables have each other's Parquet file",
        Files(files.swap_parquet),
        (f"{_REFUSED}: parquet/fct_tickets.parquet was changed",),
    ),
    Corruption(
        "stale log",
        "a write-ahead log of another build lies beside the file",
        Files(files.leave_log),
        (f"{_REFUSED}: cx.duckdb.wal is foreign",),
    ),
    Corruption(
        "truncated candidate",
        "the file ends in the middle",
        Files(files.truncate_candidate),
        (f"{_REFUSED}: cx.duckdb was changed",),
    ),
    Corruption(
        "bit-flipped contacts",
        "one byte of the personal file is another one",
        Files(files.flip_personal),
        (f"{_REFUSED}: cx_pii.duckdb was changed",),
    ),
    Corruption(
        "link for a file",
        "a file is a link to the same bytes",
        Files(files.link_file),
        (f"{_REFUSED}: cx.duckdb was changed",),
    ),
    Corruption(
        "manifest edited",
        "the manifest tells of a later as_of",
        Files(files.edit_manifest),
        (f"{_REFUSED}: its audit is of other files",),
    ),
    Corruption(
        "rebuilt after the audit",
        "files and manifest are those of another build",
        Files(files.rebuild),
        (f"{_REFUSED}: its audit is of other files",),
    ),
    Corruption(
        "wrong fingerprint",
        "the copy is not what the work file held",
        Files(files.wrong_fingerprint),
        (f"{_REFUSED}: does not hold what was audited",),
    ),
    Corruption(
        "never audited",
        "the record of the audit is gone",
        Files(files.lose_audit),
        (f"{_REFUSED}: it has not been audited",),
    ),
    Corruption(
        "forged verdict",
        "a failed audit was turned into a passed one",
        Files(files.forge_verdict),
        (f"{_REFUSED}: 1 check with severity error failed",),
    ),
    Corruption(
        "borrowed audit",
        "the audit of the last release lies in its place",
        Files(files.borrow_audit),
        (f"{_REFUSED}: its audit is of other files",),
    ),
)

PUBLISHED = (
    Corruption(
        "link to a candidate",
        "readers are led past the gate",
        Files(files.link_to_candidate, files.read),
        ("NoRelease: which is no release",),
    ),
    Corruption(
        "link to an unknown release",
        "a folder that looks like a release was put there by hand",
        Files(files.link_to_forgery, files.read),
        ("NoRelease: never passed the gate",),
    ),
    Corruption(
        "link to nowhere",
        "the link points to nothing",
        Files(files.link_to_nowhere, files.read),
        ("NoRelease: which is no release",),
    ),
    Corruption(
        "folder for a link",
        "the link was replaced by a copy",
        Files(files.folder_for_link, files.publish_candidate),
        ("PublicationError: is not a link",),
    ),
    Corruption(
        "manifest of a release edited",
        "the published manifest is another one",
        Files(files.edit_published_manifest, files.read),
        ("NoRelease: never passed the gate",),
    ),
    Corruption(
        "release edited",
        "a published file was changed",
        Files(files.edit_release, files.roll_back),
        ("ReleaseDamaged: cx.duckdb was changed",),
    ),
    Corruption(
        "garbled ledger",
        "a line of the ledger is not one",
        Files(files.garble_ledger, files.publish_candidate),
        ("ReleaseDamaged: is not an entry of the ledger",),
    ),
    Corruption(
        "lost ledger",
        "the ledger of releases is gone",
        Files(files.lose_ledger, files.status),
        ("Standing: which the ledger does not know",),
    ),
)

CORPUS: dict[str, tuple[Corruption, ...]] = {
    "lake files": LAKE_FILES,
    "landed rows": LANDED_ROWS,
    "tables": TABLES,
    "candidate": CANDIDATE_FILES,
    "published": PUBLISHED,
}
