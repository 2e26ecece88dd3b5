"""Where a connector's settings come from: environment, then dlt's two TOML files.

Holds the look-up of one setting and the wrapper that keeps secrets out of sight. Does
not hold which settings a source has (its package says so). dlt's own resolver is left
out on purpose: it records what it resolved, in files under the data folder.
Tests: tests/ingestion/test_configuration.py
"""

from __future__ import annotations

import math
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import dlt
from dlt.common.runtime.run_context import active
from dlt.common.typing import TSecretStrValue

from ingestion.errors import MissingCredentials, SourceError


class Secret:
    """Text that shows itself only when asked to: not in repr, logs or pickles."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, to be put on the wire and nowhere else."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is never written to a file")


class SourceConfiguration:
    """The settings of one source, as `SOURCES__<SOURCE>__<NAME>` or in TOML files."""

    def __init__(self, source: str) -> None:
        self._source = source

    def variable(self, name: str) -> str:
        """The environment variable that carries a setting."""
        return f"SOURCES__{self._source}__{name}".upper()

    def text(self, name: str) -> str | None:
        """A setting as text, or None when it is nowhere or empty."""
        return self._look_up(name, str)

    def number(self, name: str, default: int) -> int:
        """A whole number above 0.

        Raises:
            SourceError: The setting is something else.
        """
        text = self.text(name)
        if text is None:
            return default
        if not text.isdecimal() or int(text) < 1:
            raise SourceError(
                self._source,
                f"{name} must be a whole number above 0",
                self.variable(name),
                "Correct it, or remove it to use the default.",
            )
        return int(text)

    def factor(self, name: str) -> float:
        """A number above 0; 1 where nothing is said.

        Raises:
            SourceError: The setting is something else.
        """
        text = self.text(name)
        try:
            value = 1.0 if text is None else float(text)
        except ValueError:
            value = 0.0
        if 0 < value < math.inf:
            return value
        raise SourceError(
            self._source,
            f"{name} must be a number above 0",
            self.variable(name),
            "Correct it, or remove it to use the default.",
        )

    def instant(self, name: str, default: datetime) -> datetime:
        """A date or time in ISO 8601; UTC when it names no offset.

        Raises:
            SourceError: The setting is something else.
        """
        text = self.text(name)
        if text is None:
            return default
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            problem = SourceError(
                self._source,
                f"{name} must be a date such as 2024-01-31",
                self.variable(name),
                "Correct it, or remove it to use the default.",
            )
            raise problem from None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def secret(self, name: str) -> Secret | None:
        """A setting that must not be shown."""
        text = self._look_up(name, TSecretStrValue)
        return None if text is None else Secret(text)

    def missing(self, *names: str, alternative: str = "") -> MissingCredentials:
        """The error that names what is missing and both places where it may stand."""
        variables = " and ".join(self.variable(name) for name in names)
        keys = ", ".join(names)
        file = Path(active().settings_dir).resolve() / "secrets.toml"
        return MissingCredentials(
            self._source,
            f"no {' and no '.join(names)} is configured",
            f"environment, {file}",
            f"Set {variables}{alternative}, or put {keys} under "
            f"[sources.{self._source}] in the file.",
        )

    def _look_up(self, name: str, kind: type) -> str | None:
        for provider in dlt.config.config_providers:
            value, _ = provider.get_value(name, kind, "", "sources", self._source)
            if value is not None and str(value).strip():
                return str(value).strip()
        return None
