"""A data folder with the hand-made work file, and releases made of it in a second."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from expectations.results import CheckResult
from orchestration.publication.audit import audit
from orchestration.publication.audit_record import AuditOutcome
from orchestration.publication.candidate import build_candidate
from orchestration.publication.publish import publish
from orchestration.settings import Settings

SMALL_WAREHOUSE = Path(__file__).parents[2] / "expectations" / "small_warehouse.sql"


def check(success: bool = True, severity: str = "error", **fields) -> CheckResult:
    return CheckResult(
        **{
            "name": "marts_fct_tickets.status_is_known",
            "table_name": "marts.fct_tickets",
            "severity": severity,
            "success": success,
            "observed": {"rows": 0 if success else 2},
            "meaning": "status is known; map it in staging.",
            "owner": "team:service",
            "sample_keys": () if success else ("T101", "T102"),
        }
        | fields
    )


@pytest.fixture(scope="session")
def small_warehouse(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("small") / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(SMALL_WAREHOUSE.read_text(encoding="utf-8"))
    return path


@pytest.fixture
def settings(tmp_path, small_warehouse) -> Settings:
    made = Settings(data_dir=tmp_path / "data", lake_url=str(tmp_path / "data/lake"))
    made.data_dir.mkdir()
    shutil.copyfile(small_warehouse, made.warehouse_path)
    return made


def build_and_audit(settings: Settings, *checks: CheckResult) -> AuditOutcome:
    candidate = build_candidate(settings, code_version="1.2.3")
    results = list(checks) or [check()]
    return audit(settings, candidate.release_id, lambda *_: results)


@pytest.fixture
def audited() -> Callable[..., AuditOutcome]:
    """Build a candidate and audit it with given results instead of the real checks."""
    return build_and_audit


@pytest.fixture
def released() -> Callable[[Settings], str]:
    """Build, audit and publish a release; return its id."""

    def release(settings: Settings) -> str:
        outcome = build_and_audit(settings)
        return publish(settings, outcome.release_id).release_id

    return release


@pytest.fixture(scope="session")
def another_release() -> Callable[[Path], None]:
    """Add a release to a data folder."""

    def add(data: Path) -> None:
        settings = Settings(data_dir=data, lake_url="")
        publish(settings, build_and_audit(settings).release_id)

    return add


@pytest.fixture(scope="session")
def audited_data(tmp_path_factory, small_warehouse) -> Path:
    """A data folder with one audited candidate, to be copied."""
    data = tmp_path_factory.mktemp("audited") / "data"
    data.mkdir()
    shutil.copyfile(small_warehouse, data / "warehouse.duckdb")
    build_and_audit(Settings(data_dir=data, lake_url=""))
    return data


@pytest.fixture(scope="session")
def released_data(tmp_path_factory, audited_data) -> Path:
    """A data folder with one release, to be copied."""
    data = tmp_path_factory.mktemp("released") / "data"
    shutil.copytree(audited_data, data, symlinks=True)
    publish(Settings(data_dir=data, lake_url=""), "r000001")
    return data


@pytest.fixture
def with_candidate(tmp_path, audited_data) -> Settings:
    """A data folder of its own with the audited candidate r000001."""
    data = shutil.copytree(audited_data, tmp_path / "data", symlinks=True)
    return Settings(data_dir=data, lake_url=str(data / "lake"))


@pytest.fixture
def with_release(tmp_path, released_data) -> Settings:
    """A data folder of its own with the current release r000001."""
    data = shutil.copytree(released_data, tmp_path / "data", symlinks=True)
    return Settings(data_dir=data, lake_url=str(data / "lake"))


def change_warehouse(settings: Settings, *statements: str) -> None:
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for statement in statements:
            connection.execute(statement)


@pytest.fixture
def change() -> Callable[..., None]:
    """Run SQL on the work file."""
    return change_warehouse


@pytest.fixture
def a_check() -> Callable[..., CheckResult]:
    """Make a check result; passed unless told otherwise."""
    return check


def flip_byte(path):
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def truncate(path):
    path.chmod(0o644)
    os.truncate(path, path.stat().st_size // 2)


def leave_foreign_log(path):
    path.with_name(path.name + ".wal").write_bytes(b"left by another build")


@pytest.fixture(
    params=[
        (flip_byte, "cx.duckdb"),
        (truncate, "cx.duckdb"),
        (leave_foreign_log, "cx.duckdb"),
        (flip_byte, "cx_pii.duckdb"),
        (truncate, "parquet/metrics.parquet"),
    ],
    ids=lambda param: f"{param[0].__name__}-{param[1]}",
)
def damage(request) -> Callable[[Path], str]:
    """Do something to a closed file that must be found out; return its name."""

    def do_damage(directory: Path) -> str:
        harm, name = request.param
        harm(directory / name)
        return name

    return do_damage
