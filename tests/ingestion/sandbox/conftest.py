"""One small sandbox for the whole folder, with its clock put back after each test."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from ingestion.sandbox.server import RunningSandbox, running_sandbox
from ingestion.sandbox.world import DEFAULT_NOW

Json = dict[str, Any]


@pytest.fixture(scope="session")
def started() -> Iterator[RunningSandbox]:
    with running_sandbox(customers=150, seed=7, limits="off") as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(started: RunningSandbox) -> Iterator[RunningSandbox]:
    yield started
    started.clock.set(DEFAULT_NOW)


# Clients live as long as the sandbox: making one takes longer than most tests.
@pytest.fixture(scope="session")
def zendesk_client(started: RunningSandbox) -> Iterator[httpx.Client]:
    keys = started.credentials
    auth = (f"{keys.zendesk_email}/token", keys.zendesk_api_token)
    with httpx.Client(base_url=started.base_url, auth=auth, timeout=20) as client:
        yield client


@pytest.fixture(scope="session")
def typeform_client(started: RunningSandbox) -> Iterator[httpx.Client]:
    header = {"Authorization": f"Bearer {started.credentials.typeform_token}"}
    with httpx.Client(base_url=started.base_url, headers=header, timeout=20) as client:
        yield client


@pytest.fixture(scope="session")
def anyone(started: RunningSandbox) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=started.base_url, timeout=20) as client:
        yield client


@pytest.fixture
def zendesk(sandbox: RunningSandbox, zendesk_client: httpx.Client) -> httpx.Client:
    return zendesk_client


@pytest.fixture
def typeform(sandbox: RunningSandbox, typeform_client: httpx.Client) -> httpx.Client:
    return typeform_client


@pytest.fixture
def pages(zendesk: httpx.Client) -> Callable[..., Iterator[Json]]:
    """Follow an incremental export by whichever link it gives."""

    def follow(path: str, **parameters: object) -> Iterator[Json]:
        url, query = f"/api/v2/incremental/{path}", {"start_time": 0, **parameters}
        while True:
            answer = zendesk.get(url, params=query)
            assert answer.status_code == 200, answer.text
            body = answer.json()
            yield body
            if body["end_of_stream"]:
                return
            url, query = body.get("after_url") or body["next_page"], None

    return follow


@pytest.fixture
def export(pages: Callable[..., Iterator[Json]]) -> Callable[..., list[Json]]:
    """All records of an incremental export, in order."""

    def collect(path: str, **parameters: object) -> list[Json]:
        name = path.split("/", maxsplit=1)[0].removesuffix(".json")
        return [row for page in pages(path, **parameters) for row in page[name]]

    return collect


@pytest.fixture(scope="session")
def hubspot_client(started: RunningSandbox) -> Iterator[httpx.Client]:
    header = {"Authorization": f"Bearer {started.credentials.hubspot_access_token}"}
    with httpx.Client(base_url=started.base_url, headers=header, timeout=20) as client:
        yield client


@pytest.fixture
def hubspot(sandbox: RunningSandbox, hubspot_client: httpx.Client) -> httpx.Client:
    return hubspot_client
