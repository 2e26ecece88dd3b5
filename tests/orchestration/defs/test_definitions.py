"""Everything in the UI says what it is, whose it is and what it is for."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg
import pytest

from orchestration.definitions import defs
from orchestration.defs.automation import BUILD, REFRESH
from orchestration.defs.backfill import BACKFILL


@pytest.fixture(scope="module")
def loaded() -> dg.Definitions:
    return defs()


def specs(loaded: dg.Definitions) -> Iterator[dg.AssetSpec]:
    yield from loaded.resolve_all_asset_specs()


def test_every_asset_has_group_owner_kinds_tags_and_description(
    loaded: dg.Definitions,
) -> None:
    for spec in specs(loaded):
        assert spec.group_name not in (None, "default"), spec.key
        assert spec.owners, spec.key
        assert spec.kinds, spec.key
        assert "layer" in spec.tags, spec.key
        assert spec.description, spec.key


def test_every_check_says_what_it_means(loaded: dg.Definitions) -> None:
    graph = loaded.resolve_asset_graph()
    for key in graph.asset_check_keys:
        description = graph.get(key).description
        assert description and len(description) > 20, key


def test_every_job_schedule_and_sensor_is_described_and_tagged(
    loaded: dg.Definitions,
) -> None:
    jobs = [
        job for job in loaded.resolve_all_job_defs() if not job.name.startswith("__")
    ]
    for one in (*jobs, *(loaded.schedules or []), *(loaded.sensors or [])):
        assert one.description, one.name
        assert one.tags, one.name


def test_no_schedule_runs_until_somebody_starts_it(loaded: dg.Definitions) -> None:
    for schedule in loaded.schedules or []:
        assert isinstance(schedule, dg.ScheduleDefinition)
        assert schedule.default_status is dg.DefaultScheduleStatus.STOPPED


def test_whatever_publishes_is_never_run_again_from_its_middle(
    loaded: dg.Definitions,
) -> None:
    for name in (REFRESH, BUILD, BACKFILL):
        job = loaded.resolve_job_def(name)
        assert job.run_tags["dagster/retry_strategy"] == "ALL_STEPS"


def test_no_step_is_retried_by_policy_not_even_a_check(loaded: dg.Definitions) -> None:
    job = loaded.resolve_job_def(REFRESH)
    for node in job.graph.nodes:
        assert node.definition.retry_policy is None, node.name


def test_even_what_the_assets_own_button_starts_runs_in_one_process(
    loaded: dg.Definitions,
) -> None:
    # Steps in processes of their own would take and free the lock one by one.
    for job in loaded.resolve_all_job_defs():
        assert job.executor_def.name == "in_process", job.name


def test_pulls_do_not_start_in_the_same_minute(loaded: dg.Definitions) -> None:
    crons = [
        schedule.cron_schedule
        for schedule in loaded.schedules or []
        if isinstance(schedule, dg.ScheduleDefinition)
    ]
    assert len(set(map(str, crons))) == len(crons)


def test_a_schedule_waits_while_a_run_of_its_job_is_not_over(
    loaded: dg.Definitions,
) -> None:
    schedule = loaded.get_schedule_def("refresh_schedule")
    with dg.instance_for_test() as instance:
        context = dg.build_schedule_context(instance=instance)
        assert schedule.evaluate_tick(context).run_requests
        instance.add_run(
            dg.DagsterRun(job_name=REFRESH, status=dg.DagsterRunStatus.STARTED)
        )
        ticked = schedule.evaluate_tick(dg.build_schedule_context(instance=instance))
        assert not ticked.run_requests
        assert "not over" in str(ticked.skip_message)


def test_personal_data_is_marked(loaded: dg.Definitions) -> None:
    marked = {
        spec.key.path[0] for spec in specs(loaded) if "personal-data" in spec.tags
    }
    assert {"pii", "staging", "zendesk"} <= marked
    assert not {"marts", "meta", "seeds"} & marked
