"""The sandbox's CRM behind a front that can make trouble, for the connector's tests."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from ingestion.registry import SOURCES
from ingestion.sandbox.clock import Clock
from ingestion.sandbox.limits import Limits
from ingestion.sandbox.server import RunningSandbox, serving
from ingestion.sandbox.world import DEFAULT_NOW, World

State = dict[str, dict[str, tuple[str, Any]]]
Reply = tuple[int, dict[str, str], bytes]
# Sees method, target and body of a request; gives a reply of its own, or None.
Trouble = Callable[[str, str, bytes], Reply | None]
# Far fewer than the contacts that the world's campaign changes at once.
SEARCH_CAP = 20


class Front:
    """Passes requests on to the sandbox, unless some trouble takes them."""

    def __init__(self, base_url: str) -> None:
        self.asked: list[tuple[str, str, bytes]] = []
        self.trouble: Trouble | None = None
        self._client = httpx.Client(base_url=base_url, timeout=30)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.base_url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        ).start()

    def reply(self, method: str, target: str, headers: Any, body: bytes) -> Reply:
        self.asked.append((method, target, body))
        made = self.trouble(method, target, body) if self.trouble else None
        return made or self.forward(method, target, body, headers["Authorization"])

    def forward(self, method: str, target: str, body: bytes, key: str) -> Reply:
        answer = self._client.request(
            method, target, content=body, headers={"Authorization": key}
        )
        return answer.status_code, {"Date": answer.headers["Date"]}, answer.content

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._client.close()


def _handler(front: Front) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._pass_on("GET", b"")

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            self._pass_on("POST", self.rfile.read(length))

        def _pass_on(self, method: str, body: bytes) -> None:
            status, headers, content = front.reply(
                method, self.path, self.headers, body
            )
            self.send_response_only(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


@pytest.fixture(scope="session")
def serving_crm() -> Iterator[RunningSandbox]:
    world = World.generate(customers=120, seed=3)
    limits = Limits("off", search_cap=SEARCH_CAP)
    with serving(world, clock=Clock(DEFAULT_NOW), limits=limits) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def configured_crm(serving_crm: RunningSandbox) -> Iterator[RunningSandbox]:
    """The sandbox, with pages small enough to be several."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in serving_crm.environment.items():
            patch.setenv(name, value)
        patch.setenv("SOURCES__HUBSPOT__LIST_PAGE_SIZE", "50")
        patch.setenv("SOURCES__HUBSPOT__SEARCH_PAGE_SIZE", "15")
        patch.setenv("SOURCES__HUBSPOT__ASSOCIATION_BATCH_SIZE", "40")
        yield serving_crm


@pytest.fixture
def crm(configured_crm: RunningSandbox) -> Iterator[RunningSandbox]:
    """The sandbox at its first instant."""
    configured_crm.clock.set(DEFAULT_NOW)
    yield configured_crm
    configured_crm.clock.set(DEFAULT_NOW)


@pytest.fixture(scope="module")
def history(
    configured_crm, module_workplace, tmp_path_factory
) -> Iterator[SimpleNamespace]:
    """A first pull, one 25 days later, and a first one of that day; none to change."""
    clock, world = configured_crm.clock, configured_crm.world
    other = type(module_workplace)(tmp_path_factory.mktemp("fresh"))
    places = [module_workplace, other]
    clock.set(DEFAULT_NOW)
    reports = [places[0].pull("hubspot").streams]
    states = [_state_of(places[0])]
    clock.advance(days=25)
    later = int(clock.instant.timestamp())
    reports += [place.pull("hubspot").streams for place in places]
    states += [_state_of(place) for place in places]
    clock.set(DEFAULT_NOW)
    yield SimpleNamespace(
        reports=reports,
        states=states,
        increments=places[0],
        fresh=places[1],
        world=world,
        crm=world.crm,
        now=later,
    )


@pytest.fixture(scope="session")
def state_of() -> Callable[[Any], State]:
    """Tells what a lake holds, as staging will see it."""
    return _state_of


def _state_of(workplace: Any) -> State:
    """Per stream: key to the deletion mark and the payload of its latest version."""
    state = {}
    for stream in SOURCES["hubspot"].streams:
        rows = workplace.rows(
            "hubspot", stream.name, "key, op, payload, version, _dlt_load_id, seq"
        )
        ordered = sorted(rows, key=lambda row: (row[3], row[4], row[5]))
        state[stream.name] = {
            key: (op, json.loads(text)) for key, op, text, *_ in ordered
        }
    return state


@pytest.fixture
def front(crm: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Front]:
    made = Front(crm.base_url)
    monkeypatch.setenv("SOURCES__HUBSPOT__BASE_URL", made.base_url)
    yield made
    made.close()
