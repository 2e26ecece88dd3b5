"""First identity: records that share an address of their own are one customer.

Holds how records are put together, step by step, and how keys are chosen. A record that
its vendor merged into another is that other one. Shared mailboxes put nobody together.
Does not hold normalisation (dbt, `customer_addresses`) nor the ledger's files.
Tests: tests/orchestration/identity/test_resolution.py
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from orchestration.identity.ledger import append_to_ledger, read_ledger
from orchestration.settings import Settings
from orchestration.warehouse import connect

# A helpdesk user or CRM contact is a person with or without an address; a survey answer
# or review is one only through an address that is somebody's own.
_IDENTIFIERS = """
CREATE OR REPLACE TEMP TABLE identifiers AS
SELECT
    source,
    source_id,
    concat_ws(' ', 'record', source, coalesce(merged_into_id, source_id)) AS identifier
FROM intermediate.customer_records
WHERE is_person
UNION ALL
SELECT source, source_id, 'email ' || email_normalised
FROM intermediate.customer_addresses
WHERE NOT is_shared_mailbox
"""

# What links records: an identifier that more than one of them has. Only records with
# two of those can join what would else be two customers, and they are few.
_LINKS = """
CREATE OR REPLACE TEMP TABLE links AS
SELECT * FROM identifiers
QUALIFY count(*) OVER (PARTITION BY identifier) > 1
"""
_BRIDGES = """
CREATE OR REPLACE TEMP TABLE bridges AS
SELECT * FROM links
QUALIFY count(*) OVER (PARTITION BY source, source_id) > 1
"""
_LABELS = """
CREATE OR REPLACE TEMP TABLE labels AS
SELECT DISTINCT identifier, identifier AS label FROM bridges
"""

# One round: every identifier takes the smallest label of the records that have it.
_SPREAD = """
CREATE OR REPLACE TEMP TABLE spread AS
WITH records AS (
    SELECT source, source_id, min(label) AS label
    FROM bridges JOIN labels USING (identifier)
    GROUP BY source, source_id
)
SELECT identifier, min(records.label) AS label
FROM bridges JOIN records USING (source, source_id)
GROUP BY identifier
"""
_UNCHANGED = "spread JOIN labels USING (identifier, label)"
_TAKE_OVER = "CREATE OR REPLACE TEMP TABLE labels AS FROM spread"

_CLUSTERS = """
CREATE OR REPLACE TEMP TABLE clusters AS
WITH linked AS (
    SELECT source, source_id, min(coalesce(label, identifier)) AS cluster_id
    FROM links LEFT JOIN labels USING (identifier)
    GROUP BY source, source_id
),
alone AS (
    SELECT source, source_id, min(identifier) AS cluster_id
    FROM identifiers
    GROUP BY source, source_id
)
SELECT
    records.source,
    records.source_id,
    records.first_seen_at,
    records.merged_into_id IS NOT NULL AS is_merged,
    coalesce(linked.cluster_id, alone.cluster_id) AS cluster_id
FROM intermediate.customer_records AS records
JOIN alone USING (source, source_id)
LEFT JOIN linked USING (source, source_id)
"""

# What the ledger says now of each record: its last segment.
_KNOWN = """
CREATE OR REPLACE TEMP TABLE known AS
SELECT
    source,
    source_id,
    arg_max(customer_key, segment) AS customer_key,
    min(segment) AS first_segment,
    count(*) AS count_assignments
