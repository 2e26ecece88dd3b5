"""What one check found.

Holds the record that checks return, the gate reads and `meta.checks` keeps. Does not
hold any check. Tests: tests/expectations/test_results.py
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from expectations.owners import DATA

Severity = Literal["error", "warning"]

MAX_SAMPLE_KEYS = 5


@dataclass(frozen=True)
class CheckResult:
    """The outcome of one check on one table.

    Attributes:
        name: Unique within a release, e.g. `marts_fct_tickets.status_is_known`.
        table_name: The table it is about, with its schema.
        severity: An error stops the release, a warning is published with it.
        success: Whether the table is as expected.
        observed: What was found, in JSON types; numbers and keys only.
        meaning: One sentence: what must hold, and what to do when it does not.
        owner: The team that is asked when it fails.
        sample_keys: Keys of a few offending rows, never a personal value.
    """

    name: str
    table_name: str
    severity: Severity
    success: bool
    observed: Any
    meaning: str
    owner: str
    sample_keys: tuple[str, ...] = field(default=())

    @property
    def is_blocking(self) -> bool:
        """Whether this result alone keeps a candidate from being published."""
        return self.severity == "error" and not self.success

    def sentence(self) -> str:
        """Say it in one line of a terminal."""
        mark = "ok" if self.success else self.severity
        keys = f"; e.g. {', '.join(self.sample_keys)}" if self.sample_keys else ""
        found = f"[{mark}] {self.name}: found {self.observed}{keys}."
        return f"{found} {self.meaning} Ask {self.owner}."

    def to_json(self) -> dict[str, Any]:
        """Turn it into JSON types."""
        return asdict(self) | {"sample_keys": list(self.sample_keys)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> CheckResult:
        """Read what `to_json` wrote, or what it wrote before checks had an owner.

        Raises:
            TypeError: A field is missing or unknown.
        """
        fields = data | {"sample_keys": tuple(data["sample_keys"])}
        if "expected" in fields:
            fields |= {"meaning": fields.pop("expected"), "owner": DATA}
        return cls(**fields)
