"""Commands that read releases, or go back to one.

Holds `cx status`, `query`, `releases` and `rollback`. Does not hold SQL of the headline
figures nor the link (`orchestration.publication`).
Tests: tests/orchestration/cli/test_commands.py, tests/end_to_end/
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Literal

from rich.console import Console
from rich.table import Table

from orchestration import run_lock
from orchestration.publication.headline import headlines
from orchestration.publication.link import standing
from orchestration.publication.query import run_query
from orchestration.publication.releases import list_releases
from orchestration.publication.releases import rollback as roll_back
from orchestration.settings import Settings

SHOWN_ROWS = 200
WIDE = 200
_SOURCES = (
    "SELECT source || '.' || table_name AS table_name, status, rows,"
    " date_trunc('minute', last_cursor_at) AS last_record_at, lag_minutes,"
    " date_trunc('minute', expected_by) AS expected_by"
    " FROM meta.sources ORDER BY ALL"
)
_STALE = (
    "SELECT source || '.' || table_name || ' is ' || replace(status, '_', ' ')"
    " FROM meta.sources WHERE status IN ('stale', 'never_loaded') ORDER BY ALL"
)


def console() -> Console:
    """Return a console that is wide enough for a file or a pipe, too."""
    return Console() if sys.stdout.isatty() else Console(width=WIDE)


def status(as_json: bool) -> None:
    """Show the published release, its sources, and who holds the lock."""
    settings = Settings.from_environment()
    link = standing(settings)
    holder = run_lock.holder(settings)
    document: dict[str, Any] = {
        "release_id": link.release_id,
        "problem": link.problem,
        "running": asdict(holder) if holder else None,
        "as_of": None,
        "published_at": None,
        "sources": [],
    }
    if link.release_id is not None:
        current = next(one for one in list_releases(settings) if one.is_current)
        document |= {"as_of": current.as_of, "published_at": current.published_at}
        document["sources"] = _records(settings, _SOURCES)
    if as_json:
        _print_json(document)
        return
    _print_status(document)


def _print_status(document: Mapping[str, Any]) -> None:
    screen = console()
    if document["release_id"] is None:
        screen.print("Nothing is published yet. `cx run` pulls, builds and publishes.")
    else:
        screen.print(
            f"Release {document['release_id']}, data as of {document['as_of']}, "
            f"published {document['published_at']}"
        )
        screen.print(table_of(document["sources"]))
    if document["problem"]:
        screen.print(f"The link: {document['problem']}", style="red")
    running = document["running"]
    if running:
        screen.print(
            f"Running: {running['command']} (pid {running['pid']}, since "
            f"{running['since']})"
        )


def query(sql: str, *, as_json: bool, as_csv: bool) -> None:
    """Print the rows of a query on the published release."""
    limit = None if as_json or as_csv else SHOWN_ROWS + 1
    result = run_query(Settings.from_environment(), sql, limit=limit)
    rows = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
    if as_json:
        _print_json({"release_id": result.release_id, "rows": rows})
    elif as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(result.columns)
        writer.writerows(result.rows)
    else:
        screen = console()
        screen.print(table_of(rows[:SHOWN_ROWS], result.columns))
        if len(rows) > SHOWN_ROWS:
            screen.print(f"... more than {SHOWN_ROWS} rows; --csv prints them all.")


def releases(as_json: bool) -> None:
    """List all releases, newest first."""
    found = [asdict(one) for one in list_releases(Settings.from_environment())]
    if as_json:
        _print_json(found)
    elif found:
        console().print(table_of([_in_short(release) for release in found]))
    else:
        console().print("Nothing has been published yet. `cx run` makes a release.")


def _in_short(release: Mapping[str, Any]) -> dict[str, Any]:
    place = "current" if release["is_current"] else ""
    if not release["is_present"]:
        place = "removed"
    return {
        "release": release["release_id"],
        "": place,
        "published_at": release["published_at"][:16],
        "as_of": str(release["as_of"])[:16],
        "rows": release["rows"],
        "code_version": release["code_version"],
    }


def rollback(release_id: str, as_json: bool) -> None:
    """Flip the link back, under the lock of the data folder."""
    settings = Settings.from_environment()
    with run_lock.hold(settings, command=f"cx rollback {release_id}"):
        entry = roll_back(settings, release_id)
    if as_json:
        _print_json(asdict(entry))
    else:
        console().print(
            f"Readers now get release {entry.release_id}, data as of {entry.as_of}."
        )


def headline_rows(settings: Settings) -> list[dict[str, Any]]:
    """Return the headline figures of the published release."""
    return [asdict(headline) for headline in headlines(settings)]


def stale_tables(settings: Settings) -> tuple[str, ...]:
    """Return one sentence per table that is older than its source promises."""
    return tuple(str(row[0]) for row in run_query(settings, _STALE).rows)


def table_of(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[str] | None = None
) -> Table:
    """Lay rows out, numbers to the right."""
    names = list(columns or (rows[0] if rows else ()))
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in names:
        is_number = any(isinstance(row[name], int | float) for row in rows)
        justify: Literal["left", "right"] = "right" if is_number else "left"
        table.add_column(name, justify=justify, overflow="fold")
    for row in rows:
        table.add_row(*["" if row[name] is None else str(row[name]) for name in names])
    return table


def _records(settings: Settings, sql: str) -> list[dict[str, Any]]:
    result = run_query(settings, sql)
    return [dict(zip(result.columns, row, strict=True)) for row in result.rows]


def _print_json(document: Any) -> None:
    # Dates and decimals as text: exact, and no reader has to guess.
    sys.stdout.write(json.dumps(document, indent=1, default=str) + "\n")
