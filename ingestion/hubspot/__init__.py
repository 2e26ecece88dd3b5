"""HubSpot CRM: contacts, companies, deals, what is logged, and their links.

Data flow (each endpoint to the table of that name in the lake):

    /crm/v3/objects/{type}, later /crm/v3/objects/{type}/search
                                             -> contacts, companies, deals, calls,
                                                meetings, emails, notes,
                                                feedback_submissions
    /crm/v3/objects/{type}/batch/read        -> what searches found, with its history
    /crm/v3/objects/{type}?archived=true     -> the same, as deletions
    /crm/v3/owners                           -> owners      (those who left too)
    /crm/v3/pipelines/deals                  -> pipelines   (stages inside)
    /crm/v4/associations/{from}/{to}/batch/read
                          -> contact_companies, deal_contacts, deal_companies,
                             and {one of those logged}_contacts

Alone: `python -m ingestion hubspot`. Tests: tests/ingestion/hubspot/
"""

from ingestion.hubspot.settings import HubspotSettings
from ingestion.hubspot.streams import connect

__all__ = ["HubspotSettings", "connect"]
