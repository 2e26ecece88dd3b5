"""What vendors really do: answers that fail, break off, repeat or change under way."""

from ingestion.sandbox.faults.middleware import FaultyVendors
from ingestion.sandbox.faults.switch import FAULTS, Fault, Faults, UnknownFault

__all__ = ["FAULTS", "Fault", "Faults", "FaultyVendors", "UnknownFault"]
