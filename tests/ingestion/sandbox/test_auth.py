import base64

import httpx
import pytest

from ingestion.sandbox.credentials import Credentials
from ingestion.sandbox.server import RunningSandbox, running_sandbox

ME = "/api/v2/users/me"
EXPORT = "/api/v2/incremental/tickets/cursor?start_time=0"


def _basic(email: str, token: str) -> dict[str, str]:
    pair = base64.b64encode(f"{email}/token:{token}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def test_an_api_token_or_an_oauth_token_opens_the_helpdesk(
    sandbox: RunningSandbox, anyone: httpx.Client
) -> None:
    keys = sandbox.credentials
    bearer = {"Authorization": f"Bearer {keys.zendesk_oauth_token}"}
    for header in (_basic(keys.zendesk_email, keys.zendesk_api_token), bearer):
        user = anyone.get(ME, headers=header).json()["user"]
        assert (user["role"], user["email"]) == ("admin", keys.zendesk_email)


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"Authorization": "Basic !!!"},
        {"Authorization": "Bearer wrong"},
        _basic(Credentials().zendesk_email, "wrong"),
        _basic("stranger@example.com", Credentials().zendesk_api_token),
        {"Authorization": "Basic " + base64.b64encode(b"a@b.example:pw").decode()},
    ],
)
def test_anything_else_is_not_authenticated(
    anyone: httpx.Client, header: dict[str, str]
) -> None:
    answer = anyone.get(ME, headers=header)
    assert answer.status_code == 401
    assert answer.json() == {"error": "Couldn't authenticate you"}


def test_an_agent_may_look_but_not_export(
    sandbox: RunningSandbox, anyone: httpx.Client
) -> None:
    email = sandbox.world.directory.user_address(1)
    header = _basic(str(email), sandbox.credentials.zendesk_api_token)
    assert anyone.get(ME, headers=header).json()["user"]["role"] == "agent"
    refused = anyone.get(EXPORT, headers=header)
    assert refused.status_code == 403
    assert refused.json()["error"]["title"] == "Forbidden"


def test_the_survey_vendor_wants_its_own_token(
    sandbox: RunningSandbox, anyone: httpx.Client
) -> None:
    refused = anyone.get("/forms", headers={"Authorization": "Bearer wrong"})
    assert refused.status_code == 401
    assert refused.json()["code"] == "AUTHENTICATION_FAILED"
    header = {"Authorization": f"Bearer {sandbox.credentials.typeform_token}"}
    assert anyone.get("/forms", headers=header).status_code == 200


def test_planted_credentials_replace_the_usual_ones() -> None:
    planted = Credentials("me@corp.example", "planted-api", "planted-o", "planted-tf")
    with running_sandbox(customers=20, credentials=planted) as sandbox:
        variables = sandbox.environment
        assert variables["SOURCES__ZENDESK__API_TOKEN"] == "planted-api"
        assert variables["SOURCES__TYPEFORM__TOKEN"] == "planted-tf"
        with httpx.Client(base_url=sandbox.base_url) as client:
            header = _basic("me@corp.example", "planted-api")
            assert client.get(ME, headers=header).status_code == 200
            usual = _basic(Credentials().zendesk_email, Credentials().zendesk_api_token)
            assert client.get(ME, headers=usual).status_code == 401
