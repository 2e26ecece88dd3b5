"""Which code made a release.

Holds how the version of the running code is told. Tests: tests/orchestration/
test_code_version.py
"""

from __future__ import annotations

import shutil
import subprocess
from importlib.metadata import version

from orchestration.settings import PROJECT_ROOT

DISTRIBUTION = "cx-warehouse"


def code_version() -> str:
    """Return the version of the project, with the commit when there is one."""
    commit = _commit()
    return version(DISTRIBUTION) + (f"+{commit}" if commit else "")


def _commit() -> str:
    git = shutil.which("git")
    if git is None or not (PROJECT_ROOT / ".git").exists():
        return ""
    described = subprocess.run(
        [git, "describe", "--always", "--dirty", "--exclude=*"],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return described.stdout.strip()
