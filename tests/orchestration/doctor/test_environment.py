"""The machine, each probe with something really wrong."""

from importlib import metadata
from pathlib import Path

import pytest

from orchestration.doctor import environment
from orchestration.doctor.finding import State
from orchestration.settings import Settings

GIGABYTE = 1024**3


def test_this_python_and_its_packages_are_as_locked() -> None:
    assert environment.python().state is State.OK
    found = environment.packages()
    assert found.state is State.OK, found
    assert int(found.seen.split()[0]) > 100


@pytest.mark.parametrize(
    ("line", "state", "told"),
    [
        ("duckdb==0.0.1 \\\n    --hash=sha256:00", State.WARN, "duckdb"),
        ("no-such-package==1.0", State.FAIL, "not installed: no-such-package"),
        ("no-such-package==1.0 ; sys_platform == 'win32'", State.OK, "0 as in"),
        (f"duckdb=={metadata.version('duckdb')}", State.OK, "1 as in"),
    ],
)
def test_packages_are_compared_with_the_lock(
    tmp_path: Path, line: str, state: State, told: str
) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(line + "\n")
    found = environment.packages(lock)
    assert found.state is state
    assert told in found.seen


def test_a_variable_that_nobody_reads_is_named_with_a_guess() -> None:
    found = environment.variables(
        {"CX_LAKE_URI": "x", "SOURCES__ZENDSK__TOKEN": "secret-value", "PATH": "y"}
    )
    assert found.state is State.WARN
    assert "meant CX_LAKE_URL?" in found.seen
    assert "SOURCES__ZENDSK__TOKEN names no source" in found.seen
    assert "secret-value" not in found.seen


@pytest.mark.parametrize(
    "name",
    ["CX_DATA_DIR", "CX_SOURCES", "CX_KEEP_DAYS", "SOURCES__TYPEFORM__TOKEN"],
)
def test_variables_that_are_read_are_known(name: str) -> None:
    assert environment.variables({name: "x"}).state is State.OK


def test_a_file_in_the_place_of_a_folder_is_found(settings: Settings) -> None:
    assert environment.folders(settings).state is State.OK
    settings.state_dir.write_text("")
    found = environment.folders(settings)
    assert found.state is State.FAIL
    assert f"state: {settings.state_dir} is no folder" in found.seen


def test_room_is_measured_by_what_a_run_writes(published: Settings) -> None:
    assert environment.disk(published, free=100 * GIGABYTE).state is State.OK
    assert environment.disk(published, free=GIGABYTE).state is State.WARN
    assert environment.disk(published, free=GIGABYTE // 4).state is State.FAIL
    with published.warehouse_path.open("r+b") as file:
        file.truncate(40 * GIGABYTE)  # sparse: it takes no room
    assert environment.disk(published, free=100 * GIGABYTE).state is State.WARN
    assert environment.disk(published, free=30 * GIGABYTE).state is State.FAIL
