"""Which sources exist, and what is expected of each.

Holds names, streams and promises; cheap to import (no dlt). Does not hold how a source
is read: that is in the package of its name.
Tests: tests/ingestion/test_registry.py
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from ingestion.errors import UnknownSource

Mode = Literal["incremental", "snapshot", "backfill"]


@dataclass(frozen=True)
class StreamSpec:
    """One table of a source.

    Attributes:
        name: Table in the lake.
        mode: `incremental` adds what changed; `snapshot` reads everything each time, so
            that what is absent from the last complete one has been deleted.
        description: What one record is.
    """

    name: str
    mode: Mode
    description: str


@dataclass(frozen=True)
class SourceSpec:
    """One vendor: its streams, and how old its data may get before someone must act."""

    name: str
    streams: tuple[StreamSpec, ...]
    is_required: bool = True
    max_staleness: timedelta = timedelta(hours=26)
    owner: str | None = None

    def stream(self, name: str) -> StreamSpec:
        """The stream of that name."""
        return next(stream for stream in self.streams if stream.name == name)


SOURCES: dict[str, SourceSpec] = {
    spec.name: spec
    for spec in (
        SourceSpec(
            "zendesk",
            (
                StreamSpec("tickets", "incremental", "A ticket with its metric set."),
                StreamSpec("users", "incremental", "An end user or agent."),
                StreamSpec("organizations", "incremental", "A company of end users."),
                StreamSpec("ticket_events", "incremental", "One audit of a ticket."),
                StreamSpec(
                    "satisfaction_ratings", "incremental", "One rating of a ticket."
                ),
                StreamSpec(
                    "ticket_metric_events",
                    "incremental",
                    "What happened to a clock of a ticket.",
                ),
                StreamSpec("groups", "snapshot", "A group of agents."),
                StreamSpec("brands", "snapshot", "A brand of the company."),
                StreamSpec("ticket_fields", "snapshot", "A field of tickets."),
                StreamSpec("sla_policies", "snapshot", "A policy with its targets."),
                StreamSpec("schedules", "snapshot", "When a team is at work."),
                StreamSpec("holidays", "snapshot", "A holiday of a schedule."),
                StreamSpec(
                    "survey_responses",
                    "incremental",
                    "An answer to the newer satisfaction survey of a ticket.",
                ),
            ),
            owner="support-operations",
        ),
        SourceSpec(
            "zendesk_talk",
            (
                StreamSpec("calls", "incremental", "A telephone call."),
                StreamSpec("legs", "incremental", "One party's part in a call."),
                StreamSpec("phone_numbers", "snapshot", "A number of the company."),
            ),
            # Not every account has the telephone.
            is_required=False,
            owner="support-operations",
        ),
        SourceSpec(
            "typeform",
            (
                StreamSpec("forms", "snapshot", "A form with its questions."),
                StreamSpec("responses", "incremental", "One response to a form."),
            ),
            owner="customer-insight",
        ),
        SourceSpec(
            "hubspot",
            (
                StreamSpec("contacts", "incremental", "A person in the CRM."),
                StreamSpec("companies", "incremental", "A company in the CRM."),
                StreamSpec("deals", "incremental", "A sale, won, lost or open."),
                StreamSpec(
                    "feedback_submissions", "incremental", "An answer to a survey."
                ),
                StreamSpec("calls", "incremental", "A call about a sale."),
                StreamSpec("meetings", "incremental", "A meeting about a sale."),
                StreamSpec("emails", "incremental", "An e-mail about a sale."),
                StreamSpec("notes", "incremental", "A note about a sale."),
                StreamSpec("owners", "snapshot", "Somebody who owns records."),
                StreamSpec("pipelines", "snapshot", "A pipeline with its stages."),
                StreamSpec(
                    "contact_companies", "incremental", "The companies of a contact."
                ),
                StreamSpec("deal_contacts", "incremental", "The contacts of a deal."),
                StreamSpec("deal_companies", "incremental", "The companies of a deal."),
                StreamSpec(
                    "feedback_submission_contacts", "incremental", "Who answered."
                ),
                StreamSpec("call_contacts", "incremental", "Who was on a call."),
                StreamSpec("meeting_contacts", "incremental", "Who was in a meeting."),
                StreamSpec("email_contacts", "incremental", "Who wrote or got it."),
                StreamSpec("note_contacts", "incremental", "Whom a note is about."),
            ),
            owner="revenue-operations",
        ),
        SourceSpec(
            "trustpilot",
            (
                StreamSpec("business_units", "snapshot", "A company's profile."),
                StreamSpec("reviews", "incremental", "One review of a company."),
            ),
            owner="customer-insight",
        ),
        SourceSpec(
            "qualtrics",
            (
                StreamSpec("surveys", "snapshot", "A survey with its questions."),
                StreamSpec("responses", "incremental", "One response to a survey."),
                StreamSpec("distributions", "snapshot", "One sending of a survey."),
                StreamSpec(
                    "distribution_history", "incremental", "One invitation, by contact."
                ),
            ),
            owner="customer-insight",
        ),
    )
}


# The name of the file source whose mapping lies in the folder of all of them; one in a
# folder of its own has that folder's name behind it.
FILES = "files"


def is_file_source(source: str) -> bool:
    """Whether a source is a folder of files, and no vendor."""
    return source == FILES or source.startswith(f"{FILES}_")


def get_source(name: str) -> SourceSpec:
    """The source of that name.

    Raises:
        UnknownSource: There is none; the message lists those that there are.
    """
    try:
        return SOURCES[name]
    except KeyError:
        known = ", ".join(sorted(SOURCES))
        raise UnknownSource(
            name, "no such source", "ingestion/registry.py", f"Use one of: {known}."
        ) from None
