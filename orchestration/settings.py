"""Where a run keeps its files and how much of the machine it may use.

Holds the only reading of `CX_*` environment variables. Does not hold credentials
(dlt resolves those inside `ingestion`) nor anything that a metric depends on.
Tests: tests/orchestration/test_settings.py
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from ingestion.registry import FILES, SOURCES, SourceSpec
from orchestration.sources import is_of, known_sources

PROJECT_ROOT = Path(__file__).resolve().parent.parent
DBT_PROJECT_DIR = PROJECT_ROOT / "dbt_project"


class SettingError(ValueError):
    """A `CX_*` variable has a value that cannot be used; the message names it."""


@dataclass(frozen=True)
class Settings:
    """Paths and limits of one warehouse; every path lies under `data_dir`.

    Attributes:
        data_dir: Folder with everything that runs make (`CX_DATA_DIR`).
        lake_url: Folder or bucket of the lake (`CX_LAKE_URL`).
        memory_limit: DuckDB memory limit of each connection (`CX_MEMORY_LIMIT`).
        threads: DuckDB threads of each connection (`CX_THREADS`).
        own_files_dir: Folder with the folders of file sources (`CX_FILES_DIR`), if it
            is not `files` in the data folder.
        sources: Sources that this company uses (`CX_SOURCES`, with commas); a release
            must hold them, and no other source is pulled.
        keep_releases: Releases that retention keeps (`CX_KEEP_RELEASES`).
        keep_days: Minimum age in days before one is removed (`CX_KEEP_DAYS`).
        keep_quarantine_days: For how long after its load a rejected record is kept in
            the quarantine (`CX_KEEP_QUARANTINE_DAYS`).
        lock_wait_seconds: How long a run waits for another (`CX_LOCK_WAIT_SECONDS`).
        pull_retries: How often a pull is tried again when vendors cannot be reached
            (`CX_PULL_RETRIES`).
        webhook_url: Who is told of failures, as JSON (`CX_WEBHOOK_URL`); a secret.
        slack_webhook_url: The same for Slack (`CX_SLACK_WEBHOOK_URL`); a secret.
        ui_url: Where the UI is, for links to it (`CX_UI_URL`).
    """

    data_dir: Path
    lake_url: str
    memory_limit: str = "1GB"
    threads: int = 2
    keep_releases: int = 5
    keep_days: float = 1.0
    keep_quarantine_days: float = 90.0
    lock_wait_seconds: float = 0.0
    own_files_dir: Path | None = None
    sources: tuple[str, ...] = tuple(SOURCES)
    pull_retries: int = 0
    webhook_url: str | None = field(default=None, repr=False)
    slack_webhook_url: str | None = field(default=None, repr=False)
    ui_url: str | None = None

    @classmethod
    def from_environment(cls) -> Settings:
        """Read the `CX_*` variables.

        Raises:
            SettingError: A number is not a number, or a source is unknown.
        """
        data_dir = Path(os.environ.get("CX_DATA_DIR", PROJECT_ROOT / "data")).resolve()
        files = os.environ.get("CX_FILES_DIR")
        files_dir = Path(files).resolve() if files else data_dir / FILES
        return cls(
            data_dir=data_dir,
            own_files_dir=files_dir,
            lake_url=os.environ.get("CX_LAKE_URL", str(data_dir / "lake")),
            memory_limit=os.environ.get("CX_MEMORY_LIMIT", cls.memory_limit),
            threads=int(_number("CX_THREADS", os.cpu_count() or cls.threads)),
            keep_releases=int(_number("CX_KEEP_RELEASES", cls.keep_releases)),
            keep_days=_number("CX_KEEP_DAYS", cls.keep_days),
            keep_quarantine_days=_number(
                "CX_KEEP_QUARANTINE_DAYS", cls.keep_quarantine_days
            ),
            lock_wait_seconds=_number("CX_LOCK_WAIT_SECONDS", cls.lock_wait_seconds),
            sources=_sources(files_dir),
            pull_retries=int(_number("CX_PULL_RETRIES", cls.pull_retries)),
            webhook_url=os.environ.get("CX_WEBHOOK_URL") or None,
            slack_webhook_url=os.environ.get("CX_SLACK_WEBHOOK_URL") or None,
            ui_url=os.environ.get("CX_UI_URL") or None,
        )

    def require_used(self, source: str) -> None:
        """Make sure that a source is one that this company uses.

        Raises:
            SettingError: `CX_SOURCES` leaves it out.
        """
        if source not in self.sources:
            raise SettingError(
                f"CX_SOURCES leaves out {source}. Add it there to pull it."
            )

    @property
    def files_dir(self) -> Path:
        """Where the folders of file sources lie, each with its `mapping.yaml`."""
        return self.own_files_dir or self.data_dir / FILES

    def known_sources(self) -> dict[str, SourceSpec]:
        """Every source by name, whether it is used or not."""
        return known_sources(self.files_dir)

    @property
    def state_dir(self) -> Path:
        """What cannot be rebuilt: key ledger, ledger of releases."""
        return self.data_dir / "state"

    @property
    def warehouse_path(self) -> Path:
        """The private work file."""
        return self.data_dir / "warehouse.duckdb"

    @property
    def releases_dir(self) -> Path:
        """One folder per release, and the candidates in the making."""
        return self.data_dir / "releases"

    @property
    def published_link(self) -> Path:
        """The one link that readers follow."""
        return self.data_dir / "published"

    @property
    def quarantine_dir(self) -> Path:
        """Rejected records with their reason."""
        return self.data_dir / "quarantine"

    @property
    def dagster_home(self) -> Path:
        """DAGSTER_HOME."""
        return self.data_dir / "dagster"

    @property
    def dlt_dir(self) -> Path:
        """Working folders of the dlt pipelines."""
        return self.data_dir / "dlt"

    @property
    def dbt_dir(self) -> Path:
        """Targets and logs of dbt."""
        return self.data_dir / "dbt"

    @property
    def temp_dir(self) -> Path:
        """Where DuckDB spills."""
        return self.data_dir / "tmp"


def _sources(files_dir: Path) -> tuple[str, ...]:
    text = os.environ.get("CX_SOURCES", "")
    named = {name.strip() for name in text.split(",")} - {""}
    known = known_sources(files_dir)
    unknown = sorted(named - {*known, FILES})
    if unknown:
        raise SettingError(
            f"CX_SOURCES={text!r} names {', '.join(unknown)}, which is no source. "
            f"Use names out of: {', '.join(sorted({*known, FILES}))}. A folder in "
            f"{files_dir} is a source once it holds a `mapping.yaml`."
        )
    return tuple(
        source
        for source in known
        if not named or any(is_of(source, name) for name in named)
    )


def _number(variable: str, default: float) -> float:
    text = os.environ.get(variable)
    if text is None:
        return float(default)
    try:
        return float(text)
    except ValueError:
        raise SettingError(
            f"{variable}={text!r} is not a number. Set it to a number or unset it."
        ) from None
