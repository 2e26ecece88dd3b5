"""What can stop a run, each in one screen: what, where, what to do.

Holds the exceptions that belong to no subpackage. Does not hold how a terminal shows
them nor exit codes (`orchestration.cli.screens`).
Tests: tests/orchestration/cli/test_screens.py
"""

from __future__ import annotations


class RunError(Exception):
    """A run, or a command, cannot go on.

    Attributes:
        what: What happened, in one sentence.
        where: The file, source or step it happened in.
        what_to_do: What cures it.
    """

    def __init__(self, what: str, where: str, what_to_do: str) -> None:
        self.what = what
        self.where = where
        self.what_to_do = what_to_do
        super().__init__(f"{what}\n{where}\n{what_to_do}")


class WrongUsage(RunError):
    """An argument of a command makes no sense."""


class RunInProgress(RunError):
    """Another process works on the same data folder."""


class AllSourcesFailed(RunError):
    """None of the chosen sources could be pulled."""


class LakeDamaged(RunError):
    """A file of a committed load cannot be read as what it must be."""


class BuildFailed(RunError):
    """dbt could not build a model, or the project does not parse."""


class BuildRefused(RunError):
    """A dbt test with severity error failed: the candidate is not even made."""


class NothingBuilt(RunError):
    """A command needs what a build leaves, and there was none."""
