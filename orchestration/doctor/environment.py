"""The machine: Python, packages, settings, folders, room on the disk.

Holds what can be told without looking at any data. Does not hold the sources'
settings (`sources`). Tests: tests/orchestration/doctor/test_environment.py
"""

from __future__ import annotations

import difflib
import os
import platform
import re
import shutil
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet

from ingestion.registry import SOURCES
from orchestration.code_version import DISTRIBUTION
from orchestration.doctor.finding import Finding, fail, listed, ok, warn
from orchestration.settings import PROJECT_ROOT, Settings

LOCK = PROJECT_ROOT / "requirements.lock"
_VARIABLE = re.compile(r"\bCX_[A-Z0-9_]*[A-Z0-9]\b")
_SET_UP = "Run `make setup`."
_GIGABYTE = 1024**3
# What a run needs even when the data folder is empty.
_LEAST_BYTES = _GIGABYTE // 2


def python() -> Finding:
    """Is it a Python that the project supports?"""
    version = platform.python_version()
    wanted = metadata.metadata(DISTRIBUTION)["Requires-Python"]
    if version not in SpecifierSet(wanted):
        return fail("python", f"{version}, but {wanted} is needed", _SET_UP)
    return ok("python", f"{version} on {platform.system()} {platform.machine()}")


def packages(lock: Path = LOCK) -> Finding:
    """Are the installed packages those of the lock?"""
    if not lock.is_file():
        return warn(
            "packages", f"{lock} is missing", "Restore it from version control."
        )
    missing, differing, count = [], [], 0
    for requirement in _locked(lock):
        count += 1
        try:
            installed = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            missing.append(requirement.name)
            continue
        if installed not in requirement.specifier:
            differing.append(f"{requirement.name} {installed}{_not(requirement)}")
    if missing:
        return fail("packages", f"not installed: {listed(missing)}", _SET_UP)
    if differing:
        return warn("packages", f"not as locked: {listed(differing)}", _SET_UP)
    return ok("packages", f"{count} as in {lock.name}")


def _not(requirement: Requirement) -> str:
    return f" (lock{requirement.specifier})"


def _locked(lock: Path) -> Iterator[Requirement]:
    for line in lock.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith((" ", "#", "-")):
            continue
        try:
            requirement = Requirement(line.rstrip(" \\"))
        except InvalidRequirement:
            continue
        if requirement.marker is None or requirement.marker.evaluate():
            yield requirement


def variables(environment: Mapping[str, str] = os.environ) -> Finding:
    """Does every variable of ours mean something?"""
    known = _known_variables()
    strange = [
        _guess(name, known)
        for name in sorted(environment)
        if name.startswith("CX_") and name not in known
    ]
    prefixes = tuple(f"SOURCES__{source.upper()}__" for source in SOURCES)
    strange += [
        f"{name} names no source"
        for name in sorted(environment)
        if name.startswith("SOURCES__") and not name.startswith(prefixes)
    ]
    if strange:
        return warn("variables", listed(strange), "Correct or unset them.")
    ours = [name for name in sorted(environment) if name in known]
    return ok("variables", listed(ours, 4) if ours else "defaults everywhere")


def _known_variables() -> set[str]:
    """A variable is known when the project's own files name it."""
    folders = ("orchestration", "ingestion", "expectations", "dbt_project/models")
    files = [
        path
        for folder in folders
        for path in (PROJECT_ROOT / folder).rglob("*")
        if path.suffix in (".py", ".sql", ".yml", ".yaml")
    ]
    files += [PROJECT_ROOT / "dbt_project/profiles.yml"]
    texts = (path.read_text(encoding="utf-8") for path in files)
    return {name for text in texts for name in _VARIABLE.findall(text)}


def _guess(name: str, known: set[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"{name} is unknown" + (f" (meant {near[0]}?)" if near else "")


def folders(settings: Settings) -> Finding:
    """Can everything that a run writes be written?"""
    wanted = {
        "data": settings.data_dir,
        "state": settings.state_dir,
        "releases": settings.releases_dir,
        "quarantine": settings.quarantine_dir,
        "dagster": settings.dagster_home,
        "dlt": settings.dlt_dir,
        "dbt": settings.dbt_dir,
        "tmp": settings.temp_dir,
    }
    complaints = [
        f"{name}: {complaint}"
        for name, path in wanted.items()
        if (complaint := _complaint(path))
    ]
    if complaints:
        return fail(
            "folders",
            listed(complaints, 2),
            "Correct its rights, or point CX_DATA_DIR at a folder that can be written.",
        )
    return ok("folders", f"{settings.data_dir}, can be written")


def _complaint(path: Path) -> str:
    there = _nearest(path)
    if not there.is_dir():
        return f"{there} is no folder"
    return "" if os.access(there, os.W_OK | os.X_OK) else f"{there} is read-only"


def _nearest(path: Path) -> Path:
    """The path itself, or the nearest folder above that exists."""
    while not path.exists() and path != path.parent:
        path = path.parent
    return path


def disk(settings: Settings, free: int | None = None) -> Finding:
    """Is there room for another work file, candidate and release?"""
    if free is None:
        free = shutil.disk_usage(_nearest(settings.data_dir)).free
    work = settings.warehouse_path
    size = work.stat().st_size if work.is_file() else 0
    newest = max(settings.releases_dir.glob("r[0-9]*"), default=None)
    if newest is not None:
        size += sum(path.stat().st_size for path in newest.rglob("*") if path.is_file())
    seen = f"{free / _GIGABYTE:,.1f} GB free, a run writes {size / _GIGABYTE:,.2f} GB"
    step = "Free some space; CX_KEEP_RELEASES bounds how many releases are kept."
    if free < max(_LEAST_BYTES, size):
        return fail("disk", seen, step)
    if free < max(4 * _LEAST_BYTES, 3 * size):
        return warn("disk", seen, step)
    return ok("disk", seen)