FROM ledger
GROUP BY source, source_id
"""

# A key goes to the cluster that holds most of its records, and a cluster takes the key
# that most of its records have; the older one wins a tie. What is left gets a new key.
_INHERITED = """
CREATE OR REPLACE TEMP TABLE inherited AS
WITH held AS (
    SELECT
        cluster_id,
        customer_key,
        count(*) AS count_records,
        min(first_segment) AS first_segment,
        min((source, source_id)) AS first_record
    FROM clusters JOIN known USING (source, source_id)
    GROUP BY cluster_id, customer_key
),
owned AS (
    SELECT * FROM held
    QUALIFY row_number() OVER (
        PARTITION BY customer_key
        ORDER BY count_records DESC, first_segment, first_record
    ) = 1
)
SELECT cluster_id, customer_key FROM owned
QUALIFY row_number() OVER (
    PARTITION BY cluster_id
    ORDER BY count_records DESC, first_segment, customer_key
) = 1
"""

# Minted from the first record, and from how often that record was keyed before, so that
# a key is the same in a repeated run and is never given out again.
_ASSIGNED = """
CREATE OR REPLACE TEMP TABLE assigned AS
WITH minted AS (
    SELECT
        cluster_id,
        'cus_' || left(md5(concat_ws(
            '|', source, source_id, coalesce(count_assignments, 0)
        )), 20) AS customer_key
    FROM clusters
    LEFT JOIN known USING (source, source_id)
    QUALIFY row_number() OVER (
        PARTITION BY cluster_id ORDER BY first_seen_at, source, source_id
    ) = 1
),
sizes AS (
    SELECT cluster_id, count_if(NOT is_merged) AS count_records
    FROM clusters
    GROUP BY cluster_id
)
SELECT
    clusters.source,
    clusters.source_id,
    coalesce(inherited.customer_key, minted.customer_key) AS customer_key,
    CASE
        WHEN clusters.is_merged THEN 'vendor_merge'
        WHEN sizes.count_records > 1 THEN 'exact_email'
        ELSE 'own_record'
    END AS rule,
    CAST(1 AS DOUBLE) AS probability,
    inherited.customer_key IS NULL AS is_minted
FROM clusters
JOIN sizes USING (cluster_id)
JOIN minted USING (cluster_id)
LEFT JOIN inherited USING (cluster_id)
"""

_NEW_ASSIGNMENTS = """
CREATE OR REPLACE TEMP TABLE new_assignments AS
SELECT assigned.source, assigned.source_id, assigned.customer_key
FROM assigned LEFT JOIN known USING (source, source_id)
WHERE known.customer_key IS DISTINCT FROM assigned.customer_key
"""

_PUBLISH = """
CREATE SCHEMA IF NOT EXISTS identity;
CREATE OR REPLACE TABLE identity.customer_keys AS
SELECT source, source_id, customer_key, rule, probability FROM assigned
"""


@dataclass(frozen=True)
class IdentityReport:
    """What a resolution found.

    Attributes:
        records: Source records that stand for a customer.
        customers: Customers behind them.
        minted: Customers that got a new key.
        assignments: Rows that were added to the ledger.
    """

    records: int
    customers: int
    minted: int
    assignments: int


def resolve(settings: Settings) -> IdentityReport:
    """Write `identity.customer_keys`, one row per source record that is a customer.

    Same records and same ledger give the same keys; keys stay with their records when
    new ones arrive.
    """
    with connect(settings.warehouse_path, settings) as connection:
        read_ledger(connection, settings)
        _put_together(connection)
        for statement in (_KNOWN, _INHERITED, _ASSIGNED, _NEW_ASSIGNMENTS):
            connection.execute(statement)
        appended = append_to_ledger(connection, settings, "new_assignments")
        connection.execute(_PUBLISH)
        return _report(connection, appended)


def _put_together(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `clusters`: records that are joined by a chain of shared identifiers."""
    for statement in (_IDENTIFIERS, _LINKS, _BRIDGES, _LABELS):
        connection.execute(statement)
    unchanged, count = -1, _count(connection, "labels")
    while unchanged < count:
        connection.execute(_SPREAD)
        unchanged = _count(connection, _UNCHANGED)
        connection.execute(_TAKE_OVER)
    connection.execute(_CLUSTERS)


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    rows = connection.execute(f"SELECT count(*) FROM {relation}").fetchall()
    return int(rows[0][0])


def _report(connection: duckdb.DuckDBPyConnection, appended: int) -> IdentityReport:
    records, customers, minted = connection.execute(
        "SELECT count(*), count(DISTINCT customer_key), "
        "count(DISTINCT customer_key) FILTER (is_minted) FROM assigned"
    ).fetchall()[0]
    return IdentityReport(records, customers, minted, appended)
