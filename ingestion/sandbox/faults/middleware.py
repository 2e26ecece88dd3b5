"""Where faults strike: between the vendors' routes and the one who asks.

Holds how an answer is caught, changed and sent. Does not hold what strikes when
(`switch.py`). Tests: tests/ingestion/sandbox/test_faults.py
"""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ingestion.sandbox.faults.base import Answer, Request
from ingestion.sandbox.faults.listings import with_held_back
from ingestion.sandbox.faults.switch import FAULTS, Faults, vendor_of


class FaultyVendors:
    """Middleware that lets faults strike."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, changed where a fault strikes."""
        is_data = scope["type"] == "http" and vendor_of(scope["path"]) is not None
        if not is_data or not self._faults.active:
            await self._app(scope, receive, send)
            return
        met, memory = self._faults.strike(scope["path"]), self._faults.memory
        body = await _body_of(receive)
        request = Request(scope["path"], scope["query_string"], body)
        answer = await self._answer(scope, body)
        memory.note(request, answer)
        held = memory.release(request.listing)
        if met is not None and answer.status == 200:
            fault, vendor = met
            changed = FAULTS[fault.name](answer, request, vendor, memory)
            if changed is not None:
                self._faults.count(fault, vendor)
                answer = changed
        await _send(with_held_back(answer, request, held) if held else answer, send)

    async def _answer(self, scope: Scope, body: bytes) -> Answer:
        status, parts = 500, []
        headers: tuple[tuple[bytes, bytes], ...] = ()

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            nonlocal status, headers
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = tuple(
                    (name, value)
                    for name, value in message["headers"]
                    if name.lower() != b"content-length"
                )
            else:
                parts.append(message.get("body", b""))

        await self._app(scope, receive, send)
        return Answer(status, headers, b"".join(parts))


async def _body_of(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def _send(answer: Answer, send: Send) -> None:
    length = len(answer.body) if answer.length is None else answer.length
    await send(
        {
            "type": "http.response.start",
            "status": answer.status,
            "headers": [
                *answer.headers,
                (b"content-length", str(length).encode()),
                *([(b"connection", b"close")] if answer.is_cut else []),
            ],
        }
    )
    await send(
        {
            "type": "http.response.body",
            "body": answer.body,
            # More is promised and never comes: the server closes the connection.
            "more_body": answer.is_cut,
        }
    )
