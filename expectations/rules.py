"""The vocabulary of suites: a table, and rules about its rows.

Holds rules as data. A row rule says in SQL which rows are wrong; only their keys are
ever read, so that no personal value can reach a report. Does not run anything
(`validation`) nor know any table. Tests: tests/expectations/test_validation.py
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from expectations.owners import DATA
from expectations.results import Severity

AS_OF = "(SELECT max(as_of) FROM work.intermediate.as_of)"
# The vendors' own clock at the last pull: nothing can have happened after it. Sources
# are pulled one after another, so `as_of`, the earliest of them, would be too early;
# and a pull goes on for a while after its first answer, which is what `source_now` is.
LAST_PULL = "(SELECT max(source_now) + INTERVAL 1 HOUR FROM work.staging.pulls)"


@dataclass(frozen=True)
class Rule:
    """One condition on the rows of a table.

    Attributes:
        name: Short name, unique in its suite.
        wrong_rows: SQL condition that is true for a row that must not be there.
        meaning: One sentence: what must hold, and what to do when it does not.
        severity: Whether it stops a release.
    """

    name: str
    wrong_rows: str
    meaning: str
    severity: Severity = "error"


@dataclass(frozen=True)
class Suite:
    """Everything that must hold for one table.

    Attributes:
        catalog: Where it lies: `cx` (candidate) or `work`.
        table: `schema.table`.
        key: Columns that identify a row in a report; never personal.
        columns: Columns that must be there, with their DuckDB type.
        rules: Conditions on the rows.
        is_unique: Whether `key` occurs once only.
        must_have_rows: Whether an empty table is an error.
        owner: The team that is asked when one of its checks fails.
    """

    catalog: str
    table: str
    key: tuple[str, ...]
    columns: Mapping[str, str]
    rules: tuple[Rule, ...]
    is_unique: bool = True
    must_have_rows: bool = True
    owner: str = DATA

    @property
    def name(self) -> str:
        """Name of the suite, e.g. `marts_fct_tickets`."""
        return self.table.replace(".", "_")


def present(*columns: str) -> tuple[Rule, ...]:
    """Columns without NULL."""
    return tuple(
        Rule(
            f"{column}_is_present",
            f"{column} IS NULL",
            f"{column} is never NULL; look up the keys in the layer below.",
        )
        for column in columns
    )


def one_of(column: str, values: Iterable[str]) -> Rule:
    """A column that is NULL or one of some values."""
    known = sorted(values)
    listed = ", ".join(f"'{value}'" for value in known)
    return Rule(
        f"{column}_is_known",
        f"{column} NOT IN ({listed})",
        f"{column} is one of {', '.join(known)}; map a new value of the vendor in "
        "staging, or add it here.",
    )


def not_negative(*columns: str) -> tuple[Rule, ...]:
    """Columns that are NULL or at least 0."""
    return tuple(
        Rule(
            f"{column}_is_not_negative",
            f"{column} < 0",
            f"{column} is at least 0; a negative one means swapped instants or a sign "
            "error in its model.",
        )
        for column in columns
    )


def between(column: str, low: str, high: str) -> Rule:
    """A column that is NULL or within two bounds, given in SQL."""
    return Rule(
        f"{column}_is_within_{low}_and_{high}".replace("-", "minus_"),
        f"{column} < {low} OR {column} > {high}",
        f"{column} lies within {low} and {high}; others belong in quarantine.",
    )


def in_order(*columns: str) -> tuple[Rule, ...]:
    """Columns of which each is NULL or not before the first."""
    first, *later = columns
    return tuple(
        Rule(
            f"{column}_is_not_before_{first}",
            f"{column} < {first}",
            f"{column} is not before {first}; compare both with the vendor's record.",
        )
        for column in later
    )


def not_in_the_future(*columns: str, severity: Severity = "error") -> tuple[Rule, ...]:
    """Instants that are NULL or not after the last pull of any source."""
    return tuple(
        Rule(
            f"{column}_is_not_in_the_future",
            f"{column}::TIMESTAMP > {LAST_PULL}",
            f"{column} is not after the vendors' clock at the last pull; look for a "
            "wrong unit or time zone.",
            severity,
        )
        for column in columns
    )


def not_after_as_of(*columns: str) -> tuple[Rule, ...]:
    """Instants by which facts are counted: NULL or not after `as_of`."""
    return tuple(
        Rule(
            f"{column}_is_not_after_as_of",
            f"{column} > {AS_OF}",
            f"{column} is not after the release's as_of; the model must cap it.",
        )
        for column in columns
    )
