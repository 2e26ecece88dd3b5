"""Suites of landed tables: what the lake must look like before anything trusts it.

Holds one suite per table of each source, over the views `<source>.<table>` in the work
file. Does not judge what a record means: staging does, with a reason per record.
Tests: tests/expectations/test_validation.py
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from expectations.owners import owner_of
from expectations.rules import (
    LAST_PULL,
    Rule,
    Suite,
    in_order,
    not_in_the_future,
    not_negative,
    one_of,
    present,
)

_ENVELOPE = {
    "key": "VARCHAR",
    "parent_key": "VARCHAR",
    "cursor_at": "TIMESTAMP WITH TIME ZONE",
    "version": "BIGINT",
    "seq": "BIGINT",
    "op": "VARCHAR",
    "extracted_at": "TIMESTAMP WITH TIME ZONE",
    "payload": "VARCHAR",
    "_dlt_load_id": "VARCHAR",
}
_PULLS = {
    "stream": "VARCHAR",
    "mode": "VARCHAR",
    "window_from": "TIMESTAMP WITH TIME ZONE",
    "window_to": "TIMESTAMP WITH TIME ZONE",
    "source_now": "TIMESTAMP WITH TIME ZONE",
    "pages": "BIGINT",
    "rows": "BIGINT",
    "rejected": "BIGINT",
    "is_complete": "BOOLEAN",
    "_dlt_load_id": "VARCHAR",
}
_REJECTS = {
    "stream": "VARCHAR",
    "seq": "BIGINT",
    "reason": "VARCHAR",
    "body": "BLOB",
    "extracted_at": "TIMESTAMP WITH TIME ZONE",
    "_dlt_load_id": "VARCHAR",
}
_ROW_OF_LOAD = ("_dlt_load_id", "seq")
_NEW_ENOUGH = Rule(
    "cursor_at_is_after_2000",
    "cursor_at < TIMESTAMPTZ '2000-01-01 00:00:00+00'",
    "cursor_at is after the year 2000; an older one is a wrong unit or an empty value.",
    severity="warning",
)

# Streams of each source; those that a vendor account may well leave empty are False.
_STREAMS = {
    "zendesk": {
        "tickets": True,
        "users": True,
        "organizations": False,
        "ticket_events": True,
        "satisfaction_ratings": False,
        "survey_responses": False,
        "ticket_metric_events": False,
        "groups": True,
        "brands": True,
        "ticket_fields": True,
        "sla_policies": False,
        "schedules": False,
        "holidays": False,
    },
    "zendesk_talk": {"calls": True, "legs": True, "phone_numbers": True},
    "typeform": {"forms": True, "responses": True},
    "hubspot": {
        "contacts": True,
        "companies": False,
        "deals": False,
        "owners": True,
        "pipelines": True,
        "contact_companies": True,
        "deal_contacts": False,
        "deal_companies": False,
        "feedback_submissions": False,
        "calls": False,
        "meetings": False,
        "emails": False,
        "notes": False,
        "feedback_submission_contacts": False,
        "call_contacts": False,
        "meeting_contacts": False,
        "email_contacts": False,
        "note_contacts": False,
    },
    "trustpilot": {"business_units": True, "reviews": False},
    "qualtrics": {
        "surveys": True,
        "responses": False,
        "distributions": False,
        "distribution_history": False,
    },
}
# Entities of files; a file source brings those that its mapping names.
FILE_ENTITIES = (
    "customers",
    "accounts",
    "agents",
    "tickets",
    "ticket_events",
    "ticket_comments",
    "schedules",
    "holidays",
    "sla_policies",
    "calls",
    "call_legs",
    "survey_answers",
    "survey_deliveries",
    "reviews",
    "orders",
    "subscriptions",
    "deals",
    "deal_stage_events",
    "campaign_touches",
    "web_sessions",
)
_CHILDREN = {
    ("zendesk", "holidays"),
    ("typeform", "responses"),
    ("trustpilot", "reviews"),
    ("qualtrics", "responses"),
    ("qualtrics", "distributions"),
    ("qualtrics", "distribution_history"),
}


def _envelopes(source: str, table: str, must_have_rows: bool) -> Suite:
    is_child = (source, table) in _CHILDREN
    return Suite(
        catalog="work",
        table=f"{source}.{table}",
        key=_ROW_OF_LOAD,
        columns=_ENVELOPE,
        must_have_rows=must_have_rows,
        owner=owner_of(source),
        rules=(
            *present("key", "op", "extracted_at", "payload", "_dlt_load_id", "seq"),
            *(present("parent_key") if is_child else ()),
            Rule("key_is_not_blank", "trim(key) = ''", "key identifies the record."),
            one_of("op", ("upsert", "delete")),
            *not_negative("seq"),
            Rule(
                "version_is_after_2000",
                "version < 946684800000000",
                "version counts microseconds since 1970; a small one is in seconds.",
            ),
            *not_in_the_future("extracted_at"),
            # The lake holds what the vendor wrote, however odd: see it, go on.
            Rule(
                "dates_are_not_in_the_future",
                f"cursor_at::TIMESTAMP > {LAST_PULL}"
                f" OR version > epoch_us({LAST_PULL})",
                "cursor_at and version are not after the vendors' clock at the last "
                "pull; a version more than a day ahead is put aside by staging.",
                severity="warning",
            ),
            _NEW_ENOUGH,
        ),
    )


def _pulls(source: str) -> Suite:
    return Suite(
        catalog="work",
        table=f"{source}.pulls",
        key=("stream", "_dlt_load_id"),
        columns=_PULLS,
        owner=owner_of(source),
        rules=(
            *present(
                "stream",
                "mode",
                "window_to",
                "source_now",
                "rows",
                "rejected",
                "is_complete",
                "_dlt_load_id",
            ),
            one_of("mode", ("incremental", "snapshot", "backfill")),
            *not_negative("pages", "rows", "rejected"),
            *in_order("window_from", "window_to"),
            *in_order("window_to", "source_now"),
            Rule(
                "rejected_is_within_rows",
                "rejected > rows",
                "Rejected records are among those received.",
            ),
        ),
    )


def _rejects(source: str) -> Suite:
    return Suite(
        catalog="work",
        table=f"{source}.rejects",
        key=("stream", *_ROW_OF_LOAD),
        columns=_REJECTS,
        owner=owner_of(source),
        must_have_rows=False,
        rules=present("stream", "seq", "reason", "body", "_dlt_load_id"),
    )


def _files(entity: str) -> Suite:
    return Suite(
        catalog="work",
        table=f"files.{entity}",
        key=("source", *_ROW_OF_LOAD),
        columns={"source": "VARCHAR", **_ENVELOPE},
        must_have_rows=False,
        owner=owner_of("files"),
        rules=(
            *present("source", "key", "op", "extracted_at", "_dlt_load_id", "seq"),
            Rule("key_is_not_blank", "trim(key) = ''", "key identifies the record."),
            one_of("op", ("upsert", "delete")),
            *not_negative("seq"),
            *not_in_the_future("extracted_at"),
            # A team's own export may hold what is planned, and what is long gone.
            *not_in_the_future("cursor_at", severity="warning"),
            _NEW_ENOUGH,
        ),
    )


def _of_files(suite: Suite) -> Suite:
    """The same for the files of all sources together."""
    return replace(
        suite,
        key=("source", *suite.key),
        columns={"source": "VARCHAR", **suite.columns},
        rules=(*present("source"), *suite.rules),
        must_have_rows=False,
    )


_OF_VENDORS = tuple(
    suite
    for source, streams in _STREAMS.items()
    for suite in (
        *(_envelopes(source, table, must) for table, must in streams.items()),
        _pulls(source),
        _rejects(source),
    )
)
LANDED_SUITES: tuple[Suite, ...] = (
    *_OF_VENDORS,
    *map(_files, FILE_ENTITIES),
    _of_files(_pulls("files")),
    _of_files(_rejects("files")),
)


def landed_suites(required: Collection[str]) -> list[Suite]:
    """Return the suites; a source that no release needs may be empty."""
    return [
        suite
        if suite.table.partition(".")[0] in required
        else replace(suite, must_have_rows=False)
        for suite in LANDED_SUITES
    ]


SOURCES = tuple(_STREAMS)
STREAMS: tuple[tuple[str, str], ...] = tuple(
    (source, table) for source, streams in _STREAMS.items() for table in streams
)
