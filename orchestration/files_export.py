"""What vendors brought, as canonical files with mappings.

Holds one query per vendor and entity, over the tables of the last build. The files are
what a team keeps of a vendor that it leaves: dropped as a file source, they give the
same metrics, but for what is listed in `LACKING`. Does not hold how files are read
(`ingestion.files`).
Tests: tests/end_to_end/test_files_alone.py
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import yaml

from orchestration.errors import NothingBuilt
from orchestration.settings import Settings
from orchestration.warehouse import connect

# Of each vendor: what its files cannot say.
LACKING = {
    "zendesk": (
        "names of groups and brands (files name them by id)",
        "which ticket a merged one was merged into (its tag says that it was)",
        "ratings that were offered and not answered",
        "ticket events before the first that the vendor gives",
    ),
    "hubspot": (
        "all but the first contact and company of a deal, and company of a contact",
        "earlier lifecycle stages; calls, meetings, e-mails, notes",
        "stages that a deal was in after it was cleared of one",
    ),
    "typeform": ("forms without an answer, their links, and unfinished questions",),
    "trustpilot": ("profiles of the reviewed companies, but for their domain",),
}

_QUERIES = {
    "zendesk": {
        "customers": """
            SELECT user_id AS customer_id, name, email, phone,
                organization_id AS account_id, NOT is_active AS is_deleted,
                created_at, updated_at
            FROM staging.stg_zendesk__users WHERE role = 'end-user'
        """,
        "agents": """
            SELECT user_id AS agent_id, name, email,
                CASE WHEN is_bot THEN 'bot' ELSE role END AS role,
                default_group_id AS group_id, is_active, created_at, updated_at
            FROM staging.stg_zendesk__users WHERE role IN ('agent', 'admin')
        """,
        "accounts": """
            SELECT organization_id AS account_id, name,
                array_to_string(domain_names, ';') AS other_domains,
                deleted_at IS NOT NULL AS is_deleted, created_at, updated_at
            FROM staging.stg_zendesk__organizations
        """,
        "tickets": """
            SELECT tickets.ticket_id, requester_id, submitter_id, assignee_id,
                group_id, organization_id AS account_id, brand_id AS brand, channel,
                type, priority, status, array_to_string(tags, ';') AS tags,
                url, created_at, updated_at
            FROM staging.stg_zendesk__tickets AS tickets
        """,
        "ticket_events": """
            SELECT concat_ws(':', event_id, position, kind) AS event_id, ticket_id,
                kind, value, previous_value, updater_id AS actor_id,
                sequence AS position, occurred_at
            FROM (
                SELECT *, 'status' AS kind, status AS value,
                    previous_status AS previous_value
                FROM intermediate.int_ticket_child_events WHERE status IS NOT NULL
                UNION ALL
                SELECT *, 'assignee', assignee_id, NULL
                FROM intermediate.int_ticket_child_events WHERE assignee_id IS NOT NULL
                UNION ALL
                SELECT *, 'group', group_id, NULL
                FROM intermediate.int_ticket_child_events WHERE group_id IS NOT NULL
            )
        """,
        "ticket_comments": """
            SELECT child_id AS comment_id, ticket_id, author_id,
                coalesce(is_public, false) AS is_public, is_opening,
                sequence AS position, occurred_at
            FROM intermediate.int_ticket_child_events WHERE event_type = 'Comment'
        """,
        "survey_answers": """
            SELECT rating_id AS response_id, 'satisfaction_rating' AS question_id,
                survey_id, 'Satisfaction of tickets' AS survey_name,
                'CSAT' AS survey_type, 'transactional' AS program,
                (score LIKE 'good%')::INTEGER AS score, 0 AS scale_min, 1 AS scale_max,
                comment AS answer_text, ticket_id, assignee_id AS agent_id,
                updated_at AS responded_at
            FROM (
                SELECT rating_id, 'satisfaction_ratings' AS survey_id, score, comment,
                    ticket_id, assignee_id, updated_at
                FROM staging.stg_zendesk__satisfaction_ratings
                UNION ALL
                SELECT response_id, 'survey_responses', rating_category, comment,
                    ticket_id, NULL, updated_at
                FROM staging.stg_zendesk__survey_responses
            )
            WHERE score LIKE 'good%' OR score LIKE 'bad%'
        """,
    },
    "hubspot": {
        "customers": """
            WITH links AS (
                SELECT from_id, arg_min(to_id, (NOT is_primary, length(to_id), to_id))
                    AS to_id
                FROM intermediate.int_crm_links
                WHERE source = 'hubspot' AND link = 'contact_company' GROUP BY ALL
            )
            SELECT contact_id AS customer_id, first_name AS given_name,
                last_name AS family_name, email,
                array_to_string(additional_emails, ';') AS other_emails, phone,
                coalesce(company_id, to_id) AS account_id, lifecycle_stage, owner_id,
                winner_id AS merged_into_id, is_deleted, created_at, updated_at
            FROM staging.stg_hubspot__contacts
            LEFT JOIN links ON contact_id = from_id
            LEFT JOIN (
                SELECT loser_id, winner_id FROM intermediate.crm_merges
                WHERE source = 'hubspot' AND object = 'contacts'
            ) ON contact_id = loser_id
        """,
        "agents": """
            SELECT owner_id AS agent_id, name, email, 'owner' AS role,
                NOT is_archived AND NOT is_deleted AS is_active, created_at, updated_at
            FROM staging.stg_hubspot__owners
        """,
        "accounts": """
            SELECT company_id AS account_id, name, domain,
                array_to_string(additional_domains, ';') AS other_domains, industry,
                country, lifecycle_stage, owner_id, winner_id AS merged_into_id, url,
                is_deleted, created_at, updated_at
            FROM staging.stg_hubspot__companies
            LEFT JOIN (
                SELECT loser_id, winner_id FROM intermediate.crm_merges
                WHERE source = 'hubspot' AND object = 'companies'
            ) ON company_id = loser_id
        """,
        "deals": """
            WITH contacts AS (
                SELECT from_id, arg_min(to_id, (
                    contacts.is_deleted, length(to_id), to_id
                )) AS customer_id
                FROM intermediate.int_crm_links
                INNER JOIN staging.stg_hubspot__contacts AS contacts
                    ON to_id = contact_id
                WHERE source = 'hubspot' AND link = 'deal_contact' GROUP BY ALL
            ),
            companies AS (
                SELECT from_id, arg_min(to_id, (
                    companies.is_deleted, NOT is_primary, length(to_id), to_id
                )) AS account_id
                FROM intermediate.int_crm_links
                INNER JOIN staging.stg_hubspot__companies AS companies
                    ON to_id = company_id
                WHERE source = 'hubspot' AND link = 'deal_company' GROUP BY ALL
            )
            SELECT deal_id, pipeline, stage, deal_type, amount, currency, owner_id,
                customer_id, account_id, is_closed, is_won,
                winner_id AS merged_into_id, source_url AS url, deals.created_at,
                closed_at, expected_close_at, updated_at, is_deleted, is_test
            FROM intermediate.int_deals AS deals
            LEFT JOIN contacts ON deal_id = contacts.from_id
            LEFT JOIN companies ON deal_id = companies.from_id
            LEFT JOIN (
                SELECT loser_id, winner_id FROM intermediate.crm_merges
                WHERE source = 'hubspot' AND object = 'deals'
            ) ON deal_id = loser_id
            WHERE source = 'hubspot'
        """,
        "deal_stage_events": """
            SELECT deals.deal_id, visits.pipeline, visits.stage, entered_at
            FROM intermediate.int_deal_stage_visits AS visits
            INNER JOIN intermediate.int_deals AS deals USING (deal_key)
            WHERE deals.source = 'hubspot'
        """,
    },
    "typeform": {
        "survey_answers": """
            SELECT answers.response_id, question_ref AS question_id,
                answers.form_id AS survey_id, title AS survey_name, survey_type,
                program, number AS score, scale_min, scale_max, is_reversed,
                answer_text, hidden_email AS email, hidden_ticket_id AS ticket_id,
                CASE WHEN hidden_ticket_id IS NOT NULL THEN 'files_zendesk' END
                    AS ticket_source,
                'survey' AS channel, language, url,
                submitted_at IS NULL AS is_partial,
                coalesce(submitted_at, landed_at) AS responded_at
            FROM intermediate.survey_answers_judged AS answers
            INNER JOIN staging.stg_typeform__responses USING (response_id)
            INNER JOIN staging.stg_typeform__forms AS forms
                ON answers.form_id = forms.form_id
            WHERE answers._reason IS NULL
        """,
    },
    "trustpilot": {
        "reviews": """
            SELECT review_id, 'trustpilot' AS site,
                coalesce(domain, reviews.business_unit_id) AS business_unit, rating,
                title, text, reviews.language, reviewer_name, reviewer_email AS email,
                is_verified,
                created_at AS reviewed_at, updated_at AS edited_at, replied_at,
                'https://www.trustpilot.com/reviews/' || review_id AS url,
                reviews.is_deleted
            FROM staging.stg_trustpilot__reviews AS reviews
            LEFT JOIN staging.stg_trustpilot__business_units AS units
                ON reviews.business_unit_id = units.business_unit_id
        """,
    },
}


@dataclass(frozen=True)
class ExportedFile:
    """One file of an export: its path below the folder, and its rows."""

    name: str
    rows: int


def export(settings: Settings, folder: Path) -> list[ExportedFile]:
    """Write what the last build holds of each vendor as CSV files with a mapping.

    Each vendor gets a folder of its own in `folder`; one that is there is replaced.

    Raises:
        NothingBuilt: There was no build yet.
    """
    if not settings.warehouse_path.exists():
        raise NothingBuilt(
            "There is no build to take files from.",
            str(settings.warehouse_path),
            "Run `cx run` first.",
        )
    written: list[ExportedFile] = []
    with connect(settings.warehouse_path, settings, read_only=True) as connection:
        ((as_of,),) = connection.execute(
            "SELECT as_of FROM intermediate.as_of"
        ).fetchall()
        for vendor, queries in _QUERIES.items():
            target = folder / vendor
            shutil.rmtree(target, ignore_errors=True)
            entities: dict[str, object] = {}
            for entity, query in queries.items():
                file, columns = _write(connection, query, target, entity)
                if file.rows:
                    written.append(file)
                    entities[entity] = _mapping_of(entity, columns)
            if entities:
                _write_mapping(target / "mapping.yaml", as_of, entities)
    return written


def _write(
    connection: duckdb.DuckDBPyConnection, query: str, folder: Path, entity: str
) -> tuple[ExportedFile, list[str]]:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{entity}.csv"
    relation = connection.sql(f"FROM ({query}) ORDER BY ALL")
    columns = [str(name) for name in relation.columns]
    relation.write_csv(str(path), header=True)
    path.chmod(0o600)
    ((rows,),) = connection.execute(f"SELECT count(*) FROM ({query})").fetchall()
    if not rows:
        path.unlink()
    return ExportedFile(f"{folder.name}/{entity}.csv", int(rows)), columns


def _mapping_of(entity: str, columns: list[str]) -> dict[str, object]:
    return {
        "files": f"{entity}.csv",
        "mode": "snapshot",
        "columns": {name: name for name in columns},
    }


def _write_mapping(path: Path, as_of: datetime, entities: dict[str, object]) -> None:
    content = {
        "complete_to": as_of.replace(tzinfo=UTC).isoformat(),
        "entities": entities,
    }
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
