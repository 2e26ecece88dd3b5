"""People are told over real HTTP, with names, numbers and keys and nothing else."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from expectations.results import CheckResult
from orchestration import notifications
from orchestration.notifications import Finding, Message, NotificationFailed
from orchestration.settings import Settings

SECRET_PATH = "/services/T000/B000/s3cr3t"


class Receiver:
    """Keeps what it gets; answers with the given statuses, then with 200."""

    def __init__(self) -> None:
        self.documents: list[Any] = []
        self.statuses: list[int] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = receiver.statuses.pop(0) if receiver.statuses else 200
                if status == 200:
                    receiver.documents.append(json.loads(body))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}{SECRET_PATH}"
        threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        ).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


CHECK = CheckResult(
    name="marts_fct_tickets.status_is_known",
    table_name="marts.fct_tickets",
    severity="error",
    success=False,
    observed={"rows": 3},
    owner="team:service",
    meaning="status is one of <new>, open; map a new value in staging.",
    sample_keys=("zendesk-17", "zendesk-18"),
)
REFUSED = Message(
    event="gate_refused",
    job="refresh",
    run_id="0b5c9c46-1111-2222-3333-444455556666",
    happened_at="2026-03-01T12:00:00+00:00",
    steps=("audit (GateRefused)",),
    next_step="Look at the rows with these keys.",
    release_id="r000007",
    stays="r000006",
    findings=(Finding.of(CHECK),),
    url="http://127.0.0.1:3000/runs/0b5c9c46",
)


def test_nobody_is_told_until_an_address_is_configured(settings: Settings) -> None:
    assert not notifications.is_configured(settings)
    assert notifications.send(settings, REFUSED) == []


def test_a_webhook_gets_check_numbers_keys_and_the_next_step(
    settings: Settings, receiver: Receiver
) -> None:
    told = notifications.send(replace(settings, webhook_url=receiver.url), REFUSED)
    assert told == ["127.0.0.1"]
    (document,) = receiver.documents
    assert document["event"] == "gate_refused"
    assert document["title"] == (
        "Release r000007 was refused at the gate; r000006 stays"
    )
    assert document["findings"] == [
        {
            "check": CHECK.name,
            "table": CHECK.table_name,
            "found": "rows: 3",
            "sample_keys": ["zendesk-17", "zendesk-18"],
            "next_step": CHECK.meaning,
        }
    ]


def test_slack_gets_blocks_within_its_limits_with_its_signs_escaped(
    settings: Settings, receiver: Receiver
) -> None:
    message = replace(REFUSED, findings=REFUSED.findings * 90)
    notifications.send(replace(settings, slack_webhook_url=receiver.url), message)
    (document,) = receiver.documents
    texts = [block["text"]["text"] for block in document["blocks"]]
    assert all(0 < len(text) <= 3000 for text in texts)
    assert "&lt;new&gt;" in texts[1]
    assert "and 85 more" in texts[1]
    assert texts[-1].startswith("<http://127.0.0.1:3000/runs/0b5c9c46|run")
    assert document["text"] == REFUSED.title


def test_a_receiver_that_stumbles_is_told_again(
    settings: Settings, receiver: Receiver
) -> None:
    receiver.statuses = [500, 503]
    notifications.send(replace(settings, webhook_url=receiver.url), REFUSED)
    assert len(receiver.documents) == 1


def test_a_failed_delivery_names_the_host_and_never_the_address(
    settings: Settings, receiver: Receiver
) -> None:
    receiver.statuses = [404]
    both = replace(settings, webhook_url=receiver.url, slack_webhook_url=receiver.url)
    with pytest.raises(NotificationFailed, match=r"127\.0\.0\.1: status 404") as caught:
        notifications.send(both, REFUSED)
    assert "s3cr3t" not in str(caught.value)
    assert len(receiver.documents) == 1  # the other one was told


def test_a_receiver_that_is_not_there_is_an_error_without_the_address(
    settings: Settings,
) -> None:
    gone = replace(settings, webhook_url=f"http://127.0.0.1:9{SECRET_PATH}")
    with pytest.raises(NotificationFailed) as caught:
        notifications.send(gone, REFUSED)
    assert "s3cr3t" not in str(caught.value)


def test_the_secret_addresses_are_not_in_the_printed_settings(
    settings: Settings,
) -> None:
    printed = repr(replace(settings, webhook_url=SECRET_PATH, slack_webhook_url="x9x"))
    assert "s3cr3t" not in printed
    assert "x9x" not in printed
