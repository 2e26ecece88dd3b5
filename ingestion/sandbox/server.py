"""The sandbox as a process or a thread: sockets, start, stop.

Holds what runs the application. Does not hold what it answers (`app.py`).
Tests: tests/ingestion/sandbox/test_control.py
"""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import uvicorn

from ingestion.sandbox.app import create_app
from ingestion.sandbox.clock import Clock
from ingestion.sandbox.credentials import Credentials
from ingestion.sandbox.faults import Fault, Faults
from ingestion.sandbox.limits import Limits
from ingestion.sandbox.world import DEFAULT_NOW, World

__all__ = ["RunningSandbox", "create_app", "running_sandbox", "serve", "serving"]

HOST = "127.0.0.1"
DEFAULT_PORT = 8765
DEFAULT_SEED = 1
_START_SECONDS = 20.0


@dataclass(frozen=True)
class RunningSandbox:
    """A sandbox that answers.

    Attributes:
        base_url: Where it listens.
        environment: Variables that point connectors at it.
        clock: Its clock, to be set or advanced.
        requests: Number of requests by path so far.
        world: What it serves.
        credentials: What it expects.
        faults: What goes wrong, to be switched.
    """

    base_url: str
    environment: dict[str, str]
    clock: Clock
    requests: Counter[str]
    world: World
    credentials: Credentials
    faults: Faults


@contextmanager
def running_sandbox(  # noqa: PLR0913 - one keyword per property of a sandbox
    *,
    customers: int = 200,
    seed: int = DEFAULT_SEED,
    now: datetime | None = None,
    limits: str = "raised",
    port: int = 0,
    ticking: bool = False,
    credentials: Credentials | None = None,
) -> Iterator[RunningSandbox]:
    """Run a sandbox in a thread for as long as the block lasts.

    Args:
        customers: Size of its world.
        seed: Seed of its world.
        now: Where its clock starts, with a time zone.
        limits: Rate limit profile: `vendor`, `raised` or `off`.
        port: Port on the loopback; 0 takes a free one.
        ticking: Whether its clock runs on.
        credentials: What it expects instead of the usual ones.
    """
    instant = now or DEFAULT_NOW
    world = World.generate(seed=seed, customers=customers, now=instant)
    clock = Clock(instant, ticking=ticking)
    with serving(
        world, clock=clock, limits=limits, port=port, credentials=credentials
    ) as sandbox:
        yield sandbox


@contextmanager
def serving(
    world: World,
    *,
    clock: Clock,
    limits: str | Limits = "raised",
    port: int = 0,
    credentials: Credentials | None = None,
) -> Iterator[RunningSandbox]:
    """Serve a world that is there already, in a thread, while the block lasts."""
    keys = credentials or Credentials()
    bounds = Limits(limits) if isinstance(limits, str) else limits
    requests: Counter[str] = Counter()
    faults = Faults()
    app = create_app(
        world, clock, bounds, credentials=keys, requests=requests, faults=faults
    )
    with socket.create_server((HOST, port)) as listener:
        server = uvicorn.Server(_configuration(app))
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": [listener]}, daemon=True
        )
        thread.start()
        try:
            _wait_until_started(server, thread)
            base_url = f"http://{HOST}:{listener.getsockname()[1]}"
            yield RunningSandbox(
                base_url,
                keys.environment(base_url, bounds.factor),
                clock,
                requests,
                world,
                keys,
                faults,
            )
        finally:
            server.should_exit = True
            thread.join(timeout=10)


def serve(  # noqa: PLR0913 - one keyword per option of the command line
    *,
    port: int = DEFAULT_PORT,
    customers: int = 200,
    seed: int = DEFAULT_SEED,
    now: datetime | None = None,
    limits: str = "raised",
    ticking: bool = False,
    newer_csat: datetime | None = None,
    faults: Sequence[Fault] = (),
    on_ready: Callable[[str, dict[str, str]], None] | None = None,
) -> None:
    """Serve a world until interrupted.

    Args:
        port: Port on the loopback; 0 takes a free one.
        customers: Size of the world.
        seed: Seed of the world.
        now: Where the clock starts, with a time zone.
        limits: Rate limit profile: `vendor`, `raised` or `off`.
        ticking: Whether the clock runs on.
        newer_csat: Since when the helpdesk asks with its newer survey, with a time
            zone; None for never.
        faults: What goes wrong.
        on_ready: Called with the base URL and the connectors' variables once the
            port is taken; requests queue from then on.

    Raises:
        OSError: The port is taken.
    """
    instant = now or DEFAULT_NOW
    bounds = Limits(limits)
    keys = Credentials()
    with socket.create_server((HOST, port)) as listener:
        world = World.generate(seed=seed, customers=customers, now=instant)
        if newer_csat is not None:
            world = replace(world, newer_csat=int(newer_csat.timestamp()))
        clock = Clock(instant, ticking=ticking)
        going_wrong = Faults()
        going_wrong.set(*faults)
        app = create_app(world, clock, bounds, credentials=keys, faults=going_wrong)
        if on_ready is not None:
            base_url = f"http://{HOST}:{listener.getsockname()[1]}"
            on_ready(base_url, keys.environment(base_url, bounds.factor))
        uvicorn.Server(_configuration(app)).run(sockets=[listener])


def _configuration(app: object) -> uvicorn.Config:
    configuration = uvicorn.Config(
        app,  # type: ignore[arg-type]
        lifespan="off",
        log_level="warning",
        access_log=False,
        # The sandbox dates its answers by its own clock.
        date_header=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=2,
    )
    logging.getLogger("uvicorn.error").addFilter(_is_news)
    return configuration


def _is_news(record: logging.LogRecord) -> bool:
    """Whether a message says more than that a fault cut an answer, as it should."""
    return "without completing response" not in record.getMessage()


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError("the sandbox did not start")
        time.sleep(0.005)
