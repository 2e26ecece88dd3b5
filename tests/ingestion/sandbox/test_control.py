import socket
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx
import pytest

from ingestion.sandbox.clock import Clock
from ingestion.sandbox.server import RunningSandbox, running_sandbox
from ingestion.sandbox.world import DEFAULT_NOW


def test_every_answer_is_dated_by_the_sandbox_clock(
    sandbox: RunningSandbox,
    zendesk: httpx.Client,
    typeform: httpx.Client,
    anyone: httpx.Client,
) -> None:
    moment = datetime(2026, 7, 4, 5, 6, 7, tzinfo=UTC)
    sandbox.clock.set(moment)
    for answer in (
        zendesk.get("/api/v2/users/me"),
        zendesk.get("/api/v2/nothing"),
        typeform.get("/forms"),
        anyone.get("/_sandbox/health"),
        anyone.get("/forms"),
    ):
        assert answer.headers.get_list("date") == ["Sat, 04 Jul 2026 05:06:07 GMT"]
        assert parsedate_to_datetime(answer.headers["date"]) == moment


def test_the_clock_is_read_and_set_over_http(
    sandbox: RunningSandbox, anyone: httpx.Client
) -> None:
    url = "/_sandbox/clock"
    assert anyone.get(url).json() == {"now": "2026-06-30T12:00:00Z"}
    moved = anyone.put(url, json={"now": "2026-07-02T10:00:00+02:00"})
    assert moved.json() == {"now": "2026-07-02T08:00:00Z"}
    assert sandbox.clock.instant == datetime(2026, 7, 2, 8, tzinfo=UTC)
    assert anyone.put(url, content=b"no json").status_code == 400
    assert anyone.put(url, json={"now": "soon"}).status_code == 400


def test_the_clock_stands_still_unless_it_ticks() -> None:
    still, ticking = Clock(DEFAULT_NOW), Clock(DEFAULT_NOW, ticking=True)
    base, since = ticking._setting
    ticking._setting = (base, since - 90)
    assert still.instant == DEFAULT_NOW
    assert ticking.instant >= DEFAULT_NOW + timedelta(seconds=90)
    still.advance(days=1, minutes=2)
    assert still.instant == DEFAULT_NOW + timedelta(days=1, minutes=2)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Clock(datetime(2026, 1, 1))


def test_requests_are_counted_by_path(
    sandbox: RunningSandbox, zendesk: httpx.Client
) -> None:
    before = sandbox.requests["/api/v2/groups"]
    zendesk.get("/api/v2/groups?page[size]=1")
    zendesk.get("/api/v2/groups")
    assert sandbox.requests["/api/v2/groups"] == before + 2


def test_the_port_is_chosen_and_free_again_afterwards() -> None:
    with running_sandbox(customers=20) as sandbox:
        port = urlsplit(sandbox.base_url).port
        assert port
        assert httpx.get(f"{sandbox.base_url}/_sandbox/health").json()["status"] == "ok"
    with running_sandbox(customers=20, port=port) as again:
        assert urlsplit(again.base_url).port == port
    with pytest.raises(OSError), socket.create_connection(("127.0.0.1", port), 1):
        pass


@pytest.mark.parametrize(
    "path", ["users/me", "groups", "tickets/1", "tickets/1/audits"]
)
def test_paths_work_with_and_without_their_suffix(
    zendesk: httpx.Client, path: str
) -> None:
    plain, suffixed, slashed = (
        zendesk.get(f"/api/v2/{path}{suffix}") for suffix in ("", ".json", "/")
    )
    assert plain.status_code == 200
    assert plain.json() == suffixed.json() == slashed.json()


def test_unknown_paths_are_not_found(zendesk: httpx.Client) -> None:
    for path in ("/api/v2/brands_of_yore", "/api/v2/tickets/999999", "/api/v2/users/5"):
        answer = zendesk.get(path)
        assert answer.status_code == 404
        assert answer.json() == {"error": "RecordNotFound", "description": "Not found"}


def test_links_follow_the_address_that_was_asked(zendesk: httpx.Client) -> None:
    path = "/api/v2/incremental/users?start_time=0&per_page=3&odd=1"
    headers = {"Host": "acme.zendesk.com", "X-Forwarded-Proto": "https"}
    link = urlsplit(zendesk.get(path, headers=headers).json()["next_page"])
    assert (link.scheme, link.netloc) == ("https", "acme.zendesk.com")
    assert "per_page=3" in link.query
    assert "odd=1" in link.query
    headers = {"X-Forwarded-Host": "proxy.example"}
    link = urlsplit(zendesk.get(path, headers=headers).json()["next_page"])
    assert (link.scheme, link.netloc) == ("http", "proxy.example")


def test_the_helpdesk_tells_its_limits_with_every_answer(zendesk: httpx.Client) -> None:
    headers = zendesk.get("/api/v2/users/me").headers
    assert headers["content-type"] == "application/json; charset=utf-8"
    for name in ("x-rate-limit", "ratelimit-remaining", "ratelimit-reset"):
        assert headers[name].isdigit()
    assert headers["x-request-id"]
