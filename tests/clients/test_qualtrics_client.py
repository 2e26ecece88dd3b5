"""The survey platform, read by qualtrics, which continues where an export ended."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ingestion.sandbox.qualtrics.surveys import SURVEYS, Survey
from ingestion.sandbox.server import RunningSandbox
from ingestion.sandbox.world import World

qualtrics = pytest.importorskip(
    "qualtrics.api", reason="qualtrics is not installed; `make clients` installs it"
)

ROOT = "/API/v3"

Pages = Callable[[str], int]


@pytest.fixture
def client(sandbox: RunningSandbox) -> Iterator[Any]:
    token, url = sandbox.credentials.qualtrics_api_token, sandbox.base_url + ROOT
    with qualtrics.QualtricsClient(token, base_url=url) as client:
        yield client


def recorded(world: World, survey: Survey) -> int:
    answers = world.campaigns.answers
    known = answers.recorded <= world.span.now
    return int(np.count_nonzero(known & (answers.survey == survey.number)))


def response_ids(archive: str) -> list[str]:
    """Read the ids out of a table, which has three rows of headings."""
    with zipfile.ZipFile(archive) as opened:
        (name,) = opened.namelist()
        text = opened.read(name).decode()
    names, _, _, *rows = csv.reader(io.StringIO(text))
    return [row[names.index("ResponseId")] for row in rows]


def test_qualtrics_iterates_over_the_surveys(client: Any) -> None:
    found = [survey.id for survey in client.surveys.iter()]
    assert sorted(found) == sorted(survey.id for survey in SURVEYS)


@pytest.mark.parametrize("survey", SURVEYS, ids=lambda survey: survey.name)
def test_qualtrics_exports_with_the_wishes_that_it_always_has(
    client: Any, world: World, tmp_path: Path, survey: Survey
) -> None:
    done = client.export_responses(survey.id, tmp_path, poll_interval=0.01)
    found = response_ids(done.path)
    assert len(found) == len(set(found)) == recorded(world, survey)


def test_qualtrics_continues_where_the_last_export_ended(
    sandbox: RunningSandbox, client: Any, tmp_path: Path, pages: Pages
) -> None:
    (survey,) = (survey for survey in SURVEYS if "Effort" in survey.name)
    now, token = sandbox.clock.instant, None
    parts = []
    try:
        for days in (15, 10, 5, 0):
            sandbox.clock.set(now - timedelta(days=days))
            wishes = qualtrics.ResponseExportRequest(
                allow_continuation=True, continuation_token=token
            )
            file = tmp_path / f"{days}.zip"
            done = client.export_responses(
                survey.id, file, options=wishes, poll_interval=0.01
            )
            parts.append(response_ids(done.path))
            token = done.continuation_token
    finally:
        sandbox.clock.set(now)
    found = [one for part in parts for one in part]
    assert sum(map(bool, parts)) > 1
    assert len(found) == len(set(found)) == recorded(sandbox.world, survey)
    assert pages(f"{ROOT}/surveys/{survey.id}/export-responses") == 4
