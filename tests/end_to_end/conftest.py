"""A whole warehouse in a temporary folder, run by the command that people type."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingestion.sandbox.server import RunningSandbox, running_sandbox

CUSTOMERS = 60
SEED = 11


@dataclass
class Warehouse:
    """One data folder and the `cx` command on it."""

    data_dir: Path
    environment: dict[str, str] = field(default_factory=dict)

    def cx(self, *arguments: str, expect: int = 0, **extra: str) -> Any:
        """Run `cx ... --json`, check its exit code, return the parsed answer."""
        done = self.start(*arguments, "--json", **extra)
        out, err = done.communicate(timeout=400)
        assert done.returncode == expect, f"exit {done.returncode}\n{out}\n{err}"
        return json.loads(out)

    def start(self, *arguments: str, **extra: str) -> subprocess.Popen[str]:
        """Start `cx` and do not wait for it."""
        return subprocess.Popen(
            [sys.executable, "-m", "orchestration.cli", *arguments],
            env={
                **os.environ,
                **self.environment,
                "CX_DATA_DIR": str(self.data_dir),
                **extra,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def manifest(self) -> dict[str, Any]:
        """The manifest of the published release."""
        text = (self.data_dir / "published" / "manifest.json").read_text()
        return json.loads(text)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Query the published file as a reader does."""
        path = (self.data_dir / "published").resolve() / "cx.duckdb"
        with duckdb.connect(str(path), read_only=True) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture(scope="session")
def vendors() -> Iterator[RunningSandbox]:
    with running_sandbox(customers=CUSTOMERS, seed=SEED) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def warehouse(
    vendors: RunningSandbox, tmp_path_factory: pytest.TempPathFactory
) -> Warehouse:
    """A warehouse that was built and published once."""
    made = Warehouse(tmp_path_factory.mktemp("warehouse"), vendors.environment)
    made.cx("run")
    return made


@pytest.fixture
def another_warehouse(vendors: RunningSandbox, tmp_path: Path) -> Warehouse:
    """An empty data folder on the same vendors."""
    return Warehouse(tmp_path / "another", vendors.environment)
