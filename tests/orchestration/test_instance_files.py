"""The instance files are ones that Dagster takes; PostgreSQL with the named driver."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
import yaml

from orchestration import dagster_home
from orchestration.settings import Settings

INSTANCE = Path(dagster_home.__file__).with_name("instance")
SERVERS = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))


@dg.asset
def numbers() -> dg.MaterializeResult[None]:
    return dg.MaterializeResult(metadata={"rows": 3})


def test_one_host_watches_its_runs_and_retries_crashes_only(settings: Settings) -> None:
    home = dagster_home.prepare(settings)
    with dg.DagsterInstance.from_config(str(home)) as instance:
        assert instance.run_monitoring_enabled
        assert instance.run_retries_enabled
        assert instance.run_retries_max_retries == 1
        assert not instance.run_retries_retry_on_asset_or_op_failure
        assert instance.get_settings("freshness") == {"enabled": True}
        storage = instance.event_log_storage
        assert type(storage).__name__ == "KeptSqliteEventLogStorage"
    assert "<home>/" not in (home / "dagster.yaml").read_text()


def test_both_files_agree_on_everything_but_storage() -> None:
    one, other = (
        yaml.safe_load((INSTANCE / name).read_text())
        for name in ("one_host.yaml", "postgresql.yaml")
    )
    del one["event_log_storage"], other["storage"]
    assert one == other


@pytest.fixture
def postgresql(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Start Debian's PostgreSQL on a port of its own."""
    if not SERVERS:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    if importlib.util.find_spec("dagster_postgres") is None:
        pytest.skip("dagster-postgres is not installed (the extra `postgresql`)")
    as_owner, owner = _owner()
    # Not in pytest's own folder: nobody else may enter that one.
    folder = Path(os.environ.get("TMPDIR", "/tmp")) / f"cx-postgresql-{os.getpid()}"
    folder.mkdir()
    shutil.chown(folder, owner)
    programs = SERVERS[-1].parent
    port = _free_port()
    data = folder / "data"
    initdb = [str(programs / "initdb"), "-D", str(data), "-U", "dagster", "-A", "trust"]
    server = [
        *(str(programs / "postgres"), "-D", str(data), "-p", str(port)),
        *(
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            f"unix_socket_directories={folder}",
        ),
        *("-c", "fsync=off"),
    ]
    try:
        subprocess.run([*as_owner, *initdb], check=True, capture_output=True, cwd="/")
        process = subprocess.Popen([*as_owner, *server], stderr=subprocess.DEVNULL)
        try:
            _wait_for(port)
            for name, value in _environment(port).items():
                monkeypatch.setenv(name, value)
            yield
        finally:
            process.terminate()
            process.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owner() -> tuple[list[str], str]:
    """PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return [], pwd.getpwuid(os.getuid()).pw_name
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"], (
        "postgres"
    )


def _environment(port: int) -> dict[str, str]:
    return {
        "DAGSTER_PG_USER": "dagster",
        "DAGSTER_PG_PASSWORD": "unused",
        "DAGSTER_PG_HOST": "127.0.0.1",
        "DAGSTER_PG_DB": "postgres",
        "TEST_PORT": str(port),
    }


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(port: int) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < end, "PostgreSQL did not start"
            time.sleep(0.2)
        else:
            time.sleep(0.5)
            return


def test_runs_and_events_are_kept_in_postgresql(
    postgresql: None, settings: Settings
) -> None:
    home = settings.dagster_home
    home.mkdir(parents=True)
    text = (INSTANCE / "postgresql.yaml").read_text()
    port = os.environ["TEST_PORT"]
    (home / "dagster.yaml").write_text(text.replace("port: 5432", f"port: {port}"))
    with dg.DagsterInstance.from_config(str(home)) as instance:
        result = dg.materialize([numbers], instance=instance)
        run_id = result.run_id
        assert result.success
    with dg.DagsterInstance.from_config(str(home)) as instance:
        run = instance.get_run_by_id(run_id)
        assert run is not None and run.is_success
        event = instance.get_latest_materialization_event(numbers.key)
        assert event is not None and event.run_id == run_id
    assert not list(home.rglob("*.db"))
