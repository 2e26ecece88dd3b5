"""Which faults are switched on, and when each one strikes.

Holds vendors by their paths, the draws (probability and seed), and what was struck. A
fault strikes data only, never tokens or the control paths. Does not hold what faults
do (`transport.py`, `listings.py`, `records.py`).
Tests: tests/ingestion/sandbox/test_faults.py, tests/acceptance/test_fault_matrix.py
"""

from __future__ import annotations

import random
import re
import threading
from collections import Counter
from dataclasses import dataclass, field

from ingestion.sandbox.faults.base import Change, Memory
from ingestion.sandbox.faults.listings import LISTINGS
from ingestion.sandbox.faults.records import RECORDS
from ingestion.sandbox.faults.transport import TRANSPORT

FAULTS: dict[str, Change] = {**TRANSPORT, **LISTINGS, **RECORDS}
# A vendor is known by its paths, a stream by a part of them.
VENDORS = {
    "zendesk_talk": re.compile(r"^/api/v2/channels/voice/"),
    "zendesk": re.compile(r"^/api/v2/"),
    "hubspot": re.compile(r"^/crm/"),
    "typeform": re.compile(r"^/forms"),
    "trustpilot": re.compile(r"^/v1/(?!oauth)"),
    "qualtrics": re.compile(r"^/API/v3/"),
}


class UnknownFault(ValueError):
    """No fault goes by this name, or it is told wrongly."""


@dataclass(frozen=True)
class Fault:
    """One fault that is switched on.

    Attributes:
        name: One of `FAULTS`.
        vendor: Whom it is about; `*` for all.
        path: A part of the paths that it is about; empty for all.
        probability: Of each request, to be struck.
        seed: Of the draws.
        times: How often it strikes at most; None for as often as it is drawn.
    """

    name: str
    vendor: str = "*"
    path: str = ""
    probability: float = 0.3
    seed: int = 1
    times: int | None = None

    def __post_init__(self) -> None:
        if self.name not in FAULTS:
            known = ", ".join(sorted(FAULTS))
            raise UnknownFault(f"no fault is named {self.name!r}; there are: {known}")
        if self.vendor not in ("*", *VENDORS):
            raise UnknownFault(f"no vendor is named {self.vendor!r}")
        if not 0 <= self.probability <= 1:
            raise UnknownFault("a probability lies between 0 and 1")

    @classmethod
    def parse(cls, text: str) -> Fault:
        """Read a fault, as `[vendor[/path]:]name[:probability[:seed]]`.

        Raises:
            UnknownFault: It cannot be read.
        """
        parts = text.split(":")
        vendor, _, path = parts[0].partition("/")
        if vendor in ("*", *VENDORS):
            parts.pop(0)
        else:
            vendor, path = "*", ""
        try:
            name, numbers = parts[0], [float(part) for part in parts[1:]]
            usual = [0.3, 1.0]
            probability, seed = [*numbers, *usual[len(numbers) :]]
        except (IndexError, ValueError):
            raise UnknownFault(
                f"{text!r} is no fault; write [vendor[/path]:]name[:probability[:seed]]"
            ) from None
        return cls(name, vendor, path, probability, int(seed))


@dataclass
class Faults:
    """The faults that are switched on, and what they have done."""

    active: tuple[Fault, ...] = ()
    struck: Counter[tuple[str, str]] = field(default_factory=Counter)
    _draws: dict[Fault, random.Random] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def set(self, *faults: Fault) -> None:
        """Switch on these and no others."""
        with self._lock:
            self.active = faults
            self.struck.clear()
            self._draws = {
                fault: random.Random(fault.seed)  # noqa: S311 - draws, no secrets
                for fault in faults
            }
            self.memory = Memory()

    def strike(self, path: str) -> tuple[Fault, str] | None:
        """The fault that a request for a path meets, and the vendor; None for none."""
        vendor = vendor_of(path)
        if vendor is None:
            return None
        with self._lock:
            for fault in self.active:
                is_meant = fault.vendor in ("*", vendor) and fault.path in path
                used = self.struck[fault.name, vendor]
                if not is_meant or (fault.times is not None and used >= fault.times):
                    continue
                if self._draws[fault].random() < fault.probability:
                    return fault, vendor
        return None

    def count(self, fault: Fault, vendor: str) -> None:
        """Note that a fault changed an answer."""
        with self._lock:
            self.struck[fault.name, vendor] += 1


def vendor_of(path: str) -> str | None:
    """The vendor whose data a path is."""
    return next((name for name, own in VENDORS.items() if own.match(path)), None)
