"""Zendesk Support: tickets and what belongs to them.

Data flow (each endpoint to the table of that name in the lake):

    /api/v2/incremental/tickets/cursor   -> tickets   (metric set inside each ticket)
    /api/v2/incremental/users/cursor     -> users
    /api/v2/incremental/organizations    -> organizations
    /api/v2/incremental/ticket_events    -> ticket_events   (comments inside)
    /api/v2/satisfaction_ratings         -> satisfaction_ratings
    /api/v2/groups                       -> groups

Alone: `python -m ingestion zendesk`. Tests: tests/ingestion/zendesk/
"""

from ingestion.zendesk.settings import ZendeskSettings
from ingestion.zendesk.streams import connect

__all__ = ["ZendeskSettings", "connect"]
