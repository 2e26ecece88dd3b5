"""The review site, read by the client that its vendor publishes.

It is a session that knows the site's address, key and tokens; pages are followed by
the links and tokens of the answers, as its users do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ingestion.sandbox.server import RunningSandbox
from ingestion.sandbox.trustpilot.routes import TOKEN_PATH
from ingestion.sandbox.world import World
from ingestion.sandbox.world.contacts import COMPANY_DOMAIN

trustpilot = pytest.importorskip(
    "trustpilot.client",
    reason="trustpilot is not installed; `make clients` installs it",
)

Pages = Callable[[str], int]


@pytest.fixture
def client(sandbox: RunningSandbox) -> Iterator[Any]:
    keys = sandbox.credentials
    with trustpilot.TrustpilotSession() as session:
        session.setup(
            api_host=sandbox.base_url,
            api_key=keys.trustpilot_api_key,
            api_secret=keys.trustpilot_api_secret,
            username=keys.trustpilot_username,
            password=keys.trustpilot_password,
        )
        yield session


@pytest.fixture
def unit(client: Any) -> str:
    answer = client.get("/business-units/find", params={"name": COMPANY_DOMAIN})
    return str(answer.json()["id"])


def visible(world: World) -> int:
    return len(world.reviews.visible(world.span.now))


def linked(client: Any, path: str) -> list[dict[str, Any]]:
    """Follow the links from page to page."""
    url: str | None = f"{path}?perPage=20"
    found = []
    while url:
        body = client.get(url).json()
        found += body["reviews"]
        links = {link["rel"]: link["href"] for link in body["links"]}
        url = links.get("next-page")
    return found


def test_the_vendors_client_follows_the_links_of_public_reviews(
    client: Any, world: World, unit: str, pages: Pages
) -> None:
    path = f"/v1/business-units/{unit}/reviews"
    found = linked(client, path)
    assert len(found) == len({one["id"] for one in found}) == visible(world)
    assert pages(path) >= -(-len(found) // 20) > 3


def test_the_vendors_client_gets_its_token_when_it_is_first_refused(
    client: Any, pages: Pages
) -> None:
    path = "/v1/business-units/find"
    answer = client.get(path, params={"name": COMPANY_DOMAIN})
    assert answer.json()["name"]["identifying"] == COMPANY_DOMAIN
    assert (pages(path), pages(TOKEN_PATH)) == (2, 1)


def test_the_vendors_client_follows_the_links_of_private_reviews(
    client: Any, world: World, unit: str, pages: Pages
) -> None:
    path = f"/v1/private/business-units/{unit}/reviews"
    found = linked(client, path)
    assert len({one["id"] for one in found}) == visible(world)
    assert any(one["referenceId"] for one in found)
    assert pages(path) > 3
    assert pages(TOKEN_PATH) == 0  # that of the first request still holds


def test_the_vendors_client_follows_page_tokens_through_all_reviews(
    client: Any, world: World, unit: str, pages: Pages
) -> None:
    path = f"/v1/business-units/{unit}/all-reviews"
    query, found = {"perPage": "15"}, []
    while True:
        body = client.get(path, params=query).json()
        found += body["reviews"]
        if "nextPageToken" not in body:
            break
        query["pageToken"] = body["nextPageToken"]
    assert len(found) == len({one["id"] for one in found}) == visible(world)
    assert pages(path) == -(-len(found) // 15) > 4
