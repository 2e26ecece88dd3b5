import os
import subprocess
import sys

from ingestion.__main__ import main

ALONE = """
import sys
from ingestion.__main__ import main
code = main(sys.argv[1:])
from dlt.common.runtime import anon_tracker
assert anon_tracker._ANON_TRACKER_ENDPOINT is None
sys.exit(code)
"""


def test_a_source_is_pulled_from_any_folder_and_dlt_does_not_report_home(
    zendesk, tmp_path
):
    zendesk.rows["tickets"] = [{"id": 1, "generated_timestamp": 1_700_000_000}]
    home = tmp_path / "home"
    home.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", ALONE, "zendesk"],
        cwd=home,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "CX_DATA_DIR": str(tmp_path / "data"),
            **zendesk.environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "tickets                         1 rows" in done.stdout
    assert list((tmp_path / "data" / "lake" / "zendesk" / "tickets").iterdir())
    assert list(home.iterdir()) == []


def test_an_error_is_one_screen_without_traceback(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("CX_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("SOURCES__TYPEFORM__TOKEN", raising=False)
    assert main(["typeform"]) == 1
    said = capsys.readouterr().err
    assert "SOURCES__TYPEFORM__TOKEN" in said
    assert "Traceback" not in said
    assert len(said.splitlines()) == 3


def test_no_argument_is_answered_with_the_known_sources(capsys):
    assert main([]) == 2
    assert "zendesk,zendesk_talk" in capsys.readouterr().err
