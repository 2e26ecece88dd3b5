"""Large worlds are drawn quickly, in bounded memory, and alike everywhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from orchestration.settings import PROJECT_ROOT

pytestmark = pytest.mark.acceptance

DRAW = """
import hashlib, json, resource, sys, time
from dataclasses import fields
import numpy as np
from ingestion.sandbox.world import World

def digest(part, sha):
    for field in fields(part):
        value = getattr(part, field.name)
        if isinstance(value, np.ndarray):
            sha.update(np.ascontiguousarray(value).tobytes())
        elif hasattr(value, "__dataclass_fields__"):
            digest(value, sha)

began = time.monotonic()
world = World.generate(seed=3, customers=int(sys.argv[1]))
parts = (world.metric_events, world.calls, world.legs, world.commerce)
follows = world.follows
seconds = time.monotonic() - began
sha = hashlib.sha256()
if sys.argv[2] == "digest":
    for part in (world, *parts):
        digest(part, sha)
    sha.update(follows.tobytes())
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
sizes = {
    "tickets": len(world.tickets),
    "updates": len(world.events),
    "metric_events": len(world.metric_events),
    "calls": len(world.calls),
}
told = {"seconds": seconds, "mib": peak, "digest": sha.hexdigest(), "rows": sizes}
print(json.dumps(told))
"""


def draw(customers: int, *, digest: bool = False, **environment: str) -> dict:
    """Draw a world with all its records in a process of its own."""
    ran = subprocess.run(
        [sys.executable, "-c", DRAW, str(customers), "digest" if digest else "-"],
        capture_output=True,
        text=True,
        check=True,
        cwd=PROJECT_ROOT,
        env=os.environ | environment,
    )
    told: dict = json.loads(ran.stdout)
    print(f"\n{customers:,} customers {environment}: {told}")
    return told


def test_a_hundred_thousand_customers_are_drawn_within_a_minute():
    told = draw(100_000)
    assert told["seconds"] < 60
    assert told["rows"]["tickets"] >= 200_000


@pytest.mark.timeout(900)
def test_a_million_customers_need_less_than_four_gibibytes():
    assert draw(1_000_000)["mib"] < 4096


def test_the_same_seed_gives_the_same_bytes_in_any_time_zone():
    zones = ("UTC", "Pacific/Auckland", "America/St_Johns")
    digests = {draw(5000, digest=True, TZ=zone)["digest"] for zone in zones}
    assert len(digests) == 1
