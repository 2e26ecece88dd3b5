"""Events that our storage writes are those that Dagster's own storage reads."""

import threading
from pathlib import Path

import dagster as dg
import pytest
import yaml

from orchestration import dagster_home
from orchestration.defs.event_storage import KEPT_RUNS, KeptSqliteEventLogStorage
from orchestration.settings import Settings


@dg.asset
def numbers() -> dg.MaterializeResult[None]:
    return dg.MaterializeResult(metadata={"rows": 3})


@pytest.fixture
def home(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = dagster_home.prepare(settings)
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    return home


def test_another_instance_without_it_reads_the_same_events(home: Path) -> None:
    with dg.DagsterInstance.get() as instance:
        assert isinstance(instance.event_log_storage, KeptSqliteEventLogStorage)
        run_id = dg.materialize([numbers], instance=instance).run_id
        written = [event.timestamp for event in instance.all_logs(run_id)]
    plain = yaml.safe_load((home / "dagster.yaml").read_text())
    del plain["event_log_storage"]
    (home / "dagster.yaml").write_text(yaml.safe_dump(plain))
    with dg.DagsterInstance.get() as instance:
        assert not isinstance(instance.event_log_storage, KeptSqliteEventLogStorage)
        assert [event.timestamp for event in instance.all_logs(run_id)] == written
        event = instance.get_latest_materialization_event(numbers.key)
    assert event is not None
    assert event.run_id == run_id


def test_old_runs_do_not_keep_files_open(home: Path) -> None:
    with dg.DagsterInstance.get() as instance:
        runs = [
            dg.materialize([numbers], instance=instance).run_id
            for _ in range(KEPT_RUNS + 2)
        ]
        storage = instance.event_log_storage
        assert isinstance(storage, KeptSqliteEventLogStorage)
        assert len(storage._engines) == KEPT_RUNS + 1
        assert all(instance.all_logs(run_id) for run_id in runs)


def test_threads_may_write_at_once(home: Path) -> None:
    with dg.DagsterInstance.get() as instance:
        threads = [
            threading.Thread(
                target=instance.report_runless_asset_event,
                args=(dg.AssetMaterialization(["threads", str(number)]),),
            )
            for number in range(12)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(instance.all_asset_keys()) == 12
