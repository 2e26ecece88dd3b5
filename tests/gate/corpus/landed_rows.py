"""Rows of the last load that a vendor or a connector got wrong."""

from __future__ import annotations

from tests.gate import files
from tests.gate.planting import Corruption, Lake, Rows

TICKETS, RESPONSES = "zendesk.tickets", "typeform.responses"
DEALS, REVIEWS = "hubspot.deals", "trustpilot.reviews"


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


_SCORE = '"nps_score"},"type":"number","number":'


def scored(number: str) -> str:
    """Responses to the NPS form with other scores."""
    found = f"regexp_extract(payload, '{_SCORE}([0-9]+)', 1)::INTEGER"
    return replaced(
        f"regexp_replace(payload, '({_SCORE})[0-9]+', '\\1' ||"
        f" ({number.format(found)})::INTEGER) AS payload",
        "contains(payload, 'nps_score')",
    )


_ONE = "seq = (SELECT min(seq) FROM landed)"
_CREATED = "(payload ->> '$.created_at')::TIMESTAMPTZ::TIMESTAMP"
_ISO = "strftime({}, '%Y-%m-%dT%H:%M:%SZ')"
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
        "one version is ten years ahead, and is put aside, or it would win for ever",
        Rows(TICKETS, replaced("version + 315360000000000 AS version", _ONE)),
        ("zendesk_tickets.dates_are_not_in_the_future",),
        severity="warning",
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
        ("zendesk_tickets.dates_are_not_in_the_future",),
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
        ("reconciliation.texts_are_well_encoded",),
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
            "FROM landed UNION ALL SELECT landed.* REPLACE (i || key AS key,"
            " seq + 100000 * i AS seq) FROM landed, range(1, 9) AS numbers (i)"
            f" WHERE {_CREATED} >"
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
        "empty day",
        "the last day has no event of a ticket",
        Rows(
            "zendesk.ticket_events",
            f"FROM landed WHERE {_CREATED} < (SELECT max(cursor_at)::TIMESTAMP"
            " - INTERVAL 1 DAY FROM landed)",
        ),
        ("volume.no_day_is_nearly_empty",),
        severity="warning",
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
    Corruption(
        "deals in local time",
        "deals come in local time, written as UTC",
        Rows(
            DEALS,
            patched(
                "createdAt",
                _ISO.format("(payload ->> '$.createdAt')::TIMESTAMP - INTERVAL 5 HOUR"),
            ),
        ),
        ("versions.created_at_never_changes",),
    ),
    Corruption(
        "deals without a stage",
        "a scope was taken away: deals come without properties",
        Rows(DEALS, patched("properties", "NULL")),
        ("reconciliation.last_load_is_usable",),
    ),
    Corruption(
        "key type change of the CRM",
        "ids of deals are decimal numbers",
        Rows(DEALS, replaced("key || '.0' AS key")),
        ("versions.numbered_keys_stay_numbers",),
    ),
    Corruption(
        "lost links",
        "deals are linked with no contact any more",
        Rows(
            "hubspot.deal_contacts",
            "SELECT * REPLACE (json_merge_patch(payload, '{\"to\": []}')::VARCHAR AS"
            " payload, (SELECT max(version) FROM landed) + 1 AS version, (SELECT"
            " max(_dlt_load_id) FROM landed) AS _dlt_load_id, row_number() OVER () AS"
            " seq) FROM (FROM landed UNION ALL FROM before)",
        ),
        ("comparison.deals_keep_their_parties",),
    ),
    Corruption(
        "half stars",
        "reviews are rated in halves of a star",
        Rows(REVIEWS, patched("stars", "(payload ->> '$.stars')::DOUBLE - 0.5")),
        ("reconciliation.last_load_is_usable",),
    ),
    Corruption(
        "encoding damage of reviews",
        "UTF-8 of reviews was read as Latin-1",
        Rows(REVIEWS, replaced("replace(payload, 'e', 'Ã©') AS payload")),
        ("reconciliation.texts_are_well_encoded",),
    ),
)
