"""Zendesk: tickets and what belongs to them, and the telephone.

Data flow (each endpoint to the table of that name in the lake):

    /api/v2/incremental/tickets/cursor   -> tickets   (metric set inside each ticket)
    /api/v2/incremental/users/cursor     -> users
    /api/v2/incremental/organizations    -> organizations
    /api/v2/incremental/ticket_events    -> ticket_events   (comments inside)
    /api/v2/satisfaction_ratings         -> satisfaction_ratings
    /api/v2/incremental/ticket_metric_events -> ticket_metric_events
    /api/v2/groups, brands, ticket_fields    -> groups, brands, ticket_fields
    /api/v2/slas/policies                    -> sla_policies
    /api/v2/business_hours/schedules         -> schedules
    .../schedules/{id}/holidays              -> holidays

and of the source `zendesk_talk`, the telephone of the same account:

    /api/v2/channels/voice/stats/incremental/calls, legs   -> calls, legs
    /api/v2/channels/voice/phone_numbers                   -> phone_numbers

Alone: `python -m ingestion zendesk`. Tests: tests/ingestion/zendesk/
"""

from ingestion.zendesk.settings import ZendeskSettings
from ingestion.zendesk.streams import connect
from ingestion.zendesk.talk import connect as connect_talk

__all__ = ["ZendeskSettings", "connect", "connect_talk"]
