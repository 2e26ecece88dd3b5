import os
import subprocess
import sys

import pytest


@pytest.fixture
def run(tmp_path):
    """`python -m ingestion`, from a folder that is not the project's."""
    home = tmp_path / "home"
    home.mkdir()

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "ingestion", *arguments],
            cwd=home,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(home),
                "CX_DATA_DIR": str(tmp_path / "data"),
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_one_command_pulls_one_source(run, zendesk, tmp_path):
    zendesk.rows["tickets"] = [{"id": 1, "generated_timestamp": 1_700_000_000}]
    done = run("zendesk", **zendesk.environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert "tickets                         1 rows" in done.stdout
    assert list((tmp_path / "data" / "lake" / "zendesk" / "tickets").iterdir())
    # dlt has not reported home: that would have left its id in the home folder.
    assert list((tmp_path / "home").iterdir()) == []


def test_an_error_is_one_screen_without_traceback(run):
    done = run("typeform")
    assert done.returncode == 1
    assert "SOURCES__TYPEFORM__TOKEN" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 3


def test_no_argument_is_answered_with_the_known_sources(run):
    done = run()
    assert done.returncode == 2
    assert "zendesk,typeform" in done.stderr
