"""Far vendors: all sources together take little longer than the slowest one alone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from ingestion.pipelines import pull
from ingestion.registry import SOURCES
from ingestion.sandbox import server

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(1800)]

DELAY = 0.2
AT_MOST = 1.3


class Far:
    """Each answer of an application comes a little later."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await asyncio.sleep(DELAY)
        await self._app(scope, receive, send)


@pytest.fixture
def far_vendors(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    make = server.create_app
    monkeypatch.setattr(server, "create_app", lambda *a, **k: Far(make(*a, **k)))
    with server.running_sandbox(customers=60, limits="off") as sandbox:
        for name, value in sandbox.environment.items():
            monkeypatch.setenv(name, value)
        yield


def seconds(sources: list[str], folder: Path) -> float:
    """Pull some sources at once, as the extraction step does."""
    began = time.monotonic()
    with ThreadPoolExecutor(len(sources)) as pool:
        pulls = [
            pool.submit(
                pull, name, lake_url=str(folder / "lake"), pipelines_dir=folder / "dlt"
            )
            for name in sources
        ]
        for each in pulls:
            each.result()
    return time.monotonic() - began


def test_all_sources_take_little_longer_than_the_slowest_alone(
    far_vendors: None, tmp_path: Path
) -> None:
    seconds(["typeform"], tmp_path / "warm")
    alone = {name: seconds([name], tmp_path / name) for name in SOURCES}
    together = seconds(list(SOURCES), tmp_path / "together")
    slowest = max(alone.values())
    told = "  ".join(f"{name} {took:.1f} s" for name, took in alone.items())
    print(f"\n{told}  together {together:.1f} s  ratio {together / slowest:.2f}")
    assert together <= AT_MOST * slowest
