"""kill -9 at every boundary of a pull; a rerun converges to a run never killed."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
KILLED = -9
POINTS = [
    "at the 3rd page",
    "after extract",
    "after normalize",
    "inside the 1st load job",
    "after the 1st load job",
    "after the 3rd load job",
    "before complete_package",
    "inside the schema file",
    "inside the state file",
    "between state and loads row",
    "inside the loads row",
    "after completion",
]
BEFORE, AFTER = 50, 60  # tickets at the vendor when the crash comes, and later

Pull = Callable[..., int]


@pytest.fixture(scope="module")
def forked_pull() -> Iterator[Pull]:
    with subprocess.Popen(
        [sys.executable, str(HERE / "forked_pulls.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:

        def pull(**request: Any) -> int:
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield pull
        process.stdin.close()


@pytest.fixture
def pull(forked_pull, zendesk, workplace) -> Pull:
    def pull(kill_at: str | None = None, purge: bool = True) -> int:
        return forked_pull(
            source="zendesk",
            environment={
                **zendesk.environment,
                "SOURCES__ZENDESK__EXPORT_PAGE_SIZE": "20",
            },
            lake_url=workplace.lake_url,
            pipelines_dir=str(workplace.pipelines_dir),
            kill_at=kill_at,
            purge=purge,
        )

    return pull


def ticket(number: int, generated: int, subject: str) -> dict:
    return {"id": number, "generated_timestamp": generated, "subject": subject}


def early(zendesk) -> None:
    """50 tickets, one group."""
    zendesk.rows["tickets"] = [
        ticket(number, 1_700_000_000 + number, "first") for number in range(BEFORE)
    ]
    zendesk.rows["users"] = [{"id": 7, "generated_timestamp": 1_700_000_000}]
    zendesk.rows["groups"] = [{"id": 1, "updated_at": "2026-01-01T00:00:00Z"}]


def late(zendesk) -> None:
    """Ten more tickets, and new versions of the first five."""
    zendesk.rows["tickets"] += [
        ticket(number, 1_700_001_000 + number, "first")
        for number in range(BEFORE, AFTER)
    ]
    for number in range(5):
        zendesk.rows["tickets"][number] = ticket(
            number, 1_700_002_000 + number, "second"
        )


def expected(zendesk) -> dict[str, dict]:
    """What a run never killed ends with: the vendor's own rows."""
    return {str(row["id"]): row for row in zendesk.rows["tickets"]}


def converges(zendesk, workplace) -> None:
    assert workplace.latest("zendesk", "tickets") == expected(zendesk)
    assert set(workplace.latest("zendesk", "users")) == {"7"}
    assert set(workplace.latest("zendesk", "groups")) == {"1"}


def holds_no_secret(zendesk, workplace) -> None:
    secret = zendesk.environment["SOURCES__ZENDESK__API_TOKEN"].encode()
    left = [path for path in workplace.folder.rglob("*") if path.is_file()]
    assert left
    assert not [path for path in left if secret in path.read_bytes()]


@pytest.mark.parametrize("point", POINTS)
def test_a_first_pull_killed_anywhere_loses_nothing(point, zendesk, workplace, pull):
    early(zendesk)
    assert pull(kill_at=point) == KILLED
    holds_no_secret(zendesk, workplace)
    late(zendesk)
    assert pull() == 0
    converges(zendesk, workplace)
    if point == "after completion":
        # It came too late to matter: the rerun brings only what is new.
        assert len(workplace.rows("zendesk", "tickets")) == BEFORE + 15


@pytest.mark.parametrize(
    "point", ["after the 1st load job", "between state and loads row"]
)
def test_a_later_pull_killed_at_its_worst_loses_nothing(
    point, zendesk, workplace, pull
):
    early(zendesk)
    assert pull() == 0
    late(zendesk)
    assert pull(kill_at=point) == KILLED
    assert len(workplace.latest("zendesk", "tickets")) == BEFORE
    assert pull() == 0
    converges(zendesk, workplace)


def test_without_the_purge_rows_are_lost_between_state_and_loads_row(
    zendesk, workplace, pull
):
    # Regression guard of the guard: if this starts to fail, dlt commits in another
    # order and the purge may go.
    early(zendesk)
    assert pull(kill_at="between state and loads row", purge=False) == KILLED
    late(zendesk)
    assert pull(purge=False) == 0
    lost = set(expected(zendesk)) - set(workplace.latest("zendesk", "tickets"))
    assert len(lost) == BEFORE - 5
    assert pull() == 0
    assert len(set(workplace.latest("zendesk", "tickets"))) < AFTER
