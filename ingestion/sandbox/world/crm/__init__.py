"""What the sales side knows: owners, companies, contacts and deals, from one seed.

Holds the public names only. Does not hold anything of a vendor's wire format
(`ingestion.sandbox.hubspot`). Tests: tests/ingestion/sandbox/test_crm_world.py
"""

from ingestion.sandbox.world.crm.book import Crm, draw_crm
from ingestion.sandbox.world.crm.directory import CrmDirectory

__all__ = ["Crm", "CrmDirectory", "draw_crm"]
