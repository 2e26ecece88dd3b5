"""The survey platform, read by QualtricsAPI, which knows the vendor's address only.

It makes a session of `requests` for every request, so all sessions lead to the sandbox
while one of these tests runs.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from ingestion.sandbox.qualtrics.surveys import SURVEYS, Survey
from ingestion.sandbox.server import RunningSandbox
from ingestion.sandbox.world import World
from tests.clients.loopback import Loopback

WHY = "QualtricsAPI is not installed; `make clients` installs it"
setup = pytest.importorskip("QualtricsAPI.Setup", reason=WHY)
users = pytest.importorskip("QualtricsAPI.Users", reason=WHY)
surveys = pytest.importorskip("QualtricsAPI.Survey", reason=WHY)

ROOT = "/API/v3"

Pages = Callable[[str], int]


@pytest.fixture(autouse=True)
def _settings(sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    # It keeps its settings in the environment, which is put back after the test.
    for name in ("token", "data_center"):
        monkeypatch.setenv(name, "")
    token = sandbox.credentials.qualtrics_api_token
    setup.Credentials().qualtrics_api_credentials(token, "fra1")
    monkeypatch.setattr(
        "requests.sessions.HTTPAdapter", lambda: Loopback(sandbox.base_url)
    )


def test_qualtricsapi_lists_the_surveys() -> None:
    found = users.Surveys().list_user_surveys()
    assert sorted(found["id"]) == sorted(survey.id for survey in SURVEYS)


def test_qualtricsapi_lists_every_distribution_page_by_page(
    world: World, pages: Pages
) -> None:
    sent, asked = world.campaigns.invitations, []
    known = sent.sent_at <= world.span.now
    for survey in SURVEYS:
        found = surveys.Distributions().list_distributions(survey=survey.id)
        expected = int((known & (sent.survey_of == survey.number)).sum())
        assert len(found) == found["id"].nunique() == expected
        assert set(found["surveyId"]) == {survey.id}
        asked.append(-(-expected // 100))
    assert pages(f"{ROOT}/distributions") == sum(asked)
    assert max(asked) > 2


@pytest.mark.parametrize("survey", SURVEYS, ids=lambda survey: survey.name)
def test_qualtricsapi_starts_polls_and_unpacks_an_export(
    world: World, pages: Pages, survey: Survey
) -> None:
    answers = world.campaigns.answers
    known = (answers.recorded <= world.span.now) & (answers.survey == survey.number)
    table = surveys.Responses().get_survey_responses(survey=survey.id)
    found = table["ResponseId"][table["ResponseId"].str.startswith("R_")]
    # It leaves two of the three rows of headings in the table.
    assert len(table) == len(found) + 2
    assert len(found) == found.nunique() == np.count_nonzero(known) > 100
    assert pages(f"{ROOT}/surveys/{survey.id}/export-responses/") == 1
