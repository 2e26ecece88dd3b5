"""The CRM, read by the client that its vendor publishes.

Objects come by the library's own `get_all`, a hundred a page; what it has no such
helper for is paged by the cursor that its page models carry.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from ingestion.sandbox.hubspot.ids import object_id
from ingestion.sandbox.server import RunningSandbox
from ingestion.sandbox.world import World

hubspot = pytest.importorskip(
    "hubspot", reason="hubspot-api-client is not installed; `make clients` installs it"
)

Pages = Callable[[str], int]
Page = Callable[..., Any]


@pytest.fixture
def client(sandbox: RunningSandbox) -> Any:
    token = sandbox.credentials.hubspot_access_token
    return hubspot.HubSpot(access_token=token, host=sandbox.base_url)


def follow(get_page: Page, *arguments: Any, **options: Any) -> list[Any]:
    """Read to the end by the cursor of each page."""
    found, after = [], None
    while True:
        page = get_page(*arguments, after=after, **options)
        found += page.results
        if page.paging is None:
            return found
        after = page.paging.next.after


def live(world: World, kind: str) -> int:
    """Count the objects that exist and are not archived."""
    lives = world.crm.lives[kind]
    now = world.span.now
    return int(((lives.created <= now) & (lives.archived > now)).sum())


@pytest.mark.parametrize("kind", ["contacts", "companies", "deals"])
def test_the_vendors_client_gets_all_objects(
    client: Any, world: World, pages: Pages, kind: str
) -> None:
    found = getattr(client.crm, kind).get_all()
    identifiers = {one.id for one in found}
    assert len(found) == len(identifiers) == live(world, kind)
    assert pages(f"/crm/v3/objects/{kind}") == -(-len(found) // 100) > 1


def test_the_vendors_client_gets_histories_at_half_the_page(
    client: Any, world: World, pages: Pages
) -> None:
    found = client.crm.deals.get_all(properties_with_history=["dealstage"])
    assert len({one.id for one in found}) == live(world, "deals")
    assert all(one.properties_with_history["dealstage"] for one in found)
    assert pages("/crm/v3/objects/deals") == -(-len(found) // 50) > 5


def test_the_vendors_client_gets_what_is_archived_apart(
    client: Any, world: World
) -> None:
    found = client.crm.contacts.get_all(archived=True)
    gone = world.crm.lives["contacts"].archived <= world.span.now
    assert len({one.id for one in found}) == int(gone.sum()) > 0
    assert all(one.archived and one.archived_at for one in found)


def test_the_vendors_client_pages_through_the_owners(
    client: Any, world: World, pages: Pages
) -> None:
    found = follow(client.crm.owners.owners_api.get_page, limit=2)
    owners = world.crm.owners
    now = world.span.now
    expected = int(((owners.created <= now) & (owners.archived > now)).sum())
    assert len({one.id for one in found}) == expected > 2
    assert pages("/crm/v3/owners/") == -(-expected // 2)


def test_the_vendors_client_pages_through_the_associations_of_a_company(
    client: Any, world: World, pages: Pages
) -> None:
    links = world.crm.links["contact_companies"]
    now = (links.since <= world.span.now) & (links.until > world.span.now)
    counts = np.bincount(links.high[now])
    row = int(counts.argmax())
    company = str(object_id("companies", row))
    get_page = client.crm.associations.v4.basic_api.get_page
    found = follow(get_page, "companies", company, "contacts", limit=3)
    assert len({one.to_object_id for one in found}) == counts[row] > 3
    path = f"/crm/v4/objects/companies/{company}/associations/contacts"
    assert pages(path) == -(-len(found) // 3)


def test_the_vendors_client_searches_page_by_page(
    client: Any, world: World, pages: Pages
) -> None:
    search_api = client.crm.companies.search_api
    search: dict[str, Any] = {"limit": 50, "after": None}
    found = []
    while True:
        page = search_api.do_search(public_object_search_request=search)
        found += page.results
        if page.paging is None:
            break
        search["after"] = page.paging.next.after
    assert len({one.id for one in found}) == page.total == live(world, "companies")
    assert pages("/crm/v3/objects/companies/search") == -(-page.total // 50) > 2


def test_the_vendors_client_reads_pipelines_and_properties(
    client: Any, world: World
) -> None:
    pipelines = client.crm.pipelines.pipelines_api.get_all("deals").results
    assert all(pipeline.stages for pipeline in pipelines)
    properties = client.crm.properties.core_api.get_all("deals").results
    assert {"dealstage", "amount"} <= {one.name for one in properties}
