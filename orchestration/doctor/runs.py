"""Who runs, who ran, and where Dagster keeps it.

Holds the lock, DAGSTER_HOME, its storage and the last run. Does not import Dagster.
Tests: tests/orchestration/doctor/test_runs.py
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing

from orchestration import run_lock
from orchestration.dagster_home import INSTANCE_FILE
from orchestration.doctor.finding import Finding, counted, fail, ok, warn
from orchestration.last_run import last_run, runs_database, stored_elsewhere
from orchestration.settings import Settings


def lock(settings: Settings) -> Finding:
    """Is a run in progress, and does its process live?"""
    holder = run_lock.holder(settings)
    last = run_lock.last_holder(settings)
    if holder is None:
        seen = "free"
        if last is not None:
            seen += f"; last held by {last.command} (pid {last.pid}, gone)"
        return ok("run lock", seen)
    seen = f"held by {holder.command} (pid {holder.pid}, since {holder.since})"
    if not _lives(holder.pid):
        return warn(
            "run lock",
            f"{seen}, a process that cannot be seen from here",
            "It may run in another container or on another host: look there.",
        )
    return ok("run lock", f"{seen}, alive")


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return pid > 0


def home(settings: Settings) -> Finding:
    """Is DAGSTER_HOME the one of this data folder?"""
    folder = settings.dagster_home
    given = os.environ.get("DAGSTER_HOME")
    if given and os.path.realpath(given) != os.path.realpath(folder):
        return warn(
            "Dagster home",
            f"DAGSTER_HOME is {given}, runs of the command line go to {folder}",
            "Unset DAGSTER_HOME, or set it to that folder.",
        )
    if not (folder / INSTANCE_FILE).is_file():
        return ok("Dagster home", "made by the first run")
    return ok("Dagster home", str(folder))


def storage(settings: Settings) -> Finding:
    """Can the history of runs be read?"""
    if stored_elsewhere(settings):
        return ok("Dagster storage", "PostgreSQL, by dagster.yaml; not looked into")
    path = runs_database(settings)
    if not path.is_file():
        return ok("Dagster storage", "made by the first run")
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            (count,) = connection.execute("SELECT count(*) FROM runs").fetchone()
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        verdict = str(error)
    if verdict != "ok":
        return fail(
            "Dagster storage",
            f"{path}: {verdict}",
            f"Move {path.parent} away: the history of runs is lost, the data is not.",
        )
    return ok("Dagster storage", f"{counted(count, 'run')} in SQLite")


def last(settings: Settings) -> Finding:
    """How did the last run end, and where is its log?"""
    found = last_run(settings)
    if found is None:
        return warn("last run", "there was none", "Run `cx run`.")
    seen = f"{found.outcome}, {found.when}"
    if found.log is not None:
        seen += f", log {found.log}"
    if found.is_bad:
        return warn("last run", seen, "`cx status` says what stopped it.")
    return ok("last run", seen)
