"""The helpdesk and its telephone, read by zenpy, the client most used for it.

Numbers are compared with the columns of the world, which never went over the wire.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest

from ingestion.sandbox.server import RunningSandbox
from ingestion.sandbox.world import World
from ingestion.sandbox.world import actions as act
from ingestion.sandbox.zendesk.ids import ticket_id
from ingestion.sandbox.zendesk.snapshot import by_ai_agent
from tests.clients.loopback import session

zenpy = pytest.importorskip(
    "zenpy", reason="zenpy is not installed; `make clients` installs it"
)

EXPORT = "/api/v2/incremental"
VOICE = "/api/v2/channels/voice/stats/incremental"

Pages = Callable[[str], int]


@pytest.fixture
def client(sandbox: RunningSandbox) -> Any:
    keys = sandbox.credentials
    return zenpy.Zenpy(
        subdomain="northlight",
        email=keys.zendesk_email,
        token=keys.zendesk_api_token,
        session=session(sandbox.base_url),
    )


def ids(records: Iterable[Any]) -> list[int]:
    return [record.id for record in records]


def by_people(world: World) -> np.ndarray:
    """Tell which tickets an export holds that does not ask for the AI agent's."""
    return ~by_ai_agent(world, np.arange(len(world.tickets)))


def updates(world: World) -> np.ndarray:
    """Tell which events of the world are updates of a ticket that happened."""
    events = world.events
    return (events.when <= world.span.now) & (events.status != act.GONE)


def test_zenpy_exports_every_ticket_once_by_cursor(
    client: Any, world: World, pages: Pages
) -> None:
    found = ids(client.tickets.incremental(start_time=0, per_page=300))
    made = world.tickets.created <= world.span.now
    expected = int((made & by_people(world)).sum())
    assert len(found) == len(set(found)) == expected
    assert pages(f"{EXPORT}/tickets/cursor.json") == -(-expected // 300) > 5


def test_zenpy_exports_every_ticket_by_time_too(
    client: Any, world: World, pages: Pages
) -> None:
    export = client.tickets.incremental
    found = ids(export(start_time=0, per_page=500, paginate_by_time=True))
    made = world.tickets.created <= world.span.now
    assert len(set(found)) == int((made & by_people(world)).sum())
    assert pages(f"{EXPORT}/tickets.json") > 3


def test_zenpy_exports_every_user_once_by_cursor(
    client: Any, world: World, pages: Pages
) -> None:
    found = ids(client.users.incremental(start_time=0, per_page=200))
    expected = int((world.users.created <= world.span.now).sum())
    assert len(found) == len(set(found)) == expected
    assert pages(f"{EXPORT}/users/cursor.json") == -(-expected // 200) > 5


def test_zenpy_exports_every_organization(
    client: Any, world: World, pages: Pages
) -> None:
    found = ids(client.organizations.incremental(start_time=0, per_page=40))
    expected = int((world.organizations.created <= world.span.now).sum())
    assert len(set(found)) == expected
    assert pages(f"{EXPORT}/organizations.json") > 2


def test_zenpy_exports_every_ticket_event(
    client: Any, world: World, pages: Pages
) -> None:
    found = ids(client.tickets.events(start_time=0, per_page=1000))
    expected = updates(world) & by_people(world)[world.events.ticket]
    assert len(set(found)) == int(expected.sum())
    assert pages(f"{EXPORT}/ticket_events.json") > 10


def test_zenpy_lists_every_audit_of_the_busiest_tickets(
    client: Any, world: World, pages: Pages
) -> None:
    counts = np.bincount(world.events.ticket[updates(world)])
    # A deleted ticket has no audits.
    counts[world.events.ticket[world.events.status == act.GONE]] = 0
    for row in np.argsort(counts)[-5:].tolist():
        # zenpy asks for a hundred, whatever it is told: no ticket has more.
        found = ids(client.tickets.audits(ticket=ticket_id(row)))
        assert len(found) == len(set(found)) == counts[row] > 10
        assert pages(f"/api/v2/tickets/{ticket_id(row)}/audits.json") == 1


def test_zenpy_lists_every_satisfaction_rating(
    client: Any, world: World, pages: Pages
) -> None:
    found = ids(client.satisfaction_ratings(cursor_pagination=100))
    expected = int((world.ratings.created <= world.span.now).sum())
    assert len(found) == len(set(found)) == expected
    assert pages("/api/v2/satisfaction_ratings") == -(-expected // 100) > 5


def test_zenpy_exports_every_call_of_the_telephone(
    client: Any, world: World, pages: Pages
) -> None:
    found = ids(client.talk.calls.incremental(start_time=0))
    assert len(set(found)) == int((world.calls.ended <= world.span.now).sum())
    assert pages(f"{VOICE}/calls.json") > 1


def test_zenpy_exports_every_leg_of_a_call(
    client: Any, world: World, pages: Pages
) -> None:
    found = ids(client.talk.legs.incremental(start_time=0))
    ended = world.calls.ended[world.legs.call]
    assert len(set(found)) == int((ended <= world.span.now).sum())
    assert pages(f"{VOICE}/legs.json") > 2
